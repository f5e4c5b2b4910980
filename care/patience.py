"""How long somebody who was asked may take to answer, and when they are reminded.

Proposed by this project: no rule says so. A helper must have a fair chance to see the message; the person who waits
must hear the same or the next day, and early enough before the first visit that somebody else can still be found.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from care.clock import TZ, local

DAY_BEGINS, DAY_ENDS = time(8), time(20)
"""Nobody is reminded outside these local hours."""
REMIND_AFTER = timedelta(hours=3)
"""So much daytime passes before a reminder: a shift, a lunch, a nap."""
ANSWER_BY = time(10)
"""The next morning at this local time a question is given up: the office is open then, and the day still long."""
SOON = timedelta(hours=24)
"""A first visit nearer than this leaves half of the time before it for the answer, and half for finding another."""
NIGHT_BEGINS = time(21)
"""From then until the day begins nobody is written to about an answer that did not come, where that can be helped."""
TO_FIND_ANOTHER = timedelta(hours=2)
"""So much time before the first visit is enough to ask one more helper."""
LEAST = timedelta(minutes=10)
"""Nobody can be expected to answer faster."""
_ROUND = 5 * 60


def answer_by(now: datetime, first: datetime) -> datetime:
    """Until when the helper may answer who is asked at `now` for visits from `first` on (aware); local, always before
    `first` when that is still to come.
    """
    now, first = local(now), local(first)
    next_morning = datetime.combine(now.date() + timedelta(days=1), ANSWER_BY, TZ)
    left = first.timestamp() - now.timestamp()
    if left >= SOON.total_seconds() and first > next_morning:
        return next_morning
    half = max(now.timestamp() + left / 2, now.timestamp() + LEAST.total_seconds())
    rounded = half - half % _ROUND if half - half % _ROUND > now.timestamp() else half
    latest = min(rounded, next_morning.timestamp())
    if left > 0:
        latest = min(latest, first.timestamp())
    return _by_day(now, first, datetime.fromtimestamp(latest, TZ))


def _by_day(now: datetime, first: datetime, moment: datetime) -> datetime:
    """The moment, out of the night when there is time: the morning after, or else the evening before it."""
    if DAY_BEGINS <= moment.time() <= NIGHT_BEGINS:
        return moment
    morning = datetime.combine(moment.date() + timedelta(days=moment.time() > NIGHT_BEGINS), DAY_BEGINS, TZ)
    evening = datetime.combine(morning.date() - timedelta(days=1), NIGHT_BEGINS, TZ)
    if morning + TO_FIND_ANOTHER <= first:
        return morning
    return evening if evening >= now + LEAST else moment


def remind_at(now: datetime, expires: datetime) -> datetime | None:
    """When who was asked at `now` is reminded (local): after some daytime, or halfway when the answer is due sooner;
    None when there is no daytime left for it.
    """
    now, expires = local(now), local(expires)
    moment = _after_daytime(now, REMIND_AFTER)
    if moment >= expires:
        moment = datetime.fromtimestamp((now.timestamp() + expires.timestamp()) / 2, TZ).replace(second=0)
    return moment if DAY_BEGINS <= moment.time() <= DAY_ENDS and now < moment < expires else None


def _after_daytime(now: datetime, span: timedelta) -> datetime:
    """The local moment at which `span` of daytime has passed since `now`."""
    day = now.date()
    begin = max(now, datetime.combine(day, DAY_BEGINS, TZ))
    while True:
        end = datetime.combine(day, DAY_ENDS, TZ)
        # Clocks change at night, so within a day local arithmetic is exact.
        if begin + span <= end:
            return begin + span
        span -= max(end - begin, timedelta(0))
        day += timedelta(days=1)
        begin = datetime.combine(day, DAY_BEGINS, TZ)


def choose_by(now: datetime) -> datetime:
    """Until when who asked for help may choose the next helper before the coordinator hears of it (local): two mornings
    on, so that a day away does no harm.
    """
    return datetime.combine(local(now).date() + timedelta(days=2), ANSWER_BY, TZ)
