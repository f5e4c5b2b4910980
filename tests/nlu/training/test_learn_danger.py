from __future__ import annotations

from pathlib import Path

import pytest

from nlu.acts.danger import DangerExample
from nlu.acts.files import read_yaml
from nlu.services.examples import framed, written
from nlu.training.evaluate import APART
from nlu.training.generate import Sentence, dangers
from nlu.training.learn_danger import EACH, danger_examples, letters, requests


def sentence(text: str, act: str) -> Sentence:
    return Sentence(text, act, "nl", f"nl:{text}")


def test_the_clauses_of_harmless_sentences_are_learnt_too() -> None:
    rows = list(danger_examples([sentence("ik kom niet, wie komt er morgen", "skip")]))
    assert [row.text for row in rows] == ["ik kom niet, wie komt er morgen", "ik kom niet", "wie komt er morgen"]
    assert not any(row.danger for row in rows)
    assert rows[1].weight < rows[0].weight


def test_an_emergency_is_learnt_whole() -> None:
    rows = list(danger_examples([sentence("ik ben gevallen, kom snel nu", "emergency")]))
    assert rows == [DangerExample("ik ben gevallen, kom snel nu", True)]


def test_letters_are_long_and_half_of_them_hold_a_cry() -> None:
    calm = [sentence(f"rustig {at}", "book") for at in range(20)]
    made = list(letters([*calm, sentence("ik stik", "emergency")], 40))
    assert [one.danger for one in made] == [at % 2 == 0 for at in range(40)]
    assert all(("ik stik" in one.text) == one.danger for one in made)
    assert all(one.text.count("rustig") >= 2 for one in made)
    assert made == list(letters([*calm, sentence("ik stik", "emergency")], 40))


def test_no_letters_without_both_kinds() -> None:
    assert list(letters([sentence("ik stik", "emergency")], 4)) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_names_a_service_is_learnt_as_harmless_bare_and_in_a_request(language: str) -> None:
    made, examples = list(requests(language)), written(language)
    texts = [one.text for one in made]
    assert texts[: len(examples)] == [one.text for one in examples]
    assert texts[len(examples) :] == [one.text for one in framed(examples, language)]
    assert len(texts) > 2 * len(examples)
    assert not any(one.danger for one in made)
    # What was written by hand as danger counts for more.
    assert all(one.weight < DangerExample("ik stik", True).weight for one in made)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_dangers_are_whole_and_repeatable(language: str) -> None:
    each = {"emergency": 40, "calm": 3}
    made = list(dangers(language, each=each, seed=1))
    assert made == list(dangers(language, each=each, seed=1))
    assert {one.act for one in made} == {"emergency", "calm"} == set(EACH)
    assert all(one.text and not set("{}()|") & set(one.text) for one in made)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("part", ["seen", "aside"])
def test_what_was_written_apart_is_not_learnt_from(language: str, part: str) -> None:
    known = {one.text.casefold() for one in dangers(language, each=EACH, seed=1)}
    apart = read_yaml(Path(APART) / f"{part}_{language}.yml")
    assert not known & {text.casefold() for texts in apart.values() for text in texts}
