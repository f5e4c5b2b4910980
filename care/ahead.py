"""Dates further ahead than visits have been made: what is left out there is kept with the plan of the series."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from care import audit
from care.booking import may_act
from care.models import Contact, Recipient, Series, col
from care.plans import Plan
from care.visits import VisitLine

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_MADE = 0
"""The number of a visit that is not in the book yet."""


def still_to_make(session: Session, recipients: Collection[Recipient], first: date, last: date) -> list[VisitLine]:
    """The visits from `first` to `last` (local dates, both included) that running series will have, in order of time;
    their number is NOT_MADE.
    """
    ids = [recipient.id for recipient in recipients]
    query = select(Series).where(
        col(Series.recipient_id).in_(ids), col(Series.status).in_(("active", "offered")), Series.horizon <= last
    )
    found: list[VisitLine] = []
    for series in session.scalars(query.order_by(Series.id)):
        plan = Plan.from_json(series.plan)
        until = min(last + timedelta(days=1), series.ended or date.max)
        found += [
            VisitLine(
                visit=NOT_MADE,
                series=series.id,
                service=series.service,
                start=visit.start,
                end=visit.end,
                status="offered" if series.accepted is None else "planned",
                helper=series.helper.contact.name or "",
                helper_kind=series.helper.kind,
                helper_id=series.helper_id,
                recipient=series.recipient.name,
                recipient_id=series.recipient_id,
            )
            for visit in plan.occurrences(max(first, series.horizon), until)
        ]
    return sorted(found, key=lambda line: (line.start, line.series))


def leave_out(session: Session, dates: Mapping[int, Collection[date]], by: Contact, now: datetime) -> None:
    """No visits will be made on these dates of these series (by their numbers).

    Leaving the same date out again changes nothing. Raises PermissionError when `by` may not act for a recipient.
    """
    for series in _locked(session, dates):
        may_act(session, series.recipient, by, now)
        plan = Plan.from_json(series.plan)
        _keep(session, series, {*plan.exdates, *dates[series.id]})
        _record(session, "leave_out_ahead", series, dates[series.id], by, now)


def take_in(session: Session, dates: Mapping[int, Collection[date]], by: Contact, now: datetime) -> None:
    """Visits will be made on these dates again; see `leave_out`."""
    for series in _locked(session, dates):
        may_act(session, series.recipient, by, now)
        plan = Plan.from_json(series.plan)
        _keep(session, series, set(plan.exdates) - set(dates[series.id]))
        # Of dates that came within the horizon meanwhile the visits are made anew; those there are stay.
        series.horizon = min(series.horizon, *dates[series.id])
        _record(session, "take_in_ahead", series, dates[series.id], by, now)


def _locked(session: Session, dates: Mapping[int, Collection[date]]) -> list[Series]:
    numbers = [number for number, days in dates.items() if days]
    query = select(Series).where(col(Series.id).in_(numbers)).order_by(Series.id).with_for_update(of=Series)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _keep(session: Session, series: Series, exdates: Collection[date]) -> None:
    days = [day.isoformat() for day in sorted(exdates)]
    series.plan = Plan.from_json({**series.plan, "exdates": days}).to_json()
    session.flush()


def _record(session: Session, what: str, series: Series, days: Collection[date], by: Contact, now: datetime) -> None:
    details = {"series": series.id, "dates": [day.isoformat() for day in sorted(days)]}
    audit.record(session, what, now=now, who=by, recipient=series.recipient, details=details)
