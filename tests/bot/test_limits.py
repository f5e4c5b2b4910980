from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.limits import RateLimit, SecurityHeaders


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
