"""The web chat on a port of this machine, for a browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import uvicorn

from bot.brain import Brain
from bot.gateway import Gateway, create_app
from bot.jobs import Worker
from bot.web.limits import RateLimit
from care.clock import Clock
from care.database import Database

KEY = "a key for the tests only"


@dataclass
class Site:
    """A web chat that answers; `hold` keeps the brain from it."""

    url: str
    gateway: Gateway
    database: Database
    clock: Clock
    answering: threading.Event

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let the brain think until the end of the block."""
        self.answering.clear()
        try:
            yield
        finally:
            self.answering.set()


@contextmanager
def listening(app: Any, **settings: Any) -> Iterator[int]:
    """Serve an ASGI application on a free port; the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", **settings)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    end = monotonic() + 30
    while not server.started:
        assert monotonic() < end, "the server does not start"
        sleep(0.01)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@contextmanager
def chat(
    brain: Brain,
    database: Database,
    clock: Clock,
    *,
    host: str = "localhost",
    embed_origins: tuple[str, ...] = (),
    **settings: Any,
) -> Iterator[Site]:
    """The web chat with its worker, as `thuisbel serve` has them; `settings` are those of the web server."""
    answering = threading.Event()
    answering.set()

    def handle(incoming_id: int) -> None:
        answering.wait()
        brain.handle(incoming_id)

    gateway = Gateway(database, clock, KEY, None, lambda: True, embed_origins=embed_origins)
    # All the tests of a run come from one address.
    gateway.said_limit = gateway.seen_limit = RateLimit(burst=10**6, per_minute=10**6)
    worker = Worker(database, handle)
    worker.start()
    try:
        with listening(create_app(gateway), **settings) as port:
            scheme = "https" if settings else "http"
            yield Site(f"{scheme}://{host}:{port}", gateway, database, clock, answering)
    finally:
        answering.set()
        worker.stop()
