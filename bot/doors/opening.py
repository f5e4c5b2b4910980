"""Opening the doors that the settings name: their senders, their paths, and who stands behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.doors.calendar import CalendarDoor
from bot.doors.reception import Reception
from bot.doors.undelivered import Undelivered, Waiting
from channels.buttons import Buttons

if TYPE_CHECKING:
    from fastapi import APIRouter

    from bot.doors.telegram import Polling, TelegramDoor
    from bot.doors.twilio import TwilioDoors
    from bot.doors.voice_notes import VoiceNotes
    from bot.settings import Settings
    from bot.voice import VoiceDoor
    from care.clock import Clock
    from care.database import Database
    from channels import Sender
    from channels.telegram_sender import TelegramBot


@dataclass
class Doors:
    """The open doors of a process. `senders` are by channel; `polling` asks Telegram where it cannot call us."""

    senders: Mapping[str, Sender]
    routers: tuple[APIRouter, ...]
    undelivered: Undelivered
    waiting: Waiting
    polling: Polling | None = None
    telegram: TelegramBot | None = None
    reception: Reception | None = None
    twilio: TwilioDoors | None = None
    voice_notes: VoiceNotes | None = None
    voice: VoiceDoor | None = None
    wakes: list[Callable[[], object]] = field(default_factory=list)

    def wake(self) -> None:
        """Tell the courier that there is something to send."""
        for wake in self.wakes:
            wake()

    def close(self) -> None:
        """Stop asking and let go of connections."""
        if self.polling is not None:
            self.polling.stop()
        if self.reception is not None:
            self.reception.close()
        if self.twilio is not None:
            self.twilio.close()
        if self.telegram is not None:
            self.telegram.close()


def open_doors(settings: Settings, database: Database, clock: Clock, key: str) -> Doors:
    """Open every door that has an account; the others stay closed. Nothing is called or started yet."""
    buttons = Buttons(key)
    senders: dict[str, Sender] = {}
    telegram = None
    if settings.twilio is not None:
        senders.update(_twilio_senders(settings, buttons))
    if settings.telegram is not None:
        from channels.telegram_sender import TelegramBot, TelegramSender

        telegram = TelegramBot(settings.telegram.bot_token, settings.telegram.api_url)
        senders["telegram"] = TelegramSender(telegram, buttons)
    undelivered = Undelivered(clock, senders)
    calendar = CalendarDoor(database, clock)
    doors = Doors(senders, (calendar.router(),), undelivered, Waiting(database, clock, senders), telegram=telegram)
    reception = Reception(
        database,
        clock,
        key=key,
        buttons=buttons,
        public_url=settings.public_url,
        open_channels=senders,
        can_listen=settings.transcriber is not None,
        wake=doors.wake,
    )
    if settings.transcriber is not None:
        doors.voice_notes = _voice_notes(settings, database, clock, telegram)
    doors.reception = reception
    doors.routers += _routers(settings, database, doors, reception)
    _open_phone_line(settings, database, clock, doors)
    if telegram is not None and settings.public_url is None:
        from bot.doors.telegram import Polling, TurnToAsk

        doors.polling = Polling(_telegram_door(settings, reception, telegram), TurnToAsk(database))
    return doors


def _open_phone_line(settings: Settings, database: Database, clock: Clock, doors: Doors) -> None:
    """Take calls, and make them where Twilio can reach us: for that it needs our public address."""
    from bot.voice import VoiceDoor

    account, voice = settings.twilio, VoiceDoor.from_settings(settings, database, clock)
    if account is None or voice is None:
        return
    voice.undelivered = doors.undelivered
    doors.voice = voice
    doors.routers += (voice.router(),)
    if settings.public_url is not None:
        from channels.twilio_calls import CallSender
        from channels.twilio_sender import client

        twilio = client(account.account_sid, account.auth_token, account.api_url)
        doors.senders = {**doors.senders, voice.channel: CallSender(twilio, voice.voice_from, voice.script)}


def _voice_notes(settings: Settings, database: Database, clock: Clock, telegram: TelegramBot | None) -> VoiceNotes:
    from bot.doors.voice_notes import VoiceNotes, load_transcriber
    from channels.voice_notes import SoundOf, TelegramSound, TwilioSound

    sounds: dict[str, SoundOf] = {}
    if settings.twilio is not None:
        account = settings.twilio
        sounds["whatsapp"] = sounds["sms"] = TwilioSound(account.account_sid, account.auth_token, account.api_url)
    if telegram is not None:
        sounds["telegram"] = TelegramSound(telegram)
    return VoiceNotes(database, clock, load_transcriber(settings.transcriber or ""), sounds)


def _twilio_senders(settings: Settings, buttons: Buttons) -> dict[str, Sender]:
    from bot.doors.twilio import STATUS_PATH
    from channels.twilio_sender import TwilioSender, client

    account = settings.twilio
    assert account is not None  # noqa: S101 - the caller looked
    twilio = client(account.account_sid, account.auth_token, account.api_url)
    status_url = f"{settings.public_url}{STATUS_PATH}" if settings.public_url else None
    numbers = {"sms": account.sms_from, "whatsapp": account.whatsapp_from}
    return {
        channel: TwilioSender(
            twilio, channel, number, buttons=buttons, status_url=status_url, contents=account.content_sids
        )
        for channel, number in numbers.items()
        if number
    }


def _routers(settings: Settings, database: Database, doors: Doors, reception: Reception) -> tuple[APIRouter, ...]:
    routers = []
    channels = [channel for channel in ("sms", "whatsapp") if channel in doors.senders]
    if settings.twilio is not None and channels:
        from bot.doors.twilio import TwilioDoors
        from channels.twilio_signature import TwilioSignature

        signature = TwilioSignature(settings.twilio.auth_token, settings.public_url)
        doors.twilio = TwilioDoors(signature, reception, doors.undelivered, database, channels, doors.wake)
        routers.append(doors.twilio.router())
    if doors.telegram is not None:
        routers.append(_telegram_door(settings, reception, doors.telegram).router())
    return tuple(routers)


def _telegram_door(settings: Settings, reception: Reception, telegram: TelegramBot) -> TelegramDoor:
    from bot.doors.telegram import TelegramDoor

    assert settings.telegram is not None  # noqa: S101 - the bot was made from it
    return TelegramDoor(settings.telegram.webhook_secret, reception, telegram)
