from __future__ import annotations

from collections import Counter

import pytest

from care.catalogue import Catalogue
from nlu.services.examples import LANGUAGES, NONE, SEED, catalogue_words, framed, vocabulary, written

FEWEST = 40
WIDE = {"companionship": 60, "personal_care": 50, "transport": 50, NONE: 100}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_has_enough_examples(language: str) -> None:
    counts = Counter(example.service for example in written(language))
    assert set(counts) == {*Catalogue.load().services, NONE}
    assert {key: n for key, n in counts.items() if n < WIDE.get(key, FEWEST)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_stands_for_two_services(language: str) -> None:
    owners: dict[str, set[str]] = {}
    for example in written(language):
        owners.setdefault(example.text.lower(), set()).add(example.service)
    assert {text: services for text, services in owners.items() if len(services) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_of_services_in_the_catalogue(language: str) -> None:
    keys = set(Catalogue.load().services)
    assert {example.service for example in vocabulary(language)} == keys
    assert {example.service for example in catalogue_words(language)} == keys


def test_every_example_gets_a_frame_and_schedules_stand_alone() -> None:
    examples = written("nl")[:80]
    made = list(framed(examples, "nl"))
    assert [one.service for one in made[:80]] == [one.service for one in examples]
    assert sum(len(one.text) > len(other.text) + 4 for one, other in zip(made, examples, strict=False)) > 30
    assert {one.service for one in made[80:]} == {NONE}


def test_the_same_seed_gives_the_same_examples() -> None:
    examples = written("en")[:30]
    assert list(framed(examples, "en", SEED)) == list(framed(examples, "en", SEED))
    assert list(framed(examples, "en", SEED)) != list(framed(examples, "en", SEED + 1))
