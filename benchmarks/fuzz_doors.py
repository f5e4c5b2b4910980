"""Throw mutated bodies at the doors: `python -m benchmarks.fuzz_doors [--count 100000] [--seed 1]`.

Recorded bodies are bent, byte by byte and field by field, and sent without a signature, with an old one, with nonsense
and with the right one: to Twilio's messages, news and calls, to Telegram's updates, and to the forms of the page, whose
signatures are its cookie and token. None may end in an error of ours (5xx), and none without the right signature may be
stored. What came of each door is told apart.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from itsdangerous import URLSafeSerializer
from sqlalchemy import text as sql
from twilio.request_validator import RequestValidator

from bot.doors.opening import open_doors
from bot.gateway import Gateway, create_app
from bot.settings import ROOT, Settings, Telegram, Twilio
from bot.web.cookies import Cookies
from bot.web.limits import RateLimit, Refusals
from bot.web.visitors import COOKIE, Visitor, Visitors
from care.clock import Clock
from care.database import Database, open_database

PUBLIC = "https://fuzz.example"
TOKEN, SECRET = "token-of-the-fuzz", "secret-of-the-fuzz"
MESSAGES, STATUS, TELEGRAM = "/channels/twilio/messages", "/channels/twilio/status", "/channels/telegram"
VOICE, SAY, LANGUAGE = "/channels/twilio/voice", "/say", "/language"
KEY = "a key for the fuzz only"
RECORDED = ROOT / "tests" / "data" / "doors"
_ALLOWED = frozenset({200, 202, 204, 303, 400, 403, 404, 413, 422})
_REFUSED = frozenset({403, 413})
_REFUSED_BY_PAGE = frozenset({400, 403, 413, 422})
_NASTY = (
    "",
    " ",
    "\0",
    "'",
    '"',
    "%00",
    "+",
    "é",
    "\u202e",
    "🙂" * 20,
    "-1",
    "9" * 400,
    "NaN",
    "null",
    "[]",
    "{}",
    "/restart",
    "'; DROP TABLE inbox; --",
    "x" * 20_000,
    "+31612345678",
    "whatsapp:+31612345678",
    "whatsapp:",
    "STOP",
    "koppel",
    "123456",
)
_STEPS = ("0", "1", "2", "499", "501", "-1", "x", "", "²", "1" * 50, "notice:1", "'", "a" * 300)
_ASKED = ("wait", "about", "dialled", "step", "x")
_NASTY_JSON = (None, True, False, 0, -1, 10**30, 1.5, "", "\ud800", "\0", [], {}, [[]], "x" * 5000, {"id": {}}, "STOP")


@dataclass
class Tally:
    """What came of it: answers by status, messages stored, and what should not have been."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    by_door: dict[str, Counter[int]] = field(default_factory=dict)
    stored: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Shot:
    """One request. `genuine` is whether its signature is right."""

    path: str
    headers: dict[str, str]
    body: bytes
    genuine: bool


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


class Shots:
    """Makes requests out of the recorded ones, always the same for a seed."""

    def __init__(self, seed: int) -> None:
        """Load what was recorded."""
        self._random = random.Random(seed)  # noqa: S311 - the same every time
        self._forms = [(MESSAGES, row["form"]) for row in _rows("twilio_messages")]
        self._forms += [(STATUS, row["form"]) for row in _rows("twilio_status")]
        self._forms += [(VOICE + row["query"], row["form"]) for row in _rows("twilio_voice")]
        self._updates = [row["update"] for row in _rows("telegram")]
        self._pages = PageShots(self._random, self._bent)
        self._sign: Callable[..., str] = RequestValidator(TOKEN).compute_signature

    def forged(self) -> Shot:
        """A bent body without the right signature."""
        if self._random.random() < 0.15:
            return self._pages.forged()
        if self._random.random() < 0.3:
            secret = self._random.choice(["", "x", SECRET[:-1], SECRET.upper(), SECRET + " x", "é"])
            body = self._bent(json.dumps(self._bent_update()).encode())
            return Shot(TELEGRAM, {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}, body, False)
        path, form = self._random.choice(self._forms)
        old = self._sign(PUBLIC + path, form)
        changed = {**self._bent_form(form), "Body": f"{self._random.random()}"}
        body = self._bent(urlencode(changed, errors="replace").encode())
        given = self._random.choice(
            [None, "", old, old[:-2], "x" * 28, self._sign("https://evil.example" + path, form)]
        )
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return Shot(path, headers if given is None else {**headers, "X-Twilio-Signature": given}, body, False)

    def genuine(self) -> Shot:
        """A bent body with the right signature: what Twilio, Telegram or a browser might send on a strange day."""
        if self._random.random() < 0.15:
            return self._pages.genuine()
        if self._random.random() < 0.4:
            body = json.dumps(self._bent_update()).encode()
            if self._random.random() < 0.2:
                body = self._bent(body)
            return Shot(TELEGRAM, {"X-Telegram-Bot-Api-Secret-Token": SECRET}, body, True)
        path, form = self._random.choice(self._forms)
        if path == STATUS and self._random.random() < 0.7:
            path += f"?of={self._random.choice(['1.0', '2.7', '99999.0', 'x', '', '1', '-1.0', '9' * 40])}"
        if path.startswith(VOICE) and self._random.random() < 0.5:
            query = {"step": self._random.choice(_STEPS), self._random.choice(_ASKED): self._random.choice(_STEPS)}
            path = f"{VOICE}?{urlencode(query)}"
        bent = {name: value.encode("utf-8", "replace").decode() for name, value in self._bent_form(form).items()}
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": self._sign(PUBLIC + path, bent),
        }
        return Shot(path, headers, urlencode(bent).encode(), True)

    def _bent_form(self, form: dict[str, str]) -> dict[str, str]:
        bent = dict(form)
        for _ in range(self._random.randint(1, 4)):
            name = self._random.choice(list(bent) or ["Body"])
            what = self._random.randrange(5)
            if what == 0:
                bent.pop(name, None)
            elif what == 1:
                bent[name] = self._random.choice(_NASTY)
            elif what == 2:
                bent[name] = self._random.choice(list(form.values()))
            elif what == 3:
                bent[self._random.choice(_NASTY)[:30]] = self._random.choice(_NASTY)
            else:
                bent["MessageSid"] = f"SM{self._random.randrange(10**9):032d}"
                bent["CallSid"] = f"CA{self._random.randrange(10**9):032d}"
                bent["From"] = f"+316{self._random.randrange(10**8):08d}"
        return bent

    def _bent_update(self) -> Any:
        update = json.loads(json.dumps(self._random.choice(self._updates)))
        update["update_id"] = self._random.randrange(10**9)
        for _ in range(self._random.randint(0, 3)):
            places = list(_places(update))
            if not places:
                return update
            holder, place = self._random.choice(places)
            if isinstance(holder, dict) and self._random.random() < 0.3:
                del holder[place]
            else:
                holder[place] = deepcopy(self._random.choice(_NASTY_JSON))
        return update

    def _bent(self, body: bytes) -> bytes:
        bent = bytearray(body)
        for _ in range(self._random.randint(0, 5)):
            place = self._random.randrange(len(bent) + 1)
            what = self._random.randrange(4)
            if what == 0 and bent:
                bent[place % len(bent)] = self._random.randrange(256)
            elif what == 1:
                bent[place:place] = self._random.randbytes(self._random.randint(1, 8))
            elif what == 2:
                del bent[place : place + self._random.randint(1, 30)]
            else:
                bent[place:place] = bent[: self._random.randint(0, 50)]
        return bytes(bent)


class PageShots:
    """The forms of the page, with and without what proves that they are sent from it."""

    def __init__(self, chance: random.Random, bend: Callable[[bytes], bytes]) -> None:
        """Make two visitors, so that one can use what is the other's."""
        self._random = chance
        self._bend = bend
        self._visitors = Visitors(KEY, Cookies(PUBLIC))
        self._cookies = URLSafeSerializer(KEY, salt="thuisbel.web.visitor")
        self._ours, self._other = Visitor("f" * 32), Visitor("g" * 32, "en")

    def genuine(self) -> Shot:
        """A strange form from our own page."""
        fields = {"token": self._visitors.token(self._ours), **self._fields()}
        return self._shot(fields, self._cookie(self._ours), {"origin": PUBLIC}, genuine=True)

    def forged(self) -> Shot:
        """A form that lacks one thing that our own page would have sent."""
        fields, cookie = self._fields(), self._cookie(self._ours)
        headers = {"origin": PUBLIC}
        token = self._visitors.token(self._ours)
        match self._random.randrange(6):
            case 0:
                token = self._random.choice(["", "x", token[:-1], self._visitors.token(self._other)])
            case 1:
                cookie = self._random.choice([None, "", "x", cookie[:-2], self._cookie(self._other)])
            case 2:
                headers = {"origin": self._random.choice(["https://evil.example", "null", "http://fuzz.example.evil"])}
            case 3:
                headers["sec-fetch-site"] = self._random.choice(["cross-site", "same-site", "é"])
            case 4:
                token = Visitors("another key than ours", Cookies(PUBLIC)).token(self._ours)
            case _:
                cookie = str(URLSafeSerializer("another", salt="thuisbel.web.visitor").dumps({"id": self._ours.id}))
        return self._shot({**fields, "token": token}, cookie, headers, genuine=False)

    def _fields(self) -> dict[str, str]:
        values = {"message_id": f"id-{self._random.randrange(10**9):09d}", "text": "iemand voor een uurtje"}
        for _ in range(self._random.randint(0, 3)):
            name = self._random.choice(["message_id", "text", "choice", "language", self._random.choice(_NASTY)[:20]])
            values[name] = self._random.choice(_NASTY)
        return {name: value for name, value in values.items() if name != "token"}

    def _cookie(self, visitor: Visitor) -> str:
        return str(self._cookies.dumps({"id": visitor.id, "language": visitor.language}))

    def _shot(self, fields: dict[str, str], cookie: str | None, headers: dict[str, str], *, genuine: bool) -> Shot:
        body = urlencode(fields, errors="replace").encode()
        kind = "application/x-www-form-urlencoded"
        if self._random.random() < 0.1:
            kind = self._random.choice(["multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ""])
        if not genuine:
            body = self._bend(body)
        elif kind != "application/x-www-form-urlencoded":
            # Without a form there is no token in it.
            genuine = False
        sent = {"content-type": kind, "accept": "application/json", **headers}
        if cookie is not None:
            sent["cookie"] = f"{COOKIE}={cookie}"
        return Shot(self._random.choice([SAY, SAY, LANGUAGE]), sent, body, genuine)


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (RECORDED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _places(tree: Any) -> Any:
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
        yield tree, key
        if isinstance(tree[key], (dict, list)):
            yield from _places(tree[key])


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
