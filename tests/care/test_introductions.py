"""Meeting first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care import acceptance, introductions
from care.booking import book
from care.models import Visit
from care.offers import offers_for


def test_the_first_visit_is_short_and_asked_after_once(session: Session, world: Any, need: Any, now: datetime) -> None:
    helper, recipient = world.helper(), world.recipient()
    offer = offers_for(session, recipient, need(), now)[0]
    by = recipient.contact
    series = book(
        session, recipient=recipient, requested_by=by, need=need(), offer=offer, request_key="k", now=now, offered=True
    )
    visit = introductions.begin_with_one(session, series)
    assert introductions.begins_with_one(session, series)
    acceptance.accept(session, series.id, helper.contact, now)
    visits = session.scalars(select(Visit).where(Visit.series_id == series.id).order_by(Visit.starts)).all()
    assert [one.ends - one.starts for one in visits[:2]] == [timedelta(minutes=30), timedelta(hours=1)]
    assert introductions.to_ask_after(session, visit.ends - timedelta(minutes=1)) == []
    assert introductions.to_ask_after(session, visit.ends) == [visit]
    assert introductions.to_ask_after(session, visit.ends + timedelta(days=3)) == []
    introductions.asked_after(session, visit)
    assert introductions.to_ask_after(session, visit.ends) == []
