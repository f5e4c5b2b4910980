"""When visits are: rules, clock times and parts of the day, as in an RFC 5545 calendar.

All dates and times are local (Europe/Amsterdam).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from dateutil.rrule import rrulestr

DAYPARTS: dict[str, tuple[time, time]] = {
    "early_morning": (time(6), time(9)),
    "morning": (time(7), time(12)),
    "noon": (time(12), time(14)),
    "afternoon": (time(12), time(18)),
    "evening": (time(18), time(23)),
    "bedtime": (time(20, 30), time(23)),
    "night": (time(23), time(7)),
}
"""The parts of the day with their windows; one that ends before it begins ends on the next day."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Schedule:
    """When a need is to be met: which dates, and when on those dates.

    `rrule` is an RFC 5545 RRULE value without DTSTART (UNTIL as a plain date, inclusive), or None for a single visit.
    `exdates` are dates left out, `exrules` rules (RRULE values without DTSTART and interval) whose dates are left out
    for good: "not on Sundays", of a rule that does not go by weekdays. Dates of such a rule may stand in `exdates` too,
    as far as they were written out.
    `times_per_period` is how often within one period of the rule, when no days (or clock times) were named.
    """

    rrule: str | None = None
    dtstart: date | None = None
    exdates: tuple[date, ...] = ()
    times: tuple[time, ...] = ()
    window: tuple[time, time] | None = None
    daypart: str | None = None
    duration_minutes: int | None = None
    times_per_period: int | None = None
    exrules: tuple[str, ...] = ()

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The dates of the schedule from `start` until before `end`, in order.

        A weekly rule without days (`times_per_period`) gives the weekday of `dtstart` only: the planner offers days.
        Raises ValueError when the rule is not a valid RRULE.
        """
        if self.dtstart is None:
            return
        if self.rrule is None:
            if start <= self.dtstart < end and not self.leaves_out(self.dtstart):
                yield self.dtstart
            return
        for moment in rrulestr(self.rrule, dtstart=datetime.combine(self.dtstart, time())):
            day = moment.date()
            if day >= end:
                return
            if day >= start and not self.leaves_out(day):
                yield day

    def leaves_out(self, day: date) -> bool:
        """Whether a date of the rule is left out. Raises ValueError when an exception is not a valid RRULE."""
        return day in self.exdates or falls_on(self.exrules, day)

    def has_time(self) -> bool:
        """Whether anything was said about when on the day."""
        return bool(self.times or self.window)

    def to_json(self) -> Json:
        """The fields as in the reading of the contract."""
        return {
            "rrule": self.rrule,
            "dtstart": self.dtstart and self.dtstart.isoformat(),
            "exdates": [day.isoformat() for day in self.exdates],
            "times": [f"{moment:%H:%M}" for moment in self.times],
            "window": self.window and [f"{edge:%H:%M}" for edge in self.window],
            "daypart": self.daypart,
            "duration_minutes": self.duration_minutes,
            "times_per_period": self.times_per_period,
            # Few have any; the contract knows the dates only.
            **({"exrules": list(self.exrules)} if self.exrules else {}),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Schedule:
        """The schedule written by `to_json`; raises ValueError on what is no date or time."""
        window = fields.get("window")
        dtstart = fields.get("dtstart")
        return cls(
            rrule=fields.get("rrule"),
            dtstart=dtstart and date.fromisoformat(dtstart),
            exdates=tuple(date.fromisoformat(day) for day in fields.get("exdates") or ()),
            times=tuple(time.fromisoformat(moment) for moment in fields.get("times") or ()),
            window=(time.fromisoformat(window[0]), time.fromisoformat(window[1])) if window else None,
            daypart=fields.get("daypart"),
            duration_minutes=fields.get("duration_minutes"),
            times_per_period=fields.get("times_per_period"),
            exrules=tuple(fields.get("exrules") or ()),
        )

    def with_daypart(self, daypart: str) -> Schedule:
        """The same schedule in the named part of the day."""
        return replace(self, daypart=daypart, window=DAYPARTS[daypart])


@lru_cache(maxsize=8192)
def falls_on(rules: tuple[str, ...], day: date) -> bool:
    """Whether a date is one of any of these rules (RRULE values by weekdays or days of the month, without interval).

    Raises ValueError when one is not a valid RRULE.
    """
    moment = datetime.combine(day, time())
    # Any month begins such a rule anew, so the day's own will do.
    return any(rrulestr(rule, dtstart=moment.replace(day=1)).between(moment, moment, inc=True) for rule in rules)


def window_minutes(window: tuple[time, time]) -> int:
    """The length of a window in minutes; one that ends before it begins ends on the next day."""
    start, end = (edge.hour * 60 + edge.minute for edge in window)
    return end - start if end > start else end - start + int(timedelta(days=1).total_seconds() // 60)
