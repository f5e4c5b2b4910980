"""Who decides, who is told, and who answers for a helper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care import booking, circle
from care.models import Contact, Mandate, Organisation, Series
from care.offers import offers_for


@pytest.fixture
def daughter(world: Any) -> Contact:
    return world.contact()


@pytest.fixture
def series(session: Session, world: Any, need: Any, now: datetime, daughter: Contact) -> Series:
    """Arranged by the daughter, who may act until tomorrow."""
    recipient = world.recipient()
    world.helper()
    session.add(
        Mandate(
            family_id=daughter.id,
            recipient_id=recipient.id,
            what="act",
            given_by_id=recipient.contact_id,
            valid_from=now,
            valid_until=now + timedelta(days=1),
        )
    )
    session.flush()
    return booking.book(
        session,
        recipient=recipient,
        requested_by=daughter,
        need=need(),
        offer=offers_for(session, recipient, need(), now)[0],
        request_key="one",
        now=now,
    )


def test_who_arranged_it_decides_as_long_as_they_may(
    session: Session, series: Series, daughter: Contact, now: datetime
) -> None:
    recipient = series.recipient.contact
    later = now + timedelta(days=2)
    assert circle.decider(session, series, now) is daughter
    assert circle.decider(session, series, later) is recipient
    assert circle.told(session, series, now) == [recipient, daughter]
    assert circle.told(session, series, later) == [recipient]


def test_who_cannot_be_reached_is_not_asked(session: Session, series: Series, daughter: Contact, now: datetime) -> None:
    daughter.phone = None
    session.flush()
    assert circle.decider(session, series, now) is series.recipient.contact


def test_the_coordinator_of_the_organisation_answers(session: Session, world: Any) -> None:
    employee, volunteer = world.helper("Wilma Test", "organisation"), world.helper()
    local_one, own = world.contact(), world.contact()
    local_one.roles = ["coordinator"]
    session.get(Organisation, employee.organisation_id).coordinator_id = own.id
    session.flush()
    assert circle.coordinator_for(session, employee) is own
    assert circle.coordinator_for(session, volunteer) is local_one
    assert circle.helpers_of(session, own) == [employee]
    circle.may_speak_for(session, employee, own)
    with pytest.raises(PermissionError):
        circle.may_speak_for(session, volunteer, own)


def test_the_local_coordinator_answers_for_who_belongs_to_no_organisation(session: Session, world: Any) -> None:
    employee, volunteer = world.helper("Wilma Test", "organisation"), world.helper("Anna de Boer")
    local_one, own = world.contact(), world.contact()
    local_one.roles = ["coordinator"]
    session.get(Organisation, employee.organisation_id).coordinator_id = own.id
    session.flush()
    circle.may_speak_for(session, volunteer, local_one)
    assert circle.neighbours_named(session, local_one, ["anna", "is", "ziek"]) == [volunteer]
    assert circle.neighbours_named(session, local_one, ["wilma"]) == []
    assert circle.neighbours_named(session, own, ["anna"]) == []
    with pytest.raises(PermissionError):
        circle.may_speak_for(session, employee, local_one)
