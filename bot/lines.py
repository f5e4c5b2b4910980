"""Lines in and lines out: how the commands read standard input and write JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

LONGEST_TEXT = 10_000
"""A text of this many characters or more is refused: no door passes on messages that long."""

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is skipped over without being kept in memory."""


class BadLine(ValueError):
    """A line or argument that cannot be taken; the message says why, without repeating it."""


class Binary(BadLine):
    """What was given is no text at all."""


def read_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of `stream` as they come, without their end; None for one longer than LONGEST_LINE."""
    while line := stream.readline(LONGEST_LINE + 1):
        if line.endswith(b"\n") or len(line) <= LONGEST_LINE:
            yield line.rstrip(b"\r\n")
            continue
        while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def decode(line: bytes | None) -> str:
    """The text of a line; raises BadLine when it is too long or no UTF-8 text."""
    if line is None:
        raise BadLine(f"the line is longer than {LONGEST_LINE} bytes")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Binary("the line is not UTF-8 text") from error
    return text


def check_text(text: str) -> str:
    """The text of a message, if it may be one; raises BadLine otherwise."""
    if len(text) >= LONGEST_TEXT:
        raise BadLine(f"the text is too long: {len(text)} characters, and it must be under {LONGEST_TEXT}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Binary("the text is not valid Unicode") from error
    if any(ord(character) < 32 and character not in "\t\n\r" for character in text):
        raise Binary("the text contains control characters")
    return text


def write(fields: dict[str, Any]) -> None:
    """One JSON line on standard output, in UTF-8, flushed at once."""
    line = json.dumps(fields, ensure_ascii=False)
    try:
        encoded = line.encode("utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair, echoed from an id: only its escape is valid in UTF-8.
        encoded = json.dumps(fields).encode("ascii")
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.buffer.flush()
