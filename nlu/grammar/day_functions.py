"""What a pattern's value may `call` to say which days: dates, weekdays, periods and how often. None: no such phrase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_UNITS = 400
FIRST_OF_INTERVAL = 5
"""From the fifth on "every fifth Friday" counts weeks; below it may be that of the month."""
FREQUENCY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


def begin_period(period: dict[str, Any]) -> dict[str, Any] | None:
    """From the beginning of a period on; None for one that was said from begin to end."""
    return None if "from" in period else {"from_period": period}


def interval(n: int, unit: str) -> dict[str, Any] | None:
    """Every `n` units."""
    if not 0 < n <= MOST_UNITS:
        return None
    if unit == "day" and n % 7 == 0:
        n, unit = n // 7, "week"
    return {"freq": FREQUENCY[unit], "interval": n}


def about_interval(n: int, unit: str) -> dict[str, Any] | None:
    """Every `n` units or so: which it is to be must be asked."""
    found = interval(n, unit)
    return None if found is None else {**found, "unsure": "days"}


def weekdays(first: str, last: str) -> list[str]:
    """The days of the week from `first` to `last`, over the weekend when need be."""
    start, end = WEEK.index(first), WEEK.index(last)
    return [WEEK[(start + step) % 7] for step in range((end - start) % 7 + 1)]


def dayset(key: str, part: str | None = None) -> dict[str, Any]:
    """Weekdays or weekends, as days that come back."""
    days = list(WEEK[:5]) if key == "workdays" else list(WEEK[5:])
    weekend = {} if key == "workdays" else {"weekend": True}
    return {"days": days, "every": True, **weekend, **({"part": part} if part else {})}


def of_weekend(days: Sequence[str], parts: Sequence[str] = ()) -> dict[str, Any] | None:
    """For "Every weekend: Friday and Saturday night": these days of each weekend.

    None for days that are in none, and for different `parts` of them.
    """
    if not set(days) <= set(WEEK[4:]) or len(set(parts)) > 1:
        return None
    return {"days": list(days), "every": True, **({"part": parts[0]} if parts else {})}


def yearly(date: dict[str, Any]) -> dict[str, Any] | None:
    """Every year on a date that has a month; None for others."""
    if not {"day", "month"} <= date.keys() or {"year", "is"} & date.keys():
        return None
    return {"freq": "YEARLY", "date": [date]}


def many(days: Sequence[str]) -> list[str] | None:
    """Several days in a row; None for one: abbreviations of days are words of their own."""
    return list(dict.fromkeys(days)) if len(days) > 1 else None


def days_but(days: Sequence[str], key: str | None = None, part: str | None = None) -> dict[str, Any] | None:
    """All days (or working days: `workdays`, as also where weekends are left out as well) but these."""
    left = [day for day in (WEEK[:5] if key == "workdays" else WEEK) if day not in days]
    return {"days": left, "every": True, **({"part": part} if part else {})} if left else None


def both_days(a: Sequence[str], b: Sequence[str], c: Sequence[str] = (), every: bool = True) -> dict[str, Any] | None:
    """Days of the week said one by one ("Saturday and Sundays", "every Monday and every Friday"), that come back.

    None when one of them is among the others: "not at weekends, and on Saturdays a visitor" names days of two needs.
    """
    if set(a) & set(b):
        return None
    return {"days": list(dict.fromkeys([*a, *b, *c])), **({"every": True} if every else {})}


def days_and(a: Sequence[str], b: Sequence[str]) -> dict[str, Any] | None:
    """Days that come back, the later ones several as well ("Mondays, every Wednesday and Friday").

    None for a single one behind them: it may be of the next need ("cleaning on Mondays, every Friday a walk").
    """
    return both_days(a, b) if len(b) > 1 else None


def seven_of_seven(said: dict[str, int]) -> dict[str, Any] | None:
    """For "7/7": all seven days, if it is no date in July, which is asked; None for other dates."""
    return {"freq": "DAILY", "unsure": "days"} if said == {"day": 7, "month": 7} else None


def from_after(said: dict[str, Any]) -> dict[str, Any]:
    """From the day after something said on."""
    return {"from": [beside(said, 1)]}


def day_beside(said: dict[str, Any], days: int) -> dict[str, Any]:
    """The date so many days after (before, when negative) something said."""
    return {"date": [beside(said, days)]}


def week_beside(said: dict[str, Any], weeks: int) -> dict[str, Any]:
    """The week so many weeks after (before, when negative) the week of something said."""
    return {"period": {"week_of": said, "weeks": weeks}}


def weekday_beside(weekday: str, said: dict[str, Any], n: int) -> dict[str, Any]:
    """The nth such weekday after (the last one before, when `n` is negative) something said."""
    return {"date": [{"weekday_after": weekday, "n": n, "said": said}]}


def month_dates(days: Sequence[int], month: int) -> list[dict[str, int]] | None:
    """Several days of a month; those before a lower number are of the month before ("25, 26 and 1 January")."""
    if not all(1 <= day <= 31 for day in days):
        return None
    falls = next((place for place in range(1, len(days)) if days[place] < days[place - 1]), 0)
    before = (month - 2) % 12 + 1
    return [{"day": day, "month": before if place < falls else month} for place, day in enumerate(days)]


def days_of_month(days: Sequence[int], last: dict[str, int]) -> list[dict[str, int]] | None:
    """Several days of a month, of which the last is said with it in digits ("5, 6 and 7/12")."""
    said = month_dates([*days, last["day"]], last["month"])
    return None if said is None else [*said[:-1], last]


def days_until(a: int, b: dict[str, int], inclusive: bool = True) -> dict[str, Any] | None:
    """From a day until another that is said with its month ("from 12 to 25/7", "10 to the 24th of July")."""
    days = month_dates([a, b["day"]], b["month"])
    return None if days is None else {"from": days[0], "until": b, "inclusive": inclusive}


def flat(groups: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The dates of several groups of dates in a row."""
    return [said for group in groups for said in group]


def nth_in_months(n: int, weekday: str, months: Sequence[int]) -> dict[str, Any]:
    """The nth such weekday of each of some months."""
    return {"date": [{"nth": n, "weekday": weekday, "month": month} for month in months]}


def year_start(year: int) -> dict[str, Any] | None:
    """From the beginning of a year on; None for a number that is none."""
    return {"from": [{"day": 1, "month": 1, "year": year}]} if 2000 <= year <= 2100 else None


def two_days_of(first: int, last: int, month: int, a: str, b: str) -> dict[str, Any]:
    """Two dates of a month, each with its weekday ("Tuesday 8 and Thursday 10 December")."""
    days = ((first, a), (last, b))
    return {"date": [{"day": day, "month": month, "is": name} for day, name in days]}


def nths(ns: Sequence[int], day: str, unsure: str | None = None, interval: int = 1) -> dict[str, Any] | None:
    """The first, third, last … such day of the month."""
    if any(not (1 <= n <= 5 or n in (-1, -2)) for n in ns):
        return None
    found: dict[str, Any] = {"nth": [[n, day] for n in ns], **({"interval": interval} if interval > 1 else {})}
    return {**found, "unsure": unsure} if unsure else found


def bare_nths(ns: Sequence[int], day: str) -> dict[str, Any] | None:
    """The same without "the" ("1st and 3rd Friday"); "last Friday" is rather past."""
    return nths(ns, day) if min(ns) > 0 else None


def nights(a: str, b: str, every: bool = False) -> dict[str, Any]:
    """The nights from one weekday until the morning of another ("Friday night to Sunday morning")."""
    count = (WEEK.index(b) - WEEK.index(a)) % len(WEEK) or 1
    row = [WEEK[(WEEK.index(a) + step) % len(WEEK)] for step in range(count)]
    return {"days": row, "part": "night", **({"every": True} if every else {})}


def overnight(a: str, b: Any, c: str, d: Any) -> dict[str, Any] | None:
    """From an hour of one day to an hour of the next ("Sat 9pm - Sun 7am"); None for days further apart."""
    return {"days": [a], "span": [b, d]} if (WEEK.index(c) - WEEK.index(a)) % len(WEEK) == 1 else None


def same_parts(days: Sequence[str], parts: Sequence[str], every: bool = False) -> dict[str, Any] | None:
    """Several days with the same part of the day; other parts make other needs."""
    if len(set(parts)) != 1:
        return None
    return {"days": list(days), "part": parts[0], **({"every": True} if every else {})}


def day_in_year(day: int, month: int, year: int) -> dict[str, int] | None:
    """A date with its year."""
    return {"day": day, "month": month, "year": year} if 2000 <= year <= 2100 else None


def day_of_month(day: int, month: int) -> dict[str, int] | None:
    """A month with a number that can be a day of it."""
    return {"day": day, "month": month} if 1 <= day <= 31 and 1 <= month <= 12 else None


def dashed(day: int, month: int, weekday: str | None = None) -> dict[str, Any] | None:
    """A date in digits such as 26-1, with its `weekday` if it was said; None for one that cannot be."""
    said = day_of_month(day, month)
    return said and {**said, **({"is": weekday} if weekday else {})}


def dashed_alone(day: int, month: int, weekday: str | None = None) -> dict[str, Any] | None:
    """A date in digits that no word says to be one; None for what may be hours ("9-11", or "22-7" for a night)."""
    night = 18 <= day <= 23 and 5 <= month <= 10
    return None if day <= 12 or night else dashed(day, month, weekday)


def until_day(first: int, last: dict[str, Any], inclusive: bool = True) -> dict[str, Any] | None:
    """From one day of a month until another ("from 12 until 23-7"); None where the first is no earlier day of it."""
    if not 1 <= first < last["day"]:
        return None
    begin = {key: last[key] for key in ("month", "year") if key in last}
    return {"from": {"day": first, **begin}, "until": last, "inclusive": inclusive}


def both_of_month(first: int, last: dict[str, Any]) -> dict[str, Any] | None:
    """Two days of a month ("on the 3rd and 10/12"); None where the first is no earlier day of it."""
    span = until_day(first, last)
    return span and {"date": [span["from"], last]}


def interval_on(n: int, days: Sequence[str]) -> dict[str, Any] | None:
    """Every `n` weeks on these days."""
    return {"freq": "WEEKLY", "interval": n, "days": list(days), "every": True} if 0 < n <= MOST_UNITS else None


def every_nth(n: int, unit: str = "week", days: Sequence[str] = ()) -> dict[str, Any] | None:
    """For "every eighth Thursday", "every tenth day": a month has no such one, or it is hardly meant."""
    if n < FIRST_OF_INTERVAL:
        return None
    return interval_on(n, days) if days else interval(n, unit)


def days_in_week(days: Sequence[str], week: int) -> dict[str, Any]:
    """Weekdays of this week or the next."""
    return {"date": [{"weekday": day, "week": week} for day in days]}


def night_before(day: int, month: int) -> dict[str, Any]:
    """The night that ends on a date."""
    return {"date": [beside({"day": day, "month": month}, -1)], "part": "night"}


def so_many_days(n: int, days: Sequence[str], part: str | None = None) -> dict[str, Any] | None:
    """For "Twice a week, on Monday and Friday" (two mornings, with the `part`); None when it is not so many."""
    if len(set(days)) != n:
        return None
    return {"days": list(days), "every": True, **({"part": part} if part else {})}


def days_beside(said: dict[str, Any], n: int, way: int) -> dict[str, Any]:
    """So many days after (`way` 1) or before (-1) something said."""
    return beside(said, n * way)


def beside(said: dict[str, Any], days: int) -> dict[str, Any]:
    """So many days after (before, when negative) something said."""
    return {"beside": said, "days": days}


def edge_of_month(n: int, month: int, last: bool = False) -> dict[str, Any]:
    """The first, or last, weeks of a month."""
    first = {"day": 1, "month": month}
    end = {"edge": "end", "month": month}
    ends = (
        {"from": beside(end, 1 - 7 * n), "until": end} if last else {"from": first, "until": beside(first, 7 * n - 1)}
    )
    return {"period": {**ends, "inclusive": True}}


def days_on(n: int, by: int = 1) -> dict[str, int]:
    """So many days further on, back when `by` is negative."""
    return {"days": n * by}


def earlier(minutes: list[int]) -> dict[str, list[int]]:
    """So many minutes earlier."""
    return {"minutes": [-lasting for lasting in minutes]}


def week_after(before: dict[str, Any], otherwise: int = 2) -> dict[str, Any]:
    """The week after the period or date that was named before; without any the one so many weeks ahead."""
    period = before.get("period", {})
    for key in ("week", "weekno"):
        if key in period:
            return {**period, key: period[key] + 1}
    if "week_of" in period:
        return {**period, "weeks": period.get("weeks", 0) + 1}
    if before.get("date"):
        # "At Good Friday and Easter …, the week after that": of the last of them.
        return {"week_of": before["date"][-1], "weeks": 1}
    if len(before.get("days", ())) == 1 and not before.get("every"):
        return {"week_of": {"weekday": before["days"][0]}, "weeks": 1}
    return {"week": otherwise} if not before else {"unknown": True}


def after_said(n: int, weekday: str, said: dict[str, Any]) -> dict[str, Any] | None:
    """The nth such weekday after something said; None for "the last … after"."""
    return {"weekday_after": weekday, "n": n, "said": said} if n > 0 else None


def month_span(a: int, b: int) -> dict[str, Any]:
    """From the beginning of one month to the end of another."""
    return {"from": {"day": 1, "month": a}, "until": {"edge": "end", "month": b}, "inclusive": True}


def three_months(a: int, b: int, c: int) -> dict[str, Any] | None:
    """Three months in a row, as one period; None for others."""
    return month_span(a, c) if (b - a) % 12 == (c - b) % 12 == 1 else None


def two_months(a: int, b: int) -> dict[str, Any] | None:
    """Two months in a row, as one period; None for others: between them nothing is wanted."""
    if (b - a) % 12 != 1:
        return None
    return {"from": {"day": 1, "month": a}, "until": {"edge": "end", "month": b}, "inclusive": True}
