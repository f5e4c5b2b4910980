"""Plays conversations written in YAML against the trained model, in process, on a real database.

A file holds a list of conversations: `title`, `lang`, `now`, perhaps `channel` and `as` (a demo person), and `turns`.
A turn is what somebody says (`user`), `by` the person whose story it is, a demo person, or the helper who was `asked`
last; before it the clock may be moved (`at`), and what is due by then is done. Afterwards must be so:

- `asks`: the topic of the question that is open, or `nothing`;
- `says` / `never`: words that must, or must not, be in the answer (small letters);
- `options`: the labels offered;
- `booked`: how many series of each service stand, asked for or agreed ({service: number}); `agreed`: the latter only;
- `coming`: how many visits stand on a date, asked for or agreed ({date: number}); `sure`: the latter only;
- `hears`: words in what was written unasked to `me`, to who was `asked`, or to a demo person ({who: words}; no words:
  nothing was written);
- `told`: whom else a message was sent to (`helper`, `family`, `coordinator`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from bot.brain import Brain
from bot.model import ensure_model
from bot.settings import Settings
from care.clock import Clock, local
from care.database import Database
from care.demo.loader import load_demo

NEWCOMERS = count(1)


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model; trained first when the cache has none for this content."""
    return ensure_model(Settings.from_environment())


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The clock of the conversations; each sets it."""
    return Clock(datetime(2026, 11, 23, 9))


@pytest.fixture(scope="module")
def house(database: Database, model: Path, clock: Clock) -> Iterator[Brain]:
    """A brain on a database with the demo neighbourhood in it."""
    with database.begin() as session:
        load_demo(session, local(datetime(2026, 11, 20, 9)))
    with warnings.catch_warnings():
        # Rasa's libraries warn of each other when they are imported.
        warnings.simplefilter("ignore")
        brain = Brain.load(model, database, clock)
    yield brain
    brain.close()
