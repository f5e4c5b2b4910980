"""That the help is for a relative is found where it is said, and is not taken from the mere mention of one."""

from __future__ import annotations

import pytest

from nlu import recipient


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "mijn moeder heeft elke ochtend hulp nodig met aankleden"),
        ("nl", "ik zoek iemand voor mijn vader van 88"),
        ("nl", "Voor onze oude buurvrouw graag elke dinsdag een praatje."),
        ("nl", "mam heeft op donderdag iemand nodig voor de boodschappen"),
        ("nl", "oma zoekt gezelschap, of nee: mijn oma zoekt gezelschap"),
        ("nl", "wie kan mijn schoonvader elke avond helpen met uitkleden"),
        ("en", "my mum needs someone to walk with on Tuesdays"),
        ("en", "I'm looking for a sitter for my father"),
        ("en", "Mum needs her insulin doing at half seven"),
        ("en", "our elderly neighbour really needs a hot meal at noon"),
        ("en", "could somebody visit my gran on Sundays"),
        ("en", "help for dad with the shower every morning"),
    ],
)
def test_it_is_said(language: str, text: str) -> None:
    assert recipient.reader(language).read(text) == "other"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "elke dag om negen uur wandelen, mijn zus vindt dat ik vaker buiten moet komen"),
        ("nl", "ik wil hulp voor mijn moeder en mijzelf"),
        ("nl", "mijn moeder zei altijd dat je op tijd hulp moet vragen"),
        ("nl", "iemand om met mij te kaarten"),
        ("nl", "sinds mijn broer weg is heb ik iemand nodig voor de tuin"),
        ("en", "my sister says I should ask for help with the shopping"),
        ("en", "help in the house for my mother and me"),
        ("en", "somebody to drive me to my brother on Sunday"),
        ("en", "my neighbour used to do the garden, now I need someone"),
        ("en", "a lift to my mother's birthday on Friday"),
    ],
)
def test_it_is_not_said(language: str, text: str) -> None:
    assert recipient.reader(language).read(text) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "en voor mezelf wil ik iemand die de ramen lapt"),
        ("nl", "wie komt er bij mij"),
        ("en", "I'd like a cleaner for myself"),
        ("en", "who is coming to me tomorrow"),
    ],
)
def test_it_is_for_who_says_it(language: str, text: str) -> None:
    assert recipient.reader(language).read(text) == "self"
