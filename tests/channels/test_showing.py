from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import ChannelCapabilities
from channels.showing import LONGEST_IN, clean, length, parts_of, split, with_numbers

YES_NO = ({"key": "1", "text": "Ja"}, {"key": "2", "text": "Nee"})


def test_choices_are_buttons_where_there_are_enough_and_they_fit() -> None:
    [part] = parts_of("Klopt dat?", YES_NO, ChannelCapabilities(100, buttons=2, longest_button=3))
    assert part.options == YES_NO
    for capabilities in (
        ChannelCapabilities(100),
        ChannelCapabilities(100, buttons=1),
        ChannelCapabilities(100, buttons=3, longest_button=2),
    ):
        [part] = parts_of("Klopt dat?", YES_NO, capabilities)
        assert (part.text, part.options) == ("Klopt dat?\n1. Ja\n2. Nee", ())


@pytest.mark.parametrize(
    "text", ["Wie?\n1. Ja, die\n2. Nee, die", "Kies: 1 ja, 2 nee.", "1. een\n2. twee\nWat wordt het?"]
)
def test_choices_that_the_text_numbers_itself_are_not_said_twice(text: str) -> None:
    assert with_numbers(text, YES_NO) == text


@pytest.mark.parametrize("text", ["Om 1 uur of om 2 uur?", "Kies 1.", "Het is 21. Klopt dat?"])
def test_other_numbers_are_not_taken_for_choices(text: str) -> None:
    assert with_numbers(text, YES_NO).endswith("1. Ja\n2. Nee")


@pytest.mark.parametrize(
    ("text", "longest", "pieces"),
    [
        ("kort", 10, ["kort"]),
        ("", 10, [""]),
        ("Een zin. Nog een zin.", 12, ["Een zin.", "Nog een zin."]),
        ("Regel een is hier\nregel twee", 20, ["Regel een is hier", "regel twee"]),
        ("een, twee, drie vier", 12, ["een, twee,", "drie vier"]),
        ("een twee drie", 8, ["een twee", "drie"]),
        ("aaaaaaaaaaaa", 5, ["aaaaa", "aaaaa", "aa"]),
        ("🙂🙂🙂", 3, ["🙂", "🙂", "🙂"]),
        ("“Goed.” Zei ze toen", 9, ["“Goed.”", "Zei ze", "toen"]),
    ],
)
def test_a_text_is_cut_where_it_hurts_least(text: str, longest: int, pieces: list[str]) -> None:
    assert split(text, longest) == pieces


@given(st.text(max_size=400), st.integers(4, 60))
def test_no_piece_is_too_long_and_nothing_but_space_is_lost(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert all(length(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.text(max_size=200))
def test_what_is_clean_can_be_stored_and_is_not_endless(text: str) -> None:
    assert clean(text).encode().decode() == clean(text)
    assert len(clean(text * 60)) <= LONGEST_IN
