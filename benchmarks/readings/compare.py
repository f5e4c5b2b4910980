"""Whether an answered need is the expected one: dates, clock times, windows, and the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any

from dateutil.rrule import rrulestr

from benchmarks.readings.figures import DAY, DAYPARTS, HORIZON, MEDICATION_FAMILY, MIN_IOU, Json, UnreadableError


def iso_date(value: object) -> date:
    """The date of an ISO date or date-time, in a year that a reading can be about."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d([T ].*)?", value, re.ASCII):
        raise UnreadableError(f"not an ISO date: {value!r}")
    try:
        day = date.fromisoformat(value[:10])
    except ValueError as error:
        raise UnreadableError(f"not a date: {value!r}") from error
    if not 1900 <= day.year < 2200:
        raise UnreadableError(f"not a date of our time: {value!r}")
    return day


RULE_PARTS = frozenset(
    "FREQ INTERVAL COUNT UNTIL WKST BYMONTH BYWEEKNO BYYEARDAY BYMONTHDAY BYDAY BYSETPOS "
    "BYHOUR BYMINUTE BYSECOND".split()
)
CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")


def rule_parts(rule: str) -> dict[str, str]:
    """The parts of an RRULE value, checked for what dateutil would not survive (such as INTERVAL=0)."""
    parts: dict[str, str] = {}
    for piece in "".join(rule.upper().split()).removeprefix("RRULE:").split(";"):
        if not piece:
            continue
        name, _, value = piece.partition("=")
        if name not in RULE_PARTS or name in parts or not value:
            raise UnreadableError(f"bad part {piece!r} in rule {rule!r}")
        parts[name] = value
    if parts.get("FREQ") not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        raise UnreadableError(f"no usable FREQ in rule {rule!r}")
    for name in ("INTERVAL", "COUNT"):
        if not re.fullmatch(r"0*[1-9]\d{0,4}", parts.get(name, "1"), re.ASCII):
            raise UnreadableError(f"bad {name} in rule {rule!r}")
    return parts


@lru_cache(maxsize=4096)
def rule_dates(rule: str, first: date, end: date) -> frozenset[date]:
    """The dates of a rule that starts on `first`, before `end`."""
    parts = rule_parts(rule)
    last = end - timedelta(days=1)
    if until := parts.pop("UNTIL", None):
        found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)(T|$)", until, re.ASCII)
        try:
            last = min(last, date(*map(int, found.groups()[:3])) if found else date.min)
        except ValueError:
            found = None
        if not found:
            raise UnreadableError(f"bad UNTIL in rule {rule!r}")
    for name in CLOCK_PARTS:
        parts.pop(name, None)
    dates: set[date] = set()
    try:
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        for moment in rrulestr(text, dtstart=datetime.combine(first, time())):
            if moment.date() > last:
                break
            dates.add(moment.date())
    except Exception as error:  # dateutil raises many kinds on odd rules
        raise UnreadableError(f"bad rule {rule!r}: {error}") from error
    return frozenset(dates)


def occurrence_dates(need: Mapping[str, Any], start: date, end: date) -> frozenset[date] | None:
    """The dates of a need from `start` until before `end`; None when it gives neither rule nor date."""
    rule, dtstart = need.get("rrule"), need.get("dtstart")
    if rule is None and dtstart is None:
        return None
    first = iso_date(dtstart)
    if rule is None:
        dates = frozenset({first})
    elif isinstance(rule, str):
        dates = rule_dates(rule, first, end)
    else:
        raise UnreadableError(f"rrule is not a string: {rule!r}")
    left_out = {iso_date(value) for value in list_of(need.get("exdates"), "exdates")}
    return frozenset(day for day in dates if start <= day < end and day not in left_out)


def horizon_end(expected: Mapping[str, Any], now: date) -> date:
    """Where the comparison of dates stops: 26 weeks from now, or from a dtstart that lies beyond that."""
    dtstart = expected.get("dtstart")
    first = now if dtstart is None else iso_date(dtstart)
    return (first if first >= now + HORIZON else now) + HORIZON


# ---------------------------------------------------------------------------------------------------------------------
# Clock times and windows


def list_of(value: object, name: str) -> list[Any]:
    """A list, where null stands for the empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableError(f"{name} is not a list: {value!r}")
    return value


def minutes(value: object) -> int:
    """Minutes after midnight of HH:MM (24:00 included)."""
    found = re.fullmatch(r"(\d\d?):([0-5]\d)(:[0-5]\d)?", value, re.ASCII) if isinstance(value, str) else None
    if not found or (total := int(found[1]) * 60 + int(found[2])) > DAY:
        raise UnreadableError(f"not a clock time: {value!r}")
    return total


def clock_times(need: Mapping[str, Any]) -> frozenset[int]:
    """The clock times of a need, in minutes after midnight."""
    return frozenset(minutes(value) for value in list_of(need.get("times"), "times"))


@dataclass(frozen=True)
class Span:
    """A part of the day, in minutes; `end` is past 24 hours for one that ends on the next day."""

    start: int
    end: int

    @classmethod
    def of(cls, bounds: object) -> Span:
        """The span of a `[from, until]` pair."""
        if not isinstance(bounds, (list, tuple)) or len(bounds) != 2:
            raise UnreadableError(f"not a window: {bounds!r}")
        start, end = minutes(bounds[0]), minutes(bounds[1])
        if start == end:
            raise UnreadableError(f"an empty window: {bounds!r}")
        return cls(start, end if end > start else end + DAY)

    def iou(self, other: Span) -> float:
        """Intersection over union, on the round clock."""
        shared = max(
            min(self.end, other.end + shift) - max(self.start, other.start + shift) for shift in (-DAY, 0, DAY)
        )
        shared = max(shared, 0)
        return shared / (self.end - self.start + other.end - other.start - shared)

    def holds(self, moment: int) -> bool:
        """Whether the clock time falls in the span, ends included."""
        return self.start <= moment <= self.end or self.start <= moment + DAY <= self.end


def same_window(expected: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Whether the answered window or day part is the expected one (see EPILOG)."""
    windows = [None if need.get("window") is None else Span.of(need["window"]) for need in (expected, got)]
    parts: list[Span | None] = []
    for need in (expected, got):
        name = need.get("daypart")
        if name is not None and not (isinstance(name, str) and name in DAYPARTS):
            raise UnreadableError(f"not a day part: {name!r}")
        parts.append(None if name is None else Span.of(DAYPARTS[name]))
    if parts[0] is not None and parts[0] == parts[1]:
        return True
    spans = [window or part for window, part in zip(windows, parts, strict=True)]
    if spans[0] and spans[1]:
        return spans[0].iou(spans[1]) >= MIN_IOU
    if not spans[0] and not spans[1]:
        return True
    if windows[0] or windows[1]:
        return False
    # One reading names a day part, the other does not: beside clock times that adds nothing when it holds them.
    part = spans[0] or spans[1]
    times = clock_times(expected), clock_times(got)
    return bool(part and times[0] and times[1] and all(part.holds(moment) for moment in times[0] | times[1]))


# ---------------------------------------------------------------------------------------------------------------------
# Needs


def same_number(expected: object, got: object) -> bool:
    """Equality of numbers or nulls, without taking true for 1."""
    return expected == got and isinstance(expected, bool) == isinstance(got, bool)


def same_word(expected: object, got: object) -> bool:
    """Equality that does not mind capitals and outer spaces."""
    if isinstance(expected, str) and isinstance(got, str):
        return expected.strip().casefold() == got.strip().casefold()
    return expected == got


def same_service(expected: object, got: object) -> bool:
    """Equality of services, where `medication` stands for any member of its family."""
    if expected == got:
        return True
    family, member = (got, expected) if got == "medication" else (expected, got)
    return family == "medication" and isinstance(member, str) and member in MEDICATION_FAMILY


def readable(test: Callable[[], bool]) -> bool:
    """The outcome of a comparison, where something unreadable counts as wrong."""
    try:
        return test()
    except UnreadableError:
        return False


NEED_FIELDS = ("service", "rrule", "dtstart", "exdates", "times_per_period")


def needs_match(expected: Json, got: object, now: date, lenient: frozenset[str]) -> bool:
    """Whether the answered need is the expected one: service, dates and times_per_period."""
    if not isinstance(got, dict):
        return False
    given = got | {name: expected.get(name) for name in NEED_FIELDS if name in lenient}

    def same() -> bool:
        end = horizon_end(expected, now)
        return (
            same_service(expected.get("service"), given.get("service"))
            and same_number(expected.get("times_per_period"), given.get("times_per_period"))
            and occurrence_dates(expected, now, end) == occurrence_dates(given, now, end)
        )

    return readable(same)


def details(expected: Json, got: Json, lenient: frozenset[str]) -> dict[str, bool]:
    """Which details of a matched need are right, by figure; details that are not scored are left out."""
    right: dict[str, bool] = {}
    if "times" not in lenient:
        right["times_accuracy"] = readable(lambda: clock_times(expected) == clock_times(got))
    if "window" not in lenient:
        right["window_accuracy"] = readable(lambda: same_window(expected, got))
    if "duration_minutes" not in lenient:
        right["duration_accuracy"] = same_number(expected.get("duration_minutes"), got.get("duration_minutes"))
    wanted = {name: value for name, value in (expected.get("preferences") or {}).items() if name not in lenient}
    if wanted and "preferences" not in lenient:
        given = got.get("preferences")
        right["preferences_accuracy"] = isinstance(given, dict) and all(
            same_word(value, given.get(name)) for name, value in wanted.items()
        )
    return right


def pair_needs(
    expected: Sequence[Json], got: Sequence[object], now: date, lenient: frozenset[str]
) -> dict[int, dict[str, bool]]:
    """Pair expected with answered needs, one to one: as many pairs as can be, then with the most details right.

    Returns, for each expected need that was matched, which of its details are right.
    """
    options: list[list[tuple[int, int, dict[str, bool]]]] = []
    for wanted in expected:
        found = []
        for index, given in enumerate(got):
            if isinstance(given, dict) and needs_match(wanted, given, now, lenient):
                right = details(wanted, given, lenient)
                found.append((sum(right.values()), index, right))
        found.sort(key=lambda option: (-option[0], option[1]))
        options.append(found[: len(expected)])  # the others can take no more than the rest of these

    @cache
    def best(position: int, used: frozenset[int]) -> tuple[int, int, tuple[int | None, ...]]:
        if position == len(options):
            return 0, 0, ()
        pairs, points, rest = best(position + 1, used)
        champion: tuple[int, int, tuple[int | None, ...]] = (pairs, points, (None, *rest))
        for choice, (gain, index, _) in enumerate(options[position]):
            if index not in used:
                pairs, points, rest = best(position + 1, used | {index})
                champion = max(champion, (pairs + 1, points + gain, (choice, *rest)), key=lambda plan: plan[:2])
        return champion

    choices = best(0, frozenset())[2]
    return {place: options[place][choice][2] for place, choice in enumerate(choices) if choice is not None}
