"""Days that are said by pointing at one that was named before: "the week after", "the day before"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlu.grammar.day_functions import beside, days_in_week, week_after
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When, is_day
from nlu.packs.pack import Pack

SPANS = frozenset({"from", "from_period", "until", "lasting", "period"})
PAIR = 2
"""Of fewer days nobody says "on those days"."""
AFTER = 5
"""So many words before a date in brackets it is said of what comes after it."""
MOST_OF_A_MONTH = 5
"""So many of one weekday a month has at most."""
FEWEST_DATES = 2
"""So many dates behind the weekdays of a month say which of them are meant."""
BESIDE = 2
"""So many words, such as a comma or "namely", may stand between "two Sundays" and their dates."""


def point(items: Sequence[Item]) -> None:
    """Give every schedule phrase that points at the days named before it those days; one that cannot is no phrase."""
    _name_holidays(items)
    before: When = {}
    week: When = {}
    named: list[Item] = []
    alternating = False
    for item in items:
        if item.class_ != "when":
            continue
        alternating = _alternate(item, alternating)
        if item.value.get("date", [{}])[0].get("from_said"):
            _day_beside(item, before)
        _nth_likewise(item, before)
        _other_days(item, named)
        if "days" in item.value and "period" not in item.value:
            named.append(item)
        for key in ("period", "from_period"):
            if "week_after" in item.value.get(key, ()):
                item.value = {**item.value, key: week_after(week, item.value[key]["week_after"])}
        if "weekday_next" in item.value:
            item.value = _weekday_next(item.value, before)
        if "day_next" in item.value:
            item.value = _day_next(item.value["day_next"], before)
        if {"period", "date", "days", "nth"} & item.value.keys():
            before = item.value
            # "Next week on Tuesday, and from the week after …": the Tuesday is of next week.
            bare = not (week or item.value.get("every"))
            week = item.value if {"period", "date"} & item.value.keys() or bare else week


def _alternate(item: Item, alternating: bool) -> bool:
    """For "One week on Tuesday, the other on Thursday": both are every other week; tells whether one was named.

    Without such a first one "the other week" is the next.
    """
    if item.value.get("alternate"):
        item.value = {key: value for key, value in item.value.items() if key != "alternate"}
        return True
    days, next_week = item.value.get("other_week"), [{"week": 1}, {"week": 1, "unsure": True}]
    dates = item.value.get("date", ())
    if days is None and alternating and dates and all(one.keys() == {"weekday", "week"} for one in dates):
        days = [one["weekday"] for one in dates if one["week"] == 1]
    if days:
        other = {"freq": "WEEKLY", "interval": 2, "days": list(days)}
        item.value = other if alternating else days_in_week(days, 1)
    elif alternating and item.value.get("period") in next_week:
        item.value = {"freq": "WEEKLY", "interval": 2}
    return alternating


def _name_holidays(items: Sequence[Item]) -> None:
    """For "In half term (19 to 23 October)": the dates in the brackets say which days that is."""
    for item, follower in pairwise(items):
        holidays = item.class_ == "when" and item.value == {"period": {"unknown": True}}
        if holidays and follower.class_ == "when" and "period" in follower.value and follower.first == item.last + 1:
            item.value, follower.class_ = follower.value, "aside"


def begin_behind(found: Found, pack: Pack) -> None:
    """For "After my new hip (14 December) a wash every morning": it begins about then, which is no visit of its own."""
    again = any(item.class_ == "when" and {"freq", "every", "per"} & item.value.keys() for item in found.items)
    for item in found.items if again else ():
        bare = item.class_ == "when" and item.value.keys() == {"date"} and len(item.value["date"]) == 1
        near = {word.text for word in found.words[max(item.first - AFTER, 0) : item.first]}
        if bare and found.in_brackets(item.first) and pack.from_words & near:
            item.value = {"from": item.value["date"]}


def count_dates(found: Found) -> None:
    """For "Two Sundays, the 6th and the 13th of June": just so many dates say which Sundays those are."""
    plain = [item for item in found.items if item.class_ != "not"]
    for item, follower in pairwise(plain):
        if {item.class_, follower.class_} != {"when"} or found.boundary(item.last, follower.first) > 1:
            continue
        # "Twee zondagen overslaan, de 6e en de 13e": what leaves them out may stand between.
        refused = [one for one in found.items if one.class_ == "not" and item.last <= one.first < follower.first]
        apart = follower.first - item.last - sum(one.last - one.first for one in refused)
        counted = item.value.keys() <= {"count", "days", "every"} and item.value.get("count", 0) > 1
        dates = follower.value["date"] if follower.value.keys() == {"date"} else ()
        if counted and apart <= BESIDE and len(dates) == item.value["count"]:
            item.value, follower.class_ = follower.value, "aside"
    for item, month, follower in zip(plain, plain[1:], plain[2:], strict=False):
        if {item.class_, month.class_, follower.class_} == {"when"} and month.last + BESIDE >= follower.first:
            _dates_of_month(item, month, follower)


def _dates_of_month(item: Item, month: Item, follower: Item) -> None:
    """For "Those two Fridays in December, the 4th and 18th": the dates say which of the month they are."""
    named = month.value.get("period", {})
    dates = follower.value["date"] if follower.value.keys() == {"date"} else ()
    weekday = item.value.get("days", ())
    alone = item.value.keys() <= {"count", "days", "every"} and len(weekday) == 1 and item.last == month.first
    if not alone or named.keys() != {"month"} or month.value.keys() != {"period"} or len(dates) < FEWEST_DATES:
        return
    if item.value.get("count", len(dates)) == len(dates) and all(one.keys() == {"day"} for one in dates):
        item.value = {"date": [{**one, **named, "is": weekday[0]} for one in dates]}
        month.class_ = follower.class_ = "aside"


def _other_days(item: Item, named: Sequence[Item]) -> None:
    """For "Sundays only, my son does the rest of the week": the other days; those `named` before come back with them.

    Behind no day that comes back "the rest of the week" is what is left of this one.
    """
    if "week_rest" in item.value:
        item.value = {"rest": True} if any(other.value.get("every") for other in named) else {"period": {"week": 0}}
    for other in named if "rest" in item.value else ():
        other.value = {**other.value, "every": True}


def _nth_likewise(item: Item, before: When) -> None:
    """For "On the first Friday, and cleaning on the second and fourth": those are Fridays too, and no dates."""
    dates = item.value.get("date", ())
    names = {day for _, day in before.get("nth", ())}
    bare = item.value.keys() == {"date"} and all(
        said.keys() == {"day"} and said["day"] <= MOST_OF_A_MONTH for said in dates
    )
    if dates and bare and len(names) == 1:
        item.value = {"nth": [[said["day"], *names] for said in dates]}


def _day_beside(item: Item, before: When) -> None:
    """For "The day before": the one before the day that was named before."""
    days = item.value["date"][0]["from_said"]
    named = before.get("date", [])
    if len(before.get("days", ())) == 1 and not before.get("every"):
        # "Shopping on Friday and cleaning the day after".
        named = [{"weekday": before["days"][0]}]
    if len(named) == 1:
        item.value = {**item.value, "date": [beside(named[0], days)]}
    else:
        item.class_ = "aside"


def _weekday_next(said_next: When, before: When) -> When:
    """For "this Friday and the Friday after", "… and the one after": the one after the date that was named before.

    "From the Friday after" something begins then.
    """
    name, key = said_next["weekday_next"], "from" if said_next.get("begins") else "date"
    daily = before.get("freq") == "DAILY" or (before.get("every") and name in before.get("days", ()))
    if key == "date" and daily and name != "same":
        # "Each working day a wash, and on Monday afterwards to the club": after it, and not a week later.
        return {"days": [name], "every": True}
    said = before["date"][-1] if "date" in before else {"weekday": (before.get("days") or [name])[-1]}
    weekday = said.get("weekday") if name == "same" else name
    return {key: [{"weekday_after": weekday, "n": 1, "said": said}]} if weekday else {"vague": "days"}


def _day_next(days: int, before: When) -> When:
    """For "on 17 June … that day or the day after": both days."""
    said = before["date"][-1] if "date" in before else {"weekday": before["days"][-1]} if "days" in before else None
    return {"date": [said, beside(said, days)]} if said else {"vague": "days"}


def from_then(when: When) -> When | None:
    """What "from then on" says behind a phrase: from that day, or from where that ended."""
    if "date" in when:
        return {"from": when["date"][:1]}
    if "from" in when:
        return {"from": when["from"]}
    if "until" in when:
        return {"from": [beside(when["until"], int(when["inclusive"]))]}
    if "period" in when or "from_period" in when:
        # "In March I get a new knee": which day is not known.
        return {"from_period": when.get("period", when.get("from_period")), "unsure": "from"}
    if "days" in when and not when.get("every"):
        return {"from": [{"weekday": when["days"][0]}]}
    return None


def until_then(when: When) -> When | None:
    """What "until then" says behind a phrase: until that day, or until where that ended."""
    if "until" in when:
        return {"until": when["until"], "inclusive": when["inclusive"]}
    days = when.get("from") or when.get("date")
    return {"until": days[0], "inclusive": False} if days else None


def spans(told: Sequence[When]) -> list[When]:
    """Those of what was told that say from when or until when, which "in that period" points back to."""
    return [when for when in told if SPANS & when.keys()]


def those_days(told: Sequence[When], said: Sequence[When]) -> When | None:
    """For "Tuesday and Thursday are long. Somebody for a chat on those two days": those that were told last.

    None where days are `said` before, or not several were told.
    """
    last = told[-1] if told else {}
    if any(is_day(when) and "freq" not in when for when in said) or len(last.get("days", ())) < PAIR:
        return None
    weekly = last.get("every") or any(when.get("freq") == "WEEKLY" for when in said)
    return {"days": last["days"], **({"every": True} if weekly else {})}
