"""A frame: what was said about when, gathered from phrases; two phrases either go together or they do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nlu.grammar.clocks import choose, fits

When = dict[str, Any]

DAY_KEYS = frozenset({"freq", "days", "nth", "monthdays", "parity", "date", "workday", "rest"})
TIME_KEYS = frozenset({"part", "times", "span", "between", "after", "before"})
CLOCK_KEYS = frozenset({"times", "span", "between", "after", "before"})
MARKS = (
    "every", "partly", "adverb", "then", "once", "weekend", "longer", "last_part", "bound", "rest", "but",
    "also", "range", "late", "same_time", "same_day", "same_period", "same_start", "same_length",
    "a_day", "onward", "label", "occasion", "enough", "event", "or_hour", "each", "others", "granted", "like",
    "or_length",
)  # fmt: skip
UNLESS_SAID = "unless said"
"""The same hour as before, if no other is said ("ditto")."""
WEEKEND = frozenset({"SA", "SU"})
LATE_WEEK = frozenset({"FR", "SA", "SU"})
"""The days on which the nights of a weekend begin."""
FEW_DAYS = 2
"""Who wants something every day wants it on more days of the week."""
SINGLE_KEYS = ("dur", "per", "count", "from", "from_period", "until", "lasting", "period")
_KIN = (
    {"early_morning", "morning"},
    {"noon", "afternoon"},
    {"evening", "bedtime"},
    {"evening", "night"},
    {"bedtime", "night"},
)


def _narrowed(said: When, when: When) -> bool:
    """Whether of two phrases one says each day, and the other no more than a day or two of the week."""
    for often, days in ((said, when), (when, said)):
        daily = is_daily(often) and not often.get("a_day")
        few = 0 < len(set(days.get("days", ()))) <= FEW_DAYS and not TIME_KEYS & days.keys()
        # "Each night I'm up. Somebody on Friday night": of the nights it is rather told.
        if daily and few and "days" not in often and often.get("part") != "night":
            return True
    return False


def is_daily(when: Mapping[str, Any]) -> bool:
    """Whether a phrase says each day."""
    return when.get("freq") == "DAILY" and bool(when.get("interval", 1) == 1)


def is_day(when: Mapping[str, Any]) -> bool:
    """Whether a phrase says which days."""
    return bool(DAY_KEYS & when.keys() or "period" in when)


def is_time(when: Mapping[str, Any]) -> bool:
    """Whether a phrase says when on the day."""
    return bool(TIME_KEYS & when.keys())


def _within(span: Mapping[str, Any], month: Mapping[str, Any]) -> bool:
    """Whether a span only says a month once more: "the whole of February, …, from 1 February until the 28th"."""
    first, last = span.get("from"), span.get("until")
    if not first or not last or month.keys() != {"month"}:
        return False
    months = {spoken.get("month", month["month"]) for spoken in (first, last)}
    return "day" in first and "day" in last and months == {month["month"]}


def _of_weekends(said: When, when: When) -> When:
    """For "Friday night and Saturday night. Every weekend.": the weekend says when those days come back."""
    days = set(said.get("days", ()))
    night = "night" in (said.get("part"), when.get("part"))
    narrow = bool(days) and days < (LATE_WEEK if night else WEEKEND) | WEEKEND
    if not when.get("weekend") or said.get("weekend") or not narrow or {"period", "once"} & when.keys():
        return when
    rest = {key: value for key, value in when.items() if key not in ("days", "weekend")}
    return {**rest, "every": True}


def kin(first: str, second: str) -> bool:
    """Whether two parts of the day overlap so that both can be said of one moment."""
    return first == second or {first, second} in _KIN


@dataclass
class Frame:
    """Everything said about when for one need. `said` holds the merged phrases."""

    said: When = field(default_factory=dict)
    contradiction: bool = False
    unsure: set[str] = field(default_factory=set)

    def copy(self) -> Frame:
        """A frame that can be changed apart from this one."""
        return Frame(dict(self.said), self.contradiction, set(self.unsure))

    @property
    def has_day(self) -> bool:
        """Whether it says which days."""
        return is_day(self.said) or "per" in self.said

    @property
    def has_time(self) -> bool:
        """Whether it says when on the day."""
        return is_time(self.said)

    @property
    def scheduled(self) -> bool:
        """Whether it says which days, or when on the day."""
        return self.has_day or self.has_time

    def beside(self, when: When) -> bool:
        """Whether a phrase says what is once beside what comes back ("every Friday, and once on the 3rd")."""
        comes_back = bool(self.said.get("every") or "freq" in self.said)
        return (bool(when.get("once")) and comes_back) or bool(
            self.said.get("once") and (when.get("every") or "freq" in when)
        )

    def same_hours(self, when: When) -> bool:
        """Whether a part of the day is that of the clock times that were said, as they are usually meant."""
        part, times = when.get("part"), self.said.get("times", ())
        if part is None or "part" in self.said:
            return True
        usual = [choose(clock) for clock in times]
        return all(minutes is not None and fits(minutes, part) for minutes in usual)

    def add(self, when: When, close: bool, direct: bool) -> bool:
        """Add a phrase; False when it does not go together with what was said.

        `close`: no service stands between it and the phrases before. `direct`: nothing at all does.
        """
        said = dict(self.said)
        clash = False
        if said.get("range") and when.get("inclusive") and when["until"].get("weekday") in said["days"]:
            # "Monday to Friday, no wait, up to and including Thursday".
            last = said["days"].index(when["until"]["weekday"])
            when = {"days": said["days"][: last + 1], "every": True, "range": True}
            said["days"] = when["days"]
        if not direct and when.get("weekend") and said.get("freq") == "DAILY":
            # "A walk, every day, at the weekend at eleven": on the other days, when?
            self.unsure.add("days")
        when = _of_weekends(said, when)
        if said.get("weekend") and not (is_time(said) and (is_time(when) or not close)):
            narrow = _of_weekends(when, said)
            if narrow is not said:
                # "Every weekend. Friday night and Saturday night."
                said = dict(narrow)
        if not (self._days(said, when, close) and self._limits(said, when)):
            return False
        times = self._times(said, when)
        if times is None:
            # "every morning at six in the evening": said in one breath it is a contradiction, else it is another need.
            if not direct:
                return False
            clash = True
        if close and _narrowed(self.said, when):
            # "A shower every day at nine, Sundays free": hardly on Sundays alone.
            self.unsure.add("days")
        for key in MARKS:
            if when.get(key):
                said[key] = when[key]
        if "vague" in when:
            self.unsure.add(when["vague"])
        if "unsure" in when:
            self.unsure.add(when["unsure"])
        self.said = said
        self.contradiction = self.contradiction or clash
        return True

    def _days(self, said: When, when: When, close: bool) -> bool:
        new = DAY_KEYS & when.keys()
        old = DAY_KEYS & said.keys()
        if not new:
            return True
        if old and not self._days_agree(said, when, close):
            return False
        if "nth" in old and new == {"days"}:
            # "The first Thursday of the month, at eleven on the Thursday".
            return True
        for key in new:
            if key == "freq" and said.get("freq") == "WEEKLY" and when["freq"] == "DAILY" and "days" in said:
                continue
            said[key] = when[key]
        if "interval" in when:
            said["interval"] = when["interval"]
        if "days" in said and is_daily(said):
            del said["freq"]
            said["every"] = True
        if said.get("nth") and said.get("freq") == "MONTHLY":
            del said["freq"]
        return True

    @staticmethod
    def _days_agree(said: When, when: When, close: bool) -> bool:
        """Whether days said before and days said now can be of one need."""
        before, now = {key for key in DAY_KEYS if key in said}, {key for key in DAY_KEYS if key in when}
        if "date" in before or "date" in now:
            if before == now:
                return said["date"] == when["date"]
            if "date" in before and when.get("every") and {"from", "from_period"} & said.keys():
                # "On the 28th at two, and from 7 December every Monday at two": the first is once.
                return False
            return close or bool(said.get("then") or when.get("then"))
        if before == {"freq"} and now == {"freq"}:
            same = (said["freq"], said.get("interval", 1)) == (when["freq"], when.get("interval", 1))
            return close and (same or (when["freq"] == "DAILY" and said["freq"] == "WEEKLY" and "part" in when))
        if before == {"nth"} and now == {"days"}:
            return not when.get("every") and set(when["days"]) == {day for _, day in said["nth"]}
        if "days" in before and "days" in now:
            if said.get("weekend") and said.get("interval", 1) > 1 and set(when["days"]) < set(said["days"]):
                # "Every other weekend I'm on my own, could somebody come on the Sunday?"
                return True
            return set(said["days"]) == set(when["days"]) and close
        if "freq" in before & now and (said["freq"], said.get("interval", 1)) != (
            when["freq"],
            when.get("interval", 1),
        ):
            return False
        if "freq" in before | now and "days" in before | now:
            freq = said.get("freq") or when.get("freq")
            # "On Saturday the windows, every other month".
            seldom = freq in ("MONTHLY", "YEARLY") and when.keys() <= {"freq", "interval"} and not said.get("every")
            # "Two hours a day of company, Monday to Friday."
            a_day = bool(said.get("a_day") and when.get("days"))
            return close or freq == "WEEKLY" or seldom or a_day
        if "parity" in before | now:
            return not {"nth", "monthdays"} & (before | now)
        if "freq" in before | now:
            return close
        return False

    @staticmethod
    def _limits(said: When, when: When) -> bool:
        for key in SINGLE_KEYS:
            if key in when:
                if key in said and said[key] != when[key] and not (key == "period" and _within(when[key], said[key])):
                    return False
                said[key] = when[key]
        if "inclusive" in when:
            said["inclusive"] = when["inclusive"]
        return True

    @staticmethod
    def _times(said: When, when: When) -> bool | None:
        """Merge what is said of the time of day; None when the two do not agree."""
        agree: bool | None = True
        if "part" in when:
            if "part" in said and not kin(said["part"], when["part"]):
                agree = None
            else:
                # Of two the narrower one says more.
                narrow = ("early_morning", "noon", "bedtime")
                keep = said.get("part") in narrow and when["part"] not in narrow and not when.get("bound")
                said["part"] = said["part"] if keep else when["part"]
        for key in CLOCK_KEYS & when.keys():
            others = CLOCK_KEYS & said.keys() - ({"after", "before"} - {key} if key in ("after", "before") else set())
            if others and not (key in said and said[key] == when[key]):
                return None
            said[key] = when[key]
        timed = agree and "part" in said and "times" in said and "last_part" not in said and not when.get("bound")
        if timed and any(choose(clock, said["part"]) is None for clock in said["times"]):
            # "At noon and at bedtime": no one moment can be both.
            return None
        return agree
