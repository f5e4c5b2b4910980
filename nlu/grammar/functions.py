"""What a pattern's value may `call`: small sums over what its slots hold. None means: this is not such a phrase.

Those of clock times and durations stand here, those of days in day_functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nlu.grammar import day_functions as days
from nlu.grammar.clocks import DAY, NOON, Clock, choose

LONGEST_DURATION = 24 * 60


LEAST_SPOKEN_MINUTE = 5
MINUTES_SAID = (5, 10, 20)
"""The numbers of minutes before or past an hour that are said, of those that are hours as well or near it."""
LIKELY_SPAN = 8 * 60
MOST_VISITS = 2
"""So many in a part of the day may be visits or tablets ("one in the morning, two at night") instead of an hour."""


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


def late_hour(hour: int) -> Clock | None:
    """The hour of a clock of 24 hours ("at 9 and 21 hours"); None for one that may be a length as well."""
    return Clock(hour * 60, open=False) if 12 < hour < 24 else None


def day_at(day: str, clock: Clock) -> dict[str, Any]:
    """A day and an hour."""
    return {"days": [day], "times": [clock]}


def day_with(day: str, clock: Clock) -> dict[str, Any]:
    """A day and an hour said without "at", which of so low an hour may be a length ("di 3 uur, vr 2 uur")."""
    low = hour_alone(clock) is None and clock.open
    return {**day_at(day, clock), **({"or_length": [clock.minutes, clock.minutes]} if low else {})}


def both_halves(a: Clock, b: Clock) -> dict[str, Any] | None:
    """For "Eight and eight": the same hour in the morning and in the evening; None for two other numbers."""
    return {"times": [a, b]} if a == b and 6 * 60 <= a.minutes <= NOON else None


def with_one(before: Sequence[Clock], after: Sequence[Clock]) -> dict[str, Any]:
    """Clock times with one o'clock between them, where "one" is also the article."""
    return {"times": [*before, Clock(60), *after]}


def titled(name: str) -> str:
    """The name of somebody who was called Mrs or Mr."""
    return name


def lasting_per(dur: list[int], unit: str) -> dict[str, Any]:
    """So long per day, week and so on."""
    return {"dur": dur, "freq": days.FREQUENCY[unit], **({"a_day": True} if unit == "day" else {})}


def lasting_part(dur: list[int], part: str) -> dict[str, Any]:
    """So long per morning, night and so on."""
    return {"dur": dur, "freq": "DAILY", "part": part}


def many_times(clocks: Sequence[Clock], last: Clock | None = None) -> dict[str, Any] | None:
    """Several clock times in a row, with or without "and"; None for one."""
    times = [*clocks, *([last] if last is not None else [])]
    return {"times": times} if len(times) > 1 else None


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

    "Ten to nine" is no span of eleven hours but a clock time, and "ten to eleven" may be either; "twenty to eleven" is
    none either, since nobody counts the hours of one to twenty-four and of the other to twelve.
    """
    if max(a.minutes, b.minutes) < 7 * 60 or (a.minutes > NOON + 60 > b.minutes and a.minutes // 60 in MINUTES_SAID):
        return None
    if a.minutes // 60 not in MINUTES_SAID:
        return {"span": [a, b]}
    length = (b.minutes - a.minutes) % NOON
    return {"span": [a, b], "vague": "time"} if 0 < length <= LIKELY_SPAN else None


def span_on(days: list[str], a: Clock, b: Clock, part: str | None = None, every: bool = False) -> dict[str, Any] | None:
    """Two bare numbers behind a day, as a span ("Thursdays one to four"); None where the first is rather of minutes."""
    if a.minutes // 60 in MINUTES_SAID:
        return None
    said: dict[str, Any] = {"days": days, "span": [a, b]}
    return {**said, **({"part": part} if part else {}), **({"every": True} if every else {})}


def hours_span(a: Clock, b: Clock) -> dict[str, Any] | None:
    """For "at nine to eleven"; None where the first is rather of minutes ("at ten to eleven")."""
    return None if a.minutes // 60 in MINUTES_SAID and not a.minutes % 60 else {"span": [a, b]}


def placed_span(a: Clock, b: Clock, part: str, key: str) -> dict[str, Any] | None:
    """A span that lies whole in a part of the day ("from seven to eight in the evening"); None for others."""
    start, end = choose(a, part), choose(b, part)
    if part not in ("morning", "afternoon", "evening") or start is None or end is None or start >= end:
        return None
    return {key: [a, b], "part": part}


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


def hour_in_part(hour: Clock, part: str, freq: str | None = None) -> dict[str, Any] | None:
    """A bare number with its part of the day ("nine in the morning"); None for one or two, which may be visits."""
    minutes = choose(hour, part)
    if minutes is None or hour.minutes <= MOST_VISITS * 60:
        return None
    often = {"freq": freq} if freq else {}
    return {"times": [Clock(minutes, open=False)], "part": part, "bound": True, **often}


def hour_on(hour: Clock, days: list[str]) -> dict[str, Any] | None:
    """A bare number with the day it is on ("three every Tuesday"); None for one or two, which may be visits."""
    return {"times": [hour], "days": days, "every": True} if hour.minutes > MOST_VISITS * 60 else None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        clock,
        hours,
        minutes,
        plus,
        minus,
        days.interval,
        days.weekdays,
        days.dayset,
        days.nths,
        lasting_per,
        lasting_part,
        days.same_parts,
        days.day_in_year,
        days.day_of_month,
        days.until_day,
        days.both_of_month,
        days.every_nth,
        days.interval_on,
        in_half,
        many_times,
        days.days_in_week,
        days.night_before,
        hour_alone,
        placed,
        hour_in_part,
        hour_on,
        span_on,
        days.beside,
        days.after_said,
        days.days_on,
        days.earlier,
        days.edge_of_month,
        days.two_months,
        days.three_months,
        days.days_but,
        days.many,
        days.yearly,
        days.of_weekend,
        day_at,
        day_with,
        both_halves,
        titled,
        about_hour,
        span_from_one,
        span_to_one,
        few_hours,
        late_hour,
        days.begin_period,
        timed_pair,
        days.both_days,
        days.month_span,
        days.about_interval,
        days.year_start,
        days.two_days_of,
        with_one,
        days.weekday_beside,
        days.month_dates,
        days.days_of_month,
        days.days_until,
        days.days_and,
        days.seven_of_seven,
        days.flat,
        days.nth_in_months,
        days.bare_nths,
        days.nights,
        days.overnight,
        days.from_after,
        days.day_beside,
        days.week_beside,
        short_span,
        span_in_part,
        before_hour,
        placed_span,
        hours_span,
        days.dashed,
        days.dashed_alone,
        days.so_many_days,
        days.days_beside,
    )
}
