from __future__ import annotations

from datetime import datetime
from itertools import permutations

import pytest
from sqlalchemy.orm import Session

from care import deliveries, outbox
from care.deliveries import Told
from care.models import Outbox
from care.people import contact_for


@pytest.fixture
def row(session: Session, now: datetime) -> Outbox:
    contact = contact_for(session, "sms", "+31612340002", now)
    found = session.get(Outbox, outbox.put(session, contact=contact, channel="sms", text="een", now=now))
    assert found is not None
    return found


@pytest.fixture
def contacts_rows(session: Session, now: datetime) -> list[Outbox]:
    """Messages to two more people."""
    found = []
    for phone in ("+31612340003", "+31612340004"):
        contact = contact_for(session, "sms", phone, now)
        found.append(session.get(Outbox, outbox.put(session, contact=contact, channel="sms", text="een", now=now)))
    return found


def tell(session: Session, row: Outbox, now: datetime, *statuses: str, part: int = 0) -> None:
    for status in statuses:
        deliveries.record(session, row, part, f"SM{part}", now, status)


@pytest.mark.parametrize("statuses", permutations(["sent", "sent", "delivered"]))
def test_news_of_delivery_counts_whatever_its_order(
    session: Session, row: Outbox, now: datetime, statuses: tuple[str, ...]
) -> None:
    tell(session, row, now, *statuses)
    assert deliveries.state(session, row, 1) == "delivered"


@pytest.mark.parametrize("statuses", permutations(["sent", "delivered", "failed"]))
def test_a_failure_is_never_taken_back(session: Session, row: Outbox, now: datetime, statuses: tuple[str, ...]) -> None:
    tell(session, row, now, *statuses)
    assert deliveries.state(session, row, 1) == "failed"


def test_a_message_has_arrived_when_all_its_parts_have(session: Session, row: Outbox, now: datetime) -> None:
    tell(session, row, now, "delivered", part=0)
    assert deliveries.state(session, row, 2) == "sent"
    tell(session, row, now, "sent", part=1)
    assert deliveries.state(session, row, 2) == "sent"
    tell(session, row, now, "delivered", part=1)
    assert deliveries.state(session, row, 2) == "delivered"
    assert deliveries.sent_parts(session, row) == {0: "SM0", 1: "SM1"}


def test_a_part_is_found_by_the_channels_id(session: Session, row: Outbox, now: datetime) -> None:
    tell(session, row, now, "sent", part=3)
    assert deliveries.find(session, {"sms", "whatsapp"}, "SM3") == (row.id, 3)
    assert deliveries.find(session, {"telegram"}, "SM3") is None
    assert deliveries.find(session, {"sms"}, "SM4") is None
    assert deliveries.ids_at(session, row) == {"SM3"}


def test_several_are_marked_at_once_and_what_was_told_before_stays(
    session: Session, row: Outbox, contacts_rows: list[Outbox], now: datetime
) -> None:
    told, failed = contacts_rows
    tell(session, told, now, "delivered")
    tell(session, failed, now, "failed")
    taken = [(failed.id, "SM0"), (told.id, "SM0"), (row.id, "SM9")]
    assert deliveries.mark_sent(session, "sms", taken, now) == {told.id, failed.id}
    assert deliveries.settle(session, {told.id, failed.id}) == {failed.id}
    for one in (row, told, failed):
        session.refresh(one)
    assert [one.status for one in (row, told, failed)] == ["sent", "delivered", "sent"]
    assert {(one.sent, one.attempts) for one in (row, told, failed)} == {(now, 1)}
    assert row.outside_id == "SM9"
    assert deliveries.state(session, failed, 1) == "failed"
    assert deliveries.settle(session, ()) == frozenset()


def test_news_of_a_message_of_another_channel_is_none_of_ours(session: Session, row: Outbox, now: datetime) -> None:
    def delivered(number: int) -> Told:
        return Told(number, 0, "SM0", "delivered")

    assert not deliveries.told(session, [delivered(row.id)], {"whatsapp"}, now)
    assert not deliveries.told(session, [delivered(10**12)], {"sms"}, now)
    assert deliveries.sent_parts(session, row) == {}
    assert deliveries.told(session, [delivered(10**12), delivered(row.id)], {"sms"}, now) == {row.id}
    assert deliveries.state(session, row, 1) == "delivered"


def test_news_of_several_messages_come_together_and_in_any_order(
    session: Session, row: Outbox, contacts_rows: list[Outbox], now: datetime
) -> None:
    first, second = contacts_rows
    for one in (first, second, row):
        outbox.mark_sent(session, one, now)
        tell(session, one, now, "sent")
    tell(session, row, now, "sent", part=1)
    news = [
        Told(second.id, 0, "SMb", "sent"),
        Told(first.id, 0, "SMa", "delivered"),
        Told(first.id, 0, "SMa", "sent"),
        Told(row.id, 1, "SMc", "delivered"),
    ]
    assert deliveries.told(session, news, {"sms"}, now) == {first.id, second.id, row.id}
    for one in (first, second, row):
        session.refresh(one)
    assert [one.status for one in (first, second, row)] == ["delivered", "sent", "sent"], "a part is still on its way"
    assert deliveries.told(session, [Told(row.id, 0, "SM0", "delivered")], {"sms"}, now) == {row.id}
    session.refresh(row)
    assert row.status == "delivered"
    assert deliveries.told(session, news, {"sms"}, now) == {first.id, second.id, row.id}, "and again changes nothing"
    assert deliveries.state(session, first, 1) == deliveries.state(session, row, 2) == "delivered"
