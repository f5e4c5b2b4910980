"""Booking by many at once: the database decides, and nobody is booked twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care.booking import SlotTaken, book, extend_horizon
from care.database import Database
from care.matching import Offer
from care.models import Recipient, Series, Visit
from care.needs import Need
from care.offers import offers_for


def make(session: Session, recipient: Recipient, need: Need, offer: Offer, now: datetime, key: str) -> Series:
    return book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=need,
        offer=offer,
        request_key=key,
        now=now,
    )


def count(session: Session, series: Series) -> int:
    return int(session.scalar(select(func.count()).select_from(Visit).where(Visit.series_id == series.id)))


def test_one_gets_the_helper(database: Database, make_world: Any, need: Any, now: datetime) -> None:
    with database.begin() as session:
        world = make_world(session)
        world.helper()
        recipients = [world.recipient() for _ in range(6)]
        offer = offers_for(session, recipients[0], need(), now)[0]
    barrier = Barrier(6)

    def race(number: int) -> str:
        with database.begin() as session:
            recipient = session.get(Recipient, recipients[number].id)
            barrier.wait()
            try:
                make(session, recipient, need(), offer, now, f"race-{number}")
            except SlotTaken as taken:
                return taken.reason
            return "booked"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(race, range(6))) == ["booked", *["taken"] * 5]
    with database.begin() as session:
        assert session.scalar(select(func.count()).select_from(Visit).where(Visit.service == "companionship")) == 84


def test_one_request_is_booked_once(database: Database, make_world: Any, need: Any, now: datetime) -> None:
    with database.begin() as session:
        world = make_world(session)
        world.helper("Same", services=["walk"])
        recipient = world.recipient()
        offer = offers_for(session, recipient, need("walk"), now)[0]
    barrier = Barrier(4)

    def race(_number: int) -> int:
        with database.begin() as session:
            one = session.get(Recipient, recipient.id)
            barrier.wait()
            return make(session, one, need("walk"), offer, now, "same").id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(race, range(4)))) == 1


def test_the_horizon_is_extended_once(database: Database, make_world: Any, need: Any, now: datetime) -> None:
    with database.begin() as session:
        world = make_world(session)
        world.helper("Later", services=["groceries"])
        recipient = world.recipient()
        offer = offers_for(session, recipient, need("groceries"), now)[0]
        series = make(session, recipient, need("groceries"), offer, now, "later")
    later = now + timedelta(days=10)

    def extend(_number: int) -> int:
        with database.begin() as session:
            return extend_horizon(session, later)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(extend, range(4)))
    with database.begin() as session:
        assert count(session, series) == 84 + 9
