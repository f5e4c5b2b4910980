"""What the clauses of a message sound like, beside the services that words name in them.

Words miss a service that is said in other words ("a lamp hung in the hall"), and find one where none is meant ("the tap
is dripping" is about no eye drops). What a whole clause sounds like tells better, where it is sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from nlu.grammar.attach import Piece
from nlu.grammar.found import Found
from nlu.grammar.frames import is_day, is_time
from nlu.grammar.meaning import Clause, Sense, asked_behind, clauses, sentence_bounds
from nlu.packs.pack import Pack

NONE = "none"
"""What a guesser says of a text that asks for no service."""
FAMILY = {"med_reminder": "medication", "med_hand_over": "medication", "med_administer": "medication"}
"""Variants with their family: which of them is meant is never guessed."""
ROLES = frozenset({"nursing"})
"""Services that are named by who does them: what the nurse is to do says more."""
HEARD = 0.65
"""A clause that so surely sounds like a service asks for it, though no word names it …"""
SURE = 0.85
"""… and one that sounds so surely like another than its word names asks for that one …"""
NOT_AT_ALL = 0.04
"""… if it does not sound at all like the one that its word names."""
HARDLY = 0.1
"""Of two that words name, the one that the clause hardly sounds like is dropped."""
DRIVES = "transport"
"""The service that takes somebody to where others are done."""
WASHING = "laundry"
"""Where curtains or sheets are named, nobody is washed."""
TREATMENTS = frozenset({"observation", "injection", "eye_drops", "wound_care", "catheter_stoma", "physio", "pedicure"})
"""What is done where a ride takes somebody to: told beside the ride it is no need of its own."""
ANIMALS = "pet_care"
"""Where an animal is named, it is walked and fed, whatever it sounds like."""
SLEEPING = "night_sleep_in"
"""Who sleeps in the house does so for somebody who must not be alone."""
WATCHES = ("night_waking", "palliative_presence")
"""Who watches is named alike; that somebody is dying is never guessed."""
PRESENCE = frozenset({"companionship", "respite"})
"""Somebody who is just there: what for was told just before, where a service was named without any time."""
MEANT = 0.5
"""A sentence that names a service, no time and no wish asks for it only if it sounds like it."""
LONGEST = 16
"""Of a clause of more words, those of when and who apart, it is not sure what it sounds like."""
FEWEST_LETTERS = 4
SHORTEST = 3
"""A shorter word alone sounds like nothing."""
PUNCTUATION = " .,;:!?()-"
_UNSAID = frozenset({"when", "preference", "except", "newneed", "away"})


class Guesser(Protocol):
    """Tells how likely each service is the one a piece of a request is about."""

    def likely(self, text: str, language: str) -> Mapping[str, float]:
        """The probability of each service and of `none`, the likeliest first."""


class Hearing:
    """Listens to the clauses of one message."""

    def __init__(self, found: Found, sense: Sense, pack: Pack, guesser: Guesser | None) -> None:
        """Without a guesser nothing is heard."""
        self.found = found
        self.sense = sense
        self.language = pack.language
        self.light = pack.light
        self.hollow = pack.light | pack.idle | {word for family in pack.particles.values() for word in family}
        self.there, self.duties = pack.there, pack.duties
        self.places = pack.absorbs.get(DRIVES, frozenset())
        self.absorbs = pack.absorbs
        self.guesser = guesser
        self._heard: dict[str, dict[str, float]] = {}
        self._likely: dict[str, Mapping[str, float]] = {}

    def mend(self, pieces: Sequence[Piece]) -> list[Piece]:
        """The row with the services that clauses sound like, beside or instead of those that words name."""
        row = self._without_errands(self._without_places(list(pieces)))
        if self.guesser is None or not any(piece.kind == "S" for piece in row):
            return row
        row = self._without_reasons(self._without_remarks(row))
        for clause in clauses(self.found):
            inside = [piece for piece in row if clause.start <= piece.place < clause.end] or self._behind(clause, row)
            text = self.own_text(clause)
            if not inside or len(text.split()) > LONGEST or self._beside(clause):
                continue
            odds = self.odds(text)
            if any(piece.kind == "S" for piece in inside):
                row = self._named(row, inside, odds)
            else:
                self._unnamed(row, inside, clause, odds)
        return row

    def _without_places(self, row: list[Piece]) -> list[Piece]:
        """The row without services that only say where to: "The chiropodist on Monday, can anybody drive me?"."""
        for piece in row:
            clause = asked_behind(self.found, piece.place) if piece.kind == "S" else None
            taken = [one for one in row if clause and one.kind == "S" and clause.start <= one.place < clause.end]
            if any(one.value == [DRIVES] for one in taken):
                piece.value = [key for key in piece.value if key not in self.places]
        return _without_empty(row)

    def _without_errands(self, row: list[Piece]) -> list[Piece]:
        """The row without services that are told behind a ride: "The eye clinic at two. They put drops in there.".

        There the ride takes somebody to them: who tells of them asks for nothing, and says no day and no hour.
        """
        for clause in clauses(self.found):
            inside = [piece for piece in row if clause.start <= piece.place < clause.end]
            named = [piece for piece in inside if piece.kind == "S" and piece.value != [DRIVES]]
            if not named or len(named) < len(inside) or not self._told_of(clause):
                continue
            before = row[: _index(row, inside[0])]
            rides = [at for at, piece in enumerate(before) if piece.kind == "S"]
            dated = any(piece.kind == "T" for piece in before)
            if rides and dated and all(before[at].value == [DRIVES] for at in rides):
                for piece in named:
                    piece.value = []
        return _without_empty(row)

    def _told_of(self, clause: Clause) -> bool:
        """Whether a clause begins with somebody who does something, and nobody is asked for in it."""
        if clause.has("someone", "whole", "both") or clause.joined:
            return False
        first = next((item for item in clause.items if item.class_ not in ("reason", "so", "then")), None)
        asked = next((item.first for item in clause.items if item.class_ == "request"), clause.end)
        subject = first is not None and first.class_ == "self" and first.first < asked
        words = [word.text for word in self.found.words[clause.start : clause.start + 2]]
        return subject or bool(self.there & set(words))

    def _behind(self, clause: Clause, row: Sequence[Piece]) -> list[Piece]:
        """The pieces of a sentence that names no service and begins with this clause: "A bulb changed, at eleven"."""
        _, end = sentence_bounds(self.found, clause.end - 1)
        pieces = [piece for piece in row if clause.end <= piece.place < end]
        return pieces if clause.hard and all(piece.kind == "T" for piece in pieces) else []

    def _without_remarks(self, row: list[Piece]) -> list[Piece]:
        """The row without services of sentences that only tell ("The dog doesn't bite."), when another one asks."""
        sentences: dict[tuple[int, int], list[Piece]] = {}
        for piece in row:
            sentences.setdefault(sentence_bounds(self.found, piece.place), []).append(piece)
        asked = any({"S"} < {piece.kind for piece in inside} for inside in sentences.values())
        asked = asked and not self.found.has("both")
        for (start, end), inside in sentences.items() if asked else ():
            bare = all(piece.kind == "S" for piece in inside)
            if not bare or self._must(start, end):
                continue
            odds = self.odds(self.text(start, end).strip(PUNCTUATION))
            for piece in inside:
                piece.value = [key for key in piece.value if odds.get(FAMILY.get(key, key), 0.0) >= MEANT]
        return _without_empty(row)

    def _must(self, start: int, end: int) -> bool:
        """Whether something is asked between two places, also within a phrase ("the sheets must be washed")."""
        inside = [item for item in self.found.items if start <= item.first < end]
        words = {
            word.text
            for item in inside
            if item.class_ == "service"
            for word in self.found.words[item.first : item.last]
        }
        return any(item.class_ == "request" for item in inside) or bool(words & self.duties)

    def _without_reasons(self, row: list[Piece]) -> list[Piece]:
        """The row without services of clauses that only tell why ("…, my wrist is in plaster"), behind a need."""
        for clause in clauses(self.found):
            inside = [piece for piece in row if clause.start <= piece.place < clause.end]
            bare = {"S"} <= {piece.kind for piece in inside} <= {"S", "W"}
            if clause.joined or clause.hard or not bare:
                continue
            before = row[: _index(row, inside[0])]
            asked = any(piece.kind == "S" for piece in before) and any(piece.kind == "T" for piece in before)
            if not asked or clause.has("request", "correction") or not self._tells(clause):
                continue
            odds = self.odds(self.own_text(clause))
            for piece in [piece for piece in inside if piece.kind == "S"]:
                piece.value = [key for key in piece.value if odds.get(FAMILY.get(key, key), 0.0) >= MEANT]
        return _without_empty(row)

    def _tells(self, clause: Clause) -> bool:
        """Whether so much of a clause was not understood that it may be no bare "…, the windows"."""
        covered = {at for item in clause.items for at in range(item.first, item.last)}
        return any(at not in covered and self.found.words[at].text.isalpha() for at in range(clause.start, clause.end))

    def odds(self, text: str) -> dict[str, float]:
        """How likely each service is what the text asks for; the variants of a family count as the family."""
        if text in self._heard:
            return self._heard[text]
        odds = self._heard[text] = dict[str, float]()
        if all(word in self.hollow or len(word) < SHORTEST for word in text.split()):
            # "… and off at nine": what is to come off is not said.
            return odds
        for key, share in self.likely(text).items():
            odds[FAMILY.get(key, key)] = odds.get(FAMILY.get(key, key), 0.0) + share
        return odds

    def likely(self, text: str) -> Mapping[str, float]:
        """How likely each service is what the text asks for, the likeliest first; nothing without a guesser.

        Of most messages the only clause is the whole sentence, so what was asked once is kept.
        """
        text = text.strip(PUNCTUATION)
        if text not in self._likely:
            self._likely[text] = self.guesser.likely(text, self.language) if self.guesser else {}
        return self._likely[text]

    def text(self, start: int, end: int) -> str:
        """The words from `start` until before `end`, without those that say when or who."""
        unsaid = {at for item in self.found.items if item.class_ in _UNSAID for at in range(item.first, item.last)}
        return " ".join(word.text for at, word in enumerate(self.found.words[start:end], start) if at not in unsaid)

    def own_text(self, clause: Clause) -> str:
        """The words of a clause behind its "and", without those that say when or who."""
        first = clause.items[0].last if clause.joined and clause.items else clause.start
        return self.text(first, clause.end).strip(PUNCTUATION)

    def _beside(self, clause: Clause) -> bool:
        """Whether a clause asks for nothing."""
        return any(start <= clause.start < end for start, end in self.sense.beside)

    def _named(self, row: list[Piece], inside: list[Piece], odds: Mapping[str, float]) -> list[Piece]:
        """Drop or replace the services of a clause that it hardly sounds like, when it surely sounds like another."""
        best, sureness = _best(odds)
        named = [piece for piece in inside if piece.kind == "S"]
        between = inside[inside.index(named[0]) + 1 : inside.index(named[-1]) + 1]
        if best == NONE or sureness < HEARD or any(piece.boundary for piece in between) or _each_dated(inside):
            # Behind a comma or "and then" another may well be wanted besides, and so may one with days of its own.
            return row
        meant = {key for piece in named for key in piece.value}
        if best in ROLES and meant - ROLES:
            # "The district nurse for his jabs": the jabs are what she comes for, whoever sounds louder.
            return row
        for piece in named:
            if best in meant:
                piece.value = [key for key in piece.value if odds.get(FAMILY.get(key, key), 0.0) > HARDLY]
            elif len(named) == 1 and sureness >= SURE:
                known = any(odds.get(FAMILY.get(key, key), 0.0) > NOT_AT_ALL for key in piece.value)
                known = known or any(self.says_more(key, best) for key in piece.value)
                piece.value = piece.value if known else [best]
        return _without_empty(row)

    def says_more(self, named: str, heard: str) -> bool:
        """Whether a word says more than what is heard: "the setter wants a stroll" is no walk of a person.

        Nor is "take me to the blood test" a test that somebody is to come for, or "the curtains washed" a bath.
        """
        if (named, heard) == WATCHES:
            return True
        less = TREATMENTS if named == DRIVES else self.absorbs.get(named, ())
        return named in (ANIMALS, WASHING, DRIVES, SLEEPING) and heard in less

    def _unnamed(self, row: list[Piece], inside: list[Piece], clause: Clause, odds: Mapping[str, float]) -> None:
        """Put in the service that a clause sounds like, which says when or that somebody shall come."""
        best, sureness = _best(odds)
        place = self._unread(clause)
        known = any(best in piece.value for piece in row if piece.kind == "S")
        if place is None or best == NONE or sureness < HEARD or known or asked_behind(self.found, place):
            return
        if best in PRESENCE and all(piece.kind in "SW" for piece in row[: _index(row, inside[0])]):
            return
        follower = next((piece for piece in inside if piece.place > place), None)
        heard = Piece("S", [best], place=place, last=place + 1)
        if follower is inside[0]:
            heard.boundary, heard.joined = follower.boundary, follower.joined
            follower.boundary, follower.joined = 0, False
        after = inside[-1] if follower is None else None
        row.insert(_index(row, after) + 1 if after is not None else _index(row, follower), heard)

    def _unread(self, clause: Clause) -> int | None:
        """The first word of a clause that no phrase took; None when too little was said in such words."""
        covered = {at for item in clause.items if item.class_ != "purpose" for at in range(item.first, item.last)}
        rest = [
            (at, word.text)
            for at, word in enumerate(self.found.words[clause.start : clause.end], clause.start)
            if at not in covered and word.text.isalpha() and word.text not in self.light
        ]
        enough = len(rest) > 1 and any(len(word) >= FEWEST_LETTERS for _, word in rest)
        return rest[0][0] if enough else None


def _best(odds: Mapping[str, float]) -> tuple[str, float]:
    best = max(odds, key=lambda key: odds[key], default=NONE)
    return best, odds.get(best, 0.0)


def _each_dated(pieces: Sequence[Piece]) -> bool:
    """Whether each of several services has days or hours behind it ("mopping on Tuesdays the wash on Thursdays")."""
    named = [at for at, piece in enumerate(pieces) if piece.kind == "S"]
    rows = [pieces[at:end] for at, end in pairwise([*named, len(pieces)])]
    return len(rows) > 1 and all(
        any(one.kind == "T" and (is_day(one.value) or is_time(one.value)) for one in row) for row in rows
    )


def _index(row: list[Piece], wanted: Piece | None) -> int:
    return next(at for at, piece in enumerate(row) if piece is wanted)


def _without_empty(row: list[Piece]) -> list[Piece]:
    """The row without services that were dropped; what separated them from the piece before goes to the next."""
    kept: list[Piece] = []
    carried, joined = 0, False
    for piece in row:
        if piece.kind == "S" and not piece.value:
            carried, joined = max(carried, piece.boundary), joined or piece.joined
            continue
        piece.boundary, carried = max(piece.boundary, carried), 0
        piece.joined, joined = piece.joined or joined, False
        kept.append(piece)
    return kept
