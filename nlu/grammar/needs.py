"""From the blocks of a message to needs: what a block leaves unsaid comes from its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from care.needs import Need, Preferences
from nlu.grammar.attach import Block, attach
from nlu.grammar.bind import join_hours
from nlu.grammar.clocks import choose
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, is_day
from nlu.grammar.functions import WEEK, beside
from nlu.grammar.items import Found
from nlu.grammar.meaning import Sense, sentence_bounds
from nlu.grammar.merging import merged, ordered
from nlu.grammar.naming import Namer
from nlu.grammar.resolve import Resolver
from nlu.grammar.whole import part_off, share
from nlu.packs import Pack

MOST_NEEDS = 12
NEAR = 3
NEAR_HOURS = 4 * 60
"""Visits of one kind on one day lie further apart, in minutes."""
ROLES = frozenset({"nursing"})
"""Services that are named by who does them."""
LIMITS = frozenset({"period", "from", "from_period", "until", "date", "lasting"})
INHERITED = frozenset({"interval", "every", "partly", "weekend", "period", "from", "from_period", "then"})
"""What goes with the days of a need when another takes them over."""


@dataclass
class Built:
    """The needs of a message, and whether something in it contradicts itself."""

    needs: list[Need] = field(default_factory=list)
    contradiction: bool = False


def build(sense: Sense, pack: Pack, now: datetime, namer: Namer) -> Built:
    """The needs of a message, read as a request for help; `namer` names what each is about."""
    pieces, wholes = part_off(sense.pieces, namer.found)
    blocks = [block for block in attach(pieces) if block.services or block.scheduled or block.someone]
    blocks = _fold_repeats(_without_empty(blocks), sense.long)
    _absorb(blocks, pack)
    if sense.referred is not None and blocks and not any(block.frame.has_day for block in blocks):
        # "My husband's birthday is on Monday, can someone come then?"
        blocks[0].frame.add(_only_day(sense.referred), close=True, direct=False)
        blocks[0].scheduled = True
    elif sense.referred is not None and "period" in sense.referred:
        # "In the week of the 14th my wife is away; can someone come every morning then?"
        for block in blocks:
            if not LIMITS & block.frame.said.keys():
                block.frame.said["period"] = sense.referred["period"]
    elif sense.told and not sense.long and blocks and not any(block.frame.has_day for block in blocks):
        # "Saturday is my birthday, could someone help with cooking?": likely then, but it must be asked.
        blocks[0].frame.add(_only_day(sense.told[-1]), close=True, direct=False)
        blocks[0].frame.unsure.add("days")
        blocks[0].scheduled = True
    if sense.mentioned and blocks and not any(block.services for block in blocks):
        # "She can no longer wash herself. Could someone come every morning?"
        place = min((block.place for block in blocks if block.scheduled), default=0)
        told = [value for where, value in sense.mentioned if where < place] or [value for _, value in sense.mentioned]
        blocks[0].services = list(told[-1])
    blocks = join_hours(blocks)
    namer.name(blocks)
    _other_days(blocks)
    _contrast(blocks)
    _go_on(blocks)
    _inherit_days(blocks)
    _share_limits(blocks, sense)
    share(wholes, blocks, namer.found)
    _pair_up(blocks)
    built = _resolve(blocks, sense, Resolver(now, pack.daily), _wishes(blocks, sense, namer.found))
    if _unread(sense):
        # A word of time that no phrase took: what was understood may be half of what was said.
        built.needs = [replace(need, ask=ordered([*need.ask, "when"])) for need in built.needs]
    return built


def _unread(sense: Sense) -> bool:
    """Whether a word of time between the first and the last piece was not understood."""
    if sense.unknown_exception:
        return True
    places = [piece.place for piece in sense.pieces]
    if not places or not sense.long:
        return bool(places and sense.loose)
    return any(min(places) - NEAR <= place <= max(places) + NEAR for place in sense.loose)


def _only_day(when: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in when.items() if key in DAY_KEYS or key == "period"}


def _without_empty(blocks: list[Block]) -> list[Block]:
    """Drop blocks with only "someone" when others say what is wanted; their exceptions go to the block before."""
    full = [block for block in blocks if block.services or block.scheduled]
    return full or blocks[:1]


def _absorb(blocks: list[Block], pack: Pack) -> None:
    """Of the services of one block drop what only says who shall do another ("the dressing, by a nurse")."""
    for block in blocks:
        less = {key for key in block.services if key in ROLES}
        kept = [key for key in block.services if key not in less]
        if any(less & pack.absorbs.get(key, frozenset()) for key in kept):
            block.services = kept


def _fold_repeats(blocks: list[Block], strict: bool) -> list[Block]:
    """Put what is said again of the same service ("company on Monday; we'd play cards from two to four") in one block.

    In a long letter a service that is only mentioned is dropped when another has a schedule of its own.
    """
    if strict and any(block.services and block.frame.has_day for block in blocks):
        blocks = [block for block in blocks if block.frame.said]
    row: list[Block] = []
    for block in blocks:
        before = row[-1] if row else None
        if before is not None and before.services == block.services and _continues(before, block):
            merged = before.frame.copy()
            if merged.add(dict(block.frame.said), close=True, direct=False):
                merged.unsure |= block.frame.unsure
                before.frame = merged
                before.exceptions += block.exceptions
                continue
        row.append(block)
    return row


def _continues(before: Block, block: Block) -> bool:
    """Whether a block only adds to the one before: it says nothing of what that one says already."""
    return bool(block.services) and not (
        (before.frame.has_day and block.frame.has_day) or (before.frame.has_time and block.frame.has_time)
    )


def _inherit_days(blocks: list[Block]) -> None:
    """A block that names no days is on the days of the block before it; one without a schedule at its times too."""
    for place, block in enumerate(blocks):
        if block.frame.has_day:
            continue
        source = next((other for other in (*blocks[:place][::-1], *blocks[place + 1 :]) if other.frame.has_day), None)
        if source in blocks[place + 1 :] and _days_of_its_own(source, block):
            # "Stockings on at eight, and on Wednesdays a bath": the Wednesdays are of the bath only.
            continue
        later = source in blocks[place + 1 :]
        if later and source is not None and _in_next_sentence(source, blocks[place + 1 :]):
            source, later = None, False
        if source is None and place:
            source = blocks[place - 1]
        if source is None or not (source.frame.has_day or source.frame.said):
            continue
        given = source.frame.said
        whole = not block.scheduled
        for key, value in given.items():
            days = key in DAY_KEYS or key in INHERITED
            # "In the morning this and in the evening that, every day until 15 January": the end is of both.
            limit = (later or source.services == block.services) and key in ("until", "inclusive", "lasting")
            if (days or whole or limit or (key == "per" and not block.frame.has_time)) and key not in block.frame.said:
                block.frame.said[key] = value
        if given.get("per", {}).get("unit") == "day" and block.frame.has_time and source.services == block.services:
            # "Twice daily, morning and evening".
            del given["per"]
            given["freq"] = block.frame.said["freq"] = "DAILY"
        block.frame.unsure |= source.frame.unsure & {"phase", "days"}
        if whole:
            block.frame.unsure |= source.frame.unsure
        block.exceptions += source.exceptions


def _in_next_sentence(later: Block, following: Sequence[Block]) -> bool:
    """Whether a full stop stands before a block or between the blocks up to it."""
    return any(other.boundary == 2 for other in following[: following.index(later) + 1])


def _days_of_its_own(later: Block, block: Block) -> bool:
    """Whether the days that a later block names are its own only: they stand before its services, behind a cut."""
    every_day = later.frame.said.get("freq") == "DAILY"
    if block.frame.said.get("partly") and not later.names_service and CLOCK_KEYS & later.frame.said.keys():
        # "Stockings on in the morning and off at night, on Sundays not before ten".
        return True
    return later.days_first and bool(later.boundary) and later.services != block.services and not every_day


def _go_on(blocks: list[Block]) -> None:
    """For "Daily until the 4th, then every other day": the second begins when the first ends."""
    for before, block in pairwise(blocks):
        said = block.frame.said
        until, lasting = before.frame.said.get("until"), before.frame.said.get("lasting")
        if not said.get("then") or {"from", "from_period", "date"} & said.keys():
            continue
        if until:
            said["from"] = [beside(until, 1) if before.frame.said["inclusive"] else until]
        elif "period" in before.frame.said:
            said["from"] = [{"after_period": before.frame.said["period"]}]
        elif lasting and not {"from_period", "date"} & before.frame.said.keys():
            base = before.frame.said.get("from", [{"rel": 0}])[0]
            said["from"] = [{"in": lasting["n"], "unit": lasting["unit"], "base": base}]
        elif lasting:
            block.frame.unsure.add("from")


def _contrast(blocks: list[Block]) -> None:
    """For "Every morning at eight, but at the weekend at nine": the days of the second are not days of the first."""
    for before, block in pairwise(blocks):
        said, days = before.frame.said, block.frame.said.get("days")
        if not days or before.services != block.services:
            continue
        if not block.frame.said.get("but") and not _other_hour(before, block):
            continue
        if "period" in block.frame.said:
            # "On Thursdays, but in the week of the 14th on Friday".
            before.exceptions.append({"period": block.frame.said["period"]})
            said["every"] = True
            continue
        block.frame.said["every"] = True
        if said.get("freq") == "DAILY" or set(days) < set(said.get("days", ())):
            before.exceptions.append({"days": list(days)})


def _other_hour(before: Block, block: Block) -> bool:
    """Whether a block only gives another hour for some of the days ("every day at eight, at the weekend at nine")."""
    times = [other.frame.said.get("times", ()) for other in (before, block)]
    if any(len(row) != 1 for row in times) or any("part" in other.frame.said for other in (before, block)):
        return False
    minutes = [choose(row[0]) for row in times]
    return minutes[0] is not None and minutes[1] is not None and abs(minutes[0] - minutes[1]) <= NEAR_HOURS


def _other_days(blocks: list[Block]) -> None:
    """For "On the other days": the days of the week that no block before names."""
    named: set[str] = set()
    for block in blocks:
        rest = block.frame.said.pop("rest", None)
        if rest:
            left = [day for day in (WEEK[:5] if rest == "workdays" else WEEK) if day not in named]
            block.frame.said.update(days=left or list(WEEK), every=True)
        named |= set(block.frame.said.get("days", ()))


def _share_limits(blocks: list[Block], sense: Sense) -> None:
    """From, until and exceptions at the end, behind a comma, are of all needs."""
    if len(blocks) < 2:
        return
    last = blocks[-1]
    tail = _tail(sense)
    for key in ("until", "lasting"):
        if key in tail and key in last.frame.said:
            for block in blocks[:-1]:
                if not {"until", "lasting"} & block.frame.said.keys():
                    block.frame.said[key] = last.frame.said[key]
                    if key == "until":
                        block.frame.said["inclusive"] = last.frame.said["inclusive"]
    span = last.frame.said.get("period", {})
    for block in blocks[:-1] if "period" in tail and "from" in span else ():
        if not LIMITS & block.frame.said.keys():
            block.frame.said["period"] = span
    weekly = last.frame.said.get("freq") == "WEEKLY" and last.frame.said.get("interval", 1) == 1 and "freq" in tail
    for block in blocks[:-1] if weekly else ():
        # "On Wednesday from two to four and on Friday from ten to twelve, every week".
        if "days" in block.frame.said:
            block.frame.said["every"] = True
    first = blocks[0].frame.said
    for source, others in ((first, blocks[1:]), (last.frame.said, blocks[:-1])):
        for key in ("from", "from_period"):
            if key in source and (source is first or key in tail):
                for block in others:
                    if not {"from", "from_period", "date"} & block.frame.said.keys():
                        block.frame.said[key] = source[key]
    agents = [when for item, role in sense.whens if role == "agent" for when in (item.value,)]
    for block in blocks:
        for when in agents:
            if when not in block.exceptions and is_day(when):
                block.exceptions.append(when)
    if sense.pieces and sense.pieces[-1].kind == "X" and sense.pieces[-1].boundary:
        for block in blocks[:-1]:
            block.exceptions += [when for when in last.exceptions if when not in block.exceptions]


def _tail(sense: Sense) -> set[str]:
    """What the last schedule phrase says, when a comma or stop sets it apart."""
    for piece in reversed(sense.pieces):
        if piece.kind == "T":
            return set(piece.value) if piece.boundary else set()
        if piece.kind == "S":
            return set()
    return set()


def _pair_up(blocks: list[Block]) -> None:
    """For "Stockings on and off, mornings and evenings": the first service at the first time, the second then."""
    for place in range(len(blocks) - 1):
        first, second = blocks[place], blocks[place + 1]
        if len(first.services) == 2 and first.together and second.services == first.services:
            first.services, second.services = first.services[:1], second.services[1:]


def _wishes(blocks: list[Block], sense: Sense, found: Found) -> list[Preferences]:
    """The preferences of each block: those of its sentence, and those said in a sentence without any need."""
    own = [sentence_bounds(found, block.place)[0] for block in blocks]
    row = []
    for number, start in enumerate(own):
        wanted: dict[str, Any] = {}
        for place, values in _nearest_first(blocks, number, sense):
            said_in = sentence_bounds(found, place)[0]
            if said_in == start or said_in not in own:
                for name, value in values.items():
                    wanted.setdefault(name, value)
        row.append(Preferences(**wanted))
    return row


def _nearest_first(blocks: list[Block], number: int, sense: Sense) -> list[tuple[int, dict[str, str]]]:
    """The preferences, those said within a block first: "a lady for the bath and a man for the garden".

    "Fatima for the cleaning, and someone else for the ironing": the name is of the first only.
    """
    begin = blocks[number].place if number else 0
    end = blocks[number + 1].place if number + 1 < len(blocks) else None
    within = [wish for wish in sense.wishes if begin <= wish[0] and (end is None or wish[0] < end)]
    others = [wish for wish in sense.wishes if wish not in within]
    if number and blocks[number].someone:
        others = [
            (place, {name: value for name, value in said.items() if name != "helper_name"}) for place, said in others
        ]
    return within + others


def _resolve(blocks: list[Block], sense: Sense, resolver: Resolver, wishes: Sequence[Preferences]) -> Built:
    built = Built()
    recurring = False
    for place, (block, preferences) in enumerate(zip(blocks, wishes, strict=True)):
        said = block.frame.said
        # "On Friday, and from January on Monday as well".
        recurring = recurring or any(_comes_back(other) for other in _same_service(block, blocks[place + 1 :]))
        services: Sequence[str | None] = block.services or [None]
        for service in services:
            found = resolver.resolve(block.frame, block.exceptions, service, recurring)
            built.contradiction = built.contradiction or found.contradiction
            bare = found.schedules and all(schedule.rrule is None for schedule in found.schedules) and _bare_days(said)
            for schedule in found.schedules[:MOST_NEEDS]:
                ask = list(found.ask)
                if bare and any(_bare_days(other.frame.said) for other in _same_service(block, blocks)):
                    # "Monday nine to five, Tuesday nine to one": this week, or always?
                    ask.append("scope")
                if service is None:
                    ask.append("service")
                if block.doubtful and len(block.services) > 1 and "service" not in ask:
                    ask.append("service")
                if service == "medication":
                    ask.append("variant")
                if sense.either and "days" not in ask:
                    ask.append("days")
                built.needs.append(Need(service, schedule, preferences, ordered(ask)))
        recurring = recurring or any(need.schedule.rrule for need in built.needs) or bool(said.get("every"))
    built.needs = merged(built.needs)[:MOST_NEEDS]
    return built


def _same_service(block: Block, blocks: list[Block]) -> list[Block]:
    """The other blocks that are about the same."""
    return [other for other in blocks if other is not block and other.services == block.services]


def _bare_days(said: dict[str, Any]) -> bool:
    """Whether weekdays are named without saying which, or that they come back."""
    return "days" in said and not (said.get("every") or said.get("once") or "period" in said)


def _comes_back(block: Block) -> bool:
    """Whether the days of a block surely come back."""
    said = block.frame.said
    return "days" in said and bool(said.get("every") or {"from", "from_period", "until", "lasting"} & said.keys())
