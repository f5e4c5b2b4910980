"""A helper is away: visits lose their helper, and come back with the helper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care import absences, booking
from care.models import Absence, Helper, Series, Visit
from care.offers import offers_for
from care.visits import restore_visits, skip_visits

DAY = timedelta(days=1)


@pytest.fixture
def helper(world: Any) -> Helper:
    return world.helper("Anna Test")


@pytest.fixture
def series(session: Session, world: Any, need: Any, now: datetime, helper: Helper) -> Series:
    """A daily visit at nine from tomorrow on, by Anna."""
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


def statuses(session: Session, series: Series) -> list[str]:
    query = select(Visit.status).where(Visit.series_id == series.id).order_by(Visit.starts).limit(5)
    return list(session.scalars(query))


def away(session: Session, helper: Helper, now: datetime, first: int, last: int) -> absences.Away:
    midnight = now.replace(hour=0)
    return absences.record(session, helper, midnight + first * DAY, midnight + last * DAY, by=helper.contact, now=now)


def test_visits_in_an_absence_have_no_helper(session: Session, helper: Helper, series: Series, now: datetime) -> None:
    found = away(session, helper, now, 2, 4)
    assert [visit.why for visit in found.visits] == [absences.ABSENT] * 2
    assert statuses(session, series) == ["planned", "requested", "requested", "planned", "planned"]


def test_saying_it_twice_changes_nothing(session: Session, helper: Helper, series: Series, now: datetime) -> None:
    away(session, helper, now, 2, 4)
    again = away(session, helper, now, 2, 4)
    assert again.visits == ()
    assert len(list(session.scalars(select(Absence)))) == 1


def test_what_touches_becomes_one_absence(session: Session, helper: Helper, series: Series, now: datetime) -> None:
    away(session, helper, now, 1, 2)
    away(session, helper, now, 3, 4)
    found = away(session, helper, now, 2, 3)
    assert len(list(session.scalars(select(Absence)))) == 1
    assert (found.absence.ends - found.absence.starts).days == 3
    assert statuses(session, series) == ["requested"] * 3 + ["planned"] * 2


def test_back_sooner_visits_come_back(session: Session, helper: Helper, series: Series, now: datetime) -> None:
    away(session, helper, now, 0, 5)
    later = now + 2 * DAY
    absence, back = absences.come_back(session, helper, by=helper.contact, now=later)
    assert absence.ends == later
    assert len(back) == 2
    assert statuses(session, series) == ["requested"] * 2 + ["planned"] * 3


def test_an_absence_to_come_is_taken_back_whole(
    session: Session, helper: Helper, series: Series, now: datetime
) -> None:
    away(session, helper, now, 2, 4)
    _, back = absences.come_back(session, helper, by=helper.contact, now=now)
    assert len(back) == 2
    assert list(session.scalars(select(Absence))) == []
    assert absences.come_back(session, helper, by=helper.contact, now=now) == (None, [])


def test_time_given_to_another_does_not_come_back(
    session: Session, world: Any, need: Any, helper: Helper, series: Series, now: datetime
) -> None:
    found = away(session, helper, now, 2, 3)
    # Booked for somebody else in the same hour, as a coordinator might by hand.
    taken = found.visits[0]
    session.add(
        Visit(
            series_id=series.id,
            recipient_id=series.recipient_id,
            helper_id=helper.id,
            service="companionship",
            starts=taken.starts,
            ends=taken.ends,
            changed=now,
            key="other",
        )
    )
    session.flush()
    _, back = absences.come_back(session, helper, by=helper.contact, now=now)
    assert back == []
    assert statuses(session, series).count("requested") == 1


def test_only_the_helper_or_their_coordinator_may_say_so(session: Session, world: Any, now: datetime) -> None:
    employee = world.helper("Wilma Test", "organisation", ("companionship",))
    coordinator, other = world.contact(), world.contact()
    world.session.get(type(world.organisation()), employee.organisation_id).coordinator_id = coordinator.id
    session.flush()
    absences.record(session, employee, now, now + DAY, by=coordinator, now=now)
    with pytest.raises(PermissionError):
        absences.record(session, employee, now, now + DAY, by=other, now=now)
    with pytest.raises(PermissionError):
        absences.come_back(session, employee, by=other, now=now)


def test_an_absence_ends_after_it_starts(session: Session, helper: Helper, now: datetime) -> None:
    with pytest.raises(ValueError, match="end after"):
        absences.record(session, helper, now, now, by=helper.contact, now=now)


def test_nothing_is_put_back_on_a_helper_who_is_away(
    session: Session, helper: Helper, series: Series, now: datetime
) -> None:
    visit = session.scalars(select(Visit).where(Visit.series_id == series.id).order_by(Visit.starts)).all()[1]
    who = series.recipient.contact
    skip_visits(session, [visit.id], who, now)
    away(session, helper, now, 2, 3)
    with pytest.raises(booking.SlotTaken) as refused:
        restore_visits(session, [visit.id], who, now)
    assert refused.value.reason == "absent"


def test_what_is_agreed_on_for_a_time_away_is_taken_off(
    session: Session, helper: Helper, series: Series, now: datetime
) -> None:
    session.add(Absence(helper_id=helper.id, starts=now + DAY, ends=now + 2 * DAY))
    session.flush()
    taken = absences.enforce(session, helper, by=None, now=now)
    assert len(taken) == 1
    assert absences.enforce(session, helper, by=None, now=now) == []


def test_back_from_a_day_on(session: Session, series: Series, helper: Helper, now: datetime) -> None:
    absences.record(session, helper, now, now + 4 * DAY, by=helper.contact, now=now)
    since = (now + 2 * DAY).replace(hour=0)
    absence, back = absences.come_back(session, helper, by=helper.contact, now=now, since=since)
    assert absence is not None
    assert absence.ends == since
    assert [visit.starts.date() for visit in back] == [(now + 2 * DAY).date(), (now + 3 * DAY).date()]
    still_away = select(Visit).where(Visit.series_id == series.id, Visit.status == "requested")
    assert [visit.starts.date() for visit in session.scalars(still_away)] == [(now + DAY).date()]
