"""Tests of clock times put beside their days, services and parts of the day."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.attach import Piece
from nlu.grammar.bind import bind_times
from nlu.grammar.clocks import Clock
from tests.nlu.test_care_reader import NOW, READER, in_words

TUESDAY_FRIDAY: dict[str, Any] = {"days": ["TU", "FR"], "every": True}
TUESDAY: dict[str, Any] = {"days": ["TU"], "every": True}
FRIDAY: dict[str, Any] = {"days": ["FR"], "every": True}
EIGHT: dict[str, Any] = {"times": [Clock(480)]}
TEN: dict[str, Any] = {"times": [Clock(600)]}
AT_EIGHT: dict[str, Any] = {"times": [Clock(480, open=False)]}
AT_TEN: dict[str, Any] = {"times": [Clock(600, open=False)]}
BOTH: dict[str, Any] = {"times": [Clock(480), Clock(600)]}


def row(*parts: object) -> list[Piece]:
    """Pieces in a row, cut at ","."""
    pieces: list[Piece] = []
    boundary = 0
    for place, part in enumerate(parts):
        if part == ",":
            boundary = 1
            continue
        pieces.append(
            Piece("T", dict(part), boundary, place) if isinstance(part, dict) else Piece("S", [part], boundary, place)
        )
        boundary = 0
    return pieces


def bound(*parts: object) -> list[object]:
    """The row with its times bound, as `row` takes it."""
    found: list[object] = []
    for piece in bind_times(row(*parts)):
        found += [","] * bool(piece.boundary)
        found.append(piece.value if piece.kind == "T" else piece.value[0])
    return found


# --- two days with a time on either side


def test_each_of_two_days_goes_with_the_time_on_its_own_side() -> None:
    assert bound("walk", EIGHT, TUESDAY_FRIDAY, TEN) == ["walk", EIGHT, TUESDAY, ",", FRIDAY, TEN]


@pytest.mark.parametrize(
    "parts",
    [
        ("walk", EIGHT, TUESDAY_FRIDAY),
        ("walk", EIGHT, {**TUESDAY_FRIDAY, "range": True}, TEN),
        ("walk", EIGHT, {"days": ["TU", "TH", "FR"]}, TEN),
        ("walk", EIGHT, ",", TUESDAY_FRIDAY, TEN),
        ("walk", EIGHT, TUESDAY_FRIDAY, ",", TEN),
        ("walk", {**EIGHT, "freq": "DAILY"}, TUESDAY_FRIDAY, TEN),
        ("walk", {"dur": [60, 60]}, TUESDAY_FRIDAY, TEN),
        ("walk", TUESDAY_FRIDAY, TEN),
    ],
)
def test_days_are_not_parted_otherwise(parts: tuple[object, ...]) -> None:
    assert bound(*parts) == list(parts)


# --- two times with a service on either side


def test_the_second_of_two_times_is_of_the_second_service() -> None:
    assert bound("on", BOTH, "off") == ["on", AT_EIGHT, ",", AT_TEN, "off"]


def test_the_part_of_the_day_is_that_of_the_second_time() -> None:
    evening = {"times": [Clock(480, open=False), Clock(1320, open=False)], "last_part": "evening"}
    assert bound("on", {**BOTH, "last_part": "evening"}, "off") == [
        "on",
        {"times": evening["times"][:1]},
        ",",
        {"times": evening["times"][1:], "part": "evening", "bound": True},
        "off",
    ]


def test_what_else_is_said_is_of_the_first() -> None:
    assert bound("on", {**BOTH, "freq": "DAILY"}, "off")[1] == {**AT_EIGHT, "freq": "DAILY"}


@pytest.mark.parametrize(
    "parts",
    [
        ("on", BOTH),
        (BOTH, "off"),
        ("on", BOTH, "on"),
        ("on", BOTH, ",", "off"),
        ("on", BOTH, "off", TEN),
        ("on", {"times": [Clock(480), Clock(540), Clock(600)]}, "off"),
        ("on", FRIDAY, "off"),
    ],
)
def test_times_are_not_parted_otherwise(parts: tuple[object, ...]) -> None:
    assert bound(*parts) == list(parts)


def test_times_that_cannot_be_in_their_part_are_parted_as_they_were_said() -> None:
    midday = {"times": [Clock(480, open=False), Clock(780, open=False)], "part": "evening"}
    assert bound("on", midday, "off")[1] == {"times": [Clock(480, open=False)]}


def test_a_time_behind_a_cut_is_not_of_the_second_service() -> None:
    assert bound("on", BOTH, "off", ",", FRIDAY, TEN)[:5] == ["on", AT_EIGHT, ",", AT_TEN, "off"]
    assert bound("on", BOTH, "off", ",", TEN)[:5] == ["on", AT_EIGHT, ",", AT_TEN, "off"]


# --- a time with a day of its own


def test_a_time_with_a_day_behind_it_is_of_that_day() -> None:
    parts = ("walk", TUESDAY, EIGHT, ",", TEN, FRIDAY)
    assert bound(*parts) == list(parts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("walk", TUESDAY, EIGHT, ",", TEN), ()),
        (("walk", EIGHT, ",", TEN), (FRIDAY,)),
        (("walk", TUESDAY, EIGHT, ",", TEN), (",", FRIDAY)),
        (("walk", TUESDAY, ",", EIGHT, ",", TEN), (FRIDAY,)),
        (("walk", TUESDAY, EIGHT, TEN), (FRIDAY,)),
        (("walk", TUESDAY, EIGHT, ",", TEN), ({"dur": [60, 60]},)),
        (("walk", {"dur": [60, 60]}, EIGHT, ",", TEN), (FRIDAY,)),
    ],
)
def test_other_times_in_a_row_are_one_list(before: tuple[object, ...], after: tuple[object, ...]) -> None:
    kept = before[: before.index(EIGHT)]
    assert bound(*before, *after) == [*kept, BOTH, *after]


@pytest.mark.parametrize(
    ("language", "text", "needs"),
    [
        (
            "en", "A walk at half past seven on Tuesdays and on Fridays at ten",
            ["walk | FREQ=WEEKLY;BYDAY=TU | from 2026-11-24 | at 07:30",
             "walk | FREQ=WEEKLY;BYDAY=FR | from 2026-11-27 | at 10:00"],
        ),
        (
            "nl", "Wandelen om half acht op dinsdag en op vrijdag om tien uur",
            ["walk | FREQ=WEEKLY;BYDAY=TU | from 2026-11-24 | at 07:30 | ask scope",
             "walk | FREQ=WEEKLY;BYDAY=FR | from 2026-11-27 | at 10:00 | ask scope"],
        ),
        (
            "nl", "Elke dag steunkousen aan om half acht en om half tien 's avonds uit",
            ["stockings_on | FREQ=DAILY | from 2026-11-24 | at 07:30",
             "stockings_off | FREQ=DAILY | from 2026-11-23 | at 21:30 | between 18:00-23:00 | in evening"],
        ),
        (
            "en", "A walk on Mondays at a quarter past eight, and at a quarter to eight on Thursdays",
            ["walk | FREQ=WEEKLY;BYDAY=MO | from 2026-11-30 | at 08:15",
             "walk | FREQ=WEEKLY;BYDAY=TH | from 2026-11-26 | at 07:45"],
        ),
        (
            "nl", "Wandelen op maandag om kwart over acht, en om kwart voor acht op donderdag",
            ["walk | FREQ=WEEKLY;BYDAY=MO | from 2026-11-30 | at 08:15 | ask scope",
             "walk | FREQ=WEEKLY;BYDAY=TH | from 2026-11-26 | at 07:45 | ask scope"],
        ),
    ],
)  # fmt: skip
def test_each_time_goes_with_its_own(language: str, text: str, needs: list[str]) -> None:
    assert [in_words(need) for need in READER.read(text, language, NOW).needs] == needs


def test_hours_at_the_end_are_each_of_their_part_of_the_day() -> None:
    morning: dict[str, Any] = {"part": "morning", "partly": True}
    evening: dict[str, Any] = {"freq": "DAILY", "part": "evening"}
    parts = [
        piece.value for piece in bind_times(row(morning, "walk", evening, "meals", ",", BOTH)) if piece.kind == "T"
    ]
    at_ten = {"times": [Clock(1320, open=False)], "bound": True}
    assert parts == [{**morning, **AT_EIGHT, "bound": True}, {**evening, **at_ten}]


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("Wassen en naar bed, elke dag om 8.00 en 21.00", ["at 08:00", "at 21:00"]),
        ("Wassen en stofzuigen, elke dag om 8.00 en 11.00", ["at 08:00 11:00", "at 08:00 11:00"]),
    ],
)
def test_what_is_for_the_evening_has_the_later_of_two_hours(text: str, needs: list[str]) -> None:
    found = [in_words(need) for need in READER.read(text, "nl", NOW).needs]
    assert [part for need in found for part in need.split(" | ") if part.startswith("at ")] == needs
