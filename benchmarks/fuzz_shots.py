"""Requests bent out of recorded ones, for `benchmarks.fuzz_doors`: always the same for a seed, and each knows whether
its signature is right.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from itsdangerous import URLSafeSerializer
from twilio.request_validator import RequestValidator

from bot.settings import ROOT
from bot.web.cookies import Cookies
from bot.web.visitors import COOKIE, Visitor, Visitors

PUBLIC = "https://fuzz.example"
TOKEN, SECRET = "token-of-the-fuzz", "secret-of-the-fuzz"
MESSAGES, STATUS, TELEGRAM = "/channels/twilio/messages", "/channels/twilio/status", "/channels/telegram"
VOICE, SAY, LANGUAGE = "/channels/twilio/voice", "/say", "/language"
KEY = "a key for the fuzz only"
RECORDED = ROOT / "tests" / "data" / "doors"
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


@dataclass(frozen=True)
class Shot:
    """One request. `genuine` is whether its signature is right."""

    path: str
    headers: dict[str, str]
    body: bytes
    genuine: bool


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
