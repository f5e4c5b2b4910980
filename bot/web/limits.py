"""Limits on what the outside may ask of us."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from time import monotonic

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body; a message of the longest kind takes a quarter of it."""


class RateLimit:
    """At most `burst` at once from one address, and `per_minute` in the long run; kept in memory."""

    _MOST_ADDRESSES = 20_000

    def __init__(self, burst: int, per_minute: float, time: Callable[[], float] = monotonic) -> None:
        """`time` is in seconds."""
        self._burst = burst
        self._per_second = per_minute / 60
        self._time = time
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Whether one more is allowed now; if so it is counted."""
        with self._lock:
            now = self._time()
            left, since = self._left.pop(address, (float(self._burst), now))
            left = min(self._burst, left + (now - since) * self._per_second)
            allowed = left >= 1
            self._left[address] = (left - 1 if allowed else left, now)
            if len(self._left) > self._MOST_ADDRESSES:
                self._left.popitem(last=False)
            return allowed

    def is_used_up(self, address: str) -> bool:
        """Whether no more would be allowed now; nothing is counted."""
        with self._lock:
            left, since = self._left.get(address, (float(self._burst), self._time()))
            return left + (self._time() - since) * self._per_second < 1


class Refusals:
    """Who was refused too often at the doors that anybody can knock at is turned away unread, until some time passed.

    Only what was refused counts, and an address that a genuine request came from within the last day is never turned
    away: behind a proxy that does not tell who calls, Twilio has the same address as everybody else.
    """

    _MOST_KNOWN = 1000
    _KNOWN_FOR_SECONDS = 24 * 3600

    def __init__(self, burst: int = 30, per_minute: float = 10, time: Callable[[], float] = monotonic) -> None:
        """So many may be refused at once and in the long run; `time` is in seconds."""
        self._limit = RateLimit(burst, per_minute, time)
        self._time = time
        self._lock = threading.Lock()
        self._genuine: OrderedDict[str, float] = OrderedDict()

    def turns_away(self, address: str) -> bool:
        """Whether a request from this address is not even read."""
        if not self._limit.is_used_up(network_of(address)):
            return False
        with self._lock:
            known = self._genuine.get(network_of(address))
        return known is None or self._time() - known > self._KNOWN_FOR_SECONDS

    def refused(self, address: str) -> None:
        """A request from this address was refused."""
        network = network_of(address)
        if self._limit.allows(network) and self._limit.is_used_up(network):
            # Without the address: it may be a person's.
            log.warning("an address that was refused too often is turned away at the doors for a while")

    def genuine(self, address: str) -> None:
        """A request from this address was what it said."""
        network = network_of(address)
        with self._lock:
            self._genuine.pop(network, None)
            self._genuine[network] = self._time()
            if len(self._genuine) > self._MOST_KNOWN:
                self._genuine.popitem(last=False)


@lru_cache(maxsize=1024)
def network_of(address: str) -> str:
    """Whom an address stands for: itself, or for IPv6 the network that one subscriber has all the addresses of."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False))


class KnockLimit:
    """Stands before the doors that answer to nobody but who can prove that they are Twilio or Telegram."""

    PATHS = "/channels/"

    def __init__(self, app: ASGIApp, refusals: Refusals) -> None:
        """Count the `refusals` of `app` and turn away who has had too many."""
        self._app = app
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through who was not refused too often."""
        if scope["type"] != "http" or not scope["path"].startswith(self.PATHS):
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        address = client[0] if client else "unknown"
        if self._refusals.turns_away(address):
            refusal = PlainTextResponse("Too many were refused.", status_code=429, headers={"retry-after": "60"})
            await refusal(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] in (400, 403, 405, 413):
                    self._refusals.refused(address)
                elif message["status"] < 300:
                    self._refusals.genuine(address)
            await send(message)

        await self._app(scope, receive, watched)


class BodyLimit:
    """Refuses a request whose body is larger than LARGEST_BODY, whether it says so beforehand or not."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            await PlainTextResponse("Too large.", status_code=413)(scope, receive, send)
            return
        taken = 0
        too_large = False

        async def counted() -> Message:
            nonlocal taken, too_large
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY:
                too_large = True
                return {"type": "http.disconnect"}
            return message

        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            if too_large and not started:
                return
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except Exception:
            # The app stumbles over the body we cut off; anything else is its own.
            if not too_large:
                raise
        if too_large and not started:
            await PlainTextResponse("Too large.", status_code=413)(scope, receive, send)


_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)


class SecurityHeaders:
    """Puts the headers on every answer that keep a browser from doing anything but showing our page."""

    def __init__(self, app: ASGIApp, embed_origins: Sequence[str] = ()) -> None:
        """Stand before `app`. The sites of `embed_origins` may show our pages in a frame, others may not."""
        self._app = app
        headers = {**_HEADERS, "content-security-policy": _POLICY + (" ".join(embed_origins) or "'none'")}
        self._plain = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._secure = [*self._plain, (b"strict-transport-security", b"max-age=31536000")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                headers = self._secure if scope.get("scheme") == "https" else self._plain
                message["headers"].extend(header for header in headers if header[0] not in given)
            await send(message)

        await self._app(scope, receive, with_headers)


_HEADERS = {
    "x-content-type-options": "nosniff",
    # Not no-referrer: with that, browsers send "Origin: null" along with our own form.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
