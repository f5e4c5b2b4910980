"""Throw mutated bodies at the doors: `python -m benchmarks.fuzz_doors [--count 100000] [--seed 1]`.

Recorded bodies are bent, byte by byte and field by field, and sent without a signature, with an old one, with nonsense
and with the right one: to Twilio's messages, news and calls, to Telegram's updates, and to the forms of the page, whose
signatures are its cookie and token. None may end in an error of ours (5xx), and none without the right signature may be
stored. What came of each door is told apart.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text as sql

from benchmarks.fuzz_shots import KEY, LANGUAGE, PUBLIC, SAY, SECRET, TOKEN, Shot, Shots
from bot.doors.opening import open_doors
from bot.gateway import Gateway, create_app
from bot.settings import Settings, Telegram, Twilio
from bot.web.limits import RateLimit, Refusals
from care.clock import Clock
from care.database import Database, open_database

_ALLOWED = frozenset({200, 202, 204, 303, 400, 403, 404, 413, 422})
_REFUSED = frozenset({403, 413})
_REFUSED_BY_PAGE = frozenset({400, 403, 413, 422})


@dataclass
class Tally:
    """What came of it: answers by status, messages stored, and what should not have been."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    by_door: dict[str, Counter[int]] = field(default_factory=dict)
    stored: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def settings(data: Path) -> Settings:
    """An installation with every text door open; nothing is ever sent from it."""
    return Settings(
        data=data,
        cache=data,
        public_url=PUBLIC,
        twilio=Twilio("ACfuzz", TOKEN, "+31201234567", "+31207654321", "+31850000001"),
        telegram=Telegram("1:fuzz", SECRET, "http://127.0.0.1:9"),
    )


def run(database: Database, data: Path, count: int, seed: int) -> Tally:
    """Throw `count` bodies at the doors of an installation on `database`."""
    clock = Clock()
    doors = open_doors(settings(data), database, clock, KEY)
    assert doors.reception is not None
    assert doors.voice is not None
    # Nobody is too fast here, nor refused too often: what is behind the limits is what is to be tried. And there is no
    # brain for which a call or a page could wait.
    boundless = RateLimit(burst=10**9, per_minute=10**9)
    doors.reception.said_limit = boundless
    doors.voice.answer_within = 0.0
    if doors.telegram is not None:
        setattr(doors.telegram, "call", _nobody_there)  # noqa: B010 - in place of a method
    refusals = Refusals(burst=10**9)
    gateway = Gateway(database, clock, KEY, PUBLIC, lambda: False, boundless, boundless, refusals, doors)
    app = create_app(gateway)
    tally = Tally()
    started = time.monotonic()
    try:
        asyncio.run(_fire(app, database, Shots(seed), count, tally))
    finally:
        doors.close()
    tally.seconds = time.monotonic() - started
    return tally


def _nobody_there(call: Coroutine[Any, Any, Any], *_: Any) -> None:
    """Telegram is not called from here: waiting in vain for each press would take hours."""
    call.close()
    raise TimeoutError


async def _fire(app: Any, database: Database, shots: Shots, count: int, tally: Tally) -> None:
    before = stored = _stored(database)
    for number in range(count):
        shot = shots.forged() if number < count // 2 else shots.genuine()
        status = await _call(app, shot)
        tally.sent += 1
        tally.statuses[status] += 1
        tally.by_door.setdefault(shot.path.partition("?")[0], Counter())[status] += 1
        if status not in _ALLOWED:
            tally.wrong.append(f"{status} for {shot.path} {shot.body[:200]!r}")
        refused = _REFUSED_BY_PAGE if shot.path in (SAY, LANGUAGE) else _REFUSED
        if not shot.genuine and status not in refused:
            tally.wrong.append(f"{status} without the right signature for {shot.path} {shot.body[:200]!r}")
        if number == count // 2 - 1 and (stored := _stored(database)) != before:
            tally.wrong.append(f"{stored - before} messages were stored without the right signature")
    tally.stored = _stored(database) - stored


def _stored(database: Database) -> int:
    with database.begin() as session:
        return int(session.scalar(sql("SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM deliveries)")))


async def _call(app: Any, shot: Shot) -> int:
    """The status of the answer to a request, given to the application directly."""
    path, _, query = shot.path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("utf-8")) for name, value in shot.headers.items()],
        "client": ("192.0.2.1", 1234),
        "server": ("127.0.0.1", 8000),
    }
    statuses: list[int] = []
    pending = [{"type": "http.request", "body": shot.body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return pending.pop() if pending else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    try:
        await app(scope, receive, send)
    except Exception as error:
        print(f"{type(error).__name__}: {error}"[:300], file=sys.stderr)
        return 500
    return statuses[0] if statuses else 500


def main() -> int:
    """Fuzz with a database of its own; status 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description="Throw mutated bodies at the doors.")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    # What the doors say of each bent body is of no use here; what goes wrong is counted.
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="thuisbel-fuzz-") as folder:
        database = open_database(None, Path(folder))
        tally = run(database, Path(folder), options.count, options.seed)
        database.close()
    print(f"{tally.sent} requests in {tally.seconds:.0f} s, {tally.stored} stored, {dict(tally.statuses)}")
    for door, statuses in sorted(tally.by_door.items()):
        print(f"  {door}: {dict(sorted(statuses.items()))}")
    for wrong in tally.wrong[:20]:
        print(wrong)
    print(f"{len(tally.wrong)} went wrong")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
