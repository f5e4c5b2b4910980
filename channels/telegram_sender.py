"""Sending by Telegram, with python-telegram-bot's `Bot`.

Telegram has no way to recognise a repeat. So an attempt that takes too long is not given up but left to finish, and the
next attempt first waits for it: a slow answer never makes a second message.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from channels.buttons import Buttons
from channels.messages import ChannelCapabilities, Outgoing, SendFailed

# Otherwise the library warns, whenever Telegram asks us to wait, that it will one day give that as a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")

T = TypeVar("T")

CAPABILITIES = ChannelCapabilities(longest_text=4000, buttons=10)
ANSWER_SECONDS = 8.0
"""How long an attempt waits for Telegram's answer; the request itself goes on for LAST_SECONDS."""
LAST_SECONDS = 45.0
_CHAT = 19
"""Digits of the longest id of a chat."""


class TelegramBot:
    """The bot, and a thread with the event loop that its calls run in."""

    def __init__(self, token: str, api_url: str | None = None) -> None:
        """`api_url` is another base address, for tests and for a Bot API server of one's own."""
        base: dict[str, Any] = {"base_url": f"{api_url}/bot", "base_file_url": f"{api_url}/file/bot"} if api_url else {}
        self.bot = Bot(token, request=_request(LAST_SECONDS), get_updates_request=_request(LAST_SECONDS), **base)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._started = threading.Lock()

    def start(self, call: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin a call of the bot; what it will give, or raise."""
        with self._started:
            if not self._thread.is_alive():
                self._thread.start()
        return asyncio.run_coroutine_threadsafe(call, self._loop)

    def call(self, call: Coroutine[Any, Any, T], seconds: float = ANSWER_SECONDS) -> T:
        """Do a call of the bot, for so many seconds at most. Raises TelegramError, and TimeoutError after that."""
        future = self.start(call)
        try:
            return future.result(seconds)
        except TooSlow:
            future.cancel()
            raise TimeoutError from None

    def close(self) -> None:
        """Let go of connections and thread."""
        if self._thread.is_alive():
            self.start(self._hang_up()).result(ANSWER_SECONDS)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    async def _hang_up(self) -> None:
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for request in self.bot._request:
            await request.shutdown()


def _request(read_seconds: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=16,
        connect_timeout=4.0,
        read_timeout=read_seconds,
        write_timeout=8.0,
        pool_timeout=4.0,
    )


class TelegramSender:
    """Sends messages as the bot."""

    capabilities = CAPABILITIES

    def __init__(self, telegram: TelegramBot, buttons: Buttons, answer_seconds: float = ANSWER_SECONDS) -> None:
        """`buttons` sign what the inline buttons send back."""
        self._telegram = telegram
        self._buttons = buttons
        self._answer_seconds = answer_seconds
        self._under_way: dict[tuple[int, int], Future[Any]] = {}
        self._lock = threading.Lock()

    def send(self, message: Outgoing) -> str:
        """Send it; Telegram's id of the message. Raises SendFailed."""
        if not message.address.removeprefix("-").isdecimal() or len(message.address) > _CHAT:
            raise SendFailed("no chat of Telegram", final=True)
        place = (message.id, message.part)
        with self._lock:
            future = self._under_way.get(place) or self._telegram.start(self._send(message))
            self._under_way[place] = future
        try:
            sent = future.result(self._answer_seconds)
        except TooSlow:
            raise SendFailed("no answer from Telegram yet") from None
        except TelegramError as error:
            self._forget(place)
            raise _failure(error) from None
        except BaseException:
            self._forget(place)
            raise
        self._forget(place)
        return f"{message.address}:{sent.message_id}"

    def _forget(self, place: tuple[int, int]) -> None:
        with self._lock:
            self._under_way.pop(place, None)

    async def _send(self, message: Outgoing) -> Any:
        return await self._telegram.bot.send_message(
            chat_id=int(message.address),
            text=message.text,
            reply_markup=self._keyboard(message),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    def _keyboard(self, message: Outgoing) -> InlineKeyboardMarkup | None:
        """The choices below each other: easy to read and to hit."""
        if not message.options:
            return None
        return InlineKeyboardMarkup([[self._button(message, option)] for option in message.options])

    def _button(self, message: Outgoing, option: Mapping[str, str]) -> InlineKeyboardButton:
        token = self._buttons.token(message.id, option["key"], message.channel, message.address)
        return InlineKeyboardButton(option["text"], callback_data=token)


def _failure(error: TelegramError) -> SendFailed:
    # Telegram's own words may name the chat: only the kind of error goes to the log.
    reason = f"Telegram: {type(error).__name__}"
    if isinstance(error, RetryAfter):
        wait = error._retry_after
        return SendFailed(reason, wait_seconds=wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
    if isinstance(error, Forbidden):
        return SendFailed(reason, refused="blocked")
    return SendFailed(reason, final=isinstance(error, (BadRequest, ChatMigrated)))
