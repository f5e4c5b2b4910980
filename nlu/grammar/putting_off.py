"""Days that will not do after all: "Saturday at ten, please. Oh wait, on Saturday I play bridge. Make it Monday"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, When
from nlu.grammar.meaning import Clause, Sense, clauses
from nlu.packs.pack import Pack

_WITH_DAYS = frozenset({"every", "weekend", "period", "range"})
"""What goes with days that are dropped."""
LATELY = 2
"""So many clauses before it a "no, wait" may stand …"""
SOON = 3
"""… and so many from it on the other days."""
NEAR = 6
"""So many words may stand between days and their hour."""
FEWEST_LETTERS = 4
"""A shorter word that no phrase took tells nothing."""
_ASKING = ("request", "someone", "moveto", "move", "instead")
_TELLING = ("self", "person", "away", "doing", "appointment", "gone", "history")


class PutOff:
    """Finds days that are named a second time only to say that they will not do, and puts others in their place."""

    def __init__(self, found: Found, pack: Pack, sense: Sense, dropped: set[int]) -> None:
        """What is no longer meant is added to `dropped`, by the id of its item."""
        self.found = found
        self.pack = pack
        self.sense = sense
        self.dropped = dropped
        self.row = clauses(found)

    def take(self) -> set[int]:
        """Put every such day off; the ids of the corrections ("no, wait") that are used up by it."""
        used: set[int] = set()
        for at, clause in enumerate(self.row):
            again = [item for item in clause.items if _names_days(item)]
            around = self.row[max(at - LATELY, 0) : at + 2]
            back = [item for part in around for item in part.items if item.class_ == "correction"]
            if clause.has(*_ASKING):
                continue
            if not again and self._says_then(at) and self._not_then(at, back):
                used |= {id(item) for item in back}
            if len(again) != 1:
                continue
            new = self._instead(at, again[0])
            # "Could someone cook on Monday? My daughter can't on Monday.": that is why, where no other day is named.
            refused = clause.has("not") and not clause.has("then", "service") and clause.has("self", "correction")
            refused = refused and (bool(back) or (new is not None and not self._oneself(clause)))
            if not (refused or (back and self._tells(clause, again[0]))):
                continue
            earlier = [
                item
                for part in self.row[:at]
                for item in part.items
                if _same_days(item, again[0]) and id(item) not in self.dropped
            ]
            if not earlier:
                continue
            self._drop(clause, again[0])
            self._replace(earlier, new)
            used |= {id(item) for item in back}
        return used

    def _says_then(self, at: int) -> bool:
        """Whether a clause tells what there is "then", or begins with why, directly behind a "no, wait"."""
        clause = self.row[at]
        before = [item for part in self.row[max(at - LATELY, 0) : at + 1] for item in part.items]
        if clause.has("then"):
            then = next(item for item in clause.items if item.class_ == "then")
            return any(item.class_ == "correction" and item.last <= then.first for item in before)
        return any(
            (one.class_, other.class_) == ("correction", "reason") and any(other is item for item in clause.items)
            for one, other in pairwise(before)
        )

    def _not_then(self, at: int, back: Sequence[Item]) -> bool:
        """For "…, Wednesday at two. Oh no, I play cards then, from two till five. Could it be at ten?"."""
        clause = self.row[at]
        before = [item for part in self.row[:at] for item in part.items if item.last <= back[0].first]
        days = [item for item in before if _names_days(item) and id(item) not in self.dropped]
        if not days or not clause.has(*_TELLING, "reason"):
            return False
        behind = range(at + 1, len(self.row))
        parted = [later for later in behind if self.row[later].hard or self.row[later].has(*_ASKING, "correction")]
        end = parted[0] if parted else len(self.row)
        self.sense.corrected = True
        for part in self.row[at:end]:
            self.dropped |= {id(item) for item in part.items if item.class_ in ("when", "service", "particle")}
        follower = next((part for part in self.row[end : end + SOON] if part.has("when")), None)
        named = follower is not None and any(map(_names_days, follower.items))
        new = [item for item in (follower.items if follower else ()) if _only_clock(item)]
        hours = [item for item in before if _only_clock(item) and item.first >= days[-1].first - NEAR]
        if new and hours and not named:
            hours[-1].value = {**hours[-1].value, **new[0].value}
            self.dropped.add(id(new[0]))
        else:
            self._replace(days[-1:], follower if named else None)
        return True

    def _tells(self, clause: Clause, again: Item) -> bool:
        """Whether a clause tells what there is on a day: somebody does something, or words that no phrase took.

        "No, simply every weekday" tells of no one day.
        """
        if again.value.get("every") and not clause.has(*_TELLING):
            return False
        covered = {at for item in clause.items for at in range(item.first, item.last)}
        known = self.pack.light | self.pack.idle
        rest = [self.found.words[at].text for at in range(clause.start, clause.end) if at not in covered]
        if any(map(_only_clock, clause.items)) and not clause.has("self", "person", "away"):
            # "Sorry, Tuesday at eleven it should be."
            return False
        if self.pack.suits & {word.text for word in self.found.words[clause.start : clause.end]}:
            # "No, Thursday is fine."
            return False
        return clause.has(*_TELLING) or any(len(word) >= FEWEST_LETTERS and word not in known for word in rest)

    def _oneself(self, clause: Clause) -> bool:
        """Whether it is only told that somebody cannot do it without help ("Saturday ik zelf niet")."""
        return bool(self.pack.oneself & {word.text for word in self.found.words[clause.start : clause.end]})

    def _instead(self, at: int, again: Item) -> Clause | None:
        """The clause that names the days in the place of those that will not do, and asks for nothing else."""
        known = [item.value for item in self.found.items if item.class_ == "service" and item.last <= again.first]
        for clause in self.row[at : at + SOON]:
            named = [item for item in clause.items if _names_days(item) and item.first >= again.last]
            if not named:
                continue
            # "Wednesday, no wait, that is bridge, make it Thursday at two for the cleaning": it had no name yet.
            others = known and any(item.class_ == "service" and item.value not in known for item in clause.items)
            return None if others or clause.has("except", "not") or _same_days(named[0], again) else clause
        return None

    def _drop(self, clause: Clause, again: Item) -> None:
        """What is told of the days that will not do asks for nothing, and leaves nothing out."""
        self.sense.corrected = True
        self.sense.exceptions = [pair for pair in self.sense.exceptions if pair[0] != again.first]
        self.sense.apart = [own for own in self.sense.apart if own.first != again.first]
        self.dropped |= {id(item) for item in clause.items if item.class_ in ("when", "service", "particle")}
        self.sense.whens = [(item, role) for item, role in self.sense.whens if item is not again]
        self.sense.whens.append((again, "not"))

    def _replace(self, earlier: Sequence[Item], clause: Clause | None) -> None:
        """Put what a clause says of when in the place of days; without such a clause they must be asked."""
        new = [item for item in clause.items if item.class_ == "when"] if clause is not None else []
        days: When = next((item.value for item in new if _names_days(item)), {})
        for item in earlier:
            rest = {key: value for key, value in item.value.items() if key not in DAY_KEYS and key not in _WITH_DAYS}
            every = {"every": True} if item.value.get("every") and "days" in days else {}
            asked = {} if days else {"vague": "days"}
            value = {**rest, **every, **days, **asked, **({"to": True} if days else {})}
            place = next(at for at, one in enumerate(self.found.items) if one is item)
            self.found.items[place] = Item("when", value, item.first, item.last)
            self.dropped.add(id(item))
            self.sense.whens.append((item, "not"))
        self.dropped |= {id(item) for item in new if _names_days(item)}
        hours = [item for item in new if _only_clock(item)]
        before = [item for item in self.found.items if item.class_ == "when" and CLOCK_KEYS & item.value.keys()]
        before = [item for item in before if id(item) not in self.dropped and item.last <= earlier[-1].last + NEAR]
        if hours and before and before[-1].first >= earlier[0].first - NEAR:
            before[-1].value = {**before[-1].value, **hours[0].value}
            self.dropped.add(id(hours[0]))
        for item in clause.items if clause is not None else ():
            # "…, same time": so it is, in the place of the other day.
            item.class_ = "aside" if item.class_ == "same_time" else item.class_


def _names_days(item: Item) -> bool:
    """Whether an item names weekdays or dates."""
    return item.class_ == "when" and bool({"days", "date"} & item.value.keys())


def _only_clock(item: Item) -> bool:
    """Whether an item names a clock time, and no days."""
    return item.class_ == "when" and bool(CLOCK_KEYS & item.value.keys()) and not _names_days(item)


def _same_days(item: Item, again: Item) -> bool:
    """Whether two items name the same weekdays, or the same dates."""
    return _names_days(item) and _days(item) == _days(again)


def _days(item: Item) -> list[object]:
    """The days that an item names, without what only says once more which weekday a date is."""
    dates = [{key: value for key, value in said.items() if key != "is"} for said in item.value.get("date", ())]
    return [*item.value.get("days", ()), *dates]
