"""HTTP at a measured pace: requests made up beforehand, sent at fixed moments or as fast as they are answered.

Kept as cheap as Python allows, since it shares the cores with what it measures; what it used itself is told.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MOST_CONNECTIONS = 256
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire; `mark` is how its sender knows it again."""

    mark: str
    wire: bytes


@dataclass
class Answers:
    """What came back. Moments are seconds since 1970, as the database tells them; `due` is when it should have gone."""

    due: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    empty: int = 0
    seconds: float = 0.0
    own_cpu: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers in a second."""
        return len(self.answered) / self.seconds

    def milliseconds(self) -> list[float]:
        """From when each request was due to its answer, sorted: one that had to wait for its turn counts the wait."""
        return sorted((self.answered[mark] - self.due[mark]) * 1000 for mark in self.answered)


def post(host: str, path: str, mark: str, body: bytes, headers: Iterable[tuple[str, str]]) -> Request:
    """A POST request on a connection that is kept."""
    lines = [f"POST {path} HTTP/1.1", f"host: {host}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return Request(mark, "\r\n".join(lines).encode() + _END + body)


class _Connection(asyncio.Protocol):
    """A connection with one request at a time on it."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._coming = b""
        self._waiting: asyncio.Future[tuple[int, int]] | None = None
        self.open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._coming += data
        head, found, body = self._coming.partition(_END)
        if not found:
            return
        at = head.lower().find(_LENGTH)
        length = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) >= length and self._waiting is not None and not self._waiting.done():
            self._coming = body[length:]
            self._waiting.set_result((int(head[9:12]), length))

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionResetError())

    async def ask(self, request: Request) -> tuple[int, int]:
        """The status and the length of the answer."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request.wire)
        return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Client:
    """Sends to one server, over connections that are opened as they are needed and kept."""

    def __init__(self, host: str, port: int) -> None:
        """Nothing is opened yet."""
        self._host, self._port = host, port
        self._idle: list[_Connection] = []
        self._room = asyncio.Semaphore(MOST_CONNECTIONS)

    async def paced(self, requests: Sequence[Request], per_second: float) -> Answers:
        """Send each at its moment, whatever became of those before it."""
        answers = Answers()
        loop = asyncio.get_running_loop()
        begin, cpu, wall = loop.time() + 0.05, time.process_time(), time.time()
        offset = wall - loop.time()
        tasks = []
        for number, request in enumerate(requests):
            due = begin + number / per_second
            answers.due[request.mark] = due + offset
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.ensure_future(self._one(request, answers)))
        await asyncio.gather(*tasks)
        answers.seconds = loop.time() - begin
        answers.own_cpu = time.process_time() - cpu
        return answers

    async def pressed(self, requests: Iterable[Request], at_once: int, seconds: float | None = None) -> Answers:
        """Send them `at_once` at a time, each as soon as one before it is answered; no new ones after `seconds`."""
        answers = Answers()
        loop = asyncio.get_running_loop()
        begin, cpu = loop.time(), time.process_time()
        left = iter(requests)

        async def go_on() -> None:
            for request in left:
                answers.due[request.mark] = time.time()
                await self._one(request, answers)
                if seconds is not None and loop.time() - begin > seconds:
                    return

        await asyncio.gather(*(go_on() for _ in range(at_once)))
        answers.seconds = loop.time() - begin
        answers.own_cpu = time.process_time() - cpu
        return answers

    async def _one(self, request: Request, answers: Answers) -> None:
        async with self._room:
            # The server closes those that were not used for a while.
            while self._idle and not self._idle[-1].open:
                self._idle.pop()
            kept = self._idle.pop() if self._idle else None
            try:
                connection = kept or await self._connect()
                status, length = await connection.ask(request)
            except ConnectionResetError:
                if kept is None:
                    raise
                # The server let go of it at that very moment, so it read nothing; every client asks again then.
                connection = await self._connect()
                status, length = await connection.ask(request)
            self._idle.append(connection)
        answers.answered[request.mark] = time.time()
        answers.statuses[status] += 1
        answers.empty += length <= len("[]")

    async def _connect(self) -> _Connection:
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, self._host, self._port)
        return connection

    def close(self) -> None:
        """Let go of the connections."""
        for connection in self._idle:
            connection.close()
