"""A coordinator's desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care import acceptance, asks
from care.booking import book
from care.desk import assign, open_requests, others_for
from care.models import Contact, Helper, Organisation, Recipient, Series, Visit
from care.offers import offers_for

STUCK = ("next_offer",)


@pytest.fixture
def coordinator(world: Any) -> Contact:
    contact = world.contact()
    contact.roles = ["coordinator"]
    return contact


@pytest.fixture
def helper(session: Session, world: Any, coordinator: Contact) -> Helper:
    made = world.helper("Wilma", "organisation")
    session.get(Organisation, made.organisation_id).coordinator_id = coordinator.id
    session.flush()
    return made


@pytest.fixture
def recipient(world: Any) -> Recipient:
    return world.recipient()


def offer(session: Session, recipient: Recipient, need: Any, now: datetime, key: str) -> Series:
    found = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    return book(
        session, recipient=recipient, requested_by=by, need=need, offer=found, request_key=key, now=now, offered=True
    )


def standing(session: Session, series: Series) -> dict[str, int]:
    query = select(Visit.status, func.count()).where(Visit.series_id == series.id).group_by(Visit.status)
    return {status: int(count) for status, count in session.execute(query)}


def test_a_coordinator_sees_the_requests_to_their_people(
    session: Session, helper: Helper, recipient: Recipient, coordinator: Contact, world: Any, need: Any, now: datetime
) -> None:
    series = offer(session, recipient, need(), now, "r1")
    assert open_requests(session, coordinator, STUCK) == [series]
    stranger = world.contact()
    assert open_requests(session, stranger, STUCK) == []
    acceptance.accept(session, series.id, helper.contact, now)
    assert open_requests(session, coordinator, STUCK) == []


def test_what_was_declined_is_stuck_as_long_as_somebody_must_choose(
    session: Session, helper: Helper, recipient: Recipient, coordinator: Contact, need: Any, now: datetime
) -> None:
    series = offer(session, recipient, need(), now, "r1")
    acceptance.decline(session, series.id, helper.contact, now)
    assert open_requests(session, coordinator, STUCK) == []
    question = {"topic": "next_offer"}
    ask = asks.put(session, contact=recipient.contact, question=question, now=now, key="k", series=series)
    assert open_requests(session, coordinator, STUCK) == [series]
    asks.close(session, ask, "answered", now)
    assert open_requests(session, coordinator, STUCK) == []


def test_another_of_theirs_is_sent_at_no_higher_price(
    session: Session, helper: Helper, recipient: Recipient, coordinator: Contact, world: Any, need: Any, now: datetime
) -> None:
    series = offer(session, recipient, need(), now, "r1")
    same = {"organisation_id": helper.organisation_id}
    cheap, dear = (
        world.helper(name, "organisation", hourly_cents=cents, **same)
        for name, cents in (("Nel", 2900), ("Dora", 9900))
    )
    world.helper("Elsewhere", "organisation")
    found = others_for(session, series, coordinator, now)
    assert [one.helper_id for one in found] == [cheap.id]
    made = assign(session, series.id, found[0], by=coordinator, now=now, request_key="a1")
    assert (made.helper_id, made.status, standing(session, made)) == (cheap.id, "active", {"planned": 84})
    assert (series.status, standing(session, series)) == ("declined", {"declined": 84})
    assert made.created_by_id == recipient.contact_id
    assert assign(session, series.id, found[0], by=coordinator, now=now, request_key="a1").id == made.id
    assert acceptance.refused(session, recipient, need(), now) == {helper.id}
    with pytest.raises(PermissionError):
        assign(session, series.id, found[0], by=world.contact(), now=now, request_key="a2")
    assert dear.active


def test_what_was_settled_is_not_assigned(
    session: Session, helper: Helper, recipient: Recipient, coordinator: Contact, world: Any, need: Any, now: datetime
) -> None:
    series = offer(session, recipient, need(), now, "r1")
    world.helper("Nel", "organisation", organisation_id=helper.organisation_id)
    found = others_for(session, series, coordinator, now + timedelta(minutes=1))
    acceptance.accept(session, series.id, helper.contact, now)
    assert assign(session, series.id, found[0], by=coordinator, now=now, request_key="a1") is None
    assert standing(session, series) == {"planned": 84}
