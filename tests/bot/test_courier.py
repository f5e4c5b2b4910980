from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import text as sql

from bot.courier import MOST_ATTEMPTS, Courier, wait_before
from bot.line import held_key
from care import deliveries, outbox
from care.clock import Clock
from care.database import Database
from care.models import Outbox
from care.people import contact_for
from channels import ChannelCapabilities, Outgoing, SendFailed

numbers = itertools.count()


class Door:
    """A door that remembers what it was given, and may do something first."""

    capabilities = ChannelCapabilities(longest_text=1600)

    def __init__(self, first: Callable[[Outgoing], None] | None = None) -> None:
        self.sent: list[Outgoing] = []
        self._first = first

    def send(self, message: Outgoing) -> str:
        if self._first is not None:
            self._first(message)
        self.sent.append(message)
        return f"SM{len(self.sent)}"


def put(database: Database, clock: Clock, *texts: str, phone: str | None = None, after: timedelta | None = None) -> str:
    phone = phone or f"+3161236{next(numbers):04d}"
    with database.begin() as session:
        contact = contact_for(session, "sms", phone, clock.now())
        for text in texts:
            due = clock.now() + after if after else None
            outbox.put(session, contact=contact, channel="sms", text=text, now=clock.now(), due=due)
    return phone


def status(database: Database, phone: str) -> list[tuple[str, int]]:
    with database.begin() as session:
        rows = session.query(Outbox).filter(Outbox.address == phone).order_by(Outbox.id)
        return [(row.status, row.attempts) for row in rows]


@pytest.fixture(autouse=True)
def _nothing_left(database: Database) -> None:
    with database.begin() as session:
        session.execute(sql("DELETE FROM outbox"))


def test_what_is_due_is_sent_once_and_in_order(database: Database, clock: Clock) -> None:
    door = Door()
    courier = Courier(database, clock, {"sms": door})
    phone = put(database, clock, "een", "twee", "drie")
    assert courier.send_due() == 3
    assert courier.send_due() == 0
    assert [message.text for message in door.sent] == ["een", "twee", "drie"]
    assert {message.address for message in door.sent} == {phone}
    assert len({message.key for message in door.sent}) == 3
    assert status(database, phone) == [("sent", 1)] * 3


def test_what_is_due_later_waits(database: Database, clock: Clock) -> None:
    door = Door()
    courier = Courier(database, clock, {"sms": door})
    put(database, clock, "herinnering", after=timedelta(hours=2))
    assert courier.send_due() == 0
    clock.move(clock.now() + timedelta(hours=2))
    assert courier.send_due() == 1


def test_a_channel_without_a_door_keeps_its_messages(database: Database, clock: Clock) -> None:
    courier = Courier(database, clock, {"whatsapp": Door()})
    phone = put(database, clock, "een")
    assert courier.send_due() == 0
    assert status(database, phone) == [("due", 0)]


def test_a_failure_is_tried_again_after_ever_longer_waits_and_then_given_up(database: Database, clock: Clock) -> None:
    def fail(_: Outgoing) -> None:
        raise SendFailed("time-out")

    courier = Courier(database, clock, {"sms": Door(fail)})
    phone = put(database, clock, "een")
    waits = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert courier.send_due() == 1
        assert courier.send_due() == 0, "not again before its time"
        if attempt < MOST_ATTEMPTS:
            assert status(database, phone) == [("due", attempt)]
            waits.append(wait_before(attempt + 1))
            clock.move(clock.now() + waits[-1] + timedelta(seconds=1))
    assert status(database, phone) == [("failed", MOST_ATTEMPTS)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=10)


def test_a_final_failure_is_not_tried_again(database: Database, clock: Clock) -> None:
    def fail(_: Outgoing) -> None:
        raise SendFailed("no such number", final=True)

    courier = Courier(database, clock, {"sms": Door(fail)})
    phone = put(database, clock, "een")
    courier.send_due()
    assert status(database, phone) == [("failed", 1)]


def test_one_door_in_trouble_does_not_hold_up_other_people(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    bad = put(database, clock, "geheim een")

    def stumble(message: Outgoing) -> None:
        if message.address == bad:
            raise ZeroDivisionError(message.text)

    good = put(database, clock, "twee")
    door = Door(stumble)
    Courier(database, clock, {"sms": door}).send_due()
    assert [message.text for message in door.sent] == ["twee"]
    assert status(database, bad) == [("due", 1)]
    assert status(database, good) == [("sent", 1)]
    assert "geheim" not in caplog.text
    assert bad not in caplog.text


def test_two_couriers_send_nothing_twice_and_keep_a_persons_order(database: Database, clock: Clock) -> None:
    door = Door()
    phones = [put(database, clock, *(str(number) for number in range(5))) for _ in range(6)]
    couriers = [Courier(database, clock, {"sms": door}) for _ in range(3)]
    threads = [threading.Thread(target=courier.send_due) for courier in couriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each passes over what another holds at that moment; what is left is for the next look.
    couriers[0].send_due()
    for phone in phones:
        assert [message.text for message in door.sent if message.address == phone] == ["0", "1", "2", "3", "4"]


def test_a_crash_while_sending_leaves_the_message_due(database: Database, clock: Clock) -> None:
    def crash(_: Outgoing) -> None:
        raise SystemExit(9)

    phone = put(database, clock, "een")
    with pytest.raises(SystemExit):
        Courier(database, clock, {"sms": Door(crash)}).send_due()
    assert status(database, phone) == [("due", 0)]
    door = Door()
    Courier(database, clock, {"sms": door}).send_due()
    assert [message.text for message in door.sent] == ["een"]


def test_while_somebody_is_on_a_direct_line_nothing_is_sent_to_them(database: Database, clock: Clock) -> None:
    door = Door()
    courier = Courier(database, clock, {"sms": door})
    phone = put(database, clock, "een")
    other = put(database, clock, "twee")
    with database.engine.connect() as connection:
        connection.execute(sql("SELECT pg_advisory_lock(hashtextextended(:key, 0))"), {"key": held_key("sms", phone)})
        assert courier.send_due() == 1
        assert [message.address for message in door.sent] == [other]
        connection.execute(sql("SELECT pg_advisory_unlock_all()"))
        connection.invalidate()
    assert courier.send_due() == 1


def test_it_looks_again_when_it_is_woken(database: Database, clock: Clock) -> None:
    sent = threading.Event()
    courier = Courier(database, clock, {"sms": Door(lambda _: sent.set())})
    courier.start()
    put(database, clock, "een")
    courier.wake()
    assert sent.wait(5)
    courier.stop()


class LookingDoor(Door):
    """A door that finds again what it was given before, and tells what it was given when in doubt."""

    capabilities = ChannelCapabilities(longest_text=1600, looks_up=True)

    def send(self, message: Outgoing) -> str:
        known = [number for number, before in enumerate(self.sent, start=1) if before.key == message.key]
        return f"SM{known[0]}" if message.unsure and known else super().send(message)


def test_a_door_that_can_look_gets_several_messages_in_one_transaction_each_to_another_person(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []
    mark = deliveries.mark_sent
    monkeypatch.setattr(deliveries, "mark_sent", lambda *values: commits.append(len(values[2])) or mark(*values))
    door = LookingDoor()
    phones = [put(database, clock, "een", "twee") for _ in range(3)]
    assert Courier(database, clock, {"sms": door}).send_due() == 6
    assert commits == [3, 3]
    for phone in phones:
        assert [message.text for message in door.sent if message.address == phone] == ["een", "twee"]
        assert status(database, phone) == [("sent", 1)] * 2


def test_what_was_sent_in_a_transaction_that_was_lost_is_looked_for_and_not_sent_again(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = LookingDoor()
    courier = Courier(database, clock, {"sms": door})
    phones = [put(database, clock, "een") for _ in range(3)]

    def lose(*_: object) -> None:
        raise ConnectionError("the database is away for a moment")

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "mark_sent", lose)
        with pytest.raises(ConnectionError):
            courier.send_due()
    assert len(door.sent) == 3
    clock.move(clock.now() + timedelta(seconds=1))
    courier.send_due()
    assert len(door.sent) == 3
    assert [status(database, phone) for phone in phones] == [[("sent", 1)]] * 3


def test_one_that_fails_among_several_fails_alone(database: Database, clock: Clock) -> None:
    bad, good = put(database, clock, "een"), put(database, clock, "twee")

    def fail(message: Outgoing) -> None:
        if message.address == bad:
            raise SendFailed("time-out")

    Courier(database, clock, {"sms": LookingDoor(fail)}).send_due()
    assert status(database, bad) == [("due", 1)]
    assert status(database, good) == [("sent", 1)]


def test_a_slow_door_keeps_its_messages_in_a_transaction_for_a_moment_only(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.courier._SEND_SECONDS", 0.0)
    seen = []
    door = LookingDoor(
        lambda _: seen.append(len([None for phone in phones if status(database, phone)[0][0] == "sent"]))
    )
    phones = [put(database, clock, "een") for _ in range(3)]
    assert Courier(database, clock, {"sms": door}).send_due() == 3
    assert seen == [0, 1, 2], "those before are marked already"


def test_who_wakes_it_often_has_it_look_once_for_all(database: Database, clock: Clock) -> None:
    door = LookingDoor()
    courier = Courier(database, clock, {"sms": door}, threads=2)
    courier.start()
    try:
        phones = []
        for _ in range(20):
            phones.append(put(database, clock, "een"))
            courier.wake()
        end = monotonic() + 10
        while len(door.sent) < 20 and monotonic() < end:
            threading.Event().wait(0.01)
    finally:
        courier.stop()
    assert sorted(message.address for message in door.sent) == sorted(phones)
