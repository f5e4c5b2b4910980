"""Help that rests, and begins again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care import outbox
from care.booking import book, end_series, extend_horizon
from care.models import Helper, Outbox, Recipient, Series, Visit
from care.offers import offers_for
from care.pausing import pause, paused, resume


@pytest.fixture
def recipient(world: Any) -> Recipient:
    return world.recipient()


@pytest.fixture
def helper(world: Any) -> Helper:
    return world.helper("Maria de Bruin")


@pytest.fixture
def series(session: Session, helper: Helper, recipient: Recipient, need: Any, now: datetime) -> Series:
    return make(session, recipient, need(), now, "r1")


def make(session: Session, recipient: Recipient, need: Any, now: datetime, key: str) -> Series:
    offer = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    return book(session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key=key, now=now)


def standing(session: Session, series: Series) -> dict[str, int]:
    query = select(Visit.status, func.count()).where(Visit.series_id == series.id).group_by(Visit.status)
    return {status: int(count) for status, count in session.execute(query)}


def test_a_rest_leaves_everything_out_and_silences_it(
    session: Session, series: Series, recipient: Recipient, now: datetime
) -> None:
    visit = session.scalars(select(Visit).where(Visit.series_id == series.id)).first()
    due = now + timedelta(days=1)
    message = outbox.put(session, contact=recipient.contact, channel="sms", text="t", now=now, due=due, visit=visit)
    assert len(pause(session, [series.id], recipient.contact, now)) == 84
    assert pause(session, [series.id], recipient.contact, now) == []
    assert (series.status, standing(session, series)) == ("paused", {"skipped": 84})
    assert paused(session, [recipient]) == [series]
    assert session.get(Outbox, message, populate_existing=True).status == "cancelled"
    assert extend_horizon(session, now + timedelta(days=20)) == 0


def test_it_begins_again_from_today(session: Session, series: Series, recipient: Recipient, now: datetime) -> None:
    pause(session, [series.id], recipient.contact, now)
    later = now + timedelta(days=10)
    resumed = resume(session, [series.id], recipient.contact, later)
    assert (len(resumed.back), resumed.lost) == (74, ())
    assert resume(session, [series.id], recipient.contact, later).back == ()
    assert standing(session, series) == {"planned": 74, "skipped": 10}
    assert extend_horizon(session, later) == 9


def test_after_a_long_rest_no_visits_are_made_of_the_past(
    session: Session, series: Series, recipient: Recipient, now: datetime
) -> None:
    pause(session, [series.id], recipient.contact, now)
    later = now + timedelta(days=200)
    assert resume(session, [series.id], recipient.contact, later).back == ()
    extend_horizon(session, later)
    first = session.scalar(
        select(func.min(Visit.starts)).where(Visit.series_id == series.id, Visit.status == "planned")
    )
    assert first.date() >= later.date()


def test_what_went_to_another_meanwhile_is_told(
    session: Session, series: Series, recipient: Recipient, world: Any, need: Any, now: datetime
) -> None:
    pause(session, [series.id], recipient.contact, now)
    other = make(session, world.recipient(), need(rrule="FREQ=WEEKLY;BYDAY=TU"), now, "r2")
    taken = standing(session, other)["planned"]
    resumed = resume(session, [series.id], recipient.contact, now)
    assert len(resumed.lost) == taken
    assert standing(session, series) == {"planned": 84 - taken, "skipped": taken}


def test_only_who_may_act_can_do_it(session: Session, series: Series, world: Any, now: datetime) -> None:
    with pytest.raises(PermissionError):
        pause(session, [series.id], world.contact(), now)
    assert series.status == "active"


def test_a_resting_series_can_be_ended(session: Session, series: Series, recipient: Recipient, now: datetime) -> None:
    pause(session, [series.id], recipient.contact, now)
    end_series(session, series, recipient.contact, now)
    assert series.status == "ended"
    assert resume(session, [series.id], recipient.contact, now).back == ()


def test_a_rest_and_a_new_beginning_on_a_day(
    session: Session, series: Series, recipient: Recipient, now: datetime
) -> None:
    days = [now.date() + timedelta(days=number) for number in range(85)]
    left_out = pause(session, [series.id], recipient.contact, now, days[10])
    assert min(visit.starts for visit in left_out).date() == days[10]
    back = resume(session, [series.id], recipient.contact, now + timedelta(days=12), days[20]).back
    assert min(visit.starts for visit in back).date() == days[20]
    kept = standing(session, series)
    assert kept["skipped"] == 10
    assert kept["planned"] == 84 - 10
