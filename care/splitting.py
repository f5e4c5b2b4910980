"""Setting weekdays of a series apart: the series keeps its other days, and theirs go on as a series of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from care import acceptance, audit
from care.booking import may_act
from care.clock import local
from care.mending import first_to_come
from care.models import Contact, Series, Visit, col
from care.needs import Need
from care.plans import WEEKDAY_CODES, Plan, rule_fields, rule_text, until_of
from care.schedule import Schedule
from care.visits import move_visits, restore_visits

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PLAIN = frozenset({"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT"})


def without_days(rule: str | None, days: Collection[str]) -> str | None:
    """The rule without these weekdays (codes of RFC 5545); None when it does not go by weekdays, or none would be left.

    Pure, like `need_apart`.
    """
    fields = rule_fields(rule or "")
    named = fields.get("BYDAY", "").split(",") if "BYDAY" in fields else []
    if fields.keys() - _PLAIN or not set(named) <= set(WEEKDAY_CODES):
        return None
    if fields.get("FREQ") == "DAILY" and fields.get("INTERVAL", "1") == "1":
        named, fields = named or list(WEEKDAY_CODES), {**fields, "FREQ": "WEEKLY"}
    elif fields.get("FREQ") != "WEEKLY":
        return None
    kept = [code for code in named if code not in days]
    return rule_text({**fields, "BYDAY": ",".join(kept)}) if kept and len(kept) < len(named) else None


def need_apart(series: Series, said: Schedule, days: Collection[str], now: datetime) -> Need:
    """The need of these weekdays of a series, at the clock times (and for as long) as said; `now` is local."""
    plan, old = Plan.from_json(series.plan), Need.from_json(series.need)
    fields, end = rule_fields(plan.rrule or ""), last_date(plan)
    rule = {"FREQ": "WEEKLY", "BYDAY": ",".join(code for code in WEEKDAY_CODES if code in days)}
    if fields.get("FREQ") == "WEEKLY" and "INTERVAL" in fields:
        rule["INTERVAL"] = fields["INTERVAL"]
    schedule = Schedule(
        rrule=rule_text(rule | ({"UNTIL": f"{end:%Y%m%d}"} if end else {})),
        dtstart=next(day for day in plan.dates(now.date()) if WEEKDAY_CODES[day.weekday()] in days),
        exdates=tuple(day for day in plan.exdates if day >= now.date() and WEEKDAY_CODES[day.weekday()] in days),
        exrules=plan.exrules,
        times=said.times,
        duration_minutes=said.duration_minutes or plan.minutes,
    )
    return Need(series.service, first_to_come(schedule, now), replace(old.preferences, helper_name=None))


def last_date(plan: Plan) -> date | None:
    """The last date of a plan with an end, as said or counted; None when it is open."""
    fields = rule_fields(plan.rrule or "")
    if "COUNT" in fields:
        return max(visit.day for visit in plan.occurrences(plan.dtstart, date.max))
    return until_of(fields["UNTIL"]) if "UNTIL" in fields else None


def set_apart(
    session: Session, series: Series, days: Collection[str], by: Contact, now: datetime
) -> tuple[list[Visit], dict[str, Any]]:
    """The series has these weekdays no longer: their visits to come are `moved`. Those visits, and what `put_together`
    must know to take it back.

    The row of the series is locked by the caller. Raises ValueError when its rule does not go by weekdays,
    PermissionError when `by` may not act for the recipient.
    """
    may_act(session, series.recipient, by, now)
    plan, need = Plan.from_json(series.plan), Need.from_json(series.need)
    rule = without_days(plan.rrule, days)
    if rule is None:
        message = f"series {series.id} cannot do without {', '.join(days)}"
        raise ValueError(message)
    before = {"plan": plan.to_json(), "need": need.to_json(), "horizon": series.horizon.isoformat()}
    end = last_date(plan)
    if end is not None:
        fields = {name: value for name, value in rule_fields(rule).items() if name not in ("COUNT", "UNTIL")}
        # Counted visits are those of all days together: with fewer days the same last date stands for them.
        rule = rule_text({**fields, "UNTIL": f"{end:%Y%m%d}"})
    others = {day: times for day, times in plan.other_times.items() if WEEKDAY_CODES[day] not in days}
    schedule = replace(need.schedule, rrule=rule, times_per_period=None)
    if need.schedule.times_per_period and "DAILY" in (need.schedule.rrule or ""):
        schedule = replace(schedule, times=plan.times, window=None, daypart=None)
    series.plan = replace(plan, rrule=rule, other_times=others).to_json()
    series.need = replace(need, schedule=schedule).to_json()
    session.flush()
    query = select(Visit.id, Visit.starts).where(Visit.series_id == series.id, Visit.starts > now)
    query = query.where(col(Visit.status).in_(("requested", "offered", "planned")))
    ids = [number for number, starts in session.execute(query) if WEEKDAY_CODES[local(starts).weekday()] in days]
    moved = move_visits(session, ids, by, now, "changed")
    details = {"series": series.id, "days": sorted(days), "visits": [visit.id for visit in moved]}
    audit.record(session, "set_apart", now=now, who=by, recipient=series.recipient, details=details)
    return moved, before


def put_together(
    session: Session, series_id: int, before: Mapping[str, Any], visit_ids: Collection[int], by: Contact, now: datetime
) -> list[Visit]:
    """Give a series its weekdays back, and their visits; those put back. What was left out since stays so.

    Raises SlotTaken, with nothing changed, when the helper has been booked by another meanwhile; PermissionError when
    `by` may not act for the recipient.
    """
    series = acceptance.locked(session, series_id)
    may_act(session, series.recipient, by, now)
    with session.begin_nested():
        since = set(series.plan["exdates"])
        series.plan = {**before["plan"], "exdates": sorted(since | set(before["plan"]["exdates"]))}
        series.need = dict(before["need"])
        # Of the days that came within the horizon meanwhile the visits are made anew; those there are stay.
        series.horizon = min(series.horizon, date.fromisoformat(before["horizon"]))
        session.flush()
        return restore_visits(session, visit_ids, by, now)
