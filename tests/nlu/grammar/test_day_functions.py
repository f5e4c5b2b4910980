"""Tests of what the patterns of the packs may call to say which days."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.grammar import day_functions as days
from nlu.grammar.dates import Calendar
from nlu.grammar.day_functions import WEEK

MONDAY = date(2026, 11, 23)
EASTER: dict[str, Any] = {"day": 28, "month": 3}


def on(said: dict[str, Any]) -> str:
    """The date that is meant, seen from a Monday in November 2026."""
    found = Calendar(MONDAY).day(said)
    assert found is not None
    return found.isoformat()


def test_days() -> None:
    assert days.weekdays("FR", "MO") == ["FR", "SA", "SU", "MO"]
    assert days.weekdays("MO", "MO") == ["MO"]
    assert days.many(["MO"]) is None
    assert days.many(["MO", "WE", "MO"]) == ["MO", "WE"]
    assert days.dayset("workdays") == {"days": list(WEEK[:5]), "every": True}
    assert days.dayset("weekend", "morning") == {
        "days": ["SA", "SU"],
        "every": True,
        "weekend": True,
        "part": "morning",
    }


@given(first=st.sampled_from(WEEK), last=st.sampled_from(WEEK))
def test_a_range_of_days_goes_up_through_the_week(first: str, last: str) -> None:
    row = days.weekdays(first, last)
    assert (row[0], row[-1], len(set(row))) == (first, last, len(row))
    assert all((WEEK.index(one) + 1) % 7 == WEEK.index(other) for one, other in pairwise(row))


def test_all_days_but_some() -> None:
    assert days.days_but(["SA", "SU"]) == {"days": ["MO", "TU", "WE", "TH", "FR"], "every": True}
    assert days.days_but(["WE"], "workdays", "evening") == {
        "days": ["MO", "TU", "TH", "FR"], "every": True, "part": "evening",
    }  # fmt: skip
    assert days.days_but(WEEK[:5], "workdays") is None


def test_intervals() -> None:
    assert days.interval(14, "day") == {"freq": "WEEKLY", "interval": 2}
    assert days.interval(10, "day") == {"freq": "DAILY", "interval": 10}
    assert days.interval(2, "month") == {"freq": "MONTHLY", "interval": 2}
    assert days.interval(0, "week") is None
    assert days.interval(99999, "week") is None
    assert days.about_interval(3, "week") == {"freq": "WEEKLY", "interval": 3, "unsure": "days"}
    assert days.about_interval(0, "week") is None
    assert days.interval_on(2, ("MO", "TH")) == {"freq": "WEEKLY", "interval": 2, "days": ["MO", "TH"], "every": True}
    assert days.interval_on(0, ("MO",)) is None
    assert days.interval_on(99999, ("MO",)) is None


def test_a_year_has_a_date_with_a_month() -> None:
    assert days.yearly({"day": 4, "month": 5}) == {"freq": "YEARLY", "date": [{"day": 4, "month": 5}]}
    assert days.yearly({"day": 4}) is None
    assert days.yearly({"day": 4, "month": 5, "year": 2027}) is None
    assert days.yearly({"day": 4, "month": 5, "is": "TU"}) is None


def test_a_period_begins_once() -> None:
    assert days.begin_period({"month": 3}) == {"from_period": {"month": 3}}
    assert days.begin_period({"from": {"day": 1}, "until": {"day": 3}}) is None


def test_days_said_one_by_one() -> None:
    assert days.both_days(["SA"], ["SU"]) == {"days": ["SA", "SU"], "every": True}
    assert days.both_days(["MO"], ["WE"], ["MO", "FR"], every=False) == {"days": ["MO", "WE", "FR"]}
    assert days.days_and(["MO"], ["WE", "FR"]) == {"days": ["MO", "WE", "FR"], "every": True}
    assert days.days_and(["MO"], ["FR"]) is None


def test_seven_of_seven_may_be_a_date() -> None:
    assert days.seven_of_seven({"day": 7, "month": 7}) == {"freq": "DAILY", "unsure": "days"}
    assert days.seven_of_seven({"day": 7, "month": 8}) is None


def test_days_beside_something_said() -> None:
    assert on(days.from_after(EASTER)["from"][0]) == "2027-03-29"
    assert on(days.day_beside(EASTER, -2)["date"][0]) == "2027-03-26"
    assert on(days.days_beside(EASTER, 3, 1)) == "2027-03-31"
    assert on(days.days_beside(EASTER, 3, -1)) == "2027-03-25"
    assert on(days.night_before(1, 1)["date"][0]) == "2026-12-31"
    assert days.night_before(1, 1)["part"] == "night"
    assert on(days.weekday_beside("TU", EASTER, 1)["date"][0]) == "2027-03-30"
    assert on(days.weekday_beside("FR", EASTER, -1)["date"][0]) == "2027-03-26"
    found = days.after_said(2, "TU", EASTER)
    assert found is not None
    assert on(found) == "2027-04-06"
    assert days.after_said(-1, "TU", EASTER) is None


def test_a_week_beside_that_of_something_said() -> None:
    span = Calendar(MONDAY).period(days.week_beside(EASTER, 1)["period"])
    assert span is not None
    assert [day.isoformat() for day in span] == ["2027-03-29", "2027-04-04"]


def test_dates_of_a_month() -> None:
    assert days.month_dates([25, 26, 1], 1) == [
        {"day": 25, "month": 12}, {"day": 26, "month": 12}, {"day": 1, "month": 1},
    ]  # fmt: skip
    assert days.month_dates([3, 5], 6) == [{"day": 3, "month": 6}, {"day": 5, "month": 6}]
    assert days.month_dates([3, 32], 6) is None
    assert days.days_of_month([24, 26], {"day": 2, "month": 1, "year": 2027}) == [
        {"day": 24, "month": 12}, {"day": 26, "month": 12}, {"day": 2, "month": 1, "year": 2027},
    ]  # fmt: skip
    assert days.days_until(28, {"day": 4, "month": 9}) == {
        "from": {"day": 28, "month": 8}, "until": {"day": 4, "month": 9}, "inclusive": True,
    }  # fmt: skip
    assert days.days_until(40, {"day": 4, "month": 9}) is None
    assert days.flat([[{"day": 1}], [], [{"day": 2}, {"day": 3}]]) == [{"day": 1}, {"day": 2}, {"day": 3}]
    assert days.two_days_of(8, 10, 12, "TU", "TH") == {
        "date": [{"day": 8, "month": 12, "is": "TU"}, {"day": 10, "month": 12, "is": "TH"}]
    }


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (days.day_of_month(31, 12), {"day": 31, "month": 12}),
        (days.day_of_month(32, 12), None),
        (days.day_of_month(0, 12), None),
        (days.day_of_month(3, 13), None),
        (days.day_in_year(3, 4, 2027), {"day": 3, "month": 4, "year": 2027}),
        (days.day_in_year(3, 4, 1930), None),
        (days.day_in_year(3, 4, 2101), None),
        (days.year_start(2027), {"from": [{"day": 1, "month": 1, "year": 2027}]}),
        (days.year_start(1030), None),
        (days.year_start(2101), None),
        (days.dashed(9, 12), {"day": 9, "month": 12}),
        (days.dashed(9, 12, "TU"), {"day": 9, "month": 12, "is": "TU"}),
        (days.dashed(9, 13), None),
        (days.dashed_alone(16, 11, "MO"), {"day": 16, "month": 11, "is": "MO"}),
        (days.dashed_alone(9, 12, "TU"), None),
        (days.dashed_alone(22, 7), None),
        (days.dashed_alone(16, 13, "MO"), None),
        (days.dashed_alone(32, 11, "MO"), None),
        (
            days.until_day(12, {"day": 23, "month": 7}),
            {"from": {"day": 12, "month": 7}, "until": {"day": 23, "month": 7}, "inclusive": True},
        ),
        (days.until_day(23, {"day": 12, "month": 7}), None),
        (days.until_day(0, {"day": 12, "month": 7}), None),
        (
            days.both_of_month(3, {"day": 10, "month": 12}),
            {"date": [{"day": 3, "month": 12}, {"day": 10, "month": 12}]},
        ),
        (days.both_of_month(10, {"day": 10, "month": 12}), None),
    ],
)
def test_numbers_that_can_be_dates(found: dict[str, Any] | None, expected: dict[str, Any] | None) -> None:
    assert found == expected


def test_the_nth_of_the_month() -> None:
    assert days.nths([1, -1], "MO") == {"nth": [[1, "MO"], [-1, "MO"]]}
    assert days.nths([2], "MO", "days", 3) == {"nth": [[2, "MO"]], "interval": 3, "unsure": "days"}
    assert days.nths([6], "MO") is None
    assert days.nths([1, -3], "MO") is None
    found = days.nth_in_months(1, "MO", (12, 1))["date"]
    assert [on(one) for one in found] == ["2026-12-07", "2027-01-04"]


def test_days_with_their_part_of_the_day() -> None:
    assert days.same_parts(["MO", "TU"], ["evening", "evening"]) == {"days": ["MO", "TU"], "part": "evening"}
    assert days.same_parts(["MO"], ["evening"], every=True) == {"days": ["MO"], "part": "evening", "every": True}
    assert days.same_parts(["MO", "TU"], ["evening", "morning"]) is None


def test_days_of_a_weekend() -> None:
    assert days.of_weekend(["FR", "SA"]) == {"days": ["FR", "SA"], "every": True}
    assert days.of_weekend(["SA", "SU"], ["night", "night"]) == {"days": ["SA", "SU"], "every": True, "part": "night"}
    assert days.of_weekend(["SA", "SU"], ["night", "morning"]) is None
    assert days.of_weekend(["WE", "SA"]) is None


def test_three_months_are_in_a_row() -> None:
    assert days.three_months(11, 12, 1) == days.month_span(11, 1)
    assert days.three_months(1, 3, 5) is None


def test_so_many_days_are_named_as_are_said() -> None:
    assert days.so_many_days(2, ["MO", "FR"]) == {"days": ["MO", "FR"], "every": True}
    assert days.so_many_days(2, ["MO", "FR"], "morning") == {"days": ["MO", "FR"], "every": True, "part": "morning"}
    assert days.so_many_days(3, ["MO", "FR"]) is None
    assert days.so_many_days(2, ["MO", "MO"]) is None


def test_weekdays_of_a_week() -> None:
    assert [on(one) for one in days.days_in_week(["MO", "TH"], 1)["date"]] == ["2026-11-30", "2026-12-03"]


@pytest.mark.parametrize(("make", "first", "last"), [(days.month_span, 6, 8), (days.two_months, 12, 1)])
def test_months_in_a_row_are_a_period(make: Any, first: int, last: int) -> None:
    span = Calendar(MONDAY).period(make(first, last))
    ends = {(6, 8): ["2027-06-01", "2027-08-31"], (12, 1): ["2026-12-01", "2027-01-31"]}
    assert span is not None
    assert [day.isoformat() for day in span] == ends[first, last]


def test_between_two_months_apart_nothing_is_wanted() -> None:
    assert days.two_months(6, 8) is None
    assert days.two_months(8, 6) is None


def test_from_the_fifth_on_every_nth_counts_weeks_or_days() -> None:
    assert days.every_nth(8, days=["TH"]) == {"freq": "WEEKLY", "interval": 8, "days": ["TH"], "every": True}
    assert days.every_nth(10, "day") == {"freq": "DAILY", "interval": 10}
    assert days.every_nth(4, days=["TH"]) is None
