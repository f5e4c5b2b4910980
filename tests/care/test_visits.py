"""The visit book."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care import outbox
from care.booking import SlotTaken, book, extend_horizon
from care.clock import TZ
from care.models import Audit, Contact, Helper, Mandate, Outbox, Recipient, Series, Visit
from care.offers import offers_for
from care.visits import cancel_visits, restore_visits, skip_period, skip_visits, visits_of, who_is_coming

MONDAY = date(2026, 11, 23)


@pytest.fixture
def recipient(world: Any) -> Recipient:
    return world.recipient()


@pytest.fixture
def helper(world: Any) -> Helper:
    return world.helper("Maria de Bruin", services=["companionship", "walk"])


@pytest.fixture
def series(session: Session, helper: Helper, recipient: Recipient, need: Any, now: datetime) -> Series:
    return make(session, recipient, need(), now, "r1")


def make(session: Session, recipient: Recipient, need: Any, now: datetime, key: str) -> Series:
    offer = offers_for(session, recipient, need, now)[0]
    return book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=need,
        offer=offer,
        request_key=key,
        now=now,
    )


def days_of(visits: list[Visit]) -> list[date]:
    return [visit.starts.astimezone(TZ).date() for visit in visits]


def standing(session: Session, series: Series, status: str) -> int:
    query = select(func.count()).select_from(Visit).where(Visit.series_id == series.id, Visit.status == status)
    return int(session.scalar(query))


def test_a_line_is_as_the_command_shows_it(
    session: Session, recipient: Recipient, series: Series, now: datetime
) -> None:
    (line,) = visits_of(session, recipient.contact, date(2026, 11, 24), 1, now)
    assert line.to_json() == {
        "visit": line.visit,
        "series": series.id,
        "service": "companionship",
        "start": "2026-11-24T09:00:00+01:00",
        "end": "2026-11-24T10:00:00+01:00",
        "status": "planned",
        "helper": "Maria de Bruin",
        "helper_kind": "volunteer",
    }
    assert line.recipient == "Jo Test"


def test_recipient_family_and_helper_see_their_visits_and_others_none(
    session: Session, world: Any, recipient: Recipient, helper: Helper, series: Series, now: datetime
) -> None:
    family = world.contact()
    given = {"family_id": family.id, "recipient_id": recipient.id, "given_by_id": recipient.contact_id}
    session.add(Mandate(**given, what="see", valid_from=now, valid_until=now + timedelta(days=1)))
    session.flush()

    def seen(contact: Contact, moment: datetime = now) -> int:
        return len(visits_of(session, contact, MONDAY, 7, moment))

    assert [seen(recipient.contact), seen(family), seen(helper.contact), seen(world.contact())] == [6, 6, 6, 0]
    assert seen(family, now + timedelta(days=1)) == 0


def test_lines_are_in_order_of_time(
    session: Session, recipient: Recipient, helper: Helper, series: Series, need: Any, now: datetime
) -> None:
    make(session, recipient, need("walk", times=["08:00", "15:00"]), now, "r2")
    lines = visits_of(session, recipient.contact, MONDAY, 3, now)
    assert [line.start for line in lines] == sorted(line.start for line in lines)
    assert len(lines) == 6


def test_a_helper_who_is_a_recipient_too_sees_both_once(
    session: Session, world: Any, recipient: Recipient, helper: Helper, series: Series, now: datetime
) -> None:
    world.recipient(helper.contact)
    lines = visits_of(session, helper.contact, MONDAY, 7, now)
    assert len({line.visit for line in lines}) == len(lines) == 6


def test_who_is_coming_leaves_out_who_is_not(
    session: Session, recipient: Recipient, series: Series, now: datetime
) -> None:
    day = date(2026, 11, 25)
    (line,) = who_is_coming(session, recipient, day)
    assert (line.helper, line.start.time()) == ("Maria de Bruin", time(9))
    skip_visits(session, [line.visit], recipient.contact, now)
    assert who_is_coming(session, recipient, day) == []
    assert [line.status for line in visits_of(session, recipient.contact, day, 1, now)] == ["skipped"]


def test_a_day_is_a_local_day(session: Session, world: Any, recipient: Recipient, need: Any, now: datetime) -> None:
    world.helper("Late", services=["walk"])
    make(session, recipient, need("walk", times=["23:30"], rrule=None, duration_minutes=30), now, "r2")
    make(session, recipient, need("walk", times=["00:15"], rrule=None, duration_minutes=30), now, "r3")
    assert [line.start.time() for line in who_is_coming(session, recipient, date(2026, 11, 24))] == [
        time(0, 15),
        time(23, 30),
    ]


class TestSkipping:
    """Leaving out visits that stand."""

    def test_a_week_is_left_out_once(
        self, session: Session, recipient: Recipient, series: Series, now: datetime
    ) -> None:
        week = {"from_": date(2026, 11, 30), "until": date(2026, 12, 6)}
        left_out = skip_period(session, recipient, by=recipient.contact, now=now, why="daughter", **week)
        assert days_of(left_out) == [date(2026, 11, 30) + timedelta(days=day) for day in range(7)]
        assert skip_period(session, recipient, by=recipient.contact, now=now, **week) == []
        assert (standing(session, series, "skipped"), standing(session, series, "planned")) == (7, 77)
        audit = session.scalars(select(Audit).where(Audit.what == "skipped")).one()
        assert (audit.who_id, audit.why, len(audit.details["visits"])) == (recipient.contact_id, "daughter", 7)

    def test_dates_and_one_service(
        self, session: Session, recipient: Recipient, helper: Helper, series: Series, need: Any, now: datetime
    ) -> None:
        walks = make(session, recipient, need("walk", times=["15:00"]), now, "r2")
        dates = [date(2026, 12, 25), date(2026, 12, 27)]
        left_out = skip_period(session, recipient, by=recipient.contact, now=now, dates=dates, service="walk")
        assert days_of(left_out) == dates
        assert (standing(session, series, "skipped"), standing(session, walks, "skipped")) == (0, 2)

    def test_what_began_is_not_left_out(
        self, session: Session, recipient: Recipient, series: Series, now: datetime
    ) -> None:
        at_nine = datetime(2026, 11, 24, 9, 0, tzinfo=TZ)
        today = {"from_": date(2026, 11, 24), "until": date(2026, 11, 24)}
        assert skip_period(session, recipient, by=recipient.contact, now=at_nine, **today) == []
        before = at_nine - timedelta(seconds=1)
        assert len(skip_period(session, recipient, by=recipient.contact, now=before, **today)) == 1

    def test_dates_further_ahead_are_remembered(
        self, session: Session, recipient: Recipient, series: Series, now: datetime
    ) -> None:
        may = {"from_": date(2027, 2, 14), "until": date(2027, 2, 18)}
        left_out = skip_period(session, recipient, by=recipient.contact, now=now, **may)
        assert days_of(left_out) == [date(2027, 2, 14), date(2027, 2, 15)]
        assert extend_horizon(session, now + timedelta(days=14)) == 13 - 3
        assert who_is_coming(session, recipient, date(2027, 2, 18)) == []
        assert len(who_is_coming(session, recipient, date(2027, 2, 19))) == 1

    def test_a_reminder_of_it_is_not_sent(
        self, session: Session, recipient: Recipient, series: Series, now: datetime
    ) -> None:
        visit = session.query(Visit).filter(Visit.series_id == series.id).order_by(Visit.starts).first()
        contact = recipient.contact
        due = now + timedelta(hours=8)
        row = outbox.put(session, contact=contact, channel="sms", text="morgen", now=now, due=due, visit=visit)
        skip_visits(session, [visit.id], contact, now)
        assert session.get(Outbox, row).status == "cancelled"

    def test_a_period_must_be_given_whole(self, session: Session, recipient: Recipient, now: datetime) -> None:
        with pytest.raises(ValueError, match="which dates"):
            skip_period(session, recipient, by=recipient.contact, now=now, from_=MONDAY)

    def test_strangers_may_not(
        self, session: Session, world: Any, recipient: Recipient, series: Series, now: datetime
    ) -> None:
        stranger = world.contact()
        with pytest.raises(PermissionError):
            skip_period(session, recipient, by=stranger, now=now, dates=[date(2026, 11, 25)])
        visit = session.query(Visit).filter(Visit.series_id == series.id).first()
        for change in (skip_visits, cancel_visits):
            with pytest.raises(PermissionError):
                change(session, [visit.id], stranger, now)
        assert standing(session, series, "planned") == 84

    def test_the_helper_is_free_then(
        self, session: Session, world: Any, recipient: Recipient, series: Series, need: Any, now: datetime
    ) -> None:
        skip_period(session, recipient, by=recipient.contact, now=now, dates=[date(2026, 11, 25)])
        make(session, world.recipient(), need(rrule=None, dtstart="2026-11-25"), now, "r2")


class TestPuttingBack:
    """Restoring visits that were left out."""

    def test_visits_come_back_once(self, session: Session, recipient: Recipient, series: Series, now: datetime) -> None:
        dates = [date(2026, 11, 25), date(2026, 11, 26)]
        ids = [visit.id for visit in skip_period(session, recipient, by=recipient.contact, now=now, dates=dates)]
        assert len(restore_visits(session, ids, recipient.contact, now)) == 2
        assert restore_visits(session, ids, recipient.contact, now) == []
        assert standing(session, series, "planned") == 84

    def test_not_when_the_helper_was_booked_by_another(
        self, session: Session, world: Any, recipient: Recipient, series: Series, need: Any, now: datetime
    ) -> None:
        dates = [date(2026, 11, 25), date(2026, 11, 26)]
        ids = [visit.id for visit in skip_period(session, recipient, by=recipient.contact, now=now, dates=dates)]
        make(session, world.recipient(), need(rrule=None, dtstart="2026-11-26"), now, "r2")
        with pytest.raises(SlotTaken):
            restore_visits(session, ids, recipient.contact, now)
        session.expire_all()
        assert standing(session, series, "skipped") == 2

    def test_cancelled_visits_too(self, session: Session, recipient: Recipient, series: Series, now: datetime) -> None:
        visit = session.query(Visit).filter(Visit.series_id == series.id).first()
        assert cancel_visits(session, [visit.id], recipient.contact, now, "ill") == [visit]
        assert (visit.status, visit.why, visit.changed_by_id) == ("cancelled", "ill", recipient.contact_id)
        assert cancel_visits(session, [visit.id], recipient.contact, now) == []
        assert restore_visits(session, [visit.id], recipient.contact, now) == [visit]
        assert visit.why is None
