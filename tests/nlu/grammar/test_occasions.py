"""Feasts and dates that are told beside days of the month."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from care.clock import TZ
from nlu.care_reader import CareReader
from nlu.grammar.dates import Calendar
from nlu.grammar.items import find
from nlu.grammar.occasions import in_their_month, of_the_feast, without_occasions
from nlu.packs import load

PACK = load("en")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
CALENDAR = Calendar(NOW.date())
READER = CareReader()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("My hip is done on 8 January, from the 12th somebody to cook", date(2027, 1, 12)),
        ("I fell on 3 November. Somebody to cook from the 5th", date(2026, 12, 5)),
        ("Cooking on 8 January and cleaning from the 12th", date(2026, 12, 12)),
    ],
)
def test_a_beginning_is_in_the_month_of_what_was_told(text: str, first: date) -> None:
    found = find(text, PACK)
    in_their_month(found, CALENDAR)
    (begun,) = [item.value["from"][0] for item in found.items if item.class_ == "when" and "from" in item.value]
    assert CALENDAR.day(begun) == first


def test_a_feast_tells_the_month_and_is_not_left_out_itself() -> None:
    found = find("Nobody on the 24th please, my son is here for Christmas", PACK)
    days = [item for item in found.items if item.class_ == "when"]
    meant = without_occasions(days, found)
    assert [item.value for item in meant] == [{"date": [{"day": 24}]}]
    assert [item.value for item in of_the_feast(meant, days, CALENDAR)] == [{"date": [{"day": 24, "month": 12}]}]


def test_a_feast_that_is_left_out_too_stays() -> None:
    found = find("Nobody on the 24th and nobody over Christmas", PACK)
    days = [item for item in found.items if item.class_ == "when"]
    assert without_occasions(days, found) == days


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("Please move the Tuesday cleaning to Thursday next week", ("visit",)),
        ("Move Friday's walk to Monday next week", ()),
        ("Next week the walk on Thursday instead of Tuesday", ()),
    ],
)
def test_which_week_is_asked_only_where_it_is_open(text: str, ask: tuple[str, ...]) -> None:
    assert READER.read(text, "en", NOW).ask == ask


@pytest.mark.parametrize(
    ("text", "asked"),
    [("Not on Sunday. Every other day at five", True), ("Every other day at five, not on Sunday", False)],
)
def test_every_other_day_behind_a_day_that_is_left_out_may_be_all_others(text: str, asked: bool) -> None:
    again = next(item for item in find(text, PACK).items if "interval" in getattr(item.value, "keys", dict)())
    assert ("unsure" in again.value) is asked
