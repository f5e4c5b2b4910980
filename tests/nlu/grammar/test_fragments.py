"""What a sentence of one or two words says."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.packs import load

PACK = load("en")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Help me shave. Mornings. Nine.", [9]),
        ("The dog. Mornings and evenings. Eight and six.", [8, 6]),
        ("Feed my cats. Two.", []),
        ("Hoovering. Twice a week. Two.", []),
        ("Hoovering. Mondays. 2. The windows. Tuesdays.", []),
        ("Hoovering. Mondays at ten. Two.", [10]),
        ("Hoovering. Mondays. Two cats.", []),
        ("Nine", []),
        ("Hoovering. Mondays. Half an hour. Two.", []),
    ],
)
def test_a_number_alone_behind_days_is_an_hour(text: str, hours: list[int]) -> None:
    times = [clock for item in find(text, PACK).items if item.class_ == "when" for clock in item.value.get("times", ())]
    assert [clock.minutes // 60 for clock in times] == hours


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Sunday neither.", True),
        ("The 2nd of June leave it, we're out", True),
        ("The shopping on Friday, leave it in the hall", False),
        ("Leave it on Friday", False),
        ("On Friday leave it to my son", False),
    ],
)
def test_what_ends_its_clause_behind_a_day_leaves_that_day_out(text: str, refused: bool) -> None:
    found = find(text, PACK)
    assert found.has("not") is refused
    assert not found.has("nor", "leave_it")


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("My hens are in the shed, four of them", False),
        ("Someone to feed the hens, four times", True),
        ("Physio at home, four of them", True),
    ],
)
def test_so_many_animals_are_no_visits(text: str, counted: bool) -> None:
    assert any("count" in item.value for item in find(text, PACK).items if item.class_ == "when") is counted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de was twee uur 's avonds om zeven uur", [{"dur": [120, 120]}, "evening", [7]]),
        ("de was voor 1 uur 's middags om half drie", [{"dur": [60, 60]}, "afternoon", [2]]),
        # Without an hour behind it, it is one itself.
        ("de was twee uur 's middags", [[2]]),
        ("de was twee uur 's middags en om vier uur", [[2], [4]]),
    ],
)
def test_what_stands_before_an_hour_with_its_part_of_the_day_is_a_length(text: str, expected: list[object]) -> None:
    values = [item.value for item in find(text, load("nl")).items if item.class_ == "when"]
    said = [
        [clock.minutes // 60 for clock in value["times"]] if "times" in value else value.get("part", value)
        for value in values
    ]
    assert said == expected


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("De pedicure morgen maar niet", True),
        ("Elke dag douchen, zondag maar niet", False),
        ("Elke dag maar niet op zondag", False),
    ],
)
def test_but_not_behind_the_only_day_leaves_that_day_out(text: str, refused: bool) -> None:
    found = find(text, load("nl"))
    assert found.has("not") is refused
    assert found.has("except") is not refused
