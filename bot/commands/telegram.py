"""`thuisbel telegram`: tell Telegram where to call us, or not to."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bot.errors import UserError
from bot.settings import Settings

if TYPE_CHECKING:
    from channels.telegram_sender import TelegramBot

HELP = "set or delete the address at which Telegram calls us"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=("set-webhook", "delete-webhook"), help="what to tell Telegram")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Tell Telegram; updates that wait there are kept."""
    from telegram.error import TelegramError

    from channels.telegram_sender import TelegramBot

    if settings.telegram is None:
        raise UserError("TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET are not set.")
    telegram = TelegramBot(settings.telegram.bot_token, settings.telegram.api_url)
    try:
        told = _set(telegram, settings) if options.what == "set-webhook" else _delete(telegram)
    except (TelegramError, TimeoutError) as error:
        raise UserError(f"Telegram did not take it: {type(error).__name__}.") from error
    finally:
        telegram.close()
    print(told, file=sys.stderr)
    return 0


def _set(telegram: TelegramBot, settings: Settings) -> str:
    from bot.doors.telegram import PATH
    from channels.telegram_updates import ALLOWED_UPDATES

    if settings.public_url is None or not settings.public_url.startswith("https://"):
        raise UserError("THUISBEL_PUBLIC_URL must be an https address: Telegram calls no other.")
    assert settings.telegram is not None  # noqa: S101 - the caller looked
    telegram.call(
        telegram.bot.set_webhook(
            f"{settings.public_url}{PATH}",
            secret_token=settings.telegram.webhook_secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=20,
        )
    )
    return f"Telegram will call {settings.public_url}{PATH}."


def _delete(telegram: TelegramBot) -> str:
    telegram.call(telegram.bot.delete_webhook())
    return "Telegram will not call us any more; without THUISBEL_PUBLIC_URL `thuisbel serve` asks for updates."
