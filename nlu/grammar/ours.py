"""What people do themselves, and what they cannot, beside what they ask for: "but I do Sundays"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.found import Found, Item
from nlu.grammar.meaning import Clause
from nlu.grammar.telling import asks, says_day
from nlu.packs import Pack

FEWEST = 3
"""Who does it, what they do, and when."""


def by_us(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """Whether who writes does it on days that are named: "daily, but I do Sundays"; "I drive him on Mondays"."""
    items = [item for item in clause.items if item.class_ not in ("but", "so", "join")]
    if len(items) < FEWEST or items[0].class_ != "self":
        return False
    subject, verb = items[:2]
    spoken = [word.text for word in found.words[subject.first : verb.first + 1]]
    whens = [item for item in items[2:] if item.class_ == "when"]
    if spoken[1:-1] and set(spoken[1:-1]) <= pack.our_able and _some_of_all(whens, row, clause):
        # "Lunch every day, I can do Saturdays"; without the "every day" it would be when it suits them.
        spoken = [spoken[0], spoken[-1]]
    if len(spoken) != FEWEST - 1:
        return False
    days = any("days" in item.value and item.value.get("every") for item in whens)
    ours = spoken[0] in pack.us
    # "We walk on Tuesdays, could a volunteer come with us at two?" is for Tuesdays.
    served = verb.class_ == "service" and _asked_beside(clause, row)
    if ours and served and spoken[-1] in pack.our_verbs:
        return bool(whens)
    return (ours and verb.class_ == "doing" and days) or (spoken[-1] in pack.verbs and served and bool(whens))


def _some_of_all(whens: Sequence[Item], row: Sequence[Clause], clause: Clause) -> bool:
    """Whether these are only some of the days that another clause asks for."""
    days = {day for item in whens for day in item.value.get("days", ())}
    others = [item.value for part in row if part is not clause for item in part.items if item.class_ == "when"]
    return bool(days) and any(
        (said.get("freq") == "DAILY" and said.get("interval", 1) == 1) or days < set(said.get("days", ()))
        for said in others
    )


def unable(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "I can't sit up every night. Could somebody on Saturday?": how often it is that somebody cannot."""
    cannot = any(item.class_ == "not" and found.words[item.first].text in pack.unable for item in clause.items)
    often = any(item.class_ == "when" and "freq" in item.value for item in clause.items)
    return cannot and often and any(asks(part) and says_day([part]) for part in row if part is not clause)


def _asked_beside(clause: Clause, row: Sequence[Clause]) -> bool:
    """Whether another clause says both what is wanted and on which day."""
    return any(says_day([part]) and part.has("service", "someone") for part in row if part is not clause)
