"""What a helper says about their own work, or a coordinator about one of their helpers.

The words are in `nl.yml` and `en.yml` beside this file; when something is, the care reader says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from care.schedule import Json
from nlu.acts.files import read_yaml
from nlu.acts.phrases import PhraseBook, compile_phrase
from nlu.acts.text import clauses, words
from nlu.care_reader import CareReadout

FOLDER = Path(__file__).parent
ACTS = ("ill", "back", "late", "done", "here", "on_way", "rota", "away", "retract")
"""In order of precedence, where phrases of several are in a message."""
OTHERS = ("proof", "back", "ill", "away")
PROOF = OTHERS[0]
_BESIDE = 3


@dataclass(frozen=True)
class HelperAct:
    """What a helper or a coordinator means.

    `act` is one of ACTS, None when nothing is said of their own work; `other` one of OTHERS, when a coordinator may
    mean somebody else. `spans` are the local dates meant, first and last day of each, both included; `window` the part
    of the day, when one was named. `minutes` is how much later, `clock` the time of day that was said.
    """

    act: str | None
    other: str | None = None
    spans: tuple[tuple[date, date], ...] = ()
    window: tuple[time, time] | None = None
    minutes: int | None = None
    clock: time | None = None
    proof: str | None = None

    def to_json(self) -> Json:
        """The fields as a message carries them."""
        return {
            "act": self.act,
            "other": self.other,
            "spans": [[first.isoformat(), last.isoformat()] for first, last in self.spans],
            "window": self.window and [f"{edge:%H:%M}" for edge in self.window],
            "minutes": self.minutes,
            "clock": self.clock and f"{self.clock:%H:%M}",
            "proof": self.proof,
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> HelperAct:
        """The act written by `to_json`."""
        window, clock = fields.get("window"), fields.get("clock")
        return cls(
            act=fields["act"],
            other=fields.get("other"),
            spans=tuple(
                (date.fromisoformat(first), date.fromisoformat(last)) for first, last in fields.get("spans") or ()
            ),
            window=(time.fromisoformat(window[0]), time.fromisoformat(window[1])) if window else None,
            minutes=fields.get("minutes"),
            clock=time.fromisoformat(clock) if clock else None,
            proof=fields.get("proof"),
        )


class HelperReader:
    """Reads the work messages of one language."""

    def __init__(self, language: str) -> None:
        """Compile the phrases of `language` (`nl` or `en`); raises ValueError when one is no phrase."""
        data = _data(language)
        self._needs_day = frozenset(data["needs_day"])
        self._acts = _book(data["acts"])
        self._unless = _book(data["unless"])
        self._others = _book(data["others"])
        self._stand_in = _book({"stand_in": data["stand_in"]})
        self._stand_in_for = frozenset(data["stand_in_for"])
        self._unless_others = _book({"all": data["unless_others"]})
        self._proofs = _book(data["proofs"])
        self._minutes: Mapping[str, int] = data["minutes"]
        self._numbers: Mapping[str, int] = data["numbers"]
        units = "|".join(sorted(data["minute_words"], key=len, reverse=True))
        self._in_minutes = re.compile(rf"(?<!\S)(\S+ )?(\S+) (?:{units}) ")

    def read(self, text: str, readout: CareReadout, today: date, *, of_others: bool = False) -> HelperAct | None:
        """What is meant by `text`, which the care reader has read as `readout` on the local date `today`; None when it
        is nothing of the kind. With `of_others` it may be about somebody else too.
        """
        spans = spans_of(readout, today)
        said = clauses(text)
        act = self._find(said, self._acts, self._unless, ACTS, has_day=bool(spans))
        other = proof = None
        if of_others and not _labels(self._unless_others, said):
            proof = min(_labels(self._proofs, said), default=None)
            others = [one for one in OTHERS if one != PROOF or proof is not None]
            other = self._find(said, self._others, None, others, has_day=bool(spans))
        if act is None and other is None:
            return None
        proof = proof if other == PROOF else None
        if act == "back":
            spans = _back_on(spans, readout, today)
        return HelperAct(act, other, spans, _window(readout), self.minutes(text), _clock(readout), proof)

    def stand_in(self, text: str) -> tuple[str, ...]:
        """The words in and beside what says who may come when another cannot, the nearest first; none when nothing
        says so. Not among them is who cannot come ("if Maria is ill").
        """
        said = words(text)
        for _, first, end in self._stand_in.find(said):
            apart = {at: max(first - at, at - end + 1, 0) for at in range(len(said))}
            others = {at + 1 for at, word in enumerate(said) if word in self._stand_in_for}
            kept = (at for at in apart if apart[at] <= _BESIDE and at not in others)
            near = sorted(kept, key=lambda at: (apart[at], at))
            return tuple(said[at] for at in near)
        return ()

    def _find(
        self,
        said: Sequence[Sequence[str]],
        phrases: PhraseBook,
        unless: PhraseBook | None,
        order: Sequence[str],
        *,
        has_day: bool,
    ) -> str | None:
        ruled_out = _labels(unless, said) if unless is not None else frozenset()
        found = _labels(phrases, said) - ruled_out
        if not has_day:
            found -= self._needs_day
        return next((act for act in order if act in found), None)

    def minutes(self, text: str) -> int | None:
        """How many minutes are named in the text, if any."""
        said = f" {' '.join(words(text))} "
        if (counted := self._in_minutes.search(said)) is not None:
            for number in (f"{counted[1] or ''}{counted[2]}", counted[2]):
                if number.isdigit() or number in self._numbers:
                    return int(number) if number.isdigit() else self._numbers[number]
        for phrase in sorted(self._minutes, key=len, reverse=True):
            if f" {phrase} " in said:
                return self._minutes[phrase]
        return None


def spans_of(readout: CareReadout, today: date) -> tuple[tuple[date, date], ...]:
    """The dates a message names, as first and last day of each stretch; none when it leaves the end open."""
    target = readout.target
    if target.dates:
        return tuple((day, day) for day in target.dates)
    if target.from_ is None or target.until is None:
        return ()
    if target.until < target.from_:
        # "Two weeks, from 20 December": the length was counted from today.
        return ((target.from_, target.from_ + (target.until - today)),) if target.until >= today else ()
    return ((target.from_, target.until),)


def _back_on(spans: tuple[tuple[date, date], ...], readout: CareReadout, today: date) -> tuple[tuple[date, date], ...]:
    """For "Tomorrow I can come again": the day of the return, where the time until then was read."""
    target = readout.target
    if target.dates or target.until is None or target.from_ != today:
        return spans
    first = target.until + timedelta(days=1)
    return ((first, first),)


def _window(readout: CareReadout) -> tuple[time, time] | None:
    for need in readout.needs[:1]:
        return need.schedule.window
    return None


def _clock(readout: CareReadout) -> time | None:
    for need in (*readout.needs, *readout.change_needs):
        if need.schedule.times:
            return need.schedule.times[0]
    return None


def _book(phrases: Mapping[str, Sequence[str]]) -> PhraseBook:
    return PhraseBook(compile_phrase(label, source) for label, sources in phrases.items() for source in sources)


def _labels(book: PhraseBook, said: Sequence[Sequence[str]]) -> frozenset[str]:
    return frozenset(phrase.label for clause in said for phrase, _, _ in book.find(clause))


@lru_cache(maxsize=2)
def _data(language: str) -> dict[str, Any]:
    return read_yaml(FOLDER / f"{language}.yml")
