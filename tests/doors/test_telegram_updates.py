"""What Telegram sends us, read as it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import telegram_updates
from tests.doors.payloads import recorded


@pytest.mark.parametrize("row", recorded("telegram"), ids=lambda row: row["name"])
def test_every_kind_of_update_is_read(row: dict[str, Any]) -> None:
    update = telegram_updates.read(row["update"])
    expect = row["expect"]
    assert update.id == row["update"]["update_id"]
    assert update.press == expect.get("press")
    assert update.blocked == expect.get("blocked")
    assert update.leave == expect.get("leave")
    if "kind" not in expect:
        assert update.incoming is None
        return
    incoming = update.incoming
    assert incoming is not None
    assert (incoming.address, incoming.language) == ("5551001", "nl")
    assert (incoming.text, incoming.kind) == (expect["text"], expect["kind"])
    for key in ("what", "button", "command", "phone"):
        assert incoming.payload.get(key) == expect.get(key)
    assert incoming.outside_id == f"update:{update.id}"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(_JSON)
def test_anything_else_is_refused(data: Any) -> None:
    with pytest.raises(telegram_updates.Refused):
        telegram_updates.read(data)


@given(st.sampled_from(recorded("telegram")), st.lists(st.tuples(st.integers(0, 50), _JSON), min_size=1, max_size=4))
def test_an_update_with_anything_in_any_place_is_read(row: dict[str, Any], changes: list[tuple[int, Any]]) -> None:
    update = _copy(row["update"])
    for place, value in changes:
        _set(update, place, value)
    update["update_id"] = 1
    read = telegram_updates.read(update)
    if read.incoming is not None:
        # What is read can be stored.
        assert read.incoming.text == read.incoming.text.encode().decode().replace("\0", "")


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _set(tree: Any, place: int, value: Any) -> None:
    """Put a value at the place of that number, counted through the whole tree."""
    places: list[tuple[Any, Any]] = []
    open_ends = [tree]
    while open_ends:
        here = open_ends.pop()
        for key in list(here) if isinstance(here, dict) else range(len(here)):
            places.append((here, key))
            if isinstance(here[key], (dict, list)):
                open_ends.append(here[key])
    holder, key = places[place % len(places)]
    holder[key] = value
