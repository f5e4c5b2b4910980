"""What visits of one length would be at which moments on the coming dates, reckoned out once for many helpers.

Pure: no database, no clock. A set of dates is an integer with bit n set for the nth date from the first: asking on how
many dates a helper is booked is then one step, not eighty-four. Moments are whole seconds since 1970 (UTC).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from care.clock import TZ
from care.plans import Occurrence, occurrence
from care.schedule import window_minutes

DAY = 24 * 60
_WEEK = 7 * DAY
_DAY_SECONDS = DAY * 60

Moments = tuple[tuple[int, int], ...]
"""Spans in seconds since 1970, in order and apart."""


class ByDay(NamedTuple):
    """Spans laid out over dates: `parts` are (since, until) in seconds after midnight, with the dates that have them.

    What comes back every week at the same hour is one part, however many dates it has.
    """

    spans: Moments
    parts: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Diary:
    """When a helper can come.

    `spans` are (start, end) in minutes of the week (Monday 00:00 is 0), in order and apart; one over the end of the
    week ends after 7 × 1440. `busy` are the spans in which they are booked or away.
    """

    spans: tuple[tuple[int, int], ...]
    busy: Moments = ()

    @classmethod
    def of(cls, weekly: Sequence[tuple[int, time, time]], busy: Sequence[tuple[datetime, datetime]] = ()) -> Diary:
        """The diary of weekly spans (weekday, start, end; an end not after the start is the next day's)."""
        return cls(merged(weekly), moments(busy))

    def open_at(self, weekday: int, clock: time, minutes: int) -> bool:
        """Whether the weekly hours leave room for a visit of `minutes` at `clock`."""
        return bool(open_weekdays(self.spans, clock, minutes) >> weekday & 1)

    def free_at(self, visit: Occurrence) -> bool:
        """Whether nothing else is in the way of the visit."""
        place = bisect_left(self.busy, (int(visit.end.timestamp()),))
        return place == 0 or visit.start.timestamp() >= self.busy[place - 1][1]


NEVER = Diary(())
"""Of who has no hours, or whose hours are not known yet."""


def merged(weekly: Sequence[tuple[int, time, time]]) -> tuple[tuple[int, int], ...]:
    """Weekly spans as minutes of the week, those that touch or overlap made one, also over the end of the week."""
    spans = []
    for weekday, start, end in weekly:
        begin = weekday * DAY + start.hour * 60 + start.minute
        spans.append((begin, begin + window_minutes((start, end))))
    # The week is laid out twice, so that Sunday night runs on into Monday morning.
    return joined([*spans, *((begin + _WEEK, end + _WEEK) for begin, end in spans)])


def moments(spans: Iterable[tuple[datetime, datetime]]) -> Moments:
    """Spans of aware moments as seconds, in order, those that touch or overlap made one."""
    return joined((int(start.timestamp()), int(end.timestamp())) for start, end in spans)


def joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that touch or overlap made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return tuple(result)


def open_weekdays(spans: tuple[tuple[int, int], ...], clock: time, minutes: int) -> int:
    """The weekdays (bit 0 is Monday) on which weekly hours leave room for a visit."""
    return open_for_one(spans, (clock.hour * 60 + clock.minute,), minutes)


@lru_cache(maxsize=8192)
def open_for_one(spans: tuple[tuple[int, int], ...], begins: tuple[int, ...], minutes: int) -> int:
    """The weekdays on which they do at one or more of these minutes of the day, in order. Kept: many share hours."""
    found = 0
    first, last = begins[0], begins[-1]
    for since, until in spans:
        # The days, counted from Monday, on which a visit begins no sooner and ends no later than the span.
        for day in range(max(0, -((last - since) // DAY)), (until - minutes - first) // DAY + 1):
            place = bisect_left(begins, since - day * DAY)
            if place < len(begins) and begins[place] + minutes <= until - day * DAY:
                found |= 1 << day % 7
    return found


@dataclass
class Outlook:
    """The dates from `first`, `length` of them, and visits of `minutes` on them; nothing begins before `begins`."""

    first: date
    length: int
    minutes: int
    begins: datetime
    avoid: Moments = ()
    weekdays: tuple[int, ...] = field(init=False)
    """For each weekday (0 is Monday) the dates that fall on it."""
    _dates: list[date] = field(init=False)
    _midnights: list[int] = field(init=False)
    _odd: tuple[int, ...] = field(init=False)
    """The dates around a clock change, on which a clock time is not so long after midnight as on others."""
    _avoided: ByDay = field(init=False)
    _shut: dict[int, int] = field(init=False, default_factory=dict)
    _gone: dict[time, int] = field(init=False, default_factory=dict)
    _disliked: dict[time, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Lay out the dates."""
        self._dates = [self.first + timedelta(days=ahead) for ahead in range(self.length + 2)]
        self._midnights = [_midnight(day) for day in self._dates]
        self._odd = tuple(
            place
            for place in range(self.length)
            if self._midnights[place + 2] - self._midnights[place] != 2 * _DAY_SECONDS
        )
        self._avoided = self.by_day(self.avoid)
        every_week = sum(1 << day for day in range(0, self.length, 7))
        start, whole = self.first.weekday(), (1 << self.length) - 1
        self.weekdays = tuple(every_week << (weekday - start) % 7 & whole for weekday in range(7))

    def mask(self, days: Iterable[date]) -> int:
        """The set of these dates, all of which lie in the outlook."""
        found = 0
        for day in days:
            found |= 1 << (day - self.first).days
        return found

    def dates(self, mask: int) -> Iterator[date]:
        """The dates of a set, in order."""
        for place, bit in enumerate(reversed(f"{mask:b}")):
            if bit == "1":
                yield self._dates[place]

    def by_day(self, spans: Moments) -> ByDay:
        """The spans laid out over the dates, for `hit`."""
        midnights = self._midnights[: self.length]
        reach = _DAY_SECONDS + self.minutes * 60
        parts: dict[tuple[int, int], int] = {}
        for since, until in spans:
            # The dates on which there is a clock time at which a visit would overlap the span.
            for place in range(bisect_right(midnights, since - reach), bisect_left(midnights, until)):
                part = max(0, since - midnights[place]), min(reach, until - midnights[place])
                parts[part] = parts.get(part, 0) | 1 << place
        return ByDay(spans, tuple((since, until, dates) for (since, until), dates in parts.items()))

    def _visit(self, place: int, clock: time) -> tuple[int, int]:
        """When the visit at `clock` on a date begins and ends."""
        if place in self._odd:
            visit = occurrence(self._dates[place], clock, self.minutes)
            return int(visit.start.timestamp()), int(visit.end.timestamp())
        begin = self._midnights[place] + _seconds(clock)
        return begin, begin + self.minutes * 60

    def gone(self, clock: time) -> int:
        """The dates on which a visit at `clock` would begin before `begins`."""
        found = self._gone.get(clock)
        if found is None:
            begins = self.begins.timestamp()
            past = bisect_left(self._midnights, begins - _seconds(clock), 0, self.length)
            # Around a clock change that may be one off.
            while past < self.length and self._visit(past, clock)[0] < begins:
                past += 1
            while past and self._visit(past - 1, clock)[0] >= begins:
                past -= 1
            found = self._gone[clock] = (1 << past) - 1
        return found

    def disliked(self, clock: time) -> int:
        """The dates on which the recipient has another visit then (`avoid`)."""
        found = self._disliked.get(clock)
        if found is None:
            found = self._disliked[clock] = self.hit(clock, self._avoided)
        return found

    def hit(self, clock: time, taken: ByDay) -> int:
        """The dates on which a visit at `clock` would overlap one of the spans."""
        found = 0
        begin = _seconds(clock)
        end = begin + self.minutes * 60
        for since, until, dates in taken.parts:
            if since < end and begin < until:
                found |= dates
        for place in self._odd:
            start, stop = self._visit(place, clock)
            before = bisect_left(taken.spans, (stop,))
            overlaps = before > 0 and taken.spans[before - 1][1] > start
            found = found | 1 << place if overlaps else found & ~(1 << place)
        return found

    def closed(self, clock: time, diary: Diary) -> int:
        """The dates on which the helper's weekly hours leave no room for a visit at `clock`."""
        return self.shut(open_weekdays(diary.spans, clock, self.minutes))

    def shut(self, opened: int) -> int:
        """The dates that fall on none of these weekdays (bit 0 is Monday)."""
        found = self._shut.get(opened)
        if found is None:
            others = (dates for weekday, dates in enumerate(self.weekdays) if not opened >> weekday & 1)
            found = self._shut[opened] = sum(others)
        return found


def _seconds(clock: time) -> int:
    return (clock.hour * 60 + clock.minute) * 60


@lru_cache(maxsize=2048)
def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), TZ).timestamp())
