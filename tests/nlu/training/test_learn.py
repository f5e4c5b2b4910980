from __future__ import annotations

import pytest

from nlu.services.examples import NONE
from nlu.services.examples import written as services_of
from nlu.training.generate import Sentence, generated
from nlu.training.learn import all_made, enlarged, is_templated, requested, templated
from nlu.training.written import written


def test_what_is_made_from_templates_is_told_from_what_is_written() -> None:
    assert all(is_templated(one) for one in generated("nl", per_template=1, seed=1))
    assert not any(is_templated(one) for one in written("nl"))


def test_templates_can_be_left_out_of_the_training() -> None:
    sentences = [Sentence("wie komt er morgen", "who_is_coming", "nl", "nl:wie komt er morgen")]
    assert {one.group for one in enlarged(sentences, ())} == {"nl:wie komt er morgen"}
    assert len(enlarged(sentences)) > len(templated()) - 1


def test_templates_give_sentences_of_both_languages() -> None:
    made = templated(per_template=2)
    assert {one.language for one in made} == {"en", "nl"}
    assert len({one.text for one in made}) > 0.8 * len(made)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_requests_are_made_of_the_examples_of_services(language: str) -> None:
    made = requested(language, 200)
    named = {one.text: one.service for one in services_of(language)}
    assert len(made) == len({one.text for one in made}) == 200
    assert {(one.act, one.language) for one in made} == {("book", language)}
    for one in made:
        example = one.group.removeprefix(f"{language}:book:")
        assert named[example] != NONE
        # A bare example, with slips at most, is no request.
        assert len(one.text.split()) > len(example.split()) + 1


def test_requests_can_be_made_again_and_count_as_made() -> None:
    made = requested("nl", 50)
    assert made == requested("nl", 50)
    assert made != requested("nl", 50, seed=1)
    assert all(is_templated(one) for one in made)
    assert not {one.group for one in made} & {one.group for one in requested("en", 50)}


def test_no_more_requests_are_made_than_there_are() -> None:
    most = requested("en", 10**6)
    assert 0 < len(most) <= len(services_of("en"))


def test_requests_of_both_languages_are_made_for_the_training() -> None:
    groups = {one.group for one in all_made()}
    assert {one.group for one in (*requested("nl"), *requested("en"))} <= groups
    assert {one.group for one in templated()} <= groups
