"""From a frame to a schedule: an RFC 5545 rule, its first date, the dates left out, and when on the day.

Dates and times are local (Europe/Amsterdam).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from care.schedule import DAYPARTS, Schedule
from nlu.grammar.clocks import choose, choose_span, choose_times, moment
from nlu.grammar.dates import Calendar, add_units, nth_weekday
from nlu.grammar.frames import Frame
from nlu.grammar.functions import FREQUENCY, WEEK

SEARCH_DAYS = 800
"""How far ahead the first date of a rule is looked for."""
HORIZON_DAYS = 26 * 7
"""How far ahead weekday exceptions are written out as dates, where they cannot be folded into the days of the rule."""
DAY_BEGINS, DAY_ENDS, LATE_DAY_ENDS = time(7), time(18), time(23)
EVEN_WEEKS = ",".join(str(week) for week in range(2, 53, 2))
ODD_WEEKS = ",".join(str(week) for week in range(1, 54, 2))


@dataclass
class Hours:
    """When on the day."""

    times: tuple[time, ...] = ()
    window: tuple[time, time] | None = None
    daypart: str | None = None
    duration: int | None = None
    contradiction: bool = False

    def passed(self, now: time) -> bool:
        """Whether it is too late today: the last clock time, or the end of the window, is past."""
        if self.times:
            return max(self.times) <= now
        if self.window is None or self.window[1] <= self.window[0]:
            return False
        return self.window[1] <= now

    @property
    def said(self) -> bool:
        """Whether anything was said of when on the day."""
        return bool(self.times or self.window)


@dataclass
class Resolved:
    """The schedules of a frame (several for several single dates), what to ask, and whether it contradicts itself."""

    schedules: list[Schedule] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)
    contradiction: bool = False


@dataclass
class _Rule:
    """A rule in the making; `matches` says on which dates it falls, apart from its interval."""

    freq: str
    interval: int = 1
    days: list[str] = field(default_factory=list)
    nth: list[tuple[int, str]] = field(default_factory=list)
    monthdays: list[int] = field(default_factory=list)
    parity: str | None = None
    workday: int | None = None
    yearday: date | None = None

    def matches(self, day: date) -> bool:
        if self.yearday is not None:
            return (day.month, day.day) == (self.yearday.month, self.yearday.day)
        if self.parity is not None and (day.isocalendar()[1] % 2 == 0) != (self.parity == "even"):
            return False
        if self.nth:
            return any(nth_weekday(day.year, day.month, WEEK.index(name), n) == day for n, name in self.nth)
        if self.workday is not None:
            return self._workday(day)
        if self.monthdays:
            last = (day + timedelta(days=1)).month != day.month
            return day.day in self.monthdays or (last and -1 in self.monthdays)
        return not self.days or WEEK[day.weekday()] in self.days

    def _workday(self, day: date) -> bool:
        """Whether it is the first (or last) Monday to Friday of its month."""
        if day.weekday() > 4:
            return False
        step = timedelta(days=-1 if self.workday == 1 else 1)
        other = day + step
        while other.month == day.month:
            if other.weekday() <= 4:
                return False
            other += step
        return True

    def text(self) -> str:
        parts = [f"FREQ={self.freq}"]
        if self.parity:
            parts = ["FREQ=YEARLY", f"BYWEEKNO={EVEN_WEEKS if self.parity == 'even' else ODD_WEEKS}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.nth:
            parts.append("BYDAY=" + ",".join(f"{n}{name}" for n, name in self.nth))
        elif self.workday is not None:
            parts.append(f"BYDAY=MO,TU,WE,TH,FR;BYSETPOS={self.workday}")
        elif self.days or self.parity:
            days = self.days or list(WEEK)
            parts.append("BYDAY=" + ",".join(name for name in WEEK if name in days))
        if self.monthdays:
            parts.append("BYMONTHDAY=" + ",".join(str(day) for day in self.monthdays))
        return ";".join(parts)


class Resolver:
    """Resolves the frames of one message."""

    def __init__(self, now: datetime, daily: frozenset[str]) -> None:
        """`now` is local; `daily` names the services that go without saying every day."""
        self.now = now
        self.calendar = Calendar(now.date())
        self.daily = daily

    def resolve(
        self, frame: Frame, exceptions: Sequence[Mapping[str, Any]], service: str | None, recurring: bool
    ) -> Resolved:
        """The schedules of a frame. `recurring`: another need of the message comes back, so that this one may too."""
        said = frame.said
        found = Resolved(contradiction=frame.contradiction, ask=sorted(frame.unsure - {"time", "until", "from", "days"}))
        hours = self.hours(said, service)
        found.contradiction = found.contradiction or hours.contradiction
        if self._impossible_date(said):
            found.contradiction = True
        rule = self._rule(said, service, recurring, found)
        dates = self._single_dates(said, rule, found)
        if rule is None:
            self._once(said, dates, hours, exceptions, found)
        else:
            self._again(said, rule, dates, hours, exceptions, found)
        if frame.unsure & {"days", "until", "from"}:
            found.ask += sorted(frame.unsure & {"days", "until", "from"} - set(found.ask))
        if not hours.said or "time" in frame.unsure and "time" not in found.ask:
            found.ask.append("time")
        return found

    # --- when on the day

    def hours(self, said: Mapping[str, Any], service: str | None) -> Hours:
        """The times, window and duration that were said."""
        part = said.get("part")
        dur = said.get("dur")
        part = self._evening(said, part)
        hours = Hours(daypart=part, window=DAYPARTS[part] if part else None, duration=dur[0] if dur else None)
        if "times" in said:
            settled = choose_times(said["times"], part, service, said.get("last_part"))
            hours.times = tuple(moment(minutes) for minutes in settled)
            hours.contradiction = not settled
        for key in ("span", "between"):
            if key in said:
                span = choose_span(*said[key], part, service)
                if span is None:
                    hours.contradiction = True
                    continue
                hours.window = (moment(span[0]), moment(span[1]))
                if key == "span" and hours.duration is None:
                    hours.duration = (span[1] - span[0]) % (24 * 60)
        if "after" in said or "before" in said:
            self._open_window(said, service, hours)
        return hours

    @staticmethod
    def _evening(said: Mapping[str, Any], part: str | None) -> str | None:
        """ "Every night at nine" is in the evening."""
        if part != "night":
            return part
        clocks = [*said.get("times", ()), *said.get("span", ())[:1], *said.get("between", ())[:1]]
        settled = [choose(clock, "night") for clock in clocks]
        late = [minutes is not None and 17 * 60 <= minutes < 22 * 60 + 30 for minutes in settled]
        return "evening" if late and all(late) else part

    @staticmethod
    def _open_window(said: Mapping[str, Any], service: str | None, hours: Hours) -> None:
        """ "After ten", "before nine": the other side is that of the part of the day, or of the day."""
        part = hours.daypart
        minutes = choose(said.get("after") or said["before"], part, service)
        if minutes is None:
            hours.contradiction = True
            return
        edge = moment(minutes)
        window = DAYPARTS[part] if part else None
        if "after" in said:
            end = window[1] if window else DAY_ENDS if edge < time(17) else LATE_DAY_ENDS
            hours.window = (edge, end) if edge != end else hours.window
        else:
            start = window[0] if window and window[0] < edge else min(DAY_BEGINS, moment(max(minutes - 60, 0)))
            hours.window = (start, edge) if edge != start else hours.window

    # --- which days

    def _impossible_date(self, said: Mapping[str, Any]) -> bool:
        """Whether a date was called by a weekday that it is not on, or does not exist."""
        for spoken in said.get("date", ()):
            day = self.calendar.date(spoken)
            if day is None and "day" in spoken:
                return True
            if day is not None and "is" in spoken and WEEK[day.weekday()] != spoken["is"]:
                return True
        return False

    def _rule(self, said: Mapping[str, Any], service: str | None, recurring: bool, found: Resolved) -> _Rule | None:
        """The rule that was said, None for something that is once."""
        interval = said.get("interval", 1)
        if said.get("once") and not said.get("every") and "freq" not in said:
            return None
        if "nth" in said:
            return _Rule("MONTHLY", interval, nth=[(n, day) for n, day in said["nth"]])
        if "workday" in said:
            return _Rule("MONTHLY", interval, workday=said["workday"])
        if "monthdays" in said:
            return _Rule("MONTHLY", interval, monthdays=list(said["monthdays"]))
        if "parity" in said:
            return _Rule("YEARLY", days=list(said.get("days", ())), parity=said["parity"])
        if "days" in said and said.get("per", {}).get("unit") == "month":
            # "Once a month, on a Friday": which Friday must be asked.
            found.ask.append("days")
            return _Rule("MONTHLY")
        if "days" in said:
            return self._weekly(said, interval, recurring, found)
        per = said.get("per")
        if "freq" in said:
            rule = _Rule(said["freq"], interval)
            if per and FREQUENCY[per["unit"]] != rule.freq and rule.freq == "DAILY":
                rule.freq = FREQUENCY[per["unit"]]
            return self._anchored(said, rule)
        if per:
            return _Rule(FREQUENCY[per["unit"]])
        if "date" in said:
            return None
        if "lasting" in said or "period" in said and said.get("partly"):
            return _Rule("DAILY") if said.get("partly") or service in self.daily else None
        if said.get("partly"):
            return _Rule("DAILY")
        if service in self.daily and ("times" in said or "part" in said) and ("until" in said or "from" in said):
            return _Rule("DAILY")
        if said.get("count", 0) > 1:
            return _Rule("WEEKLY")
        return None

    def _weekly(self, said: Mapping[str, Any], interval: int, recurring: bool, found: Resolved) -> _Rule | None:
        days = list(said["days"])
        again = said.get("every") or said.get("freq") or any(
            key in said for key in ("until", "lasting", "per", "from", "from_period")
        ) or said.get("count", 0) > 1
        if not again and "period" in said and len(days) < 7 and "month" not in said["period"]:
            return None
        if not again and not said.get("partly") and not recurring and (len(days) == 1 or "date" in said):
            return None
        if not again:
            # "Monday and Thursday": this week or always? To be asked.
            found.ask.append("scope")
        return _Rule("WEEKLY", interval, days=days)

    def _anchored(self, said: Mapping[str, Any], rule: _Rule) -> _Rule:
        """ "Tomorrow and after that every six weeks": the first date gives the weekday or the day of the month."""
        if "date" in said:
            first = self.calendar.date(said["date"][0])
            if first and rule.freq == "WEEKLY":
                rule.days = [WEEK[first.weekday()]]
            elif first and rule.freq == "MONTHLY":
                rule.monthdays = [first.day]
            elif first and rule.freq == "YEARLY":
                rule.yearday = first
        return rule

    def _single_dates(self, said: Mapping[str, Any], rule: _Rule | None, found: Resolved) -> list[date]:
        """The dates that were said one by one."""
        if "date" in said:
            days = [day for spoken in said["date"] for day in self.calendar.dates(spoken)]
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
                if (day := self.calendar.date({"weekday": name}, after)) is not None
            ]  # fmt: skip
        return []

    # --- once

    def _once(
        self,
        said: Mapping[str, Any],
        dates: list[date],
        hours: Hours,
        exceptions: Sequence[Mapping[str, Any]],
        found: Resolved,
    ) -> None:
        left_out = {day for spoken in exceptions for day in self._dates_of(spoken)}
        kept = [day for day in dates if day not in left_out]
        if not kept and "from" in said:
            kept = [day for spoken in said["from"][:1] if (day := self.calendar.date(spoken))]
        if not kept:
            found.ask.append("days")
            found.schedules.append(self._schedule(None, None, (), hours))
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
        rule: _Rule,
        dates: list[date],
        hours: Hours,
        exceptions: Sequence[Mapping[str, Any]],
        found: Resolved,
    ) -> None:
        times_per = self._times_per(said, rule, hours)
        if rule.freq in ("WEEKLY", "MONTHLY", "YEARLY") and not (
            rule.days or rule.nth or rule.monthdays or rule.parity or rule.workday or rule.yearday
        ):
            found.ask.append("days")
        start, until = self._limits(said, dates, found)
        self._fold(rule, exceptions, found)
        first = self._first(rule, start, hours, dates)
        if first is None:
            found.contradiction = True
            return
        if "lasting" in said:
            try:
                until = add_units(first, said["lasting"]["n"], said["lasting"]["unit"]) - timedelta(days=1)
            except (OverflowError, ValueError):
                found.ask.append("until")
        if until is not None and until < first:
            found.ask.append("until")
            until = None
        text = rule.text()
        if until is not None:
            text += f";UNTIL={until:%Y%m%d}"
        elif said.get("count", 0) > 1:
            text += f";COUNT={said['count']}"
        exdates = self._exdates(rule, first, until, exceptions)
        anchored = bool(dates) or any(key in said for key in ("from", "from_period", "period"))
        if rule.freq == "WEEKLY" and rule.interval > 1 and not anchored and "phase" not in found.ask:
            found.ask.append("phase")
        found.schedules.append(self._schedule(text, first, exdates, hours, times_per))

    @staticmethod
    def _times_per(said: Mapping[str, Any], rule: _Rule, hours: Hours) -> int | None:
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
            day = self.calendar.date(said["from"][0])
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
            end = self.calendar.until(said["until"], said["inclusive"], start)
            if end is None:
                found.ask.append("until")
            until = end
        return start, until

    def _first(self, rule: _Rule, start: date, hours: Hours, dates: list[date]) -> date | None:
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

    def _fold(self, rule: _Rule, exceptions: Sequence[Mapping[str, Any]], found: Resolved) -> None:
        """Take weekdays that are left out from the days of the rule, where the rule goes by weekdays."""
        gone = {name for spoken in exceptions for name in self._days_of(spoken)}
        if not gone:
            return
        if rule.freq == "DAILY" and rule.interval == 1:
            rule.freq, rule.days = "WEEKLY", list(WEEK)
        if rule.days and not rule.nth:
            kept = [name for name in rule.days if name not in gone]
            if kept:
                rule.days = kept
            else:
                found.contradiction = True

    @staticmethod
    def _days_of(spoken: Mapping[str, Any]) -> list[str]:
        """The weekdays that an exception names without a date."""
        return list(spoken["days"]) if "days" in spoken and "period" not in spoken and "date" not in spoken else []

    def _dates_of(self, spoken: Mapping[str, Any]) -> list[date]:
        """The dates that an exception names."""
        if "date" in spoken:
            return [day for said in spoken["date"] for day in self.calendar.dates(said)]
        if "period" in spoken:
            span = self.calendar.period(spoken["period"])
            if span:
                return [span[0] + timedelta(days=step) for step in range((span[1] - span[0]).days + 1)]
        return []

    def _exdates(
        self, rule: _Rule, first: date, until: date | None, exceptions: Sequence[Mapping[str, Any]]
    ) -> list[date]:
        days = {day for spoken in exceptions for day in self._dates_of(spoken)}
        gone = {name for spoken in exceptions for name in self._days_of(spoken)}
        if gone and (rule.nth or rule.monthdays or (rule.freq == "DAILY" and rule.interval > 1)):
            days |= {
                day
                for step in range(HORIZON_DAYS)
                if WEEK[(day := first + timedelta(days=step)).weekday()] in gone
            }  # fmt: skip
        return [
            day
            for day in days
            if day >= first and (until is None or day <= until) and rule.matches(day) and self._in_step(rule, first, day)
        ]

    @staticmethod
    def _in_step(rule: _Rule, first: date, day: date) -> bool:
        """Whether a date is in one of the periods that the interval takes."""
        if rule.interval == 1 or rule.freq not in ("DAILY", "WEEKLY"):
            return True
        if rule.freq == "DAILY":
            return (day - first).days % rule.interval == 0
        weeks = ((day - timedelta(days=day.weekday())) - (first - timedelta(days=first.weekday()))).days // 7
        return weeks % rule.interval == 0
