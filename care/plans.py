"""A plan: a schedule made concrete, with the days, the clock times and the length of every visit.

Dates and clock times are local (Europe/Amsterdam); what is agreed at nine stays at nine when the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from dateutil.rrule import rrulebase, rrulestr

from care.clock import TZ
from care.schedule import Json, falls_on

WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HORIZON = timedelta(weeks=12)
"""How far ahead visits are made of a series, and looked at when helpers are sought."""
_CLOCK_TO_CLOCK = 240
_FURTHEST = timedelta(days=366 * 20)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_CLOCKS = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


class Occurrence(NamedTuple):
    """One visit as planned: the local date and clock time it begins, and its span in UTC."""

    day: date
    clock: time
    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        """What tells this occurrence from the others of its series."""
        return f"{self.day.isoformat()}T{self.clock:%H:%M}"


def occurrence(day: date, clock: time, minutes: int) -> Occurrence:
    """The visit of `minutes` that begins on the local `day` at `clock`.

    A clock time that the spring change skips becomes the one an hour later (as RFC 5545 has it); of one that comes
    twice in autumn the first is meant. A short visit keeps its length through a change, a long one (a night, from four
    hours) its clock times: "from eleven to seven" ends at seven.
    """
    start = datetime.combine(day, clock, TZ).astimezone(timezone.utc)
    if minutes < _CLOCK_TO_CLOCK:
        end = start + timedelta(minutes=minutes)
    else:
        wall = datetime.combine(day, clock) + timedelta(minutes=minutes)
        end = wall.replace(tzinfo=TZ).astimezone(timezone.utc)
    return Occurrence(day, clock, start, end)


def rule_fields(rrule: str) -> dict[str, str]:
    """The parts of an RRULE value by name, upper case."""
    return dict(part.upper().split("=", 1) for part in rrule.split(";") if "=" in part)


def rule_text(fields: Mapping[str, str]) -> str:
    """The RRULE value of these parts."""
    return ";".join(f"{name}={value}" for name, value in fields.items())


@dataclass(frozen=True)
class Plan:
    """When the visits of a series are.

    `times` are the clock times of a day; `other_times` those of weekdays (0 is Monday) on which they differ. `missing`
    are dates of the rule on which the helper cannot come; `exdates` and the dates of `exrules` (see `Schedule`) those
    the person does not want. Nothing begins before `begins`. COUNT in the rule counts visits that take place: a date
    left out is made up for at the end.
    """

    dtstart: date
    begins: datetime
    minutes: int
    times: tuple[time, ...]
    rrule: str | None = None
    exdates: tuple[date, ...] = ()
    missing: tuple[date, ...] = ()
    other_times: Mapping[int, tuple[time, ...]] = field(default_factory=lambda: MappingProxyType({}))
    exrules: tuple[str, ...] = ()

    def times_on(self, day: date) -> tuple[time, ...]:
        """The clock times of a date."""
        return self.other_times.get(day.weekday(), self.times)

    def dates(self, after: date | None = None) -> Iterator[date]:
        """The dates of the rule in order (from `after` on), without those left out; without regard to COUNT.

        Maybe without end. Raises ValueError when the rule is not a valid RRULE.
        """
        left_out = {*self.exdates, *self.missing}
        days = (day for day in rule_dates(self.rrule, self.dtstart, after) if day not in left_out)
        return (day for day in days if not falls_on(self.exrules, day)) if self.exrules else days

    def occurrences(self, start: date, end: date) -> Iterator[Occurrence]:
        """The visits that begin on dates from `start` until before `end`, in order of date and clock time.

        Raises ValueError when the rule is not a valid RRULE.
        """
        count = int(rule_fields(self.rrule).get("COUNT", 0)) if self.rrule else 0
        made = 0
        # Counting begins with the first visit there ever was.
        for day in self.dates(None if count else start):
            if day >= end:
                return
            for clock in sorted(self.times_on(day)):
                visit = occurrence(day, clock, self.minutes)
                if visit.start < self.begins:
                    continue
                made += 1
                if count and made > count:
                    return
                if day >= start:
                    yield visit

    def to_json(self) -> Json:
        """The plan as it is stored."""
        return {
            "rrule": self.rrule,
            "dtstart": self.dtstart.isoformat(),
            "begins": self.begins.isoformat(),
            "minutes": self.minutes,
            "times": _clocks(self.times),
            "other_times": {str(weekday): _clocks(times) for weekday, times in sorted(self.other_times.items())},
            "exdates": [day.isoformat() for day in self.exdates],
            "missing": [day.isoformat() for day in self.missing],
            **({"exrules": list(self.exrules)} if self.exrules else {}),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Plan:
        """The plan written by `to_json`."""
        return cls(
            dtstart=date.fromisoformat(fields["dtstart"]),
            begins=datetime.fromisoformat(fields["begins"]),
            minutes=fields["minutes"],
            times=_times(fields["times"]),
            rrule=fields["rrule"],
            exdates=tuple(date.fromisoformat(day) for day in fields["exdates"]),
            missing=tuple(date.fromisoformat(day) for day in fields["missing"]),
            exrules=tuple(fields.get("exrules") or ()),
            other_times={int(weekday): _times(times) for weekday, times in fields["other_times"].items()},
        )


def rule_dates(rrule: str | None, dtstart: date, after: date | None = None) -> Iterator[date]:
    """The dates of a rule from `dtstart` (and from `after`) on, COUNT aside; without a rule `dtstart` itself.

    Ends after twenty years at the latest. Raises ValueError when the rule is not a valid RRULE.
    """
    if rrule is None:
        if after is None or dtstart >= after:
            yield dtstart
        return
    rule = _rule(rrule, dtstart)
    yield from (moment.date() for moment in (rule if after is None else rule.xafter(_begin(after), inc=True)))


@lru_cache(maxsize=512)
def _rule(rrule: str, dtstart: date) -> rrulebase:
    """The rule without COUNT. Kept, with the dates found so far: matching asks the same ones for every helper."""
    fields = rule_fields(rrule)
    fields.pop("COUNT", None)
    if fields.get("FREQ") not in _FREQUENCIES or fields.get("INTERVAL") == "0" or _CLOCKS & fields.keys():
        message = f"not a rule of dates: {rrule!r}"
        raise ValueError(message)
    until = fields.pop("UNTIL", None)
    end = min(_begin(until_of(until) if until else date.max), _begin(dtstart + _FURTHEST))
    return rrulestr(f"{rule_text(fields)};UNTIL={end:%Y%m%d}", dtstart=_begin(dtstart), cache=True)


def until_of(text: str) -> date:
    """The date of an UNTIL, which may carry a time."""
    return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a mere date


def _begin(day: date) -> datetime:
    return datetime.combine(day, time())


def _clocks(times: tuple[time, ...]) -> list[str]:
    return [f"{moment:%H:%M}" for moment in times]


def _times(texts: list[str]) -> tuple[time, ...]:
    return tuple(time.fromisoformat(text) for text in texts)
