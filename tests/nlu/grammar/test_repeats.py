"""Tests of services that are named once more."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.attach import WISH, Piece
from nlu.grammar.repeats import fold
from tests.nlu.test_care_reader import NOW, READER, in_words

DAILY: dict[str, Any] = {"freq": "DAILY"}
MONDAY: dict[str, Any] = {"days": ["MO"], "every": True}
FRIDAY: dict[str, Any] = {"days": ["FR"], "every": True}
HALF_HOUR: dict[str, Any] = {"dur": [30, 30]}
KIN = {"eating": frozenset({"meals"})}


class Left(dict[str, Any]):
    """What is left out."""


def row(*parts: object) -> list[Piece]:
    """Pieces in a row, cut at "," and "."; "…" is somebody who is wished for."""
    pieces: list[Piece] = []
    boundary = 0
    for place, part in enumerate(parts):
        if part in (",", "."):
            boundary = 1 if part == "," else 2
            continue
        if part == "…":
            piece = Piece("W", WISH, boundary, place)
        elif isinstance(part, dict):
            piece = Piece("X" if isinstance(part, Left) else "T", part, boundary, place)
        else:
            piece = Piece("S", [part], boundary, place)
        pieces.append(piece)
        boundary = 0
    return pieces


def shown(pieces: list[Piece]) -> list[object]:
    """Pieces as `row` takes them."""
    parts: list[object] = []
    for piece in pieces:
        parts += [",", "."][piece.boundary - 1 : piece.boundary] if piece.boundary else []
        parts.append("…" if piece.kind == "W" else piece.value[0] if piece.kind == "S" else piece.value)
    return parts


SUNDAY = Left(days=["SU"])


# --- a variant that is said afterwards


def test_the_variant_said_afterwards_is_that_of_the_family_before() -> None:
    assert shown(fold(row("medication", DAILY, ",", "med_reminder"), {}).pieces) == ["med_reminder", DAILY]


def test_what_comes_behind_the_variant_stays_cut_off() -> None:
    folded = fold(row("medication", DAILY, ".", "med_reminder", "walk"), {})
    assert shown(folded.pieces) == ["med_reminder", DAILY, ".", "walk"]


@pytest.mark.parametrize(
    "parts",
    [
        ("medication", DAILY, "med_reminder"),
        ("medication", DAILY, ",", "med_reminder", MONDAY),
        ("medication", ",", "med_reminder"),
        ("walk", DAILY, ",", "med_reminder"),
        ("med_hand_over", DAILY, ",", "med_reminder"),
        ("medication", DAILY, ",", "walk"),
    ],
)
def test_what_refines_nothing_stays(parts: tuple[object, ...]) -> None:
    assert shown(fold(row(*parts), {}).pieces) == list(parts)


def test_a_schedule_behind_a_cut_is_not_of_the_variant() -> None:
    folded = fold(row("medication", DAILY, ",", "med_reminder", ",", MONDAY), {})
    assert shown(folded.pieces) == ["med_reminder", DAILY, ",", MONDAY]


# --- what is said of one alone


@pytest.mark.parametrize(
    ("detail", "exceptions", "said"),
    [
        ((SUNDAY,), [SUNDAY], {}),
        ((HALF_HOUR,), [], HALF_HOUR),
        (({**HALF_HOUR, "enough": True},), [], {**HALF_HOUR, "enough": True}),
        (("…",), [], {}),
        ((SUNDAY, HALF_HOUR), [SUNDAY], HALF_HOUR),
    ],
)
def test_what_is_said_of_one_alone_is_taken_out(
    detail: tuple[object, ...], exceptions: list[object], said: dict[str, Any]
) -> None:
    folded = fold(row("dressing", "walk", DAILY, ".", "walk", *detail), {})
    assert shown(folded.pieces) == ["dressing", "walk", DAILY]
    (own,) = folded.apart
    assert (own.services, own.exceptions, own.said) == (["walk"], exceptions, said)


@pytest.mark.parametrize(
    "parts",
    [
        ("dressing", "walk", DAILY, "walk", SUNDAY),
        ("dressing", "walk", DAILY, ",", "walk", SUNDAY, MONDAY),
        ("dressing", "walk", DAILY, ",", "walk", MONDAY),
        ("dressing", "walk", DAILY, ",", "walk", {**HALF_HOUR, **MONDAY}),
        ("dressing", "walk", DAILY, ",", "walk"),
        ("dressing", "walk", DAILY, ",", "garden", SUNDAY),
        ("walk", DAILY, ",", "walk", SUNDAY),
        ("dressing", "walk", ",", "walk", SUNDAY),
        ("dressing", "walk", HALF_HOUR, ",", "walk", SUNDAY),
    ],
)
def test_what_is_no_detail_of_one_of_several_stays(parts: tuple[object, ...]) -> None:
    folded = fold(row(*parts), {})
    assert shown(folded.pieces) == list(parts)
    assert folded.apart == []


def test_a_schedule_behind_a_cut_is_not_of_the_one_named_again() -> None:
    folded = fold(row("dressing", "walk", DAILY, ".", "walk", SUNDAY, ",", MONDAY), {})
    assert shown(folded.pieces) == ["dressing", "walk", DAILY, ".", MONDAY]
    assert [own.services for own in folded.apart] == [["walk"]]


def test_a_wish_makes_a_detail_where_it_stands_behind_the_service() -> None:
    parts = ("dressing", "walk", DAILY, ",", "walk", ".", "garden", MONDAY)
    assert [(own.first, own.last) for own in fold(row(*parts), {}, [5]).apart] == [(4, 6)]
    for elsewhere in ([3], [7], []):
        assert fold(row(*parts), {}, elsewhere).apart == []


def test_a_wider_word_names_the_same() -> None:
    parts = ("eating", "walk", DAILY, ",", "meals", SUNDAY)
    assert [own.services for own in fold(row(*parts), KIN).apart] == [["eating"]]
    assert fold(row(*parts), {}).apart == []


def test_each_of_several_has_its_own() -> None:
    folded = fold(row("dressing", "walk", DAILY, ",", "walk", SUNDAY, ",", "dressing", HALF_HOUR), {})
    assert shown(folded.pieces) == ["dressing", "walk", DAILY]
    assert [(own.services, own.exceptions, own.said) for own in folded.apart] == [
        (["dressing"], [], HALF_HOUR),
        (["walk"], [SUNDAY], {}),
    ]


# --- a list that is told first


def test_a_list_whose_services_come_again_with_days_is_dropped() -> None:
    folded = fold(row("meals", "garden", ".", "meals", MONDAY, ",", "garden", FRIDAY), {})
    assert shown(folded.pieces) == [".", "meals", MONDAY, ",", "garden", FRIDAY]


def test_days_may_stand_before_the_service() -> None:
    folded = fold(row("meals", "garden", ".", MONDAY, "meals", ",", FRIDAY, "garden"), {})
    assert shown(folded.pieces) == [".", MONDAY, "meals", ",", FRIDAY, "garden"]


def test_what_does_not_come_again_stays() -> None:
    folded = fold(row("meals", "garden", ".", "meals", MONDAY), {})
    assert shown(folded.pieces) == ["garden", ".", "meals", MONDAY]


def test_the_list_says_which_is_meant() -> None:
    folded = fold(row("eating", "garden", ".", "meals", MONDAY, ",", "garden", FRIDAY), KIN)
    assert shown(folded.pieces) == [".", "eating", MONDAY, ",", "garden", FRIDAY]


@pytest.mark.parametrize(
    "parts",
    [
        ("meals", MONDAY, ".", "meals", FRIDAY),
        ("meals", SUNDAY, ".", "meals", FRIDAY),
        ("meals", ",", "meals", FRIDAY),
        ("meals", ".", "meals", ",", "garden", FRIDAY),
        ("meals", ".", "garden", FRIDAY, ",", "meals"),
    ],
)
def test_a_list_is_kept_where_nothing_new_is_said_of_it(parts: tuple[object, ...]) -> None:
    assert shown(fold(row(*parts), {}).pieces) == list(parts)


@pytest.mark.parametrize(
    ("language", "text", "needs"),
    [
        (
            "en", "A cook and someone for the garden. The cook on Mondays, the garden every other Friday.",
            ["meals | FREQ=WEEKLY;BYDAY=MO | from 2026-11-30 | ask time",
             "garden | FREQ=WEEKLY;INTERVAL=2;BYDAY=FR | from 2026-11-27 | ask phase time"],
        ),
        (
            "nl", "Schoonmaken en iemand voor de tuin. Het schoonmaken elke maandag, de tuin elke vrijdag.",
            ["cleaning | FREQ=WEEKLY;BYDAY=MO | from 2026-11-30 | ask time",
             "garden | FREQ=WEEKLY;BYDAY=FR | from 2026-11-27 | ask time"],
        ),
        (
            "en", "Help with dressing and a walk every day; the walk not on Sundays",
            ["personal_care | FREQ=DAILY | from 2026-11-23 | ask time",
             "walk | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA | from 2026-11-23 | ask time"],
        ),
        (
            "nl", "Hulp bij het aankleden en wandelen, elke dag; het wandelen niet op zondag",
            ["personal_care | FREQ=DAILY | from 2026-11-23 | ask time",
             "walk | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA | from 2026-11-23 | ask time"],
        ),
        (
            "nl", "Schoonmaken en de tuin elke maandag, de tuin bij voorkeur door een man",
            ["cleaning | FREQ=WEEKLY;BYDAY=MO | from 2026-11-30 | ask time",
             "garden | FREQ=WEEKLY;BYDAY=MO | from 2026-11-30 | helper_gender male | ask time"],
        ),
        (
            "en", "Her tablets every day at nine, she only needs reminding",
            ["med_reminder | FREQ=DAILY | from 2026-11-24 | at 09:00"],
        ),
        (
            "nl", "Elke dag om negen uur haar medicijnen, ze moet er alleen aan herinnerd worden",
            ["med_reminder | FREQ=DAILY | from 2026-11-24 | at 09:00"],
        ),
    ],
)  # fmt: skip
def test_nothing_is_wanted_twice(language: str, text: str, needs: list[str]) -> None:
    assert [in_words(need) for need in READER.read(text, language, NOW).needs] == needs
