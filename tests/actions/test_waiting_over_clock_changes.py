"""How long is waited for an answer over a night in which the clocks change: real time, whatever the clock shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import actions.accepting
import actions.substituting
from actions import upkeep
from actions.post import Post
from actions.requesting import ask_helper
from care import absences, booking, daily, substitutes
from care.clock import TZ, between, later, local
from care.models import Ask, Contact, Helper, Visit
from care.offers import offers_for
from tests.care.conftest import World, make_need

AUTUMN, SPRING, NEW_YEAR = date(2026, 10, 25), date(2027, 3, 28), date(2027, 1, 1)
STEP = timedelta(minutes=10)


def moments(begins: datetime, ends: datetime) -> Iterator[datetime]:
    """Real time goes by evenly, whatever the local clock does."""
    while begins <= ends:
        yield begins
        begins = later(begins, STEP)


def _evening(day: date, clock: time) -> datetime:
    return local(datetime.combine(day - timedelta(days=1), clock))


@pytest.mark.parametrize("day", [AUTUMN, SPRING, NEW_YEAR])
def test_questions_lapse_by_real_time(session: Session, day: date) -> None:
    """Asked in the evening for a visit right after the night: given up once, while there is time to find another."""
    now = _evening(day, time(19))
    world = World(session, now)
    for km in (0.1, 1.0):
        world.helper(f"Helper {km}", km=km)
    recipient = world.recipient()
    need = make_need(times=["11:00"], dtstart=day.isoformat())
    offer = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    made = booking.book(
        session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key="a", now=now, offered=True
    )
    expires = ask_helper(Post(session, now, "1"), made)
    first = session.scalars(select(Visit.starts).where(Visit.series_id == made.id).order_by(Visit.starts)).first()
    assert between(now, expires) > timedelta(hours=1)
    assert between(expires, first) >= timedelta(hours=2)
    lapsed = [one for one in moments(now, later(first, timedelta(0))) if _lapses(session, one)]
    assert len(lapsed) == 1
    assert timedelta(0) <= between(expires, lapsed[0]) < STEP
    assert made.status == "declined"


def _lapses(session: Session, moment: datetime) -> bool:
    return actions.accepting.give_up(upkeep.Upkeep(session, moment)) == 1


@pytest.mark.parametrize("day", [AUTUMN, SPRING, NEW_YEAR])
def test_a_substitute_has_half_the_real_time_to_answer(session: Session, day: date) -> None:
    now = _evening(day, time(23, 30))
    world = World(session, now)
    helpers = [world.helper(name, km=km) for name, km in (("Anna Test", 0.1), ("Bea Test", 1.0))]
    recipient = world.recipient()
    need = make_need(times=["04:00"], dtstart=day.isoformat(), duration_minutes=60)
    offer = offers_for(session, recipient, need, now)[0]
    by: Contact = recipient.contact
    made = booking.book(session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key="b", now=now)
    ill = later(now, timedelta(hours=1))
    helper: Helper = next(one for one in helpers if one.id == made.helper_id)
    away = absences.record(session, helper, ill, later(ill, timedelta(hours=5)), by=helper.contact, now=ill)
    search = substitutes.open_for(session, away.visits, ill)[0]
    actions.substituting.go_on(Post(session, ill, "2"), search)
    begins = away.visits[0].starts
    length = between(ill, begins)
    assert length == timedelta(hours={AUTUMN: 4.5, SPRING: 2.5, NEW_YEAR: 3.5}[day])
    if length > daily.URGENT:
        # Nobody is woken for what is more than four hours off.
        assert (search.status, local(search.next_at).time()) == ("looking", daily.QUIET_UNTIL)
        return
    assert search.status == "choosing"
    assert between(ill, search.next_at) == length / 2
    assert session.scalars(select(Ask.topic).where(Ask.status == "open")).all() == ["substitute_choice"]


def test_clock_time_is_what_real_time_is_not() -> None:
    before = datetime(2026, 10, 25, 1, 50, tzinfo=TZ)
    assert later(before, timedelta(hours=2)) == datetime(2026, 10, 25, 2, 50, tzinfo=TZ, fold=1)
    assert between(before, datetime(2026, 10, 25, 3, 50, tzinfo=TZ)) == timedelta(hours=3)
    assert later(datetime(2027, 3, 28, 3, 10, tzinfo=TZ), -timedelta(minutes=20)).time() == time(1, 50)
