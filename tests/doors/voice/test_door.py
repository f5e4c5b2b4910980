"""The door itself: who may speak to it, what comes twice, what comes late, and what makes no sense."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from bot.brain import Brain
from bot.doors.opening import open_doors
from bot.settings import Settings
from bot.voice import MOST_WAITS, VoiceDoor
from bot.voice_settings import VoiceSettings
from care.clock import Clock
from care.database import Database, DatabaseUnavailable
from care.models import Inbox
from tests.doors.voice import twiml
from tests.doors.voice.conftest import KEY, CallFrom, app_of, client_of
from tests.doors.voice.phone import BASE, OURS, PATH, TOKEN, Phone

NEWCOMER = "+31619990999"


def messages(database: Database, phone: Phone) -> list[Inbox]:
    with database.begin() as session:
        query = select(Inbox).where(Inbox.outside_id.like(f"{phone.sid}:%")).order_by(Inbox.id)
        return list(session.scalars(query))


def handle_all(database: Database, brain: Brain, phone: Phone) -> None:
    for message in messages(database, phone):
        brain.handle(message.id)


# Who may speak to it


def test_the_door_opens_with_the_others_and_calls_out_where_twilio_can_reach_us(
    voice_settings: Settings, database: Database, clock: Clock
) -> None:
    def opened(settings: Settings) -> tuple[bool, bool]:
        doors = open_doors(settings, database, clock, KEY)
        paths = {route.path for router in doors.routers for route in router.routes}  # type: ignore[attr-defined]
        return PATH in paths, "voice" in doors.senders

    assert opened(voice_settings) == (True, False)
    assert opened(replace(voice_settings, public_url="https://thuisbel.example")) == (True, True)
    assert opened(replace(voice_settings, twilio=None)) == (False, False)


def test_without_an_account_or_a_number_the_door_is_closed(
    voice_settings: Settings, database: Database, clock: Clock
) -> None:
    assert VoiceDoor.from_settings(replace(voice_settings, twilio=None), database, clock) is None
    no_number = replace(voice_settings, twilio=replace(voice_settings.twilio, voice_from=None))
    assert VoiceDoor.from_settings(no_number, database, clock) is None
    assert client_of(None, database, clock).post(PATH, data={"CallSid": "CA1"}).status_code == 404


def test_what_twilio_did_not_sign_is_refused(client: TestClient, database: Database) -> None:
    form = {"CallSid": "CA123", "From": NEWCOMER, "To": OURS, "SpeechResult": "wie komt er"}
    url = f"{BASE}{PATH}?step=1"
    good = RequestValidator(TOKEN).compute_signature(url, form)
    before = count(database)

    def post(where: str = url, fields: dict[str, str] = form, **headers: str) -> int:
        return client.post(where, data=fields, headers=headers).status_code

    assert post() == 403
    assert post(**{"X-Twilio-Signature": "forged"}) == 403
    other = RequestValidator("another token").compute_signature(url, form)
    assert post(**{"X-Twilio-Signature": other}) == 403
    assert post(fields={**form, "From": "+31612345678"}, **{"X-Twilio-Signature": good}) == 403
    assert post(where=f"{BASE}{PATH}?step=2", **{"X-Twilio-Signature": good}) == 403
    assert client.get(url).status_code in (404, 405)
    assert count(database) == before


def count(database: Database) -> int:
    with database.begin() as session:
        return int(session.scalar(select(func.count()).select_from(Inbox)))


def test_behind_a_proxy_the_public_address_counts(voice_settings: Settings, database: Database, clock: Clock) -> None:
    settings = replace(voice_settings, public_url="https://thuisbel.example/bel")
    door = VoiceDoor.from_settings(settings, database, clock)
    form = {"CallSid": "CA124", "From": NEWCOMER, "To": OURS, "CallStatus": "ringing"}
    signature = RequestValidator(TOKEN).compute_signature(f"https://thuisbel.example/bel{PATH}", form)
    answer = client_of(door, database, clock).post(PATH, data=form, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
    assert 'action="https://thuisbel.example/bel/channels/twilio/voice?step=1"' in answer.text


# What comes twice, late or never


def test_the_same_step_twice_is_one_message_and_one_answer(
    call_from: CallFrom, database: Database, brain: Brain, door: VoiceDoor
) -> None:
    door.answer_within = 0.0
    phone = call_from()
    phone.call()
    first = phone.post(f"{PATH}?step=1", SpeechResult="elke dinsdag wandelen", Confidence="0.9")
    assert "wait=1" in first.text
    handle_all(database, brain, phone)
    again = [phone.post(f"{PATH}?step=1", SpeechResult="elke dinsdag wandelen", Confidence="0.9") for _ in range(3)]
    assert len({answer.text for answer in again}) == 1
    assert "step=2" in again[0].text
    assert len(messages(database, phone)) == 1


def test_while_the_brain_thinks_the_caller_hears_so(
    call_from: CallFrom, database: Database, brain: Brain, door: VoiceDoor
) -> None:
    door.answer_within = 0.1
    phone = call_from()
    phone.call()
    begun = time.monotonic()
    answer = phone.post(f"{PATH}?step=1", SpeechResult="elke dinsdag wandelen", Confidence="0.9")
    assert 0.1 <= time.monotonic() - begun < 2
    document = twiml.check(answer.text)
    assert "ogenblik" in "".join(document.itertext())
    assert document.find("Gather") is None
    redirect = document.findtext("Redirect") or ""
    assert "wait=1" in redirect
    other = phone.post(redirect)
    assert "geduld" in other.text, "not the same words twice running"
    handle_all(database, brain, phone)
    assert "Hoe laat" in phone.post(redirect).text


def test_an_answer_that_does_not_come_ends_kindly(
    call_from: CallFrom, door: VoiceDoor, voice_settings: Settings, database: Database, clock: Clock
) -> None:
    door.answer_within = 0.0
    phone = call_from()
    phone.call()
    phone.post(f"{PATH}?step=1", Digits="1")
    last = twiml.check(phone.post(f"{PATH}?step=1&wait={MOST_WAITS + 1}").text)
    assert last.find("Hangup") is not None
    assert "112" in "".join(last.itertext())
    door.operator = "+31201234567"
    connected = twiml.check(phone.post(f"{PATH}?step=1&wait={MOST_WAITS + 1}").text)
    assert connected.findtext("Dial/Number") == "+31201234567"


def test_waiting_for_what_was_never_said_ends_kindly(call_from: CallFrom) -> None:
    assert "Hangup" in call_from().post(f"{PATH}?step=7&wait=2").text


def test_without_a_database_the_caller_still_hears_a_sentence(
    call_from: CallFrom, door: VoiceDoor, caplog: pytest.LogCaptureFixture
) -> None:
    class Gone:
        @contextmanager
        def begin(self) -> Iterator[Any]:
            raise DatabaseUnavailable("gone")
            yield

    door.database = Gone()  # type: ignore[assignment]
    phone = call_from(NEWCOMER)
    answer = phone.post(PATH, CallStatus="ringing")
    assert answer.status_code == 200
    twiml.check(answer.text)
    assert "112" in answer.text
    assert NEWCOMER not in caplog.text


async def test_a_call_that_waits_holds_up_nobody(door: VoiceDoor, database: Database, clock: Clock) -> None:
    door.answer_within = 1.0
    app = app_of(door, database, clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as web:

        def step(number: int) -> Any:
            form = {"CallSid": f"CA900{number}", "From": "anonymous", "To": OURS, "Digits": "1"}
            signature = RequestValidator(TOKEN).compute_signature(f"{BASE}{PATH}?step=1", form)
            return web.post(f"{PATH}?step=1", data=form, headers={"X-Twilio-Signature": signature})

        calls = [asyncio.ensure_future(step(number)) for number in range(30)]
        await asyncio.sleep(0.3)
        begun = time.monotonic()
        assert (await web.get("/health")).status_code == 200
        assert time.monotonic() - begun < 0.5
        answers = await asyncio.gather(*calls)
    assert all("wait=1" in answer.text for answer in answers)


def test_the_end_of_a_call_is_taken_note_of(call_from: CallFrom) -> None:
    phone = call_from()
    phone.call()
    assert phone.hang_up().status_code == 200
    assert phone.hang_up().status_code == 200


# What makes no sense


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("?step=x", {}),
        ("?step=-1", {}),
        ("?step=99999", {}),
        ("?step=1&wait=x", {}),
        ("?step=1", {"CallSid": ""}),
        ("?step=1", {"CallSid": "CA'; DROP TABLE inbox"}),
        ("?about=%00", {}),
    ],
)
def test_a_signed_request_that_is_no_step_is_refused(call_from: CallFrom, query: str, fields: dict[str, str]) -> None:
    phone = call_from()
    assert phone.post(f"{PATH}{query}", **fields).status_code == 400


def test_nothing_in_a_form_makes_the_door_fall(call_from: CallFrom, door: VoiceDoor) -> None:
    door.answer_within = 0.0
    chance = random.Random(5)  # noqa: S311 - the same every time
    values = [
        "",
        " ",
        "\0",
        "\ud7ff",
        "😀" * 50,
        "a" * 5000,
        "1" * 60,
        "*",
        "#",
        "+",
        "+31",
        "NaN",
        "inf",
        "-1",
        "‮",
        "é",
    ]
    names = [
        "From",
        "To",
        "Digits",
        "SpeechResult",
        "Confidence",
        "CallStatus",
        "DialCallStatus",
        "AnsweredBy",
        "Direction",
    ]
    queries = [
        "",
        "?step=0",
        "?step=1",
        "?step=2&wait=1",
        "?step=3&dialled=1",
        "?about=x",
        "?step=1&about=x",
        "?step=",
        "?wait=3",
    ]
    phone = call_from()
    for _ in range(120):
        fields = {name: chance.choice(values) for name in chance.sample(names, 3)}
        phone.sid = f"CA{chance.randrange(10**6)}"
        answer = phone.post(f"{PATH}{chance.choice(queries)}", **fields)
        assert answer.status_code in (200, 400), (fields, answer.text)
        if answer.status_code == 200:
            twiml.check(answer.text)


def test_the_number_that_was_called_chooses_the_language(
    voice_settings: Settings, database: Database, clock: Clock
) -> None:
    english = "+31850000002"
    settings = replace(voice_settings, voice=VoiceSettings(english_numbers=frozenset({english}), rate_percent=75))
    client = client_of(VoiceDoor.from_settings(settings, database, clock), database, clock)
    assert "voor nederlands, toets 8" in Phone(client, "anonymous", english).call()
    dutch = Phone(client, "anonymous")
    assert "u spreekt met" in dutch.call()
    prosody = next(dutch.document.iter("prosody"))
    assert prosody.get("rate") == "75%"
