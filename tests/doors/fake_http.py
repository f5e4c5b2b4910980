"""A web server on this machine that plays somebody else's, and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeServer:
    """Answers real HTTP; `answer` of the subclass says what. `faults` are used up first, one for each request."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.wrong: list[str] = []
        self.slow_seconds = 1.0
        self.lock = threading.Lock()
        self.release = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                fake.serve(self, b"")

            def do_POST(self) -> None:
                fake.serve(self, self.rfile.read(int(self.headers.get("content-length", 0))))

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        raise NotImplementedError

    def fault_answer(self, status: int) -> Any:
        raise NotImplementedError

    def takes_part(self, path: str) -> bool:
        """Whether faults are meant for this request."""
        return True

    def serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        fault = None
        with self.lock:
            if self.faults and self.takes_part(handler.path):
                fault = self.faults.pop(0)
        if fault is not None and fault.isdecimal():
            self._write(handler, int(fault), self.fault_answer(int(fault)))
            return
        if fault == "hang":
            # Not taken, and no answer for a long time.
            time.sleep(self.slow_seconds)
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        status, data = self.answer(handler.command, handler.path, handler.headers, body)
        if fault == "slow":
            # Taken, but the answer comes late.
            time.sleep(self.slow_seconds)
        if fault == "held":
            # Taken, but the answer waits until the test lets it go.
            self.release.wait(60)
        if fault == "cut":
            # Taken, but the answer never comes.
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        self._write(handler, status, data)

    @staticmethod
    def _write(handler: BaseHTTPRequestHandler, status: int, data: Any) -> None:
        content = json.dumps(data).encode()
        try:
            handler.send_response(status)
            handler.send_header("content-type", "application/json")
            handler.send_header("content-length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True

    @contextmanager
    def running(self) -> Iterator[Any]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
