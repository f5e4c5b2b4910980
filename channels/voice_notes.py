"""Voice messages: where their sound is fetched, and what writes them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import httpx
from telegram.error import TelegramError

if TYPE_CHECKING:
    from channels.telegram_sender import TelegramBot

LARGEST_SOUND = 8 * 1024 * 1024
"""Bytes; ten minutes of a voice message take about two million."""
FETCH_SECONDS = 15.0


class NoSound(Exception):
    """The sound of a message could not be had; the reason is without personal data."""


class Transcriber(Protocol):
    """Writes out what is said. It must give up within half a minute, and may be called from several threads."""

    def write_out(self, sound: bytes, language: str) -> str | None:
        """The words of a sound file (Ogg Opus mostly), in `nl` or `en`; None when they cannot be made out."""
        ...


class SoundOf(Protocol):
    """Fetches the sound of a message by what its door noted of it."""

    def __call__(self, payload: Mapping[str, Any]) -> bytes:
        """The sound file. Raises NoSound."""
        ...


class TwilioSound:
    """Fetches from Twilio, as the account."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str | None = None) -> None:
        """`api_url` is another base address for tests."""
        self._auth = (account_sid, auth_token)
        self._test_host = urlsplit(api_url).netloc if api_url else None

    def __call__(self, payload: Mapping[str, Any]) -> bytes:
        """The sound file at the address that Twilio named."""
        url = str(payload.get("media_url") or "")
        parts = urlsplit(url)
        ours = parts.netloc == self._test_host
        if not ours and not (parts.scheme == "https" and (parts.hostname or "").endswith(".twilio.com")):
            raise NoSound("not an address of Twilio's")
        try:
            # Twilio sends us on to where the file lies; the password does not go along to another host.
            with httpx.stream("GET", url, auth=self._auth, timeout=FETCH_SECONDS, follow_redirects=True) as answer:
                answer.raise_for_status()
                sound = bytearray()
                for chunk in answer.iter_bytes():
                    sound += chunk
                    if len(sound) > LARGEST_SOUND:
                        raise NoSound("too large")
        except httpx.HTTPError as error:
            raise NoSound(type(error).__name__) from None
        return bytes(sound)


class TelegramSound:
    """Fetches from Telegram, as the bot."""

    def __init__(self, telegram: TelegramBot) -> None:
        """Use the bot's own connections."""
        self._telegram = telegram

    def __call__(self, payload: Mapping[str, Any]) -> bytes:
        """The sound file with the id that Telegram named."""
        try:
            return self._telegram.call(self._fetch(str(payload.get("file_id") or "")), FETCH_SECONDS)
        except (TelegramError, TimeoutError) as error:
            raise NoSound(type(error).__name__) from None

    async def _fetch(self, file_id: str) -> bytes:
        file = await self._telegram.bot.get_file(file_id)
        if (file.file_size or 0) > LARGEST_SOUND:
            raise NoSound("too large")
        return bytes(await file.download_as_bytearray())
