"""Of which needs a wish for who comes is: "a woman for the bath", "…, both by a volunteer", "Preferably in German."."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from care.needs import Preferences
from nlu.grammar.apart import Apart
from nlu.grammar.attach import Block
from nlu.grammar.chart import Chart
from nlu.grammar.found import Found, Item
from nlu.grammar.meaning import Clause, Sense, clauses, sentence_bounds

FOR_ALL = ("both", "whole")
"""Items that say of a wish in their clause that it is of all needs of the sentence."""


def wishes_of(blocks: Sequence[Block], sense: Sense, found: Found, apart: Sequence[Apart]) -> list[Preferences]:
    """The preferences of each block.

    A wish in a sentence without any need is of all needs, one said of a service alone is of no other. In a sentence
    with several needs it is of the one that it stands with: nobody asks for a woman in the garden by wishing for one
    in the bath.
    """
    starts = [sentence_bounds(found, block.place)[0] for block in blocks]
    row = clauses(found)
    said: list[dict[str, Any]] = [{} for _ in blocks]
    for place, values in sense.wishes:
        alone = [one.services for one in apart if one.first < place < one.last]
        start = sentence_bounds(found, place)[0]
        if alone:
            meant = [number for number, block in enumerate(blocks) if set(block.services) & set(alone[0])]
        elif start not in starts or _heads(place, found, row):
            meant = _named(place, blocks, found) or list(range(len(blocks)))
        else:
            inside = [number for number, other in enumerate(starts) if other == start]
            meant = _with(place, inside, blocks, row)
        for number in meant:
            for name, value in values.items():
                said[number].setdefault(name, value)
    return [Preferences(**values) for values in said]


def _named(place: int, blocks: Sequence[Block], found: Found) -> list[int]:
    """The blocks of the services that the sentence of a wish names ("A volunteer will do for the draughts.")."""
    start, end = sentence_bounds(found, place)
    named = {
        key for item in found.items if item.class_ == "service" and start <= item.first < end for key in item.value
    }
    return [number for number, block in enumerate(blocks) if named & set(block.services)]


def _heads(place: int, found: Found, row: Sequence[Clause]) -> bool:
    """Whether a wish stands before a colon that a list follows ("Rather a woman: …"), and no service beside it."""
    clause = next(part for part in row if part.start <= place < part.end)
    behind = [word.text for word in found.words[clause.end : clause.end + 1]]
    return behind == [":"] and not clause.has("service")


def _with(place: int, inside: Sequence[int], blocks: Sequence[Block], row: Sequence[Clause]) -> list[int]:
    """Those of the blocks of a sentence of which a wish at this place is."""
    clause = next(part for part in row if part.start <= place < part.end)
    before = [number for number in inside if blocks[number].place <= place]
    after = [number for number in inside if place < blocks[number].place]
    if clause.has(*FOR_ALL):
        return list(inside)
    begins_here = [number for number in after if blocks[number].place < clause.end]
    if begins_here and (not before or blocks[before[-1]].last <= clause.start):
        # "…, and Nadia the windows on Friday".
        owner = begins_here[0]
    elif before:
        owner = before[-1]
    else:
        # "In Polish if possible, the cleaning on Mondays and the ironing on Fridays".
        return list(inside)
    owned = blocks[owner]
    # Of a block that was parted since (`set_apart`) all parts stand at one place.
    return [
        number for number in inside if blocks[number].place == owned.place or blocks[number].services == owned.services
    ]


def said_wrongly(wish: Item, found: Found) -> bool:
    """For "I asked for a volunteer but I'd rather …": who was asked for is no longer wished for."""
    start, end = sentence_bounds(found, wish.first)
    inside = [item for item in found.items if start <= item.first < end]
    turns = [item.first for item in inside if item.class_ in ("but", "correction")]
    said = any(item.class_ == "isaid" and item.last <= wish.first for item in inside)
    return said and any(at > wish.first for at in turns) and not any(at < wish.first for at in turns)


def names_meant(found: Found, chart: Chart) -> None:
    """For "Not Anna, I meant Hanna", "Betty, not Bertha": who is meant, behind that word or before who is not."""
    if not found.has("correction", "meant", "aside"):
        return
    taken = {at for item in found.items for at in range(item.first, item.last)}
    for item in list(found.items):
        says = any(edge.end == item.last for edge in chart.at[item.first].get("meant", ()))
        if item.class_ == "aside" and _refused_name(item, chart):
            end = item.first - (0 if found.words[item.first - 1].text.isalpha() else 1)
            ending = [edge for at in range(max(end - 2, 0), end) for edge in chart.at[at].get("called", ())]
            named = [edge for edge in ending if edge.end == end and not taken & set(range(edge.start, edge.end))][:1]
        elif item.class_ in ("correction", "meant") and says and item.last < len(found.words):
            named = [edge for edge in chart.at[item.last].get("called", ()) if item.last not in taken][-1:]
        else:
            continue
        found.items += [Item("preference", {"helper_name": edge.value}, edge.start, edge.end) for edge in named]
    found.items.sort(key=lambda item: item.first)


def _refused_name(item: Item, chart: Chart) -> bool:
    """Whether what is set aside is "not" with a name behind it."""
    at = item.first + 1
    named = chart.at[at].get("called", ()) if item.first > 0 and at < item.last else ()
    return any(edge.end == item.last for edge in named)
