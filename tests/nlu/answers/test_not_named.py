"""Who should not come."""

from __future__ import annotations

import pytest

from nlu.answers.not_named import not_named


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("elke dag gezelschap om 10 uur maar niet meneer de Vries", "nl", ["de Vries"]),
        ("elke ochtend mijn steunkousen, liefst niet van Petra", "nl", ["Petra"]),
        ("niet anna", "nl", ["anna"]),
        ("niet mevrouw van der berg graag", "nl", ["van der berg"]),
        ("liever niet weer Jan de Boer", "nl", ["Jan de Boer"]),
        ("company every day at ten, but not Mr Smith", "en", ["Smith"]),
        ("every Tuesday cleaning at ten, anyone but Wilma", "en", ["Wilma"]),
        ("not with Anna or John", "en", ["Anna"]),
        ("iemand anders dan Wilma", "nl", ["Wilma"]),
        ("in plaats van Piet graag Maria", "nl", ["Piet"]),
        ("somebody other than Bianca", "en", ["Bianca"]),
        ("niet op maandag", "nl", []),
        ("elke dag behalve zondag", "nl", []),
        ("every day except Sunday", "en", []),
        ("not in December", "en", []),
        ("niet goed", "nl", []),
        ("nee", "nl", []),
        ("ik wil graag Anna", "nl", []),
        ("", "nl", []),
    ],
)
def test_names_after_a_no_are_found_and_nothing_else(text: str, language: str, names: list[str]) -> None:
    assert not_named(text, language) == names
