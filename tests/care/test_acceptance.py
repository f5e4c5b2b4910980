"""The helper's answer to a series that was offered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care import acceptance, asks, outbox
from care.booking import SlotTaken, book, end_series, extend_horizon, undo
from care.models import Audit, Helper, Organisation, Outbox, Recipient, Series, Visit
from care.offers import offers_for
from care.reopening import reopen_series
from care.visits import restore_visits, skip_visits

SERVICES = ("companionship", "walk")


@pytest.fixture
def helper(world: Any) -> Helper:
    return world.helper("Maria de Bruin", services=SERVICES)


@pytest.fixture
def recipient(world: Any) -> Recipient:
    return world.recipient()


@pytest.fixture
def series(session: Session, helper: Helper, recipient: Recipient, need: Any, now: datetime) -> Series:
    return offer(session, recipient, need(), now, "r1")


def offer(session: Session, recipient: Recipient, need: Any, now: datetime, key: str) -> Series:
    found = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    return book(
        session, recipient=recipient, requested_by=by, need=need, offer=found, request_key=key, now=now, offered=True
    )


def standing(session: Session, series: Series) -> dict[str, int]:
    query = select(Visit.status, func.count()).where(Visit.series_id == series.id).group_by(Visit.status)
    return {status: int(count) for status, count in session.execute(query)}


def test_an_offer_holds_the_helpers_time(
    session: Session, series: Series, world: Any, helper: Helper, need: Any, now: datetime
) -> None:
    assert (series.status, series.accepted, standing(session, series)) == ("offered", None, {"offered": 84})
    with pytest.raises(IndexError):
        offer(session, world.recipient(), need(), now, "r2")


def test_a_yes_plans_the_visits_once(session: Session, series: Series, helper: Helper, now: datetime) -> None:
    for _ in range(2):
        assert acceptance.accept(session, series.id, helper.contact, now)
    assert (series.status, series.accepted, standing(session, series)) == ("active", now, {"planned": 84})
    assert len(session.scalars(select(Audit).where(Audit.what == "accept")).all()) == 1
    assert extend_horizon(session, now + timedelta(days=7)) == 6


def test_an_offered_series_is_not_extended(session: Session, series: Series, now: datetime) -> None:
    assert extend_horizon(session, now + timedelta(days=7)) == 0


def test_a_no_frees_the_time_and_is_remembered(
    session: Session, series: Series, helper: Helper, recipient: Recipient, need: Any, now: datetime, world: Any
) -> None:
    visit = session.scalars(select(Visit).where(Visit.series_id == series.id)).first()
    message = outbox.put(
        session, contact=recipient.contact, channel="sms", text="t", now=now, due=now + timedelta(days=1), visit=visit
    )
    assert acceptance.decline(session, series.id, helper.contact, now)
    assert not acceptance.decline(session, series.id, helper.contact, now)
    assert session.get(Outbox, message).status == "cancelled"
    assert (series.status, standing(session, series)) == ("declined", {"declined": 84})
    assert acceptance.refused(session, recipient, need(dtstart="2026-12-01"), now) == {helper.id}
    assert acceptance.refused(session, recipient, need(times=["10:00"]), now) == set()
    assert acceptance.refused(session, recipient, need("walk"), now) == set()
    assert acceptance.refused(session, world.recipient(), need(), now) == set()
    assert acceptance.refused(session, recipient, need(), now + timedelta(days=31)) == set()
    assert offer(session, world.recipient(), need(), now, "r3").helper_id == helper.id


def test_only_the_helper_or_their_coordinator_answers(
    session: Session, series: Series, helper: Helper, recipient: Recipient, world: Any, now: datetime
) -> None:
    for who in (recipient.contact, world.contact()):
        with pytest.raises(PermissionError):
            acceptance.accept(session, series.id, who, now)
        with pytest.raises(PermissionError):
            acceptance.decline(session, series.id, who, now)
    assert series.status == "offered"


def test_the_coordinator_of_an_organisation_answers_for_its_people(
    session: Session, recipient: Recipient, world: Any, need: Any, now: datetime
) -> None:
    helper = world.helper("Wilma", "organisation")
    series = offer(session, recipient, need(), now, "r1")
    coordinator, other = world.contact(), world.contact()
    other.roles = ["coordinator"]
    session.get(Organisation, helper.organisation_id).coordinator_id = coordinator.id
    assert not acceptance.may_answer(session, series, other)
    assert acceptance.accept(session, series.id, coordinator, now)


def test_what_was_cancelled_cannot_be_accepted(
    session: Session, series: Series, helper: Helper, recipient: Recipient, now: datetime
) -> None:
    undo(session, [series.id], recipient.contact, now)
    assert not acceptance.accept(session, series.id, helper.contact, now)
    assert standing(session, series) == {"cancelled": 84}


def test_what_lapsed_can_be_taken_up_as_long_as_the_time_is_free(
    session: Session, series: Series, helper: Helper, recipient: Recipient, now: datetime
) -> None:
    assert acceptance.lapse(session, series, now)
    assert not acceptance.lapse(session, series, now)
    assert acceptance.accept(session, series.id, helper.contact, now)
    assert standing(session, series) == {"planned": 84}


def test_what_lapsed_is_gone_when_the_time_went_to_another(
    session: Session, series: Series, helper: Helper, world: Any, need: Any, now: datetime
) -> None:
    acceptance.lapse(session, series, now)
    offer(session, world.recipient(), need(), now, "r2")
    assert not acceptance.accept(session, series.id, helper.contact, now)
    assert (series.status, standing(session, series)) == ("declined", {"declined": 84})


def test_visits_left_out_before_the_answer_stay_left_out(
    session: Session, series: Series, helper: Helper, recipient: Recipient, now: datetime
) -> None:
    first = session.scalars(select(Visit.id).where(Visit.series_id == series.id).order_by(Visit.starts)).first()
    skip_visits(session, [first], recipient.contact, now)
    assert acceptance.accept(session, series.id, helper.contact, now)
    assert standing(session, series) == {"planned": 83, "skipped": 1}
    restore_visits(session, [first], recipient.contact, now)
    assert standing(session, series) == {"planned": 84}


def test_an_answer_after_the_last_visit_is_too_late(
    session: Session, helper: Helper, recipient: Recipient, need: Any, now: datetime
) -> None:
    series = offer(session, recipient, need(rrule=None), now, "once")
    assert not acceptance.accept(session, series.id, helper.contact, now + timedelta(days=2))
    assert series.status == "offered"


def test_what_was_ended_unanswered_is_offered_again_when_reopened(
    session: Session, series: Series, recipient: Recipient, now: datetime
) -> None:
    ids = list(session.scalars(select(Visit.id).where(Visit.series_id == series.id)))
    end_series(session, series, recipient.contact, now)
    assert (series.status, standing(session, series)) == ("ended", {"cancelled": 84})
    assert len(reopen_series(session, [series.id], ids, recipient.contact, now)) == 84
    assert (series.status, standing(session, series)) == ("offered", {"offered": 84})


def test_what_is_overdue_is_found(session: Session, series: Series, helper: Helper, now: datetime) -> None:
    ask = asks.put(
        session,
        contact=helper.contact,
        question={"topic": "helper_offer"},
        now=now,
        key="k",
        expires=now + timedelta(hours=1),
        series=series,
    )
    assert acceptance.overdue(session, now, "helper_offer") is None
    later = now + timedelta(hours=1)
    assert acceptance.overdue(session, later, "other") is None
    assert acceptance.overdue(session, later, "helper_offer") == (ask, series)
    asks.close(session, ask, "expired", later)
    assert acceptance.overdue(session, later, "helper_offer") is None


def test_a_series_agreed_at_once_needs_no_answer(
    session: Session, helper: Helper, recipient: Recipient, need: Any, now: datetime
) -> None:
    found = offers_for(session, recipient, need(), now)[0]
    by = recipient.contact
    series = book(session, recipient=recipient, requested_by=by, need=need(), offer=found, request_key="k", now=now)
    assert (series.status, series.accepted) == ("active", now)
    assert acceptance.accept(session, series.id, helper.contact, now)
    with pytest.raises(SlotTaken):
        book(session, recipient=recipient, requested_by=by, need=need(), offer=found, request_key="l", now=now)


def test_a_yes_is_taken_back_until_a_visit_has_begun(session: Session, world: Any, need: Any, now: datetime) -> None:
    helper, recipient = world.helper(), world.recipient()
    offer = offers_for(session, recipient, need(), now)[0]
    by = recipient.contact
    made = book(
        session, recipient=recipient, requested_by=by, need=need(), offer=offer, request_key="t", now=now, offered=True
    )
    assert not acceptance.take_back(session, made.id, helper.contact, now)
    acceptance.accept(session, made.id, helper.contact, now)
    since = now - timedelta(hours=1)
    assert acceptance.lately_accepted(session, helper, since, now) is made
    assert acceptance.lately_accepted(session, helper, now + timedelta(hours=1), now) is None
    begun = now + timedelta(days=2)
    assert acceptance.lately_accepted(session, helper, since, begun) is None
    assert not acceptance.take_back(session, made.id, helper.contact, begun)
    with pytest.raises(PermissionError):
        acceptance.take_back(session, made.id, by, now)
    assert acceptance.take_back(session, made.id, helper.contact, now)
    assert (made.status, made.accepted) == ("declined", None)
    assert set(session.scalars(select(Visit.status).where(Visit.series_id == made.id))) == {"declined"}
    assert acceptance.refused(session, recipient, need(), now) == {helper.id}
    assert not acceptance.take_back(session, made.id, helper.contact, now)
