"""What a household is used to: the last agreement about a service, to be had once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from care.mending import first_to_come
from care.models import Recipient, Series, col
from care.needs import Need
from care.plans import Plan, rule_fields, rule_text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_A_WEEK = timedelta(weeks=1)


def usual(session: Session, recipient: Recipient, service: str | None = None) -> list[Series]:
    """The last agreement about each service (or the one given) that a helper agreed to, the newest first."""
    query = select(Series).where(Series.recipient_id == recipient.id, col(Series.accepted).is_not(None))
    if service is not None:
        query = query.where(Series.service == service)
    newest: dict[str, Series] = {}
    for series in session.scalars(query.order_by(col(Series.created).desc(), col(Series.id).desc())):
        newest.setdefault(series.service, series)
    return list(newest.values())


def once_more(series: Series, now: datetime) -> Need:
    """The need of an agreement with its clock times and length, from `now` (local) on; without the end it had.

    A single visit comes on the same weekday again.
    """
    need, plan = Need.from_json(series.need), Plan.from_json(series.plan)
    schedule = replace(
        need.schedule,
        times=plan.times,
        window=None,
        daypart=None,
        duration_minutes=plan.minutes,
        exdates=(),
        dtstart=plan.dtstart,
        times_per_period=None,
    )
    if plan.rrule is None:
        day = plan.dtstart
        while day < now.date() or (day == now.date() and max(plan.times) <= now.time()):
            day += _A_WEEK
        schedule = replace(schedule, dtstart=day)
    else:
        # The plan's own rule names the days that were chosen for "twice a week".
        fields = rule_fields(plan.rrule)
        open_end = rule_text({name: value for name, value in fields.items() if name not in ("UNTIL", "COUNT")})
        schedule = first_to_come(replace(schedule, rrule=open_end), now)
    return replace(need, schedule=schedule, ask=())
