"""Running another library in an environment of its own, so that it needs no place among ours."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("peers.py")
_SECONDS = 300


@dataclass(frozen=True)
class Peer:
    """A library to compare with: `name` as in peers.py, what to install, and what is to be known of it."""

    name: str
    requirements: tuple[str, ...]
    note: str


PEERS = (
    Peer("recurrent", ("recurrent==0.4.1",), "English only; recurrence is what it is for"),
    Peer("dateparser", ("dateparser==1.5.0",), "no notion of recurrence: gives one moment"),
    Peer(
        "recognizers",
        # Its 1.0.2a2 imports a name that emoji 2 no longer has.
        ("recognizers-text-suite==1.0.2a2", "emoji<2"),
        "no Dutch dates in the Python package: Dutch falls back to English; recurrence as TIMEX sets",
    ),
)


class NotAvailableError(Exception):
    """A library could not be run here; the sentence says why."""


def find_uv() -> Path | None:
    """The program uv: on PATH, or where the project's set-up puts it."""
    found = shutil.which("uv")
    own = ROOT / ".uv" / "bin" / "uv"
    return Path(found) if found else own if own.is_file() else None


def base_python() -> Path:
    """The interpreter below our own environment; in our own the libraries would mix."""
    versioned = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Path(sys.base_prefix) / "bin" / versioned


def run_peer(peer: Peer, rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The answers of a library by the id of the row; raises NotAvailableError when it cannot be installed or run."""
    uv = find_uv()
    if uv is None:
        raise NotAvailableError("uv was not found")
    command = [str(uv), "run", "--quiet", "--no-project", "--isolated", "--python", str(base_python())]
    command += [part for requirement in peer.requirements for part in ("--with", requirement)]
    command += ["python", "-I", "-W", "ignore", str(PROGRAM), peer.name]
    asked = "".join(json.dumps({name: row[name] for name in ("id", "phrase", "lang", "now")}) + "\n" for row in rows)
    # In a folder of its own, so that uv does not take this project's settings or environment for the library's.
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                command, input=asked, capture_output=True, text=True, timeout=_SECONDS, cwd=folder, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotAvailableError(f"it could not be run ({type(error).__name__})") from error
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise NotAvailableError(f"it could not be installed or run: {lines[-1][:100] if lines else 'no reason given'}")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {answer["id"]: answer for answer in answers}
