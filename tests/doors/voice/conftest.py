"""A phone line on the trained model and the demo neighbourhood."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

with warnings.catch_warnings():
    # It warns of the library under it, once, when it is imported first.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

from bot.brain import Brain
from bot.doors.opening import open_doors
from bot.gateway import Gateway, create_app
from bot.jobs import Worker
from bot.model import ensure_model
from bot.settings import Settings, Twilio
from bot.voice import VoiceDoor
from care.clock import Clock, local
from care.database import Database
from care.demo.loader import load_demo
from tests.doors.voice.phone import OURS, TOKEN, Phone

MONDAY = datetime(2026, 11, 23, 9)
NEWCOMERS = itertools.count(1)
CallFrom = Callable[..., Phone]
KEY = "a key for the tests only"


@pytest.fixture(scope="session")
def voice_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a Twilio account that has a number for calls."""
    folder = tmp_path_factory.mktemp("voice")
    return Settings(data=folder, cache=folder, twilio=Twilio("AC0", TOKEN, voice_from=OURS))


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The clock of the calls; it stands at Monday 23 November 2026, nine in the morning, when a test begins."""
    return Clock(MONDAY)


@pytest.fixture(autouse=True)
def _monday(clock: Clock) -> None:
    clock.move(MONDAY)


@pytest.fixture(scope="module")
def brain(database: Database, clock: Clock) -> Iterator[Brain]:
    """The brain on the trained model, with the demo neighbourhood."""
    model: Path = ensure_model(Settings.from_environment())
    with database.begin() as session:
        load_demo(session, local(datetime(2026, 11, 20, 9)))
    with warnings.catch_warnings():
        # Rasa's libraries warn of each other when they are imported.
        warnings.simplefilter("ignore")
        brain = Brain.load(model, database, clock)
    yield brain
    brain.close()


@pytest.fixture(scope="module")
def at_work(database: Database, brain: Brain) -> Iterator[Worker]:
    """A worker that gives what was said to the brain."""
    worker = Worker(database, brain.handle)
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def door(voice_settings: Settings, database: Database, clock: Clock) -> VoiceDoor:
    """The phone line."""
    found = VoiceDoor.from_settings(voice_settings, database, clock)
    assert found is not None
    return found


@pytest.fixture
def client(door: VoiceDoor, database: Database, clock: Clock) -> Iterator[TestClient]:
    """The gateway with the phone line open."""
    with client_of(door, database, clock) as client:
        yield client


def client_of(door: VoiceDoor | None, database: Database, clock: Clock) -> TestClient:
    """A client of a gateway that has this door or, with None, only what is always open."""
    return TestClient(app_of(door, database, clock), raise_server_exceptions=False)


def app_of(door: VoiceDoor | None, database: Database, clock: Clock) -> FastAPI:
    """A gateway that has this door."""
    doors = open_doors(Settings(data=Path(), cache=Path()), database, clock, KEY)
    if door is not None:
        doors.routers += (door.router(),)
    return create_app(Gateway(database, clock, KEY, None, lambda: True, doors=doors))


@pytest.fixture
def call_from(client: TestClient) -> CallFrom:
    """Makes a phone: `call_from()` is somebody new, `call_from("+31…")` somebody's number."""

    def phone(number: str | None = None, **more: str) -> Phone:
        return Phone(client, number or f"+3161999{next(NEWCOMERS):04d}", **more)

    return phone
