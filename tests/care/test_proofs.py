"""A new proof, told by who answers for the helper."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care import booking, proofs
from care.models import Contact, Proof, Series, Visit
from care.offers import offers_for
from tests.care.conftest import World, make_need

UNTIL = date(2030, 3, 1)


@pytest.fixture
def coordinator(world: World) -> Contact:
    contact = world.contact()
    contact.roles = ["coordinator"]
    return contact


def test_it_counts_once_a_day(session: Session, world: World, coordinator: Contact, now: datetime) -> None:
    helper = world.helper(without={"vog"})
    for until in (UNTIL, date(2031, 1, 1)):
        proofs.record(session, helper, "vog", until, by=coordinator, now=now)
    found = session.scalars(select(Proof).where(Proof.helper_id == helper.id, Proof.kind == "vog")).all()
    assert [(proof.valid_from, proof.expires) for proof in found] == [(now.date(), date(2031, 1, 1))]


def test_nobody_vouches_for_themselves_or_for_others_people(
    session: Session, world: World, coordinator: Contact, now: datetime
) -> None:
    volunteer, employee = world.helper(), world.helper("Wilma Test", "organisation")
    volunteer.contact.roles = ["helper", "coordinator"]
    session.flush()
    for helper, by in ((volunteer, volunteer.contact), (employee, coordinator), (volunteer, world.contact())):
        with pytest.raises(PermissionError):
            proofs.record(session, helper, "vog", UNTIL, by=by, now=now)


@pytest.mark.parametrize(("kind", "until"), [("vog", date(2026, 11, 22)), ("swimming", UNTIL)])
def test_what_is_no_proof_or_over_is_refused(
    session: Session, world: World, coordinator: Contact, now: datetime, kind: str, until: date
) -> None:
    with pytest.raises(ValueError, match="no proof"):
        proofs.record(session, world.helper(), kind, until, by=coordinator, now=now)


def test_visits_that_lacked_it_are_made_again(
    session: Session, world: World, coordinator: Contact, now: datetime
) -> None:
    last = now.date() + timedelta(weeks=12)
    helper = world.helper("Anna Test", services=["companionship"], expires=last)
    recipient, need = world.recipient(), make_need(dtstart=now.date().isoformat(), times=["10:00"])
    offer = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    made: Series = booking.book(
        session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key="one", now=now
    )
    soon = now + timedelta(days=7)
    booking.extend_horizon(session, soon)
    query = select(Visit.status, func.count()).where(Visit.series_id == made.id).group_by(Visit.status)
    before = dict(session.execute(query).all())
    assert before["requested"] > 0
    kinds = set(session.scalars(select(Proof.kind).where(Proof.helper_id == helper.id)))
    again = [visit for kind in kinds for visit in proofs.record(session, helper, kind, UNTIL, by=coordinator, now=soon)]
    assert len(again) == before["requested"]
    assert dict(session.execute(query).all()) == {"planned": sum(before.values())}
