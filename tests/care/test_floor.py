"""One has the floor; who waits for the database gives it up, and has it again before going on."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text as sql

from care.database import Database
from care.floor import Floor

LONGEST = 20


@pytest.fixture
def floor() -> Floor:
    return Floor()


@pytest.fixture
def locked(database: Database) -> Iterator[threading.Event]:
    """An advisory lock of the database that is held until the event is set."""
    has, release = threading.Event(), threading.Event()

    def hold() -> None:
        with database.begin() as session:
            session.execute(sql("SELECT pg_advisory_xact_lock(4711)"))
            has.set()
            release.wait(LONGEST)

    thread = threading.Thread(target=hold)
    thread.start()
    assert has.wait(LONGEST)
    yield release
    release.set()
    thread.join()


def test_who_waits_for_rows_does_not_keep_the_floor_from_others(
    floor: Floor, database: Database, locked: threading.Event
) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def wait_for_the_lock() -> None:
        with database.begin() as session, floor.held():
            waiting.set()
            session.execute(sql("SELECT pg_advisory_xact_lock(4711)"))
            order.append("first")

    first = threading.Thread(target=wait_for_the_lock)
    first.start()
    assert waiting.wait(LONGEST)
    with database.begin() as session, floor.held():
        assert session.scalar(sql("SELECT 1")) == 1
        order.append("second")
        locked.set()
    first.join(LONGEST)
    assert order == ["second", "first"]


def test_only_one_computes_at_a_time(floor: Floor, database: Database) -> None:
    at_work, most = 0, 0
    started = threading.Barrier(4)

    def work() -> None:
        nonlocal at_work, most
        started.wait(LONGEST)
        for _ in range(50):
            with database.begin() as session, floor.held():
                session.execute(sql("SELECT 1"))
                at_work += 1
                most = max(most, at_work)
                sum(range(20_000))
                at_work -= 1
                session.execute(sql("SELECT 1"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST * 3)
    assert (at_work, most) == (0, 1)


def test_an_error_of_the_database_leaves_the_floor_free(floor: Floor, database: Database) -> None:
    with pytest.raises(Exception, match="nowhere"), database.begin() as session, floor.held():
        session.execute(sql("SELECT * FROM nowhere"))
    done = threading.Event()

    def have_it() -> None:
        with floor.held():
            done.set()

    threading.Thread(target=have_it).start()
    assert done.wait(LONGEST)


def test_who_goes_first_is_let_through_but_never_for_long(floor: Floor) -> None:
    order: list[str] = []
    entered = threading.Event()

    def take_it() -> None:
        entered.set()
        with floor.held():
            order.append("held")

    with floor.going_first():
        thread = threading.Thread(target=take_it)
        thread.start()
        assert entered.wait(LONGEST)
        thread.join(LONGEST)
        assert order == ["held"], "after a moment it is its turn, whatever is done first"


def test_nobody_takes_the_floor_while_another_goes_first(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("care.floor._STEP_ASIDE_SECONDS", LONGEST)
    taken = threading.Event()

    def take_it() -> None:
        with floor.held():
            taken.set()

    with floor.going_first():
        thread = threading.Thread(target=take_it)
        thread.start()
        assert not taken.wait(0.2)
    assert taken.wait(LONGEST)
    thread.join()


def test_who_works_here_steps_aside_for_who_waits_outside_too_long(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("care.floor._LATE_SECONDS", -1.0)
    monkeypatch.setattr("care.floor._CATCH_UP_SECONDS", LONGEST)
    order: list[str] = []
    begun = threading.Event()

    def work() -> None:
        begun.set()
        with floor.held():
            order.append("work")

    thread = threading.Thread(target=work)
    with floor.waited_outside():
        with floor.waited_outside():
            thread.start()
            assert begun.wait(LONGEST)
        thread.join(0.1)
        order.append("one of two answered")
    thread.join(LONGEST)
    assert order == ["one of two answered", "work"]


def test_nobody_steps_aside_for_who_is_in_good_time_or_for_ever(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("care.floor._LATE_SECONDS", 3600.0)
    monkeypatch.setattr("care.floor._CATCH_UP_SECONDS", 3600.0)
    with floor.waited_outside(), floor.held():
        pass
    monkeypatch.setattr("care.floor._LATE_SECONDS", -1.0)
    monkeypatch.setattr("care.floor._CATCH_UP_SECONDS", 0.001)
    with floor.waited_outside(), floor.held():
        pass
