"""Tests of which visits are meant when some are left out."""

from __future__ import annotations

from datetime import date

import pytest

from tests.nlu.test_care_reader import NOW, READER


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No walk on Thursday, all the rest stays as it is"),
        ("en", "No walk on Thursday, everything else can go on"),
        ("nl", "Donderdag geen wandeling, al het andere blijft zoals het is"),
        ("nl", "Donderdag niet wandelen, alle andere dagen gewoon wel"),
        ("nl", "Donderdag niet wandelen, de rest gaat gewoon door"),
    ],
)
def test_that_all_else_stays_makes_no_series_of_one_visit(language: str, text: str) -> None:
    target = READER.read(text, language, NOW).target
    assert (target.service, target.dates, target.scope) == ("walk", (date(2026, 11, 26),), "once")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Zeg alle andere bezoeken af, alleen dinsdag blijft"),
        ("en", "Cancel all other visits, only Tuesday stays"),
    ],
)
def test_what_stays_is_not_what_is_left_out(language: str, text: str) -> None:
    target = READER.read(text, language, NOW).target
    assert (target.dates, target.scope) == ((), None)


@pytest.mark.parametrize(("language", "text"), [("nl", "Alles mag worden afgezegd"), ("en", "Cancel everything")])
def test_everything_is_all_of_it(language: str, text: str) -> None:
    assert READER.read(text, language, NOW).target.scope == "series"


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("The ironing and the windows can stop from March", None),
        ("Please stop the ironing and the windows", None),
        ("The ironing can stop from March", "series"),
        ("The ironing and the windows, everything can stop from March", "series"),
    ],
)
def test_two_services_that_end_are_not_everything(text: str, scope: str | None) -> None:
    assert READER.read(text, "en", NOW).end_target.scope == scope


@pytest.mark.parametrize(
    "text",
    [
        "Alles mag stoppen behalve de tuinman",
        "De hulp voor mijn vrouw kan stoppen, die voor mij moet doorgaan",
    ],
)
def test_what_goes_on_is_not_ended(text: str) -> None:
    assert READER.read(text, "nl", NOW).end_target.scope is None


@pytest.mark.parametrize(
    ("text", "scope"),
    [("De uitvoering van vrijdag afzeggen", None), ("De afspraak van vrijdag afzeggen", "once")],
)
def test_a_thing_that_was_not_understood_is_not_all_help(text: str, scope: str | None) -> None:
    assert READER.read(text, "nl", NOW).target.scope == scope
