from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text as sql

from bot.brain import Brain
from bot.errors import UserError
from bot.jobs import accept
from bot.line import Line
from care import outbox
from care.clock import Clock
from care.database import Database, DatabaseUnavailable
from care.people import contact_for
from channels import Incoming

phones = (f"+316123{number:05d}" for number in itertools.count(70_000))


@pytest.fixture
def phone() -> str:
    return next(phones)


@pytest.fixture
def line(database: Database, brain: Brain, clock: Clock, phone: str) -> Iterator[Line]:
    with Line(database, brain, clock, phone=phone, channel="sms", language=None) as opened:
        yield opened


def heard(line: Line) -> list[str]:
    with line.messages() as messages:
        return [message.text for message in messages]


def test_what_is_said_is_answered_once(line: Line) -> None:
    for number in range(1, 6):
        line.say(f"bericht {number}")
        assert heard(line) == [f"U zei: bericht {number}.", f"Dat was bericht {number}."]
        assert heard(line) == []


def test_what_others_cause_comes_with_the_next_turn(line: Line, database: Database, clock: Clock, phone: str) -> None:
    with database.begin() as session:
        contact = contact_for(session, "sms", phone, clock.now())
        outbox.put(session, contact=contact, channel="sms", text="Maria komt morgen.", now=clock.now(), kind="notice")
    line.say("dag")
    assert heard(line)[0] == "Maria komt morgen."


def test_what_was_not_shown_comes_again(line: Line) -> None:
    def show_and_fail() -> None:
        with line.messages() as messages:
            assert messages
            raise BrokenPipeError

    line.say("dag")
    with pytest.raises(BrokenPipeError):
        show_and_fail()
    assert heard(line) == ["U zei: dag.", "Dat was bericht 1."]


def test_a_message_left_behind_by_a_line_that_was_killed_is_handled(
    database: Database, brain: Brain, clock: Clock, phone: str
) -> None:
    line = Line(database, brain, clock, phone=phone, channel="sms", language=None)
    with database.begin() as session:
        accept(session, Incoming("sms", f"left-{phone}", phone, "eerder"), clock, queue=line.queue)
        session.execute(
            sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE queue_name = :queue"), {"queue": line.queue}
        )
    with line:
        line.say("nu")
        assert heard(line) == ["U zei: eerder.", "Dat was bericht 1.", "U zei: nu.", "Dat was bericht 2."]


def test_a_database_that_goes_away_is_told(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("The database cannot be reached.")

    monkeypatch.setattr("bot.line.accept", gone)
    with pytest.raises(UserError, match="cannot be reached any more"):
        line.say("dag")


def test_two_lines_of_one_person_handle_everything_once(
    database: Database, brain: Brain, clock: Clock, phone: str
) -> None:
    with (
        Line(database, brain, clock, phone=phone, channel="sms", language=None) as one,
        Line(database, brain, clock, phone=phone, channel="sms", language=None) as other,
    ):
        threads = [
            threading.Thread(target=lambda line=line: [line.say("dag") for _ in range(5)]) for line in (one, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        texts = heard(one)
    assert len(texts) == 20
    assert sorted(text for text in texts if text.startswith("Dat")) == sorted(
        f"Dat was bericht {number}." for number in range(1, 11)
    )
