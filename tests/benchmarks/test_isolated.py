"""Running other libraries apart, without having any."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from benchmarks.readings import isolated
from benchmarks.readings.isolated import PEERS, NotAvailableError, base_python, find_uv, run_peer
from benchmarks.readings.peers import READERS

ROW = {"id": "1", "phrase": "every day", "lang": "en", "now": "2026-05-13T10:00", "rrule": "FREQ=DAILY"}


@pytest.fixture
def fake_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in uv's place on PATH, which each test writes."""
    program = tmp_path / "uv"
    program.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return program


def test_every_peer_has_a_reader() -> None:
    assert {peer.name for peer in PEERS} == set(READERS)


def test_the_interpreter_is_not_that_of_our_environment() -> None:
    assert base_python().is_file()
    assert ".venv" not in base_python().parts


def test_uv_is_found_on_the_path(fake_uv: Path) -> None:
    assert find_uv() == fake_uv


def test_without_uv_a_peer_is_not_available(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(isolated, "ROOT", tmp_path)
    with pytest.raises(NotAvailableError, match="uv was not found"):
        run_peer(PEERS[0], [ROW])


def test_the_project_s_own_uv_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / ".uv" / "bin" / "uv"
    own.parent.mkdir(parents=True)
    own.touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(isolated, "ROOT", tmp_path)
    assert find_uv() == own


def test_a_library_that_cannot_be_installed_says_why(fake_uv: Path) -> None:
    fake_uv.write_text("#!/bin/sh\necho 'no solution found' >&2\nexit 1\n", encoding="utf-8")
    with pytest.raises(NotAvailableError, match="no solution found"):
        run_peer(PEERS[0], [ROW])


def test_only_the_phrase_is_given_and_answers_come_back(fake_uv: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    answer = json.dumps({"id": "1", "rrule": "FREQ=DAILY"})
    fake_uv.write_text(f"#!/bin/sh\ncat > {asked}\necho '{answer}'\n", encoding="utf-8")
    assert run_peer(PEERS[0], [ROW]) == {"1": {"id": "1", "rrule": "FREQ=DAILY"}}
    assert json.loads(asked.read_text(encoding="utf-8")) == {k: v for k, v in ROW.items() if k != "rrule"}
