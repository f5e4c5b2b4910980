"""Which visits a message is about when it leaves out, ends or moves some; and to when they are moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from care.needs import Need, Preferences
from nlu.grammar.dates import Calendar, add_units
from nlu.grammar.frames import CLOCK_KEYS, Frame, When, is_day, is_time
from nlu.grammar.functions import WEEK
from nlu.grammar.items import Found, Item
from nlu.grammar.resolve import Resolver
from nlu.grammar.sense import Sense, clauses
from nlu.packs import Pack
from nlu.reading import Target


@dataclass
class Change:
    """The target of a message, the new schedule, and what must be asked."""

    target: Target = field(default_factory=Target)
    moved: Target = field(default_factory=Target)
    needs: list[Need] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)


def read_target(found: Found, sense: Sense, pack: Pack, now: datetime) -> Change:
    """The target as if the message left out or ended visits, and as if it moved them."""
    change = Change()
    calendar = Calendar(now.date())
    service = _service(sense)
    whens = [item for item, _ in sorted(sense.whens, key=lambda pair: pair[0].first)]
    whens = [item for item in whens if not _kept(found, item)]
    days = [item for item in whens if is_day(item.value) or {"from", "from_period", "until", "lasting"} & item.value.keys()]
    change.target = _target(days, service, found, calendar)
    if found.has("move", "moveto", "instead", "shift", "not", "except", "same", "correction") or len(days) > 1 or whens:
        from_, to = _roles(found, whens, sense)
        change.needs = _new_schedule(to, from_, found, sense, pack, now, service)
        change.moved = _target([item for item in from_ if is_day(item.value)], service, found, calendar, moving=True)
    else:
        change.moved = change.target
    change.ask = _ask(change, found)
    return change


def _kept(found: Found, item: Item) -> bool:
    """Whether a phrase says which visits stay as they are ("the week after as usual")."""
    for clause in clauses(found):
        if item in clause.items:
            return clause.has("kept") and not clause.has("not", "except", "stop")
    return False


def _ask(change: Change, found: Found) -> list[str]:
    """What must be asked before visits are changed."""
    ask = []
    moved = change.moved
    nothing = moved.service is None and not moved.dates and moved.from_ is None
    if nothing and not change.needs:
        ask.append("visit")
    if change.moved.scope is None:
        ask.append("scope")
    if not change.needs and found.has("shift"):
        ask.append("time")
    return ask


def _service(sense: Sense) -> str | None:
    keys = [key for _, value in sense.services for key in value]
    return keys[0] if keys and len(set(keys)) == 1 else None


def _target(days: Sequence[Item], service: str | None, found: Found, calendar: Calendar, moving: bool = False) -> Target:
    """The target that the days name."""
    dates: list[date] = []
    from_: date | None = None
    until: date | None = None
    series = found.has("from_now_on", "stop")
    bare = False
    week: When | None = None
    for item in days:
        value = item.value
        if "period" in value:
            if any("days" in other.value for other in days):
                week = value["period"]
                continue
            span = calendar.period(value["period"])
            if span:
                from_, until = span
        elif "date" in value:
            dates += [day for said in value["date"] for day in calendar.dates(said)]
        elif "days" in value:
            if value.get("every") and not value.get("weekend"):
                series = True
            else:
                bare = True
                dates += _weekday_dates(value, calendar, week or _week_of(days))
        elif value.get("freq") or value.get("parity") or value.get("nth"):
            series = True
        if "from" in value and "date" not in value:
            from_ = calendar.date(value["from"][0]) or from_
        if "from_period" in value:
            span = calendar.period(value["from_period"])
            from_ = span[0] if span else from_
        if "lasting" in value:
            start = from_ or calendar.today
            from_, until = start, add_units(start, value["lasting"]["n"], value["lasting"]["unit"]) - timedelta(days=1)
        if "until" in value:
            until = calendar.until(value["until"], value["inclusive"], from_ or calendar.today)
            from_ = from_ or calendar.today
        if "lasting" in value and dates:
            from_ = dates.pop()
            until = add_units(from_, value["lasting"]["n"], value["lasting"]["unit"]) - timedelta(days=1)
    dates = sorted(dict.fromkeys(dates))
    scope = _scope(dates, from_, until, series, bare, found, moving)
    if scope == "series" and not moving and bare and found.has("stop") and not found.has("from_now_on"):
        scope = "series"
    if scope == "series":
        dates = []
    return Target(service, tuple(dates), from_, until, scope)


def _week_of(days: Sequence[Item]) -> When | None:
    return next((item.value["period"] for item in days if "period" in item.value), None)


def _weekday_dates(value: When, calendar: Calendar, week: When | None) -> list[date]:
    span = calendar.period(week) if week else None
    return [
        day
        for name in value["days"]
        if (day := calendar.date({"weekday": name}, span[0] if span else None)) is not None
    ]  # fmt: skip


def _scope(
    dates: list[date], from_: date | None, until: date | None, series: bool, bare: bool, found: Found, moving: bool
) -> str | None:
    if found.has("this_time_only") and not found.has("from_now_on"):
        return "period" if from_ and until and not dates else "once"
    if from_ is not None and until is not None and not dates and not moving:
        return "period"
    if series:
        return "series"
    if from_ is not None and not dates:
        return "period" if until is not None else "series" if found.has("not") else None
    if dates:
        return None if moving and bare else "once"
    return None


# --- from when to when


def _roles(found: Found, whens: list[Item], sense: Sense) -> tuple[list[Item], list[Item]]:
    """Which phrases say when the visit was, and which when it shall be."""
    roles: dict[int, str] = {}
    negated = {id(item) for item, role in sense.whens if role == "not"}
    for clause in clauses(found):
        for item in clause.items:
            refused = clause.has("not") and any(other not in clause.items for other in whens)
            if item in whens and (id(item) in negated or refused):
                roles[id(item)] = "from"
    _by_markers(found, whens, roles)
    for before, item in zip(whens, whens[1:], strict=False):
        if item.first == before.last and id(before) in roles and not is_day(item.value):
            roles.setdefault(id(item), roles[id(before)])
    to = [item for item in whens if roles.get(id(item)) == "to"]
    open_ = [item for item in whens if id(item) not in roles]
    day_items = [item for item in open_ if {"days", "date", "period"} & item.value.keys()]
    marked_from = any(role == "from" for role in roles.values())
    if not marked_from and not any(is_day(item.value) for item in to) and len(day_items) > 1:
        # "The Tuesday visit, Wednesday": the first is when it was.
        roles[id(day_items[0])] = "from"
    for item in open_:
        if id(item) in roles:
            continue
        day_known = any(is_day(other.value) for other in to)
        single = len(day_items) == 1 and is_day(item.value) and not marked_from
        timed = any(is_time(other.value) for other in whens if other is not item and roles.get(id(other)) != "from")
        if is_day(item.value) and (day_known or (single and timed and CLOCK_KEYS & _all_keys(whens))):
            roles[id(item)] = "from" if not item.value.keys() & CLOCK_KEYS else "to"
        else:
            roles[id(item)] = "to"
    return (
        [item for item in whens if roles.get(id(item)) == "from"],
        [item for item in whens if roles.get(id(item)) == "to"],
    )


def _all_keys(whens: list[Item]) -> set[str]:
    return {key for item in whens for key in item.value}


def _by_markers(found: Found, whens: list[Item], roles: dict[int, str]) -> None:
    """Roles by the word before a phrase: "to Wednesday", "instead of Tuesday", "my Tuesday visit"."""
    ids = {id(item) for item in whens}
    marker: str | None = None
    last = 0
    contrast = found.has("isaid") and found.has("but")
    for item in found.items:
        if id(item) in ids and item.value.get("to"):
            roles[id(item)] = "to"
        if item.class_ == "isaid" and contrast:
            marker = "from"
        elif item.class_ == "but" and contrast:
            marker = "to"
        elif item.class_ == "moveto":
            marker = "to"
        elif item.class_ == "instead" or (item.class_ == "then" and found.has("soft", "move")):
            marker = "from"
        elif item.class_ == "mine":
            marker = "from"
        elif id(item) in ids:
            if marker and item.first - last <= 4 and id(item) not in roles:
                roles[id(item)] = marker
            if marker == "from":
                marker = None
        elif item.class_ in ("service", "visitword") and marker == "from":
            marker = None
        last = item.last


def _new_schedule(
    to: list[Item], from_: list[Item], found: Found, sense: Sense, pack: Pack, now: datetime, service: str | None
) -> list[Need]:
    """The needs that say when the visit shall be."""
    frame = Frame()
    for item in to:
        if not frame.add(dict(item.value), close=True, direct=False):
            break
    preferences = Preferences(**sense.preferences)
    if not frame.said and preferences == Preferences():
        return []
    week = _week_of(from_)
    if week and "days" in frame.said and "period" not in frame.said:
        frame.said["period"] = week
    elif from_ and "days" in frame.said and not frame.said.get("every"):
        _after_week_of(frame, from_, now)
    if found.has("from_now_on") and "days" in frame.said:
        frame.said["every"] = True
    elif any(item.value.get("every") for item in from_) and "days" in frame.said:
        frame.said["every"] = True
    elif len(frame.said.get("days", ())) > 1 and not frame.said.get("every"):
        frame.said["days"] = list(frame.said["days"])
    if "span" in frame.said and found.has("move"):
        frame.said["times"] = [frame.said.pop("span")[1]]
    if not is_day(frame.said):
        _same_day(frame, from_)
    resolved = Resolver(now, pack.daily).resolve(frame, (), service, recurring=False)
    vague = "time" in frame.unsure or found.has("shift")
    ask = tuple(word for word in resolved.ask if word not in ("days", "service", "phase", "time", "scope"))
    return [
        Need(service, schedule, preferences, (*ask, "time") if vague else ask) for schedule in resolved.schedules[:4]
    ]


def _after_week_of(frame: Frame, from_: list[Item], now: datetime) -> None:
    """ "Next week Tuesday I can't, make it Wednesday": the Wednesday of that week."""
    for item in from_:
        for said in item.value.get("date", ()):
            day = Calendar(now.date()).date(said)
            if day is not None and ("week" in said or "day" in said):
                monday = day - timedelta(days=day.weekday())
                names = frame.said.pop("days")
                frame.said["date"] = [{"rel": (_in_week(monday, name) - now.date()).days} for name in names]
                return


def _same_day(frame: Frame, from_: list[Item]) -> None:
    """ "Tomorrow at ten does not suit me, can it be two?": the day stays."""
    for item in from_:
        if "date" in item.value:
            frame.said["date"] = item.value["date"]
        elif "days" in item.value:
            frame.said["days"] = item.value["days"]
            if item.value.get("every"):
                frame.said["every"] = True


def _in_week(monday: date, name: str) -> date:
    return monday + timedelta(days=WEEK.index(name))
