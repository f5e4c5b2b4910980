from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.web.limits import RateLimit


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
