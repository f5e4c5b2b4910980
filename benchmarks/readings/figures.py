"""The figures by which readings are measured, and what a field may hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Json = dict[str, Any]

HORIZON = timedelta(weeks=26)
MIN_IOU = 0.8
DAY = 24 * 60

DAYPARTS: dict[str, tuple[str, str]] = {
    "early_morning": ("06:00", "09:00"),
    "morning": ("07:00", "12:00"),
    "noon": ("12:00", "14:00"),
    "afternoon": ("12:00", "18:00"),
    "evening": ("18:00", "23:00"),
    "bedtime": ("20:30", "23:00"),
    "night": ("23:00", "07:00"),
}
MEDICATION_FAMILY = frozenset({"med_reminder", "med_hand_over", "med_administer"})
ACTS = frozenset(
    "book skip cancel change correct who_is_coming list_visits confirm deny undo repeat human help greet goodbye "
    "complaint payment privacy emergency clarify out_of_scope".split()
)
ACTS_WITH_EFFECT = frozenset({"book", "skip", "cancel", "change", "correct"})
"""The acts over which the wrong-without-asking rate is taken."""

TARGET_FIELDS = ("dates", "from", "until", "scope")
"""What makes a target right. `service` has a figure of its own and does not count for an exact reading."""


@dataclass(frozen=True)
class Figure:
    """One line of the table: a share of a number of cases."""

    key: str
    label: str
    meaning: str
    high_is_good: bool = True


FIGURES = (
    Figure("act_accuracy", "act accuracy", "rows with the right act"),
    Figure("need_precision", "need precision", "needs answered that match an expected need"),
    Figure("need_recall", "need recall", "needs expected that an answered need matches"),
    Figure("need_f1", "need F1", "the harmonic mean of these two"),
    Figure("times_accuracy", "times", "matched needs with the same set of clock times"),
    Figure("window_accuracy", "window", "matched needs with the right window or day part"),
    Figure("duration_accuracy", "duration", "matched needs with the right duration_minutes"),
    Figure("preferences_accuracy", "preferences", "matched needs where every preference expected was answered"),
    Figure("target_accuracy", "target", "rows with a target whose expected dates, from, until and scope are right"),
    Figure("target_service_accuracy", "target service", "rows whose expected target names a service, and it is right"),
    Figure("exact_rate", "exact reading", "rows with act, needs, times, window, duration and target all right"),
    Figure("asked_when_due", "asked when due", "rows expected to ask something where the answer asks something"),
    Figure(
        "wrong_without_asking_rate",
        "wrong without asking (low)",
        "rows expected to book, skip, cancel, change or correct that are not exact while the answer asks nothing",
        high_is_good=False,
    ),
    Figure(
        "false_booking_rate",
        "false booking (low)",
        "rows expected not to book that were answered as a booking with at least one need",
        high_is_good=False,
    ),
    Figure("emergency_recall", "emergency recall", "emergencies answered as such"),
    Figure(
        "emergency_false_alarm_rate",
        "emergency false alarm (low)",
        "other rows answered as an emergency",
        high_is_good=False,
    ),
)

EPILOG = (
    "figures, for nl, en and all rows:\n"
    + "\n".join(f"  {figure.key:<27} {figure.meaning}" for figure in FIGURES)
    + """

a need matches when all three agree:
  service    the same; `medication` also matches med_reminder, med_hand_over and med_administer, both ways
  dates      rrule from dtstart less exdates gives the same set of dates in the 26 weeks from `now` (or from the
             expected dtstart, where that lies further off); however the rule is written. UNTIL is read as a
             date, inclusive; a clock time or Z behind it, and BYHOUR and the like, are ignored
  times_per_period
a window is right when the day parts are equal, or the spans (window, else the day part's) overlap for 0.8 of their
union, or neither reading has one; where both give clock times, a day part holding them may be left out.

lenient in EXPECTED: act, needs, target, ask; a field of a need (service, rrule, dtstart, exdates, times,
  times_per_period, window or daypart, duration_minutes, preferences or one of its keys); a field of the target (from,
  until, scope, target.dates, target.service). `dates` is rrule, dtstart, exdates and target.dates together;
  `service` is that of needs and target. A lenient field is taken as right, and left out of its own figure.
  `ask` only touches asked_when_due.

exit status: 0 scored (however badly), 1 self-test failed, 2 wrong usage or a mistake in EXPECTED"""
)


class UnreadableError(ValueError):
    """A value that does not follow the contract."""
