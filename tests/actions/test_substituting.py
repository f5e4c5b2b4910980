"""A search goes on by itself: after the night, without an answer, and it ends when nothing is left to cover."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import substituting
from actions.post import Post
from actions.upkeep import Upkeep
from care import absences, acceptance, booking, substitutes
from care.models import Ask, Helper, Outbox, Series, Substitution
from care.offers import offers_for
from care.visits import skip_visits
from tests.care.conftest import World, make_need

DAY = timedelta(days=1)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now)


@pytest.fixture
def series(session: Session, world: World, now: datetime) -> Series:
    """A visit every day at nine by Anna; Bea and Cor could come too."""
    helpers = [world.helper(name, km=km) for name, km in (("Anna Test", 0.1), ("Bea Test", 1.0), ("Cor Test", 2.0))]
    recipient, need = world.recipient(), make_need()
    offer = offers_for(session, recipient, need, now)[0]
    assert offer.helper_id == helpers[0].id
    return booking.book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=need,
        offer=offer,
        request_key="one",
        now=now,
    )


def begin(session: Session, series: Series, now: datetime, days: int = 3) -> Substitution:
    """Anna is away on the day so many days ahead."""
    first = (now + days * DAY).replace(hour=0)
    away = absences.record(session, series.helper, first, first + DAY, by=series.helper.contact, now=now)
    found = substitutes.open_for(session, away.visits, now)[0]
    substituting.go_on(Post(session, now, "7"), found)
    return found


def asked(session: Session) -> list[str]:
    return [ask.topic for ask in session.scalars(select(Ask).where(Ask.status == "open").order_by(Ask.id))]


def texts_to(session: Session, contact_id: int) -> list[str]:
    query = select(Outbox.text).where(Outbox.contact_id == contact_id, Outbox.status == "due")
    return list(session.scalars(query.order_by(Outbox.id)))


def go_on(session: Session, now: datetime) -> int:
    return substituting.go_on_in_time(Upkeep(session, now))


def test_at_night_it_waits_for_the_morning(session: Session, series: Series, now: datetime) -> None:
    night = now.replace(hour=23)
    found = begin(session, series, night)
    assert (found.status, asked(session)) == ("looking", [])
    assert go_on(session, night + timedelta(hours=1)) == 0
    assert go_on(session, now.replace(hour=8) + DAY) == 1
    assert (found.status, asked(session)) == ("choosing", ["substitute_choice"])


def test_who_does_not_choose_gets_a_person_and_may_still_answer(
    session: Session, world: World, series: Series, now: datetime
) -> None:
    coordinator = world.contact()
    coordinator.roles = ["coordinator"]
    found = begin(session, series, now)
    assert go_on(session, found.next_at - timedelta(minutes=1)) == 0
    assert go_on(session, found.next_at) == 1
    assert (found.status, found.next_at, asked(session)) == ("stuck", None, ["substitute_choice"])
    assert len(texts_to(session, coordinator.id)) == 1
    assert len(texts_to(session, series.recipient.contact_id)) == 2


def test_who_does_not_answer_is_passed_over(session: Session, series: Series, now: datetime) -> None:
    found = begin(session, series, now)
    post = Post(session, now, "8")
    visits = substitutes.lacking(session, found, now)
    offer = substitutes.candidates(session, found, visits, now)[0]
    substituting._ask_substitute(post, found, offer, visits)
    session.scalars(select(Ask).where(Ask.topic == "substitute_choice")).one().status = "answered"
    assert asked(session) == ["substitute"]
    assert go_on(session, found.next_at) == 1
    assert found.tried == [offer.helper_id]
    assert (found.status, asked(session)) == ("choosing", ["substitute_choice"])
    offered = {one["helper_id"] for one in found.offers}
    assert offer.helper_id not in offered
    assert offered


def test_it_ends_when_the_visit_is_left_out(session: Session, series: Series, now: datetime) -> None:
    found = begin(session, series, now)
    assert substituting.end_what_is_settled(Upkeep(session, now)) == 0
    visit = substitutes.lacking(session, found, now)[0]
    skip_visits(session, [visit.id], series.recipient.contact, now)
    assert substituting.end_what_is_settled(Upkeep(session, now)) == 1
    assert (found.status, asked(session)) == ("withdrawn", [])
    assert substituting.end_what_is_settled(Upkeep(session, now)) == 0


def test_nobody_left_is_said_honestly(session: Session, series: Series, now: datetime) -> None:
    found = begin(session, series, now)
    found.tried = [one["helper_id"] for one in found.offers]
    substituting.go_on(Post(session, now, "9"), found)
    assert found.status == "nobody"
    assert any("niemand anders gevonden" in text for text in texts_to(session, series.recipient.contact_id))
    assert any("geen vervanging" in text for text in texts_to(session, series.helper.contact_id))


def test_visits_made_without_a_helper_are_taken_up(session: Session, series: Series, now: datetime) -> None:
    away = absences.record(session, series.helper, now + DAY, now + 2 * DAY, by=series.helper.contact, now=now)
    assert len(away.visits) == 1
    assert substituting.take_up_the_forgotten(Upkeep(session, now)) == 1
    assert substituting.take_up_the_forgotten(Upkeep(session, now)) == 0
    assert go_on(session, now) == 1
    assert asked(session) == ["substitute_choice"]


def test_who_is_asked_for_the_rest_is_asked_no_more_when_the_first_gives_back(
    session: Session, series: Series, now: datetime
) -> None:
    first = (now + 3 * DAY).replace(hour=0)
    away = absences.record(session, series.helper, first, first + 14 * DAY, by=series.helper.contact, now=now)
    search = substitutes.open_for(session, away.visits, now)[0]
    bea, cor = (
        session.get(Helper, offer.helper_id) for offer in substitutes.candidates(session, search, away.visits, now)
    )
    absences.record(session, bea, first + DAY, first + 2 * DAY, by=bea.contact, now=now)
    offers = {offer.helper_id: offer for offer in substitutes.candidates(session, search, away.visits, now)}
    substituting._ask_substitute(Post(session, now, "1"), search, offers[bea.id], away.visits)
    made = substitutes.hand_over(session, search, by=series.recipient.contact, now=now)
    substituting.covered(Post(session, now, "2"), search, made, away.visits, "Bea Test")
    rest = substitutes.lacking(session, search, now)
    (offer,) = substitutes.candidates(session, search, rest, now)
    substituting._ask_substitute(Post(session, now, "3"), search, offer, rest)
    (question,) = session.scalars(select(Ask).where(Ask.contact_id == cor.contact_id)).all()
    assert (len(rest), search.asked_id, question.status) == (1, cor.id, "open")

    assert acceptance.take_back(session, made[0].series_id, bea.contact, now)
    back = substituting.give_back(Post(session, now, "4"), search, made[0].series)
    assert len(back) == 13
    assert (search.status, search.asked_id, question.status) == ("looking", None, "withdrawn")
    assert "niet meer nodig" in texts_to(session, cor.contact_id)[-1]
