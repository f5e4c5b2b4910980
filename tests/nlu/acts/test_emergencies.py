from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.acts.emergencies import KINDS, emergency_kind, find_emergency
from nlu.acts.files import read_yaml
from nlu.training.evaluate import DEVELOPMENT


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("help ik ben gevallen", "nl", "medical"),
        ("ik heb pijn op de borst", "nl", "medical"),
        ("elke maandag schoonmaak en o ja ik heb zo'n druk op de borst", "nl", "medical"),
        ("mijn man wordt niet wakker", "nl", "medical"),
        ("haar mond hangt scheef en ze praat raar", "nl", "medical"),
        ("het bloedt en het stopt niet", "nl", "medical"),
        ("ik ben gevaln", "nl", "medical"),
        ("ik heb mijn pillen twee keer ingenomen", "nl", "poison"),
        ("ik ruik gas in de keuken", "nl", "fire_gas"),
        ("er is brand", "nl", "fire_gas"),
        ("mijn zoon slaat me", "nl", "violence"),
        ("ik voel me niet veilig thuis", "nl", "violence"),
        ("het hoeft voor mij niet meer", "nl", "suicide"),
        ("ik wil dood", "nl", "suicide"),
        ("I've fallen and I can't get up", "en", "medical"),
        ("I can't breathe", "en", "medical"),
        ("my husband won't wake up", "en", "medical"),
        ("I took too many pills", "en", "poison"),
        ("I smell gas", "en", "fire_gas"),
        ("my son hits me", "en", "violence"),
        ("I don't want to be here any more", "en", "suicide"),
        ("I've saved up my sleeping pills", "en", "suicide"),
        ("I can't breathe", "nl", "medical"),
        ("ze ziet ineens bijna niets meer", "nl", "medical"),
        ("op de galerij ligt een meneer die zich al een tijd niet verroert", "nl", "medical"),
        ("oma is op de bank in slaap gevallen en niet te wekken", "nl", "medical"),
    ],
)
def test_danger_is_found_with_its_kind(text: str, language: str, kind: str) -> None:
    assert emergency_kind(text, language) == kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ik lach me dood", "nl"),
        ("ik ben vorig jaar gevallen en wil graag hulp bij het douchen", "nl"),
        ("ik ben bang om te vallen", "nl"),
        ("kerst valt op vrijdag", "nl"),
        ("is maandag uitgevallen", "nl"),
        ("mijn man is overleden", "nl"),
        ("ik zoek een gasfitter voor maandag", "nl"),
        ("bloed prikken aan huis op woensdag", "nl"),
        ("de rookmelder heeft een nieuwe batterij nodig", "nl"),
        ("ik wil niet meer dat Kees komt", "nl"),
        ("de schoonmaak hoeft voor mij niet meer", "nl"),
        ("mag ik twee pillen nemen", "nl"),
        ("my heart bleeds for her", "en"),
        ("I fell in love with my neighbour", "en"),
        ("the price fell", "en"),
        ("I'm afraid of falling", "en"),
        ("a blood test on Wednesday", "en"),
        ("I don't want to be here on Friday", "en"),
        ("I'm dying for a cup of tea", "en"),
        ("can I take two pills", "en"),
        ("that smoke detector in the hall keeps chirping", "en"),
        ("mother gets her tablets mixed up unless somebody is there", "en"),
        ("opa ziet bijna niets meer door zijn staar", "nl"),
    ],
)
def test_what_only_sounds_like_danger_is_none(text: str, language: str) -> None:
    assert emergency_kind(text, language) is None


def test_a_guard_is_reported() -> None:
    assert find_emergency("ik lach me dood", "nl").guarded
    assert not find_emergency("graag schoonmaak op maandag", "nl").guarded


def test_the_most_pressing_kind_comes_first() -> None:
    assert emergency_kind("ik wil dood en ik heb te veel pillen genomen", "nl") == "poison"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_cries_of_the_development_set_are_found_by_phrases_alone(language: str) -> None:
    found, cries, alarms, others = 0, 0, 0, 0
    for path in DEVELOPMENT.glob(f"*_{language}.yml"):
        fields = read_yaml(path)
        cries += len(fields["emergency"])
        found += sum(emergency_kind(text, language) is not None for text in fields["emergency"])
        others += len(fields["none"])
        alarms += sum(emergency_kind(text, language) is not None for text in fields["none"])
    assert found >= 0.8 * cries
    assert alarms <= 0.05 * others


@settings(deadline=None)
@given(st.text(), st.sampled_from(["nl", "en"]))
def test_any_text_is_judged(text: str, language: str) -> None:
    assert find_emergency(text, language).kind in {None, *KINDS}
