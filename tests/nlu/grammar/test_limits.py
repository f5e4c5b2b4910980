"""Tests of limits that are said of all the blocks of a message."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.attach import Block, Piece
from nlu.grammar.items import find
from nlu.grammar.limits import on_feasts, share_limits
from nlu.grammar.meaning import Sense
from nlu.packs import load
from tests.nlu.grammar.test_sharing import DAILY, FRIDAY, FROM, MAY, MONDAY, TEN, UNTIL, block, said
from tests.nlu.test_care_reader import NOW, READER

# --- blocks


def limits_shared(row: list[Block], sense: Sense) -> None:
    """Share the limits of blocks in one sentence."""
    share_limits(row, sense, find("walk, meals", load("en")))


def tail(*said_last: dict[str, Any], boundary: int = 1) -> Sense:
    """The sense of a message that ends in such a phrase."""
    return Sense([Piece("S", ["walk"]), *(Piece("T", one, boundary) for one in said_last)])


@pytest.mark.parametrize("limit", [UNTIL, {"lasting": {"n": 2, "unit": "week"}}, FROM, {"from_period": {"month": 3}}])
def test_a_limit_behind_a_comma_is_of_all(limit: dict[str, Any]) -> None:
    row = [block("walk", MONDAY), block("meals", FRIDAY, limit)]
    limits_shared(row, tail(limit))
    assert said(*row) == [{**MONDAY, **limit}, {**FRIDAY, **limit}]
    row = [block("walk", MONDAY), block("meals", FRIDAY, limit)]
    limits_shared(row, tail(limit, boundary=0))
    assert said(*row) == [MONDAY, {**FRIDAY, **limit}]


def test_a_limit_before_the_last_service_is_of_that_one() -> None:
    row = [block("walk", MONDAY), block("meals", FRIDAY, UNTIL)]
    limits_shared(row, Sense([Piece("T", UNTIL, 1), Piece("S", ["meals"])]))
    assert said(row[0]) == [MONDAY]


def test_a_limit_of_its_own_stays() -> None:
    own = {"until": {"day": 9}, "inclusive": False}
    row = [block("walk", MONDAY, own), block("meals", FRIDAY, UNTIL)]
    limits_shared(row, tail(UNTIL))
    assert said(row[0]) == [{**MONDAY, **own}]
    row = [block("walk", {"date": [MAY]}), block("meals", FRIDAY, FROM)]
    limits_shared(row, tail(FROM))
    assert said(row[0]) == [{"date": [MAY]}]


def test_a_period_with_both_ends_is_of_all() -> None:
    span = {"period": {"from": MAY, "until": {"day": 9}}}
    for period, shared in ((span, span), ({"period": {"week": 1}}, {})):
        row = [block("walk", MONDAY), block("meals", FRIDAY, period)]
        limits_shared(row, tail(period))
        assert said(row[0]) == [{**MONDAY, **shared}]
    row = [block("walk", MONDAY, UNTIL), block("meals", FRIDAY, span)]
    limits_shared(row, tail(span))
    assert said(row[0]) == [{**MONDAY, **UNTIL}]


def test_every_week_at_the_end_is_of_all() -> None:
    for weekly, shared in (({"freq": "WEEKLY"}, {"every": True}), ({"freq": "WEEKLY", "interval": 2}, {"every": True})):
        row = [block("walk", {"days": ["WE"]}), block("meals", {"days": ["FR"]}, weekly)]
        limits_shared(row, tail(weekly))
        assert said(row[0]) == [{"days": ["WE"], **weekly, **shared}]
    row = [block("walk", {"days": ["WE"]}), block("meals", {"days": ["FR"], "freq": "WEEKLY"})]
    limits_shared(row, tail({"days": ["FR"]}))
    assert said(row[0]) == [{"days": ["WE"]}]


def test_the_beginning_of_the_first_is_of_those_without_days() -> None:
    row = [block("hairdresser", {"freq": "WEEKLY"}, FROM), block("walk", TEN), block("lift", MONDAY)]
    limits_shared(row, Sense([Piece("S", ["hairdresser"]), Piece("T", FROM)]))
    assert said(*row[1:]) == [{**TEN, **FROM}, MONDAY]


def test_a_beginning_before_any_service_is_of_all() -> None:
    row = [block("hairdresser", {"freq": "WEEKLY"}, FROM), block("lift", MONDAY), block("walk", {"from": [{"day": 9}]})]
    limits_shared(row, Sense([Piece("T", FROM), Piece("S", ["hairdresser"])]))
    assert said(*row[1:]) == [{**MONDAY, **FROM}, {"from": [{"day": 9}]}]


def test_a_beginning_that_says_in_which_week_is_of_its_own_need() -> None:
    other_weeks = {"days": ["SA"], "interval": 2}
    row = [block("walk", MONDAY), block("garden", other_weeks, FROM)]
    limits_shared(row, tail(FROM))
    assert said(row[0]) == [MONDAY]
    row = [block("walk", MONDAY, {"interval": 2}), block("garden", other_weeks, FROM)]
    limits_shared(row, tail(FROM))
    assert said(row[0]) == [{**MONDAY, "interval": 2, **FROM}]


@pytest.mark.parametrize(("boundary", "left_out"), [(0, [0, 0, 1]), (1, [0, 1, 1]), (2, [1, 1, 1])])
def test_an_exception_at_the_end_is_of_its_sentence_or_of_all(boundary: int, left_out: list[int]) -> None:
    row = [block("bath", DAILY), block("walk", DAILY, boundary=2), block("meals", DAILY, boundary=1)]
    row[2].exceptions = [{"date": [MAY]}]
    limits_shared(row, Sense([Piece("S", ["meals"]), Piece("X", {"date": [MAY]}, boundary)]))
    assert [len(one.exceptions) for one in row] == left_out


def test_a_period_before_any_service_is_of_all() -> None:
    span = {"period": {"from": MAY, "until": {"day": 9}, "inclusive": True}}
    row = [block("walk", DAILY, span), block("meals", FRIDAY)]
    limits_shared(row, Sense([Piece("T", span), Piece("S", ["walk"]), Piece("S", ["meals"])]))
    assert said(row[1]) == [{**FRIDAY, **span}]


def test_the_hour_decides_whether_a_feast_is_the_day() -> None:
    found = find("op zaterdag is het pakjesavond, kan er iemand komen wandelen", load("nl"))
    timed, untimed = block("walk", TEN), block("walk")
    timed.place = untimed.place = len(found.words) - 1
    on_feasts([timed], found)
    on_feasts([untimed], found)
    assert said(timed, untimed) == [{**TEN, "date": [{"holiday": "sinterklaas"}]}, {}]


def test_one_need_shares_nothing() -> None:
    row = [block("walk", DAILY)]
    limits_shared(row, tail(UNTIL))
    assert said(*row) == [DAILY]


# --- sentences


@pytest.mark.parametrize(
    ("language", "text", "starts"),
    [
        ("en", "From Monday I'd like a bath every other day at nine. The windows every Friday at ten.", "30 27"),
        (
            "en",
            "From Monday we need help. The stockings on every morning at eight. A walk on Tuesdays at two.",
            "30 01",
        ),
        ("nl", "Vanaf maandag elke dag om negen uur douchen. Ook elke dag om negen uur de steunkousen aan.", "30 30"),
    ],
)
def test_another_sentence_has_the_beginning_only_when_it_goes_on(language: str, text: str, starts: str) -> None:
    read = READER.read(text, language, NOW).needs
    assert [need.schedule.dtstart.strftime("%d") for need in read if need.schedule.dtstart] == starts.split()
