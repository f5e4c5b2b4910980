from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.acts.text import MAX_CHARS, clauses, cuts, plain, runs, sentences, words


@pytest.mark.parametrize("written", ["'s avonds", "’s avonds", "`s Avonds", "s avonds"])
def test_apostrophes_and_capitals_make_no_difference(written: str) -> None:
    assert words(written) == ["s", "avonds"]


def test_accents_are_folded() -> None:
    assert plain("Één cliënt") == "een client"


def test_clauses_are_cut_at_punctuation() -> None:
    assert clauses("Ja, graag! Maar… morgen niet") == [["ja"], ["graag"], ["maar"], ["morgen", "niet"]]


def test_cuts_begin_a_new_part_at_a_new_thought() -> None:
    assert cuts("maandag schoonmaak en o ja ik stik") == ["maandag schoonmaak", "en o ja ik stik"]


def test_sentences_end_at_stops_and_lines() -> None:
    text = "Om 9.30 uur graag. Kan dat?\nGroet, Jan"
    assert sentences(text) == ["Om 9.30 uur graag.", "Kan dat?", "Groet, Jan"]


def test_a_sentence_without_end_is_told_in_runs_that_overlap() -> None:
    text = ", ".join(f"eerst komt nummer {at} aan de beurt" for at in range(8))
    found = runs(f"Goedendag. {text}")
    assert found[0] == "Goedendag."
    assert len(found) > 4
    assert all(len(run.split()) <= 20 for run in found)
    assert all(any(f"nummer {at} " in run for run in found) for at in range(8))


def test_even_without_any_mark_every_word_is_in_a_run() -> None:
    spoken = " ".join(f"w{at}" for at in range(75))
    found = runs(spoken)
    assert {word for run in found for word in run.split()} == set(spoken.split())
    assert all(len(run.split()) <= 20 for run in found)


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert all(word and " " not in word for word in words(text))
    assert all(part.strip() == part and part for part in (*cuts(text), *sentences(text), *runs(text)))


def test_long_texts_are_read_in_part() -> None:
    assert len(plain("a" * 3 * MAX_CHARS)) == MAX_CHARS
