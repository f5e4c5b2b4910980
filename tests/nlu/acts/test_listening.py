from __future__ import annotations

import pytest

from nlu.acts.danger import DangerClassifier, DangerExample
from nlu.acts.listening import LETTER_WORDS, listen

DANGER = ["ik kan niet ademen", "mijn man ademt niet", "ik ben net gevallen", "er is brand", "ik ruik gas"]
CALM = ["wie komt er morgen", "graag de ramen lappen", "ik ben vorig jaar gevallen", "de gasrekening klopt niet"]
REQUEST = "Graag de ramen lappen. De gasrekening klopt niet. "


@pytest.fixture(scope="module")
def danger() -> DangerClassifier:
    rows = [DangerExample(text, cry) for cry, texts in ((True, DANGER), (False, CALM)) for text in texts]
    return DangerClassifier.train(rows, rare=1)


@pytest.mark.parametrize("text", ["Graag de ramen lappen", "Wie komt er morgen? Ja.", "", "Brand!"])
def test_a_message_of_one_sentence_has_no_parts(danger: DangerClassifier, text: str) -> None:
    told, parts = listen(text, "nl", danger)
    assert told is not None
    assert parts == ()


def test_the_sentences_of_a_message_are_heard_as_if_said_alone(danger: DangerClassifier) -> None:
    told, parts = listen(f"{REQUEST}Ik kan niet ademen.", "nl", danger)
    alone, _ = listen("Ik kan niet ademen.", "nl", danger)
    assert told is not None
    assert len(parts) == 3
    assert parts[2] == alone
    assert parts[2].finding.kind == "medical"


def test_a_letter_is_not_heard_as_a_whole(danger: DangerClassifier) -> None:
    told, parts = listen(REQUEST * LETTER_WORDS, "nl", danger)
    assert told is None
    assert len(parts) > 2
    assert max(part.heard.whole for part in parts) < 0


def test_what_does_not_sound_like_danger_is_not_searched_for_phrases(danger: DangerClassifier) -> None:
    found = [part.finding for part in listen(f"{REQUEST}Er is brand.", "nl", danger)[1]]
    assert [finding.kind for finding in found] == [None, None, "fire_gas"]
