"""Tests of days that are said by pointing at one that was named before."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.day_functions import beside
from nlu.grammar.found import Item
from nlu.grammar.pointing import point

MAY: dict[str, Any] = {"day": 1, "month": 5}


def pointed(*values: dict[str, Any]) -> list[Item]:
    items = [Item("when", value, place, place + 1) for place, value in enumerate(values)]
    point(items)
    return items


@pytest.mark.parametrize(
    ("before", "said", "meant"),
    [
        ({"date": [MAY]}, {"date": [{"from_said": -1}]}, {"date": [beside(MAY, -1)]}),
        ({"period": {"week": 1}}, {"period": {"week_after": 2}}, {"period": {"week": 2}}),
        (
            {"days": ["FR"]},
            {"weekday_next": "same"},
            {"date": [{"weekday_after": "FR", "n": 1, "said": {"weekday": "FR"}}]},
        ),
        ({"period": {"week": 1}}, {"from_period": {"week_after": 2}}, {"from_period": {"week": 2}}),
        ({"days": ["WE"]}, {"period": {"week_after": 2}}, {"period": {"week_of": {"weekday": "WE"}, "weeks": 1}}),
        ({"days": ["WE"], "every": True}, {"period": {"week_after": 2}}, {"period": {"week": 2}}),
        ({"days": ["WE"], "every": True}, {"week_rest": True}, {"rest": True}),
        ({"days": ["WE"]}, {"week_rest": True}, {"period": {"week": 0}}),
        ({"date": [MAY]}, {"weekday_next": "same"}, {"vague": "days"}),
        ({"date": [MAY]}, {"day_next": 1}, {"date": [MAY, beside(MAY, 1)]}),
        ({"times": []}, {"day_next": 1}, {"vague": "days"}),
        ({"alternate": True}, {"other_week": ["TH"]}, {"freq": "WEEKLY", "interval": 2, "days": ["TH"]}),
        (
            {"alternate": True},
            {"date": [{"weekday": "TH", "week": 1}]},
            {"freq": "WEEKLY", "interval": 2, "days": ["TH"]},
        ),
        ({"alternate": True}, {"period": {"week": 1}}, {"freq": "WEEKLY", "interval": 2}),
        ({"alternate": True}, {"date": [MAY]}, {"date": [MAY]}),
        ({"days": ["TU"]}, {"other_week": ["TH"]}, {"date": [{"weekday": "TH", "week": 1}]}),
    ],
)
def test_days_are_those_beside_what_was_named(
    before: dict[str, Any], said: dict[str, Any], meant: dict[str, Any]
) -> None:
    assert pointed(before, said)[1].value == meant


def test_the_day_before_nothing_is_no_day() -> None:
    assert pointed({"date": [{"from_said": -1}]})[0].class_ == "aside"


def test_each_points_at_the_last_one_named() -> None:
    row = pointed({"period": {"week": 1}}, {"period": {"week_after": 2}}, {"period": {"week_after": 2}})
    assert [item.value["period"] for item in row] == [{"week": 1}, {"week": 2}, {"week": 3}]


def test_days_beside_the_other_ones_come_back() -> None:
    row = pointed({"days": ["SU"]}, {"rest": True})
    assert [item.value for item in row] == [{"days": ["SU"], "every": True}, {"rest": True}]
