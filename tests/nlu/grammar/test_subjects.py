"""Tests of where a clause begins in what is spoken without signs."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.subjects import told_subjects
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
