"""Visits that nobody comes to, on a coordinator's desk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care import absences, booking, substitutes, uncovered
from care.models import Contact, Helper, Organisation, Series, Substitution, Visit
from care.offers import offers_for
from tests.care.conftest import World, make_need

DAY = timedelta(days=1)


@pytest.fixture
def coordinator(world: World) -> Contact:
    contact = world.contact()
    contact.roles = ["coordinator"]
    return contact


@pytest.fixture
def series(session: Session, world: World, now: datetime) -> Series:
    world.helper("Anna Test", km=0.1)
    recipient = world.recipient()
    offer = offers_for(session, recipient, make_need(), now)[0]
    by = recipient.contact
    return booking.book(
        session, recipient=recipient, requested_by=by, need=make_need(), offer=offer, request_key="one", now=now
    )


@pytest.fixture
def search(session: Session, series: Series, now: datetime) -> Substitution:
    """Anna is away the day after tomorrow, and nobody chose in time."""
    helper: Helper = series.helper
    first = now.replace(hour=0) + 2 * DAY
    away = absences.record(session, helper, first, first + DAY, by=helper.contact, now=now)
    found = substitutes.open_for(session, away.visits, now)[0]
    found.status, found.next_at = "stuck", None
    session.flush()
    return found


def test_what_is_stuck_is_on_the_desk_of_who_answers_for_the_helper(
    session: Session, world: World, search: Substitution, coordinator: Contact, now: datetime
) -> None:
    employer = session.get(Organisation, world.helper("Wilma Test", "organisation").organisation_id)
    elsewhere = world.contact()
    employer.coordinator_id = elsewhere.id
    session.flush()
    assert uncovered.searches(session, coordinator, now) == [search]
    assert uncovered.searches(session, elsewhere, now) == []
    assert uncovered.searches(session, coordinator, now + 3 * DAY) == []
    substitutes.close(session, search, "nobody", now)
    assert uncovered.searches(session, coordinator, now) == [search]
    visits = substitutes.lacking(session, search, now)
    again = substitutes.open_for(session, visits, now)[0]
    again.status = "choosing"
    session.flush()
    assert uncovered.searches(session, coordinator, now) == [again]
    substitutes.close(session, again, "left_out", now)
    assert uncovered.searches(session, coordinator, now) == []


def test_one_of_their_people_is_sent_at_no_higher_price(
    session: Session, world: World, search: Substitution, coordinator: Contact, now: datetime
) -> None:
    bea = world.helper("Bea Test", km=1.0)
    world.helper("Dora Dear", "freelancer", km=0.2)
    world.helper("Wilma Test", "organisation", km=0.3)
    found = uncovered.others_for(session, search, coordinator, now)
    assert [offer.helper_id for offer in found] == [bea.id]
    who = search.series.recipient.contact
    stranger = world.contact()
    with pytest.raises(PermissionError):
        uncovered.assign(session, search, found[0], requested_by=who, by=stranger, now=now)
    assert search.status == "stuck"
    new = uncovered.assign(session, search, found[0], requested_by=who, by=coordinator, now=now)
    assert [(visit.helper_id, visit.status) for visit in new] == [(bea.id, "planned")]
    assert substitutes.lacking(session, search, now) == []
    substitutes.close(session, search, "covered", now)
    assert uncovered.assign(session, search, found[0], requested_by=who, by=coordinator, now=now) == []
    assert len(session.scalars(select(Visit).where(Visit.helper_id == bea.id)).all()) == 1


def test_what_was_left_out_meanwhile_is_not_assigned(
    session: Session, world: World, search: Substitution, coordinator: Contact, now: datetime
) -> None:
    world.helper("Bea Test", km=1.0)
    offer = uncovered.others_for(session, search, coordinator, now)[0]
    for visit in substitutes.lacking(session, search, now):
        visit.status = "skipped"
    session.flush()
    who = search.series.recipient.contact
    assert uncovered.assign(session, search, offer, requested_by=who, by=coordinator, now=now) == []
    assert uncovered.others_for(session, search, coordinator, now) == []
