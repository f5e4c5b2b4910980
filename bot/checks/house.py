"""The house itself: data folder, key, database, model, and what waits in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.checks.finding import BROKEN, NOTE, WORKS, Finding
from bot.errors import UserError
from bot.model import model_path
from bot.secret import installation_key
from bot.storage import opened_database
from care.models import Inbox, Outbox, col
from care.people import coordinator

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.settings import Settings
    from care.clock import Clock

_LATE = timedelta(minutes=5)


def look(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Everything that is needed whatever doors are open."""
    yield _key(settings)
    yield from _database(settings, clock)
    yield _model(settings)


def _key(settings: Settings) -> Finding:
    try:
        installation_key(settings)
    except UserError as error:
        return Finding("key", BROKEN, str(error))
    where = "from THUISBEL_KEY" if settings.key else f"kept in {settings.data}"
    return Finding("key", WORKS, f"{where}.")


def _database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    where = "the server of THUISBEL_DATABASE_URL" if settings.database_url else f"the built-in one in {settings.data}"
    try:
        with opened_database(settings) as database:
            yield Finding("database", WORKS, f"{where} answers, its tables are up to date.")
            with database.begin() as session:
                yield from _contents(session, clock)
    except UserError as error:
        yield Finding("database", BROKEN, str(error))


def _contents(session: Session, clock: Clock) -> Iterator[Finding]:
    now = clock.now()
    if coordinator(session) is None:
        yield Finding("coordinator", NOTE, "no contact has this role: nobody is told when a person is wanted.")
    unread = select(func.count()).select_from(Inbox).where(col(Inbox.handled).is_(None), Inbox.received < now - _LATE)
    if count := session.scalar(unread):
        yield Finding(
            "messages in", NOTE, f"{count} wait for an answer for more than five minutes: is `serve` running?"
        )
    failed = select(func.count()).select_from(Outbox)
    failed = failed.where(Outbox.status == "failed", Outbox.due > now - timedelta(days=1))
    if count := session.scalar(failed):
        yield Finding(
            "messages out", NOTE, f"{count} of the last day could not be delivered by the door they were for."
        )


def _model(settings: Settings) -> Finding:
    if model_path(settings).exists():
        return Finding("model", WORKS, "trained and up to date.")
    return Finding("model", NOTE, "not trained yet: that happens at the next start, or with `thuisbel train`.")
