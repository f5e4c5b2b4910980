"""Sentences from templates, made anew at each training: the same seed gives the same sentences.

A template is a sentence with slots, `{visit}`, and choices, `(this|that|)`; what fills a slot may itself have slots and
choices. Templates lie in `templates/<language>/*.yml`; the slots of a language's files are shared between them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from nlu.acts.files import read_yaml
from nlu.training.noise import noisy

_FOLDER = Path(__file__).parent / "templates"
_DANGERS = Path(__file__).parent / "dangers"
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*)\)")
_SPACES = re.compile(r"\s+([,.?!]?)")
_NOISY_SHARE = 0.35
_WRAPPED_SHARE = 0.4
_DEEPEST = 4


@dataclass(frozen=True)
class Sentence:
    """One sentence with its act; `group` names the template or sentence it was made from."""

    text: str
    act: str
    language: str
    group: str


@dataclass
class _Templates:
    """The templates of a language: slots by name, acts with theirs, and what may stand around a sentence."""

    slots: dict[str, list[str]] = field(default_factory=dict)
    acts: dict[str, list[str]] = field(default_factory=dict)
    around: dict[str, list[str]] = field(default_factory=dict)


def _lines(listed: str | Sequence[object]) -> list[str]:
    """The entries of a list, or the lines of a text."""
    if isinstance(listed, str):
        return [line.strip() for line in listed.splitlines() if line.strip()]
    return [str(one) for one in listed]


@cache
def _templates(language: str) -> _Templates:
    return _read(sorted((_FOLDER / language).glob("*.yml")))


@cache
def _dangers(language: str) -> _Templates:
    return _read(sorted((_DANGERS / language).glob("*.yml")))


def _read(paths: Sequence[Path]) -> _Templates:
    found = _Templates()
    for path in paths:
        fields = read_yaml(path)
        for section, into in (("slots", found.slots), ("more", found.slots), ("acts", found.acts)):
            for name, listed in fields.get(section, {}).items():
                into.setdefault(name, []).extend(_lines(listed))
        for name in ("open", "close"):
            found.around.setdefault(name, []).extend(_lines(fields.get(name, ())))
    return found


def languages() -> tuple[str, ...]:
    """The languages there are templates for."""
    return tuple(sorted(path.name for path in _FOLDER.iterdir() if path.is_dir()))


def generated(language: str, *, per_template: int, seed: int) -> Iterator[Sentence]:
    """At most `per_template` sentences of each template of the language, about a third of them with noise."""
    known = _templates(language)
    for act, templates in known.acts.items():
        for template in templates:
            # A generator for each template: adding one changes nothing of what the others give.
            rng = random.Random(f"{seed}-{language}-{act}-{template}")  # noqa: S311 (sentences, not secrets)
            seen: set[str] = set()
            for _ in range(per_template):
                text = _filled(template, known.slots, rng)
                if text in seen:
                    continue
                seen.add(text)
                if rng.random() < _WRAPPED_SHARE:
                    text = f"{rng.choice(known.around['open'])} {text} {rng.choice(known.around['close'])}"
                text = _tidy(text)
                if rng.random() < _NOISY_SHARE:
                    text = noisy(text, rng, language)
                yield Sentence(text, act, language, f"{language}:{act}:{template}")


def dangers(language: str, *, each: Mapping[str, int], seed: int) -> Iterator[Sentence]:
    """Sentences of danger (`emergency`) and of what only sounds like it (`calm`, whatever its act).

    `each` says how many at most each template of an act gives. A sentence without slots or choices comes twice, once
    with noise, in a group of its own.
    """
    known = _dangers(language)
    for act, templates in known.acts.items():
        for template in templates:
            rng = random.Random(f"{seed}-{language}-{act}-{template}")  # noqa: S311
            if not {"{", "("} & set(template):
                plain, group = _tidy(template), f"{language}:{template}"
                yield Sentence(plain, act, language, group)
                yield Sentence(noisy(plain, rng, language), act, language, group)
                continue
            texts = sorted({_tidy(_filled(template, known.slots, rng)) for _ in range(each[act])})
            for text in texts:
                noised = noisy(text, rng, language) if rng.random() < _NOISY_SHARE else text
                yield Sentence(noised, act, language, f"{language}:{act}:{template}")


def with_noise(sentences: Sequence[Sentence], *, seed: int) -> Iterator[Sentence]:
    """A noisy copy of each sentence, in the same group."""
    rng = random.Random(seed)  # noqa: S311
    for sentence in sentences:
        text = noisy(sentence.text, rng, sentence.language)
        if text != sentence.text:
            yield Sentence(text, sentence.act, sentence.language, sentence.group)


def _filled(template: str, slots: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    text = template
    for _ in range(_DEEPEST):
        text = _CHOICE.sub(lambda choice: rng.choice(choice[1].split("|")), text)
        text = _SLOT.sub(lambda slot: str(rng.choice(slots[slot[1]])), text)
    return text


def _tidy(text: str) -> str:
    return _SPACES.sub(lambda space: space[1] or " ", text).strip(" ,")
