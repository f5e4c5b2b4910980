"""The commands from outside, as the contract has them: each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import icalendar
import pytest

from bot.settings import ROOT, Settings

NOW = "2026-11-23T09:00:00"
READING = {"language", "act", "confidence", "needs", "target", "ask"}


@pytest.fixture(scope="module")
def environment(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of the commands: a database and a data folder of this module's own, the checkout's models."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("THUISBEL", "TWILIO"))}
    data = tmp_path_factory.mktemp("data")
    return {**variables, "THUISBEL_DATABASE_URL": database_url, "THUISBEL_DATA": str(data)}


@pytest.fixture(scope="module", autouse=True)
def _trained() -> None:
    """The model, trained once for all commands."""
    from bot.model import ensure_model

    ensure_model(Settings.from_environment({}))


def thuisbel(
    environment: dict[str, str], *arguments: str, stdin: bytes | str = b"", **more: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        env={**environment, **more},
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=300,
        check=False,
    )


def out(done: subprocess.CompletedProcess[bytes]) -> list[Any]:
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def refused(done: subprocess.CompletedProcess[bytes], *words: str) -> None:
    """Exit status 2, nothing on standard output, and one plain sentence that holds the words."""
    told = done.stderr.decode()
    assert done.returncode == 2, told
    assert done.stdout == b""
    assert told.startswith("thuisbel")
    assert "Traceback" not in told
    for word in words:
        assert word in told


# Any command


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["parse", "--nope"], "--nope"),
        (["nope"], "nope"),
        ([], "COMMAND"),
        (["visits"], "--of"),
        (["visits", "--of", "abc"], "phone number"),
        (["visits", "--of", "0612345678", "--from", "gisteren"], "gisteren"),
        (["visits", "--of", "0612345678", "--days", "0"], "0"),
        (["converse", "--as", "0612345678", "--channel", "fax"], "fax"),
        (["converse", "--as", "0612345678", "--now", "straks"], "straks"),
        (["serve", "--port", "99999"], "99999"),
    ],
)
def test_what_cannot_be_asked_is_told(environment: dict[str, str], arguments: list[str], word: str) -> None:
    refused(thuisbel(environment, *arguments), word)


@pytest.mark.parametrize(
    "arguments",
    [
        ["visits", "--of", "0612345678"],
        ["outbox"],
        ["demo"],
        ["converse", "--as", "0612345678"],
        ["serve", "--port", "0"],
    ],
)
def test_an_unreachable_database_is_told(environment: dict[str, str], arguments: list[str]) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    refused(
        thuisbel(environment, *arguments, stdin="dag\n", THUISBEL_DATABASE_URL=url), "database", "cannot be reached"
    )


def test_a_wrong_setting_is_told(environment: dict[str, str]) -> None:
    refused(thuisbel(environment, "outbox", THUISBEL_KEY="kort"), "THUISBEL_KEY")


# parse


def test_parse_gives_the_reading_of_a_text(environment: dict[str, str]) -> None:
    [reading] = out(thuisbel(environment, "parse", "--now", NOW, "elke dinsdag om tien uur boodschappen"))
    assert set(reading) == READING
    assert (reading["language"], reading["act"]) == ("nl", "book")
    [need] = reading["needs"]
    assert (need["service"], need["times"], need["dtstart"]) == ("groceries", ["10:00"], "2026-11-24")


def test_parse_reads_lines_in_order_and_a_bad_one_does_not_stop_the_rest(environment: dict[str, str]) -> None:
    lines = [
        json.dumps({"id": "één", "text": "hallo", "lang": "nl"}, ensure_ascii=False).encode(),
        b"this is no JSON",
        b'["a list"]',
        b'{"id": 4}',
        b'{"id": 5, "text": 5}',
        b'{"id": 6, "text": "hallo", "lang": "fr"}',
        b'{"id": 7, "text": "hallo", "now": "straks"}',
        b'{"id": 8, "text": "\xff"}',
        json.dumps({"id": 9, "text": "x" * 10_000}).encode(),
        b'{"id": 10, "text": "a\\u0000b"}',
        b"",
        b'{"id": NaN, "text": "hallo"}',
        b'{"id": null, "text": "who is coming tomorrow?", "lang": "en", "now": "2027-01-01T10:00"}',
        b'{"text": "hallo"}',
    ]
    done = thuisbel(environment, "parse", stdin=b"\n".join(lines))
    answers = out(done)
    assert [answer.get("id") for answer in answers] == ["één", None, None, 4, 5, 6, 7, None, 9, 10, None, None, None]
    assert ["error" in answer for answer in answers] == [False, *([True] * 10), False, False]
    assert set(answers[0]) == READING | {"id"}
    assert set(answers[-2]) == READING | {"id"}
    assert set(answers[-1]) == READING
    assert all(set(answer) == {"id", "error"} for answer in answers if "error" in answer)


def test_parse_of_nothing_is_nothing(environment: dict[str, str]) -> None:
    assert out(thuisbel(environment, "parse", stdin=b"\n\n")) == []


@pytest.mark.parametrize("text", ["x" * 10_000, "\x1b[31m", "a\udcffb"])
def test_parse_refuses_a_text_that_is_none(environment: dict[str, str], text: str) -> None:
    refused(thuisbel(environment, "parse", text), "TEXT cannot be read")


def test_parse_of_binary_input_tells_every_line_and_fails(environment: dict[str, str]) -> None:
    done = thuisbel(environment, "parse", stdin=bytes(range(256)) * 8)
    assert done.returncode == 2
    assert all(set(json.loads(line)) == {"id", "error"} for line in done.stdout.splitlines())
    assert b"nothing could be read" in done.stderr
    assert b"Traceback" not in done.stderr


def test_parse_answers_each_line_at_once(environment: dict[str, str]) -> None:
    with running(environment, "parse") as process:
        for text in ("hallo", "dank u wel"):
            assert ask(process, json.dumps({"id": text, "text": text}))["id"] == text


def test_parse_needs_neither_rasa_nor_a_database(environment: dict[str, str]) -> None:
    code = (
        "import sys; from bot.cli import main; main(['parse', 'hallo']);"
        "print([name for name in ('rasa', 'tensorflow', 'sqlalchemy') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stderr.decode().splitlines()[-1] == "[]"


# converse


class running:  # noqa: N801 - reads as a verb where it is used
    """A command driven through pipes."""

    def __init__(self, environment: dict[str, str], *arguments: str) -> None:
        self._command = [sys.executable, "-m", "bot.cli", *arguments]
        self._environment = environment

    def __enter__(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self.process

    def __exit__(self, *_: object) -> None:
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(timeout=60)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def ask(process: subprocess.Popen[str], line: str) -> Any:
    assert process.stdin
    assert process.stdout
    process.stdin.write(line + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        assert process.stderr
        pytest.fail(f"it stopped: {process.stderr.read()}")
    return json.loads(answer)


def test_converse_answers_a_line_a_turn_as_soon_as_it_is_done(environment: dict[str, str]) -> None:
    with running(environment, "converse", "--as", "06 12340001", "--now", NOW) as process:
        first = ask(process, "hallo")
        second = ask(process, "wie komt er morgen?")
    assert set(first) == {"turn", "user", "bot"}
    assert (first["turn"], first["user"]) == (1, "hallo")
    assert (second["turn"], second["user"]) == (2, "wie komt er morgen?")
    assert first["bot"]
    assert all(message["text"] for message in [*first["bot"], *second["bot"]])
    assert process.returncode == 0


def test_converse_remembers_between_calls_moves_its_clock_and_fills_the_outbox(environment: dict[str, str]) -> None:
    phone = "+31612340002"
    first = out(thuisbel(environment, "converse", "--as", phone, "--now", NOW, stdin="hallo\n"))
    again = out(thuisbel(environment, "converse", "--as", phone, stdin="@now 2026-12-01\nhallo\n"))
    assert [turn["turn"] for turn in (*first, *again)] == [1, 1]
    assert first[0]["bot"] != again[0]["bot"], "it introduces itself once"
    sent = out(thuisbel(environment, "outbox", "--to", phone))
    assert [message["text"] for message in sent] == [m["text"] for turn in (*first, *again) for m in turn["bot"]]
    assert {(message["to"], message["channel"], message["status"]) for message in sent} == {(phone, "sms", "delivered")}
    assert all(set(message) == {"to", "channel", "text", "due", "status"} for message in sent)
    assert sent[0]["due"].startswith("2026-11-23T09:00")
    assert sent[-1]["due"].startswith("2026-12-01T00:00")


def test_converse_by_voice_takes_digits_and_silence_and_stops_at_a_line_that_is_no_message(
    environment: dict[str, str],
) -> None:
    done = thuisbel(
        environment, "converse", "--as", "+31612340003", "--channel", "voice", stdin=b"hallo\n\n0\n\xff\xfe\nhallo\n"
    )
    turns = [json.loads(line) for line in done.stdout.splitlines()]
    assert [turn["user"] for turn in turns] == ["hallo", "", "0"]
    assert all(turn["bot"] for turn in turns)
    assert done.returncode == 2
    assert b"line 4 cannot be taken: the line is not UTF-8 text" in done.stderr
    assert b"Traceback" not in done.stderr


def test_converse_killed_at_any_moment_loses_nothing_and_does_nothing_twice(environment: dict[str, str]) -> None:
    phone = "+31612340006"
    with running(environment, "converse", "--as", phone, "--now", NOW) as process:
        ask(process, "hallo")
        assert process.stdin
        process.stdin.write("wie komt er morgen?\n")
        process.stdin.flush()
        time.sleep(0.004)
        process.kill()
    later = out(thuisbel(environment, "converse", "--as", phone, "--now", NOW, stdin="hallo\n"))
    assert later[0]["bot"]
    texts = [message["text"] for message in out(thuisbel(environment, "outbox", "--to", phone))]
    assert len(texts) <= 3 + len(later[0]["bot"])


# demo, visits, outbox


@pytest.fixture(scope="module")
def demo(environment: dict[str, str]) -> dict[str, Any]:
    [line] = out(thuisbel(environment, "demo", "--now", NOW))
    return line


def test_demo_says_who_and_where_and_twice_changes_nothing(environment: dict[str, str], demo: dict[str, Any]) -> None:
    assert out(thuisbel(environment, "demo", "--now", NOW)) == [demo]
    assert {"town", "street", "number", "postcode", "recipients", "helpers"} <= set(demo)
    assert len(demo["helpers"]) >= 40
    assert len(demo["recipients"]) >= 6
    assert {helper["kind"] for helper in demo["helpers"]} == {"volunteer", "freelancer", "organisation"}


def test_somebody_unknown_has_no_visits_and_no_messages(environment: dict[str, str]) -> None:
    assert out(thuisbel(environment, "visits", "--of", "+31699999999")) == []
    assert out(thuisbel(environment, "outbox", "--to", "+31699999999")) == []


def test_visits_as_a_calendar_is_one_even_when_empty(environment: dict[str, str]) -> None:
    done = thuisbel(environment, "visits", "--of", "+31699999999", "--ics")
    assert done.returncode == 0
    assert icalendar.Calendar.from_ical(done.stdout).name == "VCALENDAR"


# serve


@pytest.fixture(scope="module")
def server(environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve", "--port", "0", "--now", NOW],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr
        told = process.stderr.readline()
        assert told.startswith("Thuisbel is starting at http://127.0.0.1:"), told
        yield told.split(" at ")[1].strip().rstrip("/")
        process.terminate()
        assert process.wait(timeout=30) == 0
        rest = process.stderr.read()
        assert "Traceback" not in rest
        assert rest.splitlines()[-1] == "Thuisbel has stopped."


def test_serve_is_up_at_once_ready_when_warm_and_talks(server: str) -> None:
    with httpx.Client(base_url=server, follow_redirects=True, timeout=30) as client:
        assert client.get("/health").status_code == 200
        ready = client.get("/ready").status_code
        assert ready in (200, 503)
        end = time.monotonic() + 120
        while client.get("/ready").status_code != 200:
            assert time.monotonic() < end
            time.sleep(0.2)
        page = client.get("/").text
        fields = {
            name: page.split(f'name="{name}" value="', 2)[-1].split('"', 1)[0] for name in ("token", "message_id")
        }
        answer = client.post("/say", data={**fields, "text": "hallo"})
        assert answer.status_code == 200
        assert 'class="theirs"' in answer.text
        assert 'class="ours"' in answer.text
        assert client.post("/channels/twilio/messages").status_code == 404


def test_serve_refuses_a_port_that_is_taken(environment: dict[str, str], server: str) -> None:
    refused(thuisbel(environment, "serve", "--port", server.rsplit(":", 1)[1]), "cannot be used")
