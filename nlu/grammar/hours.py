"""When on the day: clock times, windows and durations from what was said of them. All times are local."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from care.schedule import DAYPARTS
from nlu.grammar.clocks import NIGHT_SERVICES, choose, choose_span, choose_times, moment

LATE_SERVICE = "stockings_off"
"""A service of the evening, whose hours are read as those of the evening."""
LONGEST_PART, LONGEST_SPAN = 15 * 60, 20 * 60
"""A span longer than this, in minutes, was not meant so: its end was to be before its beginning."""
DAY_BEGINS, DAY_ENDS, LATE_DAY_ENDS = time(7), time(18), time(23)


@dataclass
class Hours:
    """When on the day."""

    times: tuple[time, ...] = ()
    window: tuple[time, time] | None = None
    daypart: str | None = None
    duration: int | None = None
    contradiction: bool = False

    def passed(self, now: time) -> bool:
        """Whether it is too late today: the last clock time, or the end of the window, is past."""
        if self.times:
            return max(self.times) <= now
        if self.window is None or self.window[1] <= self.window[0]:
            return False
        return self.window[1] <= now

    @property
    def said(self) -> bool:
        """Whether anything was said of when on the day."""
        return bool(self.times or self.window)


def read_hours(said: Mapping[str, Any], service: str | None) -> Hours:
    """The times, window and duration that were said."""
    part = said.get("part")
    if said.get("late") and not part:
        service = LATE_SERVICE
    dur = said.get("dur")
    part = _evening(said, part)
    if part == "evening" and service in NIGHT_SERVICES and "times" not in said:
        # "A night nurse for tonight".
        part = "night"
    hours = Hours(daypart=part, window=DAYPARTS[part] if part else None, duration=dur[0] if dur else None)
    if "times" in said:
        settled = choose_times(said["times"], part, service, said.get("last_part"))
        hours.times = tuple(moment(minutes) for minutes in settled)
        hours.contradiction = not settled
    for key in ("span", "between"):
        if key in said:
            first, last = said[key]
            span = choose_span(first, last, part, service)
            if span is None:
                hours.contradiction = True
                continue
            length = (span[1] - span[0]) % (24 * 60)
            if length > (LONGEST_PART if part in ("morning", "afternoon", "evening") else LONGEST_SPAN):
                # "From four till three in the afternoon".
                hours.contradiction = True
                continue
            hours.window = (moment(span[0]), moment(span[1]))
            if key == "span" and (hours.duration is None or (dur and dur[0] < length <= dur[1])):
                # "A few hours, from one to five": as long as that.
                hours.duration = length
            if span[1] < span[0] and part == "bedtime":
                # "For the night, from eleven to seven": that is more than going to bed.
                hours.daypart = None
    if "after" in said and said.get("onward") and hours.duration and not hours.times:
        # "From three, for two hours": that is when it begins.
        settled = choose_times([said["after"]], part, service, None)
        hours.times = tuple(moment(minutes) for minutes in settled)
        hours.contradiction = hours.contradiction or not settled
    elif "after" in said and "before" in said:
        _window_between(said, service, hours)
    elif "after" in said or "before" in said:
        _open_window(said, service, hours)
    return hours


def _window_between(said: Mapping[str, Any], service: str | None, hours: Hours) -> None:
    """For "Not before ten, and done by twelve"."""
    span = choose_span(said["after"], said["before"], hours.daypart, service)
    if span is None or (span[1] - span[0]) % (24 * 60) > LONGEST_SPAN:
        hours.contradiction = True
        return
    hours.window = (moment(span[0]), moment(span[1]))


def _evening(said: Mapping[str, Any], part: str | None) -> str | None:
    """For "Every night at nine" is in the evening."""
    if part != "night" or _past_midnight(said):
        return part
    clocks = [*said.get("times", ()), *said.get("span", ())[:1], *said.get("between", ())[:1]]
    settled = [choose(clock, "night") for clock in clocks]
    late = [minutes is not None and 17 * 60 <= minutes < 22 * 60 + 30 for minutes in settled]
    return "evening" if late and all(late) else part


def _past_midnight(said: Mapping[str, Any]) -> bool:
    """Whether a span goes on into the morning ("Sunday night from ten to six")."""
    if "span" not in said:
        return False
    first, last = said["span"]
    span = choose_span(first, last, "night", None)
    return span is not None and span[1] % (24 * 60) < span[0] % (24 * 60)


def _open_window(said: Mapping[str, Any], service: str | None, hours: Hours) -> None:
    """For "After ten", "before nine": the other side is that of the part of the day, or of the day."""
    part = hours.daypart
    minutes = choose(said.get("after") or said["before"], part, service)
    if minutes is None:
        hours.contradiction = True
        return
    edge = moment(minutes)
    window = DAYPARTS[part] if part else None
    if "after" in said:
        end = window[1] if window else DAY_ENDS if edge < time(17) else LATE_DAY_ENDS
        hours.window = (edge, end) if edge != end else hours.window
    else:
        start = window[0] if window and window[0] < edge else min(DAY_BEGINS, moment(max(minutes - 60, 0)))
        hours.window = (start, edge) if edge != start else hours.window
