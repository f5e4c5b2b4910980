"""Which of the times that a change names is the old one, and which the new: "my Tuesday shower to Wednesday"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from nlu.grammar.attach import FULL_STOP
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, is_day, is_time
from nlu.grammar.meaning import Clause, Sense, clauses
from nlu.grammar.spelling import Word

CALENDAR_KEYS = frozenset({"days", "date", "period"})
_ASKS = ("request", "move", "moveto", "better", "instead", "from_now_on", "soft")
_MENDS = ("correction", "isaid", "meant", "mistaken", "noted", "kept", "but", "not", "except")
_ONLY_PART = frozenset({"part", "partly"})
_TURNS = ("move", "moveto", "better", "instead", "from_now_on", "isaid", "correction")
FEWEST_MOVED = 2
"""Of so many times the first is moved to the last, so that a period says when that is."""
NEAR_MARKER = 4
"""A marker such as "to" says the role of a phrase that begins within so many words."""


def roles(
    found: Found, whens: list[Item], sense: Sense, now_words: Collection[str] = ()
) -> tuple[list[Item], list[Item]]:
    """The phrases that say when the visit was, and those that say when it shall be.

    `now_words` are those such as "now" that say of a phrase beside them that it is so already.
    """
    given = _Roles(found, _split_ranges(whens, found), sense, now_words).give()
    old = [item for item, role in given if role == "from"]
    new = [item for item, role in given if role == "to"]
    mends = found.has("correction", "isaid") and not found.has("not", "except", "move", "shift", "instead", "unfit")
    if mends and not new and not any("role" in item.value for item in old):
        # "I meant the hairdresser on Friday at ten": that is what shall be.
        return [], old
    return old, new


def _split_ranges(whens: list[Item], found: Found) -> list[Item]:
    """For "move it from Tuesday to Thursday": no range of days here, but two days."""
    # "Could it go from Mondays to Tuesdays": two days in a row are hardly a range.
    next_day = any(item.value.get("range") and len(item.value["days"]) == FEWEST_MOVED for item in whens)
    if not (found.has("move", "again") or next_day):
        # "Put the lift back from the 4th to the 6th" moves it, too.
        return whens
    row: list[Item] = []
    whens = [_day_left(item, whens, found) for item in whens]
    for item in whens:
        times = [other for other in whens if other is not item and is_time(other.value) and not is_day(other.value)]
        if "from" in item.value.get("period", ()) and len(times) < FEWEST_MOVED:
            # "From the 4th to the 6th of January": no period, but two dates.
            span = item.value["period"]
            first, last = dict(span["from"]), span["until"]
            if "day" in first and "month" in last:
                first.setdefault("month", last["month"])
            row.append(Item("when", {"date": [first], "role": "from"}, item.first, item.last))
            row.append(Item("when", {"date": [last], "role": "to"}, item.first, item.last))
            continue
        if not item.value.get("range"):
            row.append(item)
            continue
        days = item.value["days"]
        row.append(Item("when", {"days": days[:1], "role": "from"}, item.first, item.first + 1))
        row.append(Item("when", {"days": days[-1:], "role": "to"}, item.last - 1, item.last))
    return row


def _day_left(item: Item, whens: Sequence[Item], found: Found) -> Item:
    """For "From Tuesday morning to Tuesday afternoon": nothing begins on that day, it is the old one."""
    weekday = item.value["from"][0].get("weekday") if item.value.keys() == {"from"} else None
    part = next((other for other in whens if other.first == item.last and is_time(other.value)), None)
    if weekday is None or part is None:
        return item
    behind = next((other for other in found.items if other.first == part.last), None)
    moved = behind is not None and (behind.class_ == "moveto" or (behind.class_ == "when" and behind.value.get("to")))
    return Item("when", {"days": [weekday], "role": "from"}, item.first, item.last) if moved else item


def _limits(item: Item) -> bool:
    """Whether a phrase says from when or until when: that is of how it shall be."""
    return bool({"from", "from_period", "until"} & item.value.keys())


def stands_now(found: Found) -> tuple[Sequence[Clause], Sequence[Clause]]:
    """The clauses that tell how it is, and those of a later sentence that says how it shall be ("From now on …").

    None where that sentence names the visit itself.
    """
    row = clauses(found)
    for place, clause in enumerate(row):
        if not clause.has("from_now_on"):
            continue
        first = next((at for at in range(place, 0, -1) if row[at].hard), 0)
        behind = next((at for at in range(place + 1, len(row)) if row[at].hard), len(row))
        asking, told = row[first:behind], row[:first]
        if any(part.has("service") for part in asking) or not any(part.has("when") for part in asking):
            continue
        dated = any(part.has("service") and part.has("when") for part in told)
        if dated and not any(part.has(*_TURNS) for part in told):
            return told, asking
    return [], []


def _same_part(item: Item, other: Item) -> bool:
    """Whether both say a day, or both say an hour."""
    if is_day(item.value) and is_day(other.value):
        return True
    return is_time(item.value) and is_time(other.value)


class _Roles:
    """Gives the schedule phrases of one message their roles."""

    def __init__(self, found: Found, whens: list[Item], sense: Sense, now_words: Collection[str]) -> None:
        self.found = found
        self.now_words = now_words
        self.whens = whens
        self.refused = {id(item) for item, role in sense.whens if role == "not"}
        self.roles: dict[int, str] = {id(item): item.value["role"] for item in whens if "role" in item.value}

    def give(self) -> list[tuple[Item, str]]:
        """Every phrase with its role, `from` or `to`."""
        self._refused_first()
        self._refused()
        self._so_already()
        self._told_behind()
        self._told_hours()
        self._told_before()
        self._marked()
        for before, item in pairwise(self.whens):
            # "Sunday afternoon": the part of the day goes with its day.
            if item.first == before.last and id(before) in self.roles and not (is_day(item.value) or _limits(item)):
                self.roles.setdefault(id(item), self.roles[id(before)])
            if item.first == before.last and before.value.keys() == {"once"} and CLOCK_KEYS & item.value.keys():
                # "Tomorrow's physio just once at three".
                self.roles.setdefault(id(item), "to")
        self._first_of_two()
        self._said_again()
        for keys in (CLOCK_KEYS, frozenset({"dur"})):
            self._before_new(keys)
        to = [item for item in self.whens if self.roles.get(id(item)) == "to"]
        last: Item | None = None
        for item in self.whens:
            if id(item) not in self.roles:
                beside = last is not None and item.first == last.last and not (is_day(item.value) or _limits(item))
                self.roles[id(item)] = self.roles[id(last)] if beside else self._left_over(item, to)
            last = item
        return [(item, self.roles[id(item)]) for item in self.whens]

    def _refused_first(self) -> None:
        """For "Not the 15th, the 16th": of the dates behind "not" the last is the new one."""
        for place, item in enumerate(self.whens):
            key = "date" if "date" in item.value else "days"
            named = item.value.get(key, ())
            if id(item) in self.refused and len(named) == 2 and len(self.whens) == 1:
                first = Item("when", {**item.value, key: named[:1]}, item.first, item.last)
                last = Item("when", {**item.value, key: named[1:]}, item.first, item.last)
                self.whens[place : place + 1] = [first, last]
                self.roles.update({id(first): "from", id(last): "to"})

    def _refused(self) -> None:
        """What is said with "not" is the old time, when another clause names a new one."""
        for clause in clauses(self.found):
            own = [item for item in self.whens if item in clause.items]
            # "Mornings, not evenings": beside what is refused the rest of the clause is meant.
            other = len(own) < len(self.whens) and not any(id(item) in self.refused for item in own)
            for item in own:
                if id(item) in self.roles:
                    continue
                if id(item) in self.refused or (other and self._not_there(item, clause)):
                    self.roles[id(item)] = "from"

    def _not_there(self, item: Item, clause: Clause) -> bool:
        """Whether a "not" of the clause can be said of an item: none that a request stands between."""
        near = [one for one in clause.items if one.class_ in ("not", "request", "moveto", "move") and one is not item]
        before = [one for one in near if one.first < item.first]
        return (bool(before) and before[-1].class_ == "not" and not self._of_another(before[-1], item)) or any(
            one.class_ == "not" and not (one.first == item.last and self._refuses_number(one))
            for one in near
            if one.first > item.first
        )

    def _of_another(self, refusal: Item, item: Item) -> bool:
        """For "Tomorrow won't do can she come the day after": the "not" is said of the day before it."""
        return item.first > refusal.last and any(one.last == refusal.first for one in self.whens if one is not item)

    def _refuses_number(self, refusal: Item) -> bool:
        """For "Two hours not one": it is the number behind it that is refused."""
        one = any(item.class_ == "visitword" and item.first == refusal.last for item in self.found.items)
        return one or refusal.last in self.found.loose

    def _so_already(self) -> None:
        """For "The drops are at eight now, may that be ten?": that is the old time, where another one is named."""
        for clause in clauses(self.found):
            if clause.has("request", "move", "moveto", "better", "from_now_on"):
                continue
            own = [item for item in self.whens if item in clause.items and self._beside_now(item)]
            for item in own if len(own) < len(self.whens) else ():
                self.roles.setdefault(id(item), "from")

    def _told_behind(self) -> None:
        """For "Can the physio be at three? At two I'm at the bank": what a sentence behind it tells is not wanted."""
        row = clauses(self.found)
        said = [at for at, clause in enumerate(row) if self._own(clause)]
        plain = [at for at in said if not row[at].has("self", "person")]
        asking = next(iter([at for at in said if row[at].has(*_ASKS)] or plain), len(row))
        behind = next((at for at in range(asking + 1, len(row)) if row[at].hard), len(row))
        timed = any(CLOCK_KEYS & item.value.keys() for at in said if at < behind for item in self._own(row[at]))
        for clause in row[behind:]:
            own = self._own(clause)
            if timed and own and all(item.value.keys() <= _ONLY_PART for item in own) and not clause.has("request"):
                # "… to Friday at nine. My club changed its evening."
                self.roles.update((id(item), "told") for item in own)
            if own and clause.has("self", "person") and not clause.has(*_ASKS, *_MENDS) and len(own) < len(self.whens):
                for item in own:
                    self.roles.setdefault(id(item), "from")

    def _told_hours(self) -> None:
        """For "On Monday the grandchildren are here from ten, could she come on Tuesday instead?": no new hour."""
        row = clauses(self.found)
        for place, clause in enumerate(row):
            own = [item for item in self._own(clause) if not is_day(item.value)]
            told = clause.has("person") and not clause.has("service", "self", *_ASKS, *_MENDS)
            if not own or not told:
                continue
            later = [part for part in row[place + 1 :] if part.has(*_TURNS) and self._own(part)]
            if later and not any(CLOCK_KEYS & item.value.keys() for part in later for item in self._own(part)):
                self.roles.update((id(item), "told") for item in own)

    def _told_before(self) -> None:
        """For "Lunch comes at twelve but he's never up by then. From now on at one": all that was told is the old."""
        standing, asking = stands_now(self.found)
        for clause in standing:
            for item in self._own(clause):
                if any(_same_part(item, other) for part in asking for other in self._own(part)):
                    self.roles.setdefault(id(item), "from")

    def _own(self, clause: Clause) -> list[Item]:
        return [item for item in self.whens if item in clause.items]

    def _beside_now(self, item: Item) -> bool:
        """Whether a word such as "now" stands directly before or behind an item."""
        return any(word.text in self.now_words for word in self._around(item))

    def _around(self, item: Item) -> list[Word]:
        """The words beside an item, without those of another phrase ("from now on at eight")."""
        taken = {at for one in self.found.items if one.class_ == "when" for at in range(one.first, one.last)}
        places = [at for at in (item.first - 1, item.last) if 0 <= at < len(self.found.words) and at not in taken]
        return [self.found.words[at] for at in places]

    def _said_again(self) -> None:
        """For "Thursday's shopping to Monday, on Thursdays I swim": what is named again is the same old day."""
        old = [item.value["days"] for item in self.whens if self.roles.get(id(item)) == "from" and "days" in item.value]
        others = [item for item in self.whens if item.value.get("days", old) not in (old, *old)]
        for item in self.whens if others else ():
            if item.value.get("days") in old and not CLOCK_KEYS & item.value.keys():
                self.roles.setdefault(id(item), "from")

    def _marked(self) -> None:
        """Roles by the word before a phrase: "to Wednesday", "instead of Tuesday", "my Tuesday visit"."""
        ids = {id(item) for item in self.whens}
        # "I said nine but it has to be ten": what was said before "but" is the old time.
        contrast = self.found.has("isaid") and self.found.has("but")
        meant = self._meant()
        marker: str | None = None
        last = 0
        met = False
        for item in self.found.items:
            if not met and self.found.boundary(last, item.first) == FULL_STOP:
                # "I'd like to arrange something. Move Tuesday's walk …": that "to" says nothing of Tuesday.
                marker = None
            met = met or id(item) in ids
            if id(item) in ids:
                if item.value.get("to"):
                    self.roles[id(item)] = "to"
                elif id(item) in meant:
                    self.roles.setdefault(id(item), meant[id(item)])
                elif marker and item.first - last <= NEAR_MARKER:
                    self.roles.setdefault(id(item), marker)
                marker = None if marker == "from" else marker
            else:
                # "Possible to shift the Monday cleaning": that "to" says nothing of Monday.
                verb = item.class_ == "move" and item.first == last
                marker = self._marker(item, contrast, None if verb and marker == "to" else marker)
            last = item.last

    def _meant(self) -> dict[int, str]:
        """For "The 15th it must be, I said the 14th by mistake" and "you wrote one hour": the role, by clause."""
        said: dict[int, str] = {}
        row = clauses(self.found)
        told = any(clause.has("mistaken", "noted") for clause in row)
        meant = any(clause.has("meant") for clause in row)
        said_so = self.found.has("isaid")
        before: str | None = None
        for clause in row:
            role = None
            if clause.has("mistaken", "noted"):
                role = "from"
            elif clause.has("unfit"):
                # "Half past seven please, eight is too late".
                role = "from"
            elif (told or said_so) and clause.has("meant"):
                role = "to"
            elif clause.has("isaid"):
                role = "to" if told else "from" if meant else None
            if role is None and before == "to" and not clause.hard:
                # "That should have been every week, on Tuesday at nine".
                role = "to"
            before = role
            if role and not clause.has("not"):
                said.update((id(item), role) for item in clause.items if item.class_ == "when")
        return said if len(set(said.values())) > 1 or len(self.whens) > len(said) else {}

    def _marker(self, item: Item, contrast: bool, before: str | None) -> str | None:
        """What a word that is no schedule phrase says of the role of the next one."""
        if item.class_ in ("moveto", "better") or (item.class_ == "but" and contrast):
            return "to"
        # "That day at half past ten instead of half past eight" is no "rather than".
        rather = item.class_ == "then" and item.last - item.first == 1 and self.found.has("soft", "move")
        if item.class_ in ("instead", "mine") or (item.class_ == "isaid" and contrast) or rather:
            return "from"
        if item.class_ in ("service", "visitword", "sessions") and before == "from":
            return None
        return before

    def _first_of_two(self) -> None:
        """For "the Tuesday visit, Wednesday": without any marker the first day is the old one."""
        open_ = [item for item in self.whens if id(item) not in self.roles and CALENDAR_KEYS & item.value.keys()]
        new_day = any(is_day(item.value) for item in self.whens if self.roles.get(id(item)) == "to")
        if len(open_) > 1 and not new_day and "from" not in self.roles.values():
            self.roles[id(open_[0])] = "from"

    def _before_new(self, keys: frozenset[str]) -> None:
        """For "Two is too early, make it three": of two hours, or two lengths, without any marker the last is new."""
        said = [item for item in self.whens if keys & item.value.keys()]
        open_ = [item for item in said if id(item) not in self.roles]
        marked = {self.roles[id(item)] for item in said if id(item) in self.roles}
        if len(said) < 2 or not open_:
            return
        if "from" in marked:
            self._told_before_asking(open_)
            return
        last = next((item for item in said if self.roles.get(id(item)) == "to"), said[-1])
        before = [item for item in open_ if item.first < last.first]
        for item in open_:
            # "The visit at four, could that be five, I'm at the doctor's at four".
            if item in before or any(item.value == other.value for other in before):
                self.roles[id(item)] = "from"

    def _told_before_asking(self, open_: list[Item]) -> None:
        """For "I'm at the bank at ten, so not at nine, could they come at eight": what is told is no new hour."""
        row = clauses(self.found)
        asking = [clause for clause in row if clause.has("request", "better", "move")]
        asked = [item for item in open_ if any(item in clause.items for clause in asking)]
        for item in open_ if asked else ():
            if item.first < asked[0].first and not is_day(item.value):
                self.roles[id(item)] = "from"

    def _left_over(self, item: Item, to: list[Item]) -> str:
        """The role of a phrase that nothing marks: a day is the old one when the new day, or only an hour, is known."""
        if not is_day(item.value) or CLOCK_KEYS & item.value.keys():
            return "to"
        if any(is_day(other.value) for other in to):
            return "from"
        days = [other for other in self.whens if CALENDAR_KEYS & other.value.keys()]
        timed = any(
            is_time(other.value)
            and (self.roles.get(id(other)) == "to" or (CLOCK_KEYS & other.value.keys() and id(other) not in self.roles))
            for other in self.whens
        )
        return "from" if len(days) == 1 and timed and "from" not in self.roles.values() else "to"
