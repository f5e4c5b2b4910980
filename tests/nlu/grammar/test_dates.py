"""Tests of dates as they are said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.grammar.dates import Calendar, holiday_dates, kings_day

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"rel": 1}, "2026-11-24"),
        ({"weekday": "MO"}, "2026-11-30"),
        ({"weekday": "TU"}, "2026-11-24"),
        ({"weekday": "TU", "week": 1}, "2026-12-01"),
        ({"weekday": "TH", "plus": 1}, "2026-12-03"),
        ({"in": 2, "unit": "week"}, "2026-12-07"),
        ({"day": 24}, "2026-11-24"),
        ({"day": 1}, "2026-12-01"),
        ({"day": 15, "month": 2}, "2027-02-15"),
        ({"day": 31, "month": 4}, None),
        ({"holiday": "easter_2"}, "2027-03-29"),
        ({"beside": {"holiday": "whitsun_2"}, "days": 1}, "2027-05-18"),
        ({"edge": "end", "month": 2}, "2027-02-28"),
        ({"edge": "end", "yearly": 0}, "2026-12-31"),
        ({"nth": 1, "weekday": "MO", "month": 12}, "2026-12-07"),
        ({"in": 9999, "unit": "year"}, None),
    ],
)
def test_a_date_that_was_said(said: dict[str, Any], expected: str | None) -> None:
    found = Calendar(MONDAY).day(said)
    assert (found and found.isoformat()) == expected


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ({"week": 1}, "2026-11-30", "2026-12-06"),
        ({"week": 0}, "2026-11-23", "2026-11-29"),
        ({"month": 1}, "2027-01-01", "2027-01-31"),
        ({"month": 11}, "2026-11-23", "2026-11-30"),
        ({"next": 2, "unit": "week"}, "2026-11-23", "2026-12-06"),
        ({"weekend": 0}, "2026-11-28", "2026-11-29"),
        ({"weekno": 53}, "2026-12-28", "2027-01-03"),
        (
            {"from": {"day": 30, "month": 12}, "until": {"day": 3, "month": 1}, "inclusive": True},
            "2026-12-30",
            "2027-01-03",
        ),
    ],
)  # fmt: skip
def test_a_period_that_was_said(said: dict[str, Any], first: str, last: str) -> None:
    span = Calendar(MONDAY).period(said)
    assert span is not None
    assert (span[0].isoformat(), span[1].isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("said", "inclusive", "expected"),
    [
        ({"holiday": "christmas"}, False, "2026-12-24"),
        ({"holiday": "christmas"}, True, "2026-12-26"),
        ({"month": 5}, True, "2027-05-31"),
        ({"month": 5}, False, "2027-04-30"),
        ({"day": 15, "month": 2}, True, "2027-02-15"),
        ({"weekday": "FR"}, False, "2026-11-26"),
    ],
)
def test_until(said: dict[str, Any], inclusive: bool, expected: str) -> None:
    found = Calendar(MONDAY).until(said, inclusive, MONDAY)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize("year", range(2024, 2036))
def test_holidays_are_those_of_the_library(year: int) -> None:
    """The library `holidays` takes a third of a second to load, so that it is only asked here."""
    official = set(holidays.country_holidays("NL", years=[year]))  # type: ignore[attr-defined]
    ours = {day for key in ("new_year", "good_friday", "easter", "ascension", "whitsun", "christmas")
            for day in holiday_dates(key, year)} | {kings_day(year)}  # fmt: skip
    assert official - {date(year, 5, 5)} == ours


@given(
    today=st.dates(date(2020, 1, 1), date(2080, 12, 31)),
    weekday=st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
)
def test_a_bare_weekday_is_in_the_coming_seven_days(today: date, weekday: str) -> None:
    day = Calendar(today).day({"weekday": weekday})
    assert day is not None
    assert today < day <= today + timedelta(days=7)
