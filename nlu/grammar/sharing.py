"""What the blocks of a message share: days that one leaves unsaid and another says, and days that part them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise, takewhile

from nlu.grammar.attach import FULL_STOP, Block
from nlu.grammar.clocks import NOON, Clock, choose
from nlu.grammar.day_functions import WEEK, beside
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, When
from nlu.grammar.hearing import FAMILY
from nlu.grammar.hours import LATE_SERVICE

NEAR_HOURS = 4 * 60
"""Visits of one kind on one day lie further apart, in minutes."""
ENDS = frozenset({"until", "lasting", "period"})
HOURS = frozenset({"times", "span", "between", "part", "bound", "late"})
"""What goes with the hour of a need when another takes it over."""
_LASTING = frozenset({"every", "freq", "period", "date", "from", "from_period", "then", "until", "lasting", "parity"})
"""What says of weekdays whether they come back."""
INHERITED = frozenset({"interval", "every", "partly", "weekend", "period", "from", "from_period", "then"})
"""What goes with the days of a need when another takes them over."""


def inherit_days(blocks: list[Block], daily: Collection[str] = ()) -> None:
    """A block that names no days is on the days of the block before it; one without a schedule at its times too.

    `daily` are services that are for every day where no days are named.
    """
    for before, block in pairwise(blocks):
        if block.again and "dur" in before.frame.said:
            # "A walk on Tuesdays at two, half an hour; ditto on Sundays at eleven".
            block.frame.said.setdefault("dur", before.frame.said["dur"])
    for block in blocks:
        block.dated = block.frame.has_day
    for place, block in enumerate(blocks):
        if block.dated:
            continue
        source = _own_sentence(blocks, place) or next(
            (other for other in (*blocks[:place][::-1], *blocks[place + 1 :]) if other.frame.has_day), None
        )
        left = {day for gone in block.exceptions if gone.keys() == {"days"} for day in gone["days"]}
        if source is not None and "days" in source.frame.said and set(source.frame.said["days"]) <= left:
            # "Stockings on at half past seven, Sundays at half past eight": at half past seven on the other days.
            continue
        if source in blocks[place + 1 :] and _days_of_its_own(source, block):
            # "Stockings on at eight, and on Wednesdays a bath": the Wednesdays are of the bath only.
            continue
        if source in blocks[place + 1 :] and _other_visit(source, block, daily):
            # "Somebody to dress me at eight, and for the house, Fridays at ten": rather daily, but it is asked.
            block.frame.unsure.add("days")
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
        if later and given.get("freq") != "DAILY" and _several_hours(block) and source.services != block.services:
            # "The drops at eight and at six, and the post on Wednesdays at eleven": every day, or then only?
            block.frame.unsure.add("days")
        for key, value in given.items():
            days = key in DAY_KEYS or key in INHERITED
            # "In the morning this and in the evening that, every day until 15 January": the end is of both.
            same = source.services == block.services and not {"then", "from"} & block.frame.said.keys()
            limit = (later or same) and key in ("until", "inclusive", "lasting")
            if (days or whole or limit or (key == "per" and not block.frame.has_time)) and key not in block.frame.said:
                block.frame.said[key] = value
        if given.get("per", {}).get("unit") == "day" and block.frame.has_time and source.services == block.services:
            # "Twice daily, morning and evening".
            del given["per"]
            given["freq"] = block.frame.said["freq"] = "DAILY"
        if not later and block.boundary < FULL_STOP and _all_in_part(source, blocks[place:]):
            block.frame.said["part"] = given["part"]
        block.frame.unsure |= source.frame.unsure & {"phase", "days"}
        if whole:
            block.frame.unsure |= source.frame.unsure
        if whole or block.boundary < FULL_STOP or later:
            # "Wash at nine. Lunch at noon (not on Sundays). Tablets at eight.": the exception is of the lunch.
            block.exceptions += source.exceptions


def _several_hours(block: Block) -> bool:
    """Whether something is said to be at several hours of one day."""
    return len(block.frame.said.get("times", ())) > 1


def _all_in_part(source: Block, behind: Sequence[Block]) -> bool:
    """Whether the hour of a need is of the part of the day said before: "every evening at six …, and at nine …".

    Not where the row goes on beyond it: "every morning at eight …, at nine …, and at noon …" are hours of the day.
    """
    row = [behind[0], *takewhile(_goes_on, behind[1:])]
    return all(_in_part(source, block) for block in row)


def _goes_on(block: Block) -> bool:
    """Whether a block goes on with the days and the part of the day of the one before it in its sentence."""
    return block.boundary < FULL_STOP and not block.dated and "part" not in block.frame.said


def _in_part(source: Block, block: Block) -> bool:
    """Whether the hours of a need are later ones of the part of the day that another says."""
    said, own = source.frame.said, block.frame.said
    part = said.get("part")
    if not part or {"part", "last_part"} & own.keys() or len(block.services) != 1:
        return False
    if LATE_SERVICE in block.services and part == "morning":
        # "Stockings on at half seven every morning, off at nine".
        return False
    clocks, before = own.get("times", ()), [choose(clock, part) or 0 for clock in said.get("times", ())]
    placed = [choose(clock, part) or 0 for clock in clocks]
    if not clocks or not all(clock.open for clock in clocks) or not all(placed):
        return False
    beyond = part == "morning" and max(placed) >= NOON
    return min(placed) > max(before, default=0) and not beyond


def told_part(blocks: Sequence[Block], parts: Sequence[tuple[When, list[str]]]) -> None:
    """For "In the evening I forget my pill. Could somebody remind me at ten?": ten in the evening."""
    for told, services in parts:
        kin = {FAMILY.get(key, key) for key in services}
        for block in blocks:
            said = block.frame.said
            mine = any(FAMILY.get(key, key) in kin for key in block.services)
            clocks = said.get("times", ())
            if not mine or not clocks or {"part", "last_part"} & said.keys():
                continue
            if all(clock.open and choose(clock, told["part"]) is not None for clock in clocks):
                said.update(told)


def _own_sentence(blocks: Sequence[Block], place: int) -> Block | None:
    """The block whose days one that begins a sentence shares, in that sentence: "on at eight, off at ten, daily"."""
    if blocks[place].boundary < 2:
        return None
    for later in blocks[place + 1 :]:
        if later.boundary == 2:
            return None
        if later.frame.has_day:
            return None if _days_of_its_own(later, blocks[place]) else later
    return None


def _other_visit(later: Block, block: Block, daily: Collection[str]) -> bool:
    """Whether a need for every day, with an hour of its own, stands before one that is not, with its days and hour."""
    clocks = all(CLOCK_KEYS & one.frame.said.keys() for one in (later, block))
    every_day = later.frame.said.get("freq") == "DAILY" or later.frame.said.get("range")
    own = set(block.services) <= set(daily) and not set(later.services) & set(daily)
    own = own and not _several_hours(block)
    return bool(block.services) and own and clocks and bool(later.boundary) and not every_day


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


def go_on(blocks: list[Block]) -> None:
    """For "Daily until the 4th, then every other day": the second begins when the first ends."""
    for before, block in pairwise(blocks):
        said = block.frame.said
        until, lasting = before.frame.said.get("until"), before.frame.said.get("lasting")
        again = {"weekday_after", "week"} & said.get("date", [{}])[0].keys() and before.services == block.services
        if again and not block.frame.has_time:
            # "On Thursday at four, and again the Thursday after", "…, and on Thursday next week".
            said.update({key: before.frame.said[key] for key in HOURS & before.frame.said.keys()})
        if not said.get("then") or {"from", "from_period", "date"} & said.keys():
            continue
        _same_hours(before, block)
        if until:
            said["from"] = [beside(until, 1) if before.frame.said["inclusive"] else until]
        elif "period" in before.frame.said:
            said["from"] = [{"after_period": before.frame.said["period"]}]
            # "The first two weeks of December daily, after that every other day".
            block.frame.unsure |= {"from"} if lasting else set()
        elif lasting and not {"from_period", "date"} & before.frame.said.keys():
            base = before.frame.said.get("from", [{"rel": 0}])[0]
            said["from"] = [{"in": lasting["n"], "unit": lasting["unit"], "base": base}]
        elif lasting:
            block.frame.unsure.add("from")
        elif (
            before.services == block.services
            and "date" in before.frame.said
            and (said.get("every") or {"freq", "per"} & said.keys())
        ):
            # "Somebody on the 4th at ten, and after that every Friday at eleven".
            last = before.frame.said["date"][-1]
            said["from"] = [{"weekday": "MO", "week": last["week"] + 1} if "week" in last else beside(last, 1)]
            _hours_of_both(before, block)


def _hours_of_both(before: Block, block: Block) -> None:
    """For "Monday and Friday this week, then twice a week, at nine": the hour at the end is of those days as well."""
    for one, other in ((before, block), (block, before)):
        said = other.frame.said
        if not one.frame.has_time:
            one.frame.said.update({key: said[key] for key in HOURS & said.keys()})


def _same_hours(before: Block, block: Block) -> None:
    """For "Daily at eleven until Easter, after that on Mondays": at the same hour, if no other is said."""
    said = before.frame.said
    ends = bool(ENDS & said.keys()) and block.frame.has_day
    if ends and block.services == before.services and not block.frame.has_time and not block.names_service:
        block.frame.said.update({key: said[key] for key in HOURS & said.keys() if key not in block.frame.said})


def contrast(blocks: list[Block], daily: Collection[str] = ()) -> None:
    """For "Every morning at eight, but at the weekend at nine": the days of the second are not days of the first.

    `daily` are services that are for every day where no days are named.
    """
    for place, block in enumerate(blocks):
        days = block.frame.said.get("days")
        if block.frame.said.get("but") and "date" in block.frame.said and place:
            _but_once(blocks[place - 1], block)
            continue
        before = next((other for other in blocks[:place][::-1] if other.services == block.services), None)
        if not days or before is None:
            continue
        said = before.frame.said
        if block.frame.said.get("then") and ENDS & said.keys():
            # "Daily for two weeks, after that on Mondays": then what was said before has ended.
            continue
        fewer = said.get("freq") == "DAILY" or not before.frame.has_day or set(days) < set(said.get("days", ()))
        if before is not blocks[place - 1] and not fewer:
            # "Computer help on Tuesdays, the papers on Wednesdays, computer help on Fridays": all of it is wanted.
            continue
        if "span" in said and "span" in block.frame.said and set(days) < set(said.get("days", ())):
            # "Weekdays from nine to eleven. On Wednesday rather from one to three.": instead of it, or as well?
            block.frame.unsure.add("when")
        other = _other_hour(before, block) or (fewer and _other_length(before, block))
        if not block.frame.said.get("but") and (before.asked_behind or not other):
            continue
        if "period" in block.frame.said:
            # "On Thursdays, but in the week of the 14th on Friday".
            before.exceptions.append({"period": block.frame.said["period"]})
            said["every"] = True
            continue
        if not fewer and "days" in said and not _LASTING & (said.keys() | block.frame.said.keys()):
            # "A walk on Monday at ten and on Thursday at two" may well be of one week.
            block.frame.said["one_week"] = said["one_week"] = True
            continue
        if not fewer and "date" in said and not {"every", "freq"} & said.keys():
            # "On Friday the 4th at eleven, and on Thursday at two".
            continue
        block.frame.said["every"] = True
        if "part" in said and not block.names_service and _other_half(before, block):
            # "Every evening at eight, at the weekend at nine": in the evening as well.
            block.frame.said["part"] = said["part"]
        if not before.frame.has_day:
            # "Into bed at ten, Saturdays at eleven": at ten on all the other days.
            said["freq"] = "DAILY"
            if not set(before.services) <= set(daily):
                before.frame.unsure.add("days")
        if said.get("late") and "part" not in block.frame.said:
            block.frame.said["late"] = True
        if fewer:
            before.exceptions.append({"days": list(days)})


def _but_once(before: Block, block: Block) -> None:
    """For "Every Friday at four, but this week on Saturday": once in the place of the visit of that week, or day."""
    said, own = before.frame.said, block.frame.said
    if block.services != before.services or not (said.get("every") or "freq" in said) or block.names_service:
        return
    if not block.frame.has_time:
        own.update({key: said[key] for key in HOURS & said.keys()})
    weeks: list[When] = [{"period": {"week": spoken["week"]}} for spoken in own["date"] if "week" in spoken]
    before.exceptions += weeks or [{"date": list(own["date"])}]


def _other_hour(before: Block, block: Block) -> bool:
    """Whether a block only gives another hour for some of the days ("every day at eight, at the weekend at nine")."""
    times = [other.frame.said.get("times", ()) for other in (before, block)]
    if not any(times) and not (before.frame.has_time or block.frame.has_time):
        # "Half an hour of company daily, an hour on Sundays."
        return "dur" in before.frame.said and "dur" in block.frame.said and before.frame.has_day
    if any(len(row) != 1 for row in times) or "part" in block.frame.said:
        return False
    # "Every morning at eight. On Sundays at nine.": in the morning as well.
    minutes = [choose(row[0], before.frame.said.get("part")) for row in times]
    return minutes[0] is not None and minutes[1] is not None and abs(minutes[0] - minutes[1]) <= NEAR_HOURS


def _other_half(before: Block, block: Block) -> bool:
    """Whether the hour of a block is another one beside the part of the day of the block before it."""
    times = block.frame.said.get("times", ())
    return len(times) == 1 and choose(times[0]) != choose(times[0], before.frame.said["part"])


def _other_length(before: Block, block: Block) -> bool:
    """Whether a block only gives another length for some of the days ("half an hour a day, on Sundays an hour")."""
    lengths = [other.frame.said.get("dur") for other in (before, block)]
    return None not in lengths and lengths[0] != lengths[1] and not block.frame.has_time


def other_days(blocks: list[Block], told: Sequence[When] = ()) -> None:
    """For "On the other days": the days of the week that no block before names, nor what was `told`."""
    named: set[str] = {day for when in told for day in when.get("days", ())}
    for place, block in enumerate(blocks):
        if block.frame.said.pop("others", False):
            # "The first Saturday a walk, and the other Saturdays a game".
            nths = [one.frame.said["nth"] for one in blocks[:place] if "nth" in one.frame.said]
            block.exceptions += [{"nth": [pair for pair in nth if pair[1] in block.frame.said["days"]]} for nth in nths]
        rest = block.frame.said.pop("rest", None)
        if rest:
            left = [day for day in (WEEK[:5] if rest == "workdays" else WEEK) if day not in named]
            block.frame.said.update(days=left or list(WEEK), every=True)
            for other in blocks[:place] if rest is True else ():
                # "Daily, at weekends at eleven, otherwise at ten": now all days are said.
                other.frame.unsure -= {"days"} if other.frame.said.get("weekend") else set()
            if not left or not (named or block.exceptions):
                # "The rest of the week", where no day was understood before: which days those are is asked.
                block.frame.unsure.add("days")
        named |= set(block.frame.said.get("days", ()))


def rising(blocks: Sequence[Block]) -> None:
    """For "Out of bed at nine and back in at half seven": hours of one need go up through the day."""
    for before, block in pairwise(blocks):
        clocks = [one.frame.said.get("times", ()) for one in (before, block)]
        alike = before.services == block.services and len(block.services) == 1 and block.boundary < FULL_STOP
        apart = (before.dated and block.dated) or "part" in block.frame.said
        if not alike or apart or any(len(row) != 1 for row in clocks):
            continue
        first = choose(clocks[0][0], before.frame.said.get("part"), block.services[0])
        second = choose(clocks[1][0], None, block.services[0])
        if not clocks[1][0].open or first is None or second is None:
            continue
        # "Taken there at six (in the evening), and fetched at nine": later in the evening.
        if second <= first < second + NOON and second < NOON:
            block.frame.said["times"] = [Clock(second + NOON, open=False)]


def pair_up(blocks: list[Block]) -> None:
    """For "Stockings on and off, mornings and evenings": the first service at the first time, the second then."""
    for place in range(len(blocks) - 1):
        first, second = blocks[place], blocks[place + 1]
        if len(first.services) == 2 and first.together and second.services == first.services:
            first.services, second.services = first.services[:1], second.services[1:]
