"""Whatever is done to the visit book, in whatever order: what must never be never is.

A machine of hypothesis books, answers, skips, moves, cancels, ends, undoes and restores, while weeks go by over a clock
change or the turn of the year, on a real database. After every step the whole book is looked through.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from care import absences, acceptance, outbox, pausing, splitting, substitutes
from care.booking import SlotTaken, book, end_series, extend_horizon, undo
from care.clock import local
from care.database import Database
from care.models import OPEN_SUBSTITUTIONS, Contact, Helper, Recipient, Series, Substitution, Visit
from care.needs import Need
from care.offers import offers_for
from care.pausing import pause, resume
from care.plans import WEEKDAY_CODES
from care.reopening import reopen_series
from care.visits import cancel_visits, move_visits, restore_visits, skip_period, skip_visits
from tests.care.visit_book import STANDING, STARTS, LookedThrough

RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU", "FREQ=WEEKLY;BYDAY=SA,SU", "FREQ=DAILY;COUNT=20", None)
TIMES = (["09:00"], ["02:30"], ["09:30", "20:00"])
MANY = 10_000

places = st.integers(0, MANY)
early = st.integers(0, 6)
"""Most acts are about the next days, so that they meet."""


class VisitBook(LookedThrough):
    """The acts, in any order."""

    @rule(
        who=places,
        rrule=st.sampled_from(RULES),
        times=st.sampled_from(TIMES),
        ahead=st.integers(1, 3) | st.integers(1, 20),
        asks=st.booleans(),
    )
    def books(self, who: int, rrule: str | None, times: list[str], ahead: int, asks: bool) -> None:
        day = (self.now.date() + timedelta(days=ahead)).isoformat()
        need: Need = type(self).make_need(rrule=rrule, dtstart=day, times=times, duration_minutes=45)
        recipient = self.recipients[who % 2]
        for offer in offers_for(self.session, recipient, need, self.now)[:1]:
            self.booked += 1
            book(
                self.session,
                recipient=recipient,
                requested_by=recipient.contact,
                need=need,
                offer=offer,
                request_key=f"r{self.booked}",
                now=self.now,
                offered=asks,
            )

    @rule(which=places, agrees=st.sampled_from(["accept", "decline", "lapse"]))
    def answers(self, which: int, agrees: str) -> None:
        series = self._one(which, "offered")
        if series is None:
            return
        if agrees == "lapse":
            acceptance.lapse(self.session, acceptance.locked(self.session, series.id), self.now)
        else:
            act = acceptance.accept if agrees == "accept" else acceptance.decline
            act(self.session, series.id, self.session.get(Helper, series.helper_id).contact, self.now)

    @rule(which=early, many=st.integers(1, 4), act=st.sampled_from([skip_visits, cancel_visits, move_visits]))
    def takes_off(self, which: int, many: int, act: Any) -> None:
        visits = self._coming()
        chosen = [visits[(which + step) % len(visits)] for step in range(many)] if visits else []
        if chosen:
            by = self.session.get(Recipient, chosen[0].recipient_id)
            ids = [visit.id for visit in chosen if visit.recipient_id == by.id]
            self.taken_back.append([visit.id for visit in act(self.session, ids, by.contact, self.now)])

    @rule(who=places, ahead=early | st.integers(0, 100), days=st.integers(1, 10))
    def is_away(self, who: int, ahead: int, days: int) -> None:
        recipient = self.recipients[who % 2]
        first = self.now.date() + timedelta(days=ahead)
        last = first + timedelta(days=days)
        skip_period(self.session, recipient, by=recipient.contact, now=self.now, from_=first, until=last)

    @rule(which=places)
    def puts_back(self, which: int) -> None:
        ids = self.taken_back[which % len(self.taken_back)] if self.taken_back else []
        owners = self.session.scalars(select(Visit.recipient_id).where(Visit.id.in_(ids))).all()
        if owners:
            by = self.session.get(Recipient, owners[0]).contact
            try:
                restore_visits(self.session, ids, by, self.now)
            except SlotTaken as taken:
                assert taken.dates

    @rule(which=places, ahead=st.none() | st.integers(0, 130), again=st.booleans())
    def ends(self, which: int, ahead: int | None, again: bool) -> None:
        series = self._one(which, *STANDING)
        if series is None:
            return
        by = self._booker(series)
        coming = [visit.id for visit in self._coming() if visit.series_id == series.id]
        from_ = None if ahead is None else self.now.date() + timedelta(days=ahead)
        end_series(self.session, series, by, self.now, from_=from_)
        if again:
            gone = self.session.scalars(select(Visit.id).where(Visit.id.in_(coming), Visit.status == "cancelled")).all()
            try:
                reopen_series(self.session, [series.id], gone, by, self.now)
            except SlotTaken as taken:
                assert taken.dates

    @rule(which=places)
    def lets_it_rest(self, which: int) -> None:
        series = self._one(which, "active")
        if series is not None:
            self.rested.add(series.id)
            pause(self.session, [series.id], self._booker(series), self.now)

    @rule(which=places)
    def lets_it_begin_again(self, which: int) -> None:
        series = self._one(which, "paused")
        if series is not None:
            resumed = resume(self.session, [series.id], self._booker(series), self.now)
            assert {visit.status for visit in resumed.lost} <= {"skipped"}

    @rule(which=places)
    def takes_a_booking_back(self, which: int) -> None:
        series = self._one(which, *STANDING)
        if series is not None:
            undo(self.session, [series.id], self._booker(series), self.now)

    @rule(which=places, ahead=early | st.integers(0, 90), days=st.integers(1, 8))
    def helper_goes_away(self, which: int, ahead: int, days: int) -> None:
        helper = self.helpers[which % 2]
        starts = self.now + timedelta(days=ahead)
        ends = starts + timedelta(days=days)
        away = absences.record(self.session, helper, starts, ends, by=helper.contact, now=self.now)
        substitutes.open_for(self.session, away.visits, self.now)

    @rule(which=places)
    def helper_is_back(self, which: int) -> None:
        helper = self.helpers[which % 2]
        absences.come_back(self.session, helper, by=helper.contact, now=self.now)

    @rule(which=places)
    def another_stands_in(self, which: int) -> None:
        query = select(Substitution).where(Substitution.status.in_(OPEN_SUBSTITUTIONS)).order_by(Substitution.id)
        found = self.session.scalars(query).all()
        if not found:
            return
        search = found[which % len(found)]
        lacking = substitutes.lacking(self.session, search, self.now)
        for offer in substitutes.candidates(self.session, search, lacking, self.now)[:1] if lacking else ():
            search.offer = offer.to_json()
            substitutes.hand_over(self.session, search, by=self._booker(search.series), now=self.now)
            if not substitutes.lacking(self.session, search, self.now):
                substitutes.close(self.session, search, "covered", self.now)

    @rule(which=places)
    def helper_takes_a_yes_back(self, which: int) -> None:
        series = self._one(which, "active")
        if series is None:
            return
        search = substitutes.covered_by(self.session, series)
        helper = self.session.get(Helper, series.helper_id)
        if acceptance.take_back(self.session, series.id, helper.contact, self.now) and search is not None:
            substitutes.give_back(self.session, search, series, self.now)

    @rule(which=places, day=st.integers(0, 6), again=st.booleans())
    def sets_a_day_apart(self, which: int, day: int, again: bool) -> None:
        series, code = self._one(which, *STANDING), WEEKDAY_CODES[day]
        if series is None or splitting.without_days(series.plan["rrule"], [code]) is None:
            return
        by = self._booker(series)
        moved, before = splitting.set_apart(self.session, series, [code], by, self.now)
        assert all(local(visit.starts).weekday() == day for visit in moved)
        if again:
            ids = [visit.id for visit in moved]
            try:
                back = splitting.put_together(self.session, series.id, before, ids, by, self.now)
            except SlotTaken as taken:
                assert taken.dates
            else:
                assert {visit.id for visit in back} <= set(ids)

    @rule(which=places)
    def rests(self, which: int) -> None:
        series = self._one(which, "active")
        if series is not None:
            pausing.pause(self.session, [series.id], self._booker(series), self.now)

    @rule(which=places)
    def goes_on(self, which: int) -> None:
        series = self._one(which, "paused")
        if series is not None:
            pausing.resume(self.session, [series.id], self._booker(series), self.now)

    @rule(which=places)
    def is_reminded(self, which: int) -> None:
        visits = self._coming()
        if visits:
            visit = visits[which % len(visits)]
            contact: Contact = self.session.get(Recipient, visit.recipient_id).contact
            outbox.put(
                self.session,
                contact=contact,
                channel="sms",
                text="morgen komt er iemand",
                now=self.now,
                due=visit.starts - timedelta(hours=12),
                kind="reminder",
                key=f"reminder:{visit.id}",
                visit=visit,
            )

    @rule(days=st.integers(1, 4) | st.integers(1, 30))
    @precondition(lambda self: self.booked)
    def time_goes_by(self, days: int) -> None:
        self.now = local(datetime.combine(self.now.date() + timedelta(days=days), time(9)))
        extend_horizon(self.session, self.now)


@pytest.fixture
def book_class(database: Database, make_world: Any, need: Any) -> type[VisitBook]:
    """The machine, for the database of this module."""
    made = {"database": database, "make_world": staticmethod(make_world), "make_need": staticmethod(need)}
    return type("Book", (VisitBook,), made)


def test_the_book_stays_right(book_class: type[VisitBook]) -> None:
    few = settings(
        max_examples=12,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(book_class, settings=few)


def test_a_visit_that_another_makes_by_now_is_not_put_back(book_class: type[VisitBook]) -> None:
    machine = book_class()
    try:
        machine.people(STARTS[0])
        machine.books(0, "FREQ=DAILY", ["09:00"], 1, False)
        helper_id = machine.session.scalars(select(Series.helper_id)).one()
        absent = [helper.id for helper in machine.helpers].index(helper_id)
        machine.takes_off(1, 1, skip_visits)
        machine.puts_back(0)
        machine.helper_goes_away(absent, 0, 6)
        machine.another_stands_in(0)
        machine.helper_is_back(absent)
        machine.puts_back(0)
        machine.one_of_a_substituted_visit_and_its_substitute_stands()
        query = select(func.count()).where(Visit.status == "planned", Visit.starts < STARTS[0] + timedelta(days=6))
        assert machine.session.scalar(query) == 5
    finally:
        machine.teardown()


def test_a_booking_that_nobody_answered_ends_with_the_visits_that_went_by(book_class: type[VisitBook]) -> None:
    machine = book_class()
    try:
        machine.people(STARTS[0])
        machine.books(0, "FREQ=DAILY", ["09:00"], 1, True)
        machine.time_goes_by(4)
        machine.ends(0, None, False)
        machine.an_offered_visit_belongs_to_an_offered_series()
        machine.nobody_waits_for_a_visit_of_a_series_that_is_over()
    finally:
        machine.teardown()
