"""From the blocks of a message to needs: what a block leaves unsaid comes from its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from care.needs import Need, Preferences
from nlu.grammar.announced import DYING, end_at_new_hour, joined_with_told
from nlu.grammar.apart import hours_a_day, leave_out, set_apart, without_taken
from nlu.grammar.at_hours import lengths_of_days, part_hours, without_parts
from nlu.grammar.attach import Block, cut
from nlu.grammar.bind import join_hours
from nlu.grammar.clocks import Clock
from nlu.grammar.dates import Calendar
from nlu.grammar.doubts import clashing_days, excluding, unclear, unheard
from nlu.grammar.exceptions import on_the_others, out_of_all, out_of_later, out_of_others, says_all_but
from nlu.grammar.found import Found
from nlu.grammar.frames import DAY_KEYS, Frame
from nlu.grammar.hearing import FAMILY, ROLES
from nlu.grammar.likewise import included_days, take_same
from nlu.grammar.limits import LIMITS, likely_beginning, likely_end, likely_span, on_feasts, share_limits
from nlu.grammar.meaning import Sense, clauses, sentence_bounds
from nlu.grammar.merging import merged, ordered
from nlu.grammar.naming import Namer
from nlu.grammar.repeats import fold
from nlu.grammar.resolve import Resolver
from nlu.grammar.restating import fold_repeats, without_covered, without_restated
from nlu.grammar.sharing import contrast, go_on, inherit_days, other_days, pair_up, rising, told_part
from nlu.grammar.shifted import apply
from nlu.grammar.whole import ENDS, part_off, share
from nlu.grammar.wishes import wishes_of
from nlu.packs.pack import Pack

MOST_NEEDS = 12
NEAR = 3
FEWEST_PARTS = 2
"""So many times of day make that what was said before them is said for all of them."""
RESPITE = "respite"
"""Somebody in the place of who cares otherwise."""
NIGHT_WATCH = "night_waking"
"""Of somebody who watches by day it must be asked what they are to do."""


@dataclass
class Built:
    """The needs of a message, and whether something in it contradicts itself, and that its days do."""

    needs: list[Need] = field(default_factory=list)
    contradiction: bool = False
    clash: bool = False


def build(sense: Sense, pack: Pack, now: datetime, namer: Namer) -> Built:
    """The needs of a message, read as a request for help; `namer` names what each is about."""
    repeats = fold(namer.hearing.mend(sense.pieces), pack.absorbs, [place for place, _ in sense.wishes])
    pieces, wholes = part_off(repeats.pieces, namer.found)
    row = cut(pieces)
    blocks = [block for block in row.blocks if block.services or block.scheduled or block.someone]
    blocks = fold_repeats(_without_empty(blocks), sense.long)
    _absorb(blocks, pack)
    blocks = without_restated(_with_role(blocks, namer.found, pack))
    pointing = _pointing(blocks, sense, namer.found)
    if pointing is not None and sense.referred is not None:
        # "An operation on 9 June: a lift that day at seven, and from 11 June someone every evening."
        pointing.frame.add(_that_day(sense.referred), close=True, direct=False)
        pointing.scheduled = True
    elif sense.referred is not None and blocks and not any(block.frame.has_day for block in blocks):
        # "My husband's birthday is on Monday, can someone come then?"
        blocks[0].frame.add(_only_day(sense.referred), close=True, direct=False)
        blocks[0].scheduled = True
    elif sense.referred is not None and {"from", "from_period"} & sense.referred.keys():
        # "From the 15th he is at home. Someone then every day at nine": from that day.
        for block in blocks:
            if not LIMITS & block.frame.said.keys():
                block.frame.said.update(
                    {key: sense.referred[key] for key in ("from", "from_period") if key in sense.referred}
                )
    elif sense.referred is not None and "period" in sense.referred:
        # "In the week of the 14th my wife is away; can someone come every morning then?"
        for block in blocks:
            if not LIMITS & block.frame.said.keys():
                block.frame.said["period"] = sense.referred["period"]
    elif sense.referred is not None and "date" in sense.referred:
        likely_beginning(blocks, sense.referred)
    elif _likely_then(sense, blocks):
        # "Saturday is my birthday, could someone help with cooking?": likely then, but it must be asked.
        blocks[0].frame.add(_only_day(sense.told[-1]), close=True, direct=False)
        blocks[0].frame.unsure.add("days")
        blocks[0].scheduled = True
    on_feasts(blocks, namer.found)
    likely_span(blocks, sense.told, now.date())
    likely_end(blocks, sense.told_ends)
    if sense.mentioned and blocks and not any(block.services for block in blocks):
        # "She can no longer wash herself. Could someone come every morning?"
        place = min((block.place for block in blocks if block.scheduled), default=0)
        told = [value for where, value in sense.mentioned if where < place] or [value for _, value in sense.mentioned]
        blocks[0].services = list(told[-1])
        if not ENDS & blocks[0].frame.said.keys():
            blocks[0].frame.said.update(sense.counted)
    _while_away(blocks, sense)
    blocks = without_covered(_without_heads(join_hours(blocks)))
    namer.name(blocks)
    _by_role(blocks, sense, pack)
    blocks = joined_with_told(blocks, sense, namer.found, pack)
    _hours_of_the_day(blocks, pack)
    lengths_of_days(blocks)
    hours_a_day(blocks)
    without_taken(blocks, sense.taken_hours)
    told_part(blocks, sense.parts)
    without_parts(blocks, sense.taken_parts)
    other_days(blocks, sense.told)
    contrast(blocks, pack.daily)
    go_on(blocks)
    take_same(blocks)
    inherit_days(blocks, pack.daily)
    included_days(blocks, namer.found)
    leave_out(blocks, sense.apart, namer.found)
    out_of_all(blocks, pack.daily)
    share_limits(blocks, sense, namer.found, repeats.pieces)
    share(wholes, blocks, namer.found)
    end_at_new_hour(blocks, namer.found)
    pair_up(blocks)
    rising(blocks)
    out_of_others(blocks)
    blocks = part_hours(set_apart(apply(blocks, sense.shifts), [*repeats.apart, *sense.apart]))
    for block in blocks:
        again = any("nth" in gone for gone in block.exceptions) or on_the_others(block)
        again = again or out_of_later(block, Calendar(now.date()))
        if _bare_days(block.frame.said) and again:
            # "Chess on Tuesday evening, except the second Tuesday of the month": every week, then.
            block.frame.said["every"] = True
    wishes = wishes_of(blocks, sense, namer.found, repeats.apart)
    built = _resolve(blocks, sense, Resolver(now, pack.daily, pack.single), wishes)
    built.clash = clashing_days(sense.pieces, namer.found)
    built.contradiction = built.contradiction or built.clash or excluding(sense.pieces)
    if _unread(sense) or unclear(row, sense, namer.found, namer.idle):
        # A word of time that no phrase took: what was understood may be half of what was said.
        built.needs = [replace(need, ask=ordered([*need.ask, "when"])) for need in built.needs]
    named = {key for _, value in sense.services for key in value}
    doubted = unheard({need.service for need in built.needs if need.service in named}, namer.hearing, namer.found)
    built.needs = [
        replace(need, ask=ordered([*need.ask, "service"])) if need.service in doubted else need for need in built.needs
    ]
    return built


def _likely_then(sense: Sense, blocks: Sequence[Block]) -> bool:
    """Whether a day that was told is likely the one that is meant, since no other is named."""
    told = sense.told[-1] if sense.told and not sense.long else None
    if told is None or any(when == told for _, when in sense.exceptions):
        # "Not Thursdays, Thursdays our Linda pops in".
        return False
    return bool(blocks) and not any(block.frame.has_day for block in blocks)


def _while_away(blocks: list[Block], sense: Sense) -> None:
    """For "I play bowls on Thursdays, could someone sit with her every week?": it is then that somebody is needed."""
    days = [item for item, role in sense.whens if role == "agent" and "days" in item.value]
    weekly = (
        len(blocks) == 1
        and blocks[0].frame.said.get("freq") == "WEEKLY"
        and not DAY_KEYS & (blocks[0].frame.said.keys() - {"freq"})
    )
    if not weekly or len(days) != 1 or blocks[0].services != [RESPITE]:
        return
    away = days[0].value
    blocks[0].exceptions = [when for when in blocks[0].exceptions if when != away]
    blocks[0].frame.said.update(days=list(away["days"]), every=True)
    sense.whens = [(item, "plain" if item is days[0] else role) for item, role in sense.whens]
    sense.apart = [own for own in sense.apart if own.first != days[0].first]


def _pointing(blocks: list[Block], sense: Sense, found: Found) -> Block | None:
    """The one block of several that "that day" stands in, when it names no days itself and others do."""
    if sense.referred is None or not any(block.frame.has_day for block in blocks):
        return None
    inside = [block for block in blocks if block.place <= sense.referred_at < max(block.last, block.place + 1)]
    if not inside:
        # "… and that day somebody for the coffee": it begins the clause.
        end = sentence_bounds(found, sense.referred_at)[1]
        inside = [block for block in blocks if sense.referred_at < block.place < end][:1]
    alone = len(inside) == 1 and len(blocks) > 1 and inside[0].services and not inside[0].frame.has_day
    return inside[0] if alone else None


def _unread(sense: Sense) -> bool:
    """Whether a word of time between the first and the last piece was not understood."""
    if sense.unknown_exception or any("unknown" in gone.get("period", ()) for _, gone in sense.exceptions):
        return True
    places = [piece.place for piece in sense.pieces]
    if not places or not sense.long:
        return bool(places and sense.loose)
    return any(min(places) - NEAR <= place <= max(places) + NEAR for place in sense.loose)


def _only_day(when: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in when.items() if key in DAY_KEYS or key in ("period", "every")}


def _that_day(when: dict[str, Any]) -> dict[str, Any]:
    """For "Thursday is mum's birthday, and that day …": of a weekday the next one, unless it comes back."""
    said = _only_day(when)
    if "days" not in said or when.get("every") or "freq" in when:
        return said
    days = [{"weekday": name} for name in said["days"]]
    return {**{key: value for key, value in said.items() if key != "days"}, "date": days}


def _without_empty(blocks: list[Block]) -> list[Block]:
    """Drop blocks with only "someone" when others say what is wanted; their exceptions go to the block before."""
    full = [block for block in blocks if block.services or block.scheduled or block.task]
    return full or blocks[:1]


def _by_role(blocks: list[Block], sense: Sense, pack: Pack) -> None:
    """For "My wife is fed by tube. A nurse every evening, please": what the nurse is to do was told before."""
    told = {key for _, value in sense.mentioned for key in value}
    for block in blocks:
        meant = {key for key in told if set(block.services) & ROLES & pack.absorbs.get(key, frozenset())}
        if set(block.services) <= ROLES and len(meant) == 1:
            block.services = list(meant)


def _with_role(blocks: list[Block], found: Found, pack: Pack) -> list[Block]:
    """Put who is asked for and what they are to do in one block, where each says what of the schedule the other lacks.

    "Injections on the first of the month, can a nurse give them at ten?"; "Could a nurse come on Monday at ten? We'd
    like an assessment."
    """
    row: list[Block] = []
    for block in blocks:
        before = row[-1] if row else None
        role, care = (before, block) if before is not None and set(before.services) <= ROLES else (block, before)
        joint = _of_both(role, care, pack) if care is not None and _asked(role, found) else None
        if before is None or care is None or joint is None:
            row.append(block)
            continue
        joint.unsure |= role.frame.unsure
        before.services, before.frame = list(care.services), joint
        before.exceptions += block.exceptions
        before.scheduled, before.last = before.scheduled or block.scheduled, block.last
    return row


def _of_both(role: Block, care: Block, pack: Pack) -> Frame | None:
    """What is said of the schedule by both of two blocks; None when both say the same, or are about two things."""
    roles = set(role.services)
    meant = len(care.services) == 1 and roles and roles <= ROLES & pack.absorbs.get(care.services[0], frozenset())
    both_days = care.frame.has_day and role.frame.has_day
    both_times = care.frame.has_time and role.frame.has_time
    joint = care.frame.copy()
    if not meant or both_days or both_times or not joint.add(dict(role.frame.said), close=True, direct=False):
        return None
    return joint


def _asked(block: Block, found: Found) -> bool:
    """Whether the clause of a block asks for somebody."""
    return any(clause.start <= block.place < clause.end and clause.has("request", "doing") for clause in clauses(found))


def _hours_of_the_day(blocks: list[Block], pack: Pack) -> None:
    """For "Om negen uur, drie uur": a length that may be an hour is one of what is given several times a day."""
    for block in blocks:
        said = block.frame.said
        if said.pop("or_hour", False) and block.services and set(block.services) <= pack.daily:
            said["times"] = [*said["times"], Clock(said.pop("dur")[0])]


def _absorb(blocks: list[Block], pack: Pack) -> None:
    """Of the services of one block drop what only says who shall do another ("the dressing, by a nurse")."""
    for block in blocks:
        variants = [key for key in block.services if key in FAMILY]
        others = set(block.services) - set(variants)
        if variants and others and others <= {FAMILY[key] for key in variants}:
            # "He forgets his tablets. Someone to remind him."
            block.services, block.doubtful = variants, len(variants) > 1
        less = {key for key in block.services if key in ROLES and not block.listed}
        kept = [key for key in block.services if key not in less]
        if any(less & pack.absorbs.get(key, frozenset()) for key in kept):
            block.services = kept
        if DYING in block.services and not block.listed:
            # "My brother is dying, we need someone to sit up with him every night."
            block.services = [key for key in block.services if key not in pack.absorbs.get(DYING, frozenset())]


def _without_heads(blocks: list[Block]) -> list[Block]:
    """For "Stoma care every day: once at noon, once in the evening": what the head says is of the parts behind it."""
    row: list[Block] = []
    for place, block in enumerate(blocks):
        parts = list(takewhile(_only_when, blocks[place + 1 :]))
        if not block.services or not block.frame.has_day or block.frame.has_time or len(parts) < FEWEST_PARTS:
            row.append(block)
            continue
        for part in parts:
            part.services, part.someone = list(block.services), block.someone
            part.exceptions = [*block.exceptions, *part.exceptions]
            for key, value in block.frame.said.items():
                if part.frame.has_day and key in DAY_KEYS:
                    continue
                part.frame.said.setdefault(key, value)
            part.frame.unsure |= block.frame.unsure
    return row


def _only_when(block: Block) -> bool:
    """Whether a block names no service, only a time of day, and what stands before it is no full stop."""
    return not (block.services or block.someone) and block.frame.has_time and block.boundary == 1


def _resolve(blocks: list[Block], sense: Sense, resolver: Resolver, wishes: Sequence[Preferences]) -> Built:
    built = Built()
    recurring = False
    for place, (block, preferences) in enumerate(zip(blocks, wishes, strict=True)):
        said = block.frame.said
        if says_all_but(said, block.exceptions):
            said["freq"] = "DAILY"
        # "On Friday, and from January on Monday as well".
        recurring = recurring or any(_comes_back(other) for other in _same_service(block, blocks[place + 1 :]))
        services: Sequence[str | None] = block.services or [None]
        unsure_week = bool(said.get("one_week")) and not ({"every", "freq"} & said.keys() or recurring)
        for service in services:
            found = resolver.resolve(block.frame, block.exceptions, service, recurring or unsure_week)
            built.contradiction = built.contradiction or found.contradiction
            bare = found.schedules and all(schedule.rrule is None for schedule in found.schedules) and _bare_days(said)
            for schedule in found.schedules[:MOST_NEEDS]:
                ask = list(found.ask)
                if bare and any(_bare_days(other.frame.said) for other in _same_service(block, blocks)):
                    # "Monday nine to five, Tuesday nine to one": this week, or always?
                    ask.append("scope")
                if unsure_week:
                    ask.append("scope")
                if service is None:
                    ask.append("service")
                by_day = service == NIGHT_WATCH and said.get("part") in ("morning", "noon", "afternoon")
                if (by_day or (block.doubtful and len(block.services) > 1)) and "service" not in ask:
                    ask.append("service")
                if service == "medication":
                    ask.append("variant")
                if sense.either and "days" not in ask:
                    ask.append("days")
                built.needs.append(Need(service, schedule, preferences, ordered(ask)))
        certain = [] if unsure_week else built.needs
        recurring = recurring or any(map(_every_week, certain)) or bool(said.get("every"))
    built.needs = merged(built.needs)[:MOST_NEEDS]
    return built


def _every_week(need: Need) -> bool:
    """Whether a need comes back so often that a weekday behind it does as well; what is once a month tells nothing."""
    return bool(need.schedule.rrule) and not str(need.schedule.rrule).startswith("FREQ=MONTHLY")


def _same_service(block: Block, blocks: list[Block]) -> list[Block]:
    """The other blocks that are about the same."""
    return [other for other in blocks if other is not block and other.services == block.services]


def _bare_days(said: dict[str, Any]) -> bool:
    """Whether weekdays are named without saying which, or that they come back."""
    return "days" in said and not (said.get("every") or said.get("once") or {"period", "parity"} & said.keys())


def _comes_back(block: Block) -> bool:
    """Whether the days of a block surely come back."""
    said = block.frame.said
    return "days" in said and bool(said.get("every") or {"from", "from_period", "until", "lasting"} & said.keys())
