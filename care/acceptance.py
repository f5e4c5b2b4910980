"""The helper's answer: a series that was offered is accepted, declined, or lapses when nobody answers.

Whoever changes a series locks its row first, then its questions, then its visits, always in this order: so of an answer
and a cancellation that come at once exactly one wins, and the other finds what became of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from care import absences, audit
from care.booking import silence
from care.circle import looks_after
from care.models import OCCUPYING, Ask, Contact, Helper, Recipient, Series, Visit, col
from care.needs import Need

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

REFUSED_FOR = timedelta(days=30)
"""So long somebody who declined is not proposed again for the same need: circumstances change, but not at once."""
_EXCLUSION = "23P01"


def locked(session: Session, series_id: int) -> Series:
    """The series as it is now, its row locked until the transaction ends. Raises NoResultFound when there is none."""
    query = select(Series).where(Series.id == series_id).with_for_update(of=Series)
    found: Series = session.scalars(query.execution_options(populate_existing=True)).one()
    return found


def may_answer(session: Session, series: Series, by: Contact) -> bool:
    """Whether the contact may answer for the helper: themselves, or who answers for their organisation."""
    helper = session.get(Helper, series.helper_id)
    if helper is None:
        return False
    return helper.contact_id == by.id or looks_after(session, by, helper.id)


def accept(session: Session, series_id: int, by: Contact, now: datetime) -> bool:
    """The helper comes: the visits still to come are planned; whether that could be.

    True as well when they had agreed before. One that lapsed or was declined is taken up again as long as the helper's
    time is still free; that nobody else was asked meanwhile is for the caller to know. False when it was cancelled or
    ended, when the time went to somebody else, or when no visit is left. Raises PermissionError when `by` may not
    answer for the helper.
    """
    series = locked(session, series_id)
    _check(session, series, by)
    if series.accepted is not None:
        return series.status == "active"
    if series.status not in ("offered", "declined"):
        return False
    ids = _visits(session, series, series.status, now)
    if not ids:
        return False
    try:
        with session.begin_nested():
            _set(session, ids, "planned", by, now)
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != _EXCLUSION:
            raise
        return False
    series.status, series.accepted = "active", now
    session.flush()
    absences.enforce(session, series.helper, by=by, now=now)
    _note(session, "accept", series, by, now, len(ids))
    return True


def decline(session: Session, series_id: int, by: Contact, now: datetime) -> bool:
    """The helper does not come: their time is free again; whether it was still theirs to decline.

    Raises PermissionError when `by` may not answer for the helper.
    """
    series = locked(session, series_id)
    _check(session, series, by)
    return _give_back(session, series, by, now, "decline")


def take_back(session: Session, series_id: int, by: Contact, now: datetime) -> bool:
    """The helper does not come after all, who had said yes: as declined; whether that could be.

    Not once a visit of the series has begun: then it is an absence, or an end. Raises PermissionError when `by` may not
    answer for the helper.
    """
    series = locked(session, series_id)
    _check(session, series, by)
    begun = select(Visit.id).where(Visit.series_id == series.id, Visit.starts <= now, col(Visit.status).in_(OCCUPYING))
    if series.status != "active" or series.accepted is None or session.scalar(begun.limit(1)) is not None:
        return False
    series.status, series.accepted = "declined", None
    ids = sorted([*_visits(session, series, "planned", now), *_visits(session, series, "requested", now)])
    _set(session, ids, "declined", by, now)
    silence(session, ids)
    _note(session, "take_back", series, by, now, len(ids))
    return True


def lately_accepted(session: Session, helper: Helper, since: datetime, now: datetime) -> Series | None:
    """The running series that the helper agreed to last, at `since` or later, and of which no visit has begun."""
    begun = select(Visit.id).where(Visit.series_id == Series.id, Visit.starts <= now, col(Visit.status).in_(OCCUPYING))
    coming = select(Visit.id).where(Visit.series_id == Series.id, Visit.starts > now, Visit.status == "planned")
    query = select(Series).where(
        Series.helper_id == helper.id, Series.status == "active", col(Series.accepted) >= since, ~begun.exists()
    )
    query = query.where(coming.exists()).order_by(col(Series.accepted).desc(), col(Series.id).desc())
    found: Series | None = session.scalars(query.limit(1)).first()
    return found


def lapse(session: Session, series: Series, now: datetime) -> bool:
    """Nobody answered in time: as declined, by nobody. `series` is locked; whether it was still waiting."""
    return _give_back(session, series, None, now, "lapse")


def refused(session: Session, recipient: Recipient, need: Need, now: datetime) -> set[int]:
    """The helpers who lately declined this need of the recipient, or did not answer: by their ids."""
    query = select(Series.helper_id, Series.need).where(
        Series.recipient_id == recipient.id,
        Series.service == need.service,
        Series.status == "declined",
        Series.created > now - REFUSED_FOR,
    )
    wanted = _gist(need)
    return {helper_id for helper_id, known in session.execute(query) if _gist(Need.from_json(known)) == wanted}


def overdue(session: Session, now: datetime, topic: str) -> tuple[Ask, Series] | None:
    """An offered series whose question about `topic` nobody answered in time, both locked; None when there is none.

    Those that somebody else holds are passed over.
    """
    query = (
        select(Ask.id, Series)
        .join(Series, col(Series.id) == Ask.series_id)
        .where(Ask.status == "open", Ask.topic == topic, col(Ask.expires) <= now)
        .order_by(Ask.expires, Ask.id)
        .limit(1)
        .with_for_update(of=Series, skip_locked=True)
    )
    found = session.execute(query.execution_options(populate_existing=True)).first()
    if found is None:
        return None
    ask = session.scalars(
        select(Ask).where(Ask.id == found[0]).with_for_update(of=Ask).execution_options(populate_existing=True)
    ).one()
    return (ask, found[1])


def _gist(need: Need) -> tuple[object, ...]:
    """What makes two requests the same need: when they are, not from when on."""
    schedule = need.schedule
    once = schedule.dtstart if schedule.rrule is None else None
    return schedule.rrule, schedule.times, schedule.window, schedule.daypart, once


def _check(session: Session, series: Series, by: Contact) -> None:
    if not may_answer(session, series, by):
        message = f"contact {by.id} may not answer for helper {series.helper_id}"
        raise PermissionError(message)


def _give_back(session: Session, series: Series, by: Contact | None, now: datetime, what: str) -> bool:
    if series.status != "offered":
        return False
    series.status = "declined"
    ids = _visits(session, series, "offered", None)
    _set(session, ids, "declined", by, now)
    silence(session, ids)
    _note(session, what, series, by, now, len(ids))
    return True


def _visits(session: Session, series: Series, status: str, after: datetime | None) -> list[int]:
    """The visits of a series in this status, locked; with `after` only those that begin later."""
    query = select(Visit.id).where(Visit.series_id == series.id, Visit.status == status)
    if after is not None:
        query = query.where(Visit.starts > after)
    # The order in which the other commands lock them.
    return list(session.scalars(query.order_by(Visit.starts, Visit.id).with_for_update(of=Visit)))


def _set(session: Session, ids: list[int], status: str, by: Contact | None, now: datetime) -> None:
    values = {"status": status, "changed": now, "changed_by_id": by and by.id}
    query = update(Visit).where(col(Visit.id).in_(ids)).values(**values)
    session.execute(query.execution_options(synchronize_session="fetch"))


def _note(session: Session, what: str, series: Series, by: Contact | None, now: datetime, visits: int) -> None:
    details = {"series": series.id, "helper": series.helper_id, "visits": visits}
    audit.record(session, what, now=now, who=by, recipient=series.recipient, details=details)
    session.flush()
