"""The visit book as `test_visit_book` finds it after every act: what must always hold, however it came about."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from care.clock import TZ
from care.database import Database
from care.models import OCCUPYING, Absence, Contact, Helper, Outbox, Recipient, Series, Visit
from care.plans import Plan

STARTS = (datetime(2026, 10, 12, 9, tzinfo=TZ), datetime(2027, 1, 11, 9, tzinfo=TZ))
"""Twelve weeks from the first lie the end of summer time and new year, from the second the beginning of summer time."""
STANDING = ("active", "offered")


class LookedThrough(RuleBasedStateMachine):
    """A book of two recipients and two helpers, looked through after each act of whoever inherits it."""

    database: ClassVar[Database]
    make_world: ClassVar[Any]
    make_need: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.database.engine.connect()
        self.transaction = self.connection.begin()
        self.session = Session(bind=self.connection, future=True, expire_on_commit=False)
        self.now = STARTS[0]
        self.booked = 0
        self.recipients: list[Recipient] = []
        self.helpers: list[Helper] = []
        self.taken_back: list[list[int]] = []
        self.rested: set[int] = set()

    def teardown(self) -> None:
        self.session.close()
        self.transaction.rollback()
        self.connection.close()

    @initialize(start=st.sampled_from(STARTS))
    def people(self, start: datetime) -> None:
        self.now = start
        world = type(self).make_world(self.session)
        world.now = start
        self.recipients = [world.recipient() for _ in range(2)]
        self.helpers = [world.helper(f"Helper {name}", kvk=True) for name in ("Een", "Twee")]

    # What always holds -----------------------------------------------------------------------------------------------

    @invariant()
    def no_helper_is_in_two_places(self) -> None:
        query = text(
            "SELECT count(*) FROM visits a JOIN visits b ON a.helper_id = b.helper_id AND a.id < b.id"
            " AND a.starts < b.ends AND b.starts < a.ends"
            " WHERE a.status = ANY (:occupying) AND b.status = ANY (:occupying)"
        )
        assert self.session.scalar(query, {"occupying": list(OCCUPYING)}) == 0

    @invariant()
    def every_visit_of_a_series_is_there_once_at_its_local_time(self) -> None:
        for series in self.session.scalars(select(Series)).all():
            visits = self.session.scalars(select(Visit).where(Visit.series_id == series.id)).all()
            plan = Plan.from_json(series.plan)
            meant = {f"{series.id}:{one.name}": one for one in plan.occurrences(plan.dtstart, series.horizon)}
            keys = Counter(visit.key for visit in visits)
            assert set(keys.values()) <= {1}
            assert {visit.helper_id for visit in visits} <= {series.helper_id}
            for visit in visits:
                name = visit.key.partition(":")[2]
                day, clock = date.fromisoformat(name[:10]), time.fromisoformat(name[11:])
                assert clock in plan.times_on(day)
                begins = visit.starts.astimezone(TZ)
                skipped = begins.time() != clock and begins.date() == date(2027, 3, 28)
                assert (begins.date(), begins.time()) == (day, clock) or skipped
            # While it rested no visits were made of the dates that went by.
            if series.status in STANDING and series.id not in self.rested:
                due = {key for key, one in meant.items() if series.ended is None or one.day < series.ended}
                assert due <= keys.keys()

    @invariant()
    def nobody_waits_for_a_visit_of_a_series_that_is_over(self) -> None:
        query = (
            select(Visit.id)
            .join(Series, Series.id == Visit.series_id)
            .where(Series.status.in_(("cancelled", "declined", "ended", "paused")), Visit.starts > self.now)
            .where(Visit.status.in_((*OCCUPYING, "requested")))
        )
        assert self.session.scalars(query).all() == []

    @invariant()
    def an_offered_visit_belongs_to_an_offered_series(self) -> None:
        query = select(Visit.id).join(Series, Series.id == Visit.series_id)
        assert self.session.scalars(query.where(Visit.status == "offered", Series.status != "offered")).all() == []
        held = query.where(Visit.status == "planned", Series.status == "offered")
        assert self.session.scalars(held).all() == []

    @invariant()
    def nobody_is_expected_who_is_away(self) -> None:
        query = select(Visit.id).join(Absence, Absence.helper_id == Visit.helper_id)
        query = query.where(Absence.starts < Visit.ends, Visit.starts < Absence.ends, Visit.starts > self.now)
        assert self.session.scalars(query.where(Visit.status == "planned")).all() == []

    @invariant()
    def one_of_a_substituted_visit_and_its_substitute_stands(self) -> None:
        query = text(
            "SELECT count(*) FROM substituted_visits s JOIN visits a ON a.id = s.visit_id"
            " JOIN visits b ON b.id = s.new_visit_id"
            " WHERE a.status = ANY (:occupying) AND b.status = ANY (:occupying)"
        )
        assert self.session.scalar(query, {"occupying": list(OCCUPYING)}) == 0

    @invariant()
    def nothing_is_said_about_what_does_not_take_place(self) -> None:
        query = select(Outbox.id).join(Visit, Visit.id == Outbox.visit_id)
        gone = ("skipped", "moved", "cancelled", "declined")
        assert self.session.scalars(query.where(Outbox.status == "due", Visit.status.in_(gone))).all() == []

    # -----------------------------------------------------------------------------------------------------------------

    def _one(self, which: int, *statuses: str) -> Series | None:
        found = self.session.scalars(select(Series).where(Series.status.in_(statuses)).order_by(Series.id)).all()
        return found[which % len(found)] if found else None

    def _coming(self) -> list[Visit]:
        query = select(Visit).where(Visit.starts > self.now, Visit.status.in_(("planned", "offered", "requested")))
        return list(self.session.scalars(query.order_by(Visit.starts, Visit.id)))

    def _booker(self, series: Series) -> Contact:
        return self.session.get(Contact, series.created_by_id)
