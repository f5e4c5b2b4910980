"""The words of a message as the grammar sees them: spelling mended, what was stammered or clipped made whole."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nlu.tokens import Token

if TYPE_CHECKING:
    from nlu.packs.pack import Pack

HARD_STOPS = frozenset(".;!?\n")
_APOSTROPHES = "'’‘`´ʼ′"
_LEAST_TORN = 6
"""Words of fewer letters are not looked for in two that stand apart."""
_LEAST_DAY = 6
"""Words with a capital and fewer letters may be names, unless a number stands before them."""
MOST_DAYS = 31
LONGEST_STAMMER = 3
"""Of so many words at most the same said twice running is taken for once."""


@dataclass(frozen=True)
class Word:
    """A word as the grammar sees it: the spelling repaired, with its place in the message."""

    text: str
    start: int
    end: int
    token: Token


class Slip:
    """A word that is another one beside certain words ("two ours", "2 the shops")."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        """`word`, `after` and `before` are regular expressions; what stands round it is seen up to two words far."""
        self.word = re.compile(str(entry["word"]))
        self.meant = tuple(str(entry["as"]).split())
        self._after = re.compile(rf"(?:.* )?(?:{entry['after']})") if "after" in entry else None
        self._before = re.compile(rf"(?:{entry['before']})(?: .*)?") if "before" in entry else None

    def fits(self, before: str, after: str) -> bool:
        """Whether the words `before` it and `after` it make another word of it."""
        return not (
            (self._after and not self._after.fullmatch(before)) or (self._before and not self._before.fullmatch(after))
        )


def respell(text: str, tokens: Sequence[Token], pack: Pack) -> list[Word]:
    """The words of a message with their spelling mended, within the closed vocabulary of the pack."""
    tokens = [token for token in tokens if token.text not in pack.fillers or _clipped(text, token)]
    tokens = _with_dots(_pauses(tokens), pack.dotted_days)
    tokens = _joined(_without_dots(tokens, pack.abbreviations, pack.leading, pack.months), pack)
    tokens = _mended(_with_tails(tokens, pack.heads), pack)
    words: list[Word] = []
    for place, token in enumerate(tokens):
        said = token.text
        if token.kind == "word":
            said = _whole(text, token, pack)
            if said not in pack.spellings and said not in pack.vocabulary:
                said = _mended_name(said, words, pack) if name_like(token, words) else pack.repair.word(said)
        meant = pack.spellings.get(said, (said,)) if token.kind == "word" else (said,)
        if token.kind in ("word", "number") and len(meant) == 1:
            beside = _beside(meant, words, tokens[place + 1 : place + 3], pack)
            token = token if beside is meant else replace(token, kind="word")
            meant = beside
        words += [Word(part, token.start, token.end, token) for part in meant]
    return _once(words, pack.meant_twice)


def name_like(token: Token, before: list[Word]) -> bool:
    """Whether a word has a capital that is not that of a sentence's beginning: then it is a name, not a slip."""
    return token.capital and bool(before) and before[-1].text not in HARD_STOPS and not token.original.isupper()


def _mended_name(said: str, before: Sequence[Word], pack: Pack) -> str:
    """A name as it is, unless it must be that of a day or a month ("on Saturdys", "from 1 Mafch")."""
    near = before[-3:] if before[-1].text in pack.light else before[-1:]
    numbered = any(word.token.kind == "number" or word.text in pack.ordinals for word in near)
    if said in pack.first_names or (len(said) < _LEAST_DAY and not numbered):
        return said
    return pack.repair_calendar.word(said)


def _pauses(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens, with a comma for the dots of a pause ("windows ... on Monday ... at ten"): no sentence ends there."""
    if not any(token.text == next_.text == "." for token, next_ in pairwise(tokens)):
        return tokens
    row: list[Token] = []
    for place, token in enumerate(tokens):
        dotted = token.text == "." and bool(row) and row[-1].text in ",." and row[-1].end == token.start
        if not dotted:
            row.append(token)
            continue
        follower = next((one for one in tokens[place + 1 :] if one.text != "."), None)
        goes_on = follower is not None and (follower.original[:1].islower() or follower.kind != "word")
        row[-1] = replace(row[-1], text="," if goes_on else ".", end=token.end)
    return row


def _with_dots(tokens: Sequence[Token], dotted: Collection[str]) -> list[Token]:
    """The tokens, a day in short and the dot of its own as one: "ma. om tien uur", but not "Dat was voor ma. Dank"."""
    row: list[Token] = []
    for place, token in enumerate(tokens):
        own = token.text == "." and bool(row) and row[-1].end == token.start and row[-1].text in dotted
        if own and place + 1 < len(tokens) and _goes_on(tokens[place + 1]):
            row[-1] = replace(row[-1], text=row[-1].text + ".", end=token.end)
        else:
            row.append(token)
    return row


def _goes_on(follower: Token) -> bool:
    """Whether a sentence goes on with a token, by how that is written."""
    return follower.text != "\n" and not follower.original[:1].isupper()


def _without_dots(
    tokens: Sequence[Token],
    abbreviations: Collection[str],
    leading: Collection[str] = (),
    months: Collection[str] = (),
) -> list[Token]:
    """The tokens without the dot of an abbreviation ("up to and incl. 2 January"): no sentence ends there.

    Behind one of those that are `leading` none does whatever follows ("exc. Sunday"), nor behind the number of a day
    before one of the `months` ("the 4. December").
    """
    row: list[Token] = []
    for place, token in enumerate(tokens):
        follower = tokens[place + 1] if place + 1 < len(tokens) else None
        goes_on = follower is not None and (follower.text[0].isdigit() or follower.original[:1].islower())
        shortened = bool(row) and row[-1].text in abbreviations and row[-1].end == token.start
        # "i.e. Wednesday": behind such a short form a sentence never ends.
        inner = bool(row) and "." in row[-1].text
        inner = inner or (bool(row) and row[-1].text in leading)
        if token.text == "." and follower is not None and follower.text in months and row and _is_day(row[-1], token):
            continue
        if token.text != "." or not ((goes_on or inner) and shortened):
            row.append(token)
    return row


def _is_day(number: Token, dot: Token) -> bool:
    """Whether a number with a dot directly behind it can be that of a day."""
    return number.kind == "number" and number.end == dot.start and 0 < int(number.text) <= MOST_DAYS


def _joined(tokens: Sequence[Token], pack: Pack) -> list[Token]:
    """The tokens, those that are one word with a digit in it ("sum1", "2moro") as one."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last and last.end == token.start and {last.kind, token.kind} == {"word", "number"}:
            one = last.text + token.text
            if one in pack.spellings:
                joined[-1] = Token(one, "word", last.start, token.end, last.capital, last.original + token.original)
                continue
        joined.append(token)
    return joined


def _with_tails(tokens: Sequence[Token], heads: Mapping[str, str]) -> list[Token]:
    """The tokens, the heads of words that have their tail in common ("dins- en donderdag") as whole words."""
    whole: list[Token] = []
    for place, token in enumerate(tokens):
        last = whole[-1] if whole else None
        apart = place + 1 < len(tokens) and (tokens[place + 1].start > token.end or tokens[place + 1].text == ",")
        if last and token.text == "-" and last.end == token.start and apart and last.text in heads:
            whole[-1] = replace(last, text=heads[last.text], end=token.end)
            continue
        whole.append(token)
    return whole


def _mended(tokens: Sequence[Token], pack: Pack) -> list[Token]:
    """The tokens, those that are one word torn in two ("bood schappen", "van af maandag") as one."""
    whole: list[Token] = []
    for place, token in enumerate(tokens):
        last = whole[-1] if whole else None
        if last and last.end + 1 == token.start and last.kind == token.kind == "word":
            one = last.text + token.text
            goes_on = place + 1 < len(tokens) and tokens[place + 1].kind in ("word", "number")
            known = pack.repair.knows(last.text) and pack.repair.knows(token.text)
            meant = len(one) >= _LEAST_TORN and not known and (one in pack.vocabulary or one in pack.spellings)
            if meant or (goes_on and one in pack.torn):
                whole[-1] = Token(one, "word", last.start, token.end, last.capital, last.original + token.original)
                continue
        whole.append(token)
    return whole


def _clipped(text: str, token: Token) -> bool:
    """Whether a word has an apostrophe before it, with a space or nothing before that."""
    before = text[max(token.start - 2, 0) : token.start]
    return before[-1:] != "" and before[-1] in _APOSTROPHES and (len(before) == 1 or before[0].isspace())


def _whole(text: str, token: Token, pack: Pack) -> str:
    """A word that was clipped, with what the apostrophe stands for ("'er 'air", "o' the month", "t'bath")."""
    said = token.text
    if text[token.end : token.end + 1] in _APOSTROPHES and token.end < len(text) and said in pack.clipped:
        return pack.clipped[said]
    if pack.dropped and _clipped(text, token) and pack.repair.knows(pack.dropped + said):
        return pack.dropped + said
    for prefix in pack.elided:
        rest = said.removeprefix(prefix)
        if rest != said and rest in pack.vocabulary and said not in pack.vocabulary:
            return rest
    return said


def _beside(meant: tuple[str, ...], words: list[Word], following: Sequence[Token], pack: Pack) -> tuple[str, ...]:
    """What a word stands for beside its neighbours."""
    for slip in _slips_of(meant[0], pack.slips):
        before = " ".join(word.text for word in words[-2:])
        if slip.fits(before, " ".join(token.text for token in following)):
            return slip.meant
    return meant


@lru_cache(maxsize=20_000)
def _slips_of(word: str, slips: tuple[Slip, ...]) -> tuple[Slip, ...]:
    """Those of the slips that a word may be."""
    return tuple(slip for slip in slips if slip.word.fullmatch(word))


def _once(words: list[Word], meant_twice: Collection[str]) -> list[Word]:
    """The words without those that were stammered ("we'd like we'd like", "and and").

    A number may well be said twice and meant twice: "at half past two two hours".
    """
    kept: list[Word] = []
    for word in words:
        kept.append(word)
        for length in range(1, min(LONGEST_STAMMER, len(kept) // 2) + 1):
            if kept[-1 - length].text != word.text:
                continue
            last, before = kept[-length:], kept[-2 * length : -length]
            if last[0].text in meant_twice:
                continue
            if len(before) == length and all(
                one.text == other.text and one.token.kind == "word" and one.start != other.start
                for one, other in zip(last, before, strict=True)
            ):
                del kept[-length:]
                break
    return kept
