"""Sentences from templates, made anew at each training: the same seed gives the same sentences."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlu.acts.files import read_yaml
from nlu.training.noise import noisy

_FOLDER = Path(__file__).parent / "templates"
_SLOT = re.compile(r"\{(\w+)\}")
_SPACES = re.compile(r"\s+([,.]?)")
_NOISY_SHARE = 0.35


@dataclass(frozen=True)
class Sentence:
    """One sentence with its act; `group` names the template or sentence it was made from."""

    text: str
    act: str
    language: str
    group: str


@cache
def _templates(language: str) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = read_yaml(_FOLDER / f"{language}.yml")
    return fields


def languages() -> tuple[str, ...]:
    """The languages there are templates for."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))


def generated(language: str, *, per_template: int, seed: int) -> Iterator[Sentence]:
    """`per_template` sentences of each template of the language, about a third of them with noise."""
    rng = random.Random(f"{seed}-{language}")  # noqa: S311 (sentences, not secrets)
    fields = _templates(language)
    slots: dict[str, Sequence[str]] = {**fields["slots"], **fields["more"]}
    for act, templates in fields["acts"].items():
        for template in templates:
            seen: set[str] = set()
            for _ in range(per_template):
                text = _filled(template, slots, rng)
                if rng.random() < 0.5:
                    text = f"{rng.choice(fields['open'])} {text} {rng.choice(fields['close'])}"
                text = _tidy(text)
                if rng.random() < _NOISY_SHARE:
                    text = noisy(text, rng, language)
                if text not in seen:
                    seen.add(text)
                    yield Sentence(text, act, language, f"{language}:{act}:{template}")


def with_noise(sentences: Sequence[Sentence], *, seed: int) -> Iterator[Sentence]:
    """A noisy copy of each sentence, in the same group."""
    rng = random.Random(seed)  # noqa: S311
    for sentence in sentences:
        text = noisy(sentence.text, rng, sentence.language)
        if text != sentence.text:
            yield Sentence(text, sentence.act, sentence.language, sentence.group)


def _filled(template: str, slots: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    return _SLOT.sub(lambda slot: str(rng.choice(slots[slot[1]])), template)


def _tidy(text: str) -> str:
    return _SPACES.sub(lambda space: space[1] or " ", text).strip(" ,")
