"""The naive way to find who can come: every rule of everybody's series, expanded with dateutil in Python."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dateutil.rrule import rrulestr
from haversine import Unit, haversine
from sqlalchemy import text

from benchmarks.growth.country import service
from care.clock import TZ
from care.plans import HORIZON
from care.weeks import Habits, slots

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.models import Address
    from care.needs import Need

_HELPERS = """
SELECT h.id, h.latitude, h.longitude, h.max_distance_m, h.gender, h.languages, h.kind
FROM helpers h JOIN helper_services s ON s.helper_id = h.id WHERE s.service = :service AND h.active
"""
_SERIES = "SELECT plan FROM series WHERE helper_id = :helper AND status = 'active'"
_HOURS = "SELECT weekday, start, until FROM availability WHERE helper_id = :helper"


def naive_offers(session: Session, home: Address, need: Need) -> list[int]:
    """The helpers nearby that are free at the first clock time of the need on all its dates, the nearest three.

    Looks at less than ours does: no proofs, no absences, no other clock times, nobody's other wishes.
    """
    found = []
    for row in session.execute(text(_HELPERS), {"service": need.service}).all():
        away = haversine((home.latitude, home.longitude), (row.latitude, row.longitude), unit=Unit.METERS)
        wanted = need.preferences
        if (
            away <= row.max_distance_m
            and wanted.helper_gender in (None, row.gender)
            and wanted.helper_kind in (None, row.kind)
            and (wanted.helper_language is None or wanted.helper_language in row.languages)
        ):
            found.append((away, row.id))
    free = [helper for _, helper in sorted(found) if _free(session, helper, need)]
    return free[:3]


def _free(session: Session, helper: int, need: Need) -> bool:
    minutes = need.schedule.duration_minutes or service(need.service or "").default_minutes
    clock = slots(need.schedule, minutes, Habits())[0][0]
    assert need.schedule.dtstart is not None
    first = datetime.combine(need.schedule.dtstart, clock)
    wanted = _expanded(need.schedule.rrule or "", first, first + HORIZON, minutes)
    hours = session.execute(text(_HOURS), {"helper": helper}).all()
    if not all(_open(hours, start, end) for start, end in wanted):
        return False
    taken: list[tuple[datetime, datetime]] = []
    for (plan,) in session.execute(text(_SERIES), {"helper": helper}).all():
        began = datetime.combine(datetime.fromisoformat(plan["dtstart"]), time.fromisoformat(plan["times"][0]))
        taken += _expanded(plan["rrule"], began, first + HORIZON, plan["minutes"])
    return not any(start < until and since < end for start, end in wanted for since, until in taken)


def _open(hours: Any, start: datetime, end: datetime) -> bool:
    return any(day == start.weekday() and since <= start.time() and end.time() <= until for day, since, until in hours)


def _expanded(rule: str, first: datetime, end: datetime, minutes: int) -> list[tuple[datetime, datetime]]:
    starts = [moment.replace(tzinfo=TZ) for moment in rrulestr(rule, dtstart=first).between(first, end, inc=True)]
    return [(start, start + timedelta(minutes=minutes)) for start in starts]
