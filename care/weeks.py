"""Fitting a schedule into a helper's weeks: which days, which clock times, which dates cannot be.

Pure: no database, no clock. Dates and clock times are local (Europe/Amsterdam).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import combinations, islice, pairwise
from types import MappingProxyType

from care.clock import local
from care.plans import HORIZON, WEEKDAY_CODES, Occurrence, Plan, occurrence, rule_dates, rule_fields, rule_text
from care.schedule import Schedule, window_minutes

DAY = 24 * 60
STEP = 15
"""Visits begin on the quarter."""
MAY_LACK = 10
"""An offer may lack one date in ten."""
_NATURAL = {"early_morning": 7 * 60 + 30, "morning": 9 * 60, "noon": 12 * 60 + 30, "afternoon": 14 * 60}
_NATURAL |= {"evening": 19 * 60, "bedtime": 21 * 60 + 30}
_EARLY_CARE = 8 * 60
"""Bodily care in the morning comes before the day begins, company after it has begun."""
_OFFICE = (time(9), time(17))
_WAKING = (time(8), time(21))
_MOST_COMBINATIONS = 12
_TOLERANCE = 60
"""How many minutes a visit may be from its even place in the day when only "three times a day" was said."""

Times = tuple[time, ...]


@dataclass(frozen=True)
class Habits:
    """What is usual for a service where nothing was said.

    `early` is for bodily care, which comes before the day begins; `usual` is the window when no time was named at all
    (None: office hours).
    """

    early: bool = False
    usual: tuple[time, time] | None = None


PLAIN = Habits()


@dataclass(frozen=True)
class Diary:
    """When a helper can come.

    `spans` are (start, end) in minutes of the week (Monday 00:00 is 0), in order and apart; one over the end of the
    week ends after 7 × 1440. `busy` are spans in UTC in which they are booked or away, `avoid` those in which the
    recipient already has a visit (a visit then is possible but not the first choice); both in order and apart.
    """

    spans: tuple[tuple[int, int], ...]
    busy: tuple[tuple[datetime, datetime], ...] = ()
    avoid: tuple[tuple[datetime, datetime], ...] = ()

    @classmethod
    def of(
        cls,
        weekly: Sequence[tuple[int, time, time]],
        busy: Sequence[tuple[datetime, datetime]] = (),
        avoid: Sequence[tuple[datetime, datetime]] = (),
    ) -> Diary:
        """The diary of weekly spans (weekday, start, end; an end not after the start is the next day's)."""
        return cls(merged(weekly), _joined(busy), _joined(avoid))

    def open_at(self, weekday: int, clock: time, minutes: int) -> bool:
        """Whether the weekly hours leave room for a visit of `minutes` at `clock`."""
        start = weekday * DAY + clock.hour * 60 + clock.minute
        return any(
            begin <= moment and moment + minutes <= end
            for begin, end in self.spans
            for moment in (start, start + 7 * DAY)
        )

    def free_at(self, visit: Occurrence) -> bool:
        """Whether nothing else is in the way of the visit."""
        return not _overlaps(self.busy, visit)

    def liked_at(self, visit: Occurrence) -> bool:
        """Whether the recipient has no other visit then."""
        return not _overlaps(self.avoid, visit)


def merged(weekly: Sequence[tuple[int, time, time]]) -> tuple[tuple[int, int], ...]:
    """Weekly spans as minutes of the week, those that touch or overlap made one, also over the end of the week."""
    spans = []
    for weekday, start, end in weekly:
        begin = weekday * DAY + start.hour * 60 + start.minute
        spans.append((begin, begin + window_minutes((start, end))))
    # The week is laid out twice, so that Sunday night runs on into Monday morning.
    result: list[tuple[int, int]] = []
    for from_, until in sorted([*spans, *((begin + 7 * DAY, end + 7 * DAY) for begin, end in spans)]):
        if result and from_ <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], until))
        else:
            result.append((from_, until))
    return tuple(result)


def _joined(spans: Sequence[tuple[datetime, datetime]]) -> tuple[tuple[datetime, datetime], ...]:
    """Spans in order, those that overlap made one."""
    result: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def _overlaps(spans: Sequence[tuple[datetime, datetime]], visit: Occurrence) -> bool:
    """Whether the visit touches one of the spans, which are in order and apart."""
    place = bisect_left(spans, (visit.end,))
    return place > 0 and visit.start < spans[place - 1][1]


@dataclass(frozen=True)
class Fit:
    """A plan that fits a helper, with the days looked at on which they come, and the first moment."""

    plan: Plan
    days: tuple[date, ...]
    first: datetime

    @property
    def days_a_week(self) -> int:
        """The most days in one week."""
        weeks: dict[tuple[int, int], set[date]] = {}
        for day in self.days:
            weeks.setdefault(day.isocalendar()[:2], set()).add(day)
        return max(map(len, weeks.values()))


def find_plan(schedule: Schedule, diary: Diary, minutes: int, begins: datetime, habits: Habits = PLAIN) -> Fit | None:
    """The best plan of a schedule for a helper, or None when too many of its dates in twelve weeks are impossible.

    Where only a number of times a week (or month) was said, the days are chosen, spread over the week. Where a window
    was said, the clock time is: the same on all dates if that can be, else the same on each weekday. Raises ValueError
    when the rule is not a valid RRULE.
    """
    if schedule.dtstart is None:
        return None
    best: Fit | None = None
    for rule in islice(rules(schedule, diary, minutes, habits), _MOST_COMBINATIONS):
        fit = _fit(replace(schedule, rrule=rule), diary, minutes, begins, habits)
        if fit is not None and (best is None or len(fit.plan.missing) < len(best.plan.missing)):
            best = fit
            if not fit.plan.missing:
                break
    return best


def rules(schedule: Schedule, diary: Diary, minutes: int, habits: Habits = PLAIN) -> Iterator[str | None]:
    """The rules to try: the schedule's own, or for "twice a week" those with days chosen, best spread first."""
    if schedule.rrule is None or not schedule.times_per_period:
        yield schedule.rrule
        return
    fields, times = rule_fields(schedule.rrule), schedule.times_per_period
    if fields.get("FREQ") == "WEEKLY":
        named = [WEEKDAY_CODES.index(code) for code in fields["BYDAY"].split(",")] if "BYDAY" in fields else range(7)
        if "BYDAY" in fields and len(list(named)) <= times:
            yield schedule.rrule
            return
        clocks = [clock for slot in slots(schedule, minutes, habits) for clock in slot]
        possible = [day for day in named if any(diary.open_at(day, clock, minutes) for clock in clocks)]
        for days in spread(possible, times, (schedule.dtstart or date.min).weekday()):
            yield rule_text(fields | {"BYDAY": ",".join(WEEKDAY_CODES[day] for day in days)})
    elif fields.get("FREQ") == "MONTHLY" and "BYDAY" not in fields and "BYMONTHDAY" not in fields:
        weeks = {1: (1,), 2: (1, 3), 3: (1, 2, 3), 4: (1, 2, 3, 4)}.get(times, ())
        for day in range(7) if weeks else ():
            yield rule_text(fields | {"BYDAY": ",".join(f"{week}{WEEKDAY_CODES[day]}" for week in weeks)})
    else:
        yield schedule.rrule


def spread(weekdays: Sequence[int], times: int, first: int) -> list[tuple[int, ...]]:
    """All ways to choose `times` of these weekdays, the evenest first; of those, the soonest counted from `first`."""

    def unevenness(days: tuple[int, ...]) -> tuple[int, list[int]]:
        gaps = [(after - before) % 7 or 7 for before, after in zip(days, (*days[1:], days[0]), strict=True)]
        return -min(gaps), sorted((day - first) % 7 for day in days)

    return sorted(combinations(sorted(weekdays), times), key=unevenness) if times else []


def slots(schedule: Schedule, minutes: int, habits: Habits = PLAIN) -> list[list[time]]:
    """For each visit of a day the clock times at which it may begin, the most natural first."""
    if schedule.times:
        return [[clock] for clock in schedule.times]
    window = schedule.window or habits.usual or (_WAKING if (schedule.times_per_period or 1) > 1 else _OFFICE)
    length = window_minutes(window)
    begin = window[0].hour * 60 + window[0].minute
    last = begin + max(0, length - minutes)
    daily = schedule.rrule is not None and rule_fields(schedule.rrule).get("FREQ") == "DAILY"
    count = (schedule.times_per_period or 1) if daily else 1
    starts = [*range(begin, last + 1, STEP)]
    if count == 1:
        natural = _natural(schedule, begin, habits)
        return [[_clock(start) for start in sorted(starts, key=lambda start: (abs(start - natural), start))]]
    result = []
    for place in range(count):
        middle = begin + (last - begin) * place / (count - 1)
        near = [start for start in starts if abs(start - middle) <= min(_TOLERANCE, (last - begin) / count / 2)]
        result.append([_clock(start) for start in sorted(near, key=lambda start: (abs(start - middle), start))])
    return result


def _natural(schedule: Schedule, begin: int, habits: Habits) -> int:
    """The minute of the day at which such a visit would naturally begin."""
    if schedule.window is None:
        return begin if habits.usual else 10 * 60
    if habits.early and schedule.daypart == "morning":
        return _EARLY_CARE
    # A range that was said ("between two and four") begins where it begins; a mere part of the day has its own custom.
    return max(begin, _NATURAL.get(schedule.daypart or "", begin))


def _clock(minute: int) -> time:
    return time(minute % DAY // 60, minute % 60)


def _fit(schedule: Schedule, diary: Diary, minutes: int, begins: datetime, habits: Habits) -> Fit | None:
    """The plan of a schedule whose days are settled, or None when too many dates are impossible."""
    assert schedule.dtstart is not None  # noqa: S101 - seen to by find_plan
    days = _days(schedule, begins)
    choices = slots(schedule, minutes, habits)
    if not days or not all(choices):
        return None
    table = _Table(diary, minutes, begins)
    times: list[time] = []
    for choice in choices:
        clock = table.best(choice, days, taken=times)
        times.append(clock)
    other = _by_weekday(table, choices, days, times)
    if any(_crowded(clocks, minutes) for clocks in (times, *other.values())):
        return None
    plan = Plan(
        dtstart=schedule.dtstart,
        begins=begins,
        minutes=minutes,
        times=tuple(sorted(times)),
        rrule=schedule.rrule,
        exdates=schedule.exdates,
        other_times=MappingProxyType(other),
    )
    return _checked(plan, days, table)


def _checked(plan: Plan, days: list[date], table: _Table) -> Fit | None:
    """The plan with its impossible dates named; None when they are more than may be lacking, or nothing is left."""
    missing = [day for day in days if not all(table.possible(day, clock) for clock in plan.times_on(day))]
    coming = [day for day in days if day not in set(missing)]
    if not coming or len(missing) * 100 > MAY_LACK * len(days):
        return None
    plan = replace(plan, missing=tuple(missing))
    visits = list(plan.occurrences(plan.dtstart, days[0] + HORIZON))
    # Where a number of visits was agreed, those left out are made up for after the last of the days looked at.
    late = [visit for visit in visits if visit.day > days[-1]]
    if not visits or not all(table.possible(visit.day, visit.clock) for visit in late):
        return None
    return Fit(plan, tuple(sorted({visit.day for visit in visits})), local(visits[0].start))


def _crowded(times: Sequence[time], minutes: int) -> bool:
    """Whether visits of one day would run into each other."""
    starts = sorted(clock.hour * 60 + clock.minute for clock in times)
    return any(after - before < minutes for before, after in pairwise(starts))


def _by_weekday(table: _Table, choices: list[list[time]], days: list[date], times: list[time]) -> Mapping[int, Times]:
    """Other clock times for the weekdays on which the general ones hardly ever fit."""
    other: dict[int, Times] = {}
    for weekday in sorted({day.weekday() for day in days}):
        same = [day for day in days if day.weekday() == weekday]
        lacking = sum(not all(table.possible(day, clock) for clock in times) for day in same)
        if lacking * 100 <= MAY_LACK * len(same):
            continue
        chosen: list[time] = []
        for choice in choices:
            chosen.append(table.best(choice, same, taken=chosen))
        if sum(not all(table.possible(day, clock) for clock in chosen) for day in same) < lacking:
            other[weekday] = tuple(sorted(chosen))
    return other


def _days(schedule: Schedule, begins: datetime) -> list[date]:
    """The dates to look at: those of the rule in the twelve weeks from its start, as many as COUNT asks at most."""
    assert schedule.dtstart is not None  # noqa: S101 - seen to by find_plan
    first = max(schedule.dtstart, local(begins).date())
    end = first + HORIZON
    days: list[date] = []
    count = int(rule_fields(schedule.rrule).get("COUNT", 0)) if schedule.rrule else 0
    for day in rule_dates(schedule.rrule, schedule.dtstart, first):
        if day >= end or (count and len(days) >= count):
            break
        if day not in schedule.exdates:
            days.append(day)
    return days


@dataclass
class _Table:
    """Remembers which clock times are possible on which dates, for one helper and one length of visit."""

    diary: Diary
    minutes: int
    begins: datetime
    _weekly: dict[tuple[int, time], bool] = field(default_factory=dict)
    _dated: dict[tuple[date, time], bool] = field(default_factory=dict)

    def possible(self, day: date, clock: time) -> bool:
        """Whether the helper can come then. A moment gone by counts as possible: that visit is not made at all."""
        weekly = (day.weekday(), clock)
        if weekly not in self._weekly:
            self._weekly[weekly] = self.diary.open_at(day.weekday(), clock, self.minutes)
        if not self._weekly[weekly]:
            return False
        if not self.diary.busy:
            return True
        dated = (day, clock)
        if dated not in self._dated:
            visit = occurrence(day, clock, self.minutes)
            self._dated[dated] = visit.start < self.begins or self.diary.free_at(visit)
        return self._dated[dated]

    def best(self, choice: list[time], days: list[date], taken: list[time]) -> time:
        """The clock time possible on most dates; then the one least in the way of other visits, then the natural."""
        single = len(days) == 1
        best, best_score = choice[0], (len(days) + 1, 0, 0)
        for place, clock in enumerate(choice):
            if clock in taken:
                continue
            lacking = sum(not self.possible(day, clock) for day in days)
            if single and occurrence(days[0], clock, self.minutes).start < self.begins:
                lacking = 1
            score = (lacking, self._disliked(clock, days) if self.diary.avoid else 0, place)
            if score < best_score:
                best, best_score = clock, score
            if score[:2] == (0, 0):
                break
        return best

    def _disliked(self, clock: time, days: list[date]) -> int:
        return sum(not self.diary.liked_at(occurrence(day, clock, self.minutes)) for day in days)
