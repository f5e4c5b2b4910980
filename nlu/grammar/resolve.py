"""From a frame to a schedule: an RFC 5545 rule, its first date, the dates left out, and when on the day.

Dates and times are local (Europe/Amsterdam).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from care.schedule import Schedule
from nlu.grammar.dates import Calendar
from nlu.grammar.day_functions import FREQUENCY, WEEK
from nlu.grammar.exceptions import dates_of, left_out, rules_of, weekdays_of
from nlu.grammar.frames import TIME_KEYS, Frame, is_daily
from nlu.grammar.hours import Hours, read_hours
from nlu.grammar.rules import Recurrence, of_dates

SEARCH_DAYS = 800
"""How far ahead the first date of a rule is looked for."""
MOST_DAYS = 330
"""An end that is further from its beginning, both said without a year, was meant to lie before it."""


@dataclass
class Resolved:
    """The schedules of a frame (several for several single dates), what to ask, and whether it contradicts itself."""

    schedules: list[Schedule] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)
    contradiction: bool = False


class Resolver:
    """Resolves the frames of one message."""

    def __init__(self, now: datetime, daily: frozenset[str], single: frozenset[str] = frozenset()) -> None:
        """`now` is local; `daily` names the services that go without saying every day, `single` those that are once."""
        self.now = now
        self.calendar = Calendar(now.date())
        self.daily = daily
        self.single = single

    def resolve(
        self, frame: Frame, exceptions: Sequence[Mapping[str, Any]], service: str | None, recurring: bool
    ) -> Resolved:
        """The schedules of a frame. `recurring`: another need of the message comes back, so that this one may too."""
        said = frame.said
        found = Resolved(
            contradiction=frame.contradiction, ask=sorted(frame.unsure - {"time", "until", "from", "days"})
        )
        hours = read_hours(said, service)
        found.contradiction = found.contradiction or hours.contradiction
        if self._impossible_date(said) or self._turned_round(said) or self._too_often(said):
            found.contradiction = True
        rule = self._rule(said, service, recurring and service not in self.single, found)
        dates = self._single_dates(said, rule, found)
        if rule is not None and "scope" in frame.unsure and (said.get("every") or {"freq", "per"} & said.keys()):
            # "Every other week on a Tuesday".
            found.ask.remove("scope")
        if rule is not None and dates and said.get("then") and not rule.matches(dates[0]):
            found.ask.append("from")
        if rule is None:
            self._once(said, dates, hours, exceptions, found)
        else:
            self._again(said, rule, dates, hours, exceptions, found)
        if frame.unsure & {"days", "until", "from"}:
            found.ask += sorted(frame.unsure & {"days", "until", "from"} - set(found.ask))
        if not hours.said or ("time" in frame.unsure and "time" not in found.ask):
            found.ask.append("time")
        return found

    # --- which days

    def _impossible_date(self, said: Mapping[str, Any]) -> bool:
        """Whether a date was called by a weekday that it is not on, does not exist, or is past ("12 March 2020")."""
        dates = said.get("date", ())
        for spoken in (*dates, *said.get("from", ())):
            day = self.calendar.day(spoken)
            if day is not None and day < self.calendar.today and spoken in dates:
                return True
            if day is None and "day" in spoken:
                return True
            if day is not None and "is" in spoken and WEEK[day.weekday()] != spoken["is"]:
                return True
        return False

    def _turned_round(self, said: Mapping[str, Any]) -> bool:
        """Whether the end was said to be before the beginning ("from 20 May until 6 May")."""
        span = next((said[key] for key in ("period", "from_period") if "from" in said.get(key, ())), said)
        if "from" not in span or "until" not in span or "year" in span["until"] or "day" not in span["until"]:
            return False
        begin = span["from"][0] if span is said else span["from"]
        start = self.calendar.day(begin)
        end = self.calendar.until(span["until"], span["inclusive"], start or self.calendar.today)
        named = "month" in begin and "month" in span["until"]
        return named and start is not None and end is not None and (end - start).days > MOST_DAYS

    @staticmethod
    def _too_often(said: Mapping[str, Any]) -> bool:
        """Whether something is said to be every day and yet so many times a week."""
        per = said.get("per", {})
        daily = is_daily(said)
        return daily and per.get("unit") == "week" and per["n"] < 7

    def _rule(
        self, said: Mapping[str, Any], service: str | None, recurring: bool, found: Resolved
    ) -> Recurrence | None:
        """The rule that was said, None for something that is once."""
        interval = said.get("interval", 1)
        if said.get("once") and not said.get("every") and "freq" not in said:
            return None
        if "nth" in said:
            return Recurrence("MONTHLY", interval, nth=[(n, day) for n, day in said["nth"]])
        if "workday" in said:
            return Recurrence("MONTHLY", interval, workday=said["workday"])
        if "monthdays" in said:
            return Recurrence("MONTHLY", interval, monthdays=list(said["monthdays"]))
        if "parity" in said:
            daily = WEEK if said.get("freq") == "DAILY" or said.get("partly") else ()
            return Recurrence("YEARLY", days=list(said.get("days", daily)), parity=said["parity"])
        if "days" in said and (said.get("per", {}).get("unit") == "month" or said.get("freq") in ("MONTHLY", "YEARLY")):
            # "Once a month, on a Friday": which Friday must be asked.
            found.ask.append("days")
            return Recurrence(said.get("freq", "MONTHLY"), interval)
        if "days" in said:
            return self._weekly(said, interval, recurring, found)
        per = said.get("per")
        if "freq" in said:
            rule = Recurrence(said["freq"], interval)
            if per and FREQUENCY[per["unit"]] != rule.freq and rule.freq == "DAILY":
                rule.freq = FREQUENCY[per["unit"]]
            return self._anchored(said, rule)
        if per:
            return Recurrence(FREQUENCY[per["unit"]])
        if "date" in said:
            return None
        if said.get("lasting", {}).get("unit") == "day":
            return Recurrence("DAILY")
        if service in self.daily and "from" in said.get("period", ()):
            return Recurrence("DAILY")
        if "lasting" in said or ("period" in said and said.get("partly")):
            return Recurrence("DAILY") if said.get("partly") or service in self.daily else None
        if said.get("partly"):
            return Recurrence("DAILY")
        if service in self.daily and "until" in said:
            return Recurrence("DAILY")
        if service in self.daily and ("times" in said or "part" in said) and "from" in said:
            return Recurrence("DAILY")
        if said.get("count", 0) > 1:
            return Recurrence("WEEKLY")
        if service in self.daily and TIME_KEYS & said.keys() and not said.get("once"):
            # "My stockings in the evening": surely every day, but nobody said so.
            found.ask.append("days")
            return Recurrence("DAILY")
        return None

    def _weekly(self, said: Mapping[str, Any], interval: int, recurring: bool, found: Resolved) -> Recurrence | None:
        days = list(said["days"])
        again = (
            said.get("every")
            or said.get("freq")
            or any(key in said for key in ("until", "lasting", "per", "from", "from_period"))
            or said.get("count", 0) > 1
        )
        long = not again and len(days) < len(WEEK) and self._longer(said)
        if not again and not long and "period" in said and len(days) < 7 and "month" not in said["period"]:
            return None
        partly = said.get("partly") and not (said.get("adverb") and len(days) == 1)
        if not (again or long or partly or recurring) and (len(days) == 1 or "date" in said):
            return None
        if not again and not recurring and not (long and "from" in said["period"]):
            # "Monday and Thursday": this week or always? To be asked.
            found.ask.append("scope")
        return Recurrence("WEEKLY", interval, days=days)

    def _longer(self, said: Mapping[str, Any]) -> bool:
        """Whether the weekdays in a period are several: "in March and April on Tuesday"; of a month it is asked."""
        span = self.calendar.period(said["period"]) if "period" in said and not said.get("once") else None
        return span is not None and (span[1] - span[0]).days >= 2 * len(WEEK)

    def _anchored(self, said: Mapping[str, Any], rule: Recurrence) -> Recurrence:
        """For "Tomorrow and after that every six weeks": the first date gives the weekday or the day of the month."""
        if "date" in said:
            first = self.calendar.day(said["date"][0])
            if first and rule.freq == "WEEKLY":
                rule.days = [WEEK[first.weekday()]]
            elif first and rule.freq == "MONTHLY":
                rule.monthdays = [first.day]
            elif first and rule.freq == "YEARLY":
                rule.yearday = first
        elif "from" in said and not said.get("shared") and rule.freq == "WEEKLY" and rule.interval > 1:
            # "Every six weeks, from Wednesday 9 December on".
            named = said["from"][0].get("is") or said["from"][0].get("weekday")
            rule.days = [named] if named else rule.days
        return rule

    def _single_dates(self, said: Mapping[str, Any], rule: Recurrence | None, found: Resolved) -> list[date]:
        """The dates that were said one by one."""
        if "date" in said:
            days = [day for spoken in said["date"] for day in self.calendar.dates(spoken) if day >= self.calendar.today]
            if rule is None and "days" in said:
                days = self._on_weekday(said, days, found)
            return list(dict.fromkeys(days))
        if rule is None and "days" in said:
            after = None
            if "period" in said:
                span = self.calendar.period(said["period"])
                if span is None:
                    found.ask.append("date")
                    return []
                after = span[0]
            return [
                day
                for name in said["days"]
                if (day := self.calendar.day({"weekday": name}, after)) is not None
            ]  # fmt: skip
        return []

    @staticmethod
    def _on_weekday(said: Mapping[str, Any], days: Sequence[date], found: Resolved) -> list[date]:
        """For "In three weeks' time, on the Wednesday": the weekday of that week; else the two must be one day."""
        if all(WEEK[day.weekday()] in said["days"] for day in days):
            return list(days)
        first = said["date"][0]
        if len(days) == 1 and (first.get("unit") == "week" or first.get("rel", 0) in (7, 14)):
            monday = days[0] - timedelta(days=days[0].weekday())
            return [monday + timedelta(days=WEEK.index(name)) for name in said["days"]]
        found.ask.append("days")
        return list(days)

    # --- once

    def _once(
        self,
        said: Mapping[str, Any],
        dates: list[date],
        hours: Hours,
        exceptions: Sequence[Mapping[str, Any]],
        found: Resolved,
    ) -> None:
        gone = {day for spoken in exceptions for day in dates_of(spoken, self.calendar)}
        kept = [day for day in dates if day not in gone]
        if "lasting" in said and "date" not in said:
            # "For three weeks from Saturday, the dog out at eight": on which days is not said.
            found.ask.append("days")
        if not kept and "from" in said:
            # "From tonight somebody to watch": it goes on, and on which days was not said.
            kept = [day for spoken in said["from"][:1] if (day := self.calendar.day(spoken))]
            found.ask += ["days"] if kept else []
        if "until" in said and "date" in said:
            # "From Friday the 4th at six until Sunday the 6th at six": of what is once no end is kept.
            found.ask.append("until")
        if not kept:
            found.ask.append("days")
            found.schedules.append(self._schedule(None, None, (), hours))
            return
        rule = of_dates(kept)
        if rule is not None:
            found.schedules.append(self._schedule(rule, min(kept), (), hours))
            return
        found.schedules += [self._schedule(None, day, (), hours) for day in kept]

    @staticmethod
    def _schedule(
        rrule: str | None, dtstart: date | None, exdates: Iterable[date], hours: Hours, times_per: int | None = None
    ) -> Schedule:
        return Schedule(
            rrule, dtstart, tuple(sorted(exdates)), hours.times, hours.window, hours.daypart, hours.duration, times_per
        )

    # --- again and again

    def _again(
        self,
        said: Mapping[str, Any],
        rule: Recurrence,
        dates: list[date],
        hours: Hours,
        exceptions: Sequence[Mapping[str, Any]],
        found: Resolved,
    ) -> None:
        times_per = self._times_per(said, rule, hours)
        start, until = self._limits(said, dates, found)
        self._fold(said, rule, exceptions, found)
        if rule.days:
            per = said.get("per") or {}
            if per.get("unit") == "week" and rule.freq == "WEEKLY" and per["n"] != len(rule.days):
                # "Twice a week, Monday and one other day".
                found.ask.append("days")
            times_per = None if per.get("unit") != "day" else times_per
        if rule.freq != "DAILY" and not rule.placed:
            found.ask.append("days")
        first = self._first(rule, start, hours, dates)
        if first is None:
            found.contradiction = True
            return
        # "For two weeks, from 3 until 17 January": the last day that was named.
        if "lasting" in said and not (until and "until" in said.get("period", ())):
            until = self.calendar.last(first, said["lasting"])
            if until is None:
                found.ask.append("until")
        if until is not None and until < first:
            found.ask.append("until")
            until = None
        text = rule.text()
        if until is not None:
            text += f";UNTIL={until:%Y%m%d}"
        elif said.get("count", 0) > 1:
            text += f";COUNT={said['count']}"
        exdates = left_out(rule, first, until, exceptions, self.calendar)
        gone = [day for spoken in exceptions if "date" in spoken for day in dates_of(spoken, self.calendar, first)]
        if until is not None and gone and min(gone) > until and "until" not in found.ask:
            # "Meals for seven days, not on Christmas Day", said a month before: perhaps not one week.
            found.ask.append("until")
        anchored = bool(dates) or any(key in said for key in ("from", "from_period", "period"))
        if rule.freq == "WEEKLY" and rule.interval > 1 and not anchored and "phase" not in found.ask:
            found.ask.append("phase")
        schedule = self._schedule(text, first, exdates, hours, times_per)
        found.schedules.append(replace(schedule, exrules=tuple(rules_of(rule, exceptions))))

    @staticmethod
    def _times_per(said: Mapping[str, Any], rule: Recurrence, hours: Hours) -> int | None:
        """How often in a period; named days or clock times say it already."""
        per = said.get("per")
        if per is None:
            return None
        if per["unit"] == "day":
            return None if len(hours.times) >= per["n"] or per["n"] == 1 else per["n"]
        if rule.days or rule.nth or rule.monthdays:
            return None
        return int(per["n"])

    def _limits(self, said: Mapping[str, Any], dates: list[date], found: Resolved) -> tuple[date, date | None]:
        """From when and until when; the last day is included."""
        start, until = self.now.date(), None
        if "period" in said:
            span = self.calendar.period(said["period"])
            if span is None:
                found.ask.append("date")
            elif not (said["period"].get("whole") and "freq" in said):
                start, until = span
            if said["period"].get("unsure"):
                found.ask.append("date")
        if dates:
            start = dates[0]
        if "from" in said:
            day = self.calendar.day(said["from"][0])
            start = day or start
            if day is None:
                found.ask.append("from")
        if "from_period" in said:
            span = self.calendar.period(said["from_period"])
            start = span[0] if span else start
            if span is None:
                found.ask.append("from")
            elif "from" in said["from_period"]:
                until = span[1]
        if "until" in said:
            base = self.now.date() if said.get("lent_end") else start
            end = self.calendar.until(said["until"], said["inclusive"], base)
            if end is None:
                found.ask.append("until")
            until = end
        # What began in the past goes on from today; what has ended too cannot be meant.
        start = max(start, self.now.date())
        if until is not None and until < start and said.get("lent_end"):
            # "Until New Year the dog every day, and from January the cleaner": that end is of the dog alone.
            until = None
        if until is not None and until < start:
            found.contradiction = True
        return start, until

    def _first(self, rule: Recurrence, start: date, hours: Hours, dates: list[date]) -> date | None:
        """The first date of the rule, on or after `start`."""
        today = self.now.date()
        if dates and not rule.matches(dates[0]):
            dates = []
        for step in range(SEARCH_DAYS):
            day = start + timedelta(days=step)
            if not rule.matches(day):
                continue
            if day == today and not dates:
                if hours.passed(self.now.time()):
                    continue
                # "Every Monday", said on a Monday without a time: from the next one on.
                if not hours.said and rule.days == [WEEK[today.weekday()]] and rule.freq == "WEEKLY":
                    continue
            return day
        return None

    # --- exceptions

    def _fold(
        self, said: Mapping[str, Any], rule: Recurrence, exceptions: Sequence[Mapping[str, Any]], found: Resolved
    ) -> None:
        """Take weekdays that are left out from the days of the rule, where the rule goes by weekdays."""
        gone = {name for spoken in exceptions for name in weekdays_of(spoken)}
        if not gone:
            return
        if rule.freq == "DAILY" and rule.interval == 1:
            rule.freq, rule.days = "WEEKLY", list(WEEK)
        per = said.get("per")
        if rule.freq == "WEEKLY" and not rule.days and per and per["n"] == 7 - len(gone):
            rule.days = list(WEEK)
        if rule.days and not rule.nth:
            kept = [name for name in rule.days if name not in gone]
            if kept:
                rule.days = kept
            else:
                found.contradiction = True
