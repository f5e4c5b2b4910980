"""What time it is here, for everything that asks.

The clock of a process can be moved (`--now`, `@now`), so nothing else may read the system's.
"""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta, timezone
from time import monotonic
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Europe/Amsterdam")


class Clock:
    """A clock that runs on from where it was set; unset, it shows the system's time."""

    def __init__(self, start: datetime | None = None) -> None:
        """Start at `start` (naive means local, Europe/Amsterdam), or at the system's time."""
        self._lock = threading.Lock()
        self._start: datetime | None = None
        self._set_at = 0.0
        if start is not None:
            self.move(start)

    def move(self, moment: datetime) -> None:
        """Set the clock to `moment` (naive means local, Europe/Amsterdam); it runs on from there."""
        with self._lock:
            self._start = local(moment)
            self._set_at = monotonic()

    def now(self) -> datetime:
        """The present moment, aware, in Europe/Amsterdam, in whole seconds."""
        with self._lock:
            if self._start is None:
                moment = datetime.now(tz=TZ)
            else:
                # Elapsed time is added in UTC: local arithmetic would be an hour off across a clock change.
                elapsed = monotonic() - self._set_at
                moment = datetime.fromtimestamp(self._start.timestamp() + elapsed, tz=timezone.utc).astimezone(TZ)
        return moment.replace(microsecond=0)

    def today(self) -> date:
        """The present local date."""
        return self.now().date()


def local(moment: datetime) -> datetime:
    """The moment in Europe/Amsterdam; a naive one is taken to be local already."""
    return moment.replace(tzinfo=TZ) if moment.tzinfo is None else moment.astimezone(TZ)


def later(moment: datetime, span: timedelta) -> datetime:
    """The moment a `span` of real time after `moment` (aware), or before it when the span is negative; local.

    Plain arithmetic with local moments counts clock time: over a clock change it is an hour off.
    """
    return (moment.astimezone(timezone.utc) + span).astimezone(TZ)


def between(first: datetime, then: datetime) -> timedelta:
    """How much real time passes from one aware moment to the other; see `later`."""
    return then.astimezone(timezone.utc) - first.astimezone(timezone.utc)
