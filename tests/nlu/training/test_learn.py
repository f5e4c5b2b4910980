from __future__ import annotations

from nlu.training.generate import Sentence, generated
from nlu.training.learn import enlarged, is_templated, templated
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
