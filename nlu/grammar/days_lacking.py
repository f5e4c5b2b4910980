"""Days on which those who help otherwise do not come: "She cooks, but not on Sundays. Could someone cook then?"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When, is_day
from nlu.grammar.meaning import Clause, clauses, sentence_bounds
from nlu.packs.pack import Pack

_TELLS = ("person", "self", "doing", "history", "away")
_ASKS = ("request", "someone")
_SUBJECTS = ("person", "self")
FEWEST_TOLD = 2
"""In one clause it is told what they do, in another when they cannot."""
_LEAVES_OUT = ("except", "not")


def wanted_then(found: Found, pack: Pack) -> None:
    """Put the days that others leave out in the place of a "then" for which help is asked."""
    row = clauses(found)
    for at, clause in enumerate(row):
        then = next((item for item in clause.items if item.class_ in ("then", "those")), None)
        if then is None or not clause.has(*_ASKS) or clause.has("not", "except") or _days_of(clause):
            continue
        told = _told_before(row, at)
        days = _left_out(told, found, pack) or _unable(told, found, clause)
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


def _unable(told: Sequence[Clause], found: Found, asking: Clause) -> When:
    """The day on which somebody cannot do what they do on others: "She cleans on Mondays, but can't on Saturday".

    Only where help is asked for then every week; {} otherwise.
    """
    start, end = sentence_bounds(found, asking.start + 1)
    again = [item for item in found.items if item.class_ == "when" and start <= item.first < end]
    named = [clause for clause in told if _days_of(clause)]
    gone = named[-1].items if len(named) == FEWEST_TOLD and named[-1].has("not") else []
    days = [item for item in gone if item.class_ == "when"]
    if len(days) != 1 or days[0].value.keys() != {"days"} or [item.value for item in again] != [{"freq": "WEEKLY"}]:
        return {}
    return {**days[0].value, "every": True}


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


def unable_then(clause: Clause, found: Found, pack: Pack) -> bool:
    """For "At the weekend I can't get my stockings on. Saturday and Sunday at nine, so": just then it is asked."""
    row = clauses(found)
    words = {word.text for word in found.words[clause.start : clause.end]}
    can_not = bool(words & pack.unable) and clause.has("self") and clause.has("service", "particle")
    behind = [part for part in row[row.index(clause) + 1 :] if not part.has("not", "except", "reason")]
    days = any(item.class_ == "when" and "days" in item.value for part in behind for item in part.items)
    return can_not and days and any(part.hard and part.has("when") for part in behind)


def of_who_waits(marker: Item, clause: Clause) -> bool:
    """For "Somebody to ring on Thursdays in case I've not got up": the "not" is said of oneself, behind the day."""
    somebody = next((item.last for item in clause.items if item.class_ == "someone"), None)
    oneself = any(item.class_ == "self" and item.last == marker.first for item in clause.items)
    days = [item for item in clause.items if item.class_ == "when" and is_day(item.value)]
    wanted = somebody is not None and any(somebody <= item.first < marker.first for item in days)
    return wanted and oneself and not any(item.first > marker.first for item in days)


def tells_why(marker: Item, clause: Clause) -> bool:
    """For "A shower Monday to Friday my wife can't do it any more": said in one breath, the "not" tells why.

    So where days that come back are the only ones, behind a service; "every day a shower Mondays I can't" leaves out.
    """
    subject = next(
        (item for item in clause.items if item.class_ in _SUBJECTS and 0 <= marker.first - item.last <= 1), None
    )
    days = _days_of(clause)
    if subject is None or len(days) != 1 or not days[0].value.get("every") or days[0].last > subject.first:
        return False
    return any(item.class_ == "service" and item.first < days[0].first for item in clause.items)


def wanted_again(day: Item, clause: Clause, found: Found) -> bool:
    """For "At the weekend she has nobody. Saturday and Sunday at nine a wash": just then help is wanted."""
    items = found.items
    if any(item.class_ in ("service", "particle") and item.first < clause.end for item in items):
        return False
    days = set(day.value.get("days", ()))
    again = [
        item
        for item in items
        if item.class_ == "when" and item.first >= clause.end and days and days <= set(item.value.get("days", ()))
    ]
    for item in again:
        start, end = sentence_bounds(found, item.first)
        inside = [other for other in items if start <= other.first < end]
        plain = not any(other.class_ in ("not", "except") for other in inside)
        if start >= clause.end and plain and any(other.class_ == "service" for other in inside):
            return True
    return False
