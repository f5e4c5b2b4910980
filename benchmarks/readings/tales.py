"""Requests with something told before or behind them that changes nothing of what is asked."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.readings.ours import DATA
from benchmarks.readings.rows import Expected
from nlu.acts.files import read_yaml

FILE = DATA / "tales.yml"
SEED = 20261123
LONGEST = 180
"""Longer messages already tell enough."""
_ASKING = frozenset({"book", "skip", "cancel", "change"})


def tales() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """What is told `before` and `behind` a request, by language."""
    return read_yaml(FILE)


def beside_tales(rows: Sequence[Expected], *, seed: int = SEED) -> list[Expected]:
    """Each short request twice: with a tale before it, and with one behind it."""
    rng, told = random.Random(seed), tales()  # noqa: S311 (sentences, not secrets)
    found = []
    for row in rows:
        text = row.text.strip()
        if row.reading["act"] not in _ASKING or len(text) > LONGEST:
            continue
        stop = "" if text[-1] in ".!?" else "."
        before = f"{rng.choice(told[row.language]['before'])} {text[0].upper()}{text[1:]}"
        behind = f"{text}{stop} {rng.choice(told[row.language]['behind'])}"
        found += [_with(row, "before", before), _with(row, "behind", behind)]
    return found


def _with(row: Expected, place: str, text: str) -> Expected:
    return replace(row, id=f"{row.id}-{place}", text=text)
