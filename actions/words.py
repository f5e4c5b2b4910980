"""Dates, clock times, schedules, money and distances in plain words of either language.

The words stand in `bot/domain/words.yml`; the names of days and months and the look of money come from Babel.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from actions.phrases import Phrases
from care.clock import local
from care.matching import price_of
from care.needs import Need
from care.plans import WEEKDAY_CODES, Plan
from care.schedule import DAYPARTS, Schedule, falls_on

WORKING_DAYS = ["MO", "TU", "WE", "TH", "FR"]
# British English: the day stands before the month.
LOCALES = {"nl": "nl_NL", "en": "en_GB"}
A_MONDAY = date(2024, 1, 1)
Day = date  # within the class `date` is what says one


class Words:
    """Says things in one language."""

    def __init__(self, phrases: Phrases, language: str, *, spoken: bool = False) -> None:
        """Speak `language` (`nl` or `en`); `spoken` for the ear: `spoken_x` is then said where there is one for `x`."""
        self.phrases = phrases
        self.language = language
        self.spoken = spoken
        self.locale = LOCALES[language]

    def say(self, key: str, turn: int = 0, /, **values: Any) -> str:
        """The text of a key, with the values filled in."""
        return self.phrases.text(self.key(key), self.language, turn, **values)

    def key(self, key: str) -> str:
        """The key of the text that is said for `key`."""
        spoken = f"spoken_{key}"
        return spoken if self.spoken and self.phrases.has(spoken, self.language) else key

    def listed(self, items: Sequence[str]) -> str:
        """Items in a row: "a, b and c"."""
        if len(items) < 2:
            return "".join(items)
        return self.say("say_and", list=", ".join(items[:-1]), last=items[-1])

    # Dates and clock times ---------------------------------------------------------------------------------------

    def date(self, day: Day) -> str:
        """Weekday and date: "maandag 23 november"."""
        return format_date(day, "EEEE d MMMM", locale=self.locale)

    def date_with_year(self, day: Day) -> str:
        """A date that may be years ahead: "1 maart 2030"."""
        return format_date(day, "d MMMM y", locale=self.locale)

    def near_date(self, day: Day, today: Day) -> str:
        """The date, with "today" or "tomorrow" before it where that holds."""
        key = {today: "say_today", today + timedelta(days=1): "say_tomorrow"}.get(day)
        return self.say(key, date=self.date(day)) if key else self.date(day)

    def weekday(self, code: str) -> str:
        """The name of a weekday by its RFC 5545 code."""
        return format_date(A_MONDAY + timedelta(days=WEEKDAY_CODES.index(code)), "EEEE", locale=self.locale)

    def clock(self, moment: time) -> str:
        """A clock time without its part of the day: "half past" styles differ by region, so in figures."""
        hour = moment.hour if self.language == "nl" or moment.hour in (0, 12) else moment.hour % 12
        hour = 12 if self.language == "en" and moment.hour == 0 else hour
        if moment.minute:
            return self.say("say_clock", hour=hour, minute=moment.minute)
        return self.say("say_clock_full", hour=hour)

    def part_of_day(self, moment: time) -> str:
        """The part of the day a clock time lies in."""
        for name, last in (("night", time(6)), ("morning", time(12)), ("afternoon", time(18)), ("evening", time(23))):
            if moment < last:
                return self.say(f"say_part_{name}")
        return self.say("say_part_night")

    def at(self, moment: time) -> str:
        """A clock time with its part of the day: "om 8.30 uur ’s ochtends"."""
        return self.say("say_at", clock=self.clock(moment), part=self.part_of_day(moment))

    def moment(self, when: datetime, today: Day | None = None) -> str:
        """Weekday, date, clock time and part of the day of a visit."""
        when = local(when)
        day = self.date(when.date()) if today is None else self.near_date(when.date(), today)
        return self.say("say_date_time", date=day, time=self.at(when.timetz().replace(tzinfo=None)))

    def dates(self, days: Sequence[Day], most: int = 4) -> str:
        """Some dates in a row; of a long row the first few."""
        return self.listed([self.date(day) for day in days[:most]])

    def spans(self, days: Sequence[Day]) -> str:
        """All these dates; of three or more in a row the first and the last."""
        runs: list[list[Day]] = []
        for day in sorted(days):
            if runs and day - runs[-1][-1] == timedelta(days=1):
                runs[-1].append(day)
            else:
                runs.append([day])
        said = []
        for run in runs:
            if len(run) > 2:
                said.append(self.say("say_date_span", first=self.date(run[0]), last=self.date(run[-1])))
            else:
                said += [self.date(day) for day in run]
        return self.listed(said)

    # Schedules ---------------------------------------------------------------------------------------------------

    def time_of_day(self, schedule: Schedule, start: time | None = None) -> str:
        """When on the day: the clock times, the part of the day or the window; `start` is a time already chosen."""
        if start is not None:
            return self.at(start)
        if schedule.times:
            return self.listed([self.at(moment) for moment in schedule.times])
        if schedule.daypart and schedule.window in (None, DAYPARTS[schedule.daypart]):
            return self.say(f"say_part_{schedule.daypart}")
        if schedule.window:
            first, last = schedule.window
            return self.say("say_between", start=self.clock(first), end=self.clock(last))
        return ""

    def duration(self, minutes: int) -> str:
        """A length of time."""
        hours, rest = divmod(minutes, 60)
        if hours == 0:
            return self.say("say_minutes", n=rest)
        if rest == 0:
            return self.say("say_one_hour") if hours == 1 else self.say("say_hours", n=hours)
        if (hours, rest) == (1, 30):
            return self.say("say_hour_half")
        if hours == 1:
            return self.say("say_hour_minutes", minutes=rest)
        return self.say("say_hours_minutes", hours=hours, minutes=rest)

    def recurrence(self, schedule: Schedule, days: Sequence[str] = ()) -> str:
        """Which dates: "elke dinsdag en vrijdag"; `days` are weekday codes chosen where the schedule names none."""
        if schedule.rrule is None:
            return self.date(schedule.dtstart) if schedule.dtstart else ""
        parts = dict(piece.split("=", 1) for piece in schedule.rrule.split(";"))
        said = self._frequency(parts, schedule, list(days))
        if "UNTIL" in parts:
            last = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date()  # noqa: DTZ007 - a date, no moment
            said = f"{said}, {self.say('say_until', date=self.date(last))}"
        if "COUNT" in parts:
            said = f"{said}, {self.say('say_count', n=parts['COUNT'])}"
        left_out = self._exceptions(schedule)
        return f"{said}, {self.say('say_except', dates=left_out)}" if left_out else said

    def _exceptions(self, schedule: Schedule) -> str:
        """The dates left out: rules as rules, and not the dates again that were written out of them."""
        said = []
        for rule in schedule.exrules:
            fields = dict(piece.split("=", 1) for piece in rule.split(";"))
            if fields["FREQ"] == "WEEKLY":
                said += [self.weekday(code) for code in fields["BYDAY"].split(",")]
            else:
                said.append(self.say("say_of_the_month", days=self._days_of_month(fields, schedule)))
        days = [day for day in schedule.exdates if not falls_on(schedule.exrules, day)]
        return self.listed([*said, *([self.spans(days)] if days else [])])

    def _frequency(self, parts: dict[str, str], schedule: Schedule, days: list[str]) -> str:
        interval = int(parts.get("INTERVAL", "1"))
        by_day = parts["BYDAY"].split(",") if "BYDAY" in parts else days
        times = schedule.times_per_period
        match parts["FREQ"]:
            case "DAILY":
                if times and not schedule.times and times > 1:
                    return self.say("say_times_day", n=times)
                return self._daily(interval)
            case "WEEKLY":
                if times and not by_day:
                    return self.say("say_times_week", n=times)
                return self._weekly(interval, by_day, schedule)
            case "MONTHLY":
                if times and not by_day and "BYMONTHDAY" not in parts:
                    return self.say("say_times_month", n=times)
                return self._monthly(interval, parts, schedule)
            case _:
                return self._yearly(parts, schedule)

    def _daily(self, interval: int) -> str:
        if interval == 1:
            return self.say("say_daily")
        return self.say("say_every_other_day") if interval == 2 else self.say("say_every_n_days", n=interval)

    def _weekly(self, interval: int, by_day: list[str], schedule: Schedule) -> str:
        codes = sorted(by_day, key=WEEKDAY_CODES.index)
        if not codes and schedule.dtstart:
            codes = [WEEKDAY_CODES[schedule.dtstart.weekday()]]
        names = self.listed([self.weekday(code) for code in codes])
        if interval == 1:
            if len(codes) == len(WEEKDAY_CODES):
                return self.say("say_daily")
            if codes == WORKING_DAYS:
                return self.say("say_weekdays")
            return self.say("say_weekly", days=names)
        if interval == 2:
            return self.say("say_every_other_week", days=names)
        return self.say("say_every_n_weeks", n=interval, days=names)

    def _monthly(self, interval: int, parts: dict[str, str], schedule: Schedule) -> str:
        days = self._days_of_month(parts, schedule)
        if interval == 1:
            return self.say("say_monthly_days", days=days)
        return self.say("say_every_n_months", n=interval, days=days)

    def _days_of_month(self, parts: dict[str, str], schedule: Schedule) -> str:
        """The days of the month that a rule names; else the day of the first visit."""
        positions = parts.get("BYSETPOS", "").split(",") if parts.get("BYSETPOS") else []
        named: list[str] = []
        if "BYDAY" in parts:
            for piece in parts["BYDAY"].split(","):
                found = re.fullmatch(r"(-?\d)?([A-Z]{2})", piece)
                if found:
                    for nth in [found[1]] if found[1] else positions or ["1"]:
                        key = "say_nth_last" if nth.startswith("-") else f"say_nth_{nth.lstrip('+')}"
                        named.append(self.say(key, day=self.weekday(found[2])))
        else:
            first = schedule.dtstart.day if schedule.dtstart else 1
            named.extend(
                self.say("say_month_end") if number.startswith("-") else self.say("say_month_day", n=number)
                for number in (parts.get("BYMONTHDAY") or str(first)).split(",")
            )
        return self.listed(named)

    def _yearly(self, parts: dict[str, str], schedule: Schedule) -> str:
        if "BYWEEKNO" in parts and "BYDAY" in parts:
            names = self.listed([self.weekday(code) for code in parts["BYDAY"].split(",")])
            even = int(parts["BYWEEKNO"].split(",")[0]) % 2 == 0
            return self.say("say_even_weeks" if even else "say_odd_weeks", days=names)
        day = format_date(schedule.dtstart, "d MMMM", locale=self.locale) if schedule.dtstart else ""
        return self.say("say_yearly", days=day)

    def when(self, schedule: Schedule, *, start: time | None = None, days: Sequence[str] = (), minutes: int = 0) -> str:
        """The whole schedule: dates, time of day, and length where `minutes` is given."""
        pieces = [self.recurrence(schedule, days), self.time_of_day(schedule, start)]
        said = " ".join(piece for piece in pieces if piece)
        return f"{said}, {self.duration(minutes)}" if minutes else said

    def plan(self, schedule: Schedule, plan: Plan, since: Day | None = None) -> str:
        """The dates of a schedule, with the days, clock times and length that were agreed, and the dates that are not.

        Of the dates on which the helper cannot come those before `since` are left out: they are over.
        """
        parts = dict(piece.split("=", 1) for piece in (plan.rrule or "").split(";") if "=" in piece)
        days = parts["BYDAY"].split(",") if "BYDAY" in parts else ()
        said = " ".join(piece for piece in (self.recurrence(schedule, days), self.clocks(plan)) if piece)
        said = f"{said}, {self.duration(plan.minutes)}"
        missing = [day for day in plan.missing if since is None or day >= since]
        return f"{said}, {self.say('say_except', dates=self.spans(missing))}" if missing else said

    def clocks(self, plan: Plan) -> str:
        """The clock times of a plan, with those of the weekdays on which they are others."""
        said = self.listed([self.at(clock) for clock in plan.times])
        others = [
            self.say(
                "say_times_on", day=self.weekday(WEEKDAY_CODES[weekday]), times=self.listed([*map(self.at, times)])
            )
            for weekday, times in sorted(plan.other_times.items())
        ]
        return self.say("say_times_but", times=said, others=self.listed(others)) if others else said

    def chosen_days(self, schedule: Schedule, plan: Plan) -> str:
        """The days a plan chose where the schedule named none ("twice a week"); else nothing."""
        if plan.rrule == schedule.rrule:
            return ""
        return self.recurrence(replace(schedule, rrule=plan.rrule, times_per_period=None, exdates=(), exrules=()))

    # Money and distance ------------------------------------------------------------------------------------------

    def price(self, cents: int | None, currency: str | None) -> str:
        """A price an hour, or "free"; `cents` of `currency` (ISO 4217)."""
        if cents is None:
            return self.say("price_free")
        return self.say("price_hour", amount=format_currency(cents / 100, currency or "EUR", locale=self.locale))

    def price_of_visit(self, cents: int | None, currency: str | None, minutes: int) -> str:
        """A price an hour (`cents` of `currency`, None when free), and what a visit of some `minutes` comes to."""
        price = self.price(cents, currency)
        if cents is None:
            return price
        amount = format_currency(price_of(minutes, cents) / 100, currency or "EUR", locale=self.locale)
        return self.say("price_visit", price=price, amount=amount, length=self.duration(minutes))

    def distance(self, metres: float) -> str:
        """A distance, rounded to what people say: hundreds of metres, or kilometres with one decimal."""
        rounded = max(100, round(metres / 100) * 100)
        if rounded < 1000:
            return self.say("distance_m", metres=rounded)
        return self.say("distance_km", kilometres=format_decimal(rounded / 1000, format="0.#", locale=self.locale))


def first_dates(need: Need, count: int) -> list[date]:
    """The first dates of a need's schedule, in order, at most `count`."""
    schedule = need.schedule
    if schedule.dtstart is None:
        return []
    end = schedule.dtstart + timedelta(days=800)
    found: list[date] = []
    for day in schedule.dates(schedule.dtstart, end):
        found.append(day)
        if len(found) == count:
            break
    return found
