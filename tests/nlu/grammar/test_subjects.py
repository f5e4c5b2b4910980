"""Tests of where a clause begins in what is spoken without signs."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.subjects import spoken_subjects, told_subjects
from nlu.packs import load


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("ze moet nog lang rusten mijn dochter kan maandag", "mijn"),
        ("ik wil graag dat mijn dochter komt", None),
        ("elke dag met mijn dochter wandelen", None),
    ],
)
def test_who_does_something_begins_a_clause_behind_what_is_told(text: str, begins: str | None) -> None:
    pack = load("nl")
    found = find(text, pack)
    assert [found.words[at].text for at in told_subjects(found, pack)] == ([begins] if begins else [])


def test_the_last_day_of_a_list_may_begin_a_clause() -> None:
    items = find("My son cooks at the weekend and on Wednesday I eat out", load("en")).items
    days = [item.value["days"] for item in items if item.class_ == "when"]
    assert days == [["SA", "SU"], ["WE"]]
    both = find("On Monday and on Wednesday I eat out", load("en")).items
    assert [item.value["days"] for item in both if item.class_ == "when"] == [["MO", "WE"]]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("supper daily at five Saturdays my son cooks", "saturdays"),
        ("the windows on Mondays my sister does the rest", "my"),
        ("on at eight every day and off again at ten Sundays my husband does both", "sundays"),
        ("the windows on Mondays, Fridays my sister does the doors", None),
        ("Fridays my sister does the doors", None),
    ],
)
def test_where_the_verb_is_not_second_the_day_before_somebody_may_be_theirs(text: str, begins: str | None) -> None:
    pack = load("en")
    found = find(text, pack)
    assert [found.words[at].text for at in spoken_subjects(found, pack)] == ([begins] if begins else [])
