"""Needs put into words in many ways, with what they say: for tests that read them back.

The schedule that is meant is worked out here from the parts, by dateutil, apart from the reader's own sums.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from dateutil.rrule import rrulestr

LANGUAGES = ("nl", "en")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORDS: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("spoken.yml").read_text(encoding="utf-8"))
PARTS = {"morning": ("07:00", "12:00"), "afternoon": ("12:00", "18:00"), "evening": ("18:00", "23:00")}


@dataclass(frozen=True)
class Parts:
    """The parts of a need, each optional but the first two.

    `rule` is the kind of rule and its numbers; `clock` the minutes after midnight; `window` two hours; `begin`, `until`
    (not included) and `through` (included) dates; `weeks` and `count` limits; `but` a weekday or date left out.
    """

    service: str
    rule: tuple[str, Any]
    clock: int | None = None
    window: tuple[int, int] | None = None
    part: str | None = None
    minutes: int | None = None
    begin: date | None = None
    until: date | None = None
    through: date | None = None
    weeks: int | None = None
    count: int | None = None
    but: str | date | None = None


@dataclass(frozen=True)
class Meant:
    """What a reader should make of the words."""

    rrule: str
    dtstart: date
    exdates: tuple[date, ...]
    times: tuple[time, ...]
    window: tuple[time, time] | None
    daypart: str | None
    minutes: int | None
    times_per_period: int | None


class Speaker:
    """Says needs in one language; the words are picked by `pick`."""

    def __init__(self, language: str, pick: random.Random) -> None:
        """Use the phrases of a language in `spoken.yml`."""
        self.words = WORDS[language]
        self.language = language
        self.pick = pick

    def one(self, *path: Any) -> str:
        """One of the phrases under a key."""
        found: Any = self.words
        for key in path:
            found = found[key]
        return str(self.pick.choice(found))

    def say(self, parts: Parts) -> str:
        """The need in words: its parts in one of the orders that people use."""
        head = [self.rule(parts.rule), self.one("service", parts.service)]
        self.pick.shuffle(head)
        tail = [phrase for phrase in (self.time(parts), self.minutes(parts.minutes)) if phrase]
        self.pick.shuffle(tail)
        limits = [phrase for phrase in (self.begin(parts), self.limit(parts)) if phrase]
        text = " ".join([*head, *tail])
        for phrase in limits:
            text += self.pick.choice((", ", " ")) + phrase
        return text + (f", {self.but(parts.but)}" if parts.but else "")

    def rule(self, rule: tuple[str, Any]) -> str:
        """How often."""
        kind, value = rule
        if kind in ("daily", "workdays", "weekends", "every_other_day"):
            return self.one(kind)
        if kind == "nth":
            return self.one(kind).format(nth=self.words["ordinal"][value[0]], day=self.words["weekday"][value[1]])
        if kind in ("monthday", "per_week"):
            phrase = self.one(kind)
            return phrase.format(n=value if kind == "monthday" or "{n}x" in phrase else self.number(value))
        days, weeks = (value, 1) if kind == "weekly" else value
        key = "fortnight" if weeks == 2 else kind
        return self.one(key).format(
            n=self.number(weeks), days=self.row(days, "weekday"), weekdays=self.row(days, "weekdays")
        )

    def row(self, days: list[str], key: str) -> str:
        """Days in a row."""
        names = [self.words[key][day] for day in days]
        return ", ".join(names[:-1]) + (self.words["and"] if len(names) > 1 else "") + names[-1]

    def number(self, count: int) -> str:
        """A number, in words or in digits."""
        return self.pick.choice((str(count), self.words["number"].get(count, str(count))))

    def time(self, parts: Parts) -> str:
        """When on the day."""
        if parts.part:
            return self.one("part", parts.part)
        if parts.window:
            first, last = parts.window
            return self.one("window").format(a=first, b=last)
        if parts.clock is None:
            return ""
        hour, minute = divmod(parts.clock, 60)
        spoken = hour if hour <= 12 else hour - 12
        names = {"word": self.words["hour"][spoken], "next": self.words["hour"][spoken % 12 + 1]}
        kind = {0: "on_the_hour", 15: "quarter", 30: "half", 45: "quarter_to"}[minute]
        if self.pick.random() < 0.3 and minute:
            kind = "clock"
        return self.one(kind).format(hour=hour, minute=f"{minute:02d}", **names)

    def minutes(self, minutes: int | None) -> str:
        """How long."""
        return self.one("duration", minutes) if minutes else ""

    def date(self, day: date) -> str:
        """A date without its year."""
        return self.one("date").format(n=day.day, month=self.words["month"][day.month - 1])

    def begin(self, parts: Parts) -> str:
        """From when."""
        return self.one("begin").format(date=self.date(parts.begin)) if parts.begin else ""

    def limit(self, parts: Parts) -> str:
        """Until when, or how often."""
        if parts.until:
            return self.one("until").format(date=self.date(parts.until))
        if parts.through:
            return self.one("through").format(date=self.date(parts.through))
        if parts.weeks:
            return self.one("lasting").format(n=self.number(parts.weeks))
        return self.one("count").format(n=self.number(parts.count)) if parts.count else ""

    def but(self, but: str | date) -> str:
        """What is left out."""
        if isinstance(but, date):
            return self.one("but_date").format(date=self.date(but))
        return self.one("but_weekday").format(day=self.words["weekday"][but], weekdays=self.words["weekdays"][but])


def meant(parts: Parts, now: datetime) -> Meant | None:
    """What the words mean, said at `now` (local); None when nothing is left of it."""
    rule = _rule(parts)
    start = max(parts.begin or now.date(), now.date())
    times = () if parts.clock is None else (time(*divmod(parts.clock, 60)),)
    window, end = _window(parts)
    # The first of a longer rhythm is the first day that the rule allows.
    steps = re.sub(";INTERVAL=[0-9]+", "", rule) if parts.rule[0] != "per_week" else "FREQ=DAILY"
    row = rrulestr(steps, dtstart=datetime.combine(start, time(0)))
    first = next(iter(row))
    over = end is not None and end <= now.time()
    # "Every Monday", said on a Monday without a time: from the next one on.
    next_one = end is None and rule.startswith("FREQ=WEEKLY") and rule.endswith("BYDAY=" + CODES[now.weekday()])
    if first.date() == now.date() and (over or next_one):
        first = row.after(first)
    dtstart = first.date()
    until = parts.through or (parts.until - timedelta(days=1) if parts.until else None)
    if parts.weeks:
        until = dtstart + timedelta(weeks=parts.weeks, days=-1)
    if until is not None and until < dtstart:
        return None
    limit = f";UNTIL={until:%Y%m%d}" if until else f";COUNT={parts.count}" if parts.count else ""
    exdates = _exdates(parts, rule, dtstart, until)
    often = parts.rule[1] if parts.rule[0] == "per_week" else None
    return Meant(rule + limit, dtstart, exdates, times, window, parts.part, parts.minutes, often)


def _rule(parts: Parts) -> str:
    kind, value = parts.rule
    if kind == "weekly":
        return "FREQ=WEEKLY;BYDAY=" + ",".join(value)
    if kind == "interval":
        return f"FREQ=WEEKLY;INTERVAL={value[1]};BYDAY=" + ",".join(value[0])
    if kind == "nth":
        return f"FREQ=MONTHLY;BYDAY={value[0]}{value[1]}"
    if kind == "monthday":
        return f"FREQ=MONTHLY;BYMONTHDAY={value}"
    if kind == "per_week":
        return "FREQ=WEEKLY"
    if kind == "every_other_day":
        return "FREQ=DAILY;INTERVAL=2"
    days = {"daily": list(CODES), "workdays": list(CODES[:5]), "weekends": list(CODES[5:])}[kind]
    if isinstance(parts.but, str):
        days.remove(parts.but)
    return "FREQ=DAILY" if len(days) == 7 else "FREQ=WEEKLY;BYDAY=" + ",".join(days)


def _window(parts: Parts) -> tuple[tuple[time, time] | None, time | None]:
    """The window that was said, and when it is too late today."""
    if parts.clock is not None:
        return None, time(*divmod(parts.clock, 60))
    if parts.part:
        first, last = (time.fromisoformat(edge) for edge in PARTS[parts.part])
    elif parts.window:
        first, last = time(parts.window[0]), time(parts.window[1])
    else:
        return None, None
    return (first, last), last


def _exdates(parts: Parts, rule: str, dtstart: date, until: date | None) -> tuple[date, ...]:
    if not isinstance(parts.but, date) or not dtstart <= parts.but <= (until or parts.but):
        return ()
    row = rrulestr(rule, dtstart=datetime.combine(dtstart, time(0)))
    falls = row.before(datetime.combine(parts.but, time(1)))
    return (parts.but,) if falls is not None and falls.date() == parts.but else ()
