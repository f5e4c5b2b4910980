"""Which dates of a rule are left out: weekdays, dates, periods, and days such as "the first Sunday of the month"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date, timedelta
from typing import Any

from nlu.grammar.attach import FULL_STOP, Block
from nlu.grammar.dates import Calendar
from nlu.grammar.day_functions import WEEK
from nlu.grammar.frames import DAY_KEYS, is_daily
from nlu.grammar.rules import Recurrence

HORIZON_DAYS = 26 * 7
"""How far ahead weekday exceptions are written out as dates, where they cannot be folded into the days of the rule. For
later on they are kept as rules of their own.
"""

_LIMITS = frozenset({"until", "lasting", "period", "from", "from_period"})


def weekdays_of(spoken: Mapping[str, Any]) -> list[str]:
    """The weekdays that an exception names without a date."""
    return list(spoken["days"]) if "days" in spoken and "period" not in spoken and "date" not in spoken else []


def says_all_but(said: Mapping[str, Any], exceptions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether days are said only by those that are left out, beside an end: "until May, only not on Saturdays"."""
    limited = {"until", "lasting"} & said.keys() or "from" in said.get("period", ())
    return bool(limited) and not says_days(said) and any(weekdays_of(spoken) for spoken in exceptions)


def out_of_all(blocks: Sequence[Block], daily: Set[str]) -> None:
    """For "Stockings on in the morning and off in the evening but not at the weekend": the days are left out of both.

    Only of what goes without saying every day, where nothing names days; that some are left out says that it is so.
    """
    row: list[Block] = []
    for block in blocks:
        plain = bool(block.services) and set(block.services) <= daily and not says_days(block.frame.said)
        if block.boundary == FULL_STOP or not plain:
            row = []
        if not plain or _LIMITS & block.frame.said.keys():
            continue
        row.append(block)
        out = [gone for gone in block.exceptions if weekdays_of(gone)]
        if not out or out != block.exceptions or not block.frame.has_time:
            continue
        for other in row:
            other.exceptions = other.exceptions or list(out)
            other.frame.said["freq"] = "DAILY"


def out_of_others(blocks: Sequence[Block]) -> None:
    """For "A walk every day and a shower on Mondays not at weekends": said behind the one it leaves out of the other.

    Which are meant is asked, since "on Mondays, not on Tuesdays" may as well be said of the Mondays alone.
    """
    row: list[Block] = []
    for block in blocks:
        row = [] if block.boundary == FULL_STOP else row
        days = set(block.frame.said.get("days", ()))
        for gone in block.exceptions:
            out = set(weekdays_of(gone))
            # "Lunch on weekdays (my sister brings it at the weekend)" is of the lunch alone.
            elsewhere = out and days and not days & out and days | out != set(WEEK)
            for other in row if elsewhere else ():
                if other.services and gone not in other.exceptions and _falls_on(other.frame.said, out):
                    other.exceptions = [*other.exceptions, gone]
                    other.frame.unsure.add("days")
        row.append(block)


def _falls_on(said: Mapping[str, Any], days: Set[str]) -> bool:
    """Whether something that comes back each day, or on days of the week, falls on one of these."""
    daily = is_daily(said)
    return daily or bool(days & set(said.get("days", ())))


def on_the_others(block: Block) -> bool:
    """Whether weekdays are named beside others that are always left out ("my son cooks at weekends, so Mon, Tue …")."""
    days = block.frame.said.get("days", ())
    out = [gone for gone in block.exceptions if gone.get("weekend") or gone.get("every")]
    return len(days) > 1 and any(weekdays_of(gone) and not set(weekdays_of(gone)) & set(days) for gone in out)


def out_of_later(block: Block, calendar: Calendar) -> bool:
    """Whether a later one of the weekdays that are named is left out: "Wed 9-12 (not 23 Dec)" is every week."""
    days = set(block.frame.said.get("days", ()))
    dates = [day for gone in block.exceptions if gone.keys() & {"date", "period"} for day in dates_of(gone, calendar)]
    return len(days) == 1 and any(
        WEEK[day.weekday()] in days and day - calendar.today > timedelta(days=len(WEEK)) for day in dates
    )


def says_days(said: Mapping[str, Any]) -> bool:
    """Whether days are named, or how often, or that it is once."""
    return bool((DAY_KEYS | {"per", "once", "count"}) & said.keys())


def dates_of(spoken: Mapping[str, Any], calendar: Calendar, first: date | None = None) -> list[date]:
    """The dates that an exception names; a day of the month without its month is the one from `first` on."""
    if "date" in spoken or "also" in spoken:
        named = [*spoken.get("date", ()), *spoken.get("also", ())]
        return [
            day
            for said in named
            for day in calendar.dates(said, first if "day" in said and "month" not in said else None)
        ]
    if "period" in spoken:
        span = calendar.period(spoken["period"])
        if span:
            return [span[0] + timedelta(days=step) for step in range((span[1] - span[0]).days + 1)]
    rules = _monthly(spoken)
    ahead = [calendar.today + timedelta(days=step) for step in range(2 * HORIZON_DAYS)] if rules else []
    return [day for day in ahead if any(rule.matches(day) for rule in rules)]


def _monthly(spoken: Mapping[str, Any]) -> list[Recurrence]:
    """The days of every month that an exception names."""
    found = []
    if "nth" in spoken:
        found.append(Recurrence("MONTHLY", nth=[(n, day) for n, day in spoken["nth"]]))
    if "monthdays" in spoken:
        found.append(Recurrence("MONTHLY", monthdays=list(spoken["monthdays"])))
    return found


def rules_of(rule: Recurrence, exceptions: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is left out of a rule again and again, as RFC 5545 rules: weekdays of one that does not go by them, and days
    of the month.
    """
    found = [one for spoken in exceptions if not {"date", "also", "period"} & spoken.keys() for one in _monthly(spoken)]
    gone = {name for spoken in exceptions for name in weekdays_of(spoken)}
    if gone and _not_by_weekdays(rule):
        found.append(Recurrence("WEEKLY", days=sorted(gone, key=WEEK.index)))
    return [one.text() for one in found]


def _not_by_weekdays(rule: Recurrence) -> bool:
    """Whether weekdays cannot just be taken from the days of a rule."""
    return bool(rule.nth or rule.monthdays) or (rule.freq == "DAILY" and rule.interval > 1)


def left_out(
    rule: Recurrence, first: date, until: date | None, exceptions: Sequence[Mapping[str, Any]], calendar: Calendar
) -> list[date]:
    """The dates of a rule, from `first` to `until` (included), on which it does not fall."""
    days = {day for spoken in exceptions for day in dates_of(spoken, calendar, first)}
    gone = {name for spoken in exceptions for name in weekdays_of(spoken)}
    if gone and _not_by_weekdays(rule):
        ahead = (first + timedelta(days=step) for step in range(HORIZON_DAYS))
        days |= {day for day in ahead if WEEK[day.weekday()] in gone}
    return [
        day
        for day in days
        if day >= first and (until is None or day <= until) and rule.matches(day) and rule.in_step(first, day)
    ]
