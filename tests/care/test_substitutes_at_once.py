"""A substitute says yes while the helper comes back, or while the visit is left out: one of the two, never both."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care import absences, booking, substitutes
from care.database import Database
from care.models import Contact, Helper, Series, Substitution, Visit
from care.offers import offers_for
from care.visits import COMING, skip_visits

ROUNDS = 5
DAY = timedelta(days=1)


@pytest.fixture
def searched(database: Database, make_world: Any, need: Any, now: datetime) -> Callable[[int], tuple[int, int, int]]:
    """Makes a visit whose helper is away and whose substitute was asked: ids of search, absent helper, recipient."""

    def make(number: int) -> tuple[int, int, int]:
        with database.begin() as session:
            world = make_world(session)
            town = {"latitude": 52.0 + number * 0.5}
            absent, other = world.helper(f"A{number}", **town), world.helper(f"B{number}", **town)
            address = world.address()
            address.latitude, address.longitude = town["latitude"], absent.longitude
            world.address = lambda: address
            recipient = world.recipient()
            once = need(rrule=None, dtstart="2026-11-25")
            offer = next(one for one in offers_for(session, recipient, once, now) if one.helper_id == absent.id)
            series = booking.book(
                session,
                recipient=recipient,
                requested_by=recipient.contact,
                need=once,
                offer=offer,
                request_key=f"at once {absent.id}",
                now=now,
            )
            away = absences.record(session, absent, now, now + 5 * DAY, by=absent.contact, now=now)
            found = substitutes.open_for(session, away.visits, now)[0]
            offer = substitutes.candidates(session, found, away.visits, now)[0]
            assert offer.helper_id == other.id
            found.status, found.offer, found.asked_id = "asking", offer.to_json(), other.id
            return found.id, absent.id, series.recipient_id

    return make


def at_once(database: Database, *deeds: Callable[[Session], object]) -> None:
    barrier = Barrier(len(deeds))

    def do(deed: Callable[[Session], object]) -> None:
        with database.begin() as session:
            session.execute(select(1))
            barrier.wait()
            deed(session)

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(do, deeds))


def says_yes(search: int, now: datetime) -> Callable[[Session], object]:
    def deed(session: Session) -> object:
        found = substitutes.locked(session, search)
        assert isinstance(found, Substitution)
        return substitutes.hand_over(session, found, by=found.series.recipient.contact, now=now)

    return deed


def coming(database: Database, recipient_id: int) -> list[Visit]:
    with database.begin() as session:
        query = select(Visit).where(Visit.recipient_id == recipient_id, Visit.status.in_(COMING))
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def test_back_while_the_substitute_says_yes(database: Database, searched: Any, now: datetime) -> None:
    for number in range(ROUNDS):
        search, absent, recipient = searched(number)

        def comes_back(session: Session, absent: int = absent) -> object:
            helper = session.get(Helper, absent)
            return absences.come_back(session, helper, by=helper.contact, now=now)

        at_once(database, says_yes(search, now), comes_back)
        assert len(coming(database, recipient)) == 1


def test_left_out_while_the_substitute_says_yes(database: Database, searched: Any, now: datetime) -> None:
    for number in range(ROUNDS, 2 * ROUNDS):
        search, _, recipient = searched(number)

        def leaves_out(session: Session, recipient: int = recipient) -> object:
            visit = session.scalars(select(Visit).where(Visit.recipient_id == recipient).order_by(Visit.id)).first()
            who = session.get(Contact, session.get(Series, visit.series_id).created_by_id)
            return skip_visits(session, [visit.id], who, now)

        at_once(database, says_yes(search, now), leaves_out)
        with database.begin() as session:
            statuses = list(
                session.scalars(select(Visit.status).where(Visit.recipient_id == recipient).order_by(Visit.id))
            )
        assert statuses in (["skipped"], ["moved", "planned"])


def test_both_say_yes(database: Database, searched: Any, now: datetime) -> None:
    """The same answer delivered twice hands over once."""
    search, _, recipient = searched(2 * ROUNDS)
    at_once(database, says_yes(search, now), says_yes(search, now))
    found = coming(database, recipient)
    assert [visit.starts.date() for visit in found] == [date(2026, 11, 25)]
