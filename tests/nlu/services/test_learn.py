from __future__ import annotations

import pytest

from nlu.services.classifier import ServiceClassifier
from nlu.services.examples import LANGUAGES, written
from nlu.services.learn import learn

# None of these stands in the examples in these words.
UNSEEN = [
    ("nl", "kan iemand een nieuw peertje in de schemerlamp draaien", "odd_jobs"),
    ("nl", "help mij in me bet", "transfer"),
    ("nl", "bij mijn demente moeder blijven zitten zodat ik naar mijn werk kan", "respite"),
    ("nl", "haar haar wassen en in krulspelden zetten", "hairdresser"),
    ("nl", "opgehaald worden om naar de kerk te gaan", "transport"),
    ("nl", "samen met haar bloemen schikken", "companionship"),
    ("nl", "de poes haar brokjes geven", "pet_care"),
    ("en", "somebody to run me over to the chiropodist's", "transport"),
    ("en", "my legs are swollen and I can't get the tight socks on", "stockings_on"),
    ("en", "screw a new bulb into the hall lamp", "odd_jobs"),
    ("en", "sit with my demented mother so that I can go to work", "respite"),
    ("en", "give the cat her kibble", "pet_care"),
]
NO_SERVICE = [
    ("nl", "iemand elke dinsdag en donderdag om tien uur"),
    ("nl", "mijn zoon woont in Zwolle"),
    ("nl", "ik ben vorig jaar weduwe geworden"),
    ("en", "someone every Tuesday and Thursday at ten"),
    ("en", "my son lives in York"),
    ("en", "thank you ever so much"),
]


@pytest.fixture(scope="module")
def trained() -> ServiceClassifier:
    return learn()


def test_the_unseen_sentences_are_unseen() -> None:
    seen = {example.text.lower() for language in LANGUAGES for example in written(language)}
    assert not seen & {text.lower() for _, text, _ in UNSEEN}


@pytest.mark.parametrize(("language", "text", "service"), UNSEEN)
def test_an_unseen_way_of_asking_is_understood(
    trained: ServiceClassifier, language: str, text: str, service: str
) -> None:
    assert next(iter(trained.likely(text, language))) == service
    guess = trained.guess(text, language)
    assert guess is None or guess[0] == service


def test_most_unseen_ways_are_sure_enough_to_be_guessed(trained: ServiceClassifier) -> None:
    guessed = [text for language, text, _ in UNSEEN if trained.guess(text, language)]
    assert len(guessed) >= len(UNSEEN) * 0.6


@pytest.mark.parametrize(("language", "text"), NO_SERVICE)
def test_what_is_no_service_is_not_guessed(trained: ServiceClassifier, language: str, text: str) -> None:
    assert trained.guess(text, language) is None
