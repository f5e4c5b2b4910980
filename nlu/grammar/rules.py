"""A rule by which visits come back, in the making, and its RFC 5545 text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from nlu.grammar.dates import nth_weekday
from nlu.grammar.day_functions import WEEK

EVEN_WEEKS = ",".join(str(week) for week in range(2, 53, 2))
ODD_WEEKS = ",".join(str(week) for week in range(1, 54, 2))


@dataclass
class Recurrence:
    """A rule in the making; `matches` says on which dates it falls, apart from its interval."""

    freq: str
    interval: int = 1
    days: list[str] = field(default_factory=list)
    nth: list[tuple[int, str]] = field(default_factory=list)
    monthdays: list[int] = field(default_factory=list)
    parity: str | None = None
    workday: int | None = None
    yearday: date | None = None

    def matches(self, day: date) -> bool:
        """Whether the rule falls on a date, apart from its interval."""
        if self.yearday is not None:
            return (day.month, day.day) == (self.yearday.month, self.yearday.day)
        if self.parity is not None and (day.isocalendar()[1] % 2 == 0) != (self.parity == "even"):
            return False
        if self.nth:
            return any(nth_weekday(day.year, day.month, WEEK.index(name), n) == day for n, name in self.nth)
        if self.workday is not None:
            return self._workday(day)
        if self.monthdays:
            last = (day + timedelta(days=1)).month != day.month
            return day.day in self.monthdays or (last and -1 in self.monthdays)
        return not self.days or WEEK[day.weekday()] in self.days

    def _workday(self, day: date) -> bool:
        """Whether it is the first (or last) Monday to Friday of its month."""
        if day.weekday() > 4:
            return False
        step = timedelta(days=-1 if self.workday == 1 else 1)
        other = day + step
        while other.month == day.month:
            if other.weekday() <= 4:
                return False
            other += step
        return True

    def text(self) -> str:
        """The rule as an RFC 5545 RRULE value."""
        parts = [f"FREQ={self.freq}"]
        if self.parity:
            parts = ["FREQ=YEARLY", f"BYWEEKNO={EVEN_WEEKS if self.parity == 'even' else ODD_WEEKS}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.nth:
            parts.append("BYDAY=" + ",".join(f"{n}{name}" for n, name in self.nth))
        elif self.workday is not None:
            parts.append(f"BYDAY=MO,TU,WE,TH,FR;BYSETPOS={self.workday}")
        elif self.days or self.parity:
            days = self.days or list(WEEK)
            parts.append("BYDAY=" + ",".join(name for name in WEEK if name in days))
        if self.monthdays:
            parts.append("BYMONTHDAY=" + ",".join(str(day) for day in self.monthdays))
        return ";".join(parts)

    @property
    def placed(self) -> bool:
        """Whether it says which days of its week, month or year."""
        return bool(self.days or self.nth or self.monthdays or self.workday or self.yearday)

    def in_step(self, first: date, day: date) -> bool:
        """Whether a date is in one of the periods that the interval takes, counted from `first`."""
        if self.interval == 1 or self.freq not in ("DAILY", "WEEKLY"):
            return True
        if self.freq == "DAILY":
            return (day - first).days % self.interval == 0
        weeks = ((day - timedelta(days=day.weekday())) - (first - timedelta(days=first.weekday()))).days // 7
        return weeks % self.interval == 0


def of_dates(days: Sequence[date]) -> str | None:
    """The rule, as an RFC 5545 RRULE value, that falls on just these dates; None for one date, and where none does.

    "On the 3rd, 4th and 5th", "the 9th, 16th and 23rd", "Tuesday the 19th and Friday the 22nd": one need, of so many.
    """
    dates = sorted(set(days))
    if len(dates) < 2:
        return None
    gaps = {(later - earlier).days for earlier, later in pairwise(dates)}
    gap = gaps.pop() if len(gaps) == 1 else 0
    if gap == 1:
        return f"FREQ=DAILY;COUNT={len(dates)}"
    names = sorted({WEEK[day.weekday()] for day in dates}, key=WEEK.index)
    if gap and gap % 7 == 0:
        rule = Recurrence("WEEKLY", gap // 7, days=names)
        return f"{rule.text()};COUNT={len(dates)}"
    rule = Recurrence("WEEKLY", days=names)
    span = (dates[-1] - dates[0]).days
    falls = [day for day in (dates[0] + timedelta(days=step) for step in range(span + 1)) if rule.matches(day)]
    return f"{rule.text()};COUNT={len(dates)}" if falls == dates else None
