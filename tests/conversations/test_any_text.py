"""Any text at all, read by the trained model: with all classifiers, as people get it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from care.clock import TZ
from nlu.reader import Reader
from nlu.reading import ACTS, Reading

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
MOST_SECONDS = 0.05
"""How long one message may take, of the processor."""

SENTENCES = st.sampled_from(
    (
        "Mijn zoon werkt van acht tot zes.", "Elke dinsdag om tien uur de ramen,", "niet met kerst", "en help!",
        "Ik woon hier sinds 1962:", "'s morgens kousen aan", "de kat is oud", "wie komt er?", "zo.", "ma.", "*", "…",
        "My son works all day,", "cleaning every other Friday at ten", "except in June.", "I was 84 last week;", "1",
        "stockings on and off", "the cat won't bite", "who is coming?", "Sat", "thus", "\n", "\x00",
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def reader(model: Path) -> Reader:
    return Reader.load(model)


def seconds(reader: Reader, text: str) -> float:
    start = thread_time()
    reader.read(text, now=NOW)
    return thread_time() - start


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=200), st.lists(SENTENCES, max_size=12).map(" ".join)))
@example(text="")
@example(text="*")
@example(text=".")
def test_any_text_has_a_reading_in_time(reader: Reader, text: str) -> None:
    reading = reader.read(text, now=NOW)
    assert reading.act in ACTS
    assert Reading.from_json(reading.to_json()).to_json() == reading.to_json()
    # The best of three: what counts is the work, not what else the machine does.
    assert min(seconds(reader, text) for _ in range(3)) < MOST_SECONDS
