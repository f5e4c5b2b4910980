from __future__ import annotations

from datetime import datetime

import pytest

from bot.commands import converse
from bot.errors import UserError
from care.clock import TZ, Clock


@pytest.mark.parametrize(
    ("channel", "text", "kind"),
    [
        ("voice", "", "silence"),
        ("voice", "  ", "silence"),
        ("voice", "1", "digits"),
        ("voice", "*", "digits"),
        ("voice", "om 9 uur", "text"),
        ("sms", "", "text"),
        ("sms", "1", "text"),
    ],
)
def test_on_the_phone_digits_are_keys_and_an_empty_line_is_silence(channel: str, text: str, kind: str) -> None:
    assert converse.kind_of(text, channel) == kind


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"x" * 10_000, "too long"),
        (b"\xff\xfe\xfd", "UTF-8"),
        (b"\x00\x01", "control"),
        (None, "longer than"),
    ],
)
def test_a_line_that_is_no_message_is_named_by_its_number(line: bytes | None, word: str) -> None:
    with pytest.raises(UserError, match=rf"line 7 cannot be taken: .*{word}"):
        converse._text(line, 7)


def test_the_clock_moves_to_a_local_moment() -> None:
    clock = Clock()
    converse._move(clock, " 2026-11-23T09:00", 1)
    assert clock.now() == datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
    converse._move(clock, "2026-11-23T09:00Z", 1)
    assert clock.now().hour == 10


@pytest.mark.parametrize("moment", [None, "", "straks", "2026-13-01"])
def test_a_moment_that_is_none_is_told(moment: str | None) -> None:
    with pytest.raises(UserError, match="line 3 cannot be taken"):
        converse._move(Clock(), moment, 3)
