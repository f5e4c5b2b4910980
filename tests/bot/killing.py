"""Killing a process with -9 at every step of a deed: what the crash tests share.

A process is forked for every step: it does the deed, and kills itself right before its n-th statement, at the commit,
or right after it. The steps are all statements that the deed runs, whatever they are.
"""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, text

from bot.brain import Brain
from care import inbox
from care.clock import local
from care.database import Database, open_database
from care.models import Ask, Contact

BEGIN = datetime(2026, 11, 23, 9)
STRIDE = int(os.environ.get("CRASH_STRIDE", "5"))
"""Every so manieth step in the suite; CRASH_STRIDE=1 kills at every one."""
AT_COMMIT, AFTER_COMMIT = -1, -2
WHAT_COUNTS = {
    "series": "SELECT status, count(*) FROM series GROUP BY 1 ORDER BY 1",
    "visits": "SELECT status, count(*) FROM visits GROUP BY 1 ORDER BY 1",
    "asks": "SELECT topic, status, count(*) FROM asks GROUP BY 1, 2 ORDER BY 1, 2",
    "searches": "SELECT status, count(*) FROM substitutions GROUP BY 1 ORDER BY 1",
    "absences": "SELECT count(*) FROM absences",
    "outbox": "SELECT count(*), count(DISTINCT key) FROM outbox",
    "audit": "SELECT what, count(*) FROM audit GROUP BY 1 ORDER BY 1",
}
_WRITTEN = (
    "SELECT c.phone, o.kind, o.template->>'name' FROM outbox o JOIN contacts c ON c.id = o.contact_id"
    " WHERE o.id > :since ORDER BY o.id"
)
Counts = dict[str, list[tuple[Any, ...]]]


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

    def asked(self, *topics: str) -> str:
        """The phone of who was asked last about one of these topics."""
        with self.database.begin() as session:
            query = select(Contact.phone).join(Ask, Ask.contact_id == Contact.id).where(Ask.topic.in_(topics))
            return session.scalars(query.order_by(Ask.id.desc()).limit(1)).one()

    def written(self, since: int = 0) -> list[tuple[str, str]]:
        """What was written since a row of the outbox: to which phone, and by which text of the domain (or a reply)."""
        with self.database.begin() as session:
            rows = session.execute(text(_WRITTEN), {"since": since}).all()
        return [(phone, key if kind != "reply" else kind) for phone, kind, key in rows]

    def last_written(self) -> int:
        """The newest row of the outbox."""
        with self.database.begin() as session:
            return session.scalar(text("SELECT coalesce(max(id), 0) FROM outbox"))

    def phone_of(self, name: str) -> str:
        """The phone of a person of the demo."""
        with self.database.begin() as session:
            return session.scalars(select(Contact.phone).where(Contact.name == name)).one()

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
