from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from care.catalogue import FILE, Catalogue, CatalogueError, proofs_that_satisfy, read_catalogue

KEYS = [
    "companionship",
    "walk",
    "groceries",
    "transport",
    "meals",
    "cleaning",
    "laundry",
    "windows",
    "garden",
    "odd_jobs",
    "pet_care",
    "admin_help",
    "digital_help",
    "check_in_call",
    "respite",
    "day_structure",
    "personal_care",
    "toileting",
    "transfer",
    "feeding",
    "stockings_on",
    "stockings_off",
    "skin_care",
    "medication",
    "med_reminder",
    "med_hand_over",
    "med_administer",
    "eye_drops",
    "injection",
    "wound_care",
    "catheter_stoma",
    "tube_feeding",
    "observation",
    "exercise",
    "night_sleep_in",
    "night_waking",
    "palliative_presence",
    "live_in",
    "assessment",
    "pedicure",
    "hairdresser",
    "physio",
    "nursing",
]

CARE_OF_THE_BODY = [
    "personal_care",
    "toileting",
    "transfer",
    "feeding",
    "stockings_on",
    "stockings_off",
    "skin_care",
    "medication",
    "med_hand_over",
    "med_administer",
    "eye_drops",
    "injection",
    "wound_care",
    "catheter_stoma",
    "tube_feeding",
    "observation",
    "live_in",
    "assessment",
    "physio",
    "nursing",
]


PARSED = yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def content() -> Any:
    return copy.deepcopy(PARSED)


def test_it_has_exactly_the_services_of_the_contract(catalogue: Catalogue) -> None:
    assert sorted(catalogue.services) == sorted(KEYS)


def test_it_is_read_once() -> None:
    assert Catalogue.load() is Catalogue.load()


def test_a_service_that_is_not_there_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError, match="dragon_riding"):
        catalogue.service("dragon_riding")


@pytest.mark.parametrize("key", CARE_OF_THE_BODY)
def test_no_volunteer_for_reserved_risky_or_bodily_care(catalogue: Catalogue, key: str) -> None:
    service = catalogue.service(key)
    assert "volunteer" not in service.kinds
    assert service.reserved


@pytest.mark.parametrize("key", ["injection", "wound_care", "catheter_stoma", "tube_feeding", "nursing", "assessment"])
def test_nursing_acts_ask_for_registration(catalogue: Catalogue, key: str) -> None:
    service = catalogue.service(key)
    assert all("big" in service.proofs[kind] for kind in service.kinds)
    assert service.level >= 4


def test_volunteers_at_night_and_at_a_deathbed_are_trained(catalogue: Catalogue) -> None:
    for key in ("night_sleep_in", "night_waking", "palliative_presence"):
        assert "vptz_training" in catalogue.service(key).proofs["volunteer"]


def test_the_medicines_are_a_family_of_three(catalogue: Catalogue) -> None:
    family = catalogue.service("medication")
    assert family.variants == ("med_reminder", "med_hand_over", "med_administer")
    assert family.ask == ("variant",)
    assert {catalogue.service(key).family for key in family.variants} == {"medication"}
    # Before the variant is known only those may come who may do the strictest one.
    assert family.level == max(catalogue.service(key).level for key in family.variants)


def test_stockings_on_and_off_go_together(catalogue: Catalogue) -> None:
    assert catalogue.service("stockings_on").goes_with == ("stockings_off",)
    assert "stockings_on" in catalogue.service("stockings_off").goes_with


@pytest.mark.parametrize("language", ["nl", "en"])
def test_neutral_labels_say_nothing_about_health(catalogue: Catalogue, language: str) -> None:
    for service in catalogue.services.values():
        label = service.neutral[language].lower()
        telling = [word for other in catalogue.services.values() if other.reserved for word in other.words[language]]
        assert not [word for word in telling if re.search(rf"\b{re.escape(word)}\b", label)], service.key
        if service.reserved:
            assert label in ("afspraak", "visit")


@pytest.mark.parametrize(
    ("language", "phrase", "key"),
    [
        ("nl", "gezelschap", "companionship"),
        ("nl", "steunkousen", "stockings_on"),
        ("nl", "kousen uit", "stockings_off"),
        ("nl", "medicijnen", "medication"),
        ("nl", "pilletjes", "medication"),
        ("nl", "douchen", "personal_care"),
        ("nl", "poetsvrouw", "cleaning"),
        ("nl", "kuisvrouw", "cleaning"),
        ("nl", "commissies doen", "groceries"),
        ("nl", "kinesist", "physio"),
        ("nl", "fysio", "physio"),
        ("nl", "warme maaltijd", "meals"),
        ("nl", "ramen", "windows"),
        ("nl", "wijkverpleging", "nursing"),
        ("nl", "wandelen", "walk"),
        ("en", "stockings", "stockings_on"),
        ("en", "stockings off", "stockings_off"),
        ("en", "showering", "personal_care"),
        ("en", "eye drops", "eye_drops"),
        ("en", "change the dressing", "wound_care"),
        ("en", "physio exercises", "exercise"),
        ("en", "a lift", "transport"),
        ("en", "night nurse", "night_waking"),
        ("en", "meals", "meals"),
        ("en", "shopping", "groceries"),
    ],
)
def test_the_words_people_use_are_there(catalogue: Catalogue, language: str, phrase: str, key: str) -> None:
    owners = [service.key for service in catalogue.services.values() if phrase in service.words[language]]
    assert owners == [key]


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("nl", "was"),
        ("nl", "lunch"),
        ("nl", "ontbijt"),
        ("nl", "opstaan"),
        ("nl", "ziekenhuis"),
        ("nl", "hond"),
        ("nl", "praten"),
        ("nl", "bewegen"),
        ("en", "lunch"),
        ("en", "breakfast"),
        ("en", "hospital"),
        ("en", "dog"),
        ("en", "getting up"),
        ("en", "on"),
        ("en", "off"),
    ],
)
def test_words_that_commonly_mean_something_else_are_not(catalogue: Catalogue, language: str, word: str) -> None:
    assert not [service.key for service in catalogue.services.values() if word in service.words[language]]


def test_every_service_has_words_enough_in_both_languages(catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        for language, words in service.words.items():
            assert len(words) >= 10, (service.key, language)


def test_a_higher_diploma_stands_for_a_lower_one(catalogue: Catalogue) -> None:
    assert proofs_that_satisfy("diploma_3") == {"diploma_3", "diploma_4", "diploma_5"}
    assert proofs_that_satisfy("vog") == {"vog"}
    care = catalogue.service("personal_care")
    assert care.missing_proofs("organisation", {"vog", "diploma_4"}) == ()
    assert care.missing_proofs("organisation", {"vog"}) == ("diploma_2",)
    assert catalogue.service("eye_drops").missing_proofs("organisation", {"vog", "diploma_2"}) == ("diploma_3",)
    assert care.missing_proofs("freelancer", ()) == care.proofs["freelancer"]
    with pytest.raises(ValueError, match="volunteer"):
        care.missing_proofs("volunteer", {"vog"})


def test_services_by_kind(catalogue: Catalogue) -> None:
    keys = {service.key for service in catalogue.done_by("volunteer")}
    assert "companionship" in keys
    assert "injection" not in keys


def change(path: str, value: Any) -> Callable[[Any], None]:
    """A change to a catalogue: the field at `path` becomes `value`, or goes when that is Ellipsis."""

    def apply(content: Any) -> None:
        *way, last = path.split("/")
        for step in way:
            content = content[step]
        if value is ...:
            del content[last]
        else:
            content[last] = value

    return apply


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (change("version", 2), "version 2"),
        (change("services/walk/colour", "red"), "unknown field colour"),
        (change("services/walk/names", {"nl": "wandelen"}), "lacks en"),
        (change("services/walk/names/en", " "), "must be a text"),
        (change("services/walk/words/nl", ...), "lacks nl"),
        (change("services/walk/words/nl", []), "is empty"),
        (change("services/walk/words/nl", ["Wandelen"]), "lower case"),
        (change("services/walk/words/en", ["walk", "walk"]), "twice"),
        (change("services/walk/words/en", [True]), "list of texts"),
        (change("services/walk/words/en", ["window cleaning"]), "stands for both"),
        (change("services/walk/kinds/robot", ["vog"]), "unknown helper kind 'robot'"),
        (change("services/walk/kinds", {}), "no kind of helper"),
        (change("services/walk/kinds/volunteer", ["scout_badge"]), "unknown proof 'scout_badge'"),
        (change("services/walk/kinds/volunteer", "vog"), "list of texts"),
        (change("services/injection/kinds/volunteer", ["vog"]), "a volunteer may not do it"),
        (change("services/injection/reserved", "yes"), "true or false"),
        (change("services/injection/kinds/freelancer", ["vog", "diploma_3"]), "no proof of that level"),
        (change("services/walk/level", 6), "from 0 to 5"),
        (change("services/walk/level", True), "whole number"),
        (change("services/walk/default_minutes", 0), "from 5 to 1440"),
        (change("services/walk/default_minutes", ...), "lacks default_minutes"),
        (change("services/walk/source", "hearsay"), "unknown source"),
        (change("services/walk/goes_with", ["tango"]), "unknown service 'tango'"),
        (change("services/walk/goes_with", ["walk"]), "names itself"),
        (change("services/walk/variants", ["stroll"]), "unknown service 'stroll'"),
        (change("services/walk/variants", ["garden"]), "must name 'variant'"),
        (change("services/walk/variants", ["med_reminder"]), "variant of both"),
        (change("services/walk", ["a list"]), "must be a mapping"),
        (change("services", None), "must be a mapping"),
        (change("proofs", ...), "lacks proofs"),
        (change("proofs/vog", {"nl": "vog"}), "lacks en"),
        (change("neutral", {"nl": "afspraak"}), "lacks en"),
    ],
)
def test_a_file_that_is_not_right_is_refused(content: Any, spoil: Callable[[Any], None], message: str) -> None:
    read_catalogue(content)
    spoil(content)
    with pytest.raises(CatalogueError, match=re.escape(message)):
        read_catalogue(content)


@pytest.mark.parametrize("text", ["", "- a list", "services: [", "42"])
def test_what_is_no_catalogue_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "catalogue.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError):
        Catalogue.load(path)


def test_another_file_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.yml"
    path.write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    assert Catalogue.load(path).services.keys() == Catalogue.load().services.keys()


def test_notice_by_kind_and_service() -> None:
    catalogue = Catalogue.load()
    assert catalogue.service("companionship").notice_hours == {"volunteer": 0, "freelancer": 24, "organisation": 24}
    assert catalogue.service("live_in").notice_hours["freelancer"] > 24
