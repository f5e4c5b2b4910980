"""An answer and a cancellation at once: exactly one wins, and nobody believes something wrong."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care import acceptance, asks
from care.booking import book, end_series, undo
from care.database import Database
from care.models import Ask, Contact, Helper, Series, Visit
from care.offers import offers_for

ROUNDS = 12


@pytest.fixture
def offered(database: Database, make_world: Any, need: Any, now: datetime) -> Callable[[int], tuple[int, int, int]]:
    """Makes an offered series with its question; the ids of the series, the helper's and the recipient's contact."""

    def make(number: int) -> tuple[int, int, int]:
        with database.begin() as session:
            world = make_world(session)
            helper = world.helper(f"Helper {number}", services=["garden"], km=0.1 * number)
            recipient = world.recipient()
            wanted = need("garden", rrule="FREQ=WEEKLY;BYDAY=TU")
            others = session.scalars(select(Helper.id).where(Helper.id != helper.id)).all()
            (offer,) = offers_for(session, recipient, wanted, now, exclude_helpers=others)
            by = recipient.contact
            series = book(
                session,
                recipient=recipient,
                requested_by=by,
                need=wanted,
                offer=offer,
                request_key=f"{make_world}{helper.id}",
                now=now,
                offered=True,
            )
            asks.put(
                session,
                contact=helper.contact,
                question={"topic": "helper_offer"},
                now=now,
                key=f"at-once-{series.id}",
                expires=now + timedelta(hours=1),
                series=series,
            )
            return series.id, helper.contact_id, by.id

    return make


def at_once(database: Database, *deeds: Callable[[Session], bool]) -> list[bool]:
    """Do these in transactions of their own, as nearly at once as it goes."""
    barrier = Barrier(len(deeds))

    def do(deed: Callable[[Session], bool]) -> bool:
        with database.begin() as session:
            session.execute(select(1))
            barrier.wait()
            return deed(session)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def state(database: Database, series_id: int) -> tuple[str, set[str], str]:
    with database.begin() as session:
        statuses = set(session.scalars(select(Visit.status).where(Visit.series_id == series_id)))
        ask = session.scalars(select(Ask.status).where(Ask.series_id == series_id)).one()
        return session.get(Series, series_id).status, statuses, ask


def yes(series_id: int, contact_id: int, now: datetime) -> Callable[[Session], bool]:
    """What the helper's turn does on a yes."""

    def deed(session: Session) -> bool:
        acceptance.locked(session, series_id)
        ask = session.scalars(select(Ask).where(Ask.series_id == series_id)).one()
        if asks.locked(session, ask.id) is None:
            return False
        asks.close(session, ask, "answered", now)
        return acceptance.accept(session, series_id, session.get(Contact, contact_id), now)

    return deed


def test_a_yes_and_an_undo(database: Database, offered: Any, now: datetime) -> None:
    for number in range(ROUNDS):
        series_id, helper, booker = offered(number)

        def take_back(session: Session, series_id: int = series_id, booker: int = booker) -> bool:
            undo(session, [series_id], session.get(Contact, booker), now)
            return asks.withdraw(session, now, series=session.get(Series, series_id)) > 0

        agreed, withdrawn = at_once(database, yes(series_id, helper, now), take_back)
        # Whoever came first, in the end it is cancelled; who said yes in time is told of the end, not of a withdrawal.
        assert agreed != withdrawn
        assert state(database, series_id) == ("cancelled", {"cancelled"}, "answered" if agreed else "withdrawn")


def test_a_yes_and_an_end(database: Database, offered: Any, now: datetime) -> None:
    for number in range(ROUNDS):
        series_id, helper, booker = offered(number)

        def end(session: Session, series_id: int = series_id, booker: int = booker) -> bool:
            series = session.get(Series, series_id)
            end_series(session, series, session.get(Contact, booker), now)
            return asks.withdraw(session, now, series=series) > 0

        agreed, withdrawn = at_once(database, yes(series_id, helper, now), end)
        assert agreed != withdrawn
        assert state(database, series_id)[:2] == ("ended", {"cancelled"})


def test_a_yes_and_the_end_of_its_time(database: Database, offered: Any, now: datetime) -> None:
    later = now + timedelta(hours=1)
    for number in range(ROUNDS):
        series_id, helper, _ = offered(number)

        def lapse(session: Session) -> bool:
            found = acceptance.overdue(session, later, "helper_offer")
            if found is None or found[0].status != "open":
                return False
            asks.close(session, found[0], "expired", later)
            return acceptance.lapse(session, found[1], later)

        agreed, lapsed = at_once(database, yes(series_id, helper, later), lapse)
        assert agreed != lapsed
        expected = ("active", {"planned"}, "answered") if agreed else ("declined", {"declined"}, "expired")
        assert state(database, series_id) == expected


def test_two_noes_and_a_yes(database: Database, offered: Any, now: datetime) -> None:
    for number in range(ROUNDS):
        series_id, helper, _ = offered(number)

        def no(session: Session, series_id: int = series_id, helper: int = helper) -> bool:
            return acceptance.decline(session, series_id, session.get(Contact, helper), now)

        answers = at_once(database, no, no, yes(series_id, helper, now))
        status, visits, _ = state(database, series_id)
        # A yes after a no takes it up again: nobody else was asked here.
        assert (status, visits) == ("active", {"planned"})
        assert sum(answers[:2]) <= 1
        assert answers[2]
