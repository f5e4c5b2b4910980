from __future__ import annotations

import re

import pytest

from bot.errors import UserError
from bot.settings import ROOT, Settings


def test_without_any_variable_everything_has_a_default() -> None:
    settings = Settings.from_environment({})
    assert settings.database_url is None
    assert settings.data.is_absolute()
    assert settings.cache == ROOT / ".cache"
    assert settings.twilio is None
    assert settings.telegram is None


def test_all_variables_are_taken() -> None:
    settings = Settings.from_environment(
        {
            "THUISBEL_DATABASE_URL": "postgresql://u:p@h/d",
            "THUISBEL_DATA": str(ROOT / "somewhere"),
            "THUISBEL_PUBLIC_URL": "https://thuisbel.example/",
            "THUISBEL_KEY": "k" * 20,
            "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "t",
            "TWILIO_SMS_FROM": "+31201234567",
            "TELEGRAM_BOT_TOKEN": "b",
            "TELEGRAM_WEBHOOK_SECRET": "s",
        }
    )
    assert settings.public_url == "https://thuisbel.example"
    assert settings.data == ROOT / "somewhere"
    assert settings.twilio is not None
    assert settings.twilio.sms_from == "+31201234567"
    assert settings.twilio.voice_from is None
    assert settings.telegram is not None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("THUISBEL_DATABASE_URL", "mysql://localhost/x"),
        ("THUISBEL_DATA", __file__),
        ("THUISBEL_PUBLIC_URL", "thuisbel.example"),
        ("THUISBEL_KEY", "short"),
        ("THUISBEL_LOG", "loud"),
        ("THUISBEL_EMBED_ORIGINS", "www.organisation.example"),
        ("THUISBEL_EMBED_ORIGINS", "https://organisation.example/zorg"),
        ("THUISBEL_EMBED_ORIGINS", "https://organisation.example, https://other.example"),
        ("THUISBEL_EMBED_ORIGINS", "http://organisation.example"),
        ("THUISBEL_EMBED_ORIGINS", "https://*.organisation.example"),
        ("THUISBEL_EMBED_ORIGINS", "https://organisation.example;script-src"),
        ("THUISBEL_EMBED_ORIGINS", "*"),
        ("THUISBEL_PROXIES", "*"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TELEGRAM_BOT_TOKEN", "b"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(variable: str, value: str) -> None:
    with pytest.raises(UserError, match=variable):
        Settings.from_environment({variable: value})


def test_the_sites_that_may_show_the_chat_have_spaces_between_them() -> None:
    given = " https://www.organisation.example  https://intranet.organisation.example:8443 "
    settings = Settings.from_environment({"THUISBEL_EMBED_ORIGINS": given})
    assert settings.embed_origins == tuple(given.split())
    assert Settings.from_environment({}).embed_origins == ()


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = Settings.from_environment(
        {
            "THUISBEL_DATABASE_URL": "postgresql://u:geheim@h/d",
            "THUISBEL_KEY": "geheim-geheim-geheim",
            "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "geheim",
            "TELEGRAM_BOT_TOKEN": "geheim",
            "TELEGRAM_WEBHOOK_SECRET": "geheim",
        }
    )
    assert "geheim" not in repr(settings)


def test_the_example_names_every_variable_that_is_read() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "bot").glob("*settings.py"))
    read = set(re.findall(r'"((?:THUISBEL|TWILIO|TELEGRAM)_[A-Z_]+)"', sources))
    shown = set(re.findall(r"^#((?:THUISBEL|TWILIO|TELEGRAM)_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert read == shown
