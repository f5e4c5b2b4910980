from __future__ import annotations

import random

import pytest

from nlu.acts.files import read_yaml
from nlu.reading import ACTS
from nlu.training.evaluate import DEVELOPMENT, HELD_OUT, Tally, folds
from nlu.training.generate import Sentence, generated, languages, with_noise
from nlu.training.noise import noisy
from nlu.training.written import written


def test_both_languages_have_templates() -> None:
    assert languages() == ("en", "nl")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_generated_sentences_are_whole_and_repeatable(language: str) -> None:
    made = list(generated(language, per_template=3, seed=1))
    assert made == list(generated(language, per_template=3, seed=1))
    assert made != list(generated(language, per_template=3, seed=2))
    for one in made:
        assert one.act in ACTS
        assert one.text.strip()
        assert not set("{}()|") & set(one.text)


def test_noise_changes_most_sentences_and_keeps_the_group() -> None:
    sentences = written("nl")[:200]
    noise = list(with_noise(sentences, seed=3))
    assert len(noise) > 150
    assert {one.group for one in noise} <= {one.group for one in sentences}


def test_noise_never_empties_a_text() -> None:
    rng = random.Random(5)  # noqa: S311
    assert all(noisy(text, rng, "nl") for text in ["👍", "ja", "!", "'s avonds", "a"] * 50)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_act_has_written_sentences(language: str) -> None:
    sentences = written(language)
    counts = {act: sum(one.act == act for one in sentences) for act in ACTS}
    assert {one.act for one in sentences} == set(ACTS)
    assert min(counts.values()) >= 30
    assert counts["emergency"] >= 150


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_sentence_is_written_for_one_act_only(language: str) -> None:
    acts: dict[str, set[str]] = {}
    for one in written(language):
        acts.setdefault(one.text.lower(), set()).add(one.act)
    assert {text: several for text, several in acts.items() if len(several) > 1} == {}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_held_out_is_not_trained_on(language: str) -> None:
    known = {one.text for one in written(language)}
    for path in [*HELD_OUT.glob(f"*_{language}.yml"), *DEVELOPMENT.glob(f"*_{language}.yml")]:
        assert not known & {text for texts in read_yaml(path).values() for text in texts}


def test_folds_keep_groups_together() -> None:
    sentences = [Sentence(f"{group} {at}", "book", "nl", str(group)) for group in range(20) for at in range(3)]
    seen = 0
    for known, unseen in folds(sentences, 4):
        assert not {one.group for one in known} & {one.group for one in unseen}
        seen += len(unseen)
    assert seen == len(sentences)


def test_a_tally_counts_what_was_missed_and_what_was_called_wrongly() -> None:
    tally = Tally()
    tally.add("a", "emergency", "emergency")
    tally.add("b", "emergency", "book")
    tally.add("c", "none", "emergency")
    tally.add("d", "book", "book")
    summary = tally.summary()
    assert (summary["emergency_recall"], summary["emergency_false_alarms"]) == (0.5, 0.5)
    assert summary["act_accuracy"] == pytest.approx(2 / 3, abs=1e-4)
