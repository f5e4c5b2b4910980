"""Which classifier tells the act best, and at what price: `python -m benchmarks.classifiers`.

All learn from the same sentences of the same folds (grouped, seeded) of the written examples, and guess the same
unseen ones. Training time holds all that a classifier needs, also reading the sentences where it uses the care reader;
it is the processor's, of all cores together, which other work on the machine does not lengthen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any
from zlib import crc32

from benchmarks.readings.contestants import Contestant, diet, light, light_with_spacy
from nlu.care_reader import CareReader
from nlu.training.evaluate import LANGUAGES, folds
from nlu.training.generate import Sentence
from nlu.training.learn import enlarged
from nlu.training.written import written

NAMES = ("light", "spacy", "diet")


@dataclass
class Score:
    """What a contestant reached over the folds: right and total by language, and processor seconds by fold."""

    name: str
    note: str
    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def accuracy(self, language: str | None = None) -> float:
        """The share that was right, in one language or in all."""
        if language is None:
            return self.right.total() / self.total.total()
        return self.right[language] / self.total[language]

    @property
    def minutes(self) -> float:
        """The mean processor time of training on a fold."""
        return sum(self.seconds) / len(self.seconds) / 60

    def summary(self) -> dict[str, Any]:
        """The figures."""
        return {
            "name": self.name,
            "accuracy": {language: round(self.accuracy(language), 4) for language in sorted(self.total)},
            "accuracy_all": round(self.accuracy(), 4),
            "training_seconds": round(self.minutes * 60, 1),
            "points_per_minute": round(100 * self.accuracy() / self.minutes, 1),
        }


def sample(sentences: Iterable[Sentence], share: int) -> list[Sentence]:
    """The sentences of about one group in `share`, the same ones every time, whatever fold a group is in."""
    return [one for one in sentences if crc32(f"sample {one.group}".encode()) % share == 0]


def run(contestant: Contestant, rounds: Iterable[tuple[Sequence[Sentence], Sequence[Sentence]]]) -> Score:
    """Train and test a contestant on each round of known and unseen sentences."""
    result = Score(contestant.name, contestant.note)
    for known, unseen in rounds:
        begun = process_time()
        guess = contestant.train(known)
        result.seconds.append(process_time() - begun)
        for one, act in zip(unseen, guess(unseen), strict=True):
            result.total[one.language] += 1
            result.right[one.language] += act == one.act
        print(
            f"{contestant.name}: {result.accuracy():.4f} after {sum(result.seconds):.0f} s of training", file=sys.stderr
        )
    return result


def table(scores: Sequence[Score]) -> str:
    """A line for each contestant; the last column sets what it adds to the first against the minutes it adds."""
    base = scores[0]
    lines = [
        f"{'classifier':<20}{'nl':>9}{'en':>9}{'all':>9}{'training':>11}{'points/min':>12}"
        f"  {f'extra points per extra minute against {base.name}'}"
    ]
    for one in scores:
        cells = "".join(f"{100 * one.accuracy(language):>7.1f} %" for language in (*LANGUAGES, None))
        line = f"{one.name:<20}{cells}{60 * one.minutes:>9.1f} s{100 * one.accuracy() / one.minutes:>12.1f}"
        points, minutes = 100 * (one.accuracy() - base.accuracy()), one.minutes - base.minutes
        if one is base:
            gain = "–"
        elif minutes > 0:
            gain = f"{points / minutes:+.2f}  ({points:+.1f} points for {60 * minutes:+.0f} s)"
        else:
            gain = f"{points:+.1f} points, and no slower"
        lines.append(f"{line}  {gain}")
    return "\n".join([*lines, "", *(f"{one.name}: {one.note}" for one in scores)])


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classifiers", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--folds", type=int, default=5, help="how many parts the sentences are cut in")
    parser.add_argument("--rounds", type=int, help="how many of the folds to do (default: all)")
    parser.add_argument("--share", type=int, default=1, metavar="N", help="take one group of sentences in N")
    parser.add_argument("--epochs", type=int, default=60, help="of DIET")
    parser.add_argument("--enlarged", action="store_true", help="learn from noisy copies and templates too")
    parser.add_argument("--quick", action="store_true", help="one fold, and at most 5 epochs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    options = parser.parse_args(argv)
    if options.quick:
        options.rounds, options.epochs = 1, min(options.epochs, 5)
    if strangers := set(options.names) - set(NAMES):
        parser.error(f"there is no classifier {', '.join(sorted(strangers))}; there are {', '.join(NAMES)}")
    if options.share < 1:
        parser.error("--share takes a number from 1 up")
    if options.folds < 2:
        parser.error("--folds takes a number from 2 up")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, and print the table."""
    options = arguments(argv)
    care = CareReader()
    sentences = sample([one for language in LANGUAGES for one in written(language)], options.share)
    rounds = list(folds(sentences, options.folds))[: options.rounds]
    if options.enlarged:
        rounds = [(enlarged(known), unseen) for known, unseen in rounds]
    makers: dict[str, Callable[[], Contestant]] = {
        "light": lambda: light(care),
        "spacy": lambda: light_with_spacy(care),
        "diet": lambda: diet(options.epochs),
    }
    scores = [run(makers[name](), rounds) for name in options.names or NAMES]
    learnt, unseen = (len(part) for part in rounds[0])
    print(
        f"{len(rounds)} of {options.folds} folds; {learnt} sentences to learn from and {unseen} unseen in the first\n"
    )
    print(table(scores))
    if options.json:
        options.json.write_text(json.dumps([one.summary() for one in scores], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
