"""Somebody of their own does something: who tells that asks for no help with it ("Saturday my son cooks")."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import is_day, is_time
from nlu.grammar.meaning import Clause
from nlu.grammar.ours import acts_by_role, by_us, only_can
from nlu.grammar.telling import asks, says_but, says_when, without_help
from nlu.packs.pack import Pack

FEWEST_OF_DOING = 2
"""So many items, "and" and a verb, make a clause that goes on with what somebody does."""


class Doings:
    """Tells which clauses of one message say that somebody does something themselves."""

    def __init__(self, found: Found, pack: Pack, row: Sequence[Clause]) -> None:
        """`row` are all clauses of the message, in order."""
        self.found = found
        self.pack = pack
        self.row = row

    def tells(self, clause: Clause) -> bool:
        """Whether a clause tells that somebody of their own does something ("Saturday my son cooks")."""
        if asks(clause) or clause.has("not", "arrives", "except"):
            return False
        if any(says_but(item, self.found, self.pack.but_words) for item in clause.items):
            # "Every day bar Sunday when my wife does it".
            return False
        if clause.has("away"):
            # "On Sundays I'm at my sister's"; "the cooking I do myself".
            whens = [item.value for item in clause.items if item.class_ == "when"]
            timed = any(is_day(when) or is_time(when) or {"until", "lasting"} & when.keys() for when in whens)
            named = any(item.class_ == "away" and item.value is not True for item in clause.items)
            if clause.has("particle") and not clause.has("service"):
                # "Uitdoen kan ik zelf".
                return timed or without_help(clause)
            return not timed and without_help(clause) if clause.has("service") and not named else timed
        if by_us(clause, self.row, self.found, self.pack):
            return True
        who = next((at for at, item in enumerate(clause.items) if item.class_ == "person"), 0)
        behind = list(takewhile(lambda item: item.class_ != "service", clause.items[who:]))
        # "My father takes them off at night", but "hoist my father out of bed at nine back in at eight".
        takes = any(item.class_ == "particle" and item.last - item.first > 1 for item in behind)
        does = (
            takes
            or clause.has("doing")
            or only_can(clause, self.found, self.pack)
            or any(self._does(item) for item in clause.items)
        )
        return (does and any(self.acts(item) for item in clause.items)) or self._goes_on_doing(clause)

    def _goes_on_doing(self, clause: Clause) -> bool:
        """For "My son lives abroad and rings on Sundays": who does it was named just before the verb's "and"."""
        place = next(at for at, part in enumerate(self.row) if part is clause)
        before = self.row[place - 1] if place else None
        if before is None or not clause.joined or clause.hard:
            return False
        named = before.has("service") or asks(before) or any(map(says_when, before.items))
        acts = before.has("aside") or any(self.acts(item) for item in before.items)
        return self.begins_with_verb(clause) and not named and acts

    def begins_with_verb(self, clause: Clause) -> bool:
        """Whether a verb of somebody who does something stands directly behind the "and" of a clause."""
        if len(clause.items) < FEWEST_OF_DOING or asks(clause):
            return False
        verb = clause.items[1]
        does = verb.class_ == "doing" or self.found.words[verb.first].text in self.pack.verbs
        return does and verb.first == clause.items[0].last

    def _does(self, item: Item) -> bool:
        """Whether a service is named by a verb of which somebody is the subject ("cooks")."""
        words = {self.found.words[at].text for at in (item.first, item.last - 1)}
        return item.class_ == "service" and bool(words & self.pack.verbs)

    def acts(self, item: Item) -> bool:
        """Whether an item is a person, or a nurse, who does something, not one for whom it is done."""
        if item.class_ == "service":
            return acts_by_role(item, self.row, self.found, self.pack)
        return item.class_ == "person" and (
            not item.first or self.found.words[item.first - 1].text not in self.pack.for_whom
        )
