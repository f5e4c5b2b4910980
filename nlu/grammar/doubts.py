"""What makes a reading doubtful, so that it is asked instead of believed.

The limits were set on messages written by people who did not know the program: of those that these signs pick out
about half were misread, of all others one in ten.
"""

from __future__ import annotations

from nlu.grammar.attach import Cut
from nlu.grammar.found import Found
from nlu.grammar.frames import is_day
from nlu.grammar.hearing import FAMILY, Hearing
from nlu.grammar.meaning import Sense, clauses
from nlu.grammar.whole import LIMIT_KEYS

NEARLY = 1.0
"""Two ways of cutting a message into needs whose prices lie no further apart are nearly as good."""
TOLD = 2
"""So many schedule phrases that were taken for mere telling may well be of what is asked."""
UNHEARD = 0.05
"""A need whose service neither the message nor any clause of it sounds more like was perhaps never asked for."""


def unclear(row: Cut, sense: Sense, found: Found) -> bool:
    """Whether it is unclear which of several services a schedule is of, or what of it is only told."""
    services = {key for block in row.blocks for key in block.services}
    if row.margin <= NEARLY and len(services) > 1:
        return True
    taken = {id(item) for item, _ in sense.whens}
    told = [
        item
        for item in found.items
        if item.class_ == "when" and id(item) not in taken and (is_day(item.value) or LIMIT_KEYS & item.value.keys())
    ]
    return len(told) >= TOLD and not sense.long


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
