"""What is told to be so already, or seen to by others, beside what is asked for: "the nurse comes at eight"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import is_day
from nlu.grammar.hearing import ROLES
from nlu.grammar.meaning import Clause, clauses
from nlu.grammar.telling import asks, dated, has_need, says_day
from nlu.packs.pack import Pack

FEWEST = 2
"""Who comes, and that they come."""

_THINGS = frozenset({"service", "particle", "join"})


def is_had(
    clause: Clause, sentence: Sequence[Clause], sentences: Sequence[Sequence[Clause]], found: Found, pack: Pack
) -> bool:
    """Whether a clause tells what help there is already."""
    row = [part for other in sentences for part in other]
    return (
        comes_first(clause, sentence, found, pack)
        or given(clause, row, found, pack)
        or had_then(clause, sentence, sentences, found, pack)
    )


def is_so(clause: Clause, sentences: Sequence[Sequence[Clause]], found: Found, pack: Pack) -> bool:
    """Whether a clause tells how it is: of a day, of a thing, or of when one does something oneself."""
    row = [part for other in sentences for part in other]
    return (
        own_hours(clause, row, found, pack)
        or day_of_theirs(clause, row, found, pack)
        or as_it_is(clause, sentences, found, pack)
    )


def comes_first(clause: Clause, sentence: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "The nurse comes at eight for the jab and after that I'd like help dressing": she comes already."""
    if len(clause.items) < FEWEST or asks(clause) or clause.has("not", "except"):
        return False
    who, verb = clause.items[:2]
    role = who.class_ == "service" and set(who.value) <= ROLES and verb.class_ == "doing" and verb.first == who.last
    if not role or found.words[verb.first].text not in pack.comes:
        return False
    behind = next((part for part in sentence if part.start >= clause.end), None)
    goes_on = behind is not None and behind.items and behind.items[0].class_ in ("andthen", "but")
    return bool(goes_on) and any(asks(part) and part.has("service") for part in sentence if part.start >= clause.end)


def given(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "Mother gets her tablets from the home care in the morning": so it is already, where something is asked."""
    words = {word.text for word in found.words[clause.start : clause.end]}
    by = any(item.class_ == "preference" and "helper_kind" in item.value for item in clause.items)
    asked = any(asks(part) for part in row if part is not clause)
    return by and bool(words & pack.gets) and clause.has("service") and not asks(clause) and asked


def had_then(
    clause: Clause, sentence: Sequence[Clause], sentences: Sequence[Sequence[Clause]], found: Found, pack: Pack
) -> bool:
    """For "Mother has the home care on weekdays for the washing. Could you come on Saturday?": that she has already.

    Only where a later sentence asks for somebody, and names days.
    """
    words = {word.text for word in found.words[clause.start : clause.end]}
    days = any(item.class_ == "when" and (is_day(item.value) or "per" in item.value) for item in clause.items)
    had = bool(words & pack.gets) and days and clause.has("service")
    if not had or clause.has("not", "except", "absent") or any(map(asks, sentence)):
        return False
    later = [other for other in sentences if other[0].start > clause.start]
    return any(any(map(asks, other)) and (says_day(other) or other[0].has("then")) for other in later)


def done_themselves(sentence: Sequence[Clause], found: Found, pack: Pack) -> Sequence[Clause]:
    """For "On Tuesdays she goes to her card club, she sees to that herself": what is told before asks for nothing."""
    for place, clause in enumerate(sentence[1:], 1):
        words = [word.text for word in found.words[clause.start : clause.end] if word.text.isalpha()]
        it = bool(set(words[:2]) & pack.it_words) and bool(pack.oneself & set(words))
        tells = clause.has("self", "person", "away") and not clause.has("not", "service", "when")
        if it and tells and not any(map(asks, sentence[: place + 1])):
            return sentence[:place]
    return []


def own_hours(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "I begin at half past seven. Could somebody come every morning?": at that hour one does something oneself.

    Only where a later sentence asks for somebody and says both on which days and when on the day.
    """
    whens = [item.value for item in clause.items if item.class_ == "when"]
    hours = bool(whens) and all(when.keys() == {"times"} for when in whens)
    if (
        not hours
        or not clause.items
        or clause.items[0].class_ != "self"
        or not pack.us & _spoken(clause.items[0], found)
    ):
        return False
    if {item.class_ for item in clause.items} - {"self", "when", "not", "particle"}:
        return False
    covered = {at for item in clause.items for at in range(item.first, item.last)}
    told = clause.items[0].last not in covered and clause.items[0].last < clause.end
    stop = next((part.start for part in row if part.start >= clause.end and part.hard), None)
    behind = [part for part in row if stop is not None and part.start >= stop]
    return told and any(part.has("someone") and dated([part]) for part in behind)


def _spoken(item: Item, found: Found) -> set[str]:
    """The words of an item."""
    return {word.text for word in found.words[item.first : item.last]}


def as_it_is(clause: Clause, sentences: Sequence[Sequence[Clause]], found: Found, pack: Pack) -> bool:
    """For "They bring our meals, the garden is paved. Just the windows, on Fridays": how it is with a thing."""
    if [item.class_ for item in clause.items] != ["service"]:
        return False
    thing = clause.items[0]
    if not _being(thing, clause, found, pack):
        return False
    beside = next((sentence for sentence in sentences if clause in sentence), [])
    if not any(part.has("away", "doing", "history") for part in beside if part is not clause):
        return False
    own = set(thing.value)
    others = [sentence for sentence in sentences if clause not in sentence and has_need(list(sentence))]
    named = [one for sentence in others for part in sentence for one in part.items if one.class_ == "service"]
    return bool(named) and not any(own & set(one.value) for one in named)


def day_of_theirs(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "Monday is bingo. Could somebody come on Tuesdays?": what there is on a day, where another is asked for."""
    kinds = [item.class_ for item in clause.items]
    if kinds not in (["when"], ["when", "service"]) or not clause.hard:
        return False
    day, last = clause.items[0], clause.items[-1]
    if "days" not in day.value or found.boundary(last.last, clause.end) or not _being(day, clause, found, pack):
        return False
    if last is not day and last.first - day.last > FEWEST:
        # "Donderdag is het kaarten.", where "is" and an article may stand before it.
        return False
    later = [part for part in row if part.start >= clause.end]
    return any(asks(part) and part.has("service") for part in later) and says_day(later)


def _being(item: Item, clause: Clause, found: Found, pack: Pack) -> bool:
    """Whether "is" stands directly behind an item, and then a word that means something else."""
    if item.last >= clause.end or found.words[item.last].text not in pack.being:
        return False
    rest = [word.text for word in found.words[item.last + 1 : clause.end] if word.text.isalpha()]
    return any(word not in pack.light | pack.idle for word in rest)


def done_otherwise(place: int, keys: set[str], found: Found) -> set[int]:
    """For "I need no help with the shopping, Tesco does that": what only tells who does it, in the clause behind.

    The ids of the items in it; none where it asks for something, or says when.
    """
    follower = next((clause for clause in clauses(found) if clause.start == place), None)
    if follower is None or not follower.has("doing") or follower.has("request", "someone", "when"):
        return set()
    return {
        id(item)
        for item in follower.items
        if item.class_ == "particle" or (item.class_ == "service" and set(item.value) <= keys)
    }


def needless(marker: Item, found: Found, pack: Pack) -> list[Item]:
    """The services of a clause that only says that they are not needed, where another one is named with days."""
    row = clauses(found)
    place = next((at for at, clause in enumerate(row) if any(marker is item for item in clause.items)), None)
    if place is None or not _spoken(marker, found) & pack.need_words:
        return []
    own = [row[place]]
    while own[0].joined and place and {item.class_ for item in row[place - 1].items} <= _THINGS:
        place -= 1
        own.insert(0, row[place])
    inside = [item for clause in own for item in clause.items]
    refused = [item for item in inside if item.class_ in ("service", "particle") and item.first < marker.first]
    if not refused or {item.class_ for item in inside} - _THINGS - {"not", "but", "so"}:
        return []
    keys = {key for item in refused for key in (item.value if item.class_ == "service" else [item.value["service"]])}
    others = [item for clause in row if clause not in own for item in clause.items]
    named = any(item.class_ == "service" and not keys & set(item.value) for item in others)
    days = any(item.class_ == "when" and (is_day(item.value) or "per" in item.value) for item in others)
    return refused if named and days else []
