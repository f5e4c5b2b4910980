"""Days that are left out at some of the hours of a need only: "at nine and at six; not on Saturday evening"."""

from __future__ import annotations

from collections.abc import Sequence

from care.schedule import DAYPARTS
from nlu.grammar.attach import Block
from nlu.grammar.clocks import NOON, Clock, choose, choose_each, choose_span, fits
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When, is_day, is_time, kin
from nlu.grammar.meaning import sentence_bounds

FIVE, SIX = 5 * 60, 6 * 60
"""From five on, in minutes, "every night" says the hour after noon, from six on one of the evening."""
BY_THE_HOUR = frozenset({"cleaning", "garden", "odd_jobs", "laundry", "respite"})
"""What lasts for some hours, so that a low number of them is rather how long than when."""
_SPANS = frozenset({"period", "from", "until", "lasting"})
_NAMED = frozenset({"days", "date", "freq", "per"})
_SAID = frozenset({"part", "times"})


def with_hour(found: Found, item: Item, marker: Item) -> tuple[When, Item | None]:
    """What a refused day says together with the hour beside it, and that hour.

    "On Sunday at noon not"; "Not Sundays at noon." as a sentence; "behalve zondagavond", one word.
    In "every day except Sunday at noon" the hour is that of the need.
    """
    at = found.items.index(item)
    hour = found.items[at + 1] if at + 1 < len(found.items) else item
    timed = [one for one in found.items if one.class_ == "when" and is_time(one.value) and one is not hour]
    # "On Wednesday morning I can't": without another hour there is nothing that it could be left out of.
    beside = hour.class_ == "when" and hour.first == item.last and any(one is not item for one in timed)
    if not beside or is_day(hour.value) or not _SAID & hour.value.keys():
        return item.value, None
    start, _ = sentence_bounds(found, marker.first)
    follower = found.items[at + 2] if at + 2 < len(found.items) else None
    alone = marker.first == start and (follower is None or found.boundary(hour.last, follower.first) > 0)
    one_word = found.words[item.last - 1].start == found.words[hour.first].start
    if hour.last > marker.first and not (alone or one_word):
        return item.value, None
    return {**item.value, **{key: hour.value[key] for key in _SAID & hour.value.keys()}}, hour


def lengths_of_days(blocks: Sequence[Block]) -> None:
    """For "Cleaning: Tue 3 uur, Fri 2 uur": of what is done by the hour a low number with its day is a length."""
    for block in blocks:
        length = block.frame.said.pop("or_length", None)
        if length and block.services and set(block.services) <= BY_THE_HOUR and "dur" not in block.frame.said:
            del block.frame.said["times"]
            block.frame.said["dur"] = length


def with_part(days: Item, inside: Sequence[Item]) -> When:
    """The days on which somebody of their own comes with the one part of the day that is named for it.

    "My daughter does the evenings at the weekend".
    """
    whens = [item for item in inside if item.class_ == "when"]
    parts = [item for item in whens if "part" in item.value and not is_day(item.value)]
    if len(whens) != len(parts) + 1 or len(parts) != 1 or is_time(days.value):
        return days.value
    return {**days.value, "part": parts[0].value["part"]}


def without_parts(blocks: Sequence[Block], parts: Sequence[str]) -> None:
    """Leave out the hours in the parts of the day that somebody of their own sees to.

    "Drops at eight, two and eight. My husband does the afternoon".
    """
    for block in blocks if parts else ():
        hours = _hours(block)
        taken = [hour for part in parts for hour in _at({"part": part}, hours)]
        left = [hour for hour in hours if hour not in taken]
        if not left or left == hours:
            continue
        for key in ("last_part", "per", "part"):
            said = block.frame.said.pop(key, None)
            if key == "per" and said and said.get("unit") == "day":
                block.frame.said["freq"] = "DAILY"
        block.frame.said["times"] = [Clock(hour, open=False) for hour in left]


def part_hours(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, where one of which days are left out at some of its hours only is parted by these hours."""
    row: list[Block] = []
    hours = [_hours(block) for block in blocks]
    timed = [gone for block in blocks for gone in block.exceptions if _timed(gone)]
    unmet = [gone for gone in timed if not any(_at(gone, own) for own in hours)]
    for block, own in zip(blocks, hours, strict=True):
        row += _parted(block, own, unmet)
    return row


def _timed(gone: When) -> bool:
    """Whether certain days are left out at a time of day only."""
    return bool(_SAID & gone.keys()) and "freq" not in gone


def _hours(block: Block) -> list[int]:
    """The clock times of a block, in minutes after midnight."""
    said = block.frame.said
    service = block.services[0] if block.services else None
    if "span" in said:
        first, last = said["span"]
        span = choose_span(first, last, said.get("part"), service)
        return [span[0]] if span else []
    return choose_each(said.get("times", ()), said.get("part"), service, said.get("last_part"))


def _parted(block: Block, hours: Sequence[int], unmet: Sequence[When]) -> list[Block]:
    """A block by the hours at which it leaves out other days."""
    timed = [gone for gone in block.exceptions if _timed(gone)]
    always = [gone for gone in block.exceptions if not _timed(gone)]
    if not hours:
        # "Every evening, but not on Saturday morning": of another part of the day nothing is left out.
        own = block.frame.said.get("part")
        block.exceptions = [*always, *(gone for gone in timed if not own or kin(str(gone.get("part", own)), own))]
        return [block]
    if any(gone in unmet for gone in timed):
        # Left out at an hour at which nobody was to come: what is meant must be asked.
        block.frame.unsure.add("when")
        always += [gone for gone in timed if gone in unmet]
    left = {hour: [*always, *(gone for gone in timed if hour in _at(gone, hours))] for hour in hours}
    row: list[Block] = []
    for out in left.values():
        mine = [hour for hour in hours if left[hour] == out]
        if any(part.exceptions == out for part in row):
            continue
        part = block.alone(block.services)
        part.exceptions = list(out)
        if len(mine) < len(hours):
            for key in ("last_part", "per"):
                part.frame.said.pop(key, None)
            part.frame.said["times"] = [Clock(hour, open=False) for hour in mine]
        row.append(part)
    return row


def _at(gone: When, hours: Sequence[int]) -> list[int]:
    """Those of the hours at which something is left out; at the edge of two parts of the day that of the later one."""
    if "times" in gone:
        clocks = [(choose(clock, gone.get("part")) or 0) % NOON for clock in gone["times"]]
        return [hour for hour in hours if hour % NOON in clocks]
    start, end = (clock.hour * 60 + clock.minute for clock in DAYPARTS[gone["part"]])
    inside = [hour for hour in hours if start <= hour < end or (end < start and not end <= hour < start)]
    return inside or [hour for hour in hours if fits(hour, gone["part"])]


def parts_of_days(found: Found, evenings: bool) -> None:
    """Settle which part of the day is meant, and of which days; where `evenings`, a night begins with the evening."""
    if evenings:
        _nights_as_evenings(found)
    _noon_among_parts(found)
    _parts_of_each_day(found)


def _nights_as_evenings(found: Found) -> None:
    """For "Supper at six every night", "Monday nights at seven": an hour of the evening, where "night" says so, too."""
    whens = [item for item in found.items if item.class_ == "when"]
    for night in whens:
        if night.value.get("part") != "night" or not {"freq", "days"} & night.value.keys():
            continue
        beside = [item for item in whens if abs(item.first - night.last) <= 1 or abs(night.first - item.last) <= 1]
        hours = [clock for item in (night, *beside) for clock in item.value.get("times", ())]
        if hours and all(clock.open and FIVE <= clock.minutes < NOON for clock in hours):
            # "My tea every night at five": that is before the evening begins.
            early = any(clock.minutes < SIX for clock in hours)
            kept = {key: value for key, value in night.value.items() if key != "part"}
            night.value = kept if early else {**kept, "part": "evening"}


def _noon_among_parts(found: Found) -> None:
    """For "Morning, noon and night": among parts of the day noon is one of them."""
    for before, item, join, behind in zip(found.items, found.items[1:], found.items[2:], found.items[3:], strict=False):
        parts = before.class_ == behind.class_ == "when" and "part" in before.value and "part" in behind.value
        noon = item.class_ == "when" and item.value.keys() == {"times"} and [one.minutes for one in item.value["times"]]
        if parts and join.class_ == "join" and noon == [NOON] and item.last - item.first == 1:
            item.value = {"part": "noon", **({"partly": True} if before.value.get("partly") else {})}


def _parts_of_each_day(found: Found) -> None:
    """For "Morning and evening from the 3rd to the 9th", "morning and night for a week": on each day of that span."""
    whens = [item for item in found.items if item.class_ == "when"]
    for join in [item for item in found.items if item.class_ == "join"]:
        near = [item for item in whens if join.first == item.last or item.first == join.last]
        if len(near) != 2 or any(item.value.keys() != {"part"} for item in near):
            continue
        start, end = sentence_bounds(found, join.first)
        others = [item for item in whens if start <= item.first < end and item not in near]
        spans = [item for item in others if _SPANS & item.value.keys()]
        if spans and not any(_NAMED & item.value.keys() for item in others):
            for item in near:
                item.value = {**item.value, "partly": True}
            for item in spans:
                item.value = {**item.value, "of_all": True}
