"""What Twilio sends us, read as it is."""

from __future__ import annotations

from typing import Any

import pytest

from channels import twilio_messages
from tests.doors.payloads import recorded


@pytest.mark.parametrize("row", recorded("twilio_messages"), ids=lambda row: row["name"])
def test_every_kind_of_message_is_read(row: dict[str, Any]) -> None:
    expect = row["expect"]
    try:
        incoming = twilio_messages.incoming(row["form"])
    except twilio_messages.Refused:
        incoming = None
    if expect is None:
        assert incoming is None
        return
    assert incoming is not None
    assert incoming.outside_id == row["form"]["MessageSid"]
    assert incoming.channel == ("whatsapp" if row["form"]["From"].startswith("whatsapp:") else "sms")
    assert incoming.address == expect.get("address", "+31612345678")
    assert (incoming.text, incoming.kind) == (expect["text"], expect["kind"])
    assert incoming.payload.get("what") == expect.get("what")
    assert incoming.payload.get("button") == expect.get("button")


@pytest.mark.parametrize("row", recorded("twilio_status"), ids=lambda row: row["name"])
def test_every_kind_of_news_is_read(row: dict[str, Any]) -> None:
    news = twilio_messages.status(row["form"], "12.3")
    assert (news and news.status) == row["expect"]
    if news is not None:
        assert (news.message, news.part) == (12, 3)
        assert news.error == row["form"].get("ErrorCode")


@pytest.mark.parametrize("reference", [None, "", "12", "x.y", "1.2.3", "9" * 30 + ".0"])
def test_news_without_our_own_reference_has_twilios(reference: str | None) -> None:
    news = twilio_messages.status({"MessageSid": "SM1", "MessageStatus": "sent"}, reference)
    assert news is not None
    assert news.message is None


@pytest.mark.parametrize("sid", ["", "SM 1", "é", "x" * 65])
def test_a_form_without_an_id_is_no_message(sid: str) -> None:
    with pytest.raises(twilio_messages.Refused):
        twilio_messages.incoming({"MessageSid": sid, "From": "+31612345678", "Body": "dag"})


def test_halves_of_characters_and_control_characters_are_left_out() -> None:
    incoming = twilio_messages.incoming({"MessageSid": "SM1", "From": "+31612345678", "Body": "da\x00g\ud800\x07"})
    assert incoming is not None
    assert incoming.text == "dag"


def test_nothing_that_is_kept_of_a_form_holds_what_no_text_can() -> None:
    bad = "\x00x\ud800"
    form = {"MessageSid": "SM1", "From": "whatsapp:+31612345678", "NumMedia": "1", "MediaContentType0": "audio/ogg"}
    incoming = twilio_messages.incoming({**form, "MediaUrl0": bad, "ButtonPayload": bad, "OptOutType": bad})
    assert incoming is not None
    assert incoming.payload == {"what": "voice", "media_url": "x", "button": "x", "opt_out": "X"}
