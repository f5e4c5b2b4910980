"""The doors: which are open, and whether those behind them answer. Every question has a time-out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
from telegram.error import InvalidToken, TelegramError
from twilio.base.exceptions import TwilioException, TwilioRestException

from bot.checks.finding import BROKEN, CLOSED, NOTE, WORKS, Finding
from bot.doors.voice_notes import load_transcriber
from bot.errors import UserError
from channels.twilio_sender import client

if TYPE_CHECKING:
    from bot.settings import Settings, Telegram, Twilio

_SECONDS = 5.0
_NUMBERS = (
    ("text messages", "sms_from", "TWILIO_SMS_FROM"),
    ("WhatsApp", "whatsapp_from", "TWILIO_WHATSAPP_FROM"),
    ("phone", "voice_from", "TWILIO_VOICE_FROM"),
)


def look(settings: Settings) -> Iterator[Finding]:
    """Each door in turn."""
    yield Finding("web chat", WORKS, "open whenever `thuisbel serve` runs.")
    yield _embedding(settings)
    yield _public_address(settings)
    yield from _twilio(settings)
    yield from _telegram(settings)
    yield _voice_messages(settings)


def _embedding(settings: Settings) -> Finding:
    name = "web chat in frames"
    if not settings.embed_origins:
        return Finding(name, CLOSED, "set THUISBEL_EMBED_ORIGINS to let other sites show it.")
    sites = " ".join(settings.embed_origins)
    if settings.public_url is not None and not settings.public_url.startswith("https:"):
        return Finding(
            name,
            NOTE,
            f"{sites} may show it, but browsers keep no cookie for it there, and so no conversation, unless"
            " THUISBEL_PUBLIC_URL is https.",
        )
    return Finding(name, WORKS, f"{sites} may show it, over https.")


def _public_address(settings: Settings) -> Finding:
    name = "public address"
    if settings.public_url is None:
        if settings.twilio is not None:
            return Finding(
                name,
                NOTE,
                "THUISBEL_PUBLIC_URL is not set: Twilio's signatures are checked against the"
                " address each request shows, which fails behind a proxy, and deliveries are not told.",
            )
        return Finding(name, CLOSED, "THUISBEL_PUBLIC_URL is not set: nobody outside can reach this machine by it.")
    try:
        answer = httpx.get(f"{settings.public_url}/health", timeout=_SECONDS, follow_redirects=False)
    except httpx.HTTPError as error:
        return Finding(
            name,
            NOTE,
            f"{settings.public_url} does not answer ({type(error).__name__}). If `thuisbel"
            " serve` is running, look at the proxy before it.",
        )
    if answer.status_code != 200 or answer.text != "up":
        return Finding(name, NOTE, f"{settings.public_url}/health answers {answer.status_code}, not as Thuisbel does.")
    return Finding(name, WORKS, f"{settings.public_url} leads here.")


def _twilio(settings: Settings) -> Iterator[Finding]:
    account = settings.twilio
    if account is None:
        for name, _, variable in _NUMBERS:
            yield Finding(name, CLOSED, f"set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and {variable} to open it.")
        return
    trouble = _ask_twilio(account)
    for name, field, variable in _NUMBERS:
        if not getattr(account, field):
            yield Finding(name, CLOSED, f"set {variable} to open it.")
        elif trouble:
            yield Finding(name, BROKEN, trouble)
        else:
            yield Finding(name, WORKS, "Twilio knows the account and it is active.")
    if account.whatsapp_from and not account.content_sids:
        yield Finding(
            "WhatsApp templates",
            NOTE,
            "TWILIO_CONTENT_SIDS is not set: choices are shown as numbers, and"
            " what is sent more than a day after somebody wrote goes by text message.",
        )


def _ask_twilio(account: Twilio) -> str | None:
    """What is wrong with the account; None when nothing is."""
    twilio = client(account.account_sid, account.auth_token, account.api_url, _SECONDS)
    try:
        status = twilio.api.v2010.accounts(account.account_sid).fetch().status
    except TwilioRestException as error:
        if error.status in (401, 403, 404):
            return "Twilio does not know this account: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
        return f"Twilio answers {error.status}; try again later, or see status.twilio.com."
    except TwilioException as error:
        return f"Twilio cannot be reached ({type(error).__name__}): check the network of this machine."
    return None if status == "active" else f"Twilio says the account is {status}."


def _voice_messages(settings: Settings) -> Finding:
    name = "voice messages"
    if settings.transcriber is None:
        return Finding(name, CLOSED, "people are asked to type; set THUISBEL_TRANSCRIBER to have them written out.")
    try:
        load_transcriber(settings.transcriber)
    except UserError as error:
        return Finding(name, BROKEN, str(error))
    return Finding(name, WORKS, "the transcriber can be loaded.")


def _telegram(settings: Settings) -> Iterator[Finding]:
    name = "Telegram"
    account = settings.telegram
    if account is None:
        yield Finding(name, CLOSED, "set TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET to open it.")
        return
    try:
        yield _ask_telegram(name, settings, account)
    except InvalidToken:
        yield Finding(name, BROKEN, "Telegram does not know this bot: check TELEGRAM_BOT_TOKEN.")
    except (TelegramError, TimeoutError) as error:
        yield Finding(name, BROKEN, f"Telegram cannot be reached ({type(error).__name__}).")


def _ask_telegram(name: str, settings: Settings, account: Telegram) -> Finding:
    from bot.doors.telegram import PATH
    from channels.telegram_sender import TelegramBot

    telegram = TelegramBot(account.bot_token, account.api_url)
    try:
        bot = telegram.call(telegram.bot.get_me(), _SECONDS)
        webhook = telegram.call(telegram.bot.get_webhook_info(), _SECONDS)
    finally:
        telegram.close()
    if settings.public_url is None:
        return Finding(name, WORKS, f"@{bot.username} answers; `serve` asks for its updates.")
    if webhook.url != f"{settings.public_url}{PATH}":
        return Finding(
            name, BROKEN, f"@{bot.username} answers, but does not call us: run `thuisbel telegram set-webhook`."
        )
    if webhook.last_error_message:
        return Finding(name, NOTE, f"@{bot.username} calls us, but lately could not: {webhook.last_error_message}.")
    return Finding(name, WORKS, f"@{bot.username} answers and calls us.")
