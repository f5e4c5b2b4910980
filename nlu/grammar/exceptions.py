"""Which dates of a rule are left out: weekdays, dates, periods, and days such as "the first Sunday of the month"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from nlu.grammar.dates import Calendar
from nlu.grammar.functions import WEEK
from nlu.grammar.rules import Recurrence

HORIZON_DAYS = 26 * 7
"""How far ahead weekday exceptions are written out as dates, where they cannot be folded into the days of the rule."""


def weekdays_of(spoken: Mapping[str, Any]) -> list[str]:
    """The weekdays that an exception names without a date."""
    return list(spoken["days"]) if "days" in spoken and "period" not in spoken and "date" not in spoken else []


def dates_of(spoken: Mapping[str, Any], calendar: Calendar) -> list[date]:
    """The dates that an exception names."""
    if "date" in spoken or "also" in spoken:
        named = [*spoken.get("date", ()), *spoken.get("also", ())]
        return [day for said in named for day in calendar.dates(said)]
    if "period" in spoken:
        span = calendar.period(spoken["period"])
        if span:
            return [span[0] + timedelta(days=step) for step in range((span[1] - span[0]).days + 1)]
    if "nth" in spoken or "monthdays" in spoken:
        rule = Recurrence(
            "MONTHLY",
            nth=[(n, day) for n, day in spoken.get("nth", ())],
            monthdays=list(spoken.get("monthdays", ())),
        )
        ahead = (calendar.today + timedelta(days=step) for step in range(2 * HORIZON_DAYS))
        return [day for day in ahead if rule.matches(day)]
    return []


def left_out(
    rule: Recurrence, first: date, until: date | None, exceptions: Sequence[Mapping[str, Any]], calendar: Calendar
) -> list[date]:
    """The dates of a rule, from `first` to `until` (included), on which it does not fall."""
    days = {day for spoken in exceptions for day in dates_of(spoken, calendar)}
    gone = {name for spoken in exceptions for name in weekdays_of(spoken)}
    if gone and (rule.nth or rule.monthdays or (rule.freq == "DAILY" and rule.interval > 1)):
        ahead = (first + timedelta(days=step) for step in range(HORIZON_DAYS))
        days |= {day for day in ahead if WEEK[day.weekday()] in gone}
    return [
        day
        for day in days
        if day >= first and (until is None or day <= until) and rule.matches(day) and rule.in_step(first, day)
    ]
