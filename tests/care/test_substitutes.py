"""Somebody else for visits whose helper is away: never two for one visit, never nobody where somebody is believed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from care import absences, booking, substitutes
from care.clock import local
from care.models import Helper, Series, Substitution, Visit
from care.offers import offers_for
from care.visits import skip_visits

DAY = timedelta(days=1)


def book(session: Session, world: Any, need: Any, now: datetime, **fields: Any) -> Series:
    recipient = world.recipient()
    wanted = need(**fields)
    offer = offers_for(session, recipient, wanted, now)[0]
    return booking.book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=wanted,
        offer=offer,
        request_key=f"for {recipient.id}",
        now=now,
    )


@pytest.fixture
def anna(world: Any) -> Helper:
    return world.helper("Anna Test", km=0.1)


@pytest.fixture
def series(session: Session, world: Any, need: Any, now: datetime, anna: Helper) -> Series:
    """A daily visit at nine from tomorrow on, by Anna, who is nearest."""
    return book(session, world, need, now)


def search(session: Session, helper: Helper, now: datetime, first: int, last: int) -> list[Substitution]:
    midnight = now.replace(hour=0)
    away = absences.record(session, helper, midnight + first * DAY, midnight + last * DAY, by=helper.contact, now=now)
    return substitutes.open_for(session, away.visits, now)


def test_one_search_for_the_visits_of_a_series(session: Session, anna: Helper, series: Series, now: datetime) -> None:
    found = search(session, anna, now, 1, 4)
    assert len(found) == 1
    visits = substitutes.lacking(session, found[0], now)
    assert len(visits) == 3
    assert substitutes.open_for(session, visits, now) == []


def test_the_need_is_just_these_visits(session: Session, world: Any, need: Any, now: datetime, anna: Helper) -> None:
    series = book(session, world, need, now, rrule="FREQ=WEEKLY;BYDAY=TU,FR", dtstart="2026-11-24")
    found = search(session, anna, now, 1, 12)[0]
    visits = substitutes.lacking(session, found, now)
    skip_visits(session, [visits[1].id], series.recipient.contact, now)
    wanted = substitutes.need_of(series, substitutes.lacking(session, found, now))
    dates = list(wanted.schedule.dates(date(2026, 11, 1), date(2027, 2, 1)))
    assert dates == [date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 4)]
    assert wanted.schedule.times == (time(9),)


def test_named_before_known_before_others(
    session: Session, world: Any, now: datetime, anna: Helper, series: Series
) -> None:
    near = world.helper("Near Test", km=0.2)
    known = world.helper("Known Test", km=2.0)
    named = world.helper("Named Test", km=3.0)
    session.add(
        Visit(
            series_id=series.id,
            recipient_id=series.recipient_id,
            helper_id=known.id,
            service="companionship",
            starts=now - 9 * DAY,
            ends=now - 9 * DAY + timedelta(hours=1),
            status="done",
            changed=now,
            key="before",
        )
    )
    who = series.recipient.contact
    substitutes.name_stand_in(session, series.recipient, named, by=who, now=now)
    found = search(session, anna, now, 1, 2)[0]
    visits = substitutes.lacking(session, found, now)
    offers = substitutes.candidates(session, found, visits, now)
    assert [offer.helper_id for offer in offers] == [named.id, known.id, near.id]
    found.tried = [named.id]
    offers = substitutes.candidates(session, found, visits, now)
    assert [offer.helper_id for offer in offers] == [known.id, near.id]


def ask(session: Session, found: Substitution, now: datetime) -> int:
    """Take the first offer, as if its helper had been asked."""
    visits = substitutes.lacking(session, found, now)
    offer = substitutes.candidates(session, found, visits, now)[0]
    found.status, found.offer, found.asked_id = "asking", offer.to_json(), offer.helper_id
    session.flush()
    return offer.helper_id


def taken_by(session: Session, series: Series, status: str) -> list[tuple[date, int]]:
    query = select(Visit.starts, Visit.helper_id).where(
        Visit.recipient_id == series.recipient_id,
        Visit.status == status,
        Visit.starts < local(series.created) + 5 * DAY,
    )
    return [(local(starts).date(), helper_id) for starts, helper_id in session.execute(query.order_by(Visit.starts))]


def test_handing_over(session: Session, world: Any, now: datetime, anna: Helper, series: Series) -> None:
    bea = world.helper("Bea Test")
    found = search(session, anna, now, 1, 3)[0]
    assert ask(session, found, now) == bea.id
    new = substitutes.hand_over(session, found, by=series.recipient.contact, now=now)
    assert [local(visit.starts).date() for visit in new] == [date(2026, 11, 24), date(2026, 11, 25)]
    assert taken_by(session, series, "planned") == [
        (date(2026, 11, 24), bea.id),
        (date(2026, 11, 25), bea.id),
        (date(2026, 11, 26), anna.id),
        (date(2026, 11, 27), anna.id),
    ]
    assert [helper_id for _, helper_id in taken_by(session, series, "moved")] == [anna.id] * 2
    assert substitutes.instead_of(session, [new[0].id]) == {new[0].id: "Anna Test"}
    assert substitutes.hand_over(session, found, by=series.recipient.contact, now=now) == []


def test_a_visit_left_out_meanwhile_is_not_handed_over(
    session: Session, world: Any, now: datetime, anna: Helper, series: Series
) -> None:
    world.helper("Bea Test")
    found = search(session, anna, now, 1, 4)[0]
    ask(session, found, now)
    middle = substitutes.lacking(session, found, now)[1]
    skip_visits(session, [middle.id], series.recipient.contact, now)
    new = substitutes.hand_over(session, found, by=series.recipient.contact, now=now)
    assert [local(visit.starts).day for visit in new] == [24, 26]


def test_who_was_booked_meanwhile_cannot(
    session: Session, world: Any, need: Any, now: datetime, anna: Helper, series: Series
) -> None:
    bea = world.helper("Bea Test")
    found = search(session, anna, now, 1, 2)[0]
    ask(session, found, now)
    other = book(session, world, need, now)
    assert other.helper_id == bea.id
    with pytest.raises(booking.SlotTaken):
        substitutes.hand_over(session, found, by=series.recipient.contact, now=now)
    assert [helper_id for _, helper_id in taken_by(session, series, "requested")] == [anna.id]


def test_the_helper_who_is_back_keeps_only_what_nobody_took(
    session: Session, world: Any, now: datetime, anna: Helper, series: Series
) -> None:
    bea = world.helper("Bea Test")
    found = search(session, anna, now, 1, 2)[0]
    ask(session, found, now)
    substitutes.hand_over(session, found, by=series.recipient.contact, now=now)
    search(session, anna, now, 2, 3)
    _, back = absences.come_back(session, anna, by=anna.contact, now=now)
    assert [local(visit.starts).day for visit in back] == [25]
    assert taken_by(session, series, "planned")[0] == (date(2026, 11, 24), bea.id)


def test_searches_go_on_in_time_and_end_when_empty(
    session: Session, now: datetime, anna: Helper, series: Series
) -> None:
    found = search(session, anna, now, 1, 2)[0]
    found.next_at = now + DAY
    session.flush()
    assert substitutes.due(session, now) == []
    assert substitutes.due(session, now + DAY) == [found]
    assert substitutes.empty(session) == []
    skip_visits(session, [substitutes.lacking(session, found, now)[0].id], series.recipient.contact, now)
    assert substitutes.empty(session) == [found]
    substitutes.close(session, found, "withdrawn", now)
    assert substitutes.empty(session) == []
    assert substitutes.locked(session, found.id) is None


def test_visits_made_without_a_helper_are_found(session: Session, now: datetime, anna: Helper, series: Series) -> None:
    first = select(Visit.id).where(Visit.series_id == series.id).order_by(Visit.starts).limit(1)
    session.execute(
        update(Visit)
        .where(Visit.id == session.scalar(first))
        .values(status="requested")
        .execution_options(synchronize_session="fetch")
    )
    lost = substitutes.not_looked_for(session, now)
    assert len(lost) == 1
    substitutes.open_for(session, lost, now)
    assert substitutes.not_looked_for(session, now) == []


def test_only_who_may_act_names_a_stand_in(session: Session, world: Any, now: datetime, series: Series) -> None:
    bea = world.helper("Bea Test")
    with pytest.raises(PermissionError):
        substitutes.name_stand_in(session, series.recipient, bea, by=world.contact(), now=now)
    who = series.recipient.contact
    substitutes.name_stand_in(session, series.recipient, bea, by=who, now=now)
    substitutes.name_stand_in(session, series.recipient, bea, by=who, now=now, unasked=True)
    session.expire_all()
    assert [(one.helper_id, one.unasked) for one in substitutes.stand_ins(session, series.recipient)] == [
        (bea.id, True)
    ]
