"""Which visits that stand a message is about, when it leaves out, ends or moves some. Dates are local."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from nlu.grammar.dates import Calendar
from nlu.grammar.day_functions import WEEK
from nlu.grammar.frames import When, is_day
from nlu.grammar.items import Found, Item
from nlu.grammar.meaning import Sense, clauses
from nlu.reading import Target

LONGEST_PERIOD = 92
"""In a longer period, in days, the visits on some weekdays are no longer named one by one."""
_LIMITS = frozenset({"from", "from_period", "until", "lasting"})


def said_days(found: Found, sense: Sense) -> list[Item]:
    """The schedule phrases of a message in order, without those that say what stays ("the week after as usual")."""
    whens = [item for item, _ in sorted(sense.whens, key=lambda pair: pair[0].first)]
    staying = {
        id(item)
        for clause in clauses(found)
        if clause.has("kept") and not clause.has("not", "except", "stop")
        for item in clause.items
    }
    return [item for item in whens if id(item) not in staying]


def said_service(sense: Sense) -> str | None:
    """The one service that a message names; None when it names none or several."""
    keys = {key for _, value in sense.services for key in value}
    return keys.pop() if len(keys) == 1 else None


def read_target(found: Found, sense: Sense, calendar: Calendar) -> Target:
    """The target as if the message left out or ended visits."""
    days = [item for item in said_days(found, sense) if is_day(item.value) or _LIMITS & item.value.keys()]
    if not days and sense.asides and found.has("then", "so"):
        # "My brother is buried on Friday, so the walk is off then."
        days = [Item("when", sense.asides[-1], 0, 0)]
    return target_of(days, said_service(sense), found, calendar)


def target_of(
    days: Sequence[Item], service: str | None, found: Found, calendar: Calendar, moving: bool = False
) -> Target:
    """The target that phrases name; `moving`: of a change, where a bare weekday leaves open whether once or always."""
    gathered = _Gathered(
        calendar, [item.value for item in days], series=found.has("from_now_on", "thence", "whole", "stop")
    )
    gathered.gather()
    scope = gathered.scope(found, moving)
    dates = () if scope == "series" else tuple(sorted(dict.fromkeys(gathered.dates)))
    return Target(service, dates, gathered.from_, gathered.until, scope)


@dataclass
class _Gathered:
    """The dates and limits of phrases, while they are gathered."""

    calendar: Calendar
    whens: list[When]
    series: bool = False
    bare: bool = False
    every: bool = False
    """Whether days that come back were named, not only a word such as "for good"."""
    dated: bool = False
    """Whether a date was named, so that "definitely" or "for good" is of that visit."""
    dates: list[date] = field(default_factory=list)
    from_: date | None = None
    until: date | None = None

    def gather(self) -> None:
        """Take in every phrase."""
        for when in self.whens:
            self._days(when)
            self._limits(when)

    def _days(self, when: When) -> None:
        if "period" in when:
            # Of "Tuesday next week" the period only says which Tuesday.
            if not any("days" in other for other in self.whens):
                span = self.calendar.period(when["period"])
                self.from_, self.until = span or (self.from_, self.until)
        elif "date" in when:
            self.dated = True
            self.dates += [day for said in when["date"] for day in self.calendar.dates(said)]
        elif "days" in when:
            if when.get("every") and not when.get("weekend"):
                within = self._within(when)
                if within:
                    self.dates += within
                else:
                    self.series = self.every = True
            else:
                self.bare = True
                self.dates += self._weekdays(when)
        elif when.get("freq") or when.get("parity") or when.get("nth"):
            self.series = True

    def _within(self, when: When) -> list[date]:
        """The dates of "all Mondays in December"; none without a period beside them."""
        period = next((other["period"] for other in self.whens if "period" in other), None)
        span = self.calendar.period(period) if period else None
        if span is None or (span[1] - span[0]).days > LONGEST_PERIOD:
            return []
        days = (span[0] + timedelta(days=step) for step in range((span[1] - span[0]).days + 1))
        return [day for day in days if WEEK[day.weekday()] in when["days"]]

    def _weekdays(self, when: When) -> list[date]:
        """The next dates of weekdays, or those in the period that is named beside them."""
        period = next((other["period"] for other in self.whens if "period" in other), None)
        span = self.calendar.period(period) if period else None
        found = [self.calendar.day({"weekday": name}, span[0] if span else None) for name in when["days"]]
        return [day for day in found if day is not None]

    def _limits(self, when: When) -> None:
        if "from" in when and "date" not in when:
            self.from_ = self.calendar.day(when["from"][0]) or self.from_
        if "from_period" in when:
            span = self.calendar.period(when["from_period"])
            self.from_ = span[0] if span else self.from_
        if "lasting" in when:
            # "On Monday for two weeks", "for the next two weeks".
            start = self.dates.pop() if self.dates else self.from_ or self.calendar.today
            self.from_, self.until = start, self.calendar.last(start, when["lasting"])
        if "until" in when:
            if self.dates and self.from_ is None and not self.bare:
                # "I go to hospital on the 14th. Nothing until the 27th, please."
                self.from_, self.dates = min(self.dates), []
            self.until = self.calendar.until(when["until"], when["inclusive"], self.from_ or self.calendar.today)
            self.from_ = self.from_ or self.calendar.today

    def scope(self, found: Found, moving: bool) -> str | None:
        """Whether it is once, for a period, or the whole series; None when it must be asked."""
        limited = self.from_ is not None and self.until is not None and not self.dates
        if found.has("this_time_only") and not found.has("from_now_on", "thence", "whole"):
            return "period" if limited else "once"
        if limited and not moving:
            return "period"
        if self.series and not (self.dated and not moving and not self.every):
            return "series"
        if self.from_ is not None and not self.dates:
            return "series" if found.has("not") else None
        if self.dates:
            return None if moving and self.bare else "once"
        return None
