"""From the items of a message to the pieces that make needs: what is meant, what is left out, what is beside the point."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlu.grammar.attach import Piece
from nlu.grammar.clocks import choose_times
from nlu.grammar.frames import CLOCK_KEYS, When, is_day, is_time
from nlu.grammar.functions import Clock
from nlu.grammar.items import Found, Item
from nlu.packs import Pack

_CLAUSE_CUTS = frozenset({"join", "newneed", "correction"})
NEAR = 6
"""So many words may stand between a day and the "not" that is said of it."""


@dataclass
class Sense:
    """The pieces of a message, in order, and what was noticed on the way."""

    pieces: list[Piece] = field(default_factory=list)
    exceptions: list[tuple[int, When]] = field(default_factory=list)
    preferences: dict[str, str] = field(default_factory=dict)
    either: bool = False
    corrected: bool = False
    other_agent: bool = False
    asides: list[When] = field(default_factory=list)
    referred: When | None = None
    mentioned: list[tuple[int, list[str]]] = field(default_factory=list)
    """Services named beside the point: what is meant when none is named otherwise."""
    purpose: bool = False
    strict: bool = False
    whens: list[tuple[Item, str]] = field(default_factory=list)
    """Every schedule phrase that counts, with its role: `plain`, `not` or `agent`."""
    services: list[tuple[Item, list[str]]] = field(default_factory=list)


@dataclass
class _Clause:
    """The items between two commas, stops or coordinators."""

    items: list[Item] = field(default_factory=list)
    hard: bool = False

    def has(self, *classes: str) -> bool:
        return any(item.class_ in classes for item in self.items)


def clauses(found: Found) -> list[_Clause]:
    """The clauses of a message: cut at punctuation and at words that go on with something else."""
    row = [_Clause(hard=True)]
    last = 0
    for item in found.items:
        strength = found.boundary(last, item.first)
        last = item.last
        if strength or item.class_ in _CLAUSE_CUTS:
            row.append(_Clause(hard=strength == 2))
        row[-1].items.append(item)
    return row


class Reader:
    """Reads the items of one message; see `sense`."""

    def __init__(self, found: Found, pack: Pack) -> None:
        self.found = found
        self.pack = pack
        self.sense = Sense()
        self.dropped: set[int] = set()
        self.settled: set[int] = set()
        self.parted: set[int] = set()

    def read(self) -> Sense:
        """The sense of the message."""
        row = clauses(self.found)
        long_winded = sum(clause.hard for clause in row) > 3
        self.sense.strict = long_winded
        self.sense.purpose = any(self._purpose(item) for item in self.found.items)
        asked = any(clause.has("request", "someone") for clause in row)
        for place, clause in enumerate(row):
            if self._beside_the_point(clause, row, place, long_winded and asked):
                self._set_aside(clause)
            elif self._someone_else_does_it(clause):
                self._leave_to_others(clause)
            elif clause.items and clause.items[0].class_ == "reason" and not clause.has("request", "someone"):
                self._set_aside(clause)
        self._corrections()
        self._negations()
        self._walk()
        return self.sense

    def _purpose(self, item: Item) -> bool:
        """Whether an item says what somebody is to come for ("to put up a shelf"), in words that were not understood."""
        if item.class_ != "purpose":
            return False
        return self.found.words[item.last - 1].text not in self.pack.no_purpose

    # --- clauses that are no request

    def _beside_the_point(self, clause: _Clause, row: list[_Clause], place: int, strict: bool) -> bool:
        """Whether a clause tells of the past or of something else than help that is wanted."""
        if clause.has("history") and not clause.has("request", "someone"):
            return True
        if strict and not clause.has("request", "someone"):
            # In a long letter: only what has both a service and a time, or goes on with a request.
            sentence = self._sentence(row, place)
            told = any(part.has("history") for part in sentence)
            wanted = any(part.has("request", "someone") for part in sentence)
            whole = any(p.has("service", "particle") for p in sentence) and any(p.has("when") for p in sentence)
            if not wanted and (told or not whole) and not self._only_schedule(sentence):
                return True
        # A service in a sentence that says nothing of when is only mentioned.
        return strict and not any(part.has("when") for part in self._sentence(row, place)) and clause.has("service")

    @staticmethod
    def _only_schedule(sentence: list[_Clause]) -> bool:
        """Whether a sentence is nothing but a schedule ("Every Monday.", "Not on Sundays.")."""
        return any(item.class_ == "when" and is_day(item.value) for part in sentence for item in part.items) and not any(
            part.has("history", "person") for part in sentence
        )

    @staticmethod
    def _sentence(row: list[_Clause], place: int) -> list[_Clause]:
        first = place
        while first > 0 and not row[first].hard:
            first -= 1
        last = place + 1
        while last < len(row) and not row[last].hard:
            last += 1
        return row[first:last]

    def _set_aside(self, clause: _Clause) -> None:
        for item in clause.items:
            if item.class_ in ("when", "service", "particle"):
                self.dropped.add(id(item))
                if item.class_ == "service":
                    self.sense.mentioned.append((item.first, item.value))
                if item.class_ == "when" and is_day(item.value):
                    self.sense.asides.append(item.value)

    def _someone_else_does_it(self, clause: _Clause) -> bool:
        """Whether a clause tells that somebody of their own does something ("Saturday my son cooks")."""
        if clause.has("request", "someone", "not") or not clause.has("doing", "away"):
            return False
        if clause.has("away"):
            return not clause.has("service") and any(item.class_ == "when" and is_day(item.value) for item in clause.items)
        return any(
            item.class_ == "person" and not (item.first and self.found.words[item.first - 1].text in self.pack.for_whom)
            for item in clause.items
        )

    def _leave_to_others(self, clause: _Clause) -> None:
        self.sense.other_agent = True
        for item in clause.items:
            if item.class_ in ("service", "particle"):
                self.dropped.add(id(item))
            elif item.class_ == "when":
                self.dropped.add(id(item))
                self.sense.whens.append((item, "agent"))
                if is_day(item.value):
                    self.sense.asides.append(item.value)
                    self.sense.exceptions.append((item.first, item.value))

    # --- what is taken back, and what is left out

    def _corrections(self) -> None:
        """ "Monday, no Tuesday": what was said first is dropped."""
        items = [item for item in self.found.items if id(item) not in self.dropped]
        for place, item in enumerate(items):
            if item.class_ != "correction":
                continue
            after = next((later for later in items[place + 1 : place + 4] if later.class_ in ("when", "service")), None)
            if after is None:
                continue
            for earlier in reversed(items[:place]):
                if earlier.class_ == "newneed" or item.first - earlier.last > 8:
                    break
                if earlier.class_ == after.class_ and id(earlier) not in self.dropped and _same_kind(earlier, after):
                    self.dropped.add(id(earlier))
                    self.sense.corrected = True
                    if earlier.class_ == "when" and "every" in earlier.value and is_day(after.value):
                        after.value = {**after.value, "every": True}
                    break

    def _negations(self) -> None:
        """Days behind "except" or beside "not" are exceptions."""
        items = self.found.items
        for place, item in enumerate(items):
            if item.class_ == "except":
                self._excepted(place)
            elif item.class_ == "not":
                self._negated(place)
                self._contrasted(place)

    def _excepted(self, place: int) -> None:
        items = self.found.items
        taken = False
        end = items[place].last
        for step in range(place + 1, len(items)):
            item = items[step]
            strength = self.found.boundary(end, item.first)
            if strength == 2 or item.first - end > NEAR:
                break
            end = item.last
            if item.class_ in ("join", "except", "soft"):
                continue
            if item.class_ != "when" or not is_day(item.value) or (taken and self._starts_need(step, strength)):
                break
            if "freq" in item.value or (taken and item.value.get("every")):
                break
            self._except(item)
            taken = True
        if not taken:
            self._negated(place)

    def _starts_need(self, place: int, strength: int) -> bool:
        """Whether a day behind an exception begins something new: a service follows it."""
        items = self.found.items
        follower = items[place + 1] if place + 1 < len(items) else None
        return bool(strength) and "until" in items[place].value or (
            follower is not None and follower.class_ in ("service", "someone", "request")
        )

    def _negated(self, place: int) -> None:
        items = self.found.items
        marker = items[place]
        clause = next((part for part in clauses(self.found) if marker in part.items), None)
        if clause is None:
            return
        near = [
            item
            for item in clause.items
            if item.class_ == "when" and is_day(item.value) and "freq" not in item.value
            and (0 <= marker.first - item.last <= NEAR or 0 <= item.first - marker.last <= 2)
        ]  # fmt: skip
        for item in near[-1:]:
            self._except(item)

    def _contrasted(self, place: int) -> None:
        """ "Not every other week but every week": what stands behind "not" does not count."""
        items = self.found.items
        if place + 2 >= len(items):
            return
        refused, follower = items[place + 1], items[place + 2]
        if refused.class_ == "when" and refused.first == items[place].last and follower.class_ == "but":
            self.dropped.add(id(refused))
            self.sense.whens.append((refused, "not"))

    def _except(self, item: Item) -> None:
        if id(item) in self.dropped:
            return
        self.dropped.add(id(item))
        self.sense.whens.append((item, "not"))
        self.sense.exceptions.append((item.first, item.value))

    # --- the row of pieces

    def _walk(self) -> None:
        """Put services, schedule phrases and exceptions in a row."""
        sense, found = self.sense, self.found
        strength = 0
        last = 0
        skipping: str | None = None
        following = False
        exceptions = dict(sense.exceptions)
        pieces: list[Piece] = []
        nouns: dict[str, Piece] = {}
        for item in found.items:
            strength = max(strength, found.boundary(last, item.first))
            if strength or item.class_ in ("join", "newneed", "again"):
                self.parted.update(id(noun) for noun in nouns.values())
            touching = last == item.first and bool(pieces)
            last = item.last
            piece: Piece | None = None
            if item.class_ == "join":
                strength = max(strength, 1)
            elif item.class_ == "newneed":
                strength = 2
            elif item.class_ == "andthen":
                strength, following = max(strength, 1), True
            elif item.class_ in ("or", "either"):
                skipping = item.class_
                continue
            elif item.class_ == "then" and sense.asides and sense.referred is None:
                sense.referred = sense.asides[-1]
            elif item.class_ == "preference":
                for name, value in item.value.items():
                    sense.preferences.setdefault(name, value)
                if "helper_name" not in item.value:
                    piece = Piece("W", None)
            elif item.class_ == "someone":
                piece = Piece("W", None)
            elif item.class_ == "service" and id(item) not in self.dropped:
                sense.services.append((item, item.value))
                piece = Piece("S", item.value)
                self._remember_noun(item, piece, nouns)
            elif item.class_ == "particle" and id(item) not in self.dropped:
                piece = self._particle(item, nouns)
            elif item.class_ == "when":
                if item.first in exceptions and id(item) in self.dropped:
                    piece = Piece("X", exceptions[item.first])
                elif id(item) not in self.dropped:
                    if skipping and pieces and _alternative(pieces, item):
                        sense.either = sense.either or skipping == "either"
                    else:
                        sense.whens.append((item, "plain"))
                        piece = Piece("T", dict(item.value))
                        if following and ("freq" in item.value or item.value.get("every")):
                            piece.value["then"] = True
                        if following and "partly" in item.value:
                            piece.value["then"] = True
                        following = False
            skipping = None
            if piece is not None:
                piece.boundary, piece.place, piece.touching = strength, item.first, touching
                pieces.append(piece)
                strength = 0
        sense.pieces = bind_times(_absorb(pieces, self.pack))

    def _remember_noun(self, item: Item, piece: Piece, nouns: dict[str, Piece]) -> None:
        """Keep a noun such as "stockings" whose particle ("on", "off") may still come."""
        for family, keys in self.pack.particle_nouns.items():
            if keys & set(item.value):
                explicit = len(item.value) > 1 or self.found.words[item.last - 1].text in self.pack.particles[family]
                nouns[family] = piece
                piece.touching = False
                if explicit:
                    self.settled.add(id(piece))

    def _particle(self, item: Item, nouns: dict[str, Piece]) -> Piece | None:
        """What "off" in "my stockings off again" says: the noun's direction, or a service of its own."""
        family, key = item.value["family"], item.value["service"]
        noun = nouns.get(family)
        if noun is None:
            return None
        if id(noun) not in self.settled and id(noun) not in self.parted:
            noun.value = [key]
            self.settled.add(id(noun))
            return None
        if noun.value == [key]:
            return None
        piece = Piece("S", [key])
        nouns[family] = piece
        self.settled.add(id(piece))
        self.sense.services.append((item, [key]))
        return piece


def sense(found: Found, pack: Pack) -> Sense:
    """The sense of a message's items."""
    return Reader(found, pack).read()


def _same_kind(first: Item, second: Item) -> bool:
    """Whether the second can take the place of the first."""
    if first.class_ == "service":
        return True
    return (
        (is_day(first.value) and is_day(second.value))
        or (is_time(first.value) and is_time(second.value))
        or ("dur" in first.value and "dur" in second.value)
        or ("per" in first.value and "per" in second.value)
    )


def _alternative(pieces: list[Piece], item: Item) -> bool:
    """Whether a phrase behind "or" is another choice for the phrase before it."""
    before = pieces[-1]
    if before.kind != "T":
        return False
    return is_day(before.value) and is_day(item.value) or is_time(before.value) and is_time(item.value)


def _absorb(pieces: list[Piece], pack: Pack) -> list[Piece]:
    """Of two services in one breath, drop the one that only says how or where ("a lift to the hairdresser")."""
    segments: list[list[Piece]] = []
    for piece in pieces:
        if piece.boundary or not segments:
            segments.append([])
        segments[-1].append(piece)
    for segment in segments:
        named = {key for piece in segment if piece.kind == "S" for key in piece.value}
        less = {key for strong in named for key in pack.absorbs.get(strong, ()) if key in named}
        for piece in segment if less else ():
            if piece.kind == "S" and set(piece.value) <= less:
                piece.value = []
    kept = []
    carried = 0
    for piece in pieces:
        if piece.kind == "S" and not piece.value:
            carried = max(carried, piece.boundary)
            continue
        piece.boundary, carried = max(piece.boundary, carried), 0
        kept.append(piece)
    return kept


def bind_times(pieces: list[Piece]) -> list[Piece]:
    """Give each clock time the part of the day that is said beside it, and make one list of times in a row."""
    for place, piece in enumerate(pieces):
        if piece.kind != "T" or not CLOCK_KEYS & piece.value.keys() or "part" in piece.value:
            continue
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        before = pieces[place - 1] if place else None
        if after is not None and _binds(after) and not after.boundary and not _next_wants(pieces, place, before):
            _bind(piece, after)
        elif before is not None and _binds(before) and not piece.boundary:
            _bind(piece, before)
            piece.boundary = max(piece.boundary, before.boundary)
            piece.touching, piece.place = before.touching, before.place
    bound = [piece for piece in pieces if not (piece.kind == "T" and not piece.value)]
    return _join_times(bound)


def _binds(piece: Piece) -> bool:
    """Whether a piece is nothing but a part of the day."""
    return piece.kind == "T" and "part" in piece.value and piece.value.keys() <= {"part", "partly"}


def _next_wants(pieces: list[Piece], place: int, before: Piece | None) -> bool:
    """In "mornings at eight, evenings at nine" each time takes the part of the day before it."""
    if before is None or not _binds(before) or pieces[place].boundary:
        return False
    follower = pieces[place + 2] if place + 2 < len(pieces) else None
    return follower is not None and follower.kind == "T" and bool(CLOCK_KEYS & follower.value.keys())


def _bind(times: Piece, part: Piece) -> None:
    """Move the part of the day of one piece to another, and settle the clock times by it."""
    said = part.value
    if "times" in times.value:
        settled = choose_times(times.value["times"], said["part"], None, None)
        if settled:
            times.value["times"] = [Clock(minutes, open=False) for minutes in settled]
    times.value.update(said, bound=True)
    part.value = {}


def _join_times(pieces: list[Piece]) -> list[Piece]:
    """ "Eight in the morning and eight in the evening" is one list of times."""
    row: list[Piece] = []
    for piece in pieces:
        before = row[-1] if row else None
        if before is not None and _only_times(before) and _only_times(piece):
            parts = {before.value.get("part"), piece.value.get("part")}
            times = [*before.value["times"], *piece.value["times"]]
            before.value = {**before.value, **piece.value, "times": times}
            if len(parts) > 1:
                del before.value["part"]
            continue
        row.append(piece)
    return row


def _only_times(piece: Piece) -> bool:
    return piece.kind == "T" and "times" in piece.value and piece.value.keys() <= {"times", "part", "partly", "bound"}
