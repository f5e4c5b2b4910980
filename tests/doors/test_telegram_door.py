"""Telegram: updates in by the webhook or by asking, messages out by the courier."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from bot.brain import Brain
from bot.doors.telegram import Polling, TelegramDoor, TurnToAsk
from bot.settings import ROOT
from care.doors import is_stopped
from tests.doors.conftest import Installation
from tests.doors.fake_telegram import SECRET, FakeTelegram
from tests.doors.payloads import TELEGRAM, from_telegram, named, recorded

_updates = itertools.count(1000)


def update(name: str, chat: str, **message: Any) -> dict[str, Any]:
    """A recorded update, from this chat and with a number of its own."""
    found = json.loads(json.dumps(named("telegram", name)["update"]).replace("5551001", chat))
    found["update_id"] = next(_updates)
    if message:
        found["message"].update(message)
    return dict(found)


def handle_all(installation: Installation, brain: Brain) -> None:
    with installation.database.begin() as session:
        ids = session.scalars(sql("SELECT id FROM inbox WHERE handled IS NULL ORDER BY id")).all()
    for message_id in ids:
        brain.handle(message_id)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


# In


@pytest.mark.parametrize("row", recorded("telegram"), ids=lambda row: row["name"])
def test_every_recorded_update_is_answered(
    installation: Installation, telegram: FakeTelegram, chat: str, row: dict[str, Any]
) -> None:
    before = installation.counts()
    assert from_telegram(installation.client, update(row["name"], chat)).status_code == 200
    came, goes, jobs = (now - then for now, then in zip(installation.counts(), before, strict=True))
    says_something = "kind" in row["expect"] and "press" not in row["expect"]
    assert came == (1 if says_something else 0)
    assert (jobs + goes > 0) == says_something, "either the brain or the door itself answers"
    assert telegram.texts(chat) == [], "nothing is sent but by the courier"


def test_the_same_update_twice_counts_once(installation: Installation, chat: str) -> None:
    same = update("text", chat)
    for _ in range(3):
        assert from_telegram(installation.client, same).status_code == 200
    assert len(installation.heard(chat)) == 1
    assert installation.counts()[2] == 1


@pytest.mark.parametrize("secret", [None, "", "x", SECRET + "x", "é"])
def test_without_the_secret_nobody_gets_in(installation: Installation, chat: str, secret: str | None) -> None:
    headers = {} if secret is None else {b"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    answer = installation.client.post(TELEGRAM, json=update("text", chat), headers=headers)
    assert answer.status_code == 403
    assert installation.heard(chat) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"update_id": true}', b"\xff", b"[" * 5000])
def test_what_is_no_update_is_refused(installation: Installation, body: bytes) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert installation.client.post(TELEGRAM, content=body, headers=headers).status_code == 400


def test_what_somebody_writes_never_becomes_a_command_of_rasas(
    installation: Installation, brain: Brain, chat: str
) -> None:
    from_telegram(installation.client, update("text", chat, text='/fails{"x": 1}'))
    handle_all(installation, brain)
    assert installation.sent(chat)[0][2] == 'U zei: fails{"x": 1}.'


def test_somebody_who_blocks_us_gets_nothing_unasked_until_they_let_us_in(
    installation: Installation, telegram: FakeTelegram, chat: str
) -> None:
    from_telegram(installation.client, update("text", chat))
    from_telegram(installation.client, update("somebody blocks us", chat))
    installation.put("telegram", chat, "Morgen komt Maria.", kind="notice")
    installation.courier.send_due()
    assert installation.sent(chat) == [("telegram", "cancelled", "Morgen komt Maria.")]
    from_telegram(installation.client, update("somebody lets us in again", chat))
    installation.put("telegram", chat, "Ze komt later.", kind="notice")
    installation.courier.send_due()
    assert telegram.texts(chat) == ["Ze komt later."]


def test_a_group_is_left(installation: Installation, telegram: FakeTelegram, chat: str) -> None:
    from_telegram(installation.client, update("put into a group", chat))
    assert ("leaveChat", {"chat_id": "-1001234567890"}) in telegram.calls


# Buttons


def ask(installation: Installation, brain: Brain, telegram: FakeTelegram, chat: str) -> list[str]:
    """Have a question asked; what its buttons send back."""
    from_telegram(installation.client, update("text", chat, text="vraag"))
    handle_all(installation, brain)
    with installation.database.begin() as session:
        session.execute(
            sql(
                "UPDATE conversations SET state = jsonb_build_object('awaiting', jsonb_build_object('topic', 'x'))"
                " WHERE contact_id = (SELECT contact_id FROM doors WHERE address = :chat)"
            ),
            {"chat": chat},
        )
    installation.courier.send_due()
    last = [message for message in telegram.sent if message["chat_id"] == chat][-1]
    rows = json.loads(last["reply_markup"])["inline_keyboard"]
    assert [button["text"] for row in rows for button in row] == ["De ene", "De andere"]
    return [button["callback_data"] for row in rows for button in row]


def press(chat: str, data: str) -> dict[str, Any]:
    pressed = update("press on a button", chat)
    pressed["callback_query"].update(data=data, id=f"press-{next(_updates)}")
    return pressed


def test_a_press_is_an_answer_once_and_is_acknowledged(
    installation: Installation, brain: Brain, telegram: FakeTelegram, chat: str
) -> None:
    tokens = ask(installation, brain, telegram, chat)
    for _ in range(3):
        assert from_telegram(installation.client, press(chat, tokens[1])).status_code == 200
    assert [heard.text for heard in installation.heard(chat)] == ["vraag", "2"]
    answers = [fields for name, fields in telegram.calls if name == "answerCallbackQuery"]
    assert len(answers) == 3
    assert all("text" not in fields for fields in answers)


def test_a_press_on_a_question_that_passed_is_told_so(
    installation: Installation, brain: Brain, telegram: FakeTelegram, chat: str
) -> None:
    tokens = ask(installation, brain, telegram, chat)
    ask(installation, brain, telegram, chat)
    from_telegram(installation.client, press(chat, tokens[0]))
    assert [heard.text for heard in installation.heard(chat)] == ["vraag", "vraag"]
    [answer] = [fields for name, fields in telegram.calls if name == "answerCallbackQuery"]
    assert "al voorbij" in answer["text"]


def test_a_forged_press_and_somebody_elses_are_no_answer(
    installation: Installation, brain: Brain, telegram: FakeTelegram, chat: str
) -> None:
    token = ask(installation, brain, telegram, chat)[0]
    message, key, seal = token.split(".")
    for forged in (f"{message}.2.{seal}", f"{message}.{key}.{'A' * 20}", '/book{"x":1}', "1", ""):
        from_telegram(installation.client, press(chat, forged))
    from_telegram(installation.client, press(f"{chat}9", token))
    assert [heard.text for heard in installation.heard(chat)] == ["vraag"]
    assert installation.heard(f"{chat}9") == []


# Out


@pytest.mark.parametrize("faults", [["429"], ["500"], ["502", "429", "500"], ["slow"], ["slow", "slow"], ["hang"]])
def test_whatever_goes_wrong_each_message_arrives_once_and_in_order(
    installation: Installation, telegram: FakeTelegram, chat: str, faults: list[str]
) -> None:
    sender: Any = installation.doors.senders["telegram"]
    sender._answer_seconds = 0.3
    telegram.faults, telegram.slow_seconds = list(faults), 0.6
    installation.put("telegram", chat, "een", "twee", "drie")
    until(lambda: _sent_all(installation, chat))
    assert telegram.texts(chat) == ["een", "twee", "drie"]


def _sent_all(installation: Installation, chat: str) -> bool:
    installation.courier.send_due()
    installation.move(minutes=2)
    return all(status == "sent" for _, status, _ in installation.sent(chat))


def test_it_waits_as_long_as_telegram_asks(installation: Installation, telegram: FakeTelegram, chat: str) -> None:
    telegram.faults, telegram.wait_seconds = ["429"], 600
    installation.put("telegram", chat, "een")
    installation.courier.send_due()
    installation.move(seconds=590)
    installation.courier.send_due()
    assert telegram.texts(chat) == []
    installation.move(seconds=20)
    installation.courier.send_due()
    assert telegram.texts(chat) == ["een"]


def test_who_blocked_us_is_remembered_and_reached_by_the_next_door(
    installation: Installation, telegram: FakeTelegram, chat: str, phone: str
) -> None:
    from_telegram(installation.client, update("text", chat))
    with installation.database.begin() as session:
        session.execute(
            sql("UPDATE contacts SET phone = :phone WHERE id = (SELECT contact_id FROM doors WHERE address = :chat)"),
            {"phone": phone, "chat": chat},
        )
    telegram.blocked.add(chat)
    installation.put("telegram", chat, "Morgen komt Maria.", kind="notice")
    installation.courier.send_due()
    assert installation.sent(chat)[0][1] == "failed"
    assert installation.sent(phone)[0][0] == "sms"
    with installation.database.begin() as session:
        assert is_stopped(session, "telegram", chat)


@pytest.mark.parametrize("address", ["+31612345678", "x", "9" * 30])
def test_an_address_that_is_no_chat_is_tried_once(installation: Installation, address: str) -> None:
    installation.put("telegram", address, "een")
    installation.courier.send_due()
    assert installation.sent(address)[0][1] == "failed"


def test_a_long_text_comes_in_parts_with_the_choices_under_the_last(
    installation: Installation, telegram: FakeTelegram, chat: str
) -> None:
    text = "Dit is een zin van de tekst. " * 300 + "🙂" * 100
    installation.put("telegram", chat, text, options=[{"key": "1", "text": "Ja"}])
    for _ in range(4):
        installation.courier.send_due()
    assert len(telegram.texts(chat)) == 3
    assert " ".join(telegram.texts(chat)) == text
    assert ["reply_markup" in sent for sent in telegram.sent] == [False, False, True]
    assert installation.sent(chat)[0][1] == "sent"


def test_a_process_that_ends_between_two_parts_goes_on_with_the_next(
    installation: Installation, telegram: FakeTelegram, chat: str
) -> None:
    installation.put("telegram", chat, "Dit is een zin van de tekst. " * 200)
    courier = installation.new_courier()
    courier._send_some("telegram", installation.doors.senders["telegram"])
    assert len(telegram.texts(chat)) == 1
    installation.new_courier().send_due()
    assert len(telegram.texts(chat)) == 2


# Asking for updates


def test_without_a_public_address_updates_are_asked_for(
    installation: Installation, telegram: FakeTelegram, chat: str
) -> None:
    telegram.webhook = "https://old.example"
    telegram.updates = [update("text", chat, text=f"bericht {number}") for number in range(3)]
    telegram.updates.insert(1, update("put into a group", chat))
    door = _door(installation)
    polling = Polling(door, TurnToAsk(installation.database), poll_seconds=0)
    polling.start()
    until(lambda: len(installation.heard(chat)) == 3)
    until(lambda: telegram.updates == [])
    polling.stop()
    assert [heard.text for heard in installation.heard(chat)] == ["bericht 0", "bericht 1", "bericht 2"]
    assert telegram.webhook == ""
    assert "leaveChat" in [name for name, _ in telegram.calls]


def test_updates_that_could_not_be_stored_are_asked_for_again(
    installation: Installation, telegram: FakeTelegram, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from care.database import Database, DatabaseUnavailable

    monkeypatch.setattr("bot.doors.telegram._PAUSE_SECONDS", 0.05)
    telegram.updates = [update("text", chat)]
    begin, gone = Database.begin, [True, True]

    def flaky(self: Database) -> Any:
        if gone:
            gone.pop()
            raise DatabaseUnavailable("away")
        return begin(self)

    monkeypatch.setattr(Database, "begin", flaky)
    polling = Polling(_door(installation), TurnToAsk(installation.database), poll_seconds=0)
    polling.start()
    until(lambda: not gone and len(installation.heard(chat)) == 1)
    polling.stop()


def test_of_several_processes_one_asks_and_another_takes_over_when_it_ends(
    installation: Installation, telegram: FakeTelegram, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.doors.telegram._PAUSE_SECONDS", 0.05)
    with another_asker(installation) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "asking\n"
        turn = CountingTurn(installation.database)
        polling = Polling(_door(installation), turn, poll_seconds=0)
        polling.start()
        telegram.updates = [update("text", chat)]
        until(lambda: turn.refused > 3)
        assert "getUpdates" not in [name for name, _ in telegram.calls], "it is the other one's turn"
        other.kill()
        other.wait()
        until(lambda: len(installation.heard(chat)) == 1)
    polling.stop()
    free = TurnToAsk(installation.database)
    assert free.is_ours(), "who stops gives the turn back"
    free.leave()


def test_who_loses_the_database_loses_the_turn(installation: Installation) -> None:
    first, second = TurnToAsk(installation.database), TurnToAsk(installation.database)
    assert first.is_ours()
    assert not second.is_ours()
    with installation.database.begin() as session:
        session.execute(
            sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    until(second.is_ours)
    with pytest.raises(SQLAlchemyError):
        first.is_ours()
    assert not first.is_ours()
    second.leave()
    assert first.is_ours()
    first.leave()


class CountingTurn(TurnToAsk):
    """Counts how often it was another's."""

    refused = 0

    def is_ours(self) -> bool:
        ours = super().is_ours()
        self.refused += not ours
        return ours


_OTHER_ASKER = """
import sys, time
from pathlib import Path
from bot.doors.telegram import TurnToAsk
from care.database import open_database
turn = TurnToAsk(open_database(sys.argv[1], Path()))
print("asking" if turn.is_ours() else "not asking", flush=True)
time.sleep(60)
"""


@contextmanager
def another_asker(installation: Installation) -> Iterator[subprocess.Popen[str]]:
    """Another process whose turn it is to ask Telegram."""
    command = [sys.executable, "-W", "ignore", "-c", _OTHER_ASKER, installation.database.url]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _door(installation: Installation) -> TelegramDoor:
    from bot.doors.opening import open_doors
    from tests.doors.conftest import KEY, without_address

    doors = open_doors(without_address(installation), installation.database, installation.clock, KEY)
    assert doors.polling is not None
    installation.also_close.append(doors)
    return doors.polling._door
