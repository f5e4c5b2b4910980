"""An installation with its doors open, before fakes of Twilio and Telegram."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.courier import Courier
from bot.doors.opening import Doors, open_doors
from bot.gateway import Gateway, create_app
from bot.settings import Settings, Telegram, Twilio
from care import outbox
from care.clock import Clock
from care.database import Database
from care.models import Inbox, Outbox
from care.people import contact_for
from tests.bot.conftest import brain, clock, small_agent, small_model
from tests.doors import fake_telegram, fake_twilio
from tests.doors.fake_telegram import FakeTelegram
from tests.doors.fake_twilio import FakeTwilio
from tests.doors.payloads import PUBLIC

with warnings.catch_warnings():
    # It uses, at import, what its library has meanwhile deprecated.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["brain", "clock", "small_agent", "small_model"]

KEY = "a key for the tests only"
_numbers = itertools.count(1)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio().running() as fake:
        yield fake
        assert fake.wrong == []


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram().running() as fake:
        yield fake
        assert fake.wrong == []


@dataclass
class Installation:
    """What the tests work with: the doors, who calls them, and the courier, which works when it is told to."""

    database: Database
    clock: Clock
    doors: Doors
    client: TestClient
    courier: Courier
    settings: Settings
    also_close: list[Doors] = field(default_factory=list)

    def new_courier(self) -> Courier:
        return Courier(self.database, self.clock, self.doors.senders, undelivered=self.doors.undelivered)

    def put(self, channel: str, address: str, *texts: str, **more: Any) -> None:
        """Write messages to somebody."""
        with self.database.begin() as session:
            contact = contact_for(session, channel, address, self.clock.now())
            for text in texts:
                outbox.put(session, contact=contact, channel=channel, text=text, now=self.clock.now(), **more)

    def sent(self, address: str) -> list[tuple[str, str, str]]:
        """The messages to an address: channel, status and text."""
        with self.database.begin() as session:
            rows = session.query(Outbox).filter(Outbox.address == address).order_by(Outbox.id)
            return [(row.channel, row.status, row.text) for row in rows]

    def heard(self, address: str) -> list[Inbox]:
        """The messages that came from an address."""
        with self.database.begin() as session:
            return list(session.query(Inbox).filter(Inbox.address == address).order_by(Inbox.id))

    def counts(self) -> tuple[int, int, int]:
        """How many messages came in, go out, and wait for the brain."""
        with self.database.begin() as session:
            row = session.execute(
                sql(
                    "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM outbox),"
                    " (SELECT count(*) FROM procrastinate_jobs)"
                )
            ).one()
            return int(row[0]), int(row[1]), int(row[2])

    def move(self, **time: float) -> None:
        """Let time pass."""
        from datetime import timedelta

        self.clock.move(self.clock.now() + timedelta(**time))


@pytest.fixture
def settings(twilio: FakeTwilio, telegram: FakeTelegram, tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        cache=tmp_path,
        public_url=PUBLIC,
        twilio=Twilio(
            fake_twilio.SID,
            fake_twilio.TOKEN,
            fake_twilio.SMS_FROM,
            fake_twilio.WHATSAPP_FROM,
            api_url=twilio.url,
            content_sids={"buttons_2": "HX2", "buttons_3": "HX3", "list_4": "HX4", "helper_untold_nl": "HXuntold"},
        ),
        telegram=Telegram(fake_telegram.TOKEN, fake_telegram.SECRET, telegram.url),
    )


@pytest.fixture
def installation(settings: Settings, database: Database, clock: Clock, twilio: FakeTwilio) -> Iterator[Installation]:
    with database.begin() as session:
        session.execute(sql("DELETE FROM outbox"))
        session.execute(sql("DELETE FROM procrastinate_jobs"))
        # What an earlier test left unanswered would be answered in this one: its clock began at the same moment, so on
        # a busy machine those answers become due among this test's own.
        session.execute(sql("UPDATE inbox SET handled = received WHERE handled IS NULL"))
    twilio.status_prefix = f"{PUBLIC}/channels/twilio/status?of="
    twilio.contents = {"HX2": 5, "HX3": 7, "HX4": 9, "HXuntold": 2}
    doors = open_doors(settings, database, clock, KEY)
    app = create_app(Gateway(database, clock, KEY, PUBLIC, lambda: True, doors=doors))
    courier = Courier(database, clock, doors.senders, undelivered=doors.undelivered, rounds=[doors.waiting])
    with TestClient(app, raise_server_exceptions=False) as client:
        made = Installation(database, clock, doors, client, courier, settings)
        yield made
    for opened in (doors, *made.also_close):
        opened.close()


def without_address(installation: Installation) -> Settings:
    """The same installation on a machine that cannot be reached from outside."""
    return replace(installation.settings, public_url=None)


@pytest.fixture
def new_phone() -> Callable[[], str]:
    """A phone number nobody has."""
    return lambda: f"+316777{next(_numbers):05d}"


@pytest.fixture
def phone(new_phone: Callable[[], str]) -> str:
    return new_phone()


@pytest.fixture
def chat() -> str:
    """The number of a Telegram chat nobody has."""
    return str(770000 + next(_numbers))
