from __future__ import annotations

from datetime import datetime
from itertools import permutations

import pytest
from sqlalchemy.orm import Session

from care import deliveries, outbox
from care.models import Outbox
from care.people import contact_for


@pytest.fixture
def row(session: Session, now: datetime) -> Outbox:
    contact = contact_for(session, "sms", "+31612340002", now)
    found = session.get(Outbox, outbox.put(session, contact=contact, channel="sms", text="een", now=now))
    assert found is not None
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
