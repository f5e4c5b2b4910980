"""The times of day-to-day care: when we write unasked, when a visit is late, how long an answer may take.

All are proposals of this project (no rule of law); each says why it is as it is. Clock times are local.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from care.clock import between, later, local

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""Between these nobody is written to unasked: most recipients are in bed."""
EVENING_BEFORE = time(18)
"""When people are told of tomorrow: after dinner, and early enough to change something."""
CATCH_UP_UNTIL = time(10)
"""Reminders that could not go out in the evening still go out until this hour of the day itself; later they are old."""
URGENT = timedelta(hours=4)
"""A visit that begins within this is worth waking somebody for, when its helper has fallen ill."""

CHECK_IN_BEFORE, CHECK_IN_AFTER = timedelta(hours=1), timedelta(hours=3)
"""A helper who says "I'm here" means a visit that begins at most this much later, or began at most this long ago."""
LATE_AFTER = timedelta(minutes=20)
"""So long after the start without a word both sides are asked: traffic explains less than this."""
LATE_WITHIN = timedelta(hours=2)
"""Visits that began longer ago are not asked about: a clock that slept must not wake everybody up."""
ESCALATE_AFTER = timedelta(minutes=20)
"""So long after having been asked in vain, a coordinator is told."""
CLOSED_AFTER = timedelta(days=1)
"""So long after its end a visit that nobody reported counts as done (not as approved)."""

REVIEW_AT = time(18)
"""From this hour on the hours are put to the recipient."""
REVIEW_WEEKDAY = 6
"""Recurring help is approved once a week, on Sunday: a question for every visit would be a nuisance."""
REVIEW_WITHIN = timedelta(days=8)
"""Visits longer ago are not asked about: nobody remembers."""

CHOOSE_WITHIN = timedelta(hours=12)
"""How long the recipient has to choose a substitute …"""
ANSWER_WITHIN = timedelta(hours=4)
"""… and a substitute to answer; both less when the visit is near (`answer_by`)."""
LEAST_PATIENCE = timedelta(minutes=15)
"""Nobody is given less than this to answer."""
AWAY_WITHOUT_END = timedelta(days=7)
"""For how long somebody counts as away who does not know until when: coming back earlier takes a word."""


def is_quiet(now: datetime) -> bool:
    """Whether it is an hour in which nobody is written to unasked."""
    clock = local(now).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def quiet_until(now: datetime) -> datetime:
    """When the quiet hours that `now` lies in are over; `now` itself outside them."""
    if not is_quiet(now):
        return now
    moment = local(now)
    day = moment.date() + timedelta(days=1) if moment.time() >= QUIET_FROM else moment.date()
    return local(datetime.combine(day, QUIET_UNTIL))


def may_write(now: datetime, begins: datetime) -> bool:
    """Whether one may write now about a visit that begins then: outside the quiet hours, or when it is urgent."""
    return not is_quiet(now) or between(now, begins) <= URGENT


def write_at(now: datetime, begins: datetime) -> datetime:
    """When to write about a visit that begins then: now, or after the quiet hours when it can wait."""
    return now if may_write(now, begins) else quiet_until(now)


def answer_by(now: datetime, begins: datetime, within: timedelta) -> datetime:
    """Until when an answer is waited for: `within`, not in the quiet hours, and half the time left at the most."""
    left = between(now, begins)
    until = later(now, max(min(within, left / 2), LEAST_PATIENCE))
    morning = quiet_until(until)
    return morning if between(now, morning) < left * 3 / 4 else until
