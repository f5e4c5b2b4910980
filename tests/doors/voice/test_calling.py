"""Calls that we make: a message read out to who has no mobile, and what is pressed then."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from actions.phone.numbers import calling_time, reached_by
from actions.post import Post
from bot.courier import Courier
from bot.voice import VoiceDoor
from care.clock import TZ, Clock
from care.database import Database
from care.models import Contact, Door, Outbox, Recipient, Series, Visit
from care.people import contact_for
from channels import Outgoing, SendFailed
from channels.twilio_calls import CallSender
from channels.twilio_sender import client as twilio_client
from channels.twilio_voice import Script, Speech
from tests.doors.voice.conftest import CallFrom
from tests.doors.voice.phone import BASE, OURS, PATH, Phone
from tests.doors.voice.test_calls import book_by_speech

SERVERS = itertools.count(1)
LANDLINES = (f"+31201239{number:03d}" for number in itertools.count(1))


class FakeTwilio(ThreadingHTTPServer):
    """Takes calls to be made, as Twilio's REST API does, and remembers them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, str]] = []
        self.status = 201
        # Other calls than those of other tests.
        self.number = next(SERVERS)
        self.calls: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeTwilio

    def do_GET(self) -> None:
        calls = ", ".join(f'{{"sid": "{sid}", "status": "{status}"}}' for sid, status in self.server.calls)
        self._answer(200, f'{{"calls": [{calls}], "page_size": 5}}')

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert self.path == "/2010-04-01/Accounts/AC0/Calls.json"
        assert self.headers["Authorization"].startswith("Basic ")
        self.server.asked.append({name: values[0] for name, values in parse_qs(body).items()})
        sid = f"CAout{self.server.number}x{len(self.server.asked)}"
        answer = f'{{"sid": "{sid}", "status": "queued"}}' if self.server.status == 201 else '{"code": 21211}'
        self._answer(self.server.status, answer)

    def _answer(self, status: int, answer: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    server = FakeTwilio()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sender(twilio: FakeTwilio) -> CallSender:
    return CallSender(twilio_client("AC0", "token", twilio.url), OURS, Script(Speech(), BASE))


@pytest.fixture
def web(client: TestClient) -> TestClient:
    return client


@pytest.fixture
def courier(database: Database, clock: Clock, sender: CallSender) -> Courier:
    return Courier(database, clock, {"voice": sender})


def remind(database: Database, clock: Clock, number: str, *, visit: int | None = None, cause: str = "test") -> str:
    """Write a reminder for somebody; its key."""
    with database.begin() as session:
        contact = contact_for(session, "voice", number, clock.now())
        about = None if visit is None else session.get(Visit, visit)
        Post(session, clock.now(), cause).notify(contact, "coming_nobody", visit=about, day="Morgen")
        return session.scalars(select(Outbox.key).where(Outbox.contact_id == contact.id, Outbox.kind == "notice")).one()


def row(database: Database, key: str) -> Outbox:
    with database.begin() as session:
        return session.scalars(select(Outbox).where(Outbox.key == key)).one()


class Answered(Phone):
    """A phone that we called."""

    def __init__(self, web: TestClient, twilio: FakeTwilio, number: str | None = None) -> None:
        place = max(place for place, asked in enumerate(twilio.asked) if number in (None, asked["To"]))
        self._asked = twilio.asked[place]
        super().__init__(web, self._asked["To"])
        self.sid = f"CAout{twilio.number}x{place + 1}"

    def post(self, url: str, **fields: str) -> Any:
        told = {"Direction": "outbound-api", "From": OURS, "To": self.number}
        return super().post(url, **{**told, **fields})

    def answer(self, **fields: str) -> str:
        return self._go(self._asked["Url"], CallStatus="in-progress", **fields)

    def ends(self, status: str) -> None:
        assert self.post(self._asked["StatusCallback"], CallStatus=status).status_code == 200


def test_who_has_no_mobile_is_called(
    database: Database, clock: Clock, twilio: FakeTwilio, courier: Courier, web: TestClient
) -> None:
    number = next(LANDLINES)
    key = remind(database, clock, number)
    assert courier.send_due() == 1
    [asked] = twilio.asked
    assert (asked["To"], asked["From"], asked["MachineDetection"]) == (number, OURS, "Enable")
    assert asked["Url"].startswith(BASE + PATH)
    assert row(database, key).status == "sent"
    phone = Answered(web, twilio)
    said = phone.answer(AnsweredBy="human")
    assert "computer" in said
    assert "morgen: er komt niemand" in said
    assert "toets 9" in said
    assert row(database, key).status == "delivered"


@pytest.mark.usefixtures("at_work")
def test_nine_reads_it_again_and_one_is_good(
    database: Database, clock: Clock, twilio: FakeTwilio, courier: Courier, web: TestClient
) -> None:
    remind(database, clock, next(LANDLINES))
    courier.send_due()
    phone = Answered(web, twilio)
    phone.answer()
    assert "er komt niemand" in phone.press("9"), phone.transcript()
    assert "dank u" in phone.press("1"), phone.transcript()
    assert phone.over


def test_an_answering_machine_hears_nothing_and_is_called_again(
    database: Database, clock: Clock, twilio: FakeTwilio, courier: Courier, web: TestClient, door: VoiceDoor
) -> None:
    given_up: list[str | None] = []
    door.undelivered = lambda _, message: given_up.append(message.key)
    key = remind(database, clock, next(LANDLINES))
    courier.send_due()
    phone = Answered(web, twilio)
    assert phone.answer(AnsweredBy="machine_start") == ""
    assert phone.over
    phone.ends("completed")
    phone.ends("completed")
    found = row(database, key)
    assert (found.status, found.attempts) == ("due", 1)
    assert found.due == clock.now() + timedelta(minutes=30)
    for _ in (2, 3):
        clock.move(clock.now() + timedelta(minutes=31))
        assert courier.send_due() == 1
        Answered(web, twilio).ends("no-answer")
    assert row(database, key).status == "failed"
    assert given_up == [key]


def test_the_end_of_a_call_that_was_heard_changes_nothing(
    database: Database, clock: Clock, twilio: FakeTwilio, courier: Courier, web: TestClient
) -> None:
    key = remind(database, clock, next(LANDLINES))
    courier.send_due()
    phone = Answered(web, twilio)
    phone.answer()
    phone.ends("completed")
    assert row(database, key).status == "delivered"


@pytest.mark.usefixtures("at_work")
def test_two_leaves_this_visit_out_after_a_read_back(
    database: Database, clock: Clock, twilio: FakeTwilio, courier: Courier, web: TestClient, call_from: CallFrom
) -> None:
    number = next(LANDLINES)
    book_by_speech(call_from(number))
    with database.begin() as session:
        query = select(Visit.id).join(Series).join(Recipient).join(Contact, Contact.id == Recipient.contact_id)
        visit = session.scalars(query.where(Contact.phone == number).order_by(Visit.starts)).first()
    remind(database, clock, number, visit=visit)
    courier.send_due()
    phone = Answered(web, twilio)
    assert "deze keer niet, toets 2" in phone.answer()
    assert "ik zeg af: morgen, dinsdag 24 november" in phone.press("2"), phone.transcript()
    assert "afgezegd" in phone.press("1"), phone.transcript()
    with database.begin() as session:
        assert session.get(Visit, visit).status == "skipped"


@pytest.mark.usefixtures("at_work")
def test_a_helper_without_a_mobile_accepts_by_a_key(
    database: Database, clock: Clock, twilio: FakeTwilio, courier: Courier, web: TestClient, call_from: CallFrom
) -> None:
    number = next(LANDLINES)
    with database.begin() as session:
        maria = session.scalars(select(Contact).where(Contact.name == "Maria de Bruin")).one()
        maria.phone = number
        session.execute(delete(Door).where(Door.contact_id == maria.id))
    phone = call_from()
    phone.call()
    phone.say("elke woensdag om drie uur gezelschap door Maria de Bruin")
    phone.say("Jo de Boer")
    phone.say("8259 BA 46")
    phone.press("1")
    phone.say("ja graag")
    courier.send_due()
    helper = Answered(web, twilio, number)
    said = helper.answer()
    assert "jo de boer" in said, phone.transcript()
    assert "toets 1" in said
    assert "gezelschap" in helper.press("1"), "the question that was read out, whatever else is open"
    with database.begin() as session:
        query = select(Series.status).join(Recipient).join(Contact, Contact.id == Recipient.contact_id)
        assert session.scalars(query.where(Contact.phone == phone.number)).all() == ["active"], helper.transcript()
    later = Answered(web, twilio, number)
    later.sid += "again"
    later.answer()
    assert "al voorbij" in later.press("2"), later.transcript()


def test_a_refused_or_broken_call_is_told_apart(twilio: FakeTwilio, sender: CallSender) -> None:
    message = Outgoing("voice", next(LANDLINES), "Morgen komt er niemand.", key="notice:1")
    for status, final in ((400, True), (429, False), (503, False)):
        twilio.status = status
        with pytest.raises(SendFailed) as failed:
            sender.send(message)
        assert failed.value.final is final
        assert message.address not in str(failed.value)


def test_an_attempt_whose_answer_was_missed_does_not_ring_twice(twilio: FakeTwilio, sender: CallSender) -> None:
    twilio.calls = [("CAold", "completed"), ("CAnow", "ringing")]
    message = Outgoing("voice", next(LANDLINES), "Dag", key="notice:3", unsure=True)
    assert sender.send(message) == "CAnow"
    assert twilio.asked == []
    twilio.calls = [("CAold", "completed")]
    sender.send(message)
    assert len(twilio.asked) == 1


def test_a_server_that_is_gone_is_a_failure_to_try_again(twilio: FakeTwilio, sender: CallSender) -> None:
    twilio.shutdown()
    twilio.server_close()
    with pytest.raises(SendFailed) as failed:
        sender.send(Outgoing("voice", next(LANDLINES), "Dag", key="notice:2"))
    assert not failed.value.final


def test_nobody_is_woken(database: Database, clock: Clock, door: VoiceDoor) -> None:
    clock.move(datetime(2026, 11, 23, 21, 30))
    key = remind(database, clock, next(LANDLINES))
    assert row(database, key).due == datetime(2026, 11, 24, 9, tzinfo=TZ)
    assert calling_time(datetime(2026, 11, 24, 3, tzinfo=TZ)) == datetime(2026, 11, 24, 9, tzinfo=TZ)
    assert calling_time(datetime(2026, 11, 24, 12, tzinfo=TZ)) == datetime(2026, 11, 24, 12, tzinfo=TZ)


def test_an_sms_goes_where_it_arrives() -> None:
    assert [reached_by(number) for number in ("+31612345678", "+31201234567", None)] == ["sms", "voice", None]
