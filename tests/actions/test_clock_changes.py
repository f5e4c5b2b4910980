"""The day's upkeep through the nights in which the clocks change, and over the turn of the year.

Every half hour (every five minutes where it matters) all that is due is done, as the worker does it, in
transactions of their own. What was written is held against the moments that real time and the local clock ask for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from actions import accepting, attendance, hours, meeting, rota, substituting, upkeep
from care import booking, checkins, daily
from care.clock import between, later, local
from care.database import Database
from care.models import Series, Visit
from care.offers import offers_for
from tests.care.conftest import World, make_need

PIECES_OF = (accepting, attendance, hours, meeting, rota, substituting)
"""Each has marked its own pieces of upkeep when it was imported."""
MINUTE = timedelta(minutes=1)
STEP = 5 * MINUTE
COARSE = 30 * MINUTE
AUTUMN, SPRING, NEW_YEAR = date(2026, 10, 25), date(2027, 3, 28), date(2027, 1, 1)
TIMES = ("02:05", "02:55", "03:10", "05:00", "09:00", "21:30")
KEPT = "14:00"
"""Its helper says when they come and go."""
_WRITTEN = text(
    "SELECT o.id, c.name, o.template->>'name', coalesce(o.template->'values'->>0, '') FROM outbox o"
    " JOIN contacts c ON c.id = o.contact_id WHERE o.id > :since ORDER BY o.id"
)


@dataclass
class Diary:
    """What was written, and when: text of the domain, to whom, and the moment of the round."""

    database: Database
    seen: int = 0
    lines: list[tuple[datetime, str, str]] = field(default_factory=list)

    def note(self, moment: datetime) -> None:
        with self.database.begin() as session:
            for number, name, key, _ in session.execute(_WRITTEN, {"since": self.seen}):
                self.seen = number
                self.lines.append((moment, name, key))

    def of(self, key: str) -> dict[str, list[datetime]]:
        found: dict[str, list[datetime]] = defaultdict(list)
        for moment, name, what in self.lines:
            if what == key:
                found[name].append(moment)
        return found


@dataclass
class Days:
    """The days around a date on which something happens to the clock or the calendar."""

    day: date
    database: Database
    begins: datetime
    ends: datetime
    diary: Diary
    series: dict[str, int]


def moments(begins: datetime, ends: datetime) -> Iterator[datetime]:
    """The rounds: real time goes by evenly, whatever the local clock does."""
    moment = begins
    while moment <= ends:
        yield moment
        clock = moment.time()
        fine = time(2) <= clock < time(6) or time(18) <= clock < time(18, 15) or clock >= time(21, 30)
        moment = later(moment, STEP if fine else COARSE)


def _book(session: Session, world: World, clock: str, now: datetime, **more: Any) -> Series:
    """Daily help at a clock time: for each somebody of their own, by somebody of their own."""
    helper = world.helper(f"Helper {clock}", km=0.1)
    helper.checks_in = True
    recipient = world.recipient()
    recipient.name = recipient.contact.name = f"Recipient {clock}"
    need = make_need(times=[clock], duration_minutes=30, dtstart=now.date().isoformat(), **more)
    offer = next(one for one in offers_for(session, recipient, need, now, limit=20) if one.helper_id == helper.id)
    made = booking.book(
        session, recipient=recipient, requested_by=recipient.contact, need=need, offer=offer, request_key=clock, now=now
    )
    helper.active = False
    session.flush()
    return made


@pytest.fixture(scope="module", params=[AUTUMN, SPRING, NEW_YEAR], ids=["autumn", "spring", "new year"])
def days(request: pytest.FixtureRequest, database: Database) -> Days:
    """Two days and a half of upkeep around a date, done."""
    day: date = request.param
    begins = local(datetime.combine(day - timedelta(days=1), time(12)))
    ends = local(datetime.combine(day + timedelta(days=1), time(12)))
    with database.begin() as session:
        names = session.scalars(text("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")).all()
        own = [name for name in names if not name.startswith(("procrastinate", "alembic"))]
        session.execute(text(f"TRUNCATE {', '.join(own)} RESTART IDENTITY CASCADE"))
        world = World(session, begins)
        coordinator = world.contact()
        coordinator.name, coordinator.roles = "Coordinator", ["coordinator"]
        series = {clock: _book(session, world, clock, begins).id for clock in (*TIMES, KEPT)}
    found = Days(day, database, begins, ends, Diary(database), series)
    for moment in moments(begins, ends):
        with database.begin() as session:
            booking.extend_horizon(session, moment)
            _keep(session, found, moment)
        upkeep.run(database.begin, moment)
        found.diary.note(moment)
    return found


def _keep(session: Session, days: Days, moment: datetime) -> None:
    """The helper of the afternoon comes on time, and says so."""
    series = session.get(Series, days.series[KEPT])
    for visit in session.scalars(select(Visit).where(Visit.series_id == series.id)):
        by = series.helper.contact
        if visit.starts <= moment and visit.status == "planned" and between(visit.starts, moment) < timedelta(hours=1):
            checkins.arrive(session, visit, by, moment)
        elif visit.ends <= moment and visit.status == "started":
            checkins.depart(session, visit, by, moment)


def visits(days: Days, clock: str) -> list[Visit]:
    """The visits whose being late falls within the days."""
    with days.database.begin() as session:
        query = select(Visit).where(Visit.series_id == days.series[clock], Visit.starts > days.begins)
        last = later(days.ends, -2 * daily.LATE_WITHIN)
        return list(session.scalars(query.where(Visit.starts < last).order_by(Visit.starts)))


def test_a_day_has_one_visit_at_its_local_time(days: Days) -> None:
    for clock in TIMES:
        for visit in visits(days, clock):
            begins = local(visit.starts)
            skipped = days.day == SPRING and begins.date() == SPRING and clock < "03:00" <= f"{begins:%H:%M}"
            assert f"{begins:%H:%M}" == (clock if not skipped else f"03{clock[2:]}"), clock
        dates = Counter(local(visit.starts).date() for visit in visits(days, clock))
        assert set(dates.values()) == {1}
        assert days.day in dates or clock == "21:30"


def test_reminders_go_out_once_in_the_evening(days: Days) -> None:
    for key, who in (("reminder", "Recipient"), ("reminder_helper", "Helper")):
        told = days.diary.of(key)
        assert set(told) == {f"{who} {clock}" for clock in (*TIMES, KEPT)}
        for name, when in told.items():
            evenings = [moment for moment in when if moment.time() >= daily.EVENING_BEFORE]
            assert [moment.date() for moment in evenings] == [days.day - timedelta(days=1), days.day], name
            assert all(moment.time() < time(18, 15) for moment in evenings), when
            assert evenings == when


def test_late_visits_are_asked_about_after_twenty_minutes_of_real_time(days: Days) -> None:
    helpers, homes = days.diary.of("are_you_there"), days.diary.of("is_the_helper_there")
    told = days.diary.of("nobody_there_coordinator")
    expected = []
    for clock in TIMES:
        starts = [visit.starts for visit in visits(days, clock)]
        assert len(starts) >= 1
        for asked in (helpers[f"Helper {clock}"], homes[f"Recipient {clock}"]):
            assert len(asked) >= len(starts), clock
            for begins, moment in zip(starts, asked, strict=False):
                assert daily.LATE_AFTER <= between(begins, moment) < daily.LATE_AFTER + COARSE, (clock, moment)
        expected += [later(moment, daily.ESCALATE_AFTER) for moment in helpers[f"Helper {clock}"]]
    escalated = sorted(moment.astimezone(timezone.utc) for moment in told["Coordinator"])
    for wanted, moment in zip(sorted(one.astimezone(timezone.utc) for one in expected), escalated, strict=False):
        assert timedelta(0) <= moment - wanted < COARSE
    assert len(escalated) >= sum(len(visits(days, clock)) for clock in TIMES)
    assert f"Helper {KEPT}" not in helpers


def test_hours_are_asked_about_on_sunday_evening_once(days: Days) -> None:
    asked = days.diary.of("hours_ask")
    sunday = days.day.weekday() == daily.REVIEW_WEEKDAY
    assert set(asked) == ({f"Recipient {KEPT}"} if sunday else set())
    for when in asked.values():
        assert [(one.date(), one.hour) for one in when] == [(days.day, 18)]


def test_nothing_that_can_wait_is_written_at_night(days: Days) -> None:
    urgent = {"are_you_there", "is_the_helper_there", "nobody_there_coordinator"}
    for moment, name, key in days.diary.lines:
        assert key in urgent or not daily.is_quiet(moment), (moment, name, key)
