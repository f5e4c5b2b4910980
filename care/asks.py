"""Questions that wait for an answer of somebody who is not talking just now: put once, answered once, or given up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from care.models import Ask, Contact, Series, Visit, col
from care.schedule import Json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def put(
    session: Session,
    *,
    contact: Contact,
    question: Json,
    now: datetime,
    key: str,
    remind_at: datetime | None = None,
    expires: datetime | None = None,
    series: Series | None = None,
    visit: Visit | None = None,
) -> Ask | None:
    """Note a question to the contact; None when that of this key was put before.

    `question` has at least a `topic`. What the contact reads is sent by the caller, in the same transaction.
    """
    values = {
        "contact_id": contact.id,
        "topic": question["topic"],
        "question": question,
        "asked": now,
        "remind_at": remind_at,
        "expires": expires,
        "key": key,
        "series_id": series and series.id,
        "visit_id": visit and visit.id,
    }
    made = session.scalar(insert(Ask).values(**values).on_conflict_do_nothing().returning(Ask.id))
    return None if made is None else session.get(Ask, made)


def newest_open(session: Session, contact: Contact) -> Ask | None:
    """The question put last to the contact that still waits for an answer."""
    # By its id first, in plain SQL: every turn looks, and hardly any finds.
    number = session.scalar(_NEWEST, {"contact": contact.id})
    return None if number is None else session.get(Ask, number)


_NEWEST = sql(
    "SELECT id FROM asks WHERE contact_id = :contact AND status = 'open' ORDER BY asked DESC, id DESC LIMIT 1"
)


def of_message(session: Session, contact: Contact, key: str) -> Ask | None:
    """The question that a message (by its key in the outbox) put to the contact or reminds them of, if it did."""
    query = select(Ask).where(Ask.contact_id == contact.id)
    put_by: Ask | None = session.scalars(query.where(Ask.key == key.replace("notice:", "ask:", 1))).first()
    number = key.rpartition(":")[2]
    if put_by is not None or not number.isdecimal():
        return put_by
    reminded: Ask | None = session.scalars(query.where(Ask.id == int(number), col(Ask.reminded).is_not(None))).first()
    return reminded


def open_about(session: Session, series: Series, topic: str) -> Ask | None:
    """The open question about a series on this topic, if there is one."""
    query = select(Ask).where(Ask.series_id == series.id, Ask.topic == topic, Ask.status == "open")
    found: Ask | None = session.scalars(query.order_by(col(Ask.id).desc()).limit(1)).first()
    return found


def latest_closed(session: Session, contact: Contact, topic: str, since: datetime) -> Ask | None:
    """The question on this topic that was put to the contact last, when it was closed at `since` or later."""
    query = select(Ask).where(Ask.contact_id == contact.id, Ask.topic == topic)
    found: Ask | None = session.scalars(query.order_by(col(Ask.id).desc()).limit(1)).first()
    return found if found is not None and found.closed is not None and found.closed >= since else None


def locked(session: Session, ask_id: int) -> Ask | None:
    """A question that is still open, its row locked until the transaction ends; None when it was dealt with already."""
    query = select(Ask).where(Ask.id == ask_id, Ask.status == "open").with_for_update(of=Ask)
    found: Ask | None = session.scalars(query.execution_options(populate_existing=True)).first()
    return found


def close(session: Session, ask: Ask, status: str, now: datetime) -> None:
    """The question was `answered`, `withdrawn` or has `expired`."""
    ask.status, ask.closed = status, now
    session.flush()


def withdraw(session: Session, now: datetime, *, series: Series | None = None, visit: Visit | None = None) -> int:
    """Take back the open questions about a series or a visit; how many there were."""
    if (series is None) == (visit is None):
        message = "name either a series or a visit"
        raise ValueError(message)
    which = Ask.series_id == series.id if series is not None else Ask.visit_id == (visit and visit.id)
    query = select(Ask).where(which, Ask.status == "open").order_by(Ask.id).with_for_update(of=Ask)
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    for ask in found:
        ask.status, ask.closed = "withdrawn", now
    session.flush()
    return len(found)


def to_remind(session: Session, now: datetime, limit: int = 50, *, topics: Collection[str] = ()) -> list[Ask]:
    """Open questions (about `topics`, when given) whose reminder is due, locked; those another process holds are passed
    over.
    """
    query = select(Ask).where(Ask.status == "open", col(Ask.reminded).is_(None), col(Ask.remind_at) <= now)
    # One that is to be given up now, after a time without upkeep, is not asked once more first.
    query = query.where(or_(col(Ask.expires).is_(None), col(Ask.expires) > now))
    if topics:
        query = query.where(col(Ask.topic).in_(list(topics)))
    return _taken(session, query.order_by(Ask.remind_at, Ask.id), limit)


def to_give_up(session: Session, now: datetime, limit: int = 50, *, topics: Collection[str] = ()) -> list[Ask]:
    """Open questions (about `topics`, when given) whose time is over, locked; those another process holds are passed
    over.
    """
    query = select(Ask).where(Ask.status == "open", col(Ask.expires) <= now)
    if topics:
        query = query.where(col(Ask.topic).in_(list(topics)))
    return _taken(session, query.order_by(Ask.expires, Ask.id), limit)


def _taken(session: Session, query: object, limit: int) -> list[Ask]:
    chosen = col(query).limit(limit).with_for_update(skip_locked=True, of=Ask)
    return list(session.scalars(chosen.execution_options(populate_existing=True)))
