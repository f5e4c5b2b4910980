"""`thuisbel doctor` and the other commands of the doors, before fakes of Twilio and Telegram."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot import cli
from tests.doors import fake_telegram, fake_twilio
from tests.doors.fake_telegram import FakeTelegram
from tests.doors.fake_twilio import FakeTwilio


@pytest.fixture
def environ(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An installation with a database and nothing else."""
    for variable in ("PUBLIC_URL", "KEY", "EMBED_ORIGINS"):
        monkeypatch.delenv(f"THUISBEL_{variable}", raising=False)
    monkeypatch.setenv("THUISBEL_DATABASE_URL", database_url)
    monkeypatch.setenv("THUISBEL_DATA", str(tmp_path))
    return monkeypatch


@pytest.fixture
def twilio(environ: pytest.MonkeyPatch) -> Iterator[FakeTwilio]:
    with FakeTwilio().running() as fake:
        environ.setenv("TWILIO_ACCOUNT_SID", fake_twilio.SID)
        environ.setenv("TWILIO_AUTH_TOKEN", fake_twilio.TOKEN)
        environ.setenv("TWILIO_SMS_FROM", fake_twilio.SMS_FROM)
        environ.setenv("TWILIO_API_URL", fake.url)
        yield fake


@pytest.fixture
def telegram(environ: pytest.MonkeyPatch) -> Iterator[FakeTelegram]:
    with FakeTelegram().running() as fake:
        environ.setenv("TELEGRAM_BOT_TOKEN", fake_telegram.TOKEN)
        environ.setenv("TELEGRAM_WEBHOOK_SECRET", fake_telegram.SECRET)
        environ.setenv("TELEGRAM_API_URL", fake.url)
        yield fake


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, tuple[str, str]]]:
    """The status, and what was found of each thing."""
    status = cli.main(["doctor"])
    found = {}
    for line in capsys.readouterr().out.splitlines()[:-1]:
        state, rest = line.split(maxsplit=1)
        what, words = rest.split(": ", 1)
        found[what] = (state, words)
    return status, found


@pytest.mark.usefixtures("environ")
def test_with_nothing_but_a_database_everything_that_is_set_up_works(capsys: pytest.CaptureFixture[str]) -> None:
    status, found = doctor(capsys)
    assert status == 0
    assert found["database"][0] == "works"
    for door in ("text messages", "WhatsApp", "phone", "Telegram"):
        assert found[door][0] == "closed"
        assert "set T" in found[door][1], "it says what to set"


@pytest.mark.usefixtures("twilio", "telegram")
def test_open_doors_are_tested(capsys: pytest.CaptureFixture[str]) -> None:
    status, found = doctor(capsys)
    assert status == 0
    assert found["text messages"][0] == "works"
    assert found["WhatsApp"][0] == "closed"
    assert found["Telegram"] == ("works", "@thuisbel_bot answers; `serve` asks for its updates.")


@pytest.mark.usefixtures("twilio", "telegram")
@pytest.mark.parametrize(
    ("variable", "value", "door", "word"),
    [
        ("TWILIO_AUTH_TOKEN", "wrong", "text messages", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_API_URL", "http://127.0.0.1:9", "text messages", "cannot be reached"),
        ("TELEGRAM_BOT_TOKEN", "654321:wrong", "Telegram", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:9", "Telegram", "cannot be reached"),
        ("THUISBEL_TRANSCRIBER", "nothing:here", "voice messages", "THUISBEL_TRANSCRIBER"),
        ("THUISBEL_DATABASE_URL", "postgresql://x@127.0.0.1:9/x", "database", "cannot be reached"),
    ],
)
def test_what_does_not_work_is_named_with_what_to_do(
    environ: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    value: str,
    door: str,
    word: str,
) -> None:
    environ.setenv(variable, value)
    status, found = doctor(capsys)
    assert status == 1
    assert found[door][0] == "broken"
    assert word in found[door][1]


def test_a_chat_in_frames_needs_https(environ: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(capsys)[1]["web chat in frames"][0] == "closed"
    environ.setenv("THUISBEL_EMBED_ORIGINS", "https://www.organisation.example")
    state, words = doctor(capsys)[1]["web chat in frames"]
    assert (state, "https://www.organisation.example" in words) == ("works", True)
    environ.setenv("THUISBEL_PUBLIC_URL", "http://localhost:9")
    state, words = doctor(capsys)[1]["web chat in frames"]
    assert (state, "THUISBEL_PUBLIC_URL" in words) == ("note", True)


def test_no_secret_is_shown(twilio: FakeTwilio, telegram: FakeTelegram, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["doctor"])
    told = capsys.readouterr()
    for secret in (fake_twilio.TOKEN, fake_telegram.TOKEN, fake_telegram.SECRET):
        assert secret not in told.out + told.err


def test_telegram_is_told_where_to_call_us(
    environ: pytest.MonkeyPatch, telegram: FakeTelegram, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["telegram", "set-webhook"]) == 2, "not without a public address"
    environ.setenv("THUISBEL_PUBLIC_URL", "https://thuisbel.invalid")
    assert doctor(capsys)[1]["Telegram"][0] == "broken", "Telegram does not call us yet"
    assert cli.main(["telegram", "set-webhook"]) == 0
    [fields] = [fields for name, fields in telegram.calls if name == "setWebhook"]
    assert fields["url"] == "https://thuisbel.invalid/channels/telegram"
    assert fields["secret_token"] == fake_telegram.SECRET
    assert "callback_query" in fields["allowed_updates"]
    status, found = doctor(capsys)
    assert (status, found["Telegram"][0]) == (0, "works")
    assert found["public address"][0] == "note", "the machine may not be serving at the moment"
    assert cli.main(["telegram", "delete-webhook"]) == 0
    assert telegram.webhook == ""


def test_telegram_needs_an_account(environ: pytest.MonkeyPatch) -> None:
    assert cli.main(["telegram", "set-webhook"]) == 2


def test_a_calendar_is_made_and_revoked(
    environ: pytest.MonkeyPatch, database_url: str, capsys: pytest.CaptureFixture[str], now: datetime
) -> None:
    from care.database import open_database
    from care.feeds import owner
    from care.people import contact_for

    database = open_database(database_url, Path())
    with database.begin() as session:
        contact_for(session, "sms", "+31612349876", now)
    assert cli.main(["calendar", "--of", "+31612349876"]) == 2, "not without a public address"
    environ.setenv("THUISBEL_PUBLIC_URL", "https://thuisbel.example")
    assert cli.main(["calendar", "--of", "+31612340000"]) == 2, "nobody by that number"
    capsys.readouterr()
    assert cli.main(["calendar", "--of", "+31612349876"]) == 0
    address = capsys.readouterr().out.strip()
    token = address.removeprefix("https://thuisbel.example/calendar/").removesuffix(".ics")
    with database.begin() as session:
        assert owner(session, token).phone == "+31612349876"
    assert cli.main(["calendar", "--of", "+31612349876", "--revoke"]) == 0
    with database.begin() as session:
        assert owner(session, token) is None
    database.close()
