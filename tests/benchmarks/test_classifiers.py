"""The comparison of classifiers, on few sentences and without TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from benchmarks.classifiers import Score, arguments, run, sample, table
from benchmarks.readings.contestants import Contestant, Guess, Linear, light_with_spacy, own_features, spacy_features
from nlu.acts.classifier import ActClassifier
from nlu.acts.features import BLOCKS
from nlu.care_reader import CareReader
from nlu.training.evaluate import folds
from nlu.training.generate import Sentence
from nlu.training.learn import examples
from nlu.training.written import written

ACTS = frozenset({"greet", "goodbye", "who_is_coming", "undo"})


@pytest.fixture(scope="module")
def care() -> CareReader:
    return CareReader()


@pytest.fixture(scope="module")
def rounds() -> list[tuple[list[Sentence], list[Sentence]]]:
    return list(folds([one for one in written("en")[::2] if one.act in ACTS], 3))


def test_our_features_give_what_the_classifier_in_use_gives(
    care: CareReader, rounds: list[tuple[list[Sentence], list[Sentence]]]
) -> None:
    known, unseen = (list(examples(part, care)) for part in rounds[0])
    in_use = ActClassifier.train(known)
    guessed = Linear.train(known, own_features, BLOCKS).guess(unseen)
    wanted = [next(iter(in_use.predict(one.text, one.masked, one.signals))) for one in unseen]
    differing = sum(one != other for one, other in zip(guessed, wanted, strict=True))
    assert differing <= len(unseen) * 0.02


def words(text: str) -> list[SimpleNamespace]:
    """What a blank spaCy pipeline gives, as far as it is used; spaCy itself takes seconds to load."""
    return [
        SimpleNamespace(
            norm_=word.lower(), shape_="".join("X" if letter.isupper() else "x" for letter in word), prefix_=word[0],
            suffix_=word[-3:], is_stop=word in {"at", "the"}, like_num=word.isdigit(), is_title=word.istitle(),
            is_punct=not word.isalnum(),
        )
        for word in text.split()
    ]  # fmt: skip


def test_features_tell_of_shapes_and_flags() -> None:
    found = spacy_features(words("Tuesday at 10"))
    assert {"pntuesday", "psXxxxxxx", "ppT", "peday", "pfnumber", "pftitle", "pfstop"} <= found
    assert "pfmark" not in found


def test_the_wider_one_learns(care: CareReader, rounds: list[tuple[list[Sentence], list[Sentence]]]) -> None:
    result = run(light_with_spacy(care, {"en": words}), rounds[:1])
    assert result.accuracy("en") > 0.8
    assert result.seconds[0] > 0


def test_scores_and_their_price() -> None:
    def train(known: Sequence[Sentence]) -> Guess:
        return lambda unseen: ["greet" for _ in unseen]

    sentences = [Sentence("hallo", "greet", "nl", "1"), Sentence("hello", "greet", "en", "2")]
    sentences.append(Sentence("bye", "goodbye", "en", "3"))
    result = run(Contestant("always greet", "", train), [(sentences, sentences)])
    assert result.accuracy("nl") == 1
    assert result.accuracy("en") == 0.5
    assert result.accuracy() == pytest.approx(2 / 3)


def test_the_table_sets_extra_points_against_extra_minutes() -> None:
    base, dear = Score("light", ""), Score("DIET", "")
    for one, right, seconds in ((base, 80, 60.0), (dear, 82, 300.0)):
        one.seconds.append(seconds)
        for language in ("nl", "en"):
            one.right[language], one.total[language] = right, 100
    line = next(line for line in table([base, dear]).splitlines() if line.startswith("DIET"))
    assert "82.0 %" in line
    assert "+0.50" in line
    assert "+2.0 points for +240 s" in line
    assert dear.summary()["points_per_minute"] == 16.4


def test_quick_does_one_fold_and_few_epochs() -> None:
    options = arguments(["--quick"])
    assert (options.rounds, options.epochs) == (1, 5)
    assert arguments(["light", "diet", "--epochs", "2"]).names == ["light", "diet"]
    with pytest.raises(SystemExit):
        arguments(["perceptron"])


def test_a_sample_keeps_groups_whole_and_all_folds_filled() -> None:
    sentences = written("en")
    taken = sample(sentences, 4)
    groups = {one.group for one in taken}
    assert taken == [one for one in sentences if one.group in groups]
    assert 0.15 < len(groups) / len({one.group for one in sentences}) < 0.35
    assert all(unseen for _, unseen in folds(taken, 5))
    assert sample(sentences, 1) == list(sentences)
