"""Every text is there in both languages, asks for the same values, and keeps to the house style."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest

from actions.phrases import DOMAIN, LANGUAGES, Phrases

PHRASES = Phrases.load()
LONGEST_OPTION = 20
"""WhatsApp's limit for a button."""


def fields(text: str) -> set[str]:
    return {name.split("[")[0].split(".")[0] for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(PHRASES.names()))
def test_both_languages_use_the_same_values(key: str) -> None:
    used = [frozenset().union(*(fields(text) for text in PHRASES.variants(key, language))) for language in LANGUAGES]
    assert used[0] == used[1]


@pytest.mark.parametrize("key", sorted(key for key in PHRASES.names() if key.startswith("option_")))
@pytest.mark.parametrize("language", LANGUAGES)
def test_options_fit_a_button(key: str, language: str) -> None:
    assert all(len(text) <= LONGEST_OPTION for text in PHRASES.variants(key, language))


@pytest.mark.parametrize("key", sorted(key for key in PHRASES.names() if key.startswith("ask_")))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_asks_one_thing_in_few_sentences(key: str, language: str) -> None:
    for text in PHRASES.variants(key, language):
        assert text.count("?") <= 1, text
        assert sum(text.count(mark) for mark in ".?!") <= 3, text


def test_a_text_without_one_of_the_languages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "talk.yml").write_text("responses:\n  hello:\n  - {metadata: {language: nl}, text: Dag}\n")
    with pytest.raises(ValueError, match="hello has no text in en"):
        Phrases.load(tmp_path)


def test_variants_are_used_in_turn() -> None:
    variants = PHRASES.variants("ask_service", "nl")
    assert [PHRASES.text("ask_service", "nl", turn) for turn in range(3)] == [variants[0], variants[1], variants[0]]


def test_the_texts_stand_in_the_domain() -> None:
    assert {"book.yml", "emergency.yml", "talk.yml", "visits.yml", "words.yml"} <= {
        path.name for path in DOMAIN.iterdir()
    }
