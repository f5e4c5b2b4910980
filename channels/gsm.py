"""The characters of text messages: one holds 160 in GSM-7, and only 70 with any other character (3GPP 23.038)."""

from __future__ import annotations

import unicodedata

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "^{}\\[~]|€\f"
GSM = frozenset(_BASIC + _EXTENDED)
_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "′": "'",
        "´": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200b": "",
        "\t": " ",
        "½": " 1/2",
        "×": "x",
    }
)


def to_gsm(text: str) -> str:
    """The text in GSM-7 characters: typographic quotes and dashes become plain ones, and accents that GSM-7 lacks go.

    A text that holds anything else (another script, an emoji) is left as it is: it cannot be had in GSM-7 anyway.
    """
    plain = text.translate(_PLAIN)
    if is_gsm(plain):
        return plain
    plain = "".join(_letter(character) for character in plain)
    return plain if is_gsm(plain) else text


def is_gsm(text: str) -> bool:
    """Whether a text needs no character outside GSM-7."""
    return GSM.issuperset(text)


def septets(text: str) -> int:
    """How long a GSM-7 text is: some characters count double."""
    return len(text) + sum(character in _EXTENDED for character in text)


def _letter(character: str) -> str:
    if character in GSM:
        return character
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return bare if bare and GSM.issuperset(bare) else character
