"""Weekdays of a series set apart, and put together again."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from care import acceptance, booking, splitting
from care.clock import local
from care.models import Series, Visit
from care.offers import offers_for
from care.plans import WEEKDAY_CODES, Plan, rule_dates
from care.schedule import Schedule
from care.visits import skip_period
from tests.care.conftest import World, make_need

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("rule", "days", "left"),
    [
        ("FREQ=DAILY", ["SU"], "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"),
        ("FREQ=DAILY;UNTIL=20270101", ["MO"], "FREQ=WEEKLY;UNTIL=20270101;BYDAY=TU,WE,TH,FR,SA,SU"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", ["TH"], "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", ["MO"], "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
        ("FREQ=WEEKLY;BYDAY=MO", ["MO"], None),
        ("FREQ=WEEKLY;BYDAY=MO", ["TU"], None),
        ("FREQ=DAILY;INTERVAL=2", ["SU"], None),
        ("FREQ=MONTHLY;BYDAY=1MO", ["MO"], None),
        ("FREQ=YEARLY;BYWEEKNO=2,4;BYDAY=MO,TU", ["MO"], None),
        (None, ["MO"], None),
    ],
)
def test_a_rule_without_days(rule: str | None, days: list[str], left: str | None) -> None:
    assert splitting.without_days(rule, days) == left


@given(
    st.sets(st.sampled_from(WEEKDAY_CODES), min_size=2),
    st.integers(1, 3),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.data(),
)
def test_it_loses_just_these_days(codes: set[str], interval: int, start: date, data: Any) -> None:
    day = data.draw(st.sampled_from(sorted(codes)))
    rule = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(sorted(codes))};UNTIL=20280601"
    left = splitting.without_days(rule, [day])
    assert left is not None
    wanted = [one for one in rule_dates(rule, start) if WEEKDAY_CODES[one.weekday()] != day]
    assert list(rule_dates(left, start)) == wanted


@pytest.fixture
def series(session: Session, world: World, now: datetime) -> Series:
    world.helper("Anna Test")
    return booked(session, world, now, make_need())


def booked(session: Session, world: World, now: datetime, need: Any) -> Series:
    recipient = world.recipient()
    offer = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    return booking.book(
        session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key="one", now=now
    )


def standing(session: Session, series: Series) -> Counter[int]:
    query = select(Visit.starts).where(Visit.series_id == series.id, Visit.status == "planned")
    return Counter(local(starts).weekday() for starts in session.scalars(query))


def test_days_are_set_apart_and_put_together(session: Session, series: Series, now: datetime) -> None:
    by = series.recipient.contact
    plan, need = series.plan, series.need
    moved, before = splitting.set_apart(session, acceptance.locked(session, series.id), ["SU"], by, now)
    assert len(moved) == 12
    assert standing(session, series) == dict.fromkeys(range(6), 12)
    later = now + timedelta(days=14)
    booking.extend_horizon(session, later)
    assert 6 not in standing(session, series)
    # What was left out since stays so.
    skip_period(session, series.recipient, by=by, now=now, dates=[date(2027, 6, 1)])
    back = splitting.put_together(session, series.id, before, [visit.id for visit in moved], by, later)
    assert len(back) == 10
    booking.extend_horizon(session, later)
    assert standing(session, series)[6] == 12
    assert (series.plan["rrule"], series.need) == (plan["rrule"], need)
    assert series.plan["exdates"] == ["2027-06-01"]


def test_the_need_of_the_days_is_the_rest_of_the_agreement(session: Session, series: Series, now: datetime) -> None:
    said = Schedule(times=(time(10),))
    need = splitting.need_apart(series, said, ["SA", "SU"], now)
    assert need.service == series.service
    assert need.schedule.rrule == "FREQ=WEEKLY;BYDAY=SA,SU"
    assert (need.schedule.dtstart, need.schedule.duration_minutes) == (date(2026, 11, 28), 60)


def test_a_counted_series_keeps_its_last_date(session: Session, world: World, now: datetime) -> None:
    world.helper("Anna Test")
    series = booked(session, world, now, make_need(rrule="FREQ=DAILY;COUNT=20"))
    by = series.recipient.contact
    assert splitting.last_date(Plan.from_json(series.plan)) == date(2026, 12, 13)
    need = splitting.need_apart(series, Schedule(times=(time(10),)), ["SU"], now)
    assert need.schedule.rrule == "FREQ=WEEKLY;BYDAY=SU;UNTIL=20261213"
    splitting.set_apart(session, acceptance.locked(session, series.id), ["SU"], by, now)
    days = [visit.day for visit in Plan.from_json(series.plan).occurrences(MONDAY, date(2028, 1, 1))]
    assert len(days) == 17
    assert max(days) == date(2026, 12, 12)


def test_every_other_week_keeps_its_phase(session: Session, world: World, now: datetime) -> None:
    world.helper("Anna Test")
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"
    series = booked(session, world, now, make_need(rrule=rule, dtstart="2026-11-26"))
    need = splitting.need_apart(series, Schedule(times=(time(11),)), ["MO"], now)
    assert need.schedule.dtstart == date(2026, 12, 7)
    of_before = {day for day in rule_dates(rule, date(2026, 11, 26)) if day.weekday() == 0}
    assert of_before >= set(rule_dates(need.schedule.rrule, need.schedule.dtstart)) & of_before
    assert next(iter(rule_dates(need.schedule.rrule, need.schedule.dtstart))) in of_before


def test_what_cannot_do_without_is_refused(session: Session, world: World, now: datetime) -> None:
    world.helper("Anna Test")
    series = booked(session, world, now, make_need(rrule="FREQ=DAILY;INTERVAL=2"))
    with pytest.raises(ValueError, match="cannot do without"):
        splitting.set_apart(session, series, ["SU"], series.recipient.contact, now)
    with pytest.raises(PermissionError):
        splitting.set_apart(session, series, ["SU"], world.contact(), now)
