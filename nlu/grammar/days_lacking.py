"""Days on which those who help otherwise do not come: "She cooks, but not on Sundays. Could someone cook then?"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When, is_day
from nlu.grammar.meaning import Clause, clauses
from nlu.packs.pack import Pack

_TELLS = ("person", "self", "doing", "history", "away")
_ASKS = ("request", "someone")
_LEAVES_OUT = ("except", "not")


def wanted_then(found: Found, pack: Pack) -> None:
    """Put the days that others leave out in the place of a "then" for which help is asked."""
    row = clauses(found)
    for at, clause in enumerate(row):
        then = next((item for item in clause.items if item.class_ in ("then", "those")), None)
        if then is None or not clause.has(*_ASKS) or clause.has("not", "except") or _days_of(clause):
            continue
        told = _told_before(row, at)
        days = _left_out(told, found, pack)
        if not days or not any(part.has(*_TELLS) for part in told):
            continue
        named = any(item.class_ == "service" for item in clause.items)
        for item in [item for part in told for item in part.items]:
            # What they do is needed where "someone for that" points back to it.
            if item.class_ in ("when", *_LEAVES_OUT) or (named and item.class_ in ("service", "particle")):
                item.class_ = "aside"
        then.class_, then.value = "when", days


def _told_before(row: Sequence[Clause], at: int) -> list[Clause]:
    """The clauses before one that asks, back to where a sentence before it begins; [] when one of them asks, too."""
    told: list[Clause] = []
    for clause in reversed(row[:at]):
        if clause.has(*_ASKS):
            return []
        told.insert(0, clause)
        if clause.hard and any(map(_leaves_out, told)):
            break
    return told


def _leaves_out(clause: Clause) -> bool:
    return bool(_days_of(clause))


def _days_of(clause: Clause) -> list[Item]:
    return [item for item in clause.items if item.class_ == "when" and is_day(item.value)]


def _left_out(told: Sequence[Clause], found: Found, pack: Pack) -> When:
    """The days that are left out of those that are told, with their part of the day; {} when they are not known."""
    whens = [item for part in told for item in _days_of(part)]
    rule = whens[0] if whens else None
    if rule is None or not (rule.value.get("every") or rule.value.get("freq") == "DAILY"):
        return {}
    part = {"part": rule.value["part"]} if "part" in rule.value else {}
    words = {word.text for word in found.words[rule.first : rule.last]}
    if len(whens) == 1 and "days" in rule.value and pack.but_words & words:
        return {"days": [day for day in WEEK if day not in rule.value["days"]], "every": True, **part}
    if len(whens) != 2:
        return {}
    gone = whens[1]
    before = next((item for clause in told for item in clause.items[::-1] if item.last == gone.first), None)
    if before is None or before.class_ not in _LEAVES_OUT or gone.value.keys() - {"days", "date", "every", "weekend"}:
        return {}
    return {**gone.value, **({"every": True} if "days" in gone.value else {}), **part}


def nobody_then(clause: Clause, found: Found) -> bool:
    """Whether nobody is there then, so that somebody is wanted: "Monday evenings no one is there, so company"."""
    row = clauses(found)
    place = row.index(clause)
    follower = row[place + 1] if place + 1 < len(row) else None
    if follower is None or not follower.has("so") or clause.has("service", "request"):
        return False
    gone = [item.value.get("days") for item in clause.items if item.class_ == "when"]
    days = any(item.value.get("days") not in gone for item in _days_of(follower))
    return follower.has("service", "someone") and not follower.has("not") and not days


def named_again(clause: Clause, found: Found) -> list[Item]:
    """For "Saturdays there's nobody, so could somebody cook on Saturdays": they count once, where they are asked."""
    row = clauses(found)
    days = [item.value.get("days") for item in _days_of(row[row.index(clause) + 1])]
    return [item for item in _days_of(clause) if "days" in item.value and item.value["days"] in days]
