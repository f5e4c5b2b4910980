"""Telegram's door: updates by webhook or by asking for them, and what is done about them."""

from __future__ import annotations

import hmac
import json
import logging
import threading
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TooSlow
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from telegram.error import TelegramError

from actions.phrases import Phrases
from bot.doors.reception import PAST
from bot.doors.replies import DEFAULT_LANGUAGE
from care.database import DatabaseUnavailable
from channels import telegram_updates
from channels.telegram_sender import LAST_SECONDS

if TYPE_CHECKING:
    from bot.doors.reception import Reception
    from care.database import Database
    from channels.telegram_sender import TelegramBot

log = logging.getLogger(__name__)

PATH = "/channels/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
LONG_POLL_SECONDS = 25
_PAUSE_SECONDS = 5.0


@dataclass(frozen=True)
class TelegramDoor:
    """What Telegram calls, or is asked for."""

    secret: str
    reception: Reception
    telegram: TelegramBot

    def router(self) -> APIRouter:
        """The path."""
        router = APIRouter()
        router.add_api_route(PATH, self.webhook, methods=["POST"])
        return router

    async def webhook(self, request: Request) -> Response:
        """Take an update in; anything but a yes makes Telegram send it again."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return PlainTextResponse("The secret token is missing or wrong.", status_code=403)
        try:
            update = telegram_updates.read(json.loads(await request.body()))
        except (telegram_updates.Refused, ValueError, RecursionError):
            return PlainTextResponse("This is no update.", status_code=400)
        if update.blocked is not None or update.incoming is None:
            outcome = await run_in_threadpool(self.take, update)
        else:
            outcome = await self.reception.receive(update.incoming)
        # The press is answered after Telegram has our yes: its answer need not hold up the next update.
        return PlainTextResponse("", background=BackgroundTask(self.react, update, outcome))

    def take(self, update: telegram_updates.Update) -> str | None:
        """Store what an update asks; what became of its message, if it had one."""
        if update.blocked is not None and update.address is not None:
            self.reception.shut_out(telegram_updates.CHANNEL, update.address, blocked=update.blocked)
        return self.reception.take(update.incoming) if update.incoming is not None else None

    def react(self, update: telegram_updates.Update, outcome: str | None) -> None:
        """Do at Telegram what an update asks for besides a reply; that it fails is no harm."""
        bot = self.telegram.bot
        try:
            if update.press is not None:
                text = Phrases.load().text("door_past", _language(update)) if outcome == PAST else None
                self.telegram.call(bot.answer_callback_query(update.press, text=text))
            if update.leave is not None:
                self.telegram.call(bot.leave_chat(update.leave))
        except (TelegramError, TimeoutError) as error:
            log.warning("Telegram did not take our answer to update %s: %s", update.id, type(error).__name__)


def _language(update: telegram_updates.Update) -> str:
    return (update.incoming and update.incoming.language) or DEFAULT_LANGUAGE


_TAKE_TURN = sql("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
_GIVE_BACK = sql("SELECT pg_advisory_unlock(hashtextextended(:name, 0))")
_STILL_THERE = sql("SELECT 1")
_TURN = "telegram polling"


class TurnToAsk:
    """The one turn that all processes on a database share, kept by a connection that does nothing else."""

    def __init__(self, database: Database) -> None:
        """Nothing is taken yet."""
        self._database = database
        self._held: Any = None

    def is_ours(self) -> bool:
        """Whether the turn is this process's; taken when it is free. Raises SQLAlchemyError without a database."""
        if self._held is not None:
            try:
                self._held.execute(_STILL_THERE)
            except SQLAlchemyError:
                # With the connection the lock has gone, and another may have it by now.
                self.leave()
                raise
            return True
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            taken = bool(connection.scalar(_TAKE_TURN, {"name": _TURN}))
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        if taken:
            self._held = connection
        else:
            connection.close()
        return taken

    def leave(self) -> None:
        """Give the turn back; the connection is closed for good, so that nothing can be left of the lock."""
        connection, self._held = self._held, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.execute(_GIVE_BACK, {"name": _TURN})
            connection.invalidate()
            connection.close()


class Polling:
    """Asks Telegram for updates, where it cannot reach us: one question after the other, in a thread of its own.

    Telegram answers one at a time, and refuses the others. Of several processes one asks: who holds a lock in the
    database, which is free again when that process, or its connection, ends. The others look every few seconds.
    """

    def __init__(self, door: TelegramDoor, turn: TurnToAsk, poll_seconds: int = LONG_POLL_SECONDS) -> None:
        """Each question waits `poll_seconds` for an update."""
        self._door = door
        self._turn = turn
        self._poll_seconds = poll_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telegram-polling", daemon=True)
        self._next: int | None = None
        self._asked: Future[Any] | None = None

    def start(self) -> None:
        """Start asking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the update at hand."""
        self._stopping.set()
        if self._asked is not None:
            self._asked.cancel()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        prepared = False
        while not self._stopping.is_set():
            try:
                if not self._turn.is_ours():
                    # Whoever asks meanwhile tells Telegram how far they came; we begin there.
                    prepared, self._next = False, None
                    self._stopping.wait(_PAUSE_SECONDS)
                    continue
                if not prepared:
                    # While a webhook is set Telegram answers no questions.
                    self._door.telegram.call(self._door.telegram.bot.delete_webhook())
                    prepared = True
                self._ask()
            except (TelegramError, TimeoutError, DatabaseUnavailable, SQLAlchemyError) as error:
                # What was not stored is asked for again: only the next question tells Telegram that we have it.
                log.warning("no updates from Telegram: %s", type(error).__name__)
                self._stopping.wait(_PAUSE_SECONDS)
            except CancelledError:
                log.debug("the questions to Telegram were stopped")
        self._turn.leave()

    def _ask(self) -> None:
        for raw in self._updates():
            update = _read(raw)
            if update is not None:
                outcome = self._door.take(update)
                self._door.react(update, outcome)
            self._next = raw.update_id + 1

    def _updates(self) -> tuple[Any, ...]:
        telegram = self._door.telegram
        self._asked = telegram.start(
            telegram.bot.get_updates(
                offset=self._next,
                timeout=self._poll_seconds,
                allowed_updates=list(telegram_updates.ALLOWED_UPDATES),
            )
        )
        if self._stopping.is_set():
            self._asked.cancel()
        try:
            return self._asked.result(self._poll_seconds + LAST_SECONDS)
        except TooSlow:
            self._asked.cancel()
            raise TimeoutError from None


def _read(raw: Any) -> telegram_updates.Update | None:
    try:
        return telegram_updates.read(raw.to_dict())
    except telegram_updates.Refused:
        return None
