"""How well the acts and emergencies are told: cross-validation by sentence and template, and sentences held out.

Run as `python -m nlu.training.evaluate [--folds 5] [--json]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

from nlu.acts.files import read_yaml
from nlu.care_reader import CareReader
from nlu.reader import Reader
from nlu.training.generate import Sentence
from nlu.training.learn import MOMENT, learn, templated
from nlu.training.learn_danger import learn_danger
from nlu.training.written import written

HELD_OUT = Path(__file__).parent / "held_out"
"""Emergencies and look-alikes that nothing was mended with."""
DEVELOPMENT = Path(__file__).parent / "development"
"""The same, outside the training data, but used to mend the phrases."""
APART = Path(__file__).parents[2] / "tests" / "data" / "emergencies"
"""The same again: `seen_*` may be looked at; `aside_*` are only counted, and never shown."""
LANGUAGES = ("nl", "en")
WRITTEN = "cross-validation of written sentences"
TEMPLATES = "cross-validation of templates"


@dataclass
class Tally:
    """Counts of one language: acts right, and emergencies found, missed and wrongly called."""

    right: int = 0
    total: int = 0
    emergencies: int = 0
    missed: list[str] = field(default_factory=list)
    others: int = 0
    alarms: list[str] = field(default_factory=list)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, text: str, wanted: str, got: str) -> None:
        """Count one message; `wanted` is `none` when any act but an emergency is right."""
        if wanted == "emergency":
            self.emergencies += 1
            if got != wanted:
                self.missed.append(text)
        else:
            self.others += 1
            if got == "emergency":
                self.alarms.append(text)
        if wanted == "none":
            return
        self.total += 1
        self.right += wanted == got
        if wanted != got:
            self.confusions[wanted, got] += 1
            self.wrong.append((text, wanted, got))

    def summary(self) -> dict[str, Any]:
        """The figures, rounded."""
        return {
            "messages": self.total or self.emergencies + self.others,
            "act_accuracy": round(self.right / self.total, 4) if self.total else None,
            "emergency_recall": round(1 - len(self.missed) / max(self.emergencies, 1), 4),
            "emergency_false_alarms": round(len(self.alarms) / max(self.others, 1), 4),
            "confusions": [f"{wanted} -> {got}: {n}" for (wanted, got), n in self.confusions.most_common(12)],
        }


def folds(sentences: Sequence[Sentence], count: int) -> Iterator[tuple[list[Sentence], list[Sentence]]]:
    """Training and test sentences, `count` times; sentences of one group never stand on both sides."""
    # By a checksum, so that a sentence keeps its fold when others are written.
    place = {one.group: crc32(one.group.encode()) % count for one in sentences}
    for fold in range(count):
        yield (
            [one for one in sentences if place[one.group] != fold],
            [one for one in sentences if place[one.group] == fold],
        )


def cross_validation(count: int, care: CareReader) -> dict[str, dict[str, Tally]]:
    """The tallies by language over all folds, of the written sentences and of those made from templates.

    Neither a written sentence nor a template that is tested on has any part in the training of its fold.
    """
    sentences = [one for language in LANGUAGES for one in written(language)]
    tallies = {name: {language: Tally() for language in LANGUAGES} for name in (WRITTEN, TEMPLATES)}
    pairs = zip(folds(sentences, count), folds(templated(), count), strict=True)
    for (known, unseen), (known_made, unseen_made) in pairs:
        reader = Reader(learn(known, care, known_made), learn_danger(known, known_made), care)
        for name, tested in ((WRITTEN, unseen), (TEMPLATES, unseen_made)):
            for one in tested:
                reading = reader.read(one.text, now=MOMENT, language=one.language)
                tallies[name][one.language].add(one.text, one.act, reading.act)
    return tallies


def apart(folder: Path, reader: Reader, pattern: str = "*") -> dict[str, Tally]:
    """The tallies by language over the emergencies and look-alikes of a folder, which no training has seen."""
    tallies = {}
    for language in LANGUAGES:
        tally = tallies[language] = Tally()
        for path in sorted(folder.glob(f"{pattern}_{language}.yml")):
            for wanted, texts in read_yaml(path).items():
                for text in texts:
                    reading = reader.read(text, now=MOMENT, language=language)
                    tally.add(text, wanted, reading.act)
    return tallies


def main() -> None:
    """Print the figures as a table, or as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--json", action="store_true")
    options.add_argument("--show", type=int, default=0, help="how many wrong sentences to show of each kind")
    chosen = options.parse_args()
    care = CareReader()
    tests = cross_validation(chosen.folds, care) if chosen.folds > 1 else {}
    everything = [one for language in LANGUAGES for one in written(language)]
    reader = Reader(learn(everything, care), learn_danger(everything), care)
    tests["development"] = apart(DEVELOPMENT, reader)
    tests["held out"] = apart(HELD_OUT, reader)
    tests["written apart"] = apart(APART, reader, "seen")
    tests["never looked at"] = apart(APART, reader, "aside")
    figures = {name: {lang: tally.summary() for lang, tally in by.items()} for name, by in tests.items()}
    sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=None if chosen.json else 2) + "\n")
    for name, by in tests.items():
        if name == "never looked at":
            continue
        for language, tally in by.items():
            lines = [f"missed: {text}" for text in tally.missed] + [f"alarm: {text}" for text in tally.alarms]
            lines += [f"{wanted} -> {got}: {text}" for text, wanted, got in tally.wrong]
            for line in lines[: chosen.show]:
                sys.stderr.write(f"[{name} {language}] {line}\n")


if __name__ == "__main__":
    main()
