"""The row of pieces of a message: services, schedule phrases and exceptions in order, to be cut into needs."""

from __future__ import annotations

from collections.abc import Callable, Collection

from nlu.grammar.attach import FULL_STOP, LIMITED, TASK, WISH, Piece
from nlu.grammar.bind import absorb, alternative, appose, bind_times, one_each
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, TIME_KEYS, UNLESS_SAID, When, is_day
from nlu.grammar.likewise import at_same_hour, otherwise
from nlu.grammar.listed import heads_need, is_listed, listed
from nlu.grammar.meaning import Sense, instead_of, refuses, sentence_bounds
from nlu.grammar.nouns import named_late, told_of
from nlu.grammar.pointing import from_then, spans, those_days, until_then
from nlu.grammar.purposes import purpose_end, tells_of_days_out, timed
from nlu.grammar.tasks import goes_on, names_next, own_hour, own_task
from nlu.grammar.whole import LIMIT_KEYS, later_than
from nlu.grammar.wishes import said_wrongly
from nlu.packs.pack import Pack

NEAR = 5
"""So many words may stand between "both" and the phrase that is of both."""
NEAREST = 1
"""So many between "always" and a phrase that it makes one of all."""
BESIDE = 2
"""So many words, such as a comma and "please", may stand between a phrase and "all of it"."""


class Row:
    """Puts the items of one message in a row."""

    def __init__(self, found: Found, pack: Pack, sense: Sense, dropped: Collection[int]) -> None:
        """`dropped` are the ids of the items that do not count, or count only as an exception."""
        self.found = found
        self.pack = pack
        self.sense = sense
        self.dropped = dropped
        self.exceptions: dict[int, When] = dict(sense.exceptions)
        self.pieces: list[Piece] = []
        self.strength = 0
        self.choosing: str | None = None
        """Whether "or" was said just before: `or` (a second choice) or `either`."""
        self.following = False
        """Whether "and after that" was said."""
        self.contrasted = False
        """Whether "but" was said."""
        self.joining = False
        """Whether "and" was said just before."""
        self.all: Item | None = None
        """What said that the next phrase is of all needs ("both", "all of it")."""
        # Nouns such as "stockings" by family, whose particle ("on", "off") may still come.
        self.nouns: dict[str, Piece] = {}
        self.settled: set[int] = set()
        self.parted: set[int] = set()
        self.instead = 0
        """The place behind a "then" that follows a date which is left out."""
        self.explained = 0
        """The end of a clause that tells why ("so I can get to church"): nothing in it is asked for."""

    def build(self) -> list[Piece]:
        """The pieces, in order; services and schedule phrases that count are noted in the sense."""
        makers: dict[str, Callable[[Item], Piece | None]] = {
            "join": self._join, "newneed": self._new, "andthen": self._and_then, "but": self._but,
            "or": self._or, "either": self._or, "then": self._then, "those": self._then,
            "thence": self._thence, "till_then": self._till_then,
            "both": self._both, "whole": self._whole, "from_now_on": self._whole,
            "apart": self._apart, "anchor": self._anchor, "preference": self._preference,
            "nth_named": self._nth_named, "same_time": self._same, "same_day": self._same, "same_period": self._same,
            "same_start": self._same, "same_length": self._same,
            "idem": self._idem, "suchlike": self._suchlike, "same": self._ditto,
            "someone": self._someone, "service": self._service, "particle": self._particle, "when": self._when,
        }  # fmt: skip
        last = reached = 0
        for item in self.found.items:
            self.strength = max(self.strength, self._boundary(last, item))
            if self.strength or item.class_ in ("join", "newneed", "again"):
                self.parted.update(id(noun) for noun in self.nouns.values())
            # A piece, and nothing else, stands directly before it.
            touching = reached == item.first and bool(self.pieces)
            last = item.last
            maker = makers.get(item.class_)
            piece = maker(item) if maker else None
            if item.class_ not in ("or", "either", "but"):
                self.choosing = None
            if piece is not None and self._headed(piece, item):
                self.strength = 0
            if piece is not None:
                piece.boundary, piece.place, piece.touching = self.strength, item.first, touching
                if piece.kind == "X" and self.strength == 1 and self.found.in_brackets(item.first):
                    # "Lunch on weekdays (my sister comes on Sundays)": of what stands before the bracket.
                    piece.boundary = 0
                piece.joined, self.joining = self.joining, False
                piece.last = item.last
                self.pieces.append(piece)
                self.strength = 0
                reached = item.last
        return bind_times(appose(absorb(one_each(self.pieces), self.pack)))

    def _boundary(self, last: int, item: Item) -> int:
        """How strongly an item is separated; in brackets not from what it is of ("every week (from May), an hour")."""
        strength = self.found.boundary(last, item.first)
        hour = next((one for one in self.found.items if one.first == item.last and one.class_ == "when"), None)
        timed = any(piece.kind == "T" and CLOCK_KEYS & piece.value.keys() for piece in self.pieces)
        dated = item.class_ == "when" and "days" in item.value
        if dated and timed and hour is not None and CLOCK_KEYS & hour.value.keys():
            # "Every day at eight (Sunday at nine)": a need of its own.
            return strength
        bracket = self.found.words[last : last + 1] and self.found.words[last].text == "(" and item.first == last + 1
        return (
            0
            if bracket and strength == 1 and item.class_ == "when" and {*LIMIT_KEYS, "dur", "days"} & item.value.keys()
            else strength
        )

    def _headed(self, piece: Piece, item: Item) -> bool:
        """Whether a service says more of the one that heads its line: "Lunch: help with eating, daily"."""
        head = self.pieces[-1] if self.pieces else None
        if head is None or piece.kind != "S" or head.kind != "S" or self.strength != 1:
            return False
        between = [word.text for word in self.found.words[head.last : item.first]]
        less = {key for own in piece.value for key in self.pack.absorbs.get(own, ())}
        return between == [":"] and set(head.value) <= less

    def _join(self, _item: Item) -> None:
        self.strength = max(self.strength, 1)
        self.joining = True

    def _new(self, _item: Item) -> None:
        self.strength = 2

    def _apart(self, item: Item) -> None:
        """For "And then, quite separately, …": it does not begin when what was said before it ends."""
        self._new(item)
        self.following = False

    def _and_then(self, item: Item) -> Piece | None:
        begins = sentence_bounds(self.found, item.first)[0] == item.first
        if not self.pieces and self.sense.asides and (begins or "until" in self.sense.asides[-1]):
            # "In January I get a new hip. After that, help with dressing."; "I can manage until Sunday, after that …".
            return self._thence(item)
        self.strength = max(self.strength, 1)
        self.following = True
        named = any(piece.kind == "S" for piece in self.pieces)
        self.joining = self.joining or (named and names_next(self.found, item))
        return None

    def _but(self, _item: Item) -> None:
        self.strength = max(self.strength, 1)
        self.contrasted = True

    def _or(self, item: Item) -> None:
        self.choosing = item.class_

    def _then(self, item: Item) -> Piece | None:
        """For "Then" points back to a day that was named beside the point; "in those weeks" to those of a need, too."""
        span, those = self.found.words[item.last - 1].text in self.pack.span_nouns, item.class_ == "those"
        limited = any(piece.kind == "T" and LIMITED & piece.value.keys() for piece in self.pieces)
        limited = limited and any(piece.kind == "S" for piece in self.pieces)
        if those and not span:
            days = those_days(self.sense.told, [piece.value for piece in self.pieces if piece.kind == "T"])
            return Piece("T", days) if days else None
        if span and limited and (those or not self.sense.told):
            return Piece("T", {"same_period": True})
        if self.pieces and self.pieces[-1].kind == "X" and "date" in self.pieces[-1].value:
            self.instead = item.last
        told = spans(self.sense.told) if span else []
        if self.sense.told and self.sense.referred is None:
            self.sense.referred = told[-1] if told else self.sense.told_before(item.first)
            self.sense.referred_at = item.first
        follower = next((other for other in self.found.items if other.first == item.last), None)
        again = follower is not None and follower.class_ == "when" and {"freq", "per"} & follower.value.keys()
        parted = self.strength and follower is not None and follower.class_ == "when" and "days" in follower.value
        if self.pieces and (again or parted):
            # "Daily until Friday, then every other day".
            self.following = True
        return None

    def _thence(self, _item: Item) -> Piece | None:
        """For "From then on": from the day that was named before."""
        for when in reversed([*self.sense.asides, *(item.value for item, _ in self.sense.whens)]):
            if "date" in when:
                # "I go into hospital on the 3rd. From then on …": on that day, too.
                self.pieces = [one for one in self.pieces if one.kind != "X" or one.value.get("date") != when["date"]]
                for own in self.sense.apart:
                    own.exceptions = [gone for gone in own.exceptions if gone.get("date") != when["date"]]
            begins = from_then(when)
            if begins is not None:
                apart = len(self.pieces) == 1 or any(one.boundary == FULL_STOP for one in self.pieces[1:2])
                if "days" in when and apart and self.pieces and self.pieces[0].value == when:
                    # "He's home on Thursday. Could somebody help from then on …": that day is only told.
                    del self.pieces[0]
                return Piece("T", begins)
        return None

    def _till_then(self, _item: Item) -> Piece:
        """For "From 1 July he gets a pump, and until then …": what was told to begin then ends what is asked for."""
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.kind == "T" and last.value.keys() <= {"from", "date"}:
            self.strength = max(self.strength, self.pieces.pop().boundary)
            return Piece("T", {"until": next(iter(last.value.values()))[0], "inclusive": False})
        ends = (until_then(when) for when in reversed(self.sense.asides))
        return Piece("T", next((end for end in ends if end is not None), {"vague": "until"}))

    def _both(self, item: Item) -> None:
        """For "Both at one o'clock": the next phrase is of all needs."""
        self.all = item

    def _whole(self, item: Item) -> None:
        """For "All of it until Easter", ", always at three", "four weeks, all of it": so is that phrase."""
        before = self.pieces[-1] if self.pieces else None
        behind = before is not None and before.kind == "T" and item.first - before.last <= BESIDE and self.strength < 2
        near = [other for other in self.found.items if 0 <= other.first - item.last <= BESIDE]
        wished = [other for other in self.found.items if 0 <= item.first - other.last <= BESIDE]
        said_of_who = any(other.class_ == "preference" for other in near) or (
            any(other.class_ == "preference" for other in wished) and not self._when_follows(item)
        )
        if said_of_who or any(other.class_ == "this_time_only" for other in near):
            # "The shower on Tuesdays, the stockings daily, all of it by a woman": that says nothing of when.
            return
        if item.class_ == "whole" and behind and before is not None and not self._when_follows(item):
            before.whole = True
        elif item.last - item.first == 1 and not self._when_follows(item):
            # "To see whether he's all right, and the dog daily at ten".
            return
        elif item.class_ == "whole" or self.strength:
            self.all = item

    def _when_follows(self, item: Item) -> bool:
        """Whether a schedule phrase stands directly behind an item."""
        return any(other.class_ == "when" and other.first == item.last for other in self.found.items)

    def _is_whole(self, item: Item) -> bool:
        """Whether a schedule phrase is of all needs: it was said just before, or of the phrase before it."""
        if self.all is not None:
            near = NEAR if self.all.class_ != "from_now_on" else NEAREST
            return item.first - self.all.last <= near and self.found.boundary(self.all.last, item.first) < 2
        before = self.pieces[-1] if self.pieces else None
        if before is None or not before.whole:
            return False
        # "Both on 9 February, and after that every week".
        goes_on = self.following or item.value.keys() <= LIMIT_KEYS or self._of_each(before, item)
        return not self.strength or (self.strength < 2 and goes_on)

    def _of_each(self, before: Piece, item: Item) -> bool:
        """Whether an hour ends a sentence that only says how long for each: "Two hours each, in the afternoon."."""
        start, end = sentence_bounds(self.found, item.first)
        inside = [one for one in self.found.items if start <= one.first < end and one.class_ != "request"]
        only = [one.class_ for one in inside] == ["when", "when"] and inside[-1] is item
        return only and before.value.keys() == {"dur"} and item.value.keys() <= TIME_KEYS

    def _preference(self, item: Item) -> Piece | None:
        wrongly = said_wrongly(item, self.found) or id(item) in self.dropped
        if wrongly or instead_of(item, self.found, self.pack.light):
            return None
        self.sense.wishes.append((item.first, item.value))
        self.sense.preferences = item.value | self.sense.preferences
        return None if "helper_name" in item.value else Piece("W", WISH)

    def _someone(self, item: Item) -> Piece:
        return Piece("W", TASK if own_task(self.found, item, self.pack) else None)

    def _same(self, item: Item) -> Piece | None:
        """For "The drops at the same time": what stands for something that was said of a need before."""
        return Piece("T", {item.class_: True}) if any(piece.kind == "T" for piece in self.pieces) else None

    def _ditto(self, _item: Item) -> Piece | None:
        """For "Cleaning: Monday at ten. Laundry: ditto.": the days, and the hours unless others are said."""
        before = self.pieces[-1] if self.pieces else None
        timed = any(piece.kind == "T" for piece in self.pieces)
        if before is None or before.kind != "S" or self.strength > 1 or not timed:
            return None
        return Piece("T", {"same_day": True, "same_time": UNLESS_SAID})

    def _anchor(self, item: Item) -> Piece | None:
        """For "After my shower" only says when, but "after the stockings come off, both at nine" names two needs."""
        return self._service(item) if self.found.has("both") and item.value is not True else None

    def _service(self, item: Item) -> Piece | None:
        if self._but_this(item, item.value) or id(item) in self.dropped:
            return None
        self.explained = max(self.explained, purpose_end(item, self.pieces, self.found, self.pack))
        if item.first < self.explained or tells_of_days_out(item, self.pieces, self.found):
            return None
        self.sense.services.append((item, item.value))
        piece = Piece("S", item.value, late=named_late(item, self.found, self.pack))
        for family, keys in self.pack.particle_nouns.items():
            if keys & set(item.value):
                self.nouns[family] = piece
                if len(item.value) > 1 or self.found.words[item.last - 1].text in self.pack.particles[family]:
                    self.settled.add(id(piece))
        return piece

    def _nth_named(self, item: Item) -> Piece | None:
        """For "The first on Tuesdays, the second on Thursdays": the services of a list, by their place in it."""
        if heads_need(item, self.found, self.pack):
            # "The first is the windows": a need begins, which is named here.
            self.strength = 2
            return None
        keys = listed(item, self.found, self.pack, self.pieces)
        return None if not keys or self._but_this(item, keys) else Piece("S", keys)

    def _idem(self, item: Item) -> Piece | None:
        """For "A walk every Tuesday, half an hour; ditto on Sunday": the service named last once more.

        In "shopping: Fridays at ten, the windows: ditto" it is the days, and the hour unless another is said.
        """
        if (same := self._ditto(item)) is not None:
            return same
        before = next((piece for piece in reversed(self.pieces) if piece.kind == "S"), None)
        if before is not None:
            at_same_hour(self.pieces, item)
        return Piece("S", list(before.value), again=True) if before is not None else None

    def _suchlike(self, _item: Item) -> None:
        """For "My exercises, standing up and walking and so on": these are examples of what is named before them."""
        run: list[Piece] = []
        for piece in reversed(self.pieces):
            run.append(piece)
            if piece.kind != "S" or piece.boundary == FULL_STOP:
                break
        run = [piece for piece in run if piece.kind == "S"][::-1]
        less: set[str] = set()
        for piece in run:
            named, less = less, less | {key for own in piece.value for key in self.pack.absorbs.get(own, ())}
            if set(piece.value) <= named:
                piece.boundary, piece.joined = 0, False

    def _but_this(self, item: Item, keys: list[str]) -> bool:
        """For "All of it until 1 July, except the pedicure": of that alone it does not hold."""
        whole = self.pieces[-1] if self.pieces else None
        before = next((other for other in reversed(self.found.items) if other.last <= item.first), None)
        if whole is None or before is None or not whole.whole or before.class_ != "except" or self.strength > 1:
            return False
        whole.but = [*whole.but, *keys]
        if own_hour(item, self.found):
            # "All of it at ten except the cooking, that at five".
            self.strength = max(self.strength, 1)
            return False
        return True

    def _particle(self, item: Item) -> Piece | None:
        """What "off" in "my stockings off again" says: the noun's direction, or a service of its own."""
        family, key = item.value["family"], item.value["service"]
        noun = self.nouns.get(family)
        if noun is None and id(item) not in self.dropped and told_of(item, family, self.found, self.pack, self.dropped):
            # "My daughter put the stockings on; could somebody come to pull them on from May?"
            noun = self.nouns[family] = Piece("S", [key])
            self.settled.add(id(noun))
            self.sense.services.append((item, [key]))
            return noun
        if noun is None or id(item) in self.dropped:
            return None
        if id(noun) not in self.settled | self.parted:
            noun.value = [key]
            self.settled.add(id(noun))
            return None
        if noun.value == [key] and id(noun) not in self.parted:
            return None
        piece = Piece("S", [key])
        self.nouns[family] = piece
        self.settled.add(id(piece))
        self.sense.services.append((item, [key]))
        return piece

    def _when(self, item: Item) -> Piece | None:
        if is_listed(item, self.found, self.pack) and (named := self._nth_named(item)) is not None:
            return named
        if id(item) in self.dropped:
            return Piece("X", self.exceptions[item.first]) if item.first in self.exceptions else None
        if item.value.get("role") == "from" or instead_of(item, self.found, self.pack.light):
            # "At ten instead of eight", "in the afternoon instead of the morning": the old time is not wanted.
            self.sense.whens.append((item, "plain"))
            return None
        if item.value.get("moving") and not self.found.has("move"):
            # "to nine" is a time only of something that is moved.
            return None
        choosing = self.choosing and self.pieces and not refuses(self.found, item)
        if choosing and otherwise(self.pieces, item, self.found, self.pack):
            self.choosing = None
            self.sense.whens.append((item, "plain"))
            return Piece("T", {**item.value, "rest": True})
        if choosing and alternative(self.pieces, item.value):
            self.sense.either = self.sense.either or self.choosing == "either"
            return None
        if item.first < self.explained and CLOCK_KEYS & item.value.keys() and timed(self.pieces):
            # "Breakfast at seven, so I can get to church for nine".
            return None
        self.sense.whens.append((item, "plain"))
        value = dict(item.value)
        if self.following and (goes_on(self.pieces, item, self.found) & value.keys() or value.get("every")):
            value["then"] = True
        if self.contrasted and is_day(value) and not value.keys() <= LIMIT_KEYS:
            value["but"] = True
        if value.keys() == {"from"} and self._renames():
            # "After Easter, that's to say from the seventh of April"; "after Christmas, say from the 4th".
            before = self.pieces[-1].value["from"][0]
            self.pieces[-1].value = {"from": [later_than(spoken, before) for spoken in value["from"]]}
            return None
        if self.instead and 0 <= item.first - self.instead <= BESIDE and value.keys() <= {"days", "then"}:
            # "Every Friday, except the one before Christmas, then rather Thursday": once, and of which week is asked.
            value = {"days": value["days"], "once": True, "unsure": "days"}
        whole = bool(value.pop("of_all", False)) or self._is_whole(item)
        # "After that an hour every Thursday": it is then that the days begin.
        self.following = self.following and value.keys() <= {"dur", "each"}
        self.contrasted = False
        self.all = None
        return Piece("T", value, whole=whole)

    def _renames(self) -> bool:
        """Whether a beginning was said just before, and nothing between that parts the two."""
        before = self.pieces[-1] if self.pieces else None
        beside = before is not None and before.kind == "T" and self.strength < FULL_STOP and not self.joining
        return beside and before is not None and before.value.keys() == {"from"}
