"""Messages by Twilio: in by the webhook, out by the courier, news of them in again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import text as sql

from bot.brain import Brain
from care.models import Delivery, Outbox
from care.people import contact_for
from tests.doors.conftest import Installation
from tests.doors.fake_twilio import FakeTwilio
from tests.doors.payloads import FORM, MESSAGES, STATUS, from_twilio, named, recorded, signature

WORDLESS = [row for row in recorded("twilio_messages") if (row["expect"] or {}).get("what")]


def form(phone: str, text: str, sid: str = "", channel: str = "sms", **more: str) -> dict[str, str]:
    """The form of a text message, with the fields that a real one has."""
    row = named("twilio_messages", "sms" if channel == "sms" else "whatsapp text")
    prefix = "whatsapp:" if channel == "whatsapp" else ""
    sid = sid or f"SM{time.monotonic_ns():032d}"
    return {**row["form"], "MessageSid": sid, "From": prefix + phone, "Body": text, **more}


def handle_all(installation: Installation, brain: Brain) -> None:
    """Let the brain do what waits."""
    with installation.database.begin() as session:
        ids = session.scalars(sql("SELECT id FROM inbox WHERE handled IS NULL ORDER BY id")).all()
    for message_id in ids:
        brain.handle(message_id)


# In


def test_a_message_is_stored_with_its_job_and_answered_with_nothing(installation: Installation, phone: str) -> None:
    answer = from_twilio(installation.client, form(phone, "dag"))
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert answer.headers["content-type"].startswith("text/xml")
    [heard] = installation.heard(phone)
    assert (heard.channel, heard.text, heard.handled) == ("sms", "dag", None)
    assert installation.counts()[2] == 1


def test_the_same_message_twice_counts_once(installation: Installation, phone: str) -> None:
    fields = form(phone, "dag", sid="SM" + "7" * 32)
    for _ in range(3):
        assert from_twilio(installation.client, fields).status_code == 200
    assert len(installation.heard(phone)) == 1
    assert installation.counts()[2] == 1


def test_the_same_message_by_two_at_once_counts_once(installation: Installation, phone: str) -> None:
    fields = form(phone, "dag", sid="SM" + "8" * 32)
    threads = [threading.Thread(target=from_twilio, args=(installation.client, fields)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(installation.heard(phone)) == 1


@pytest.mark.parametrize("row", recorded("twilio_messages"), ids=lambda row: row["name"])
def test_every_recorded_message_is_answered(installation: Installation, phone: str, row: dict[str, Any]) -> None:
    sender = row["form"]["From"].replace("+31612345678", phone)
    before = installation.counts()
    assert from_twilio(installation.client, {**row["form"], "From": sender}).status_code == 200
    came, goes, jobs = (now - then for now, then in zip(installation.counts(), before, strict=True))
    if row["expect"] is None:
        assert (came, goes, jobs) == (0, 0, 0)
        return
    assert came == 1
    assert jobs or goes or "OptOutType" in row["form"], "either the brain or the door itself answers"


@pytest.mark.parametrize(
    "row",
    [row for row in recorded("twilio_messages") if (row["expect"] or {}).get("what")],
    ids=lambda row: row["name"],
)
def test_what_is_not_text_is_answered_kindly(installation: Installation, phone: str, row: dict[str, Any]) -> None:
    sender = row["form"]["From"].replace("+31612345678", phone)
    from_twilio(installation.client, {**row["form"], "From": sender, "MessageSid": f"MM{time.monotonic_ns()}"})
    [(_, status, text)] = installation.sent(phone)
    assert status == "due"
    assert "{" not in text
    [heard] = installation.heard(phone)
    words_too = bool(row["expect"]["text"])
    assert (heard.handled is None) == words_too, "what is written with it goes to the brain"


def test_the_door_answers_in_the_language_of_the_talk(installation: Installation, phone: str) -> None:
    with installation.database.begin() as session:
        contact_for(session, "sms", phone, installation.clock.now(), "en")
    from_twilio(installation.client, form(phone, "", NumMedia="1", MediaContentType0="image/jpeg"))
    assert "pictures" in installation.sent(phone)[0][2]


# Who gets in


@pytest.mark.parametrize("path", [MESSAGES, STATUS])
@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Twilio-Signature": "x"}, {"X-Twilio-Signature": signature(MESSAGES, {"Body": "dag"})}],
    ids=["none", "nonsense", "of another message"],
)
def test_without_the_right_signature_nobody_gets_in(
    installation: Installation, phone: str, path: str, headers: dict[str, str]
) -> None:
    before = installation.counts()
    answer = installation.client.post(
        path, content=urlencode(form(phone, "dag")), headers={**headers, "content-type": FORM}
    )
    assert answer.status_code == 403
    assert installation.counts() == before


def test_a_signature_for_one_path_is_none_for_the_other(installation: Installation, phone: str) -> None:
    fields = form(phone, "dag")
    headers = {"X-Twilio-Signature": signature(STATUS, fields), "content-type": FORM}
    assert installation.client.post(MESSAGES, content=urlencode(fields), headers=headers).status_code == 403


def test_a_message_replayed_with_another_text_is_refused(installation: Installation, phone: str) -> None:
    fields = form(phone, "dag")
    headers = {"X-Twilio-Signature": signature(MESSAGES, fields), "content-type": FORM}
    forged = urlencode({**fields, "Body": "zeg alles af"})
    assert installation.client.post(MESSAGES, content=forged, headers=headers).status_code == 403
    assert installation.heard(phone) == []


def test_a_large_body_is_refused(installation: Installation, phone: str) -> None:
    assert from_twilio(installation.client, form(phone, "x" * 70_000)).status_code == 413


def test_who_sends_too_much_is_told_once_and_the_rest_is_left_unread(installation: Installation, phone: str) -> None:
    for number in range(40):
        assert from_twilio(installation.client, form(phone, f"bericht {number}")).status_code == 200
    assert 30 <= len(installation.heard(phone)) < 40
    assert len([text for _, _, text in installation.sent(phone) if "te veel" in text]) == 1


def test_it_answers_within_a_tenth_of_a_second(installation: Installation, new_phone: Callable[[], str]) -> None:
    took = []
    for _ in range(60):
        fields = form(new_phone(), "dag")
        started = time.perf_counter()
        from_twilio(installation.client, fields)
        took.append(time.perf_counter() - started)
    # The median: a busy machine may make any single one late.
    assert sorted(took)[len(took) // 2] < 0.1


# With the brain


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_what_somebody_writes_never_becomes_a_command_of_rasas(
    installation: Installation, brain: Brain, phone: str, channel: str
) -> None:
    from_twilio(installation.client, form(phone, '/fails{"x": 1}', channel=channel))
    handle_all(installation, brain)
    assert installation.sent(phone)[0][2] == 'U zei: fails{"x": 1}.'


def test_a_talk_goes_in_by_the_webhook_and_out_by_the_courier(
    installation: Installation, brain: Brain, twilio: FakeTwilio, phone: str
) -> None:
    from_twilio(installation.client, form(phone, "dag"))
    handle_all(installation, brain)
    _deliver(installation, twilio, phone)
    assert twilio.bodies(phone) == ["U zei: dag.", "Dat was bericht 1."]


def test_choices_are_buttons_on_whatsapp_and_a_press_is_an_answer_once(
    installation: Installation, brain: Brain, twilio: FakeTwilio, phone: str
) -> None:
    twilio.windows.add(phone)
    from_twilio(installation.client, form(phone, "vraag", channel="whatsapp"))
    handle_all(installation, brain)
    _open_question(installation, phone)
    installation.courier.send_due()
    [message] = twilio.taken
    assert message["fields"]["ContentSid"] == "HX2"
    values = _variables(message)
    assert (values["1"], values["2"], values["4"]) == ("Welke?", "De ene", "De andere")
    pressed = {"ButtonPayload": values["5"], "ButtonText": "De andere"}
    for _ in range(3):
        from_twilio(installation.client, form(phone, "De andere", channel="whatsapp", **pressed))
    assert [heard.text for heard in installation.heard(phone)] == ["vraag", "2"]


def test_a_button_of_somebody_else_or_of_a_question_that_passed_is_no_answer(
    installation: Installation, brain: Brain, twilio: FakeTwilio, phone: str, new_phone: Callable[[], str]
) -> None:
    twilio.windows.add(phone)
    from_twilio(installation.client, form(phone, "vraag", channel="whatsapp"))
    handle_all(installation, brain)
    installation.courier.send_due()
    token = _variables(twilio.taken[0])["5"]
    # Nothing is asked any more: the question was answered in words.
    from_twilio(installation.client, form(phone, "x", channel="whatsapp", ButtonPayload=token))
    assert [heard.text for heard in installation.heard(phone)] == ["vraag"]
    assert "al voorbij" in installation.sent(phone)[-1][2]
    other = new_phone()
    from_twilio(installation.client, form(other, "", channel="whatsapp", ButtonPayload=token))
    assert installation.heard(other) == []


def test_by_text_message_choices_are_numbers(
    installation: Installation, brain: Brain, twilio: FakeTwilio, phone: str
) -> None:
    from_twilio(installation.client, form(phone, "vraag"))
    handle_all(installation, brain)
    installation.courier.send_due()
    assert twilio.bodies(phone) == ["Welke?\n1. De ene\n2. De andere"]


# Out


def test_text_messages_are_plain_and_short(installation: Installation, twilio: FakeTwilio, phone: str) -> None:
    installation.put("sms", phone, "’s Ochtends – “goed” … Daniëlle komt. " + "Dit is een zin van de tekst. " * 35)
    for _ in range(4):
        installation.courier.send_due()
        installation.move(seconds=5)
    bodies = twilio.bodies(phone)
    assert len(bodies) == 2
    assert bodies[0].startswith('\'s Ochtends - "goed" ... Danielle komt.')
    assert all(len(body) <= 600 for body in bodies)
    assert all(body.endswith("tekst.") for body in bodies), "cut at the end of a sentence"


@pytest.mark.parametrize(
    "faults", [["429"], ["500"], ["503", "503"], ["429", "500", "429"], ["cut"], ["slow"], ["hang"], ["cut", "cut"]]
)
def test_whatever_goes_wrong_each_message_arrives_once_and_in_order(
    installation: Installation, twilio: FakeTwilio, phone: str, faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _hurry(installation)
    twilio.faults, twilio.slow_seconds = list(faults), 0.6
    installation.put("sms", phone, "een", "twee", "drie")
    _deliver(installation, twilio, phone)
    assert twilio.bodies(phone) == ["een", "twee", "drie"]
    assert [status for _, status, _ in installation.sent(phone)] == ["delivered"] * 3


def test_the_same_text_twice_arrives_twice_whatever_goes_wrong(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    _hurry(installation)
    twilio.faults, twilio.slow_seconds = ["cut", "503", "cut", "429"], 0.6
    installation.put("sms", phone, "ja", "ja")
    _deliver(installation, twilio, phone)
    assert twilio.bodies(phone) == ["ja", "ja"]


def test_a_message_that_was_on_its_way_when_the_process_ended_is_not_sent_again(
    installation: Installation, twilio: FakeTwilio, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.put("sms", phone, "een")

    def crash(*_: Any, **__: Any) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr("bot.courier.deliveries.record", crash)
        with pytest.raises(SystemExit):
            installation.courier.send_due()
    installation.move(seconds=2)
    installation.new_courier().send_due()
    assert twilio.bodies(phone) == ["een"]
    assert installation.sent(phone)[0][1] == "sent"


@pytest.mark.parametrize("faults", [[], ["cut"], ["503", "cut"]])
def test_outside_the_window_only_a_template_is_sent(
    installation: Installation, twilio: FakeTwilio, phone: str, faults: list[str]
) -> None:
    template = {"name": "helper_untold", "language": "nl", "values": ["mevrouw Test", "maandag\nof later"]}
    text = "De afspraken bij mevrouw Test vanaf maandag\nof later gaan niet door."
    twilio.faults = list(faults)
    installation.put("whatsapp", phone, text, kind="notice", template=template)
    for _ in range(4):
        installation.courier.send_due()
        installation.move(minutes=2)
    [message] = twilio.taken
    assert message["fields"]["ContentSid"] == "HXuntold"
    assert _variables(message) == {"1": "mevrouw Test", "2": "maandag; of later"}
    assert "Body" not in message["fields"]


def test_outside_the_window_without_a_template_it_goes_by_text_message(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    installation.put("whatsapp", phone, "Morgen komt Maria.", kind="notice")
    installation.courier.send_due()
    installation.courier.send_due()
    assert [(channel, status) for channel, status, _ in installation.sent(phone)] == [
        ("whatsapp", "failed"),
        ("sms", "sent"),
    ]
    assert [message["to"] for message in twilio.taken] == [phone]


def test_the_window_opens_with_a_message_and_closes_after_a_day(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    from_twilio(installation.client, form(phone, "dag", channel="whatsapp"))
    twilio.windows.add(phone)
    installation.move(hours=23)
    installation.put("whatsapp", phone, "Morgen komt Maria.", kind="notice")
    installation.courier.send_due()
    assert twilio.bodies(phone) == ["Morgen komt Maria."]
    twilio.windows.clear()
    installation.move(hours=2)
    installation.put("whatsapp", phone, "Ze komt later.", kind="notice")
    installation.courier.send_due()
    assert installation.sent(phone)[1][:2] == ("whatsapp", "failed")


# News


def test_news_of_delivery_is_kept_whatever_its_order(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    installation.put("sms", phone, "een")
    installation.courier.send_due()
    for status in ("delivered", "sent", "queued", "delivered"):
        assert _news(installation, twilio.taken[-1], status).status_code == 204
    assert installation.sent(phone)[0][1] == "delivered"


def test_news_that_names_only_twilios_id_is_understood(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    installation.put("sms", phone, "een")
    installation.courier.send_due()
    fields = {"MessageSid": twilio.taken[-1]["sid"], "MessageStatus": "delivered"}
    assert from_twilio(installation.client, fields, STATUS).status_code == 204
    assert installation.sent(phone)[0][1] == "delivered"


def test_news_that_comes_before_the_answer_counts(
    installation: Installation, twilio: FakeTwilio, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = twilio._take

    def take_and_tell(fields: dict[str, str]) -> Any:
        answer = take(fields)
        _news(installation, twilio.taken[-1], "delivered")
        return answer

    monkeypatch.setattr(twilio, "_take", take_and_tell)
    installation.put("sms", phone, "een")
    installation.courier.send_due()
    assert installation.sent(phone)[0][1] == "delivered"


def test_what_was_not_delivered_goes_by_the_next_door_and_then_to_the_coordinator(
    installation: Installation, twilio: FakeTwilio, phone: str, new_phone: Callable[[], str]
) -> None:
    boss = new_phone()
    with installation.database.begin() as session:
        contact_for(session, "sms", boss, installation.clock.now()).roles = ["coordinator"]
    from_twilio(installation.client, form(phone, "dag", channel="whatsapp"))
    twilio.windows.add(phone)
    installation.put("whatsapp", phone, "Morgen komt Maria.", "Niet vergeten.", kind="notice")
    installation.courier.send_due()
    installation.move(seconds=5)
    installation.courier.send_due()
    for message in list(twilio.taken):
        _news(installation, message, "failed", ErrorCode="63024")
    for _ in range(2):
        installation.move(seconds=5)
        installation.courier.send_due()
    assert [(channel, status) for channel, status, _ in installation.sent(phone)][2:] == [("sms", "sent")] * 2
    for message in twilio.taken[2:]:
        _news(installation, message, "undelivered", ErrorCode="30003")
    told = installation.sent(boss)
    assert len(told) == 1, "once a day"
    assert phone in told[0][2]
    with installation.database.begin() as session:
        session.execute(sql("UPDATE contacts SET roles = '{}'"))
        assert {row.error for row in session.query(Delivery).filter(Delivery.status == "failed")} >= {"63024", "30003"}


def test_news_of_a_message_that_is_none_of_ours_changes_nothing(installation: Installation) -> None:
    for row in recorded("twilio_status"):
        assert from_twilio(installation.client, row["form"], STATUS).status_code == 204
        assert from_twilio(installation.client, row["form"], f"{STATUS}?of=99999999.0").status_code == 204


def test_a_number_that_does_not_exist_is_tried_once(installation: Installation, twilio: FakeTwilio, phone: str) -> None:
    twilio.refuse[phone] = 21211
    installation.put("sms", phone, "een")
    installation.courier.send_due()
    assert installation.sent(phone) == [("sms", "failed", "een")]
    with installation.database.begin() as session:
        assert session.query(Outbox).filter(Outbox.address == phone).one().attempts == 1


def test_nothing_personal_is_logged(
    installation: Installation, twilio: FakeTwilio, phone: str, caplog: pytest.LogCaptureFixture
) -> None:
    from bot import logs

    logs.quiet_libraries()
    caplog.set_level("DEBUG")
    twilio.faults = ["500", "429"]
    from_twilio(installation.client, form(phone, "een geheim"))
    installation.put("sms", phone, "nog een geheim")
    for _ in range(3):
        installation.courier.send_due()
        installation.move(minutes=1)
    assert twilio.bodies(phone) == ["nog een geheim"]
    assert "geheim" not in caplog.text
    assert phone not in caplog.text
    assert phone.removeprefix("+") not in caplog.text


# Helpers


def _variables(message: dict[str, Any]) -> dict[str, str]:
    import json

    values: dict[str, str] = json.loads(message["fields"]["ContentVariables"])
    return values


def _open_question(installation: Installation, phone: str) -> None:
    """The small model's action asks without noting it; the talk's memory says that a question is open."""
    with installation.database.begin() as session:
        session.execute(
            sql(
                "UPDATE conversations SET state = jsonb_build_object('awaiting', jsonb_build_object('topic', 'x'))"
                " WHERE contact_id = (SELECT id FROM contacts WHERE phone = :phone)"
            ),
            {"phone": phone},
        )


def _news(installation: Installation, message: dict[str, Any], status: str, **more: str) -> Any:
    """Twilio tells what became of a message, at the address we gave it."""
    parts = urlsplit(message["fields"]["StatusCallback"])
    assert parse_qs(parts.query)
    fields = {"MessageSid": message["sid"], "MessageStatus": status, "To": message["to"], **more}
    return from_twilio(installation.client, fields, f"{parts.path}?{parts.query}")


def _deliver(installation: Installation, twilio: FakeTwilio, phone: str) -> None:
    """Let the courier work and Twilio tell that all arrived, as long as it takes."""
    for _ in range(12):
        known = len(twilio.taken)
        installation.courier.send_due()
        for message in twilio.taken[known:]:
            _news(installation, message, "delivered")
        installation.move(minutes=2)
    assert all(status != "due" for _, status, _ in installation.sent(phone))


def _hurry(installation: Installation) -> None:
    """Give up on an answer sooner."""
    sender: Any = installation.doors.senders["sms"]
    sender._twilio.http_client.timeout = (2, 0.3)
