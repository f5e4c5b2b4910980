"""What makes a reading doubtful, so that it is asked instead of believed.

The limits were set on messages written by people who did not know the program: of those that these signs pick out
about half were misread, of all others one in ten.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from nlu.grammar.attach import FULL_STOP, Cut, Piece, sentences
from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found
from nlu.grammar.frames import CLOCK_KEYS, is_daily, is_day, is_time, kin
from nlu.grammar.hearing import FAMILY, FEWEST_LETTERS, Hearing
from nlu.grammar.meaning import Sense, clauses
from nlu.grammar.roles import stands_now
from nlu.grammar.whole import LIMIT_KEYS

NEARLY = 1.0
"""Two ways of cutting a message into needs whose prices lie no further apart are nearly as good."""
TOLD = 2
"""So many schedule phrases that were taken for mere telling may well be of what is asked."""
FEW_WORDS = 3
"""So many words at most name something that is done at an hour."""
UNHEARD = 0.05
"""A need whose service neither the message nor any clause of it sounds more like was perhaps never asked for."""


def unclear(row: Cut, sense: Sense, found: Found, idle: Collection[str]) -> bool:
    """Whether it is unclear which of several services a schedule is of, or what of it is only told."""
    services = {key for block in row.blocks for key in block.services}
    if row.margin <= NEARLY and len(services) > 1:
        return True
    moved = sum(item.class_ == "shift" and isinstance(item.value, dict) for item in found.items)
    if moved > len(sense.shifts) and not sense.unknown_exception:
        # "The dentist at twenty past two, fetch me three quarters of an hour earlier".
        return True
    if (
        _narrowed(sense.pieces, found, idle)
        or _as_well(sense.pieces, found)
        or _stands_otherwise(found)
        or _unnamed_hour(found, idle)
        or _hour_of_another(found, idle)
    ):
        return True
    taken = {id(item) for item, _ in sense.whens}
    told = [
        item
        for item in found.items
        if item.class_ == "when" and id(item) not in taken and (is_day(item.value) or LIMIT_KEYS & item.value.keys())
    ]
    return len(told) >= TOLD and not sense.long


def _narrowed(pieces: Sequence[Piece], found: Found, idle: Collection[str]) -> bool:
    """Whether days behind "every day" stand behind a word that no phrase took: it may leave them out ("omitting")."""
    covered = {at for item in found.items for at in range(item.first, item.last)}
    daily = next((piece.place for piece in pieces if piece.value and piece.kind == "T" and _every_day(piece)), None)
    for piece in pieces if daily is not None else ():
        if piece.kind == "T" and piece.place > (daily or 0) and "days" in piece.value and piece.boundary < FULL_STOP:
            word = found.words[piece.place - 1].text
            if piece.place - 1 not in covered and word.isalpha() and len(word) >= FEWEST_LETTERS and word not in idle:
                return True
    return False


def _every_day(piece: Piece) -> bool:
    return is_daily(piece.value)


def _unnamed_hour(found: Found, idle: Collection[str]) -> bool:
    """Whether an hour is that of something that no phrase took, behind the hour of a service ("feet at noon")."""
    for before, clause in pairwise(clauses(found)):
        items = [item for item in clause.items if item.class_ != "join"]
        first = items[0] if items else None
        timed = any(item.class_ == "when" and CLOCK_KEYS & item.value.keys() for item in before.items)
        if clause.hard or first is None or not (timed and before.has("service")):
            continue
        hours = first.class_ == "when" and ("times" in first.value or bool(first.value.get("every")))
        joins = {at for item in clause.items if item.class_ == "join" for at in range(item.first, item.last)}
        words = [found.words[at].text for at in range(clause.start, first.first) if at not in joins]
        words = [word for word in words if word.isalpha()]
        if hours and 0 < len(words) <= FEW_WORDS and len(words[-1]) >= FEWEST_LETTERS and words[-1] not in idle:
            return True
    return False


def _hour_of_another(found: Found, idle: Collection[str]) -> bool:
    """Whether a word that no phrase took ends a clause, behind its hour: "Sunday at ten church and at twelve lunch"."""
    for clause, follower in pairwise(clauses(found)):
        last = clause.items[-1] if clause.items else None
        if last is None or follower.hard or last.class_ != "when" or "times" not in last.value:
            continue
        words = [found.words[at].text for at in range(last.last, clause.end) if found.words[at].text.isalpha()]
        another = len(words) == 1 and len(words[0]) >= FEWEST_LETTERS and words[0] not in idle
        timed = any(item.class_ == "when" and "times" in item.value for item in follower.items)
        if another and timed and follower.has("service") and not clause.has("service", "someone", "self", "person"):
            return True
    return False


def _stands_otherwise(found: Found) -> bool:
    """Whether another hour is told than "from now on" is wanted: it may be no new help, but a change of what stands."""
    told, asking = stands_now(found)
    hours = [
        any(item.class_ == "when" and CLOCK_KEYS & item.value.keys() for clause in row for item in clause.items)
        for row in (told, asking)
    ]
    return all(hours) and not any(clause.has("request", "someone") for clause in told)


def _as_well(pieces: Sequence[Piece], found: Found) -> bool:
    """Whether a day is added behind two hours of another ("Saturday lunch at noon and supper at six, and Sunday too").

    It may be of both hours, or of the last alone.
    """
    behind = {item.first for item in found.items if item.class_ == "join"}
    for sentence in sentences(pieces):
        said = [piece for piece in sentence if piece.kind == "T"]
        if not said:
            continue
        *before, last = said
        if not (last.joined and last.last in behind and is_day(last.value)) or is_time(last.value):
            continue
        hours = [piece for piece in before if is_time(piece.value)]
        days = [piece for piece in before if is_day(piece.value)]
        if len(hours) > 1 and len(days) == 1:
            return True
    return False


def excluding(pieces: Sequence[Piece]) -> bool:
    """Whether one need is given two times of day, one behind the other, that cannot both be meant.

    "Help in the afternoon, at nine in the morning, with the shopping": a list would have an "and", or more of them.
    """
    for place, (first, second) in enumerate(pairwise(pieces)):
        said, then = first.value, second.value
        if first.kind != "T" or second.kind != "T" or second.joined or second.boundary != 1:
            continue
        only = is_time(said) and "part" in said and not CLOCK_KEYS & said.keys() and not is_day(then)
        if not only or "part" not in then or not CLOCK_KEYS & then.keys() or kin(said["part"], then["part"]):
            continue
        rest = [piece for piece in pieces[place + 2 :] if piece.kind != "W"]
        before = [piece for piece in pieces[:place] if piece.kind == "S"]
        behind = [piece for piece in rest if piece.kind == "S"]
        if said.get("partly") and before:
            # "The drops in the mornings, at six in the evening" may be a list.
            continue
        timed = any(piece.kind == "T" and is_time(piece.value) for piece in rest)
        if len(before) + len(behind) == 1 and not timed:
            return True
    return False


def clashing_days(pieces: Sequence[Piece], found: Found) -> bool:
    """Whether one need is given days, one behind the other, that cannot both be meant.

    "Every Tuesday the shopping, but on Wednesday"; "weekdays only, so Saturday and Sunday". Another hour, a week or an
    "and" with the second says that both are.
    """
    if len({key for piece in pieces if piece.kind == "S" for key in piece.value}) > 1:
        return False
    for place, second in enumerate(pieces):
        first = next((one for one in reversed(pieces[:place]) if one.kind == "T" and "days" in one.value), None)
        if first is None or second.kind != "T" or "days" not in second.value or second.joined or not second.boundary:
            continue
        if any(is_time(one.value) for one in pieces[place:] if one.kind == "T") or second.boundary == FULL_STOP:
            continue
        if any(one.kind == "X" for one in pieces) or "period" in {**first.value, **second.value}:
            continue
        if any(item.class_ in ("join", "shift") and item.first > first.place for item in found.items):
            # "At weekends as well", "at weekends an hour later".
            continue
        days, others = set(first.value["days"]), set(second.value["days"])
        apart = bool(second.value.get("but") or _week_and_weekend(days, others) or _week_and_weekend(others, days))
        if (first.value.get("every") or first.value.get("weekend")) and apart and not days & others:
            return True
    return False


def _week_and_weekend(days: set[str], others: set[str]) -> bool:
    """Whether these are all working days, and those in the weekend."""
    return days == set(WEEK[:5]) and others <= set(WEEK[5:])


def unheard(services: set[str], hearing: Hearing, found: Found) -> set[str]:
    """Those of the services that nothing in the message sounds like; none when nothing can be heard at all."""
    left = {key for key in services if hearing.guesser is not None}
    texts = [hearing.own_text(clause) for clause in clauses(found)] if left else []
    for text in (*texts, hearing.text(0, len(found.words))):
        if not left:
            break
        if text:
            odds = hearing.odds(text)
            left = {key for key in left if odds.get(FAMILY.get(key, key), 0.0) <= UNHEARD}
    return left
