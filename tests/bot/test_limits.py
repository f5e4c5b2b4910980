from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.limits import RateLimit, Refusals, SecurityHeaders, network_of


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_then_so_many_a_minute() -> None:
    time = Time()
    limit = RateLimit(burst=3, per_minute=60, time=time)
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False]
    time.now += 1
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    assert limit.allows("b")


@given(st.lists(st.floats(min_value=0, max_value=5), max_size=100))
def test_never_more_than_the_burst_and_what_came_back_since(pauses: list[float]) -> None:
    time = Time()
    limit = RateLimit(burst=5, per_minute=60, time=time)
    allowed = 0
    for pause in pauses:
        time.now += pause
        allowed += limit.allows("a")
    assert allowed <= 5 + time.now + 1e-6


def test_it_remembers_only_so_many_addresses() -> None:
    limit = RateLimit(burst=1, per_minute=1, time=Time())
    for number in range(RateLimit._MOST_ADDRESSES + 10):
        limit.allows(str(number))
    assert len(limit._left) == RateLimit._MOST_ADDRESSES


@pytest.mark.parametrize(
    ("origins", "ancestors"),
    [((), "'none'"), (("https://a.example", "https://b.example:8443"), "https://a.example https://b.example:8443")],
)
async def test_only_named_sites_may_show_our_pages_in_a_frame(origins: tuple[str, ...], ancestors: str) -> None:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)

    await SecurityHeaders(app, origins)({"type": "http", "scheme": "https"}, None, send)
    policy = dict(sent[0]["headers"])[b"content-security-policy"].decode()
    assert policy.endswith(f"; frame-ancestors {ancestors}")
    assert "default-src 'none'" in policy


def test_looking_whether_it_is_used_up_counts_nothing() -> None:
    time = Time()
    limit = RateLimit(burst=2, per_minute=60, time=time)
    assert [limit.is_used_up("a") for _ in range(5)] == [False] * 5
    assert [limit.allows("a") for _ in range(2)] == [True, True]
    assert limit.is_used_up("a")
    time.now += 1
    assert not limit.is_used_up("a")


def test_who_is_refused_too_often_is_turned_away_for_a_while() -> None:
    time = Time()
    refusals = Refusals(burst=3, per_minute=6, time=time)
    for _ in range(3):
        assert not refusals.turns_away("192.0.2.1")
        refusals.refused("192.0.2.1")
    assert refusals.turns_away("192.0.2.1")
    assert not refusals.turns_away("192.0.2.2")
    time.now += 10
    assert not refusals.turns_away("192.0.2.1")


def test_an_address_that_twilio_called_from_is_not_turned_away_for_a_day() -> None:
    time = Time()
    refusals = Refusals(burst=1, per_minute=0.001, time=time)
    refusals.genuine("192.0.2.1")
    for _ in range(50):
        refusals.refused("192.0.2.1")
    assert not refusals.turns_away("192.0.2.1")
    time.now += 25 * 3600
    refusals.refused("192.0.2.1")
    assert refusals.turns_away("192.0.2.1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", "unknown"),
    ],
)
def test_whom_an_address_stands_for(address: str, network: str) -> None:
    assert network_of(address) == network
