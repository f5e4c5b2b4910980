"""Many recipients at once for the same helper's hour, from several processes, on a real PostgreSQL.

    python -m benchmarks.races [--rounds 200] [--rivals 50] [--processes 4]

Every round one of the rivals must get the helper, and all others must be offered somebody else.
"""

from __future__ import annotations

import argparse
import tempfile
import time as stopwatch
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from care.booking import SlotTaken, book, undo
from care.clock import TZ
from care.database import Database, open_database
from care.matching import Offer
from care.models import (
    Address,
    Availability,
    Contact,
    Helper,
    HelperService,
    Proof,
    Recipient,
    Series,
    Visit,
)
from care.needs import Need
from care.offers import offers_for

NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)
NEED = {
    "service": "companionship",
    "rrule": "FREQ=WEEKLY;BYDAY=TU",
    "dtstart": "2026-11-24",
    "times": ["09:00"],
    "duration_minutes": 60,
}
LATITUDE, LONGITUDE = 52.45, 5.69
GUN = 0x72616365
"""The advisory lock for which all rivals wait: taken from the starter's hand, they begin together."""
LONGEST_WAIT_SECONDS = 30.0


@dataclass(frozen=True)
class Round:
    """What came of one round: who got the helper, who was offered somebody else, and anything else that happened."""

    won: int
    offered_another: int
    others: tuple[str, ...]
    overlapping: int

    def as_it_should(self, rivals: int) -> bool:
        """Whether one won, all others were offered another, and nobody was booked twice."""
        return (self.won, self.offered_another, self.others, self.overlapping) == (1, rivals - 1, (), 0)


def make_recipients(database: Database, count: int) -> list[int]:
    """The ids of new recipients who live in the same street."""
    with database.begin() as session:
        found = []
        for number in range(1, count + 1):
            contact = Contact(phone=f"+3197{number:09d}", language="nl", roles=["recipient"], created=NOW)
            address = Address(
                street="Lindelaan",
                number=str(number),
                postcode="8259 BA",
                town="Merelwoude",
                latitude=LATITUDE,
                longitude=LONGITUDE,
            )
            session.add_all([contact, address])
            session.flush()
            recipient = Recipient(contact_id=contact.id, name=f"Rival {number}", address_id=address.id, created=NOW)
            session.add(recipient)
            session.flush()
            found.append(recipient.id)
        return found


def make_helper(session: Any, name: str, first: time, last: time) -> Helper:
    """A volunteer who can come on Tuesdays between these local times."""
    contact = Contact(phone=None, name=name, language="nl", roles=["helper"], created=NOW)
    session.add(contact)
    session.flush()
    helper = Helper(
        contact_id=contact.id,
        kind="volunteer",
        gender="female",
        languages=["nl"],
        latitude=LATITUDE,
        longitude=LONGITUDE,
        max_distance_m=5000,
    )
    session.add(helper)
    session.flush()
    session.add(HelperService(helper_id=helper.id, service="companionship"))
    session.add(Proof(helper_id=helper.id, kind="vog", number=None, valid_from=date(2020, 1, 1), expires=None))
    session.add(Availability(helper_id=helper.id, weekday=1, start=first, end=last))
    session.flush()
    return helper


@lru_cache(maxsize=2)
def _database(url: str) -> Database:
    return open_database(url, Path())


def is_open(url: str) -> bool:
    """Open the database in this process, before the clock of any statement runs."""
    with _database(url).begin() as session:
        return bool(session.scalar(select(True)))


def rivals_of_a_process(url: str, recipients: Sequence[int], offer: dict[str, Any], key: str) -> list[str]:
    """What became of these recipients, each in a thread: `won`, `another`, or the name of what went wrong."""
    database = _database(url)
    with ThreadPoolExecutor(len(recipients)) as pool:
        return list(pool.map(lambda one: _rival(database, one, offer, key), recipients))


def _rival(database: Database, recipient_id: int, offer: dict[str, Any], key: str) -> str:
    need = Need.from_json(NEED)
    try:
        with database.begin() as session:
            recipient = session.get(Recipient, recipient_id)
            session.execute(text("SELECT pg_advisory_xact_lock_shared(:gun)"), {"gun": GUN})
            try:
                book(
                    session,
                    recipient=recipient,
                    requested_by=recipient.contact,
                    need=need,
                    offer=Offer.from_json(offer),
                    request_key=f"{key}:{recipient_id}",
                    now=NOW,
                    offered=True,
                )
            except SlotTaken:
                asked = offer["helper_id"]
                found = offers_for(session, recipient, need, NOW, exclude_helpers=[asked])
                return "another" if found and all(one.helper_id != asked for one in found) else "nobody"
            return "won"
    except Exception as error:
        return type(error).__name__


def run_round(
    database: Database, processes: Sequence[ProcessPoolExecutor], recipients: Sequence[int], name: str
) -> Round:
    """Let all recipients ask for the hour of a new helper at once; another helper is free for the rest of the day."""
    with database.begin() as session:
        wanted = make_helper(session, f"Wanted {name}", time(9), time(10))
        offer = next(
            one
            for one in offers_for(session, session.get(Recipient, recipients[0]), Need.from_json(NEED), NOW, limit=50)
            if one.helper_id == wanted.id
        )
    with starting_gun(database, len(recipients)):
        futures = [
            process.submit(
                rivals_of_a_process, database.url, recipients[first :: len(processes)], offer.to_json(), name
            )
            for first, process in enumerate(processes)
        ]
    results = Counter(result for future in futures for result in future.result())
    with database.begin() as session:
        overlapping = _overlapping(session, wanted.id)
        session.get(Helper, wanted.id).active = False
        for series in session.scalars(select(Series).where(Series.helper_id == wanted.id)):
            undo(session, [series.id], session.get(Contact, series.created_by_id), NOW)
    others = tuple(result for result in results.elements() if result not in ("won", "another"))
    return Round(results["won"], results["another"], others, overlapping)


@contextmanager
def starting_gun(database: Database, rivals: int) -> Iterator[None]:
    """Hold the lock until all rivals wait for it."""
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:gun)"), {"gun": GUN})
        connection.commit()
        yield
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :gun AND NOT granted")
        until = stopwatch.monotonic() + LONGEST_WAIT_SECONDS
        while connection.scalar(waiting, {"gun": GUN}) < rivals:
            connection.commit()
            if stopwatch.monotonic() > until:
                raise TimeoutError("not all rivals came to the start")
            stopwatch.sleep(0.01)
        connection.execute(text("SELECT pg_advisory_unlock(:gun)"), {"gun": GUN})
        connection.commit()


def _overlapping(session: Any, helper_id: int) -> int:
    """How many pairs of visits would have the helper in two places."""
    one, other = Visit.__table__.alias(), Visit.__table__.alias()
    query = select(func.count()).where(
        one.c.helper_id == helper_id,
        other.c.helper_id == helper_id,
        one.c.id < other.c.id,
        one.c.starts < other.c.ends,
        other.c.starts < one.c.ends,
    )
    return int(session.scalar(query))


def race(database: Database, *, rounds: int, rivals: int, processes: int) -> Iterator[Round]:
    """Run the rounds one after the other."""
    recipients = make_recipients(database, rivals)
    with database.begin() as session:
        make_helper(session, "Another", time(8), time(18))
    with ExitStack() as stack:
        pools = [stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn"))) for _ in range(processes)]
        for opened in [pool.submit(is_open, database.url) for pool in pools]:
            assert opened.result()
        for number in range(rounds):
            yield run_round(database, pools, recipients, str(number))


def main() -> None:
    """Run the race and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--rivals", type=int, default=50)
    parser.add_argument("--processes", type=int, default=4)
    options = parser.parse_args()
    begun = stopwatch.monotonic()
    with tempfile.TemporaryDirectory(prefix="thuisbel-races-") as folder:
        database = open_database(None, Path(folder))
        rounds = list(race(database, rounds=options.rounds, rivals=options.rivals, processes=options.processes))
        database.close()
    good = sum(one.as_it_should(options.rivals) for one in rounds)
    print(f"{options.rounds} rounds of {options.rivals} rivals in {options.processes} processes:")
    print(f"  exactly one got the helper, all others were offered another: {good} of {options.rounds}")
    print(f"  got the helper:     {sum(one.won for one in rounds)}")
    print(f"  offered another:    {sum(one.offered_another for one in rounds)}")
    print(f"  overlapping visits: {sum(one.overlapping for one in rounds)}")
    print(f"  anything else:      {dict(Counter(what for one in rounds for what in one.others))}")
    print(f"  seconds a round:    {(stopwatch.monotonic() - begun) / options.rounds:.2f}")
    raise SystemExit(good != options.rounds)


if __name__ == "__main__":
    main()
