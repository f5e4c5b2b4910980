from __future__ import annotations

import itertools
import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.brain import Brain
from bot.jobs import accept
from care import inbox, outbox
from care.clock import Clock
from care.database import Database
from care.models import Conversation, Inbox, Outbox
from channels import Incoming

ids = itertools.count()
PHONES = (f"+316123{number:05d}" for number in itertools.count(10))


def send(database: Database, clock: Clock, phone: str, text: str, **more: Any) -> int:
    incoming = Incoming("sms", f"brain-{next(ids)}", phone, text, **more)
    with database.begin() as session:
        return accept(session, incoming, clock, queue="nobody").id


def answers(database: Database, incoming_id: int) -> list[Outbox]:
    with database.begin() as session:
        return outbox.replies_to(session, incoming_id)


def state(database: Database, incoming_id: int) -> dict[str, Any]:
    with database.begin() as session:
        contact = session.get(Inbox, incoming_id).contact_id
        return dict(session.scalars(select(Conversation).where(Conversation.contact_id == contact)).one().state)


@pytest.fixture
def phone() -> str:
    return next(PHONES)


def test_a_message_is_answered_in_order_and_marked(brain: Brain, database: Database, clock: Clock, phone: str) -> None:
    incoming = send(database, clock, phone, "dag")
    assert brain.handle(incoming)
    said = answers(database, incoming)
    assert [row.text for row in said] == ["U zei: dag.", "Dat was bericht 1."]
    assert {row.address for row in said} == {phone}
    assert {row.status for row in said} == {"due"}
    with database.begin() as session:
        assert session.get(Inbox, incoming).handled is not None


def test_a_second_run_does_nothing(brain: Brain, database: Database, clock: Clock, phone: str) -> None:
    incoming = send(database, clock, phone, "dag")
    assert brain.handle(incoming)
    assert not brain.handle(incoming)
    assert len(answers(database, incoming)) == 2
    assert state(database, incoming)["echoed"] == 1


def test_what_is_remembered_is_in_the_database_and_not_in_rasa(
    brain: Brain, small_agent: Any, database: Database, clock: Clock, phone: str
) -> None:
    brain.handle(send(database, clock, phone, "een"))
    other = Brain(database, small_agent, clock, brain._phrases)
    incoming = send(database, clock, phone, "twee")
    other.handle(incoming)
    other.close()
    assert answers(database, incoming)[1].text == "Dat was bericht 2."


def test_a_crash_before_the_end_leaves_nothing_and_the_second_run_does_it_once(
    brain: Brain, database: Database, clock: Clock, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = send(database, clock, phone, "dag")

    def crash(*_: Any, **__: Any) -> None:
        # What a killed process looks like from inside: nothing after it runs, not even the apology.
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "reply", crash)
        with pytest.raises(SystemExit):
            brain.handle(incoming)
    assert answers(database, incoming) == []
    brain.handle(incoming)
    assert [row.text for row in answers(database, incoming)] == ["U zei: dag.", "Dat was bericht 1."]


def test_a_failing_action_is_apologised_for_undone_and_logged_without_words(
    brain: Brain, database: Database, clock: Clock, phone: str, caplog: pytest.LogCaptureFixture
) -> None:
    brain.handle(send(database, clock, phone, "dag"))
    incoming = send(database, clock, phone, "mislukt met een geheim")
    with caplog.at_level(logging.DEBUG, logger="bot"):
        assert brain.handle(incoming)
    said = answers(database, incoming)
    assert len(said) == 1
    assert "Half gedaan" not in said[0].text
    assert said[0].text == brain._phrases.text("utter_sorry", "nl")
    assert state(database, incoming) == {"echoed": 1}
    with database.begin() as session:
        row = session.get(Inbox, incoming)
        assert row.handled is not None
        assert row.error
        assert f"error {row.error} in incoming {incoming}" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "geheim" not in caplog.text
    assert phone not in caplog.text


def test_a_turn_ends_with_its_action(brain: Brain, database: Database, clock: Clock, phone: str) -> None:
    incoming = send(database, clock, phone, "rondjes")
    assert brain.handle(incoming)
    assert [row.text for row in answers(database, incoming)] == ["Nog een rondje."]


def test_the_apology_is_in_the_language_of_the_talk(brain: Brain, database: Database, clock: Clock, phone: str) -> None:
    incoming = send(database, clock, phone, "mislukt", language="en")
    brain.handle(incoming)
    assert answers(database, incoming)[0].text == brain._phrases.text("utter_sorry", "en")


def test_an_unreachable_database_is_raised_so_that_the_job_is_tried_again(
    brain: Brain, database: Database, clock: Clock, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = send(database, clock, phone, "dag")

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "claim", gone)
        with pytest.raises(OperationalError):
            brain.handle(incoming)
    assert brain.handle(incoming)


@pytest.mark.parametrize("text", ["/fails", "  /fails", "//fails", '/ /fails{"a": "b"}', "/small_fail"])
def test_people_cannot_give_rasa_commands(
    brain: Brain, database: Database, clock: Clock, phone: str, text: str
) -> None:
    incoming = send(database, clock, phone, text)
    brain.handle(incoming)
    assert answers(database, incoming)[0].text.startswith("U zei: ")


def test_buttons_become_options_with_keys(brain: Brain, database: Database, clock: Clock, phone: str) -> None:
    incoming = send(database, clock, phone, "vraag")
    brain.handle(incoming)
    assert answers(database, incoming)[0].options == [{"key": "1", "text": "De ene"}, {"key": "2", "text": "De andere"}]


def test_the_turn_is_at_the_moment_of_the_message(brain: Brain, database: Database, clock: Clock, phone: str) -> None:
    moment = clock.now()
    incoming = send(database, clock, phone, "dag")
    clock.move(moment + timedelta(days=3))
    brain.handle(incoming)
    assert abs(answers(database, incoming)[0].due - moment) < timedelta(seconds=5)


def test_a_language_chosen_outside_counts_until_the_talk_changes_it(
    brain: Brain, database: Database, clock: Clock, phone: str
) -> None:
    def language_after(text: str, chosen: str | None) -> str:
        incoming = send(database, clock, phone, text, payload={"language": chosen} if chosen else {})
        brain.handle(incoming)
        with database.begin() as session:
            contact = session.get(Inbox, incoming).contact_id
            talk = session.scalars(select(Conversation).where(Conversation.contact_id == contact)).one()
            return talk.language

    def talk_switches_to(language: str) -> None:
        with database.begin() as session:
            for talk in session.scalars(select(Conversation)):
                talk.language = language

    assert language_after("dag", None) == "nl"
    assert language_after("hello", "en") == "en"
    talk_switches_to("nl")
    assert language_after("dag", "en") == "nl"
    assert language_after("hello", "nl") == "nl"
    assert language_after("hello", "en") == "en"


def test_two_threads_handle_one_message_once(brain: Brain, database: Database, clock: Clock, phone: str) -> None:
    incoming = send(database, clock, phone, "dag")
    results: list[bool] = []
    threads = [threading.Thread(target=lambda: results.append(brain.handle(incoming))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    assert len(answers(database, incoming)) == 2


def test_a_prediction_is_worked_out_once_for_each_intent_and_stays_right(
    brain: Brain, database: Database, clock: Clock, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = brain._agent.processor
    monkeypatch.setattr(processor, "_predictions", {})
    for _ in range(2):
        for text, said in (("rondjes", "Nog een rondje."), ("vraag", "Welke?")):
            incoming = send(database, clock, phone, text)
            brain.handle(incoming)
            assert answers(database, incoming)[0].text == said
    assert sorted(processor._predictions) == ["asks", "loops"]


def test_with_slots_or_entities_every_prediction_is_rasas(
    brain: Brain, database: Database, clock: Clock, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = brain._agent.processor
    monkeypatch.setattr(processor, "_predictions", {})
    monkeypatch.setattr(processor, "_only_intents", False)
    incoming = send(database, clock, phone, "rondjes")
    brain.handle(incoming)
    assert answers(database, incoming)[0].text == "Nog een rondje."
    assert processor._predictions == {}
