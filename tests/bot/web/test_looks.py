from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.looks import ALOUD, CHOICES, CONTRASTS, SIZES, Looks


def test_at_first_everything_is_as_usual_and_nothing_is_read_aloud() -> None:
    assert Looks() == Looks(size="normal", contrast=None, aloud="off")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("contrast", [None, *CONTRASTS])
@pytest.mark.parametrize("aloud", ALOUD)
def test_what_is_written_is_read(size: str, contrast: str | None, aloud: str) -> None:
    looks = Looks(size, contrast, aloud)
    assert Looks.from_cookie(looks.to_cookie()) == looks


@given(st.text() | st.from_regex(r"(large|\w+)\.(high|\w*)\.(on|\w*)(\.\w*)?", fullmatch=True))
def test_whatever_the_cookie_holds_only_known_values_come_out(text: str) -> None:
    looks = Looks.from_cookie(text)
    assert looks.size in SIZES
    assert looks.contrast in (None, *CONTRASTS)
    assert looks.aloud in ALOUD


def test_a_choice_changes_only_what_it_names_and_an_unknown_one_nothing() -> None:
    looks = Looks("large", "high", "on")
    assert looks.choosing(size="largest") == Looks("largest", "high", "on")
    assert looks.choosing(size="huge", contrast="", aloud='"><script>') == looks


def test_every_choice_is_a_field() -> None:
    for name, values in CHOICES:
        for value in values:
            assert getattr(Looks().choosing(**{name: value}), name) == value
