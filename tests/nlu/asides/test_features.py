from __future__ import annotations

from nlu.asides.features import features


def test_words_letters_and_what_was_found_are_looked_at() -> None:
    found = features(["i", "rise", "at", "seven", "."], ["i", "rise", "CLOCK", "."])
    assert {"w^ i", "wrise at", "mrise CLOCK", "mi rise CLOCK", "c ris"} <= found
    assert not any("." in one for one in found)


def test_numbers_are_alike_and_a_question_mark_is_a_word() -> None:
    assert features(["at", "10"], []) == features(["at", "11"], [])
    assert "w10 ?" not in features(["at", "10", "?"], [])
    assert "w# ?" in features(["at", "10", "?"], [])
