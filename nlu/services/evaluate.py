"""How well services are guessed: cross-validation on the written examples, with the threshold that this gives.

Run as `python -m nlu.services.evaluate [--folds 5] [--show N]`. Examples that share a catalogue word with their
service are told apart from those that share none: for the latter the classifier was made.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from care.catalogue import Catalogue
from nlu.acts.text import words
from nlu.services.examples import LANGUAGES, NONE, Example, written
from nlu.services.learn import SURE, learn

PRECISION = 0.95
"""So many of the guesses must be right."""


@dataclass(frozen=True)
class Judged:
    """An example with the likeliest service, its probability, and whether a catalogue word of its service is in it."""

    example: Example
    service: str
    sureness: float
    plain: bool

    @property
    def right(self) -> bool:
        """Whether the likeliest service is the right one."""
        return self.service == self.example.service


def folds(examples: Sequence[Example], count: int) -> Iterator[tuple[list[Example], list[Example]]]:
    """Training and test examples, `count` times."""
    # By a checksum of all words in alphabetical order: what differs in word order or capitals only stays together.
    place = [crc32(" ".join(sorted(words(one.text))).encode()) % count for one in examples]
    for fold in range(count):
        yield (
            [one for one, at in zip(examples, place, strict=True) if at != fold],
            [one for one, at in zip(examples, place, strict=True) if at == fold],
        )


def judge(count: int) -> list[Judged]:
    """All written examples, each judged by a classifier that has not seen it."""
    services = Catalogue.load().services
    judged = []
    for known, unseen in folds([one for language in LANGUAGES for one in written(language)], count):
        classifier = learn(known)
        for one in unseen:
            service, sureness = next(iter(classifier.likely(one.text, one.language).items()))
            own = services[one.service].words[one.language] if one.service != NONE else ()
            text = f" {' '.join(words(one.text))} "
            plain = any(f" {' '.join(words(word))} " in text for word in own)
            judged.append(Judged(one, service, sureness, plain))
    return judged


def at(threshold: float, judged: Iterable[Judged]) -> dict[str, float]:
    """Precision of the guesses at the threshold, and their coverage of what is a service."""
    rows = list(judged)
    guessed = [one for one in rows if one.service != NONE and one.sureness >= threshold]
    services = sum(one.example.service != NONE for one in rows)
    right = sum(one.right for one in guessed)
    return {
        "precision": round(right / max(len(guessed), 1), 4),
        "coverage": round(sum(one.example.service != NONE for one in guessed) / max(services, 1), 4),
    }


def lowest_threshold(judged: Iterable[Judged]) -> float:
    """The lowest threshold, in steps of a hundredth, at which and above which the precision is enough; 1 if none is."""
    rows = list(judged)
    best = 1.0
    for hundredths in range(99, 9, -1):
        if not any(one.service != NONE and one.sureness >= hundredths / 100 for one in rows):
            continue
        if at(hundredths / 100, rows)["precision"] < PRECISION:
            break
        best = hundredths / 100
    return best


def summary(judged: Sequence[Judged], threshold: float) -> dict[str, Any]:
    """The figures of one language."""
    hidden = [one for one in judged if not one.plain]
    by_service: dict[str, list[bool]] = defaultdict(list)
    for one in judged:
        by_service[one.example.service].append(one.right)
    weakest = sorted((sum(rights) / len(rights), key) for key, rights in by_service.items())[:10]
    confusions = Counter((one.example.service, one.service) for one in judged if not one.right)
    return {
        "examples": len(judged),
        "accuracy": round(sum(one.right for one in judged) / len(judged), 4),
        "without_catalogue_word": len(hidden),
        "accuracy_without_catalogue_word": round(sum(one.right for one in hidden) / max(len(hidden), 1), 4),
        "threshold_in_use": {"value": threshold, **at(threshold, judged)},
        "threshold_in_use_without_catalogue_word": at(threshold, hidden),
        "threshold_found": {"all": lowest_threshold(judged), "without_catalogue_word": lowest_threshold(hidden)},
        "weakest": {key: round(share, 2) for share, key in weakest},
        "confusions": [f"{wanted} -> {got}: {n}" for (wanted, got), n in confusions.most_common(20)],
    }


def main() -> None:
    """Print the figures as JSON, and with `--show` the wrong guesses on standard error."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--show", type=int, default=0, help="how many wrong guesses to show of each language")
    chosen = options.parse_args()
    began = time.perf_counter()
    judged = judge(chosen.folds)
    seconds = (time.perf_counter() - began) / chosen.folds
    figures: dict[str, Any] = {"seconds_a_fold": round(seconds, 1)}
    for language in LANGUAGES:
        own = [one for one in judged if one.example.language == language]
        figures[language] = summary(own, SURE[language])
        wrong = sorted((one for one in own if not one.right), key=lambda one: -one.sureness)
        for one in wrong[: chosen.show]:
            sys.stderr.write(f"{one.sureness:.2f} {one.example.service} -> {one.service}: {one.example.text}\n")
    sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
