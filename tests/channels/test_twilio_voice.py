from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.twilio_voice import Listening, Said, Script, Speech, lines_for_the_ear, outside_id, read_step
from tests.doors.payloads import recorded
from tests.doors.voice import twiml

FORM = {"CallSid": "CA0123", "From": "+31612345678", "To": "+31850000001", "CallStatus": "in-progress"}


@pytest.mark.parametrize(
    ("number", "caller"),
    [
        ("+31612345678", "+31612345678"),
        (" +31 6 12345678 ", "+31612345678"),
        ("anonymous", None),
        ("Anonymous", None),
        ("+266696687", None),
        ("+7378742833", None),
        ("+2562533", None),
        ("sip:someone@example.org", None),
        ("client:someone", None),
        ("0612345678", None),
        ("+", None),
        ("", None),
    ],
)
def test_who_calls(number: str, caller: str | None) -> None:
    step = read_step({**FORM, "From": number}, {})
    assert step is not None
    assert step.caller == caller


@pytest.mark.parametrize("row", recorded("twilio_voice"), ids=lambda row: row["name"])
def test_every_recorded_step_is_read(row: dict[str, Any]) -> None:
    query = dict(parse_qsl(row["query"].removeprefix("?")))
    step = read_step(row["form"], query)
    if row["expect"] is None:
        assert step is None
    else:
        assert {name: getattr(step, name) for name in row["expect"]} == row["expect"]


def test_in_a_call_of_ours_the_other_side_is_whom_we_called() -> None:
    step = read_step({**FORM, "Direction": "outbound-api", "From": "+31850000001", "To": "+31201234567"}, {})
    assert step is not None
    assert (step.caller, step.called) == ("+31201234567", "+31850000001")


@pytest.mark.parametrize(
    ("fields", "kind", "text", "confidence"),
    [
        ({"Digits": "1"}, "digits", "1", None),
        ({"Digits": "*"}, "digits", "*", None),
        ({"Digits": "0930", "SpeechResult": "tien"}, "digits", "0930", None),
        ({"SpeechResult": "Om tien  uur.", "Confidence": "0.87"}, "text", "Om tien uur.", 0.87),
        ({"SpeechResult": "ja", "Confidence": "0.0"}, "text", "ja", None),
        ({"SpeechResult": "ja", "Confidence": "nan"}, "text", "ja", None),
        ({"SpeechResult": "ja", "Confidence": "veel"}, "text", "ja", None),
        ({"SpeechResult": "ja"}, "text", "ja", None),
        ({"SpeechResult": "\x00 "}, "silence", "", None),
        ({"Digits": "abc"}, "silence", "", None),
        ({}, "silence", "", None),
        ({"CallStatus": "completed", "SpeechResult": "ja"}, "over", "", None),
    ],
)
def test_what_was_said(fields: dict[str, str], kind: str, text: str, confidence: float | None) -> None:
    step = read_step({**FORM, **fields}, {"step": "3"})
    assert step is not None
    assert (step.kind, step.text, step.confidence, step.number) == (kind, text, confidence, 3)


def test_the_first_request_begins_and_a_dial_ends() -> None:
    begins, dialled = read_step(FORM, {}), read_step({**FORM, "DialCallStatus": "busy"}, {"step": "2", "dialled": "1"})
    assert begins is not None
    assert dialled is not None
    assert (begins.kind, dialled.kind, dialled.outcome) == ("begin", "dialled", "busy")
    assert outside_id(dialled) == "CA0123:2"


@given(st.dictionaries(st.sampled_from([*FORM, "Digits", "SpeechResult", "Confidence"]), st.text()), st.text())
def test_no_form_makes_it_fall(fields: dict[str, str], step: str) -> None:
    read_step(fields, {"step": step, "wait": step, "about": step})


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Klopt dat?", ["Klopt dat?"]),
        ("Met Anna (vrijwilliger, gratis).\nKlopt dat?", ["Met Anna, vrijwilliger, gratis.", "Klopt dat?"]),
        ("Zeg ‘verder’ 😀 als u wilt", ["Zeg verder als u wilt"]),
        ("’s ochtends om 8 uur", ["'s ochtends om 8 uur"]),
        ("Een ogenblik, ik denk na …", ["Een ogenblik, ik denk na"]),
        ("a\x00b <Say>\n\n \n", ["a b Say"]),
        ("", []),
    ],
)
def test_text_for_the_ear(text: str, lines: list[str]) -> None:
    assert lines_for_the_ear(text) == lines


@given(st.text(max_size=300), st.lists(st.text(max_size=200), max_size=150))
def test_whatever_is_said_is_good_twiml(text: str, hints: list[str]) -> None:
    script = Script(Speech(), "https://thuisbel.example")
    said = [Said(text, "nl")]
    twiml.check(script.ask(said, Listening("nl", hints, 1), script.url(step=1)))
    twiml.check(script.wait(said[0], script.url(step=1, wait=1)))
    twiml.check(script.end(*said))
    twiml.check(script.connect(said, "+31201234567", script.url(step=2, dialled=1), "+31850000001"))


def test_an_answer_of_any_length_is_ended_by_the_hash_key() -> None:
    script = Script(Speech())
    gather = twiml.check(script.ask([Said("Uw nummer?", "nl")], Listening("nl"), script.url(step=1))).find("Gather")
    assert gather is not None
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == (None, "#")


def test_what_twilio_would_not_take_is_found() -> None:
    for wrong in (
        "<Response><Dial><Say>x</Say></Dial></Response>",
        '<Response><Gather loudness="3"/></Response>',
        "<Response><Gather><Hangup/></Gather></Response>",
        "<Response><Dictate/></Response>",
    ):
        with pytest.raises(AssertionError):
            twiml.check(wrong)
