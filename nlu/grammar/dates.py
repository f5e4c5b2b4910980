"""From a date as it was said ("volgende week dinsdag", "half februari", "tweede paasdag") to dates in the calendar.

All dates are local (Europe/Amsterdam).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from nlu.grammar.day_functions import WEEK

Said = Mapping[str, Any]

_FIXED: dict[str, tuple[tuple[int, int], ...]] = {
    "christmas": ((12, 25), (12, 26)),
    "christmas_1": ((12, 25),),
    "christmas_2": ((12, 26),),
    "christmas_eve": ((12, 24),),
    "new_year": ((1, 1),),
    "new_years_eve": ((12, 31),),
    "sinterklaas": ((12, 5),),
    "liberation_day": ((5, 5),),
    "remembrance_day": ((5, 4),),
    "epiphany": ((1, 6),),
    "st_martin": ((11, 11),),
    "valentine": ((2, 14),),
    "all_saints": ((11, 1),),
    "labour_day": ((5, 1),),
    "halloween": ((10, 31),),
    "st_patrick": ((3, 17),),
}
# Days from Easter Sunday.
_MOVING: dict[str, tuple[int, ...]] = {
    "good_friday": (-2,),
    "easter": (0, 1),
    "easter_1": (0,),
    "easter_2": (1,),
    "ascension": (39,),
    "whitsun": (49, 50),
    "whitsun_1": (49,),
    "whitsun_2": (50,),
    "carnival": (-49, -48, -47),
    "shrove_tuesday": (-47,),
    "ash_wednesday": (-46,),
    "palm_sunday": (-7,),
    "maundy_thursday": (-3,),
    "holy_saturday": (-1,),
}


def kings_day(year: int) -> date:
    """27 April, or the day before when that is a Sunday (Wet aanwijzing Koningsdag as kept since 2014)."""
    day = date(year, 4, 27)
    return day - timedelta(days=1) if day.weekday() == 6 else day


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth (from the end when negative) such weekday of a month; None when the month has no such day."""
    first = date(year, month, 1)
    last = first + relativedelta(months=1) - timedelta(days=1)
    if nth > 0:
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    return day if day.month == month else None


_COMPUTED: dict[str, Callable[[int], date | None]] = {
    "kings_day": kings_day,
    "mothers_day": lambda year: nth_weekday(year, 5, 6, 2),
    "fathers_day": lambda year: nth_weekday(year, 6, 6, 3),
    "thanksgiving": lambda year: nth_weekday(year, 11, 3, 4),
    "prinsjesdag": lambda year: nth_weekday(year, 9, 1, 3),
}


def holiday_dates(key: str, year: int) -> list[date]:
    """The dates of a holiday in a year."""
    if key == "public":
        names = ("new_year", "easter", "kings_day", "ascension", "whitsun", "christmas")
        return sorted(day for name in names for day in holiday_dates(name, year))
    if key == "new_year_both":
        return [date(year, 12, 31), date(year + 1, 1, 1)]
    if key in _FIXED:
        return [date(year, month, day) for month, day in _FIXED[key]]
    if key in _MOVING:
        return [easter(year) + timedelta(days=days) for days in _MOVING[key]]
    found = _COMPUTED[key](year)
    return [] if found is None else [found]


class Calendar:
    """Finds the dates that are meant, on or after `today`."""

    def __init__(self, today: date) -> None:
        """A calendar seen from `today`."""
        self.today = today
        self.monday = today - timedelta(days=today.weekday())

    def dates(self, said: Said, after: date | None = None) -> list[date]:
        """The dates of something said; [] when there is no such date. The first on or after `after`, default today."""
        first = after or self.today
        for name, finder in self._FINDERS:
            if name in said:
                try:
                    return finder(self, said, first)
                except (ValueError, OverflowError):
                    return []
        return []

    def day(self, said: Said, after: date | None = None) -> date | None:
        """The first of the dates of something said, None when there is none."""
        found = self.dates(said, after)
        return found[0] if found else None

    def _relative(self, said: Said, _first: date) -> list[date]:
        return [self.today + timedelta(days=said["rel"])]

    def _in(self, said: Said, _first: date) -> list[date]:
        base = self.day(said["base"]) if "base" in said else None
        return [add_units(base or self.today, said["in"], said["unit"])]

    def _holiday(self, said: Said, first: date) -> list[date]:
        for year in range(first.year - 1, first.year + 3):
            found = holiday_dates(said["holiday"], year)
            if found and found[-1] >= first:
                days = [day for day in found if day >= first]
                return days + (holiday_dates("public", year + 1) if said["holiday"] == "public" else [])
        return []

    def _weekday(self, said: Said, first: date) -> list[date]:
        number = WEEK.index(said["weekday"])
        if "nth" in said:
            return self._nth(said, first, number)
        if "week" in said:
            day = self.monday + timedelta(weeks=said["week"], days=number)
            return [day if day >= self.today else day + timedelta(weeks=1)]
        # A weekday said on that weekday is the next one.
        ahead = (number - first.weekday()) % 7
        if not ahead and first == self.today:
            ahead = 7
        return [first + timedelta(days=ahead, weeks=said.get("plus", 0))]

    def _nth(self, said: Said, first: date, number: int) -> list[date]:
        if "monthly" in said:
            start = self.today.replace(day=1) + relativedelta(months=said["monthly"])
            day = nth_weekday(start.year, start.month, number, said["nth"])
            return [day] if day else []
        for year in (first.year, first.year + 1):
            day = nth_weekday(year, said["month"], number, said["nth"])
            if day and day >= first:
                return [day]
        return []

    def _day(self, said: Said, first: date) -> list[date]:
        if "after" in said:
            first = max(first, self.day(said["after"]) or first)
        if "year" in said:
            return [date(said["year"], said["month"], said["day"])]
        if "monthly" in said:
            # "The nineteenth of next month".
            month = self.today.replace(day=1) + relativedelta(months=said["monthly"])
            return [month.replace(day=said["day"])]
        step = relativedelta(years=1) if "month" in said else relativedelta(months=1)
        start = date(first.year, said["month"], 1) if "month" in said else first.replace(day=1)
        for _ in range(9):
            try:
                found = start.replace(day=said["day"])
            except ValueError:
                found = None
            if found and found >= first:
                return [found]
            start += step
        return []

    def _edge(self, said: Said, first: date) -> list[date]:
        span = self.period({name: value for name, value in said.items() if name != "edge"})
        if not span or not span[1]:
            return []
        if said["edge"] == "end":
            return [span[1]]
        return [span[0].replace(day=15) if said["edge"] == "mid" else span[0]]

    def _beside(self, said: Said, first: date) -> list[date]:
        # "Until Sunday, and after that …", said on a Monday: no Sunday is meant that is past.
        back = 0 if said["days"] > 0 and "weekday" in said["beside"] else abs(said["days"])
        found = self.dates(said["beside"], first - timedelta(days=back))
        if not found:
            return []
        return [(found[-1] if said["days"] > 0 else found[0]) + timedelta(days=said["days"])]

    def _after_period(self, said: Said, _first: date) -> list[date]:
        """The day after a period."""
        span = self.period(said["after_period"])
        return [span[1] + timedelta(days=1)] if span else []

    def _weekday_after(self, said: Said, first: date) -> list[date]:
        """The nth weekday after another day ("the first Monday after New Year"), or the last one before it."""
        found = self.dates(said["said"], first)
        if not found:
            return []
        if said["n"] < 0:
            back = (found[0].weekday() - WEEK.index(said["weekday_after"]) - 1) % 7 + 1
            return [found[0] - timedelta(days=back)]
        ahead = (WEEK.index(said["weekday_after"]) - found[-1].weekday() - 1) % 7 + 1
        return [found[-1] + timedelta(days=ahead + 7 * (said["n"] - 1))]

    _FINDERS: tuple[tuple[str, Callable[[Calendar, Said, date], list[date]]], ...] = (
        ("beside", _beside),
        ("after_period", _after_period),
        ("weekday_after", _weekday_after),
        ("edge", _edge),
        ("rel", _relative),
        ("in", _in),
        ("holiday", _holiday),
        ("weekday", _weekday),
        ("day", _day),
    )

    def period(self, said: Said) -> tuple[date, date] | None:
        """The first and last day of a period that was said; None when it cannot be known."""
        try:
            return self._period(said)
        except (ValueError, OverflowError):
            return None

    def _period(self, said: Said) -> tuple[date, date] | None:
        if "from" in said:
            return self._between(said)
        week = said.get("week", said.get("weekly"))
        if week is not None:
            start = self.monday + timedelta(weeks=week)
            return max(start, self.today), start + timedelta(days=6, weeks=said.get("more", 0))
        if "weekend" in said:
            start = self.monday + timedelta(days=5, weeks=said["weekend"])
            return max(start, self.today), start + timedelta(days=1)
        if "weekend_of" in said:
            day = self.day(said["weekend_of"])
            saturday = day and day - timedelta(days=day.weekday() - 5)
            return (saturday, saturday + timedelta(days=1)) if saturday else None
        if "nth_week" in said:
            return self._week_of_month(said["nth_week"], said["month"])
        if "weekno" in said:
            return self._week_number(said["weekno"])
        if "week_of" in said:
            day = self.day(said["week_of"])
            if day is None:
                return None
            monday = day - timedelta(days=day.weekday(), weeks=-said.get("weeks", 0))
            return (monday, monday + timedelta(days=6))
        if "next" in said:
            return self.today, add_units(self.today, said["next"], said["unit"]) - timedelta(days=1)
        if "half" in said:
            return self._half_month(said["half"], said["month"])
        if "month" in said:
            start = date(self.today.year, said["month"], 1)
            if start + relativedelta(months=1) <= self.today:
                start += relativedelta(years=1)
        elif "monthly" in said:
            start = self.today.replace(day=1) + relativedelta(months=said["monthly"])
        elif "yearly" in said:
            start = date(self.today.year + said["yearly"], 1, 1)
            return max(start, self.today), date(start.year, 12, 31)
        else:
            return None
        return max(start, self.today), start + relativedelta(months=1 + said.get("more", 0)) - timedelta(days=1)

    def _between(self, said: Said) -> tuple[date, date] | None:
        first, last = said["from"], said["until"]
        if "month" in last and "month" not in first and "day" in first:
            first = {**first, "month": last["month"]}
        elif "monthly" in last and "day" in first and not {"month", "monthly"} & first.keys():
            first = {**first, "monthly": last["monthly"]}
        start = self.day(first)
        if start is None:
            return None
        found = self.dates(last, start)
        if not found:
            return None
        whole = said["inclusive"] or last.get("edge") == "end"
        end = found[-1] if whole else found[0] - timedelta(days=1)
        return (start, end) if end >= start else None

    def _half_month(self, half: int, month: int) -> tuple[date, date]:
        """The first (until the 15th) or the second half of a month."""
        for year in (self.today.year, self.today.year + 1):
            start = date(year, month, 1 if half == 1 else 16)
            end = date(year, month, 15) if half == 1 else date(year, month, 1) + relativedelta(months=1, days=-1)
            if end >= self.today:
                break
        return max(start, self.today), end

    def _week_of_month(self, nth: int, month: int) -> tuple[date, date]:
        """The nth week of a month (the last when negative): the first is the one in which its first workday is."""
        start = date(self.today.year, month, 1)
        if start + relativedelta(months=1) <= self.today:
            start += relativedelta(years=1)
        if nth < 0:
            start += relativedelta(months=1, days=-1)
            return start - timedelta(days=start.weekday()), start - timedelta(days=start.weekday() - 6)
        ahead = -start.weekday() if start.weekday() <= 4 else 7 - start.weekday()
        monday = start + timedelta(days=ahead, weeks=nth - 1)
        return max(monday, start), monday + timedelta(days=6)

    def _week_number(self, number: int) -> tuple[date, date] | None:
        """The ISO week of that number, this year's or (when past) next year's."""
        for year in (self.today.isocalendar()[0], self.today.isocalendar()[0] + 1):
            start = date.fromisocalendar(year, number, 1)
            if start + timedelta(days=6) >= self.today:
                return max(start, self.today), start + timedelta(days=6)
        return None

    def last(self, start: date, lasting: Said) -> date | None:
        """The last day of so many units from `start` on; None when that is beyond the calendar."""
        try:
            return add_units(start, lasting["n"], lasting["unit"]) - timedelta(days=1)
        except (OverflowError, ValueError):
            return None

    def until(self, said: Said, inclusive: bool, start: date) -> date | None:
        """The last day of "until …" for something that begins on `start`; None when it cannot be known."""
        span: tuple[date, date] | None
        if _PERIOD_KEYS & said.keys() and not _DATE_KEYS & said.keys():
            span = self.period(said)
            if span and span[1] < start:
                span = Calendar(start).period(said)
        else:
            days = self.dates(said, None if "weekday" in said else max(start, self.today))
            span = (days[0], days[-1]) if days else None
        if span is None:
            return None
        return span[1] if inclusive else span[0] - timedelta(days=1)


_PERIOD_KEYS = frozenset({"week", "next", "month", "monthly", "yearly", "weekend", "from"})
_DATE_KEYS = frozenset({"day", "weekday", "edge", "nth"})


def add_units(day: date, count: int, unit: str) -> date:
    """The day `count` days, weeks, months or years later; raises OverflowError or ValueError beyond the calendar."""
    if unit == "day":
        return day + timedelta(days=count)
    if unit == "week":
        return day + timedelta(weeks=count)
    return day + (relativedelta(months=count) if unit == "month" else relativedelta(years=count))
