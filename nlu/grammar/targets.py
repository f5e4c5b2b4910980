"""Which visits that stand a message is about, when it leaves out, ends or moves some. Dates are local."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from nlu.grammar.dates import Calendar
from nlu.grammar.day_functions import WEEK
from nlu.grammar.days_away import goes_on_untold, points, until_back, weeks_later, without_beside
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When, is_day
from nlu.grammar.hearing import ROLES
from nlu.grammar.meaning import Sense, clauses, sentence_bounds
from nlu.grammar.occasions import of_the_feast, without_occasions
from nlu.grammar.refused import only, only_some, refused_service, spared, unread_thing
from nlu.grammar.roles import stands_now
from nlu.packs.pack import Pack
from nlu.reading import Target

LONGEST_PERIOD = 92
"""In a longer period, in days, the visits on some weekdays are no longer named one by one."""
WEEK_DAYS = 7
"""In a longer period a weekday comes back."""
HOLIDAYS = 14
"""So many days after the first of them "the holidays" go on."""
_MOVES = ("move", "moveto", "instead", "better", "shift", "from_now_on")
_LIMITS = frozenset({"from", "from_period", "until", "lasting"})


def said_days(found: Found, sense: Sense) -> list[Item]:
    """The schedule phrases of a message in order, without those that say what stays ("the week after as usual")."""
    whens = [item for item, _ in sorted(sense.whens, key=lambda pair: pair[0].first)]
    staying = {
        id(item)
        for clause in clauses(found)
        if clause.has("kept") and not clause.has("not", "except", "stop", "person")
        for item in clause.items
    }
    # "Cancel tomorrow. No, leave tomorrow, cancel Wednesday.": what stays was named before.
    values = [item.value for item in whens if id(item) in staying and is_day(item.value)]
    kept = [item for item in whens if id(item) not in staying and "rest" not in item.value and item.value not in values]
    for clause in clauses(found):
        kept = _of_its_week(kept, {id(item) for item in clause.items})
    return kept


def _of_its_week(whens: list[Item], together: set[int]) -> list[Item]:
    """For "Thursday is no good this week": a weekday and a week in one clause, however far apart, are one date."""
    days = [item for item in whens if id(item) in together and _is_weekday(item.value)]
    weeks = [item for item in whens if id(item) in together and _is_week(item.value)]
    if not len(days) == len(weeks) == 1:
        return whens
    (day,), (week,) = days, weeks
    period = week.value["period"]
    first, more = period["week"], period.get("more", 0)
    value = {"date": [{"weekday": day.value["days"][0], "week": first + step} for step in range(more + 1)]}
    one = Item("when", value, min(day.first, week.first), max(day.last, week.last))
    return sorted([one, *(item for item in whens if item is not day and item is not week)], key=lambda item: item.first)


def _is_weekday(value: When) -> bool:
    return value.keys() == {"days"} and len(value["days"]) == 1


def _is_week(value: When) -> bool:
    return value.keys() == {"period"} and "week" in value["period"] and value["period"].keys() <= {"week", "more"}


def moved_service(found: Found, sense: Sense, pack: Pack) -> str | None:
    """The service of the visit that is moved: of several the one in the clause that moves it, or else asks.

    "Can the cleaner come on Thursdays instead? On Tuesdays I go to the hairdresser": the rest tells why.
    """
    standing = next((clause for clause in stands_now(found)[0] if clause.has("service") and clause.has("when")), None)
    if standing is not None:
        named = {key for item in standing.items if item.class_ == "service" for key in item.value}
        return only(named - ROLES or named)
    services = [(item, value) for item, value in sense.services if not _why(item, found, pack)]
    one = only({key for _, value in services for key in value})
    mended = found.has("not", "except", "correction", "isaid", "meant")
    for signs in (_MOVES, () if mended else ("request",)) if one is None else ():
        inside = [clause for clause in clauses(found) if clause.has(*signs)]
        keys = {key for item, value in services for key in value if any(item in clause.items for clause in inside)}
        if keys:
            return only(keys)
    return one


def _contrasted(days: list[Item], found: Found, sense: Sense, contrasts: frozenset[str]) -> tuple[list[Item], bool]:
    """The days without those that are only named beside others ("skip Friday, not Thursday").

    And whether it is not known which of two is meant ("on the 12th, not the 11th").
    """
    refused = {id(item) for item, role in sense.whens if role == "not"}
    unclear = False
    for before, marker, behind in zip(found.items, found.items[1:], found.items[2:], strict=False):
        words = {word.text for word in found.words[marker.first : marker.last]}
        named = all(any(item is day for day in days) for item in (before, behind))
        if marker.class_ not in ("not", "except") or not named or not words <= contrasts or marker.last != behind.first:
            continue
        if id(before) not in refused:
            unclear = True
            continue
        if found.boundary(before.last, marker.first) > 1:
            # "No walk this Thursday. Not the week after either."; "Cancel Friday. Not Thursday." may be either.
            unclear = unclear or not points(behind.value)
            continue
        start, _ = sentence_bounds(found, before.first)
        first = [item for item in found.items if item.class_ in ("not", "stop") and start <= item.first < before.first]
        said = {word.text for item in first for word in found.words[item.first : item.last]}
        if first and not said & contrasts:
            days = [item for item in days if item is not behind]
    return days, unclear


def _stands_after_all(found: Found, pack: Pack) -> bool:
    """For "I wanted to skip next week, but just come as normal": it seems that nothing is left out any more."""
    last = clauses(found)[-1]
    if not any(item.class_ == "kept" and item.value is True for item in last.items) or last.has(
        "when", "not", "except", "then", "again", "whole"
    ):
        return False
    return any(word.text in pack.comes for word in found.words[last.start : last.end])


def _why(service: Item, found: Found, pack: Pack) -> bool:
    """For "Could that be an hour later? I must go to the bank first": where somebody has to be only tells why."""
    clause = next((part for part in clauses(found) if any(service is item for item in part.items)), None)
    if clause is None or not clause.has("self") or clause.has("someone", "not", "stop", "move", "instead", "shift"):
        return False
    asked = [item for item in clause.items if item.class_ == "request"]
    spoken = {" ".join(word.text for word in found.words[item.first : item.last]) for item in asked}
    return bool(asked) and spoken <= pack.duties


def read_target(found: Found, sense: Sense, pack: Pack, calendar: Calendar) -> Target:
    """The target as if the message left out or ended visits."""
    days = [item for item in said_days(found, sense) if is_day(item.value) or _LIMITS & item.value.keys()]
    days = without_beside(days, found)
    days, unclear = _contrasted(days, found, sense, pack.contrasts)
    days = weeks_later(_meant_alone(until_back(_without_standing(days, found), found), sense))
    if (
        not days
        and sense.asides
        and (found.has("then", "those") or (found.has("so") and not found.has("stop", "from_now_on")))
    ):
        # "My brother is buried on Friday, so the walk is off then."
        days = [Item("when", sense.asides[-1], 0, 0)]
    if found.has("those"):
        # "Thursday the painters come and Saturday there is a wedding, so not those two days."
        days = [*days, *(Item("when", told, 0, 0) for told in sense.told if is_day(told))]
    target = target_of(days, refused_service(found, sense, pack), found, calendar)
    some = only_some(found, sense) or unread_thing(days, found, pack)
    if any("then" in item.value for item in days) or found.has("nth_visit") or (target.service is None and some):
        # One of them, or both, and what of the others ("drop the second visit tomorrow")? It must be asked.
        target = replace(target, scope=None)
    if found.has("anew"):
        # "Cancel tomorrow afternoon and make a new one for Friday": what is new is not left out, and it is asked.
        begin = next(item.first for item in found.items if item.class_ == "anew")
        target = replace(
            target_of([item for item in days if item.first < begin], target.service, found, calendar), scope=None
        )
    unending = found.has("unknown_end") or (found.has("endless") and target.scope != "series")
    if unending and target.until is None:
        # "Nobody until I am home again": from the day that is named, today when none is.
        start = min(target.dates) if target.dates else target.from_ or calendar.today
        target = replace(target, dates=(), from_=start, scope="period")
    several = len({key for _, value in sense.services for key in value}) > 1
    unclear = unclear or (several and target.service is None and target.scope == "series" and not found.has("whole"))
    unclear = unclear or _stands_after_all(found, pack) or goes_on_untold(days, found)
    return replace(target, scope=None) if unclear else target


def read_ending(target: Target, found: Found, pack: Pack) -> Target:
    """The target as if the message ended help: the whole of it, unless what is said may be of one visit as well."""
    if target.dates and found.has("stop", "from_now_on") and not found.has("this_time_only"):
        # "The meals can stop at the end of the month": that day's, or all from then on.
        return replace(target, scope=None)
    staying = any(clause.has("kept") and not clause.has("not", "except", "stop") for clause in clauses(found))
    if target.service is None and (staying or spared(found)):
        # "The help for my husband can stop, mine must go on"; "Stop everything but the walk": not all of it.
        return replace(target, scope=None)
    if target.dates or target.until or target.scope is not None:
        return target
    named = {key for item in found.items if item.class_ == "service" for key in item.value}
    if target.service is None and len(named) > 1 and not found.has("whole"):
        # "The cleaning and the shopping can stop": not everything.
        return target
    open_ = not target.from_ and any(word.text in pack.calls_off for word in found.words)
    return target if open_ else replace(target, scope="series")


def _without_standing(days: list[Item], found: Found) -> list[Item]:
    """For "On Tuesday and Friday somebody comes to cook, but this Friday I'm out": when they come is only told."""
    told = {
        id(item)
        for clause in clauses(found)
        if clause.has("doing") and clause.has("someone") and not clause.has("not", "except", "stop", "request", "gone")
        for item in clause.items
        if item.class_ == "when" and "days" in item.value
    }
    others = [item for item in days if id(item) not in told]
    return others if any({"date", "days"} & item.value.keys() for item in others) else days


def _meant_alone(days: list[Item], sense: Sense) -> list[Item]:
    """Without what only tells something that comes back: "Not tomorrow's walk, it rains every day"."""
    refused = {id(item) for item, role in sense.whens if role == "not"}
    if not any(id(item) in refused and {"date", "days"} & item.value.keys() for item in days):
        return days
    return [item for item in days if id(item) in refused or not (item.value.get("every") or "freq" in item.value)]


def target_of(
    days: Sequence[Item], service: str | None, found: Found, calendar: Calendar, moving: bool = False
) -> Target:
    """The target that phrases name; `moving`: of a change, where a bare weekday leaves open whether once or always."""
    days = of_the_feast(without_occasions(days, found), days, calendar)
    always = found.has("from_now_on", "thence") or (found.has("stop") and not _stood(days, found))
    gathered = _Gathered(
        calendar, [item.value for item in days], series=always or found.has("whole"), always=always or moving
    )
    gathered.gather()
    scope = gathered.scope(found, moving)
    dates = () if scope == "series" else tuple(sorted(dict.fromkeys(gathered.dates)))
    return Target(service, dates, gathered.from_, gathered.until, scope)


def _stood(days: Sequence[Item], found: Found) -> bool:
    """For "I had a lift down for Friday, that can go": the one on Friday, though such words end help as well."""
    told = [item for clause in clauses(found) if clause.has("history") for item in clause.items]
    return len(days) == 1 and _is_weekday(days[0].value) and any(days[0] is item for item in told)


@dataclass
class _Gathered:
    """The dates and limits of phrases, while they are gathered."""

    calendar: Calendar
    whens: list[When]
    series: bool = False
    always: bool = False
    """Whether it is said that it is for good, or the days are those of a visit that is moved."""
    bare: bool = False
    every: bool = False
    """Whether days that come back were named, not only a word such as "for good"."""
    dated: bool = False
    """Whether a date was named, so that "definitely" or "for good" is of that visit."""
    parted: bool = False
    """Whether periods were named that do not follow on each other."""
    dates: list[date] = field(default_factory=list)
    from_: date | None = None
    until: date | None = None

    def gather(self) -> None:
        """Take in every phrase."""
        for when in self.whens:
            self._days(when)
            self._limits(when)
        for when in self.whens:
            self._lasting(when)
        for when in self.whens:
            self._ending(when)
        self._named_by_dates()
        if self.from_ and self.until and any("range" in when for when in self.whens):
            self.dates = [day for day in self.dates if not self.from_ <= day <= self.until]

    def _days(self, when: When) -> None:
        if "period" in when and when.get("every") and (days := self._within(when)):
            # "From Monday to Sunday next week".
            if (days[-1] - days[0]).days == len(days) - 1 and len(days) > 1:
                self._period((days[0], days[-1]))
            else:
                self.dates += days
        elif "period" in when:
            # Of "Tuesday next week" the period only says which Tuesday.
            if not any("days" in other for other in self.whens):
                self._period(self.calendar.period(when["period"]))
        elif "date" in when:
            self.dated = True
            self.dates += self._dates(when)
        elif "days" in when:
            if "count" in when and not when.get("freq"):
                # "The next two Tuesdays".
                self.dates += [day + timedelta(weeks=n) for day in self._weekdays(when) for n in range(when["count"])]
            elif when.get("range") and not self.always:
                # "From Sunday to Tuesday we are away".
                first = self.calendar.day({"weekday": when["days"][0]}, self._week_begun())
                self.from_ = first
                self.until = first + timedelta(days=len(when["days"]) - 1) if first else None
            elif when.get("every") and not when.get("weekend"):
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

    def _period(self, span: tuple[date, date] | None) -> None:
        """Take in a period; one that follows on another makes it longer, one apart from it must be asked."""
        if span is None:
            return
        first, last = span
        if self.from_ is not None and self.until is not None:
            day = timedelta(days=1)
            self.parted = self.parted or first > self.until + day or last < self.from_ - day
            first, last = min(first, self.from_), max(last, self.until)
        self.from_, self.until = first, last

    def _dates(self, when: When) -> list[date]:
        """The dates of a phrase; of "over the holidays" those that come next, not all of a year."""
        days = [day for said in when["date"] for day in self.calendar.dates(said)]
        return [day for day in days if (day - days[0]).days <= HOLIDAYS] if "occasion" in when else days

    def _named_by_dates(self) -> None:
        """For "Over the holidays I'm away, so nobody from the 24th to the 2nd": the dates say which days those are."""
        for when in self.whens if self.from_ and self.until else ():
            own = self._dates(when) if "occasion" in when else []
            if any(self.from_ <= day <= self.until for day in own if self.from_ and self.until):
                self.dates = [day for day in self.dates if day not in own]

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
        after = span[0] if span else self._week_begun()
        if span is not None and (span[1] - span[0]).days >= WEEK_DAYS:
            # "The Monday visits in December".
            return self._within({**when, "every": True})
        found = [self.calendar.day({"weekday": name}, after) for name in when["days"]]
        return [day for day in found if day is not None]

    def _week_begun(self) -> date | None:
        """For "next week Tuesday and then Thursday": a weekday behind one of a named week is of that week."""
        named = [said for when in self.whens for said in when.get("date", ()) if {"weekday", "week"} <= said.keys()]
        return self.calendar.day(named[0]) if named and self.dates else None

    def _limits(self, when: When) -> None:
        if "from" in when and "date" not in when:
            self.from_ = self.calendar.day(when["from"][0]) or self.from_
        if "from_period" in when:
            span = self.calendar.period(when["from_period"])
            self.from_ = span[0] if span else self.from_

    def _lasting(self, when: When) -> None:
        if "lasting" in when:
            # "On Monday for two weeks", "for the next two weeks".
            start = self.dates.pop() if self.dates else self.from_ or self.calendar.today
            self.from_, self.until = start, self.calendar.last(start, when["lasting"])

    def _ending(self, when: When) -> None:
        if "until" in when:
            if self.dates and self.from_ is None and not self.bare:
                # "I go to hospital on the 14th. Nothing until the 27th, please."
                self.from_, self.dates = min(self.dates), []
            self.until = self.calendar.until(when["until"], when["inclusive"], self.from_ or self.calendar.today)
            self.from_ = self.from_ or self.calendar.today

    def scope(self, found: Found, moving: bool) -> str | None:
        """Whether it is once, for a period, or the whole series; None when it must be asked."""
        if self.parted or (self.dates and self.from_ is not None and self.until is not None):
            # "This Friday and all of next week": these cannot be said in one.
            return None
        open_ = found.has("whole") and not found.has("from_now_on", "thence", "stop", "this_time_only")
        if open_ and self.bare and self.dates and not moving:
            # "Everything on Thursday is off": of that day, or of every Thursday.
            return None
        limited = self.from_ is not None and self.until is not None and not self.dates
        once = any(item.class_ == "when" and item.value.get("once") for item in found.items)
        single = found.has("this_time_only") or (once and self.dates)
        if single and not found.has("from_now_on", "thence", "whole"):
            return "period" if limited else "once"
        if limited and not moving:
            return "period"
        if self.series and not (self.dated and not moving and not self.every):
            return "series"
        if self.from_ is not None and not self.dates:
            return "series" if found.has("not") else None
        if self.dates:
            return None if moving and self.bare and not self.dated else "once"
        return None
