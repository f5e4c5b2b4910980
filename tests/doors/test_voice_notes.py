"""Voice messages with a transcriber set up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.brain import Brain
from bot.doors.opening import open_doors
from bot.doors.voice_notes import load_transcriber
from bot.errors import UserError
from bot.gateway import Gateway, create_app
from channels.voice_notes import LARGEST_SOUND
from tests.doors.conftest import KEY, Installation
from tests.doors.fake_telegram import FakeTelegram
from tests.doors.fake_twilio import FakeTwilio
from tests.doors.payloads import PUBLIC, from_telegram, from_twilio
from tests.doors.test_telegram_door import update
from tests.doors.test_twilio_door import form

heard: list[tuple[bytes, str]] = []


class Clerk:
    """Writes out a sound that is the words themselves; cannot make out the word "mompel"."""

    def write_out(self, sound: bytes, language: str) -> str | None:
        heard.append((sound, language))
        words: str = json.loads(sound)
        if words == "struikel":
            raise RuntimeError(words)
        return None if words == "mompel" else words


def make() -> Clerk:
    """What THUISBEL_TRANSCRIBER names."""
    return Clerk()


@pytest.fixture
def listening(installation: Installation) -> Installation:
    """The installation with a transcriber."""
    settings = replace(installation.settings, transcriber=f"{__name__}:make")
    doors = open_doors(settings, installation.database, installation.clock, KEY)
    installation.also_close.append(doors)
    app = create_app(Gateway(installation.database, installation.clock, KEY, PUBLIC, lambda: True, doors=doors))
    from starlette.testclient import TestClient

    return replace(installation, settings=settings, doors=doors, client=TestClient(app))


def handle(installation: Installation, brain: Brain, address: str) -> None:
    assert installation.doors.voice_notes is not None
    for _ in range(2):
        # The second run finds everything done.
        installation.doors.voice_notes.before(brain.handle)(installation.heard(address)[-1].id)


def say(installation: Installation, twilio: FakeTwilio, phone: str, words: Any, **more: str) -> None:
    twilio.media["ME1"] = words
    media = {"NumMedia": "1", "MediaContentType0": "audio/ogg", "MediaUrl0": f"{twilio.url}/media/ME1"}
    assert from_twilio(installation.client, form(phone, "", channel="whatsapp", **{**media, **more})).status_code == 200


def test_a_voice_message_is_read_as_if_it_was_written(
    listening: Installation, brain: Brain, twilio: FakeTwilio, phone: str
) -> None:
    heard.clear()
    say(listening, twilio, phone, "dag")
    assert listening.sent(phone) == []
    handle(listening, brain, phone)
    assert [text for _, _, text in listening.sent(phone)] == ["U zei: dag.", "Dat was bericht 1."]
    assert heard == [(b'"dag"', "nl")], "once"


def test_a_voice_message_of_telegram_too(
    listening: Installation, brain: Brain, telegram: FakeTelegram, chat: str
) -> None:
    telegram.files["AwACAgQAAxkB"] = "dag"
    from_telegram(listening.client, update("voice note", chat))
    handle(listening, brain, chat)
    assert listening.sent(chat)[0][2] == "U zei: dag."


@pytest.mark.parametrize(
    "words", ["mompel", "struikel", "", "x" * LARGEST_SOUND], ids=["mumbled", "stumbled over", "silent", "too large"]
)
def test_what_cannot_be_made_out_is_asked_to_be_typed(
    listening: Installation, brain: Brain, twilio: FakeTwilio, phone: str, words: str
) -> None:
    say(listening, twilio, phone, words)
    handle(listening, brain, phone)
    [(_, _, text)] = listening.sent(phone)
    assert "typen" in text
    assert listening.heard(phone)[0].handled is not None


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "https://twilio.com.evil.example/x", "file:///etc/x"])
def test_a_sound_is_fetched_from_twilio_only(
    listening: Installation, brain: Brain, twilio: FakeTwilio, phone: str, url: str
) -> None:
    say(listening, twilio, phone, "dag", MediaUrl0=url)
    handle(listening, brain, phone)
    assert "typen" in listening.sent(phone)[0][2]


@pytest.mark.parametrize("name", ["", "nothing", "no_such_module:make", "json:no_such_function"])
def test_a_transcriber_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(UserError, match="THUISBEL_TRANSCRIBER"):
        load_transcriber(name)
