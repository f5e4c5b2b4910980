"""Killed with -9 at every step of a booking, an acceptance, a refusal and a lapse: nothing lost, nothing double.

A process is forked for every step: it handles the message, and kills itself right before its n-th statement, at the
commit, or right after it. The steps are all statements that the deed runs, whatever they are.
"""

from __future__ import annotations

import os
import secrets
import signal
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text

from actions import upkeep
from actions.requesting import TOPIC
from bot.brain import Brain
from bot.model import ensure_model
from bot.settings import Settings
from care import inbox
from care.clock import Clock, local
from care.database import Database, open_database
from care.demo.loader import load_demo
from care.models import Ask, Contact

BEGIN = datetime(2026, 11, 23, 9)
STRIDE = int(os.environ.get("CRASH_STRIDE", "5"))
"""Every so manieth step in the suite; CRASH_STRIDE=1 kills at every one."""
AT_COMMIT, AFTER_COMMIT = -1, -2
WHAT_COUNTS = {
    "series": "SELECT status, count(*) FROM series GROUP BY 1 ORDER BY 1",
    "visits": "SELECT status, count(*) FROM visits GROUP BY 1 ORDER BY 1",
    "asks": "SELECT topic, status, count(*) FROM asks GROUP BY 1, 2 ORDER BY 1, 2",
    "outbox": "SELECT count(*), count(DISTINCT key) FROM outbox",
    "audit": "SELECT what, count(*) FROM audit GROUP BY 1 ORDER BY 1",
}
Counts = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def brain(database: Database) -> Iterator[Brain]:
    """A brain on a database with the demo neighbourhood in it."""
    with database.begin() as session:
        load_demo(session, local(datetime(2026, 11, 20, 9)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        brain = Brain.load(ensure_model(Settings.from_environment()), database, Clock(BEGIN))
    yield brain
    brain.close()


class House:
    """The database, and people who say something in it."""

    def __init__(self, database: Database, brain: Brain) -> None:
        self.database, self.brain = database, brain

    def message(self, phone: str, said: str) -> int:
        """Store a message; its number."""
        with self.database.begin() as session:
            number, _ = inbox.accept(
                session,
                channel="sms",
                outside_id=secrets.token_hex(8),
                address=phone,
                text=said,
                now=local(BEGIN),
                language="nl",
            )
        return number

    def say(self, phone: str, *texts: str) -> None:
        """Say this, and have it handled."""
        for said in texts:
            assert self.brain.handle(self.message(phone, said))

    def asked(self) -> str:
        """The phone of the helper who was asked last."""
        with self.database.begin() as session:
            query = select(Contact.phone).join(Ask, Ask.contact_id == Contact.id).where(Ask.topic == TOPIC)
            return session.scalars(query.order_by(Ask.id.desc()).limit(1)).one()

    def counts(self) -> Counts:
        """How much there is of everything that a deed may change."""
        with self.database.begin() as session:
            return {name: [tuple(row) for row in session.execute(text(query))] for name, query in WHAT_COUNTS.items()}

    def killed_at(self, step: int, deed: Callable[[Database], object]) -> bool:
        """Do the deed in a process that kills itself at this step; False when it came to its end before."""
        child = os.fork()
        if child == 0:
            try:
                # A connection of the parent must not be used here, nor closed.
                mine = open_database(self.database.url, Path())
                _kill_at(mine, step)
                self.brain._database = mine
                deed(mine)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _kill_at(database: Database, step: int) -> None:
    done = 0

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def count(*_: object) -> None:
        nonlocal done
        done += 1
        if done == step:
            die()

    if step == AT_COMMIT:
        event.listen(database.engine, "commit", die)
    elif step != AFTER_COMMIT:
        event.listen(database.engine, "before_cursor_execute", count)


@pytest.fixture(scope="module")
def house(database: Database, brain: Brain) -> House:
    return House(database, brain)


def prove(house: House, deed: Callable[[Database], object]) -> tuple[Counts, Counts]:
    """Kill the deed at its steps, then let it happen, twice: before and after."""
    before = house.counts()
    step = 1
    while house.killed_at(step, deed):
        assert house.counts() == before, f"killed before statement {step}"
        step += STRIDE
    # It came to its end before the step: that was the run after the crash.
    after = house.counts()
    assert step > 20 * STRIDE or step > 20, "the deed ran hardly any statement"
    assert after != before
    assert not house.killed_at(AFTER_COMMIT, deed)
    assert house.counts() == after, "done twice"
    return before, after


def handling(number: int, house: House) -> Callable[[Database], object]:
    return lambda _: house.brain.handle(number)


def more(before: Counts, after: Counts, what: str) -> dict[Any, int]:
    """What there is more (or less) of."""
    old = {row[:-1]: row[-1] for row in before[what]}
    new = {row[:-1]: row[-1] for row in after[what]}
    return {key: new.get(key, 0) - old.get(key, 0) for key in {*old, *new} if new.get(key, 0) != old.get(key, 0)}


def test_a_booking(house: House) -> None:
    phone = "+31612000001"
    house.say(phone, "elke maandag om twee uur wandelen", "Anna Klap, Lindelaan 20, 8259 BA", "1")
    number = house.message(phone, "ja")
    assert house.killed_at(AT_COMMIT, handling(number, house))
    before, after = prove(house, handling(number, house))
    assert more(before, after, "series") == {("offered",): 1}
    assert more(before, after, "asks") == {(TOPIC, "open"): 1}
    # The answer to the recipient, and the question to the helper.
    assert after["outbox"][0][0] - before["outbox"][0][0] == 2


def test_an_acceptance(house: House) -> None:
    phone = "+31612000004"
    house.say(phone, "elke donderdag om twee uur wandelen", "Anna Klip, Lindelaan 28, 8259 BA", "1", "ja")
    number = house.message(house.asked(), "ja dat kan")
    assert house.killed_at(AT_COMMIT, handling(number, house))
    before, after = prove(house, handling(number, house))
    assert more(before, after, "series") == {("offered",): -1, ("active",): 1}
    assert set(more(before, after, "visits")) == {("offered",), ("planned",)}
    assert after["outbox"][0][0] - before["outbox"][0][0] == 2


def test_a_refusal(house: House) -> None:
    phone = "+31612000002"
    house.say(phone, "elke dinsdag om twee uur wandelen", "Anna Klop, Lindelaan 22, 8259 BA", "1", "ja")
    number = house.message(house.asked(), "nee dat lukt niet")
    assert house.killed_at(AT_COMMIT, handling(number, house))
    before, after = prove(house, handling(number, house))
    assert more(before, after, "series") == {("offered",): -1, ("declined",): 1}
    assert more(before, after, "asks")[("next_offer", "open")] == 1
    assert after["outbox"][0][0] - before["outbox"][0][0] == 2


def test_the_end_of_the_time(house: House) -> None:
    phone = "+31612000003"
    house.say(phone, "elke woensdag om twee uur wandelen", "Anna Klep, Lindelaan 26, 8259 BA", "1", "ja")
    later = local(BEGIN) + timedelta(days=1, hours=2)

    def keep_up(database: Database) -> int:
        return upkeep.run(database.begin, later)

    before = house.counts()
    step = 1
    while house.killed_at(step, keep_up):
        step += STRIDE
    after = house.counts()
    assert not house.killed_at(AFTER_COMMIT, keep_up)
    assert house.counts() == after, "done twice"
    # Each piece of upkeep has a transaction of its own, so what was done before a kill stays, and is not done again.
    waiting = dict(before["series"])["offered"]
    assert more(before, after, "series") == {("offered",): -waiting, ("declined",): waiting}
    assert more(before, after, "asks")[("next_offer", "open")] == waiting
    assert after["outbox"][0][0] == after["outbox"][0][1] or None in after["outbox"][0]
