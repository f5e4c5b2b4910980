"""The written examples of every service, and what is made of them: requests around them, and slips."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from care.catalogue import Catalogue
from nlu.acts.files import read_yaml
from nlu.training.noise import noisy

NONE = "none"
"""The class of what is no service: reasons, stories, schedules, "someone", "help"."""

LANGUAGES = ("nl", "en")
SEED = 20261124

_FOLDER = Path(__file__).parent
_FRAMED_WEIGHT = 0.6
_WORD_WEIGHT = 0.7
_VOCABULARY_WEIGHT = 0.6
_BARE_SCHEDULES = 150


@dataclass(frozen=True)
class Example:
    """A piece of a request with its service (a key of the catalogue, or `none`)."""

    text: str
    service: str
    language: str
    weight: float = 1.0


def written(language: str, folder: Path = _FOLDER) -> list[Example]:
    """The written examples of the language. Raises OSError or yaml.YAMLError when they cannot be read."""
    found: dict[tuple[str, str], None] = {}
    for path in sorted((folder / "examples" / language).glob("*.yml")):
        for service, lines in read_yaml(path).items():
            for line in str(lines).splitlines():
                if line.strip():
                    found[line.strip(), service] = None
    return [Example(text, service, language) for text, service in found]


def catalogue_words(language: str) -> list[Example]:
    """The words of the catalogue as examples that weigh little: a neighbour must not win for want of a plain word."""
    services = Catalogue.load().services
    return [
        Example(word, key, language, _WORD_WEIGHT)
        for key, service in services.items()
        for word in service.words[language]
    ]


def vocabulary(language: str) -> list[Example]:
    """Words that go with a service without naming it, as examples that weigh little."""
    listed = read_yaml(_FOLDER / "vocabulary" / f"{language}.yml")
    return [
        Example(word.strip(), service, language, _VOCABULARY_WEIGHT)
        for service, words in listed.items()
        for word in str(words).split(";")
        if word.strip()
    ]


def framed(examples: Sequence[Example], language: str, seed: int = SEED) -> Iterator[Example]:
    """Each example once more in a request with a time, half of them with slips; and such times without any service."""
    rng = random.Random(f"{seed}-{language}")  # noqa: S311 (sentences, not secrets)
    listed = read_yaml(_FOLDER / "frames" / f"{language}.yml")
    frames = {name: str(lines).splitlines() for name, lines in listed.items()}
    for example in examples:
        text = example.text if rng.random() < 0.3 else _frame(example.text, frames, rng)
        if text == example.text or rng.random() < 0.5:
            text = noisy(text, rng, language)
        yield Example(text, example.service, language, _FRAMED_WEIGHT)
    for _ in range(_BARE_SCHEDULES):
        text = " ".join(rng.choice(frames[name]) for name in ("open", "when", "close")).strip()
        if text:
            yield Example(text, NONE, language, _FRAMED_WEIGHT)


def _frame(text: str, frames: dict[str, list[str]], rng: random.Random) -> str:
    opening, when, close = (rng.choice(frames[name]) for name in ("open", "when", "close"))
    parts = (opening, when, text, close) if rng.random() < 0.5 else (opening, text, when, close)
    return " ".join(part for part in parts if part)
