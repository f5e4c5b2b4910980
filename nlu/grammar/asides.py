"""Sentences of a message that only tell: what somebody says of their life, with days and hours that mean no visit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from math import inf
from typing import Protocol

from nlu.grammar.found import Found, only
from nlu.grammar.masks import masked
from nlu.grammar.spelling import HARD_STOPS

Span = tuple[int, int]
Odds = Callable[[tuple[str, ...], Sequence[str]], float]

CLAUSE_MARKS = HARD_STOPS | {",", ":"}
_POINTING = frozenset({"then", "those", "till_then", "thence", "from_said"})
"""What points to a day or hour told before."""

_ONLY_WHEN = frozenset({"when", "join", "newneed", "andthen", "request"})
"""A schedule, and what joins it to what was said before or asks for it."""

SURE = 0.5
"""The log odds from which on a sentence is taken to tell only …"""
BESIDE = -0.7
"""… where it names no service and others say when …"""
EXCEPTION = 0.2
"""… but it seems to say when not …"""
ONLY_LENGTH = 1.0
"""… where no other says how long …"""
ONLY_TIME = 1.5
"""… and where no other says when. The only sentence that names a service is always kept."""
SHORTEST = 3
"""A part of so many words and marks is kept: it is too short to tell anything."""
CLAUSE = 0.8
"""So much more is needed for a clause between commas: it may go on with what stands before it."""


class Teller(Protocol):
    """Tells which sentences only tell."""

    def log_odds(self, words: Sequence[str], masked: Sequence[str], language: str) -> float:
        """The log odds that a sentence of these words only tells; `masked` has class words for what was found."""


def spans(found: Found, marks: frozenset[str] = HARD_STOPS) -> list[Span]:
    """The sentences of a message: from which word until before which, with the mark at their end.

    A mark within what was found ("twice a day, at eight and six") parts nothing.
    """
    row, first = [], 0
    within = {at for item in found.items for at in range(item.first, item.last - 1)}
    for place, word in enumerate(found.words):
        if word.text in marks and place not in within:
            row.append((first, place + 1))
            first = place + 1
    return [*row, (first, len(found.words))] if first < len(found.words) else row


def without_asides(found: Found, teller: Teller, language: str) -> Found:
    """The message without the sentences, and then without the clauses, that surely only tell.

    It is left whole when nothing else would be left.
    """
    known: dict[tuple[str, ...], float] = {}

    def odds(words: tuple[str, ...], masked: Sequence[str]) -> float:
        if words not in known:
            known[words] = teller.log_odds(words, masked, language)
        return known[words]

    for marks, more in ((HARD_STOPS, 0.0), (CLAUSE_MARKS, CLAUSE)):
        found = _without(found, marks, more, odds)
    return found


def _without(found: Found, marks: frozenset[str], more: float, odds: Odds) -> Found:
    """The message without the parts between these marks that only tell; `more` odds than usual are needed for it."""
    whole = kept = spans(found, marks)
    # Looked up once: a letter has some forty parts, and each is weighed against all others.
    classes = {span: _classes(found, span) for span in whole}
    telling = {span: _telling(found, span, odds) for span in whole if _may_tell(found, span, classes)}
    while len(kept) > 1:
        # Each part that is left out leaves the others less, or nothing to point to: the surest goes first.
        named = Counter(name for span in kept for name in classes[span])
        least = {
            span: _needed(classes[span], named, classes[behind] if behind else set()) + more
            for span, behind in zip(kept, [*kept[1:], None], strict=True)
            if span in telling
        }
        surest = max((span for span in least if telling[span] > least[span]), key=telling.__getitem__, default=None)
        if surest is None:
            break
        kept = [span for span in kept if span != surest]
    return found if len(kept) == len(whole) else _without_parts(found, kept)


def _may_tell(found: Found, span: Span, classes: Mapping[Span, set[str]]) -> bool:
    """Whether a part is long enough, says more than when, and is not the only one that names a service."""
    if span[1] - span[0] <= SHORTEST or _says_only_when(found, span) or len(classes) < 2:
        return False
    return "service" not in classes[span] or any("service" in classes[one] for one in classes if one != span)


def _says_only_when(found: Found, span: Span) -> bool:
    """Whether a part is nothing but a schedule ("Three times a day.", "And also every day,")."""
    said = {at for item in found.items if item.class_ in _ONLY_WHEN for at in range(item.first, item.last)}
    return all(at in said or not found.words[at].text[0].isalnum() for at in range(*span))


def _telling(found: Found, span: Span, odds: Odds) -> float:
    return odds(tuple(word.text for word in found.words[slice(*span)]), masked(found, *span))


def as_said(left: Found, whole: Found, text: str) -> str:
    """What is left of the `text` of a `whole` message whose asides were left out."""
    kept = {id(word) for word in left.words}
    runs = groupby(whole.words, key=lambda word: id(word) in kept)
    parts = [list(words) for is_kept, words in runs if is_kept]
    return " ".join(text[words[0].start : words[-1].end] for words in parts)


def _needed(own: set[str], named: Counter[str], behind: set[str]) -> float:
    """From which log odds on a part with its `own` classes is left out.

    `named` counts the parts that are left of the message by class, itself among them; `behind` are the classes of the
    part behind it.
    """
    others = {name for name, parts in named.items() if parts > (name in own)}
    if "service" in own - others:
        # "My sister used to cook. Could somebody come on Tuesdays?": told, but it is what is asked for.
        return inf
    if "when" in own and behind & _POINTING:
        # "The boiler man comes on Monday. So no shower that day."
        return inf
    if "when" in own - others:
        return ONLY_TIME
    if "dur" in own - others:
        # "It isn't hard, half an hour is plenty."
        return ONLY_LENGTH
    if "service" in own or "when" not in others:
        return SURE
    if {"when", "but"} <= own:
        # "Dinner every evening. But Fridays we eat at my sister's": mostly an exception.
        return ONLY_LENGTH
    # "…, but never at the weekend", "My neighbour does Tuesdays": rather an exception than a tale.
    done = {"doing", "often"} <= own and "often" in others
    return EXCEPTION if "when" in own and (own & {"not", "except"} or done) else BESIDE


def _classes(found: Found, span: Span) -> set[str]:
    """The classes of what was found in a part; a length is one of its own, and so is what comes back.

    A day seen from another is as well.
    """
    items = [item for item in found.items if span[0] <= item.first < span[1]]
    whens = [item.value for item in items if item.class_ == "when"]
    pointed = any("from_said" in said for when in whens for said in when.get("date", ()))
    often = any("freq" in when or {"days", "every"} <= when.keys() for when in whens)
    special = {"from_said": pointed, "dur": any("dur" in when for when in whens), "often": often}
    return {item.class_ for item in items} | {name for name, present in special.items() if present}


def _without_parts(found: Found, kept: Sequence[Span]) -> Found:
    """The message with these parts only, and how many words and sentences of it were left out."""
    left = only(found, kept)
    words, sentences = found.left_out
    words += len(found.words) - len(left.words)
    left.left_out = words, sentences + len(spans(found)) - len(spans(left))
    return left
