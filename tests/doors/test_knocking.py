"""Who knocks without a signature is turned away after a while; who signs never is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.gateway import Gateway, create_app
from bot.web.limits import Refusals
from tests.doors.conftest import KEY, Installation
from tests.doors.fake_telegram import SECRET
from tests.doors.payloads import MESSAGES, PUBLIC, STATUS, TELEGRAM, from_telegram, from_twilio
from tests.doors.test_telegram_door import update
from tests.doors.twilio_talk import form

STRANGER, TWILIO = "198.51.100.7", "203.0.113.9"
REFUSED = {"X-Telegram-Bot-Api-Secret-Token": "x", "X-Twilio-Signature": "x"}


@pytest.fixture
def client_at(installation: Installation) -> Callable[..., TestClient]:
    """Makes a client with an address of its own; all of them come to the same gateway."""
    gateway = Gateway(
        installation.database,
        installation.clock,
        KEY,
        PUBLIC,
        lambda: True,
        refusals=Refusals(burst=5, per_minute=0.01),
        doors=installation.doors,
    )
    app: Any = create_app(gateway)
    behind: Any = ProxyHeadersMiddleware(app, trusted_hosts="10.0.0.1")

    def client(address: str, **headers: str) -> TestClient:
        return TestClient(behind, raise_server_exceptions=False, client=(address, 1), headers=headers)

    return client


@pytest.mark.parametrize("path", [MESSAGES, STATUS, TELEGRAM])
def test_refusals_are_counted_by_address(client_at: Callable[..., TestClient], path: str) -> None:
    stranger = client_at(STRANGER)
    assert [stranger.post(path, headers=REFUSED, content=b"x=1").status_code for _ in range(7)] == [403] * 5 + [429] * 2
    assert client_at("198.51.100.8").post(path, headers=REFUSED).status_code == 403
    assert stranger.get("/health").status_code == 200, "only at the doors"


def test_no_number_of_genuine_requests_is_too_many(
    client_at: Callable[..., TestClient], installation: Installation, phone: str, chat: str
) -> None:
    twilio = client_at(TWILIO)
    assert {from_twilio(twilio, form(phone, "dag")).status_code for _ in range(20)} == {200}
    telegram = client_at("203.0.113.10")
    assert {from_telegram(telegram, update("text", chat)).status_code for _ in range(20)} == {200}
    assert len(installation.heard(phone)) == len(installation.heard(chat)) == 20


def test_a_stranger_at_the_same_address_does_not_shut_twilio_out(
    client_at: Callable[..., TestClient], phone: str
) -> None:
    shared = client_at(TWILIO)
    assert from_twilio(shared, form(phone, "dag")).status_code == 200
    assert {shared.post(MESSAGES, headers=REFUSED).status_code for _ in range(20)} == {403}
    assert from_twilio(shared, form(phone, "dag")).status_code == 200


def test_the_address_is_the_one_that_our_proxy_tells_and_nobody_elses_word_for_it(
    client_at: Callable[..., TestClient], phone: str
) -> None:
    through = client_at("10.0.0.1", **{"X-Forwarded-For": STRANGER})
    assert [through.post(MESSAGES, headers=REFUSED).status_code for _ in range(6)] == [403] * 5 + [429]
    other = client_at("10.0.0.1", **{"X-Forwarded-For": TWILIO})
    assert from_twilio(other, form(phone, "dag")).status_code == 200
    lying = client_at("198.51.100.20", **{"X-Forwarded-For": "198.51.100.21"})
    assert [lying.post(MESSAGES, headers=REFUSED).status_code for _ in range(6)] == [403] * 5 + [429]
    lying.headers["X-Forwarded-For"] = "198.51.100.22"
    assert lying.post(MESSAGES, headers=REFUSED).status_code == 429, "another story does not help"


def test_who_is_turned_away_is_not_read(client_at: Callable[..., TestClient]) -> None:
    stranger = client_at(STRANGER)
    for _ in range(5):
        stranger.post(TELEGRAM, headers=REFUSED)
    answer = stranger.post(TELEGRAM, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}, json={"update_id": 1})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
