"""Booking once, undoing, ending, and keeping the horizon."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from care import outbox
from care.booking import SlotTaken, book, end_series, extend_horizon, running, undo
from care.clock import TZ
from care.matching import Offer
from care.models import Absence, Audit, Helper, Mandate, Outbox, Proof, Recipient, Series, Visit
from care.needs import Need
from care.offers import offers_for
from care.reopening import reopen_series

WEEKS = timedelta(weeks=12)


@pytest.fixture
def recipient(world: Any) -> Recipient:
    return world.recipient()


def make(session: Session, recipient: Recipient, need: Need, now: datetime, key: str = "r1", **more: Any) -> Series:
    offer = more.pop("offer", None) or offers_for(session, recipient, need, now)[0]
    by = more.pop("by", recipient.contact)
    return book(session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key=key, now=now)


def visits(session: Session, series: Series, *statuses: str) -> list[Visit]:
    query = select(Visit).where(Visit.series_id == series.id).order_by(Visit.starts)
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    return [visit for visit in found if not statuses or visit.status in statuses]


def test_a_booking_makes_the_visits_of_twelve_weeks(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    helper = world.helper("Wilma", "organisation")
    series = make(session, recipient, need(), now)
    made = visits(session, series)
    assert len(made) == 12 * 7
    assert {visit.starts.astimezone(TZ).time() for visit in made} == {time(9)}
    assert {visit.ends - visit.starts for visit in made} == {timedelta(hours=1)}
    assert (series.helper_id, series.price_cents, series.currency, series.contract) == (
        helper.id,
        3000,
        "EUR",
        "organisation",
    )
    assert Need.from_json(series.need) == need()
    audit = session.scalars(select(Audit).where(Audit.what == "book")).one()
    assert (audit.who_id, audit.recipient_id) == (recipient.contact_id, recipient.id)
    assert audit.details == {"series": series.id, "service": "companionship", "helper": helper.id, "visits": 84}


def test_a_booking_is_made_once(session: Session, world: Any, recipient: Recipient, need: Any, now: datetime) -> None:
    world.helper()
    offer = offers_for(session, recipient, need(), now)[0]
    first = make(session, recipient, need(), now, offer=offer)
    assert make(session, recipient, need(), now, offer=offer).id == first.id
    assert session.scalar(select(func.count()).select_from(Visit)) == 84


@pytest.mark.parametrize(
    ("fields", "starts"),
    [
        ({"rrule": None}, ["2026-11-24T09:00"]),
        ({"rrule": "FREQ=DAILY;COUNT=2", "exdates": ["2026-11-25"]}, ["2026-11-24T09:00", "2026-11-26T09:00"]),
        ({"rrule": "FREQ=DAILY;UNTIL=20261125"}, ["2026-11-24T09:00", "2026-11-25T09:00"]),
        (
            {"rrule": "FREQ=DAILY;COUNT=3", "times": ["08:00", "20:00"]},
            ["2026-11-24T08:00", "2026-11-24T20:00", "2026-11-25T08:00"],
        ),
        ({"rrule": "FREQ=WEEKLY;INTERVAL=6;BYDAY=TU;COUNT=2"}, ["2026-11-24T09:00", "2027-01-05T09:00"]),
    ],
)
def test_the_visits_are_those_of_the_need(
    session: Session,
    world: Any,
    recipient: Recipient,
    need: Any,
    now: datetime,
    fields: dict[str, Any],
    starts: list[str],
) -> None:
    world.helper()
    series = make(session, recipient, need(**fields), now)
    assert [f"{visit.starts.astimezone(TZ):%Y-%m-%dT%H:%M}" for visit in visits(session, series)] == starts


def test_a_night_crosses_midnight(session: Session, world: Any, recipient: Recipient, need: Any, now: datetime) -> None:
    world.helper("Frank", "organisation", services=["night_waking"])
    nights = need(
        "night_waking", rrule="FREQ=WEEKLY;BYDAY=FR", times=[], window=["23:00", "07:00"], duration_minutes=480
    )
    first = visits(session, make(session, recipient, nights, now))[0]
    assert first.starts.astimezone(TZ) == datetime(2026, 11, 27, 23, 0, tzinfo=TZ)
    assert first.ends.astimezone(TZ) == datetime(2026, 11, 28, 7, 0, tzinfo=TZ)


def test_nine_stays_nine_through_the_clock_change(
    session: Session, world: Any, recipient: Recipient, need: Any
) -> None:
    world.helper()
    february = datetime(2027, 2, 1, 9, 0, tzinfo=TZ)
    series = make(session, recipient, need(dtstart="2027-02-02"), february)
    made = visits(session, series)
    assert {visit.starts.astimezone(TZ).time() for visit in made} == {time(9)}
    assert {visit.starts.hour for visit in made} == {7, 8}


class TestTaken:
    """An offer that no longer stands leaves the transaction as it was."""

    def test_by_another(self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime) -> None:
        world.helper()
        offer = offers_for(session, recipient, need(), now)[0]
        weekly = need(rrule="FREQ=WEEKLY;BYDAY=TU", times=["09:30"])
        make(session, world.recipient(), weekly, now, "other")
        with pytest.raises(SlotTaken) as taken:
            make(session, recipient, need(), now, offer=offer)
        assert taken.value.reason == "taken"
        assert taken.value.dates[0] == date(2026, 11, 24)
        assert len(taken.value.dates) == 12
        assert session.scalar(select(func.count()).select_from(Visit)) == 12
        assert session.scalar(select(func.count()).select_from(Series)) == 1
        # The transaction stays usable: another time is booked in it.
        make(session, recipient, need(times=["14:00"]), now)
        assert session.scalar(select(func.count()).select_from(Visit)) == 12 + 84

    @pytest.mark.parametrize("reason", ["absent", "inactive", "proof"])
    def test_by_circumstances(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime, reason: str
    ) -> None:
        helper: Helper = world.helper("Petra", "freelancer", services=["personal_care"])
        offer = offers_for(session, recipient, need("personal_care"), now)[0]
        if reason == "absent":
            starts = datetime(2026, 12, 1, tzinfo=TZ)
            session.add(Absence(helper_id=helper.id, starts=starts, ends=starts + timedelta(days=2)))
        elif reason == "inactive":
            helper.active = False
        else:
            session.query(Proof).filter(Proof.helper_id == helper.id).update({"expires": date(2027, 1, 1)})
        session.flush()
        with pytest.raises(SlotTaken) as taken:
            make(session, recipient, need("personal_care"), now, offer=offer)
        assert taken.value.reason == reason
        if reason == "absent":
            assert taken.value.dates == (date(2026, 12, 1), date(2026, 12, 2))
        assert session.scalar(select(func.count()).select_from(Series)) == 0

    def test_who_may_not_do_it_is_not_booked_even_when_offered(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        world.helper()
        offer = offers_for(session, recipient, need(), now)[0]
        with pytest.raises(SlotTaken):
            make(session, recipient, need("personal_care"), now, offer=offer)


def test_the_database_itself_refuses_two_visits_at_once(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    world.helper()
    series = make(session, recipient, need(rrule=None), now)
    (visit,) = visits(session, series)

    def double(status: str, minutes: int) -> None:
        with session.begin_nested():
            session.add(
                Visit(
                    series_id=series.id,
                    recipient_id=recipient.id,
                    helper_id=visit.helper_id,
                    service=visit.service,
                    starts=visit.starts + timedelta(minutes=minutes),
                    ends=visit.ends + timedelta(minutes=minutes),
                    status=status,
                    changed=now,
                    key=f"double:{status}:{minutes}",
                )
            )
            session.flush()

    for status in ("planned", "started", "done", "approved", "disputed"):
        with pytest.raises(IntegrityError, match="never_overlap"):
            double(status, 59)
    double("requested", 0)
    double("planned", 60)


class TestHorizon:
    """Series without end are kept as visits for twelve weeks ahead."""

    def test_it_moves_with_the_days_and_twice_is_once(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        world.helper()
        series = make(session, recipient, need(), now)
        assert extend_horizon(session, now) == 0
        assert extend_horizon(session, now + timedelta(days=8)) == 7
        assert extend_horizon(session, now + timedelta(days=8)) == 0
        assert series.horizon == now.date() + timedelta(days=8) + WEEKS
        starts = [visit.starts.astimezone(TZ).date() for visit in visits(session, series)]
        assert starts == [date(2026, 11, 24) + timedelta(days=day) for day in range(84 + 7)]

    def test_what_ended_is_not_extended(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        world.helper()
        make(session, recipient, need(rrule="FREQ=DAILY;COUNT=90"), now)
        ended = make(session, recipient, need(times=["15:00"]), now, "r2")
        end_series(session, ended, recipient.contact, now, from_=date(2027, 2, 20))
        assert extend_horizon(session, now + timedelta(days=60)) == 6 + 4

    def test_a_date_on_which_the_helper_cannot_is_kept_as_a_request(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        helper = world.helper()
        series = make(session, recipient, need(), now)
        starts = datetime(2027, 2, 17, tzinfo=TZ)
        session.add(Absence(helper_id=helper.id, starts=starts, ends=starts + timedelta(days=1)))
        other = need(rrule=None, dtstart="2027-02-18")
        make(session, world.recipient(), other, datetime(2027, 2, 1, tzinfo=TZ), "r2")
        session.query(Proof).filter(Proof.helper_id == helper.id).update({"expires": date(2027, 2, 20)})
        assert extend_horizon(session, now + timedelta(days=8)) == 7
        new = [visit for visit in visits(session, series) if visit.starts >= datetime(2027, 2, 16, tzinfo=TZ)]
        by_day = {visit.starts.astimezone(TZ).day: visit.status for visit in new}
        unproven = "requested" if helper_needs_proofs() else "planned"
        assert by_day == {
            16: "planned",
            17: "requested",
            18: "requested",
            19: "planned",
            20: "planned",
            21: unproven,
            22: unproven,
        }
        audit = session.scalars(select(Audit).where(Audit.what == "helper_missing")).one()
        assert audit.success is False


def helper_needs_proofs() -> bool:
    from care.catalogue import Catalogue

    return bool(Catalogue.load().service("companionship").proofs["volunteer"])


class TestTakingBack:
    """Undoing and ending."""

    def test_undo_cancels_what_was_just_booked(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        world.helper()
        series = make(session, recipient, need(), now)
        reminder = outbox.put(
            session,
            contact=recipient.contact,
            channel="sms",
            text="tomorrow",
            now=now,
            due=now + timedelta(hours=8),
            visit=visits(session, series)[0],
        )
        assert undo(session, [series.id], recipient.contact, now) == 1
        assert undo(session, [series.id], recipient.contact, now) == 0
        assert {visit.status for visit in visits(session, series)} == {"cancelled"}
        assert session.get(Outbox, reminder).status == "cancelled"
        assert series.status == "cancelled"
        # The helper is free again.
        make(session, world.recipient(), need(), now, "r2")

    def test_strangers_cannot_undo(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        world.helper()
        series = make(session, recipient, need(), now)
        with pytest.raises(PermissionError):
            undo(session, [series.id], world.contact(), now)
        with pytest.raises(PermissionError):
            end_series(session, series, world.contact(), now)
        assert len(visits(session, series, "planned")) == 84

    def test_ending_leaves_the_visits_before_it(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        world.helper()
        series = make(session, recipient, need(), now)
        assert end_series(session, series, recipient.contact, now, from_=date(2026, 12, 1), why="moved") == 77
        assert end_series(session, series, recipient.contact, now, from_=date(2026, 12, 1)) == 0
        assert len(visits(session, series, "planned")) == 7
        assert end_series(session, series, recipient.contact, now) == 7

    def test_running_series_are_those_with_visits_to_come(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        world.helper(services=["companionship", "walk"])
        first = make(session, recipient, need(), now)
        second = make(session, recipient, need("walk", times=["15:00"], rrule=None), now, "r2")
        assert running(session, recipient, now) == [first, second]
        assert running(session, recipient, now, "walk") == [second]
        assert running(session, recipient, now + timedelta(days=3)) == [first]
        undo(session, [first.id], recipient.contact, now)
        assert running(session, recipient, now) == [second]


class TestWho:
    """Who may book for whom."""

    def test_a_stranger_may_not(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
    ) -> None:
        world.helper()
        with pytest.raises(PermissionError):
            make(session, recipient, need(), now, by=world.contact())

    @pytest.mark.parametrize(("what", "may"), [("see", False), ("act", True)])
    def test_family_may_with_a_mandate_to_act(
        self, session: Session, world: Any, recipient: Recipient, need: Any, now: datetime, what: str, may: bool
    ) -> None:
        world.helper()
        family = world.contact()
        given = {"family_id": family.id, "recipient_id": recipient.id, "given_by_id": recipient.contact_id}
        session.add(Mandate(**given, what=what, valid_from=now))
        session.flush()
        if may:
            assert make(session, recipient, need(), now, by=family).created_by_id == family.id
        else:
            with pytest.raises(PermissionError):
                make(session, recipient, need(), now, by=family)


def test_an_offer_is_a_plain_value(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    world.helper()
    offer = Offer.from_json(offers_for(session, recipient, need(), now)[0].to_json())
    assert make(session, recipient, need(), now, offer=offer).helper_id == offer.helper_id


def test_a_series_that_would_end_and_runs_on_after_all_lacks_nothing(
    session: Session, recipient: Recipient, world: Any, need: Any, now: datetime
) -> None:
    world.helper()
    series = make(session, recipient, need(), now)
    end_series(session, series, recipient.contact, now, from_=now.date() + timedelta(days=100))
    month = now + timedelta(days=30)
    extend_horizon(session, month)
    coming = [visit.id for visit in session.query(Visit).filter(Visit.starts > month)]
    end_series(session, series, recipient.contact, month)
    reopen_series(session, [series.id], coming, recipient.contact, month)
    extend_horizon(session, month)
    days = [visit.starts.astimezone(TZ).date() for visit in session.query(Visit).order_by(Visit.starts)]
    assert days == [now.date() + timedelta(days=ahead) for ahead in range(1, 30 + WEEKS.days)]
