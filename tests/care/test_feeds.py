from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care import feeds
from care.models import CalendarFeed
from care.people import contact_for


def test_a_feed_belongs_to_its_owner_until_it_is_revoked(session: Session, now: datetime) -> None:
    contact = contact_for(session, "sms", "+31612340003", now)
    token = feeds.make(session, contact, now)
    assert feeds.owner(session, token) == contact
    assert feeds.revoke(session, contact, now) == 1
    assert feeds.owner(session, token) is None
    assert feeds.revoke(session, contact, now) == 0


def test_a_new_feed_ends_the_one_before(session: Session, now: datetime) -> None:
    contact = contact_for(session, "sms", "+31612340003", now)
    first, second = feeds.make(session, contact, now), feeds.make(session, contact, now)
    assert first != second
    assert feeds.owner(session, first) is None
    assert feeds.owner(session, second) == contact


def test_the_token_itself_is_not_kept(session: Session, now: datetime) -> None:
    token = feeds.make(session, contact_for(session, "sms", "+31612340003", now), now)
    assert len(token) >= 43, "256 bits"
    [row] = session.query(CalendarFeed)
    assert token not in row.token_hash


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é" * 43, "A" * 65, "' OR 1=1 --" + "A" * 30])
def test_another_token_opens_nothing(session: Session, now: datetime, token: str) -> None:
    feeds.make(session, contact_for(session, "sms", "+31612340003", now), now)
    assert feeds.owner(session, token) is None
