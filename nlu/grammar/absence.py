"""Days on which nobody is there who helps otherwise: then somebody else is wanted, where no other day is named."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import is_day
from nlu.grammar.meaning import Clause, Sense, clauses
from nlu.grammar.telling import asks, says_day
from nlu.grammar.whole import LIMIT_KEYS
from nlu.packs.pack import Pack


def lacking(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """Whether a clause tells when nobody is there, before any service is named.

    "We're away from 2 till 15 August, so someone for the cat"; "My daughter is away next week. Could somebody …?"; and
    of a single day where a later sentence asks and names none: "On Boxing Day I've nobody. Could somebody come at ten?"
    """
    whens = [item.value for item in clause.items if item.class_ == "when"]
    gone = clause.has("gone") and clause.has("person")
    told = clause.has("absent") or gone or (clause.has("away") and not _with_them(clause, found, pack))
    if not told or clause.has("service") or not whens or found.has("or"):
        return False
    after = next((part for part in row if part.start >= clause.end and part.items), None)
    if after is not None and after.items[0].class_ in ("andthen", "thence") and any("until" in when for when in whens):
        # "Our son is here until Wednesday. After that, …".
        return False
    asked = [at for at, part in enumerate(row) if part.has("service") and (asks(part) or part.has("when"))]
    # "Our cat won't eat alone.": that is not asked for yet.
    named = asked or [at for at, part in enumerate(row) if part.has("service")]
    period = all(when.keys() <= LIMIT_KEYS for when in whens)
    if not named and not period:
        named = [at for at, part in enumerate(row) if asks(part) and part is not clause]
    first = next(iter(named), 0)
    if not any(part is clause for part in row[:first]):
        return False
    if period:
        return True
    asking = [part for part in _sentence(row, first) if part.start > clause.start]
    left_out = any(part.has("not", "except") for part in asking)
    return clause.has("absent", "gone") and not (says_day(asking) or left_out)


def _with_them(clause: Clause, found: Found, pack: Pack) -> bool:
    """For "The first two weeks my wife is with him": then somebody is there."""
    ends = {found.words[item.last - 1].text for item in clause.items if item.class_ == "away"}
    return bool(ends & (pack.pronouns | pack.ourselves))


def _sentence(row: Sequence[Clause], place: int) -> Sequence[Clause]:
    """The clauses of the sentence that one of them stands in."""
    start = next((at for at in range(place, 0, -1) if row[at].hard), 0)
    return row[start : next((at for at in range(place + 1, len(row)) if row[at].hard), len(row))]


def well_then(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "On weekdays mother eats well, but at the weekend nobody cooks for her": only the second lacks somebody."""
    place = next(at for at, part in enumerate(row) if part is clause)
    behind = row[place + 1] if place + 1 < len(row) else None
    if behind is None or behind.hard or not behind.has("absent") or not says_day([clause]) or not says_day([behind]):
        return False
    if behind.items[0].class_ != "but" or clause.has("service", "request", "someone", "not", "except", "absent"):
        return False
    covered = {at for item in clause.items for at in range(item.first, item.last)}
    rest = [found.words[at].text for at in range(clause.start, clause.end) if at not in covered]
    tells = clause.has("away", "person", "self", "doing")
    tells = tells or any(word.isalpha() and word not in pack.light | pack.idle for word in rest)
    whens = [item for part in (clause, behind) for item in part.items if item.class_ == "when"]
    if tells and any(item.value.get("every") for item in whens):
        for item in (one for one in whens if "days" in one.value):
            item.value = {**item.value, "every": True}
    return tells


def helper_gone(clause: Clause) -> bool:
    """Whether who helps otherwise is away: "when our cleaner is on holiday", which asks for no cleaning by itself."""
    away = any(item.class_ == "gone" and item.last - item.first > 1 for item in clause.items)
    return away and clause.has("service") and not asks(clause)


def uncovered(clause: Clause, near: Sequence[Item], sense: Sense, found: Found) -> bool:
    """For "She gets meals on wheels every day, but not at weekends. Could somebody cook then?": it is just then.

    `near` are the days that the clause leaves out; "…. Could somebody cook on Sunday?" names some of them again.
    """
    row = clauses(found)
    place = row.index(clause)
    if not 0 < place < len(row) - 1 or clause.has("service", "request", "someone"):
        return False
    before, behind = row[place - 1], row[place + 1]
    told = (before.start, before.end) in sense.beside and before.has("service")
    if not told or not behind.has("request", "someone") or behind.has("not", "except"):
        return False
    left = {day for item in near for day in item.value.get("days", ())}
    whens = [item.value for item in behind.items if item.class_ == "when" and is_day(item.value)]
    named = [set(when.get("days", ())) for when in whens]
    return (behind.has("then") and not whens) or (bool(named) and all(days and days <= left for days in named))
