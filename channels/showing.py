"""How a message looks on a door, by what the door can show: choices as buttons or as numbers, long texts in parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels.gsm import to_gsm
from channels.messages import ChannelCapabilities

LONGEST_IN = 4000
"""Characters of a message that are read; nobody needs more to say which help they want."""
_PLACES = (
    re.compile(r"\n+"),
    re.compile(r"(?<=[.!?…])[\"”’')]*\s+"),
    re.compile(r"(?<=[,;:])\s+"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True)
class Part:
    """One message of a door: its text, and the choices to show as buttons."""

    text: str
    options: tuple[Mapping[str, str], ...] = ()


def parts_of(text: str, options: Sequence[Mapping[str, str]], capabilities: ChannelCapabilities) -> tuple[Part, ...]:
    """A message as the door shows it: at least one part, none longer than the door takes, choices with the last."""
    as_buttons = shows(options, capabilities)
    if options and not as_buttons:
        text = with_numbers(text, options)
    if capabilities.plain:
        text = to_gsm(text)
    texts = split(text, capabilities.longest_text)
    last = Part(texts[-1], tuple(options) if as_buttons else ())
    return (*(Part(before) for before in texts[:-1]), last)


def shows(options: Sequence[Mapping[str, str]], capabilities: ChannelCapabilities) -> bool:
    """Whether the door has buttons for these choices."""
    return 0 < len(options) <= capabilities.buttons and all(
        0 < length(option["text"]) <= capabilities.longest_button for option in options
    )


def with_numbers(text: str, options: Sequence[Mapping[str, str]]) -> str:
    """The text with the choices below it, each after the number to answer with, unless the text names them itself."""
    if all(_names(text, option) for option in options):
        return text
    return "\n".join([text, *(f"{option['key']}. {option['text']}" for option in options)])


def _names(text: str, option: Mapping[str, str]) -> bool:
    """Whether a text says which number a choice has: as a line of a list, or in running text."""
    key, label = option["key"], option["text"].casefold()
    return re.search(rf"^{re.escape(key)}[.)] ", text, re.MULTILINE) is not None or f"{key} {label}" in text.casefold()


def split(text: str, longest: int) -> list[str]:
    """The text in pieces of at most `longest` characters (as UTF-16 counts them, like the channels do).

    Cut where it hurts least: at the end of a line, else of a sentence, else after a comma, else between words.
    """
    pieces = []
    rest = text.strip()
    while length(rest) > longest:
        cut = _cut(rest, longest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest or not pieces else pieces


def _cut(text: str, longest: int) -> int:
    end = longest
    while length(text[:end]) > longest:
        end -= 1
    # One character more: the space after a word that just fits.
    window = text[: end + 1]
    for place in _PLACES:
        cuts = [found.end() for found in place.finditer(window) if found.start() <= end]
        # A first piece of a few words is worse than a cut at the next best place.
        good = [cut for cut in cuts if cut >= end // 3]
        if good:
            return good[-1]
    return max(end, 1)


def length(text: str) -> int:
    """How long a text is in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """What somebody wrote without what no text holds (control characters, halves of characters), at most LONGEST_IN."""
    text = text[: 2 * LONGEST_IN]
    if text.isprintable():
        return text.strip()[:LONGEST_IN]
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()[:LONGEST_IN]
