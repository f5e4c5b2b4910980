from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import lines


def test_lines_come_one_by_one_and_an_endless_one_is_skipped() -> None:
    stream = io.BytesIO(b"een\r\n" + b"x" * (lines.LONGEST_LINE + 10) + b"\ntwee\n\ndrie")
    assert list(lines.read_lines(stream)) == [b"een", None, b"twee", b"", b"drie"]


def test_a_line_of_exactly_the_longest_length_is_taken() -> None:
    stream = io.BytesIO(b"x" * lines.LONGEST_LINE + b"\nrest\n")
    assert [len(line or b"") for line in lines.read_lines(stream)] == [lines.LONGEST_LINE, 4]


@pytest.mark.parametrize("raw", [None, b"\xff\xfe", b"\xed\xa0\x80"])
def test_what_is_no_text_is_refused(raw: bytes | None) -> None:
    with pytest.raises(lines.BadLine):
        lines.decode(raw)


@pytest.mark.parametrize("text", ["x" * 10_000, "a\x00b", "\ud800", "\x1b[2J"])
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(lines.BadLine):
        lines.check_text(text)


def test_an_ordinary_message_is_taken_as_it_is() -> None:
    assert lines.check_text("x" * 9_999) == "x" * 9_999
    assert lines.check_text("één 👵\tdag\n") == "één 👵\tdag\n"


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none())))
def test_whatever_is_written_reads_back_as_it_was(fields: dict[str, object]) -> None:
    class Out:
        buffer = io.BytesIO()

    out = Out()
    out.buffer = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        lines.write(fields)
    assert json.loads(out.buffer.getvalue().decode("utf-8")) == fields


def test_half_a_surrogate_pair_is_written_as_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    class Out:
        buffer = io.BytesIO()

    monkeypatch.setattr("sys.stdout", Out)
    lines.write({"id": "\ud800"})
    assert Out.buffer.getvalue() == b'{"id": "\\ud800"}\n'
