from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.buttons import LONGEST_TOKEN, Buttons, Press

BUTTONS = Buttons("a key for the tests only")
KEYS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789*#_-", min_size=1, max_size=20)


@given(st.integers(0, 2**63), KEYS, st.integers(1, 10**19).map(str))
def test_what_was_signed_is_read_and_short_enough(message: int, key: str, address: str) -> None:
    token = BUTTONS.token(message, key, "telegram", address)
    assert len(token.encode()) <= LONGEST_TOKEN
    assert BUTTONS.read(token, "telegram", address) == Press(message, key)


@pytest.mark.parametrize(
    ("buttons", "channel", "address"),
    [(BUTTONS, "telegram", "6"), (BUTTONS, "whatsapp", "5"), (Buttons("another key entirely"), "telegram", "5")],
)
def test_it_is_good_for_one_address_on_one_channel_of_one_installation(
    buttons: Buttons, channel: str, address: str
) -> None:
    token = BUTTONS.token(7, "1", "telegram", "5")
    assert buttons.read(token, channel, address) is None


@given(st.text(max_size=70))
def test_nothing_else_is_a_press(text: str) -> None:
    assert BUTTONS.read(text, "telegram", "5") is None


@given(st.integers(0, 63), st.characters())
def test_a_changed_token_is_no_press(place: int, character: str) -> None:
    token = BUTTONS.token(123456, "2", "telegram", "5")
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]
    assert changed == token or BUTTONS.read(changed, "telegram", "5") is None


@pytest.mark.parametrize("key", ["", "a b", "x" * 21, "é", "1.2"])
def test_a_key_must_be_a_short_word(key: str) -> None:
    with pytest.raises(ValueError, match="short word"):
        BUTTONS.token(1, key, "telegram", "5")
