"""Fitting a schedule into a helper's weeks: which days, which clock times, which dates cannot be.

Pure: no database, no clock. Dates and clock times are local (Europe/Amsterdam).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import combinations, islice, pairwise
from types import MappingProxyType

from care.clock import local
from care.outlook import DAY, ByDay, Diary, Moments, Outlook, open_for_one
from care.plans import HORIZON, WEEKDAY_CODES, Plan, occurrence, rule_dates, rule_fields, rule_text
from care.schedule import Schedule, window_minutes

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


def find_plan(
    schedule: Schedule,
    diary: Diary,
    minutes: int,
    begins: datetime,
    habits: Habits = PLAIN,
    avoid: Moments = (),
) -> Fit | None:
    """The best plan of a schedule for a helper, or None when too many of its dates in twelve weeks are impossible.

    Where only a number of times a week (or month) was said, the days are chosen, spread over the week. Where a window
    was said, the clock time is: the same on all dates if that can be, else the same on each weekday; out of the way of
    `avoid`, the recipient's other visits, where that can be. Raises ValueError when the rule is not a valid RRULE.
    """
    return Fitting(schedule, minutes, begins, habits, avoid).into(diary)


class Fitting:
    """A schedule that is to be fitted into the diaries of many helpers."""

    def __init__(
        self,
        schedule: Schedule,
        minutes: int,
        begins: datetime,
        habits: Habits = PLAIN,
        avoid: Moments = (),
    ) -> None:
        """Take what `find_plan` takes; `begins` is aware."""
        self.schedule, self.minutes, self.begins, self.habits = schedule, minutes, begins, habits
        first = max(schedule.dtstart or date.min, local(begins).date())
        self.outlook = Outlook(first, HORIZON.days, minutes, begins, avoid)
        self.choices = slots(schedule, minutes, habits)
        self._begins = [begins_of(choice) for choice in self.choices if choice]
        self._days: dict[str | None, tuple[int, int]] = {}

    def into(self, diary: Diary) -> Fit | None:
        """The best plan for this helper, or None; see `find_plan`."""
        if self.schedule.dtstart is None:
            return None
        table = _Table(self.outlook, diary)
        best: Fit | None = None
        for rule in islice(rules(self.schedule, diary, self.minutes, self.choices), _MOST_COMBINATIONS):
            fit = self._fit(rule, table)
            if fit is not None and (best is None or len(fit.plan.missing) < len(best.plan.missing)):
                best = fit
                if not fit.plan.missing:
                    break
        return best

    def open_in(self, diary: Diary) -> bool:
        """Whether the weekly hours leave room on most dates: a quick look, never a no where a plan is possible."""
        if self.schedule.times_per_period or self.schedule.dtstart is None:
            return True
        days = self.days(self.schedule.rrule)[0]
        most = MAY_LACK * days.bit_count()
        for begins_at in self._begins:
            never = days & self.outlook.shut(open_for_one(diary.spans, begins_at, self.minutes))
            if never.bit_count() * 100 > most:
                return False
        return True

    def days(self, rule: str | None) -> tuple[int, int]:
        """The dates of a rule to look at, as many as COUNT asks at most; and all that may make up for some of them."""
        found = self._days.get(rule)
        if found is None:
            found = self._days[rule] = self._ruled(rule)
        return found

    def _ruled(self, rule: str | None) -> tuple[int, int]:
        schedule, outlook = self.schedule, self.outlook
        assert schedule.dtstart is not None  # noqa: S101 - seen to by `into`
        end = outlook.first + HORIZON
        days = []
        for day in rule_dates(rule, schedule.dtstart, outlook.first):
            if day >= end:
                break
            if not schedule.leaves_out(day):
                days.append(day)
        return outlook.mask(days[: count_of(rule) or None]), outlook.mask(days)

    def _fit(self, rule: str | None, table: _Table) -> Fit | None:
        """The plan with the days of this rule, or None when too many of its dates are impossible."""
        days, more = self.days(rule)
        if not days or not all(self.choices):
            return None
        times: list[time] = []
        for choice in self.choices:
            times.append(table.best(choice, days, taken=times))
        other = _by_weekday(table, self.choices, days, times)
        if any(_crowded(clocks, self.minutes) for clocks in (times, *other.values())):
            return None
        impossible = self._impossible(table, days, times, other)
        if impossible == days or impossible.bit_count() * 100 > MAY_LACK * days.bit_count():
            return None
        schedule = self.schedule
        assert schedule.dtstart is not None  # noqa: S101 - seen to by `into`
        plan = Plan(
            dtstart=schedule.dtstart,
            begins=self.begins,
            minutes=self.minutes,
            times=tuple(sorted(times)),
            rrule=rule,
            exdates=schedule.exdates,
            exrules=schedule.exrules,
            missing=tuple(self.outlook.dates(impossible)),
            other_times=MappingProxyType(other),
        )
        return self._checked(plan, days, more & ~impossible, table)

    def _impossible(self, table: _Table, days: int, times: Sequence[time], other: Mapping[int, Times]) -> int:
        if not other:
            return days & table.bad_at_one(times)
        return sum(
            days & dates & table.bad_at_one(other.get(weekday, times))
            for weekday, dates in enumerate(self.outlook.weekdays)
        )

    def _checked(self, plan: Plan, days: int, coming: int, table: _Table) -> Fit | None:
        """The plan with its first visit; None when there is none, or a date that makes up for another is impossible."""
        count, made, first = count_of(plan.rrule), 0, None
        if not count and not plan.other_times:
            return self._plainly_checked(plan, coming & days)
        visited: list[date] = []
        for day in self.outlook.dates(coming if count else coming & days):
            for clock in sorted(plan.times_on(day)):
                bit = 1 << (day - self.outlook.first).days
                if self.outlook.gone(clock) & bit:
                    continue
                made += 1
                if count and made > count:
                    break
                # Where a number of visits was agreed, those left out are made up for after the last of the days.
                if not days & bit and table.bad(clock) & bit:
                    return None
                if first is None:
                    first = occurrence(day, clock, self.minutes).start
                if not visited or visited[-1] != day:
                    visited.append(day)
        return None if first is None else Fit(plan, tuple(visited), local(first))

    def _plainly_checked(self, plan: Plan, days: int) -> Fit | None:
        """The same for the usual plan, at the same clock times on every day and without a number of visits."""
        over = days
        for clock in plan.times:
            over &= self.outlook.gone(clock)
        visited = tuple(self.outlook.dates(days & ~over))
        if not visited:
            return None
        starts = (occurrence(visited[0], clock, self.minutes).start for clock in plan.times)
        return Fit(plan, visited, local(min(start for start in starts if start >= self.begins)))


def beside(fitting: Fitting, visits: Sequence[tuple[int, int]]) -> Fitting:
    """The same fitting for who comes already at these times (start, end in minutes of the day): right before or after.

    Where a clock time was said it stays.
    """
    near = copy(fitting)
    near.choices = [sorted(choice, key=lambda clock: _apart(clock, fitting.minutes, visits)) for choice in near.choices]
    return near


def _apart(clock: time, minutes: int, visits: Sequence[tuple[int, int]]) -> int:
    """How many minutes lie between a visit at `clock` and the nearest of the others; 0 when it overlaps one, too."""
    start = clock.hour * 60 + clock.minute
    return min(max(begin - start - minutes, start - end, 0) for begin, end in visits)


def count_of(rule: str | None) -> int:
    """The COUNT of a rule; 0 when it has none."""
    return int(rule_fields(rule).get("COUNT", 0)) if rule else 0


def rules(schedule: Schedule, diary: Diary, minutes: int, choices: Sequence[Sequence[time]]) -> Iterator[str | None]:
    """The rules to try: the schedule's own, or for "twice a week" those with days chosen, best spread first.

    `choices` are the clock times at which visits may begin.
    """
    if schedule.rrule is None or not schedule.times_per_period:
        yield schedule.rrule
        return
    fields, times = rule_fields(schedule.rrule), schedule.times_per_period
    if fields.get("FREQ") == "WEEKLY":
        named = [WEEKDAY_CODES.index(code) for code in fields["BYDAY"].split(",")] if "BYDAY" in fields else range(7)
        if "BYDAY" in fields and len(list(named)) <= times:
            yield schedule.rrule
            return
        opened = 0
        for choice in choices:
            opened |= open_for_one(diary.spans, begins_of(choice), minutes) if choice else 0
        possible = tuple(day for day in named if opened >> day & 1)
        for days in spread(possible, times, (schedule.dtstart or date.min).weekday()):
            yield rule_text(fields | {"BYDAY": ",".join(WEEKDAY_CODES[day] for day in days)})
    elif fields.get("FREQ") == "MONTHLY" and "BYDAY" not in fields and "BYMONTHDAY" not in fields:
        weeks = {1: (1,), 2: (1, 3), 3: (1, 2, 3), 4: (1, 2, 3, 4)}.get(times, ())
        for day in range(7) if weeks else ():
            yield rule_text(fields | {"BYDAY": ",".join(f"{week}{WEEKDAY_CODES[day]}" for week in weeks)})
    else:
        yield schedule.rrule


@lru_cache(maxsize=512)
def spread(weekdays: tuple[int, ...], times: int, first: int) -> tuple[tuple[int, ...], ...]:
    """All ways to choose `times` of these weekdays, the evenest first; of those, the soonest counted from `first`."""

    def unevenness(days: tuple[int, ...]) -> tuple[int, list[int]]:
        gaps = [(after - before) % 7 or 7 for before, after in zip(days, (*days[1:], days[0]), strict=True)]
        return -min(gaps), sorted((day - first) % 7 for day in days)

    return tuple(sorted(combinations(sorted(weekdays), times), key=unevenness)) if times else ()


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


def begins_of(choice: Sequence[time]) -> tuple[int, ...]:
    """Clock times as minutes of the day, in order."""
    return tuple(sorted(clock.hour * 60 + clock.minute for clock in choice))


def _crowded(times: Sequence[time], minutes: int) -> bool:
    """Whether visits of one day would run into each other."""
    starts = sorted(clock.hour * 60 + clock.minute for clock in times)
    return any(after - before < minutes for before, after in pairwise(starts))


def _by_weekday(
    table: _Table, choices: Sequence[Sequence[time]], days: int, times: Sequence[time]
) -> Mapping[int, Times]:
    """Other clock times for the weekdays on which the general ones hardly ever fit."""
    other: dict[int, Times] = {}
    bad = table.bad_at_one(times) & days
    if not bad:
        return other
    for weekday, dates in enumerate(table.outlook.weekdays):
        same = days & dates
        lacking = (bad & same).bit_count()
        if lacking * 100 <= MAY_LACK * same.bit_count():
            continue
        chosen: list[time] = []
        for choice in choices:
            chosen.append(table.best(choice, same, taken=chosen))
        if (table.bad_at_one(chosen) & same).bit_count() < lacking:
            other[weekday] = tuple(sorted(chosen))
    return other


@dataclass
class _Table:
    """Remembers on which dates which clock times are impossible, for one helper."""

    outlook: Outlook
    diary: Diary
    _bad: dict[time, int] = field(default_factory=dict)
    _busy: ByDay = field(init=False)

    def __post_init__(self) -> None:
        """Lay the helper's bookings out over the dates."""
        self._busy = self.outlook.by_day(self.diary.busy)

    def bad(self, clock: time) -> int:
        """The dates on which the helper cannot come then. A moment gone by is not one: that visit is not made."""
        found = self._bad.get(clock)
        if found is None:
            outlook = self.outlook
            found = outlook.closed(clock, self.diary)
            if self.diary.busy:
                found |= outlook.hit(clock, self._busy) & ~outlook.gone(clock)
            self._bad[clock] = found
        return found

    def bad_at_one(self, times: Sequence[time]) -> int:
        """The dates on which at least one of these clock times is impossible."""
        found = 0
        for clock in times:
            found |= self.bad(clock)
        return found

    def best(self, choice: Sequence[time], days: int, taken: Sequence[time]) -> time:
        """The clock time possible on most dates; then the one least in the way of other visits, then the natural."""
        outlook = self.outlook
        single = days & (days - 1) == 0
        best, best_score = choice[0], (days.bit_count() + 1, 0, 0)
        for place, clock in enumerate(choice):
            if clock in taken:
                continue
            lacking = (self.bad(clock) & days).bit_count()
            if single and outlook.gone(clock) & days:
                lacking = 1
            if lacking > best_score[0]:
                continue
            score = (lacking, (outlook.disliked(clock) & days).bit_count() if outlook.avoid else 0, place)
            if score < best_score:
                best, best_score = clock, score
            if score[:2] == (0, 0):
                break
        return best
