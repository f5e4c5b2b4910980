"""Dates as bits: held against reckoning every single visit."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from care.clock import TZ
from care.outlook import Diary, Outlook, joined, moments, open_for_one
from care.plans import occurrence

# Around both clock changes and the turn of the year.
FIRSTS = st.sampled_from([date(2026, 3, 20), date(2026, 10, 17), date(2026, 12, 20), date(2026, 6, 1)])
CLOCKS = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
MINUTES = st.sampled_from([15, 60, 239, 240, 480, 1440])
LENGTH = 24


def spans(first: date, numbers: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    """Spans that begin and last so many quarters from midnight of the day before the first."""
    midnight = datetime.combine(first - timedelta(days=1), time(), TZ).timestamp()
    return [
        (
            datetime.fromtimestamp(midnight + start * 900, TZ),
            datetime.fromtimestamp(midnight + (start + length) * 900, TZ),
        )
        for start, length in numbers
    ]


NUMBERS = st.lists(st.tuples(st.integers(0, LENGTH * 96), st.integers(1, 300)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(FIRSTS, CLOCKS, MINUTES, NUMBERS, st.integers(0, LENGTH * 24))
def test_a_bit_is_set_just_where_the_visit_overlaps_or_is_over(
    first: date, clock: time, minutes: int, numbers: list[tuple[int, int]], hours: int
) -> None:
    taken = spans(first, numbers)
    begins = datetime.combine(first, time(), TZ) + timedelta(hours=hours)
    outlook = Outlook(first, LENGTH, minutes, begins)
    visits = [occurrence(first + timedelta(days=ahead), clock, minutes) for ahead in range(LENGTH)]
    hit = {visit.day for visit in visits if any(start < visit.end and visit.start < end for start, end in taken)}
    assert set(outlook.dates(outlook.hit(clock, outlook.by_day(moments(taken))))) == hit
    assert set(outlook.dates(outlook.gone(clock))) == {visit.day for visit in visits if visit.start < begins}
    diary = Diary.of([(weekday, time(0), time(0)) for weekday in range(7)], taken)
    assert {visit.day for visit in visits if not diary.free_at(visit)} == hit


@given(FIRSTS, CLOCKS, MINUTES, st.lists(st.tuples(st.integers(0, 6), CLOCKS, CLOCKS), max_size=6))
def test_dates_are_closed_where_the_week_is(
    first: date, clock: time, minutes: int, weekly: list[tuple[int, time, time]]
) -> None:
    diary = Diary.of(weekly)
    outlook = Outlook(first, LENGTH, minutes, datetime.combine(first, time(), TZ))
    closed = set(outlook.dates(outlook.closed(clock, diary)))
    for ahead in range(LENGTH):
        day = first + timedelta(days=ahead)
        assert (day in closed) is not diary.open_at(day.weekday(), clock, minutes)


@given(
    st.lists(st.tuples(st.integers(0, 6), CLOCKS, CLOCKS), max_size=6),
    st.lists(CLOCKS, min_size=1, max_size=6),
    MINUTES,
)
def test_a_weekday_is_open_for_one_of_the_clock_times_or_for_none(
    weekly: list[tuple[int, time, time]], clocks: list[time], minutes: int
) -> None:
    diary = Diary.of(weekly)
    begins = tuple(sorted(clock.hour * 60 + clock.minute for clock in clocks))
    opened = {weekday for weekday in range(7) if open_for_one(diary.spans, begins, minutes) >> weekday & 1}
    assert opened == {
        weekday for weekday in range(7) if any(diary.open_at(weekday, clock, minutes) for clock in clocks)
    }


@given(st.sets(st.integers(0, LENGTH - 1)))
def test_a_set_of_dates_comes_back_in_order(places: set[int]) -> None:
    first = date(2026, 11, 23)
    outlook = Outlook(first, LENGTH, 60, datetime(2026, 11, 23, tzinfo=TZ))
    days = [first + timedelta(days=place) for place in sorted(places)]
    assert list(outlook.dates(outlook.mask(days))) == days


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair))), max_size=8))
def test_joined_spans_cover_the_same_and_are_apart(given_spans: list[tuple[int, int]]) -> None:
    found = joined(given_spans)
    assert {m for start, end in found for m in range(start, end)} == {
        m for start, end in given_spans for m in range(start, end)
    }
    assert all(before[1] < after[0] for before, after in pairwise(found))
