"""From when to when visits are moved, or what is mended of what was just said. Dates and times are local."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from care.needs import Need, Preferences
from care.schedule import Schedule
from nlu.grammar.clocks import Clock
from nlu.grammar.corrections import renumber
from nlu.grammar.dates import Calendar
from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, Frame, When, is_day, is_time
from nlu.grammar.meaning import Sense, clauses
from nlu.grammar.resolve import Resolver
from nlu.grammar.roles import roles
from nlu.grammar.targets import moved_service, said_days, target_of
from nlu.packs.pack import Pack
from nlu.reading import Target

KNOWN_OF_THE_VISIT = frozenset({"days", "service", "phase", "time", "scope"})
"""What need not be asked: the visit that is changed has it."""
MOST_NEEDS = 4
MOST_ON_THE_CLOCK = 12
NOTHING_DAILY: frozenset[str] = frozenset()
"""What goes without saying every day when help is asked for, does not when it is mended: the days that stand remain."""


@dataclass
class Change:
    """The visits that are changed, their new schedule (none when it must be asked), and what must be asked."""

    target: Target = field(default_factory=Target)
    needs: list[Need] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)


def read_change(found: Found, sense: Sense, pack: Pack, now: datetime) -> Change:
    """The change that a message asks for, read as if it asked for one."""
    whens = renumbered(said_days(found, sense))
    scheduled = [item for item in whens if item.value.keys() != {"once"}]
    hour = len(scheduled) == 2 and sum(is_day(item.value) for item in scheduled) == 1 and _days_told(sense)
    if (len(scheduled) <= 1 or hour) and len(sense.told) == 1 and found.has("move", "moveto", "shift"):
        # "Wednesday is my birthday, so bring my shower forward to the Tuesday".
        whens = [Item("when", {**sense.told[0], "role": "from"}, 0, 0), *whens]
    from_, to = roles(found, whens, sense, pack.now_words)
    from_ = _of_that_week(from_, to, found)
    hours = any(CLOCK_KEYS & item.value.keys() for item in to)
    old = [item for item in from_ if is_day(item.value)]
    vague = any(item.value.get("vague") == "time" for item in to)
    hours_of_old = any(is_time(item.value) for item in from_)
    longer = any(item.value.get("longer") for item in whens)
    lasts = any("dur" in item.value for item in to)
    if not old and (hours or vague or hours_of_old or longer or lasts or found.has("shift")):
        # "Thursday's walk an hour later", "Monday's shower at eleven": the day that is named stays.
        old = [item for item in to if is_day(item.value) and not _goes_to(item, found)]
    change = Change(target_of(old, moved_service(found, sense, pack), found, Calendar(now.date()), moving=True))
    _at_every(to)
    if hours or not found.has("shift"):
        change.needs = _new_schedule(
            from_, to, found, sense, Resolver(now, NOTHING_DAILY), change.target.service, clocks=pack.hours_are_clocks
        )
    if longer:
        # How long it was is not known here.
        change.needs = [need for need in change.needs if need.schedule.duration_minutes]
    which = in_that_week(change, from_, to)
    if not change.needs:
        change.needs = _days_on(change.target, found)
    if not change.needs:
        change.needs = _new_service(found, sense, pack)
    _settle_scope(change, [*from_, *to], found)
    change.ask = [*_ask(change, found), *(["duration"] if longer and not change.needs else []), *which]
    if change.target.service is None and len({key for _, value in sense.services for key in value}) > 1:
        # "Can we swap Tuesday's cleaning with Thursday's shower".
        change.ask.append("service")
    if any(not _unfit(place, found) for place in sense.loose) and not sense.long:
        _ask_time(change)
    return change


def _days_told(sense: Sense) -> bool:
    """Whether days are told."""
    return any(is_day(told) for told in sense.told)


def _goes_to(item: Item, found: Found) -> bool:
    """Whether a day is the new one by the word before it ("to Friday at ten"): it is no visit that stands."""
    return any(other.class_ == "moveto" and other.last == item.first for other in found.items)


def _of_that_week(old: list[Item], new: Sequence[Item], found: Found) -> list[Item]:
    """For "Next week on Wednesday instead of Tuesday": the old weekday is of the week that is named before it."""
    if len(old) != 1 or not found.has("instead") or old[0].value.keys() != {"days"} or len(old[0].value["days"]) != 1:
        return old
    weeks = [
        said["week"]
        for item in new
        if item.first < old[0].first
        for said in (*item.value.get("date", ()), item.value.get("period", {}))
        if said.keys() in ({"weekday", "week"}, {"week"})
    ]
    if len(weeks) != 1:
        return old
    item = old[0]
    return [Item("when", {"date": [{"weekday": item.value["days"][0], "week": weeks[0]}]}, item.first, item.last)]


def _unfit(place: int, found: Found) -> bool:
    """Whether a word stands in a clause that says that the time is no good ("eight is far too late")."""
    if any(clause.has("unfit") for clause in clauses(found) if clause.start <= place < clause.end):
        return True
    # "Three o'clock, not two", "45 minutes instead of 30": the number is of what it was.
    refused = [item for item in found.items if item.class_ in ("not", "instead") and 0 <= place - item.last <= 1]
    return any(not found.boundary(item.last, place) for item in refused)


def _ask_time(change: Change) -> None:
    """Ask for the time, where something of it was not understood."""
    change.needs = [replace(need, ask=tuple(dict.fromkeys((*need.ask, "time")))) for need in change.needs]
    if not change.needs and "time" not in change.ask:
        change.ask.append("time")


def _at_every(to: list[Item]) -> None:
    """For "three hours instead of two every week": that says of which visits, and no new rhythm."""
    if any({"dur", "times", "span", "part"} & item.value.keys() for item in to):
        for place, item in enumerate(to):
            if item.value.get("freq") == "WEEKLY" and not {"interval", "days", "parity"} & item.value.keys():
                value = {key: value for key, value in item.value.items() if key != "freq"}
                to[place] = Item("when", {**value, "every": True}, item.first, item.last)


def renumbered(whens: Sequence[Item]) -> list[Item]:
    """For "Two hours is too short, make it three": the number that is said in the place of a length is one."""
    row: list[Item] = []
    for item in whens:
        before = next((other for other in reversed(row) if "dur" in other.value), None)
        hours = any(CLOCK_KEYS & other.value.keys() for other in whens if other is not item)
        mended = renumber(before.value, item.value) if before is not None and not hours else None
        if mended:
            item = Item("when", {"dur": mended["dur"], "to": True, "role": "to"}, item.first, item.last)
        elif 0 < item.value.get("renumber", 0) <= MOST_ON_THE_CLOCK:
            clock = Clock(item.value["renumber"] * 60, open=True)
            item = Item("when", {"times": [clock], "to": True, "role": "to"}, item.first, item.last)
        row.append(item)
    return row


def _settle_scope(change: Change, to: Sequence[Item], found: Found) -> None:
    """Fill in once or always, where the new schedule tells."""
    target = change.target
    if target.scope is not None:
        return
    explicit = any(
        {"rel", "week", "day", "in", "weekday"} & said.keys() for item in to for said in item.value.get("date", ())
    )
    # "Could she come on Saturday instead, just this once?"
    explicit = explicit or any("once" in item.value for item in to)
    explicit = explicit or any("week" in item.value.get("period", ()) for item in to)
    # "Friday's cleaning a day earlier": from one day to another, so that is of this visit.
    explicit = explicit or any(
        item.class_ == "shift" and item.value is not True and "days" in item.value for item in found.items
    )
    single = bool(change.needs) and all(need.schedule.rrule is None for need in change.needs)
    if target.dates and explicit and single:
        # "Thursday doesn't suit me, can it be this week on Friday?"
        change.target = replace(target, scope="once")
    elif any({"from", "from_period"} & item.value.keys() for item in to) and not explicit:
        # "From next month on Thursday instead of Friday".
        change.target = replace(target, scope="series", dates=())
    elif not target.dates and any(item.value.get("every") for item in to):
        change.target = replace(target, scope="series")


def in_that_week(change: Change, from_: Sequence[Item], to: Sequence[Item]) -> list[str]:
    """For "Next week the shower on Wednesday instead of Tuesday": the Tuesday of that week; what must be asked.

    "Tuesday's shower to Wednesday next week" leaves open which Tuesday is meant, "Friday's to Monday next week" not.
    """
    old = [item for item in from_ if item.value.keys() - {"role"} == {"days"} and len(item.value["days"]) == 1]
    ahead = any(item.value.get("period", {}).get("week", 0) > 0 and item.first < old[0].first for item in to if old)
    days = [need.schedule.dtstart for need in change.needs if need.schedule.rrule is None]
    if not (len(old) == len(days) == len(change.target.dates) == 1) or days[0] is None:
        return []
    moved, stands = days[0], change.target.dates[0]
    weeks = (moved - timedelta(days=moved.weekday()) - stands + timedelta(days=stands.weekday())).days
    if not weeks or (not ahead and moved.weekday() <= stands.weekday()):
        return []
    if not ahead:
        named = any(said.get("week", 0) > 0 for item in to for said in item.value.get("date", ()))
        return ["visit"] if named else []
    change.target = replace(change.target, dates=(stands + timedelta(days=weeks),))
    return []


def _days_on(target: Target, found: Found) -> list[Need]:
    """For "Thursday's walk a day later": the date of the visit that is meant, so many days further on."""
    moved = [item.value for item in found.items if item.class_ == "shift" and item.value is not True]
    days = next((value["days"] for value in moved if "days" in value), None)
    if days is None:
        return []
    moved = [day + timedelta(days=days) for day in target.dates[:MOST_NEEDS]]
    return [Need(target.service, Schedule(dtstart=day)) for day in moved]


def _new_service(found: Found, sense: Sense, pack: Pack) -> list[Need]:
    """The service that is meant instead of another ("not the windows, the laundry")."""
    refused: set[int] = set()
    for clause in clauses(found):
        not_ = clause.has("noted", "mistaken")
        for item in clause.items:
            if item.class_ in ("not", "except"):
                not_ = not_ or not {word.text for word in found.words[item.first : item.last]} <= pack.takes_back
            elif not_ and item.class_ in ("service", "particle"):
                refused.add(id(item))
    meant = {key for item, value in sense.services if id(item) not in refused for key in value}
    if not (refused or found.has("correction", "isaid")):
        return []
    meant |= {item.value["service"] for item in found.items if item.class_ == "particle" and id(item) not in refused}
    return [Need(meant.pop(), Schedule())] if len(meant) == 1 else []


def _ask(change: Change, found: Found) -> list[str]:
    """What must be asked before visits are changed."""
    ask = []
    target = change.target
    if not change.needs and target.service is None and not target.dates and target.from_ is None:
        ask.append("visit")
    if target.scope == "once" and not target.dates and target.from_ is None and "visit" not in ask:
        # "Could Tuesday's help swap, just next week": of which day is not known.
        ask.append("visit")
    # "I said nine but I meant ten": what is mended is what was just said.
    mended = found.has("correction", "isaid") or any(
        item.class_ == "when" and item.value.get("mended") for item in found.items
    )
    if target.scope is None and not mended:
        ask.append("scope")
    if not change.needs and (found.has("shift") or "scope" not in ask):
        ask.append("time")
    return ask


def _new_schedule(
    from_: Sequence[Item],
    to: Sequence[Item],
    found: Found,
    sense: Sense,
    resolver: Resolver,
    service: str | None,
    *,
    clocks: bool,
) -> list[Need]:
    """The needs that say when, or by whom, the visit shall be; `clocks`: "two hours" may be an hour on the clock."""
    frame = Frame()
    lengths = not clocks or any("dur" in item.value for item in from_)
    for place, item in enumerate(to):
        beside = (
            not _of_length(found) and place > 0 and to[place - 1].last == item.first and is_day(to[place - 1].value)
        )
        moved = not lengths and any(one.class_ == "moveto" and one.last == item.first for one in found.items)
        if not frame.add(
            _hour_beside(item.value) if (beside and clocks) or moved else dict(item.value), close=True, direct=False
        ):
            break
    preferences = Preferences(**sense.preferences)
    if not frame.said and preferences == Preferences():
        return []
    _take_over(frame, from_, found, resolver.calendar)
    _begin_with_period(frame, resolver.calendar)
    resolved = resolver.resolve(frame, (), service, recurring=False)
    ask = tuple(word for word in resolved.ask if word not in KNOWN_OF_THE_VISIT)
    if "time" in frame.unsure or found.has("shift"):
        ask = (*ask, "time")
    if sense.corrected and "days" in frame.unsure:
        # "… Oh wait, on Saturday I play bridge.": which day it shall be was not said.
        ask = (*ask, "days")
    if sense.either:
        # "To Wednesday or Thursday, I don't mind": on which of them must be asked.
        ask = (*ask, "days")
    needs = [Need(service, schedule, preferences, ask) for schedule in resolved.schedules[:MOST_NEEDS]]
    return [need for need in needs if (need.schedule, preferences) != (Schedule(), Preferences())]


def _of_length(found: Found) -> bool:
    """Whether a visit shall last so long instead of so long."""
    return any(
        one.class_ == "instead" and other.class_ == "when" and "dur" in other.value
        for one, other in pairwise(found.items)
    )


def _hour_beside(said: When) -> When:
    """For "To (Friday) three o'clock", in Dutch perhaps three hours as well: of what is moved it is the hour."""
    if said.keys() == {"dur"} and said["dur"][0] == said["dur"][1] and not said["dur"][0] % 60:
        return {"times": [Clock(said["dur"][0])]}
    return dict(said)


def _take_over(frame: Frame, from_: Sequence[Item], found: Found, calendar: Calendar) -> None:
    """Fill in what the new schedule leaves unsaid and the old one says: the week, the day, whether always."""
    said = frame.said
    if "span" in said and found.has("move"):
        # "Move it from nine to ten" is no span.
        said["times"] = [said.pop("span")[1]]
    if "days" in said:
        week = next((item.value["period"] for item in from_ if "period" in item.value), None)
        if found.has("from_now_on", "thence", "whole") or any(item.value.get("every") for item in from_):
            said["every"] = True
        elif week and "period" not in said:
            said["period"] = week
        elif not said.get("every"):
            _in_week_of(frame, from_, calendar)
    elif not DAY_KEYS & said.keys() and ("period" not in said or "week" in said["period"]):
        _same_day(frame, from_)
        if "days" in said and found.has("from_now_on", "thence", "whole"):
            # "Saturday's walk for less long please, from now on from three till four".
            said["every"] = True


def _begin_with_period(frame: Frame, calendar: Calendar) -> None:
    """For "From next week my shower at nine": without days of its own it begins with the first day of that week."""
    if "from_period" not in frame.said or is_day(frame.said):
        return
    span = calendar.period(frame.said["from_period"])
    if span is not None:
        del frame.said["from_period"]
        frame.said["from"] = [{"rel": (span[0] - calendar.today).days}]


def _in_week_of(frame: Frame, from_: Sequence[Item], calendar: Calendar) -> None:
    """For "Next week Tuesday I can't, make it Wednesday": the Wednesday of that week."""
    for item in from_:
        for spoken in item.value.get("date", ()):
            day = calendar.day(spoken)
            if day is not None and {"week", "day", "plus"} & spoken.keys():
                days = [_weekday_beside(day, name) for name in frame.said["days"]]
                if min(days) < calendar.today:
                    # "Sunday the 1st to Monday", said on the Friday before: the next Monday, none that is past.
                    return
                del frame.said["days"]
                frame.said["date"] = [{"rel": (other - calendar.today).days} for other in days]
                return


def _weekday_beside(day: date, name: str) -> date:
    """The weekday in the week of a day."""
    return day + timedelta(days=WEEK.index(name) - day.weekday())


def _same_day(frame: Frame, from_: Sequence[Item]) -> None:
    """For "Tomorrow at ten does not suit me, can it be two?": the day stays."""
    for item in from_:
        if "date" in item.value:
            frame.said["date"] = item.value["date"]
        elif "days" in item.value:
            frame.said["days"] = item.value["days"]
            if item.value.get("every"):
                frame.said["every"] = True
