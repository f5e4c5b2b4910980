"""Dates further ahead than visits have been made: left out, and taken in again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care import ahead
from care.booking import book, extend_horizon
from care.clock import local
from care.models import Recipient, Series, Visit
from care.offers import offers_for

EASTER = date(2027, 3, 29)


@pytest.fixture
def recipient(world: Any) -> Recipient:
    return world.recipient()


@pytest.fixture
def series(session: Session, world: Any, recipient: Recipient, need: Any, now: datetime) -> Series:
    """A daily visit at nine, for which visits are made twelve weeks ahead."""
    world.helper("Maria de Bruin")
    offer = offers_for(session, recipient, need(), now)[0]
    by = recipient.contact
    return book(session, recipient=recipient, requested_by=by, need=need(), offer=offer, request_key="a", now=now)


def made_on(session: Session, series: Series, day: date) -> list[str]:
    visits = session.scalars(select(Visit).where(Visit.series_id == series.id)).all()
    return [visit.status for visit in visits if local(visit.starts).date() == day]


def test_only_what_is_not_in_the_book_yet(session: Session, series: Series, recipient: Recipient) -> None:
    lines = ahead.still_to_make(session, [recipient], series.horizon - timedelta(days=3), series.horizon)
    assert [line.start.date() for line in lines] == [series.horizon]
    assert {line.visit for line in lines} == {ahead.NOT_MADE}
    assert ahead.still_to_make(session, [recipient], date(2026, 12, 1), date(2026, 12, 5)) == []


def test_none_is_made_on_a_date_left_out(session: Session, series: Series, recipient: Recipient, now: datetime) -> None:
    ahead.leave_out(session, {series.id: [EASTER]}, recipient.contact, now)
    assert ahead.still_to_make(session, [recipient], EASTER, EASTER) == []
    extend_horizon(session, now + timedelta(days=60))
    assert made_on(session, series, EASTER) == []
    assert made_on(session, series, EASTER + timedelta(days=1)) == ["planned"]


def test_taken_in_again_it_is_made_though_its_time_came(
    session: Session, series: Series, recipient: Recipient, now: datetime
) -> None:
    later = now + timedelta(days=60)
    ahead.leave_out(session, {series.id: [EASTER]}, recipient.contact, now)
    extend_horizon(session, later)
    ahead.take_in(session, {series.id: [EASTER]}, recipient.contact, later)
    extend_horizon(session, later)
    assert made_on(session, series, EASTER) == ["planned"]
    assert made_on(session, series, EASTER + timedelta(days=1)) == ["planned"]


def test_nobody_else_may(session: Session, series: Series, world: Any, now: datetime) -> None:
    stranger = world.recipient()
    with pytest.raises(PermissionError):
        ahead.leave_out(session, {series.id: [EASTER]}, stranger.contact, now)
