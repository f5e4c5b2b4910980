from __future__ import annotations

from nlu.services.features import BLOCKS, features


def test_features_name_their_kind() -> None:
    assert {name[0] for name in features("de lamp in de gang vervangen")} == set(BLOCKS)


def test_a_verb_at_the_end_meets_its_noun() -> None:
    assert "plamp vervangen" in features("de lamp vlug vervangen")
    assert "plamp vervangen" not in features("lamp vervangen")


def test_numbers_are_all_alike() -> None:
    assert features("om 9 uur") == features("om 14 uur")


def test_accents_and_capitals_do_not_matter() -> None:
    assert features("Crème smeren") == features("creme smeren")


def test_an_empty_text_has_no_features() -> None:
    assert features(" ... ") == set()
