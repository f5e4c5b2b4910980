"""Messages by Twilio: out by the courier, and the news of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text as sql

from care.models import Delivery, Outbox
from care.people import contact_for
from tests.doors.conftest import Installation
from tests.doors.fake_twilio import FakeTwilio
from tests.doors.payloads import STATUS, from_twilio, recorded
from tests.doors.twilio_talk import deliver, form, hurry, news, variables

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
    hurry(installation)
    twilio.faults, twilio.slow_seconds = list(faults), 0.6
    installation.put("sms", phone, "een", "twee", "drie")
    deliver(installation, twilio, phone)
    assert twilio.bodies(phone) == ["een", "twee", "drie"]
    assert [status for _, status, _ in installation.sent(phone)] == ["delivered"] * 3


def test_the_same_text_twice_arrives_twice_whatever_goes_wrong(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    hurry(installation)
    twilio.faults, twilio.slow_seconds = ["cut", "503", "cut", "429"], 0.6
    installation.put("sms", phone, "ja", "ja")
    deliver(installation, twilio, phone)
    assert twilio.bodies(phone) == ["ja", "ja"]


def test_a_message_that_was_on_its_way_when_the_process_ended_is_not_sent_again(
    installation: Installation, twilio: FakeTwilio, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.put("sms", phone, "een")

    def crash(*_: Any, **__: Any) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr("bot.courier.deliveries.mark_sent", crash)
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
    assert variables(message) == {"1": "mevrouw Test", "2": "maandag; of later"}
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
        assert news(installation, twilio.taken[-1], status).status_code == 204
    assert installation.sent(phone)[0][1] == "delivered"


def test_news_of_delivery_lets_the_courier_look_for_what_comes_next(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    woken: list[str] = []
    installation.doors.wakes.append(lambda: woken.append("now"))
    installation.put("sms", phone, "een", "twee")
    installation.courier.send_due()
    assert twilio.bodies(phone) == ["een"], "what follows waits for the news"
    news(installation, twilio.taken[-1], "sent")
    assert woken == []
    news(installation, twilio.taken[-1], "delivered")
    assert woken == ["now"]
    installation.courier.send_due()
    assert twilio.bodies(phone) == ["een", "twee"]


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
        news(installation, twilio.taken[-1], "delivered")
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
        news(installation, message, "failed", ErrorCode="63024")
    for _ in range(2):
        installation.move(seconds=5)
        installation.courier.send_due()
    assert [(channel, status) for channel, status, _ in installation.sent(phone)][2:] == [("sms", "sent")] * 2
    for message in twilio.taken[2:]:
        news(installation, message, "undelivered", ErrorCode="30003")
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
