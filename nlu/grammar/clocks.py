"""Which half of the day an hour is in, by the part of the day, the order of the hours and common sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

NOON = 12 * 60
SMALL_HOURS = 6 * 60
DAY = 24 * 60


@dataclass(frozen=True)
class Clock:
    """A clock time in minutes after midnight; `open` when it may as well be twelve hours later."""

    minutes: int
    open: bool = True


# The minutes of the day in which a clock time can be, by part of the day; wider than the windows of the contract,
# because people say "five in the evening" and "six in the morning". An end past 24 hours is on the next day.
_HOLDS: dict[str, tuple[int, int]] = {
    "early_morning": (4 * 60, 10 * 60),
    "morning": (4 * 60, 12 * 60 + 30),
    "noon": (11 * 60, 14 * 60 + 30),
    "afternoon": (12 * 60, 18 * 60 + 30),
    "evening": (17 * 60, 24 * 60),
    "bedtime": (19 * 60, 25 * 60),
    "night": (18 * 60, 30 * 60 + 30),
}
_MORNING_SERVICES = frozenset({"stockings_on", "personal_care"})
EVENING_SERVICES = frozenset({"stockings_off"})
_SOCIABLE_SERVICES = frozenset({"companionship", "respite"})
"""Nobody comes for a chat at seven in the morning …"""
LONG_STAY = 5 * 60
_DAY_SERVICES = frozenset(
    {
        "meals", "walk", "cleaning", "laundry", "windows", "garden", "odd_jobs", "groceries", "admin_help",
        "digital_help", "hairdresser", "pedicure", "physio",
    }
)  # fmt: skip
"""… nor for these at half past six."""
BEDSIDE, WAKING = "palliative_presence", "night_waking"
NIGHT_SERVICES = frozenset({WAKING, "night_sleep_in"})


def fits(minutes: int, part: str) -> bool:
    """Whether a clock time can be called a time in this part of the day."""
    start, end = _HOLDS[part]
    return start <= minutes <= end or start <= minutes + DAY <= end


def choose(clock: Clock, part: str | None = None, service: str | None = None) -> int | None:
    """The minutes after midnight that are meant; None when the clock time cannot be in the part of the day."""
    other = (clock.minutes + NOON) % DAY
    if part:
        options = [clock.minutes, other] if clock.open else [clock.minutes]
        held = [minutes for minutes in options if fits(minutes, part)]
        return held[0] if held else None
    if not clock.open:
        return clock.minutes
    if service in NIGHT_SERVICES:
        return other if clock.minutes >= 8 * 60 and clock.minutes < NOON else clock.minutes % NOON
    if service in EVENING_SERVICES and 5 * 60 <= clock.minutes < NOON:
        return other
    if clock.minutes < 60:
        return other
    # Nobody asks for care at two in the night without saying so.
    early = 6 * 60 if service in _MORNING_SERVICES else 7 * 60
    if service in _SOCIABLE_SERVICES:
        early = 8 * 60
    elif service not in _MORNING_SERVICES | _DAY_SERVICES and clock.minutes % 60 and clock.minutes > 6 * 60:
        early = 6 * 60 + 1
    return other if clock.minutes < early else clock.minutes


def choose_times(clocks: Sequence[Clock], part: str | None, service: str | None, last_part: str | None) -> list[int]:
    """The times of a list, from early to late; [] when one cannot be in the part of the day."""
    return sorted(dict.fromkeys(choose_each(clocks, part, service, last_part)))


def choose_each(clocks: Sequence[Clock], part: str | None, service: str | None, last_part: str | None) -> list[int]:
    """The times of a list as they were said; [] when one cannot be in the part of the day. Where nothing else is said
    times go up through the day.
    """
    times: list[int] = []
    if last_part == "night" and clocks and (choose(clocks[-1], last_part) or 0) < SMALL_HOURS:
        # "At eleven and three at night".
        part = last_part
    rising = len(clocks) > 2 and all(one.minutes < other.minutes for one, other in pairwise(clocks))
    if last_part and rising and all(choose(clock, last_part) is not None for clock in clocks):
        # "At seven, eight and nine in the evening", but "at eight, twelve and six in the evening".
        part = last_part
    for place, clock in enumerate(clocks):
        own = last_part if last_part and place == len(clocks) - 1 else part
        minutes = choose(clock, own, service if not last_part else None)
        if minutes is None:
            return []
        if times and not own and clock.open and minutes <= times[-1] and minutes + NOON < DAY:
            minutes += NOON
        times.append(minutes)
    return times


def choose_span(first: Clock, last: Clock, part: str | None, service: str | None) -> tuple[int, int] | None:
    """The span from one clock time to another; None when they cannot be in the part of the day."""
    if service in _SOCIABLE_SERVICES and (last.minutes - first.minutes) % NOON > LONG_STAY:
        # "From seven to four" is no evening.
        service = None
    if service == BEDSIDE and not part and first.open and last.open and last.minutes <= 8 * 60 < first.minutes - 60:
        # "To sit with him while he is dying, eleven to seven".
        service = WAKING
    start = choose(first, part, service)
    if start is None and part and first.open:
        # "from ten to four in the afternoon": only the end is in the afternoon.
        start = first.minutes
    if start is None:
        return None
    if not part and first.open and not last.open:
        # "Between eight and nine pm": the half of the day that was said of the end, when the start can be in it.
        other = first.minutes % NOON + last.minutes // NOON * NOON
        start = other if other < last.minutes else start
        if last.minutes < SMALL_HOURS and start < NOON:
            # "From eight till midnight" begins in the evening, not in the morning.
            start = first.minutes % NOON + NOON
    options = [last.minutes, (last.minutes + NOON) % DAY] if last.open else [last.minutes]
    # The first moment after the start: "ten to four" is six hours, not eighteen.
    end = min(options, key=lambda minutes: (minutes - start - 1) % DAY)
    if part and not fits(end, part) and not fits(start, part):
        return None
    by_day = part in ("morning", "noon", "afternoon")
    if service in NIGHT_SERVICES and last.open and last.minutes < NOON and not by_day:
        end = last.minutes
    return (start, end) if end != start else None


def moment(minutes: int) -> time:
    """The time of day of minutes after midnight."""
    return time(minutes // 60 % 24, minutes % 60)
