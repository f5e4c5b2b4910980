"""Gateway, brain, courier and Telegram's questions together in one process, as `thuisbel serve` runs them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from actions.phrases import Phrases
from bot.brain import Brain
from bot.doors.opening import open_doors
from bot.gateway import Gateway, create_app
from bot.server import Staff
from bot.settings import Settings
from care.clock import Clock
from care.database import Database
from tests.doors.conftest import KEY, Installation, without_address
from tests.doors.fake_telegram import FakeTelegram
from tests.doors.fake_twilio import FakeTwilio
from tests.doors.payloads import from_twilio
from tests.doors.test_telegram_door import update
from tests.doors.test_twilio_door import form


@pytest.fixture
def staff(
    installation: Installation, small_agent: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Settings], Staff]]:
    """The staff of the installation, with a small model in the place of ours."""
    made = []

    def load(_: Any, database: Database, clock: Clock) -> Brain:
        return Brain(database, small_agent, clock, Phrases.load())

    monkeypatch.setattr("bot.server.ensure_model", lambda _: None)
    monkeypatch.setattr(Brain, "load", load)

    def make(settings: Settings) -> Staff:
        doors = installation.doors
        if settings is not installation.settings:
            doors = open_doors(settings, installation.database, installation.clock, KEY)
        staff = Staff(settings, installation.database, installation.clock, doors)
        made.append(staff)
        staff.come_on_duty()
        assert staff.failure is None
        return staff

    yield make
    for one in made:
        one.go_home()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_what_comes_in_by_a_door_is_answered_by_it(
    installation: Installation, twilio: FakeTwilio, staff: Callable[[Settings], Staff], phone: str
) -> None:
    staff(installation.settings)
    from_twilio(installation.client, form(phone, "vraag"))
    until(lambda: twilio.bodies(phone) == ["Welke?\n1. De ene\n2. De andere"])


def test_while_the_brain_is_away_messages_are_kept_and_answered_afterwards(
    installation: Installation, twilio: FakeTwilio, staff: Callable[[Settings], Staff], phone: str
) -> None:
    from_twilio(installation.client, form(phone, "vraag"))
    installation.move(minutes=5)
    staff(installation.settings)
    until(lambda: "Welke?\n1. De ene\n2. De andere" in twilio.bodies(phone))


def test_without_a_public_address_telegram_is_asked(
    installation: Installation, telegram: FakeTelegram, staff: Callable[[Settings], Staff], chat: str
) -> None:
    telegram.updates = [update("text", chat, text="vraag")]
    staff(without_address(installation))
    until(lambda: telegram.texts(chat) == ["Welke?"])


def test_without_any_account_everything_starts_and_the_doors_are_not_found(
    database: Database, clock: Clock, settings: Settings
) -> None:
    from dataclasses import replace

    from starlette.testclient import TestClient

    bare = replace(settings, twilio=None, telegram=None, public_url=None)
    doors = open_doors(bare, database, clock, KEY)
    assert doors.senders == {}
    client = TestClient(create_app(Gateway(database, clock, KEY, None, lambda: True, doors=doors)))
    for path in ("/channels/twilio/messages", "/channels/twilio/status", "/channels/telegram"):
        assert client.post(path).status_code == 404
    assert client.get("/health").status_code == 200
    doors.close()


def test_a_door_without_its_number_stays_closed(
    database: Database, clock: Clock, settings: Settings, phone: str
) -> None:
    from dataclasses import replace

    from starlette.testclient import TestClient

    assert settings.twilio is not None
    sms_only = replace(settings, twilio=replace(settings.twilio, whatsapp_from=None), telegram=None)
    doors = open_doors(sms_only, database, clock, KEY)
    app = create_app(Gateway(database, clock, KEY, settings.public_url, lambda: True, doors=doors))
    client = TestClient(app)
    assert from_twilio(client, form(phone, "dag")).status_code == 200
    assert from_twilio(client, form(phone, "dag", channel="whatsapp")).status_code == 404
    doors.close()
