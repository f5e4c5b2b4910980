"""Webhooks and turns under load, beside the bot that `rasa init` makes: `python -m benchmarks.load`, or `make bench`.

Both are servers in a process of their own on this machine and get the same messages from the same number of senders, in
turn, several times; while one is measured the other has nothing to do.

- *Turns, as many as it can*: a burst of messages, and how long it takes until all are answered. Ours takes them as
  Twilio's signed webhooks, and a turn is done when its reply is committed in the outbox; meanwhile the courier sends
  the replies to a Twilio that is not the real one, which calls back. The other's are requests to Rasa's REST channel.
- *Turns at a rate it can hold*: as many per second as SHARE of that, at fixed moments, and how long each reply took
  from the moment at which its message was due to be sent.
- *Accepting while the brain is saturated*: webhooks at RATE a second, at fixed moments, with more turns waiting than
  can be done; then as many as are taken, `at once` at a time. Counted from when each was due to Twilio's answer.

The client is one process of ordinary priority that sends bytes made up beforehand; what it used of the processor itself
is told beside the rest. The Twilio that is not the real one runs at the lowest priority.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from benchmarks import load_servers
from benchmarks.load_client import Answers, Client, Request, post
from benchmarks.load_servers import Server
from benchmarks.stock import TALK
from benchmarks.turns import MESSAGES, STOCK
from tests.doors import fake_twilio

SHARE = 0.7
RATE = 300
AT_ONCE = 32
PATH = "/channels/twilio/messages"
REST_PATH = "/webhooks/rest/webhook"
# What answers a question, and what holds figures: the door looks closer at those.
SHORT = ("ja", "1", "om 10 uur", "morgen")
_people = itertools.count(10_000_000)
_messages = itertools.count(1)


def webhooks(server: Server, count: int, texts: Sequence[str]) -> list[Request]:
    """Signed webhooks of people nobody knows yet, each of whom says all the texts, one after the other."""
    sign = RequestValidator(fake_twilio.TOKEN).compute_signature
    host = f"127.0.0.1:{server.port}"
    made = []
    for text, phone in _talks(count, texts):
        sid = f"SM{next(_messages):032x}"
        form = {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": fake_twilio.SID,
            "From": f"+316{phone}",
            "To": fake_twilio.SMS_FROM,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
            "FromCountry": "NL",
        }
        headers = [
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
            ("x-twilio-signature", sign(f"http://{host}{PATH}", form)),
        ]
        made.append(post(host, PATH, sid, urlencode(form).encode(), headers))
    return made


def questions(server: Server, count: int, texts: Sequence[str]) -> list[Request]:
    """The same for Rasa's REST channel."""
    host = f"127.0.0.1:{server.port}"
    headers = [("content-type", "application/json")]
    return [
        post(host, REST_PATH, str(next(_messages)), json.dumps({"sender": phone, "message": text}).encode(), headers)
        for text, phone in _talks(count, texts)
    ]


def _talks(count: int, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Text and sender of `count` messages: everybody's first, then everybody's second, and so on."""
    assert len(texts) <= TALK
    people = [str(next(_people)) for _ in range(math.ceil(count / len(texts)))]
    return itertools.islice(((text, phone) for text in texts for phone in people), count)


@dataclass
class Turns:
    """Turns done: how many in a second, and how long each took (milliseconds, sorted)."""

    per_second: float
    took: list[float]
    cpu: float
    database_cpu: float
    client_cpu: float


async def burst(server: Server, count: int) -> Turns:
    """So many messages at once, and all their turns."""
    return await _turns(server, count, None)


async def steady(server: Server, per_second: float, seconds: float) -> Turns:
    """Messages at fixed moments, and their turns."""
    return await _turns(server, int(per_second * seconds), per_second)


async def _turns(server: Server, count: int, per_second: float | None) -> Turns:
    make = webhooks if server.url else questions
    requests = make(server, count, MESSAGES)
    client = Client("127.0.0.1", server.port)
    cpu, database_cpu = server.cpu(), server.database_cpu()
    if per_second is None:
        answers = await client.pressed(requests, 8)
    else:
        answers = await client.paced(requests, per_second)
    _all_well(answers, count)
    done = await _committed(server, answers) if server.url else answers.answered
    client.close()
    took = sorted((done[mark] - answers.due[mark]) * 1000 for mark in done)
    seconds = max(done.values()) - min(answers.due.values())
    used = (server.cpu() - cpu, server.database_cpu() - database_cpu, answers.own_cpu)
    return Turns(count / seconds, took, *(one / seconds for one in used))


def _all_well(answers: Answers, count: int) -> None:
    if answers.statuses != {200: count}:
        raise SystemExit(f"Not all were taken: {dict(answers.statuses)} of {count}.")


async def _committed(server: Server, answers: Answers) -> dict[str, float]:
    """When the turn of each message was committed, with its reply; waits until all are."""
    marks = list(answers.due)
    end = time.monotonic() + 300
    while server.ask("SELECT count(*) FROM inbox WHERE handled IS NULL")[0][0]:
        if time.monotonic() > end:
            raise SystemExit("The turns are not done within five minutes.")
        await asyncio.sleep(0.25)
    unanswered = (
        "SELECT count(*) FROM inbox WHERE outside_id = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM outbox WHERE in_reply_to = inbox.id)"
    )
    if lost := server.ask(unanswered, marks)[0][0]:
        raise SystemExit(f"{lost} messages got no reply.")
    query = (
        "SELECT outside_id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 FROM inbox"
        " WHERE outside_id = ANY(%s)"
    )
    return dict(server.ask(query, marks))


@dataclass
class Accepting:
    """Webhooks accepted while the brain had more to do than it could."""

    answers: Answers
    turns: int
    waiting: tuple[int, int]
    cpu: float
    database_cpu: float


async def accepting(server: Server, per_second: float | None, seconds: float) -> Accepting:
    """Accept at fixed moments, or as many as are taken, while turns wait."""
    count = int((per_second or 3000) * seconds)
    requests = webhooks(server, count, MESSAGES + SHORT)
    client = Client("127.0.0.1", server.port)
    begin = _waiting(server)
    turns, cpu, database_cpu = _turns_done(server), server.cpu(), server.database_cpu()
    if per_second is None:
        answers = await client.pressed(requests, AT_ONCE, seconds)
    else:
        answers = await client.paced(requests, per_second)
    client.close()
    _all_well(answers, len(answers.answered))
    stored = server.ask("SELECT count(*) FROM inbox WHERE outside_id = ANY(%s)", list(answers.answered))[0][0]
    if stored != len(answers.answered):
        raise SystemExit(f"{len(answers.answered)} were accepted and {stored} stored.")
    return Accepting(
        answers,
        _turns_done(server) - turns,
        (begin, _waiting(server)),
        (server.cpu() - cpu) / answers.seconds,
        (server.database_cpu() - database_cpu) / answers.seconds,
    )


def _waiting(server: Server) -> int:
    return int(server.ask("SELECT count(*) FROM inbox WHERE handled IS NULL")[0][0])


def _turns_done(server: Server) -> int:
    return int(server.ask("SELECT count(*) FROM inbox WHERE handled IS NOT NULL")[0][0])


def at(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies; `values` are sorted."""
    return values[min(len(values) - 1, int(len(values) * share))]


async def measure(ours: Server, other: Server, rounds: int, seconds: float, size: int) -> None:
    """Measure and print."""
    for server in (ours, other):
        await burst(server, len(MESSAGES) * 2)
    ratios, capacity = [], dict[str, list[float]]()
    print(f"Turns, as many as it can ({size} messages of {math.ceil(size / len(MESSAGES))} people)")
    for number in range(rounds):
        pair = [await burst(server, size) for server in (ours, other)]
        for server, turns in zip((ours, other), pair, strict=True):
            capacity.setdefault(server.name, []).append(turns.per_second)
            _print_turns(server, turns)
        ratios.append(pair[0].per_second / pair[1].per_second)
        print(f"  round {number + 1}: ours / rasa init = {ratios[-1]:.2f}")
    print(f"  median of {rounds}: {statistics.median(ratios):.2f} (goal: 2.5)\n")
    print(f"Turns at {SHARE:.0%} of that, for {seconds:.0f} s")
    for server in (ours, other):
        _print_turns(server, await steady(server, statistics.median(capacity[server.name]) * SHARE, seconds))
    print("\nAccepting while the brain is saturated")
    client = Client("127.0.0.1", ours.port)
    _all_well(await client.pressed(webhooks(ours, size, MESSAGES), 8), size)
    client.close()
    for _ in range(rounds):
        _print_accepting(f"at {RATE}/s", await accepting(ours, RATE, seconds))
    _print_accepting(f"{AT_ONCE} at once", await accepting(ours, None, seconds / 2))
    print("  (goal at 300/s: p99 at most 100 ms)")


def _print_turns(server: Server, turns: Turns) -> None:
    p50, p99 = at(turns.took, 0.5), at(turns.took, 0.99)
    print(
        f"  {server.name:14} {turns.per_second:6.1f} turns/s   p50 {p50:8.1f} ms   p99 {p99:8.1f} ms   processors:"
        f" {turns.cpu:.2f} server, {turns.database_cpu:.2f} database, {turns.client_cpu:.2f} client"
    )


def _print_accepting(name: str, found: Accepting) -> None:
    took = found.answers.milliseconds()
    print(
        f"  {name:12} {found.answers.per_second:6.1f}/s   p50 {at(took, 0.5):6.1f} ms   p99 {at(took, 0.99):6.1f} ms  "
        f" most {took[-1]:6.1f} ms   turns meanwhile {found.turns / found.answers.seconds:.1f}/s, waiting"
        f" {found.waiting[0]} to {found.waiting[1]}   processors: {found.cpu:.2f} server, {found.database_cpu:.2f}"
        f" database, {found.answers.own_cpu / found.answers.seconds:.2f} client"
    )


def main() -> None:
    """Start both, measure, stop both."""
    parser = argparse.ArgumentParser(
        description="Webhooks and turns under load, beside the bot that `rasa init` makes."
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20, help="of each measurement at a rate; default: 20")
    parser.add_argument("--size", type=int, default=600, help="messages of a burst; default: 600")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="thuisbel-load-") as data,
        load_servers.thuisbel(Path(data)) as ours,
        load_servers.stock(STOCK) as other,
    ):
        asyncio.run(measure(ours, other, options.rounds, options.seconds, options.size))


if __name__ == "__main__":
    main()
