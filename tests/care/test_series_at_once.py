"""Changes of a series that come at once: two of the family, and the horizon while a series ends or rests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care.booking import book, end_series, extend_horizon
from care.database import Database
from care.models import Contact, Mandate, Series, Visit
from care.offers import offers_for
from care.pausing import pause, resume
from care.visits import skip_visits

ROUNDS = 6


def at_once(database: Database, *deeds: Callable[[Session], Any]) -> list[Any]:
    barrier = Barrier(len(deeds))

    def do(deed: Callable[[Session], Any]) -> Any:
        with database.begin() as session:
            session.execute(select(1))
            barrier.wait()
            return deed(session)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def make(database: Database, make_world: Any, need: Any, now: datetime) -> tuple[int, int, int]:
    """A running series; its id, and those of two of the family who may act."""
    with database.begin() as session:
        world = make_world(session)
        helper = world.helper(services=["pet_care"])
        recipient = world.recipient()
        wanted = need("pet_care")
        offer = next(
            one for one in offers_for(session, recipient, wanted, now, limit=100) if one.helper_id == helper.id
        )
        by = recipient.contact
        key = f"at-once-{helper.id}"
        series = book(session, recipient=recipient, requested_by=by, need=wanted, offer=offer, request_key=key, now=now)
        family = [world.contact() for _ in range(2)]
        for one in family:
            mandate = {"family_id": one.id, "recipient_id": recipient.id, "given_by_id": by.id}
            session.add(Mandate(**mandate, what="act", valid_from=now))
        return series.id, family[0].id, family[1].id


def planned_from(database: Database, series_id: int, moment: datetime) -> int:
    with database.begin() as session:
        query = select(func.count()).where(
            Visit.series_id == series_id, Visit.starts >= moment, Visit.status == "planned"
        )
        return int(session.scalar(query))


def test_two_of_the_family_leave_out_the_same_visit(
    database: Database, make_world: Any, need: Any, now: datetime
) -> None:
    for _ in range(ROUNDS):
        series_id, *family = make(database, make_world, need, now)
        with database.begin() as session:
            visit = session.scalar(select(func.min(Visit.id)).where(Visit.series_id == series_id))

        def leave_out(contact: int, visit: int = visit) -> Callable[[Session], int]:
            return lambda session: len(skip_visits(session, [visit], session.get(Contact, contact), now))

        assert sorted(at_once(database, *(leave_out(contact) for contact in family))) == [0, 1]


def test_two_of_the_family_end_and_pause(database: Database, make_world: Any, need: Any, now: datetime) -> None:
    for _ in range(ROUNDS):
        series_id, first, second = make(database, make_world, need, now)

        def end(session: Session, series_id: int = series_id, first: int = first) -> int:
            return end_series(session, session.get(Series, series_id), session.get(Contact, first), now)

        def rest(session: Session, series_id: int = series_id, second: int = second) -> int:
            return len(pause(session, [series_id], session.get(Contact, second), now))

        at_once(database, end, rest)
        assert planned_from(database, series_id, now) == 0
        with database.begin() as session:
            assert session.get(Series, series_id).status == "ended"
            assert resume(session, [series_id], session.get(Contact, second), now).back == ()


def test_the_horizon_moves_while_a_series_ends_or_rests(
    database: Database, make_world: Any, need: Any, now: datetime
) -> None:
    later = now + timedelta(days=9, hours=1)
    for number in range(ROUNDS):
        series_id, first, _ = make(database, make_world, need, now)

        def stop(session: Session, series_id: int = series_id, first: int = first, number: int = number) -> object:
            by = session.get(Contact, first)
            if number % 2:
                return pause(session, [series_id], by, later)
            return end_series(session, session.get(Series, series_id), by, later)

        at_once(database, stop, lambda session: extend_horizon(session, later))
        assert planned_from(database, series_id, later) == 0
