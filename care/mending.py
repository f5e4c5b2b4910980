"""Mend a need with what was said about it later: an answer, a correction, a wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from care.needs import Need, Preferences
from care.plans import WEEKDAY_CODES, rule_fields
from care.schedule import DAYPARTS, Schedule

EXPLICIT_START = timedelta(days=8)
"""A start further off than any rule would put it was said, and stays."""


def mend(need: Need, said: Need, now: datetime) -> Need:
    """The need with everything that `said` tells put in its place; what was not said stays.

    `now` is aware, local. A single weekday said of a recurring need names its day.
    """
    service = said.service or need.service
    schedule = _on_the_day(_dates(need.schedule, said.schedule, now.date()), said.schedule)
    if said.schedule.duration_minutes is not None:
        schedule = replace(schedule, duration_minutes=said.schedule.duration_minutes)
    preferences = Preferences(**{**need.preferences.to_json(), **said.preferences.to_json()})
    schedule = first_to_come(schedule, now)
    # What the later words leave open is open only where they told something of it: "at ten" says nothing of days.
    open_too = [word for word in said.ask if word not in need.ask and (word != "phase" or said.schedule.rrule)]
    ask = tuple(word for word in (*need.ask, *open_too) if not _told(word, service, need, schedule))
    return Need(service, schedule, preferences, ask)


def first_to_come(schedule: Schedule, now: datetime) -> Schedule:
    """The schedule with `dtstart` at the first date it allows that is not over yet at `now` (aware, local).

    A single visit stays on its date. Raises ValueError when the rule is no RRULE.
    """
    if schedule.rrule is None or schedule.dtstart is None:
        return schedule
    today = now.date()
    earliest = max(schedule.dtstart, today)
    if earliest == today and _over(schedule, now.time()):
        earliest = today + timedelta(days=1)
    rule = _without_count(schedule.rrule)
    interval = int(rule_fields(schedule.rrule).get("INTERVAL", "1"))
    # A rule that skips (every other week) keeps its phase when its first date is still to come; else it starts anew.
    anchor = schedule.dtstart if interval == 1 or schedule.dtstart >= earliest else earliest
    found = rrulestr(rule, dtstart=datetime.combine(anchor, time())).after(datetime.combine(earliest, time()), inc=True)
    return schedule if found is None else replace(schedule, dtstart=found.date())


def _without_count(rule: str) -> str:
    return ";".join(piece for piece in rule.split(";") if not piece.startswith(("COUNT=", "UNTIL=")))


def _over(schedule: Schedule, clock: time) -> bool:
    if schedule.times:
        return max(schedule.times) <= clock
    if schedule.window and schedule.window[0] < schedule.window[1]:
        return schedule.window[1] <= clock
    return False


def _told(word: str, service: str | None, need: Need, schedule: Schedule) -> bool:
    """Whether something to be asked is known by now."""
    return {
        "service": service is not None,
        "time": schedule.has_time(),
        "days": schedule.dtstart is not None and (not schedule.times_per_period or "BYDAY" in (schedule.rrule or "")),
        "variant": service != need.service,
        "phase": False,
    }.get(word, False)


def _on_the_day(schedule: Schedule, said: Schedule) -> Schedule:
    """The clock times, window and part of the day, as said last."""
    if said.times:
        daypart, window = said.daypart, said.window
        if daypart is None and window is None and schedule.daypart:
            first, last = DAYPARTS[schedule.daypart]
            if first <= said.times[0] < last:
                daypart, window = schedule.daypart, schedule.window
        return replace(schedule, times=said.times, window=window, daypart=daypart)
    if said.window:
        return replace(schedule, times=(), window=said.window, daypart=said.daypart)
    return schedule


def _dates(old: Schedule, said: Schedule, today: date) -> Schedule:
    """Which dates, as said last; an end or a late start that was said before stays."""
    if said.rrule is None and said.dtstart is None:
        return _with_exceptions(old, said)
    if said.rrule is None:
        if old.rrule is None:
            return replace(old, dtstart=said.dtstart)
        assert said.dtstart is not None  # noqa: S101 - checked above
        return _weekly_on(old, said.dtstart)
    ends = [piece for piece in (old.rrule or "").split(";") if piece.startswith(("UNTIL=", "COUNT="))]
    rule = said.rrule if not ends or "UNTIL=" in said.rrule or "COUNT=" in said.rrule else f"{said.rrule};{ends[0]}"
    dtstart = said.dtstart
    days = _weekdays_of(old)
    if days and rule_fields(rule).get("FREQ") == "WEEKLY" and "BYDAY" not in rule and not said.times_per_period:
        # "Every week", or "every other week", said of the Tuesdays that were named.
        rule, dtstart = f"{rule};BYDAY={days}", old.dtstart
    if old.dtstart and dtstart and old.dtstart >= today + EXPLICIT_START and dtstart < old.dtstart:
        dtstart = old.dtstart
    schedule = replace(old, rrule=rule, dtstart=dtstart, times_per_period=said.times_per_period)
    return _with_exceptions(schedule, said)


def _weekdays_of(old: Schedule) -> str:
    """The weekdays on which a schedule falls, as in a rule; nothing where it names none, or where not all weeks do."""
    if old.rrule is None:
        return WEEKDAY_CODES[old.dtstart.weekday()] if old.dtstart else ""
    fields = rule_fields(old.rrule)
    return fields.get("BYDAY", "") if fields.get("FREQ") == "WEEKLY" else ""


def _with_exceptions(schedule: Schedule, said: Schedule) -> Schedule:
    """The schedule, without the dates that were said to be left out either."""
    dates = tuple(sorted({*schedule.exdates, *said.exdates}))
    return replace(schedule, exdates=dates, exrules=tuple(dict.fromkeys((*schedule.exrules, *said.exrules))))


def _weekly_on(old: Schedule, day: date) -> Schedule:
    """A recurring schedule with its day moved to the weekday of `day`."""
    parts = rule_fields(old.rrule or "")
    kept = {name: parts[name] for name in ("INTERVAL", "UNTIL", "COUNT") if name in parts and parts["FREQ"] == "WEEKLY"}
    kept |= {name: parts[name] for name in ("UNTIL", "COUNT") if name in parts}
    rule = ";".join(
        ["FREQ=WEEKLY", *(f"{name}={value}" for name, value in kept.items()), f"BYDAY={WEEKDAY_CODES[day.weekday()]}"]
    )
    return replace(old, rrule=rule, dtstart=day, times_per_period=None)
