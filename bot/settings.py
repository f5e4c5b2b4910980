"""The settings of an installation, read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from bot.errors import UserError
from bot.voice_settings import VoiceSettings

ROOT = Path(__file__).resolve().parent.parent
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_CONTENT = re.compile(r"([a-z][a-z0-9_]*)=(H[A-Za-z0-9]{1,64})", re.ASCII)
# They become part of a header, so nothing else gets through; a host with other letters is written in its ASCII form.
_ORIGIN = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[1-9]\d{0,4})?", re.ASCII)
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Twilio:
    """The Twilio account; a door without its `from` number stays closed."""

    account_sid: str
    auth_token: str = field(repr=False)
    sms_from: str | None = None
    whatsapp_from: str | None = None
    voice_from: str | None = None
    api_url: str | None = None
    content_sids: Mapping[str, str] = field(default_factory=dict)
    """WhatsApp's Content templates by name: what choices are shown with, and what is sent outside the window."""


@dataclass(frozen=True)
class Telegram:
    """The Telegram bot."""

    bot_token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    api_url: str | None = None


@dataclass(frozen=True)
class Settings:
    """Everything an installation may set; `.env.example` explains each variable.

    `data` is the folder of what must be kept (embedded database, key); `cache` of what can be made again (models).
    `database_url` is None for the embedded database. `key` is None when the installation keeps its own in `data`.
    """

    data: Path
    cache: Path
    database_url: str | None = field(default=None, repr=False)
    public_url: str | None = None
    key: str | None = field(default=None, repr=False)
    twilio: Twilio | None = None
    telegram: Telegram | None = None
    log_level: str = "warning"
    proxies: str = "127.0.0.1"
    """Whose word is taken for where a request came from (X-Forwarded-For): addresses, with commas between them."""
    transcriber: str | None = None
    """`module:function` of what writes out voice messages; without it people are asked to type."""
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    embed_origins: tuple[str, ...] = ()
    """The sites that may show the web chat in a frame, as browsers write them: https://host or https://host:port."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; raises UserError with the variable's name when one makes no sense."""
        values = {name: value.strip() for name, value in (os.environ if environ is None else environ).items()}
        return cls(
            data=_folder(values, "THUISBEL_DATA", platformdirs.user_data_path("thuisbel")),
            cache=_folder(values, "THUISBEL_CACHE", _default_cache()),
            database_url=_database_url(values),
            public_url=_web_address(values, "THUISBEL_PUBLIC_URL"),
            key=_key(values),
            twilio=_twilio(values),
            telegram=_telegram(values),
            log_level=_log_level(values),
            proxies=_proxies(values),
            transcriber=values.get("THUISBEL_TRANSCRIBER") or None,
            voice=VoiceSettings.from_environment(values),
            embed_origins=_origins(values, "THUISBEL_EMBED_ORIGINS"),
        )


def _default_cache() -> Path:
    # A checkout keeps its models to itself, so that two checkouts never share or overwrite one.
    return ROOT / ".cache" if (ROOT / "pyproject.toml").exists() else platformdirs.user_cache_path("thuisbel")


def _folder(values: Mapping[str, str], name: str, default: Path) -> Path:
    path = Path(values[name]).expanduser() if values.get(name) else default
    if path.exists() and not path.is_dir():
        raise UserError(f"{name} must be a folder, but {path} is a file.")
    return path.absolute()


def _database_url(values: Mapping[str, str]) -> str | None:
    url = values.get("THUISBEL_DATABASE_URL") or None
    if url and not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg2://")):
        raise UserError("THUISBEL_DATABASE_URL must begin with postgresql:// (leave it out for the embedded database).")
    return url


def _web_address(values: Mapping[str, str], name: str) -> str | None:
    address = values.get(name) or None
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise UserError(f"{name} must be a web address such as https://thuisbel.example.")
    return address.rstrip("/")


def _origins(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Origins with a space between them. Only https: in a frame of another site cookies need it."""
    origins = values.get(name, "").split()
    wrong = next((origin for origin in origins if not _ORIGIN.fullmatch(origin)), None)
    if wrong is not None:
        raise UserError(
            f"{name}: {wrong} is not the origin of a site; write https://www.organisation.example, small letters only,"
            " without a path, and a space between two."
        )
    return tuple(dict.fromkeys(origins))


def _proxies(values: Mapping[str, str]) -> str:
    addresses = [one.strip() for one in values.get("THUISBEL_PROXIES", "127.0.0.1").split(",") if one.strip()]
    for address in addresses:
        try:
            ip_network(address)
        except ValueError:
            raise UserError(
                "THUISBEL_PROXIES must be IP addresses or networks, such as 10.0.0.5,10.1.0.0/16."
            ) from None
    return ",".join(addresses)


def _key(values: Mapping[str, str]) -> str | None:
    key = values.get("THUISBEL_KEY") or None
    if key is not None and len(key) < 16:
        raise UserError("THUISBEL_KEY must have at least 16 characters (leave it out to have one made).")
    return key


def _twilio(values: Mapping[str, str]) -> Twilio | None:
    sid, token = values.get("TWILIO_ACCOUNT_SID"), values.get("TWILIO_AUTH_TOKEN")
    if not sid and not token:
        return None
    if not sid or not token:
        raise UserError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed together.")
    return Twilio(
        sid,
        token,
        _number(values, "TWILIO_SMS_FROM"),
        _number(values, "TWILIO_WHATSAPP_FROM"),
        _number(values, "TWILIO_VOICE_FROM"),
        _web_address(values, "TWILIO_API_URL"),
        _content_sids(values),
    )


def _number(values: Mapping[str, str], name: str) -> str | None:
    """A phone number of ours, in E.164; Twilio's own way of writing WhatsApp numbers is understood."""
    number = values.get(name, "").removeprefix("whatsapp:").replace(" ", "")
    if number and not _E164.fullmatch(number):
        raise UserError(f"{name} must be a phone number such as +31201234567.")
    return number or None


def _content_sids(values: Mapping[str, str]) -> dict[str, str]:
    pairs = [pair.strip() for pair in values.get("TWILIO_CONTENT_SIDS", "").split(",") if pair.strip()]
    found = [_CONTENT.fullmatch(pair) for pair in pairs]
    if not all(found):
        raise UserError("TWILIO_CONTENT_SIDS must be written as buttons_2=HX0123,helper_told_nl=HX4567.")
    return {match[1]: match[2] for match in found if match}


def _telegram(values: Mapping[str, str]) -> Telegram | None:
    token, secret = values.get("TELEGRAM_BOT_TOKEN"), values.get("TELEGRAM_WEBHOOK_SECRET")
    if not token and not secret:
        return None
    if not token or not secret:
        raise UserError("TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET are needed together.")
    return Telegram(token, secret, _web_address(values, "TELEGRAM_API_URL"))


def _log_level(values: Mapping[str, str]) -> str:
    level = (values.get("THUISBEL_LOG") or "warning").lower()
    if level not in _LEVELS:
        raise UserError(f"THUISBEL_LOG must be one of {', '.join(_LEVELS)}.")
    return level
