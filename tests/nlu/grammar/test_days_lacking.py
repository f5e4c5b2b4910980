"""Days on which those who help otherwise do not come."""

from __future__ import annotations

import pytest

from nlu.grammar.days_lacking import named_again, nobody_then, wanted_then
from nlu.grammar.items import find
from nlu.grammar.meaning import clauses
from nlu.packs import load

PACK = load("en")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("My niece cooks every day, but not on Sundays. Could someone cook then?", ["SU"]),
        ("She cooks every day except at the weekend. Could someone cook for me then?", ["SA", "SU"]),
        ("He comes every day, but not on Fridays, could someone come then?", ["FR"]),
        ("My niece cooks on Mondays, but not on Fridays. Could someone cook then?", ["FR"]),
        ("A walk every day except Sundays. Could someone cook then?", None),
        ("She cooks every day, but not on Sundays. Could someone cook on Tuesday then?", None),
    ],
)
def test_then_is_when_nobody_else_comes(text: str, days: list[str] | None) -> None:
    found = find(text, PACK)
    before = [item.value for item in found.items if item.class_ == "when"]
    wanted_then(found, PACK)
    after = [item.value for item in found.items if item.class_ == "when"]
    if days is None:
        assert len(after) >= len(before)
        assert found.has("then")
    else:
        assert [value["days"] for value in after] == [days]


def test_days_with_nobody_are_named_again_where_somebody_is_asked_for() -> None:
    found = find("Saturdays there's nobody, so could somebody cook on Saturdays", PACK)
    clause = clauses(found)[0]
    assert nobody_then(clause, found)
    assert [item.value["days"] for item in named_again(clause, found)] == [["SA"]]


def test_other_days_are_no_help_for_those_with_nobody() -> None:
    found = find("Saturdays there's nobody, so could somebody cook on Sundays", PACK)
    assert not nobody_then(clauses(found)[0], found)
