from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import web

VISITOR = "visitor-abcdefghijklmnopqrstuv"


def read(text: str, message_id: str = "0123456789ab", **more: str) -> web.Incoming:
    return web.incoming(visitor=VISITOR, message_id=message_id, text=text, language="nl", **more)


def test_a_message_is_addressed_to_its_visitor() -> None:
    incoming = read("  dag\x00 hoor ")
    assert (incoming.channel, incoming.address, incoming.text) == ("web", VISITOR, "dag hoor")
    assert incoming.payload == {}


def test_the_same_form_sent_twice_is_one_message_and_another_text_is_not() -> None:
    assert read("dag").outside_id == read("dag").outside_id
    assert read("dag").outside_id != read("hallo").outside_id
    assert read("dag").outside_id != read("dag", message_id="ba9876543210").outside_id


def test_a_language_counts_as_chosen_only_when_the_visitor_chose_it() -> None:
    assert read("dag", chosen="en").payload == {"language": "en"}


@pytest.mark.parametrize(
    ("text", "message_id", "reason"),
    [
        ("   ", "0123456789ab", "empty"),
        ("\x07", "0123456789ab", "empty"),
        ("x" * 4001, "0123456789ab", "too_long"),
        ("dag", "", "bad_id"),
        ("dag", "a b c d e f g h", "bad_id"),
        ("dag", "x" * 65, "bad_id"),
    ],
)
def test_what_is_no_message_is_refused_with_its_reason(text: str, message_id: str, reason: str) -> None:
    with pytest.raises(web.Refused) as refused:
        read(text, message_id)
    assert refused.value.reason == reason


@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused_and_what_is_taken_can_be_stored(text: str) -> None:
    try:
        incoming = read(text)
    except web.Refused as refused:
        outcome = refused.reason
    else:
        outcome = "taken"
        assert incoming.text.encode("utf-8")
        assert "\x00" not in incoming.text
    assert outcome in {"taken", "empty", "too_long"}
