"""What one sentence says help is wanted for, and the next what is to be done: that is one need.

"Our Bello has to go out. A round with him every day at seven, please."; "My blood pressure has to be watched. Somebody
to take it three times a week."; "My husband wants to die at home. Could somebody sit with him at night?"
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlu.grammar.attach import FULL_STOP, Block
from nlu.grammar.found import Found
from nlu.grammar.hearing import ROLES
from nlu.grammar.meaning import Sense, sentence_bounds
from nlu.grammar.sharing import ENDS
from nlu.packs.pack import Pack

DYING = "palliative_presence"
PET, FEEDING, WALK = "pet_care", "feeding", "walk"
WAKING = "night_waking"
UNTIL = "until"


def joined_with_told(blocks: Sequence[Block], sense: Sense, found: Found, pack: Pack) -> list[Block]:
    """The blocks, where one that only says what help is for is taken into the one that says when."""
    _of_animals(blocks, found, pack)
    _of_the_dying(blocks, found, pack)
    row: list[Block] = []
    for block in blocks:
        before = row[-1] if row else None
        joint = _joint(before, block, found, pack) if before is not None and block.boundary == FULL_STOP else None
        if joint is not None and before is not None and not block.names_service:
            # "The wound must stay dry, so I can't shower. Could somebody come on Mondays?": for which of both?
            between = [value for place, value in sense.mentioned if before.place < place < block.place]
            joint.frame.unsure |= {"service"} if any(value != before.services for value in between) else set()
        row[-1:] = [joint] if joint is not None else [*row[-1:], block]
    for block in row:
        if block.services == [DYING]:
            # Nobody is asked how long a dying person will need somebody.
            block.frame.unsure.discard(UNTIL)
    return row


def end_at_new_hour(blocks: Sequence[Block], found: Found) -> None:
    """For "Every morning at half past seven. After New Year at eight, please": the first hour ends then."""
    for before, block in pairwise(blocks):
        said, own = before.frame.said, block.frame.said
        start, end = sentence_bounds(found, block.place)
        besides = any(item.class_ in ("join", "newneed") and start <= item.first < end for item in found.items)
        alike = before.services == block.services and not block.names_service and block.boundary == FULL_STOP
        if not alike or besides or block.dated or ENDS & said.keys() or len(own.get("from", ())) != 1:
            continue
        if len(said.get("times", ())) == len(own.get("times", ())) == 1 and "from" not in said:
            said.update(until=own["from"][0], inclusive=False)


def _joint(before: Block, block: Block, found: Found, pack: Pack) -> Block | None:
    """One block for both, where the first says neither days nor hours, and the second what is to be done then."""
    if not before.services or before.frame.scheduled or "dur" in before.frame.said:
        return None
    if not block.frame.scheduled:
        return None
    animal = before.services == [PET] and set(block.services) <= pack.absorbs.get(PET, frozenset())
    if before.services != block.services and not (animal and not _somebody_else(block, found, pack)):
        return None
    frame = block.frame.copy()
    if not frame.add(dict(before.frame.said), close=True, direct=False):
        return None
    if UNTIL in before.frame.unsure and not {"until", "lasting", "period", "count"} & frame.said.keys():
        frame.unsure.add(UNTIL)
    joint = block.alone(before.services)
    joint.frame, joint.exceptions = frame, [*before.exceptions, *block.exceptions]
    joint.names_service = True
    return joint


def _somebody_else(block: Block, found: Found, pack: Pack) -> bool:
    """Whether the sentence of a block names a person, or who writes, as the one whom something is done for."""
    start, end = sentence_bounds(found, max(block.place, block.last - 1))
    if any(item.class_ == "person" and start <= item.first < end for item in found.items):
        return True
    return any(word.text in pack.ourselves for word in found.words[start:end])


def _of_the_dying(blocks: Sequence[Block], found: Found, pack: Pack) -> None:
    """Where somebody is dying, who is to sit or to wake with them is there for that.

    A nurse is not, nor is who wakes at night where somebody else is to sit with them besides.
    """
    told = [item.first for item in found.items if item.class_ == "service" and item.value == [DYING]]
    told += [block.place for block in blocks if block.services == [DYING]]
    less = pack.absorbs.get(DYING, frozenset()) - ROLES
    meant = [
        block
        for block in blocks
        if block.services
        and set(block.services) <= less
        and any(place < sentence_bounds(found, block.place)[0] for place in told)
    ]
    others = [block for block in meant if block.services != [WAKING]]
    for block in others or meant:
        block.services = [DYING]


def _of_animals(blocks: Sequence[Block], found: Found, pack: Pack) -> None:
    """For "Our cat won't eat alone. Could somebody feed her and clean the tray?": it is the animal that is fed.

    "We have a Labrador. Could somebody go for a walk with him?": so it is walked; where a person is named beside the
    animal, whether it is they who are meant has to be asked.
    """
    for block in blocks:
        start, end = sentence_bounds(found, max(block.place, block.last - 1))
        named = [item for item in found.items if item.class_ in ("service", "absent") and item.value is not True]
        animals = [item for item in named if PET in item.value and item.first < start]
        others = any(item.class_ == "person" and start <= item.first < end for item in found.items)
        if not animals or others:
            continue
        pointed = any(word.text in pack.pronouns for word in found.words[start:end])
        if {PET, FEEDING} <= set(block.services):
            block.services.remove(FEEDING)
        elif block.services == [FEEDING] and any(item.class_ == "absent" for item in named):
            # "There is nobody for the cat next week. Could somebody feed her?"
            block.services = [PET]
        elif block.services in ([FEEDING], [WALK]) and pointed and not _somebody_else(block, found, pack):
            told = sentence_bounds(found, animals[-1].first)
            block.services = [PET]
            if any(item.class_ == "person" and told[0] <= item.first < told[1] for item in found.items):
                block.frame.unsure.add("service")
