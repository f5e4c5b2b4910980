"""Tests of the language packs: they load, and say the same kinds of things in every language."""

from __future__ import annotations

import pytest
import yaml

from care.catalogue import Catalogue
from nlu.packs import FOLDER, LANGUAGES, PackError, load, phrases

FILES = ("words", "spelling", "grammar", "cues", "people", "services")


def raw(language: str, name: str) -> dict[str, object]:
    content = yaml.safe_load((FOLDER / language / f"{name}.yml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_loads_and_has_all_files(language: str) -> None:
    assert load(language).language == language
    assert {path.stem for path in (FOLDER / language).glob("*.yml")} == set(FILES)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(PackError, match="xx"):
        load("xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_services_are_those_of_the_catalogue(language: str) -> None:
    keys = set(Catalogue.load().services)
    services = raw(language, "services")
    named = {key for entry in services["services"] for key in entry.split()}  # type: ignore[attr-defined]
    assert named <= keys
    assert set(phrases(services["daily"])) <= keys
    for key, listed in services["absorbs"].items():  # type: ignore[attr-defined]
        assert {key, *phrases(listed)} <= keys


def test_packs_have_the_same_classes_of_cues() -> None:
    cues = [set(raw(language, "cues")) for language in LANGUAGES]
    assert cues[0] == cues[1]
