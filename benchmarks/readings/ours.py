"""Our own readings of the rows of an evaluation file, as `thuisbel parse` would give them, and how fast they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from benchmarks.readings.figures import Json
from benchmarks.readings.isolated import ROOT
from benchmarks.readings.rows import Expected, read_expected, read_lines
from care.clock import local
from nlu.acts.decide import Decision
from nlu.care_reader import CareReader
from nlu.reader import Reader, compose
from nlu.training.generate import languages
from nlu.training.learn import enlarged
from nlu.training.written import written

DATA = ROOT / "tests" / "data"
_NAMES = ("readings_nl", "readings_en", "readings_noise", "care_requests_dev")
FILES = tuple(DATA / f"{name}.jsonl" for name in _NAMES)
"""The evaluation set: plain sentences by language, noisy ones, and the acceptance readings."""

_WARM_UP = 40

Answering = Callable[[Expected], Json]


def load(path: Path) -> list[Expected]:
    """The rows of an evaluation file; raises rows.ExpectedError with every mistake in it, OSError when it is absent."""
    return read_expected(read_lines(str(path)))


def moment(row: Expected) -> datetime:
    """When the text was said (local time)."""
    return local(datetime.fromisoformat(row.reading["now"]))


def plain(text: str) -> str:
    """The words of a text without capitals and marks, for telling whether two texts say the same."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def trained_texts() -> frozenset[str]:
    """All that the act classifier learns from, plain: the written examples and what is made from them and templates."""
    sentences = [one for language in languages() for one in written(language)]
    return frozenset(plain(one.text) for one in enlarged(sentences))


def by_model(reader: Reader) -> Answering:
    """Whole readings."""
    return lambda row: reader.read(row.text, now=moment(row), language=row.language).to_json()


def by_gold_act(care: CareReader) -> Answering:
    """Readings in which the act is the expected one, so that only needs and targets are measured; needs no model."""

    def answer(row: Expected) -> Json:
        readout = care.read(row.text, row.language, moment(row))
        return compose(row.language, Decision(row.reading["act"], 1.0), readout).to_json()

    return answer


def answers(rows: Sequence[Expected], answer: Answering) -> Mapping[str, Json]:
    """The readings by id; one that fails is an error, as on the command line, and does not stop the rest."""
    found: dict[str, Json] = {}
    for row in rows:
        try:
            found[row.id] = answer(row)
        except Exception as error:  # a reader that breaks on a text is a wrong reading, which the table must show
            found[row.id] = {"error": f"{type(error).__name__}: {error}"}
    return found


@dataclass(frozen=True)
class Speed:
    """Milliseconds for a message: the median, and what 95 of 100 stay below."""

    median: float
    p95: float

    @classmethod
    def of(cls, read: Callable[[Expected], object], rows: Sequence[Expected]) -> Speed:
        """Measured on each row once, as a warm process meets a text it has not seen; the first rows only warm it up."""
        for row in rows[:_WARM_UP]:
            read(row)
        spent = []
        for row in rows[_WARM_UP:] or rows:
            begun = perf_counter()
            read(row)
            spent.append((perf_counter() - begun) * 1000)
        return cls(median(spent), quantiles(spent, n=20)[-1] if len(spent) > 1 else spent[0])

    def summary(self) -> Json:
        """The figures."""
        return {"median_ms": round(self.median, 3), "p95_ms": round(self.p95, 3)}
