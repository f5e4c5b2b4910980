"""Tests of which service is left out or called off, where several are named or one is only pointed at."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.refused import called_off, only_some, refused_service
from nlu.grammar.sense import sense
from nlu.packs import load


@pytest.mark.parametrize(
    ("text", "service", "some"),
    [
        ("De ramen morgen niet.", "windows", False),
        ("De ramen en de tuin morgen niet.", None, True),
        ("De ramen van morgen en de tuin van vrijdag afzeggen.", None, True),
        ("Zeg alles af behalve de pedicure.", None, True),
        ("Morgen geen ramen en geen boodschappen.", None, True),
        ("Mijn zus is er morgen, de zuster hoeft niet voor de kousen.", "stockings_on", False),
        ("De schoonmaak moet ik afzeggen vanwege de pedicure.", "cleaning", False),
        ("Mijn zus neemt de boodschappen deze week over, dus die hoeven niet.", "groceries", False),
    ],
)
def test_the_service_that_is_left_out(text: str, service: str | None, some: bool) -> None:
    pack = load("nl")
    found = find(text, pack)
    meant = sense(found, pack)
    assert refused_service(found, meant, pack) == service
    assert only_some(found, meant) is some


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ik heb vrijdag de kapper en die wil ik annuleren.", True),
        ("Ik wil vrijdag de kapper.", False),
        ("De vorige hulp heeft zich afgemeld, ik zoek iemand anders.", False),
    ],
)
def test_what_was_named_is_called_off(text: str, wanted: bool) -> None:
    pack = load("nl")
    assert called_off(find(text, pack), pack) is wanted
