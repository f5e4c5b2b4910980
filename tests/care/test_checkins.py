"""There, late, done: real times are kept, nobody is asked twice, and what nobody reported ends quietly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care import booking, checkins, daily
from care.models import CheckIn, Helper, Series, Visit
from care.offers import offers_for

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def helper(world: Any) -> Helper:
    return world.helper("Anna Test", checks_in=True)


@pytest.fixture
def series(session: Session, world: Any, need: Any, now: datetime, helper: Helper) -> Series:
    """A daily visit of an hour at nine, from tomorrow on."""
    recipient = world.recipient()
    offer = offers_for(session, recipient, need(), now)[0]
    return booking.book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=need(),
        offer=offer,
        request_key="one",
        now=now,
    )


@pytest.fixture
def visit(session: Session, series: Series) -> Visit:
    """The first visit."""
    return session.scalars(select(Visit).where(Visit.series_id == series.id).order_by(Visit.starts).limit(1)).one()


def test_the_nearest_visit_is_meant(session: Session, helper: Helper, visit: Visit) -> None:
    def found(moment: datetime) -> Visit | None:
        return checkins.nearest(session, helper, moment, ("planned",))

    assert found(visit.starts - 50 * MINUTE) is visit
    assert found(visit.starts + 2 * HOUR) is visit
    assert found(visit.starts - 2 * HOUR) is None
    assert found(visit.starts + 4 * HOUR) is None


def test_arriving_and_leaving_keep_the_real_times(session: Session, helper: Helper, visit: Visit) -> None:
    came, left = visit.starts + 5 * MINUTE, visit.starts + 70 * MINUTE
    assert checkins.arrive(session, visit, helper.contact, came)
    assert not checkins.arrive(session, visit, helper.contact, came + MINUTE)
    assert visit.status == "started"
    assert checkins.depart(session, visit, helper.contact, left, left - 10 * MINUTE)
    assert not checkins.depart(session, visit, helper.contact, left)
    course = checkins.check_in(session, visit)
    assert (visit.status, course.arrived, course.departed) == ("done", came, left - 10 * MINUTE)


def test_who_forgot_to_arrive_was_there_in_time(session: Session, helper: Helper, visit: Visit) -> None:
    checkins.depart(session, visit, helper.contact, visit.ends)
    assert checkins.check_in(session, visit).arrived == visit.starts


def test_nobody_leaves_before_having_come(session: Session, helper: Helper, visit: Visit) -> None:
    checkins.arrive(session, visit, helper.contact, visit.starts)
    with pytest.raises(ValueError, match="before having come"):
        checkins.depart(session, visit, helper.contact, visit.ends, visit.starts - MINUTE)
    assert visit.status == "started"


def test_arriving_elsewhere_ends_the_visit_before(session: Session, helper: Helper, series: Series) -> None:
    first, second = session.scalars(select(Visit).where(Visit.series_id == series.id).order_by(Visit.starts).limit(2))
    checkins.arrive(session, first, helper.contact, first.starts)
    checkins.arrive(session, second, helper.contact, second.starts)
    assert (first.status, second.status) == ("done", "started")
    assert checkins.check_in(session, first).departed == first.ends


def test_late_visits_are_asked_about_once(session: Session, helper: Helper, visit: Visit) -> None:
    late = visit.starts + daily.LATE_AFTER
    assert checkins.late(session, late - MINUTE) == []
    assert checkins.late(session, late) == [visit]
    checkins.asked(session, visit, late)
    assert checkins.late(session, late + MINUTE) == []
    assert checkins.unanswered(session, late + daily.ESCALATE_AFTER - MINUTE) == []
    assert checkins.unanswered(session, late + daily.ESCALATE_AFTER) == [visit]
    checkins.escalated(session, visit, late)
    assert checkins.unanswered(session, late + daily.ESCALATE_AFTER) == []


def test_only_who_was_told_about_checking_in(session: Session, helper: Helper, visit: Visit) -> None:
    helper.checks_in = False
    session.flush()
    assert checkins.late(session, visit.starts + daily.LATE_AFTER) == []


def test_who_said_to_be_late_is_late_later(session: Session, helper: Helper, visit: Visit) -> None:
    checkins.run_late(session, visit, visit.starts + 30 * MINUTE)
    assert checkins.late(session, visit.starts + daily.LATE_AFTER) == []
    assert checkins.late(session, visit.starts + 30 * MINUTE + daily.LATE_AFTER) == [visit]


def test_a_clock_that_slept_asks_nothing_and_closes_all(session: Session, series: Series, visit: Visit) -> None:
    later = visit.starts + 30 * DAY
    assert [one.starts for one in checkins.late(session, later + daily.LATE_AFTER)] == [later]
    assert checkins.late(session, later + 3 * HOUR) == []
    checkins.deny(session, visit, visit.starts + HOUR)
    assert checkins.close_old(session, later, limit=20) == 20
    assert checkins.close_old(session, later, limit=20) == 9
    assert checkins.close_old(session, later) == 0
    session.expire_all()
    found = session.scalars(select(Visit.status).where(Visit.series_id == series.id).order_by(Visit.starts))
    assert list(found)[:31] == ["missed"] + ["done"] * 28 + ["planned"] * 2


def test_missed_once(session: Session, helper: Helper, visit: Visit) -> None:
    assert checkins.miss(session, visit, helper.contact, visit.starts)
    assert not checkins.miss(session, visit, helper.contact, visit.starts)
    assert visit.status == "missed"


def test_hours_are_put_once_and_judged_once(session: Session, world: Any, helper: Helper, visit: Visit) -> None:
    checkins.depart(session, visit, helper.contact, visit.ends)
    assert checkins.to_review(session, visit.ends, recurring=False) == []
    assert checkins.to_review(session, visit.ends, recurring=True) == [visit]
    assert checkins.to_review(session, visit.ends + daily.REVIEW_WITHIN, recurring=True) == []
    checkins.reviewed(session, [visit.id], visit.ends)
    assert checkins.to_review(session, visit.ends, recurring=True) == []
    with pytest.raises(PermissionError):
        checkins.approve(session, [visit.id], world.contact(), visit.ends)
    who = visit.series.recipient.contact
    assert checkins.approve(session, [visit.id], who, visit.ends) == [visit]
    assert checkins.dispute(session, [visit.id], who, visit.ends) == []
    assert visit.status == "approved"


def test_moments_known_stay(session: Session, visit: Visit) -> None:
    checkins.run_late(session, visit, visit.starts + HOUR)
    checkins.asked(session, visit, visit.starts)
    assert session.get(CheckIn, visit.id, populate_existing=True).expected == visit.starts + HOUR
