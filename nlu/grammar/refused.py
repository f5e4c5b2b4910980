"""Which service a message leaves out or calls off, where it names several, or only points at one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlu.grammar.clocks import EVENING_SERVICES
from nlu.grammar.found import Found, Item
from nlu.grammar.hearing import FEWEST_LETTERS, ROLES
from nlu.grammar.meaning import Clause, Sense, clauses
from nlu.packs.pack import Pack

LATE_PARTS = frozenset({"evening", "bedtime", "night"})
_ONLY_NAMES = frozenset({"service", "so", "but", "join", "when", "request"})
"""A clause with nothing else names a service, of which is said behind "and" what becomes of it."""


def refused_service(found: Found, sense: Sense, pack: Pack) -> str | None:
    """The service that is left out or ended: of several the one of the clause that says so.

    "On Friday I must go to the cardiologist. The cleaner needn't come that Friday."
    """
    stays = {id(item) for item in spared(found)}
    stays |= _told_behind(found, pack)
    named = {key for item, value in sense.services for key in value if id(item) not in stays}
    if named <= ROLES:
        # "The nurse needn't come for the dressing": what she does not come for is what is left out.
        beside = [item for clause in _refused(found) for item in clause.items if item.class_ == "service"]
        named |= {key for item in beside for key in item.value if named and id(item) not in stays}
    named = named - ROLES or named
    if len(_each_refused(found)) > 1:
        return None
    so = _following(found)
    if so:
        return only({key for clause in so for item in _before_marker(clause) for key in item.value})
    if len(named) == 1:
        return _as_directed(named.pop(), found, pack)
    if not named:
        return _told_service(found, sense, pack) if not stays else None
    refused = _refused(found)
    inside = [value for item, value in sense.services for clause in refused if item in _before_marker(clause)]
    return only({key for value in inside for key in value})


def _each_refused(found: Found) -> set[str]:
    """The services of "no meals and no shower", each with a "not" of its own."""
    row = [clause for clause in _refused(found) if clause.has("not")]
    each = [item for clause in row for item in _before_marker(clause) if not clause.has("stop")]
    keys = {key for item in each for key in item.value} - ROLES
    return keys if len(row) > 1 else set()


def unread_thing(days: Sequence[Item], found: Found, pack: Pack) -> bool:
    """Whether a day that is left out is that of something not understood ("the billiards of Friday").

    Then it is not all help of that day that is left out.
    """
    covered = {at for item in found.items for at in range(item.first, item.last)}
    for item in days:
        place = item.first - 1
        place -= place >= 0 and found.words[place].text in pack.for_whom
        if place < 1 or place in covered or found.words[place - 1].text not in pack.light:
            continue
        word = found.words[place].text
        if word.isalpha() and len(word) >= FEWEST_LETTERS and word not in pack.light | pack.idle:
            return True
    return False


def _told_behind(found: Found, pack: Pack) -> set[int]:
    """For "Cancel Wednesday's help, I must go to the hospital": where one has to be is not what is called off.

    The ids of the services in it.
    """
    row = clauses(found)
    first = next((at for at, clause in enumerate(row) if clause.has("not", "stop") and clause.has("when")), len(row))
    told: set[int] = set()
    for clause in row[first + 1 :]:
        asked = [item for item in clause.items if item.class_ == "request"]
        spoken = {" ".join(word.text for word in found.words[item.first : item.last]) for item in asked}
        duty = bool(asked) and spoken <= pack.duties and clause.has("self")
        if duty and not clause.has("not", "stop", "someone", "kept"):
            told |= {id(item) for item in clause.items if item.class_ == "service"}
    return told


def _following(found: Found) -> list[Clause]:
    """For "The physio has called off Thursday, so I need no lift then": what follows from it is what is left out."""
    row = clauses(found)
    later = [clause for at, clause in enumerate(row) if at and clause.items and clause.items[0].class_ == "so"]
    named = any(clause.has("service") for clause in row if later and clause.start < later[0].start)
    if not named or not later:
        return []
    return [clause for clause in _refused(found) if clause.start >= later[0].start]


def _as_directed(service: str, found: Found, pack: Pack) -> str:
    """For "The stockings needn't come off on Sunday": which of a family is meant, by its particle or the evening."""
    family = next((name for name, nouns in pack.particle_nouns.items() if service in nouns), None)
    if family is None:
        return service
    said = [item.value for item in found.items if item.class_ == "particle"]
    meant = only({value["service"] for value in said if value["family"] == family})
    whens = [item.value for item in found.items if item.class_ == "when"]
    parts = {value["part"] for value in whens if "part" in value}
    late = EVENING_SERVICES & pack.particle_nouns[family]
    if meant is None and parts and parts <= LATE_PARTS and len(late) == 1:
        return next(iter(late))
    return meant or service


def _only_service(clause: Clause) -> bool:
    return clause.has("service") and all(item.class_ in ("join", "service") for item in clause.items)


def _names(clause: Clause) -> bool:
    """Whether a clause names a service, and says nothing of what becomes of it."""
    return clause.has("service") and {item.class_ for item in clause.items} <= _ONLY_NAMES


def _before_marker(clause: Clause) -> list[Item]:
    """The services of a clause that is left out: behind the "cancel" only where none stands before it.

    "I must cancel the cleaning" and "the cleaning I must cancel because of my stay in hospital".
    """
    marker = next((item.first for item in clause.items if item.class_ in ("not", "stop")), 0)
    named = [item for item in clause.items if item.class_ == "service"]
    return [item for item in named if item.first < marker] or named


def _refused(found: Found) -> list[Clause]:
    """The clauses that leave out a service, with those before that name another: "the cleaning and the garden not"."""
    row = clauses(found)
    refused: list[Clause] = []
    for place, clause in enumerate(row):
        if not (clause.has("not", "stop") and clause.has("service")):
            continue
        refused.append(clause)
        before, behind = place, place
        while before and row[before].joined and _names(row[before - 1]):
            before -= 1
            refused.append(row[before])
        while behind + 1 < len(row) and row[behind + 1].joined and _only_service(row[behind + 1]):
            # "Stop the cleaning and the shopping".
            behind += 1
            refused.append(row[behind])
    return refused


def spared(found: Found) -> list[Item]:
    """For "Cancel everything but the tablets", "but keep the tablets": the services that stay."""
    staying = [item for clause in clauses(found) if clause.has("kept") for item in clause.items]
    return [item for item in staying if item.class_ == "service"] + [
        item
        for except_, item in pairwise(found.items)
        if except_.class_ == "except" and item.class_ == "service" and not found.boundary(except_.last, item.first)
    ]


def only_some(found: Found, sense: Sense) -> bool:
    """Whether several services are left out and not all ("the cleaning and the garden not"), or all but one."""
    refused = [item for clause in _refused(found) for item in _before_marker(clause)]
    several = {key for item, value in sense.services for key in value if any(item is one for one in refused)} - ROLES
    several |= _each_refused(found)
    return bool(spared(found)) or len(several) > 1


def _told_service(found: Found, sense: Sense, pack: Pack) -> str | None:
    """For "My daughter does the shopping this month, so that can stop": what is pointed at was told before."""
    refusing = [clause for clause in clauses(found) if clause.has("not", "stop") and not clause.has("someone")]
    spoken = {found.words[at].text for clause in refusing for at in range(clause.start, clause.end)}
    points = (bool(spoken & pack.it_words) or not refusing) and not found.has("whole")
    return only({key for _, value in [*sense.done, *sense.mentioned] for key in value}) if points else None


def called_off(found: Found, pack: Pack) -> bool:
    """Whether what was named before is called off ("I have the pedicure on Thursday and that I want to cancel")."""
    for clause in clauses(found):
        if not clause.has("request", "self") or clause.has("history", "someone", "when", "service"):
            continue
        spoken = {word.text for word in found.words[clause.start : clause.end]}
        ends = [item for item in clause.items if item.class_ in ("not", "stop")]
        said = {word.text for item in ends for word in found.words[item.first : item.last]}
        if said & pack.calls_off and spoken & pack.it_words:
            return True
    return False


def only(keys: set[str]) -> str | None:
    """The one of these, None when there are none or several."""
    return keys.pop() if len(keys) == 1 else None
