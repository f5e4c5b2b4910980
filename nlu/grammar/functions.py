"""What a pattern's value may `call`: small sums over what its slots hold. None means: this is not such a phrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nlu.grammar.clocks import DAY, NOON, Clock, choose

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_DURATION = 24 * 60
MOST_UNITS = 400

FREQUENCY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


LEAST_SPOKEN_MINUTE = 5
MINUTES_SAID = (5, 10, 20)
"""The numbers of minutes before or past an hour that are said, of those that are hours as well or near it."""
LIKELY_SPAN = 8 * 60


def clock(
    hour: int, minute: int = 0, half: str | None = None, few: int = 0, spoken_minute: int | None = None
) -> Clock | None:
    """The clock time `minute` (may be negative) past an hour that was said; `half` is `am` or `pm`.

    Nobody says one to four minutes past an hour: a `spoken_minute` so small is the article of what follows ("om tien
    uur een afspraak"); and of minutes before one the round ones: "nine to five" are two hours.
    """
    if spoken_minute is not None and spoken_minute < LEAST_SPOKEN_MINUTE:
        return None
    if spoken_minute is not None and minute < 0 and spoken_minute % LEAST_SPOKEN_MINUTE:
        return None
    if not 0 <= hour <= 24 or few > 29 or not -60 <= minute < 60:
        return None
    total = hour * 60 + minute
    if half:
        if not 1 <= hour <= 12:
            return None
        total = total % NOON + (NOON if half == "pm" else 0)
        return Clock(total % DAY, open=False)
    return Clock(total % DAY, open=0 < hour <= 12)


def clock_24(hour: int, minute: int, leading_zero: bool = False) -> Clock | None:
    """The clock time of digits such as 9:30; a leading zero says that it is the 24-hour clock."""
    if hour > 24 or minute > 59:
        return None
    return Clock((hour * 60 + minute) % DAY, open=0 < hour <= 12 and not leading_zero)


def hours(n: float, m: float | None = None) -> list[int] | None:
    """A duration of `n` (to `m`) hours, in minutes; None for "9 to 11 hours", which are clock times."""
    if m is not None and n >= 6:
        return None
    return minutes(n, m, by=60)


def few_hours(n: int) -> list[int] | None:
    """A duration of at most four hours: of more, "acht uur" is a clock time."""
    return hours(n) if n <= 4 else None


def begin_period(period: dict[str, Any]) -> dict[str, Any] | None:
    """From the beginning of a period on; None for one that was said from begin to end."""
    return None if "from" in period else {"from_period": period}


def minutes(n: float, m: float | None = None, by: int = 1, plus: int = 0) -> list[int] | None:
    """A duration of `n` (to `m`) times `by` minutes and `plus` more, in minutes."""
    least, most = int(n * by + plus), int((n if m is None else m) * by + plus)
    return [least, most] if 0 < least <= most <= LONGEST_DURATION else None


def plus(a: float, b: float) -> float:
    """The sum; whole when it can be."""
    total = a + b
    return int(total) if total == int(total) else total


def minus(n: int) -> int:
    """The number below zero."""
    return -n


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
    return {"days": days, "every": True, **({"part": part} if part else {})}


def yearly(date: dict[str, Any]) -> dict[str, Any] | None:
    """Every year on a date that has a month; None for others."""
    if not {"day", "month"} <= date.keys() or {"year", "is"} & date.keys():
        return None
    return {"freq": "YEARLY", "date": [date]}


def many(days: Sequence[str]) -> list[str] | None:
    """Several days in a row; None for one: abbreviations of days are words of their own."""
    return list(dict.fromkeys(days)) if len(days) > 1 else None


def day_at(day: str, clock: Clock) -> dict[str, Any]:
    """A day and an hour."""
    return {"days": [day], "times": [clock]}


def days_but(days: Sequence[str], key: str | None = None, part: str | None = None) -> dict[str, Any] | None:
    """All days (or working days: `workdays`, as also where weekends are left out as well) but these."""
    left = [day for day in (WEEK[:5] if key == "workdays" else WEEK) if day not in days]
    return {"days": left, "every": True, **({"part": part} if part else {})} if left else None


def with_one(before: Sequence[Clock], after: Sequence[Clock]) -> dict[str, Any]:
    """Clock times with one o'clock between them, where "one" is also the article."""
    return {"times": [*before, Clock(60), *after]}


def both_days(a: Sequence[str], b: Sequence[str], c: Sequence[str] = (), every: bool = True) -> dict[str, Any]:
    """Days of the week said one by one ("Saturday and Sundays", "every Monday and every Friday"), that come back."""
    return {"days": list(dict.fromkeys([*a, *b, *c])), **({"every": True} if every else {})}


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


def titled(name: str) -> str:
    """The name of somebody who was called Mrs or Mr."""
    return name


def nths(ns: Sequence[int], day: str, unsure: str | None = None, interval: int = 1) -> dict[str, Any] | None:
    """The first, third, last … such day of the month."""
    if any(not (1 <= n <= 5 or n in (-1, -2)) for n in ns):
        return None
    found: dict[str, Any] = {"nth": [[n, day] for n in ns], **({"interval": interval} if interval > 1 else {})}
    return {**found, "unsure": unsure} if unsure else found


def lasting_per(dur: list[int], unit: str) -> dict[str, Any]:
    """So long per day, week and so on."""
    return {"dur": dur, "freq": FREQUENCY[unit]}


def lasting_part(dur: list[int], part: str) -> dict[str, Any]:
    """So long per morning, night and so on."""
    return {"dur": dur, "freq": "DAILY", "part": part}


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


def late_day_of_month(day: int, month: int, weekday: str) -> dict[str, Any] | None:
    """A date with its weekday and a hyphen ("dinsdag 16-11"); None for what may as well be hours ("dinsdag 9-12")."""
    return {"day": day, "month": month, "is": weekday} if 12 < day <= 31 and 1 <= month <= 12 else None


def interval_on(n: int, days: Sequence[str]) -> dict[str, Any] | None:
    """Every `n` weeks on these days."""
    return {"freq": "WEEKLY", "interval": n, "days": list(days), "every": True} if 0 < n <= MOST_UNITS else None


def many_times(clocks: Sequence[Clock], last: Clock | None = None) -> dict[str, Any] | None:
    """Several clock times in a row, with or without "and"; None for one."""
    times = [*clocks, *([last] if last is not None else [])]
    return {"times": times} if len(times) > 1 else None


def days_in_week(days: Sequence[str], week: int) -> dict[str, Any]:
    """Weekdays of this week or the next."""
    return {"date": [{"weekday": day, "week": week} for day in days]}


def night_before(day: int, month: int) -> dict[str, Any]:
    """The night that ends on a date."""
    return {"date": [beside({"day": day, "month": month}, -1)], "part": "night"}


def in_half(clock: Clock, half: str) -> Clock | None:
    """The clock time in the half of the day that was said; None when it was settled already."""
    if not clock.open:
        return None
    return Clock(clock.minutes % NOON + (NOON if half == "pm" else 0), open=False)


def timed_pair(a: Clock, b: Clock, x: str, y: str) -> dict[str, Any] | None:
    """Two clock times, each with its part of the day; None when one cannot be in it."""
    times = [choose(a, x), choose(b, y)]
    settled = [Clock(minutes, open=False) for minutes in times if minutes is not None]
    return {"times": settled, "partly": True, "bound": True} if len(settled) == len(times) else None


def span_in_part(a: Clock, b: Clock, part: str, key: str = "span") -> dict[str, Any] | None:
    """A span with its part of the day behind it; None when it is not all in it ("van tien tot vier 's middags")."""
    first, last = choose(a, part), choose(b, part)
    if first is None or last is None or last <= first:
        return None
    return {key: [a, b], "part": part, "partly": True, "adverb": True, "bound": True}


def short_span(a: Clock, b: Clock) -> dict[str, Any] | None:
    """Two bare numbers as a span of hours; None when they can be a number of hours or times ("two to three").

    "Ten to nine" is no span of eleven hours but a clock time, and "ten to eleven" may be either.
    """
    if max(a.minutes, b.minutes) < 7 * 60:
        return None
    if a.minutes // 60 not in MINUTES_SAID:
        return {"span": [a, b]}
    length = (b.minutes - a.minutes) % NOON
    return {"span": [a, b], "vague": "time"} if 0 < length <= LIKELY_SPAN else None


def placed_span(a: Clock, b: Clock, part: str, key: str) -> dict[str, Any] | None:
    """A span that lies whole in a part of the day ("from seven to eight in the evening"); None for others."""
    start, end = choose(a, part), choose(b, part)
    if part not in ("morning", "afternoon", "evening") or start is None or end is None or start >= end:
        return None
    return {key: [a, b], "part": part}


def dashed(day: int, month: int) -> dict[str, int] | None:
    """A date in digits such as 26-1; None for one that cannot be."""
    return {"day": day, "month": month} if 1 <= day <= 31 and 1 <= month <= 12 else None


def dashed_alone(day: int, month: int) -> dict[str, int] | None:
    """A date in digits that no word says to be one; None for what may be hours ("9-11", or "22-7" for a night)."""
    night = 18 <= day <= 23 and 5 <= month <= 10
    return None if day <= 12 or night else dashed(day, month)


def so_many_days(n: int, days: Sequence[str]) -> dict[str, Any] | None:
    """For "Twice a week, on Monday and Friday"; None when it is not so many."""
    return {"days": list(days), "every": True} if len(set(days)) == n else None


def days_beside(said: dict[str, Any], n: int, way: int) -> dict[str, Any]:
    """So many days after (`way` 1) or before (-1) something said."""
    return beside(said, n * way)


def before_hour(hour: Clock) -> dict[str, Any] | None:
    """Before an hour; None for one so low that a duration is meant ("voor twee uur")."""
    return {"before": hour} if hour.minutes >= 7 * 60 else None


def hour_alone(hour: Clock) -> Clock | None:
    """A whole hour said without "at"; None for one so low that a duration is meant ("twee uur schoonmaken")."""
    return hour if not 60 <= hour.minutes <= 4 * 60 else None


def about_hour(hour: int) -> Clock | None:
    """For "Een uur of acht" as a clock time: of one to four hours it is a duration."""
    return clock(hour) if hour > 4 else None


def span_from_one(end: Clock, key: str = "span") -> dict[str, Any]:
    """From one o'clock, where "one" is also the article."""
    return {key: [Clock(60), end]}


def span_to_one(start: Clock, key: str = "span") -> dict[str, Any]:
    """Until one o'clock, where "one" is also the article."""
    return {key: [start, Clock(60)]}


def placed(hour: Clock, part: str) -> Clock | None:
    """A clock time with its part of the day ("elf uur 's avonds"); None when it cannot be in it."""
    minutes = choose(hour, part)
    return None if minutes is None else Clock(minutes, open=False)


def beside(said: dict[str, Any], days: int) -> dict[str, Any]:
    """So many days after (before, when negative) something said."""
    return {"beside": said, "days": days}


def after_said(n: int, weekday: str, said: dict[str, Any]) -> dict[str, Any] | None:
    """The nth such weekday after something said; None for "the last … after"."""
    return {"weekday_after": weekday, "n": n, "said": said} if n > 0 else None


def month_span(a: int, b: int) -> dict[str, Any]:
    """From the beginning of one month to the end of another."""
    return {"from": {"day": 1, "month": a}, "until": {"edge": "end", "month": b}, "inclusive": True}


def two_months(a: int, b: int) -> dict[str, Any] | None:
    """Two months in a row, as one period; None for others: between them nothing is wanted."""
    if (b - a) % 12 != 1:
        return None
    return {"from": {"day": 1, "month": a}, "until": {"edge": "end", "month": b}, "inclusive": True}


FUNCTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        clock,
        hours,
        minutes,
        plus,
        minus,
        interval,
        weekdays,
        dayset,
        nths,
        lasting_per,
        lasting_part,
        same_parts,
        day_in_year,
        day_of_month,
        late_day_of_month,
        interval_on,
        in_half,
        many_times,
        days_in_week,
        night_before,
        hour_alone,
        placed,
        beside,
        after_said,
        two_months,
        days_but,
        many,
        yearly,
        day_at,
        titled,
        about_hour,
        span_from_one,
        span_to_one,
        few_hours,
        begin_period,
        timed_pair,
        both_days,
        month_span,
        about_interval,
        year_start,
        two_days_of,
        with_one,
        weekday_beside,
        month_dates,
        flat,
        nth_in_months,
        from_after,
        day_beside,
        week_beside,
        short_span,
        span_in_part,
        before_hour,
        placed_span,
        dashed,
        dashed_alone,
        so_many_days,
        days_beside,
    )
}
