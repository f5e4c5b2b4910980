from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from channels.twilio_signature import MOST_FIELDS, TwilioSignature, read_form

TOKEN = "a token of the tests"
PUBLIC = "https://thuisbel.example"
PATH = "/channels/twilio/messages"
FIELDS = {"MessageSid": "SM1", "From": "+31612345678", "Body": "café & thee €5", "MediaUrl0": ""}
SEEN = f"http://127.0.0.1:8000{PATH}"


def sign(url: str, fields: dict[str, str], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, fields))


def test_what_twilio_signed_is_read_with_its_empty_fields() -> None:
    form = TwilioSignature(TOKEN, PUBLIC).form(SEEN, urlencode(FIELDS).encode(), sign(PUBLIC + PATH, FIELDS))
    assert form is not None
    assert dict(form) == FIELDS


def test_behind_a_proxy_the_public_address_counts_with_its_own_path() -> None:
    signature = TwilioSignature(TOKEN, "https://example.org/thuisbel/")
    assert signature.signed_url(f"{SEEN}?call=1") == f"https://example.org/thuisbel{PATH}?call=1"


def test_without_a_public_address_the_one_in_the_request_counts() -> None:
    body = urlencode(FIELDS).encode()
    assert TwilioSignature(TOKEN).form(SEEN, body, sign(SEEN, FIELDS)) is not None
    assert TwilioSignature(TOKEN, PUBLIC).form(SEEN, body, sign(SEEN, FIELDS)) is None


def test_the_port_may_be_named_or_not() -> None:
    signature = TwilioSignature(TOKEN, PUBLIC)
    assert signature.form(SEEN, urlencode(FIELDS).encode(), sign(f"{PUBLIC}:443{PATH}", FIELDS)) is not None


@pytest.mark.parametrize("given", [None, "", "x", "é" * 28, sign(PUBLIC + PATH, FIELDS, "another token")])
def test_without_the_right_signature_there_is_no_form(given: str | None) -> None:
    assert TwilioSignature(TOKEN, PUBLIC).form(SEEN, urlencode(FIELDS).encode(), given) is None


def test_a_changed_field_breaks_the_signature() -> None:
    changed = urlencode({**FIELDS, "From": "+31687654321"}).encode()
    assert TwilioSignature(TOKEN, PUBLIC).form(SEEN, changed, sign(PUBLIC + PATH, FIELDS)) is None


@pytest.mark.parametrize("body", ["é".encode(), b"&".join([b"a=1"] * (MOST_FIELDS + 1))])
def test_what_is_no_form_is_none(body: bytes) -> None:
    assert read_form(body) is None


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_body_breaks_it_and_none_gets_in(body: bytes, signature: str) -> None:
    assert TwilioSignature(TOKEN, PUBLIC).form(SEEN, body, signature) is None
