"""When visits are: rules, clock times and parts of the day, as in an RFC 5545 calendar.

All dates and times are local (Europe/Amsterdam).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
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

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The dates of the schedule from `start` until before `end`, in order.

        A weekly rule without days (`times_per_period`) gives the weekday of `dtstart` only: the planner offers days.
        Raises ValueError when the rule is not a valid RRULE.
        """
        if self.dtstart is None:
            return
        if self.rrule is None:
            if start <= self.dtstart < end and self.dtstart not in self.exdates:
                yield self.dtstart
            return
        for moment in rrulestr(self.rrule, dtstart=datetime.combine(self.dtstart, time())):
            day = moment.date()
            if day >= end:
                return
            if day >= start and day not in self.exdates:
                yield day

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
        )

    def with_daypart(self, daypart: str) -> Schedule:
        """The same schedule in the named part of the day."""
        return replace(self, daypart=daypart, window=DAYPARTS[daypart])


def window_minutes(window: tuple[time, time]) -> int:
    """The length of a window in minutes; one that ends before it begins ends on the next day."""
    start, end = (edge.hour * 60 + edge.minute for edge in window)
    return end - start if end > start else end - start + int(timedelta(days=1).total_seconds() // 60)
