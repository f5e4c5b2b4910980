"""The servers under load: `thuisbel serve` with everything it needs, and the bot that `rasa init` makes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psutil
import psycopg2

from bot.settings import ROOT
from care.embedded import start_server
from tests.doors import fake_twilio

STARTS_WITHIN = 180


@dataclass
class Server:
    """A server that runs, and the processes it consists of (its database's included)."""

    name: str
    port: int
    process: subprocess.Popen[Any]
    url: str | None = None
    postmaster: int | None = None

    def cpu(self) -> float:
        """Seconds of processor used so far by the server itself."""
        return _cpu(psutil.Process(self.process.pid))

    def database_cpu(self) -> float:
        """Seconds of processor used so far by its database."""
        if self.postmaster is None:
            return 0.0
        top = psutil.Process(self.postmaster)
        times = top.cpu_times()
        return sum(_cpu(one) for one in (top, *top.children())) + times.children_user + times.children_system

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of its database."""
        assert self.url is not None
        connection = psycopg2.connect(self.url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return list(cursor.fetchall())
        finally:
            connection.close()


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


@contextmanager
def thuisbel(data: Path) -> Iterator[Server]:
    """Our server on a database of its own, in the invented neighbourhood, with a Twilio that is not the real one."""
    _run_cli(data, "demo")
    # So that it can be told afterwards when each turn was committed.
    with (data / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("track_commit_timestamp = on\n")
    with _fake_twilio() as api:
        port = _free_port()
        environment = {
            "THUISBEL_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TWILIO_ACCOUNT_SID": fake_twilio.SID,
            "TWILIO_AUTH_TOKEN": fake_twilio.TOKEN,
            "TWILIO_SMS_FROM": fake_twilio.SMS_FROM,
            "TWILIO_API_URL": api,
        }
        command = ["-m", "bot.cli", "serve", "--port", str(port)]
        with _process(command, ROOT, {**_of(data), **environment}) as process:
            _until_up(f"http://127.0.0.1:{port}/ready", process)
            postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
            yield Server("thuisbel serve", port, process, start_server(data / "postgres"), postmaster)


@contextmanager
def stock(folder: Path) -> Iterator[Server]:
    """The untouched bot with Rasa's own server and REST channel."""
    subprocess.run([sys.executable, "-m", "benchmarks.stock", str(folder), "--only-train"], cwd=ROOT, check=True)
    (folder / "rest.yml").write_text("rest:\n")
    port = _free_port()
    model = folder / "models" / "stock.tar.gz"
    command = ["-m", "rasa", "run", "--model", str(model), "--port", str(port), "--credentials", "rest.yml"]
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
    }
    with _process([*command, "--quiet"], folder, quiet) as process:
        _until_up(f"http://127.0.0.1:{port}/", process)
        yield Server("rasa init", port, process)


def _of(data: Path) -> dict[str, str]:
    return {"THUISBEL_DATA": str(data), "PYTHONPATH": str(ROOT)}


def _run_cli(data: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "bot.cli", *arguments]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **_of(data)}, stdout=subprocess.DEVNULL, check=True)


@contextmanager
def _process(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[Any]]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _fake_twilio() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.load_fake"]
    fake = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert fake.stdin is not None
    assert fake.stdout is not None
    try:
        yield fake.stdout.readline().strip()
    finally:
        fake.stdin.close()
        fake.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_up(url: str, process: subprocess.Popen[Any]) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"A server stopped with status {process.returncode} before it was up.")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.3)
    raise SystemExit(f"{url} was not up within {STARTS_WITHIN} s.")
