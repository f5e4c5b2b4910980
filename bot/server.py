"""Gateway, brain and courier in one process."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from bot import logs
from bot.brain import Brain
from bot.courier import Courier
from bot.doors.opening import Doors, open_doors
from bot.errors import UserError
from bot.gateway import Gateway, create_app
from bot.jobs import Worker
from bot.memory import keep_loaded
from bot.model import ensure_model
from bot.secret import installation_key
from bot.settings import Settings
from bot.storage import opened_database
from care.clock import Clock
from care.database import Database

log = logging.getLogger(__name__)

_SWITCH_SECONDS = 0.0005
"""How long the brain may keep the interpreter while the gateway waits for it; Python's own five milliseconds are felt,
since taking a message in waits for it several times.
"""
_TURNS_AT_ONCE = 2
"""One computes while the other waits for the database, and with the place of the upkeep a third is ready to go on."""
_COURIERS = 4
"""Messages on their way at once, each to another person."""


class Staff:
    """The parts of the house that work behind the gateway; they come on duty while the gateway is already open."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, doors: Doors) -> None:
        """Nothing is started yet."""
        self._doors = doors
        self._settings = settings
        self._database = database
        self._clock = clock
        self._brain: Brain | None = None
        self._worker: Worker | None = None
        self._courier: Courier | None = None
        self.ready = threading.Event()
        self.failure: Exception | None = None

    def come_on_duty(self) -> None:
        """Start sending, load the model, then take the jobs; what came in meanwhile is waiting there."""
        try:
            self._courier = courier = self._make_courier()
            courier.start()
            if self._doors.polling is not None:
                self._doors.polling.start()
            self._brain = Brain.load(ensure_model(self._settings), self._database, self._clock)
            keep_loaded()
            self._brain.on_handled.append(lambda _: courier.wake())
            handle: Callable[[int], object] = self._brain.handle
            if self._doors.voice_notes is not None:
                handle = self._doors.voice_notes.before(handle)
            self._worker = Worker(
                self._database,
                handle,
                turns_at_once=_TURNS_AT_ONCE,
                extend_horizon=self._extend_horizon,
                keep_up=self._keep_up,
            )
            self._worker.start()
            self.ready.set()
        except Exception as error:
            self.failure = error

    def _make_courier(self) -> Courier:
        courier = Courier(
            self._database,
            self._clock,
            self._doors.senders,
            undelivered=self._doors.undelivered,
            rounds=[self._doors.waiting],
            threads=_COURIERS,
        )
        self._doors.wakes.append(courier.wake)
        return courier

    def go_home(self) -> None:
        """Finish what is at hand and stop."""
        self.ready.clear()
        if self._doors.polling is not None:
            self._doors.polling.stop()
        for part in (self._worker, self._courier):
            if part is not None:
                part.stop()
        if self._brain is not None:
            self._brain.close()
        self._doors.close()

    def _extend_horizon(self) -> None:
        from care.visits import extend_horizon

        with self._database.begin() as session:
            extend_horizon(session, self._clock.now())

    def _keep_up(self) -> None:
        from actions import upkeep

        if upkeep.run(self._database.begin, self._clock.now()) and self._courier is not None:
            self._courier.wake()


class _Server(uvicorn.Server):
    """Stops when asked to, and leaves the rest of the process alone.

    uvicorn's own sends the signal once more to the process when it is done, which would end it before the job at hand.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully at SIGINT and SIGTERM, and at once when asked a second time."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(settings: Settings, clock: Clock, host: str, port: int) -> int:
    """Serve until SIGINT or SIGTERM; raises UserError when something needed is missing."""
    started = time.monotonic()
    sys.setswitchinterval(_SWITCH_SECONDS)
    logs.quiet_rasa()
    listener = _listen(host, port)
    with listener, opened_database(settings) as database:
        key = installation_key(settings)
        doors = open_doors(settings, database, clock, key)
        staff = Staff(settings, database, clock, doors)
        gateway = Gateway(
            database,
            clock,
            key,
            settings.public_url,
            staff.ready.is_set,
            doors=doors,
            embed_origins=settings.embed_origins,
        )
        server = _Server(
            uvicorn.Config(
                create_app(gateway),
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                forwarded_allow_ips=settings.proxies,
                timeout_graceful_shutdown=10,
                lifespan="off",
                ws="none",
            )
        )
        address = f"http://{host}:{listener.getsockname()[1]}/"
        _say(f"Thuisbel is starting at {address}")
        duty = threading.Thread(target=_on_duty, args=(staff, server, address, started), daemon=True)
        duty.start()
        try:
            server.run(sockets=[listener])
        finally:
            duty.join()
            staff.go_home()
    if staff.failure is not None:
        if isinstance(staff.failure, UserError):
            raise staff.failure
        raise UserError(f"the brain cannot start: {type(staff.failure).__name__}.") from staff.failure
    _say("Thuisbel has stopped.")
    return 0


def _on_duty(staff: Staff, server: uvicorn.Server, address: str, started: float) -> None:
    staff.come_on_duty()
    if staff.failure is not None:
        log.error("the brain cannot start", exc_info=staff.failure)
        server.should_exit = True
        return
    _say(f"Thuisbel is ready at {address} after {time.monotonic() - started:.1f} s. Ctrl-C stops it.")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on a second server on this port is refused; who connects already waits until it is served.
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UserError(
            f"port {port} on {host} cannot be used ({error.strerror}); choose another with --port."
        ) from error
    return listener


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
