"""What is told of days that are left out: "except Sundays, on Sundays she eats with us" asks for nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, When, is_day, is_time
from nlu.grammar.meaning import Clause, clauses, sentence_bounds
from nlu.packs.pack import Pack

_OCCASIONS: tuple[dict[str, Any], ...] = ({"limit": True},)
"""What "for Mother's Day" is read as where the word may as well say until when."""
PART_OF_DAY = frozenset({"part", "partly", "adverb"})
_BESIDE_NOT = frozenset({"when", "not", "request", "join", "but", "visitword"})
_ASKS = ("request", "someone", "except", "not")


def explained(
    found: Found, pack: Pack, exceptions: Collection[tuple[int, When]], dropped: Collection[int]
) -> list[Clause]:
    """The clauses that only tell why days are left out."""
    out: set[str] = set()
    before = False
    row: list[Clause] = []
    for clause in clauses(found):
        whens = [item for item in clause.items if item.class_ == "when" and id(item) not in dropped]
        days = [item for item in whens if "days" in item.value]
        timed = any(item.class_ == "when" and CLOCK_KEYS & item.value.keys() for item in clause.items)
        # "Not on Tuesday or Friday, on Tuesday I'm at the club and on Friday at church".
        told = (clause.has("self", "person", "away") or (before and clause.joined)) and not timed
        before = told = told and not clause.has(*_ASKS)
        again = bool(days) and all(set(item.value["days"]) <= out for item in days)
        tells = again and (told or _only_tells(clause, whens, found, pack))
        if tells or (told and not days and _occasion(clause, whens, found, exceptions)):
            row.append(clause)
        out |= _left_out(clause, found, pack, exceptions)
    return row


def kept_again(found: Found, exceptions: Collection[tuple[int, When]]) -> Sequence[Item]:
    """For "Meals every day. Not on Christmas Day. Boxing Day as usual.": the days that stay beside those left out.

    Only where the message says besides how often something is wanted.
    """
    row = clauses(found)
    again = any(
        {"freq", "lasting", "per"} & item.value.keys() or item.value.get("every")
        for item in found.items
        if item.class_ == "when"
    )
    days: list[Item] = []
    for clause in row if again and exceptions else ():
        kinds = sorted(item.class_ for item in clause.items)
        behind = any(place < clause.start for place, _ in exceptions)
        if behind and kinds == ["kept", "when"]:
            days += [item for item in clause.items if item.class_ == "when" and not CLOCK_KEYS & item.value.keys()]
    return days


def settled_behind(found: Found, pack: Pack) -> Sequence[Item]:
    """For "except when I'm at my daughter's at the weekend, that is the even weeks": which of the days left out are.

    They are no days of the need; how the exception and they go together must be asked.
    """
    row = clauses(found)
    for before, clause in pairwise(row):
        words = [word.text for word in found.words[clause.start : clause.end] if word.text.isalpha()]
        says = len(words) > 1 and words[0] in pack.it_words and words[1] in pack.being
        whens = [item for item in clause.items if item.class_ == "when"]
        if says and before.has("except") and before.has("when") and whens and len(whens) == len(clause.items):
            return whens
    return ()


def part_before(marker: Item, found: Found, pack: Pack) -> Item | None:
    """For "The drops three times a day, at night not": the part of the day that stands before a "not" and is refused.

    Only where the clause says nothing else; or what one cannot then ("I can't in the morning, the afternoon, please"),
    where another time is named.
    """
    clause = next((part for part in clauses(found) if any(marker is item for item in part.items)), None)
    if marker.class_ != "not" or clause is None or {item.class_ for item in clause.items} - _BESIDE_NOT - {"self"}:
        return None
    whens = [item for item in clause.items if item.class_ == "when"]
    alone = len(whens) == 1 and "part" in whens[0].value and whens[0].first < marker.first
    if clause.has("self"):
        others = [item for item in found.items if item.class_ == "when" and item not in whens]
        alone = alone and not clause.has("request") and any(is_time(item.value) for item in others)
    else:
        # "Mornings are no good".
        alone = alone and all(word.text in pack.being for word in found.words[whens[0].last : marker.first])
    return whens[0] if alone and whens[0].value.keys() <= PART_OF_DAY else None


def _left_out(clause: Clause, found: Found, pack: Pack, exceptions: Collection[tuple[int, When]]) -> set[str]:
    """The weekdays that a clause leaves out."""
    out: set[str] = set()
    for item in clause.items:
        words = {word.text for word in found.words[item.first : item.last]}
        if item.class_ == "when" and "days" in item.value and pack.but_words & words:
            out |= set(WEEK) - set(item.value["days"])
    inside = [when for place, when in exceptions if clause.start <= place < clause.end]
    return out | {name for when in inside for name in when.get("days", ())}


def _only_tells(clause: Clause, whens: Sequence[Item], found: Found, pack: Pack) -> bool:
    """For "Not on Thursdays, Thursday is bridge": a day left out is named again with words that ask for nothing."""
    if clause.joined or clause.has(*_ASKS, "particle", "preference", "but", "correction", "better"):
        return False
    if any(is_time(item.value) or item.value.keys() - {"days", "every"} for item in whens):
        return False
    if clause.has("service"):
        # "Not on Mondays, Monday is bingo", but not "Monday is for the shopping".
        last = whens[-1].last if whens else 0
        things = [item for item in clause.items if item.class_ == "service"]
        return found.words[last].text in pack.being and all(item.first == last + 1 for item in things)
    covered = {at for item in clause.items for at in range(item.first, item.last)}
    idle = pack.light | pack.idle
    rest = [found.words[at].text for at in range(clause.start, clause.end) if at not in covered]
    return any(word.isalpha() and word not in idle for word in rest)


def _occasion(clause: Clause, whens: Sequence[Item], found: Found, exceptions: Collection[tuple[int, When]]) -> bool:
    """For "Not on the 9th of May, I'm being fetched for Mother's Day": what that day is, or what one does then."""
    start, _ = sentence_bounds(found, max(clause.items[0].first, clause.start))
    last = max((place for place, _ in exceptions if start <= place < clause.start), default=None)
    if last is None or clause.has("so", "but") or not clause.has("self", "person"):
        return False
    between = [item for item in found.items if last < item.first < clause.items[0].first]
    if any(item.class_ in ("when", "service", "someone", "request") and item.first != last for item in between):
        return False
    then = clause.items[0].class_ == "then"
    label = [item.value.get("label") or item.value in _OCCASIONS for item in whens]
    return all(label) and (then or bool(label))


def only_time(item: Item) -> bool:
    """Whether an item says a time of day and no day."""
    return item.class_ == "when" and is_time(item.value) and not is_day(item.value)


def other_days(refused: Item, follower: Item) -> bool:
    """For "Not every morning, Mondays and Fridays would do"."""
    rarer = follower.value.get("interval", 1) > 1 if follower.class_ == "when" else False
    return refused.value.get("freq") == "DAILY" and follower.class_ == "when" and (rarer or "days" in follower.value)
