"""Which service a message leaves out or calls off, where it names several, or only points at one."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.found import Found, Item
from nlu.grammar.hearing import ROLES
from nlu.grammar.meaning import Clause, Sense, clauses
from nlu.packs.pack import Pack

_ONLY_NAMES = frozenset({"service", "so", "but", "join", "when", "request"})
"""A clause with nothing else names a service, of which is said behind "and" what becomes of it."""


def refused_service(found: Found, sense: Sense, pack: Pack) -> str | None:
    """The service that is left out or ended: of several the one of the clause that says so.

    "On Friday I must go to the cardiologist. The cleaner needn't come that Friday."
    """
    spared = {id(item) for item in _spared(found)}
    named = {key for item, value in sense.services for key in value if id(item) not in spared}
    if len(named) == 1:
        return only(named)
    if not named:
        return _told_service(found, sense, pack) if not spared else None
    refused = _refused(found)
    inside = [value for item, value in sense.services for clause in refused if item in _before_marker(clause)]
    return only({key for value in inside for key in value})


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


def _spared(found: Found) -> list[Item]:
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
    return bool(_spared(found)) or len(several) > 1


def _told_service(found: Found, sense: Sense, pack: Pack) -> str | None:
    """For "My daughter does the shopping this month, so that can stop": what is pointed at was told before."""
    refusing = [clause for clause in clauses(found) if clause.has("not", "stop") and not clause.has("someone")]
    spoken = {found.words[at].text for clause in refusing for at in range(clause.start, clause.end)}
    points = bool(spoken & pack.it_words) and not found.has("whole")
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
