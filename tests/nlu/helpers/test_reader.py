"""What helpers say of their work is found, and other talk is left alone."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from care.clock import TZ
from nlu.care_reader import CareReader
from nlu.helpers import HelperAct, HelperReader
from nlu.helpers.reader import ACTS

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
HELD_OUT: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "held_out.yml").read_text(encoding="utf-8")
)
LEAST_RIGHT = 0.9


@pytest.fixture(scope="module")
def care() -> CareReader:
    return CareReader()


def read(care: CareReader, text: str, language: str, **more: Any) -> HelperAct | None:
    return HelperReader(language).read(text, care.read(text, language, NOW), NOW.date(), **more)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_unseen_sentences_are_understood(care: CareReader, language: str) -> None:
    wrong, count = [], 0
    for act, texts in HELD_OUT[language].items():
        for text in texts:
            found = read(care, text, language)
            count += 1
            if (found.act if found else "none") != act:
                wrong.append((text, act, found and found.act))
    assert len(wrong) <= (1 - LEAST_RIGHT) * count, wrong


@pytest.mark.parametrize("language", ["nl", "en"])
def test_other_talk_is_left_alone(care: CareReader, language: str) -> None:
    for text in HELD_OUT[language]["none"]:
        assert read(care, text, language) is None, text


@pytest.mark.parametrize(
    ("text", "language", "spans"),
    [
        ("ik ben ziek tot donderdag", "nl", [(date(2026, 11, 23), date(2026, 11, 25))]),
        ("ik ben ziek tot en met donderdag", "nl", [(date(2026, 11, 23), date(2026, 11, 26))]),
        ("ik kan dinsdag niet", "nl", [(date(2026, 11, 24), date(2026, 11, 24))]),
        ("van 20 december tot 3 januari op vakantie", "nl", [(date(2026, 12, 20), date(2027, 1, 2))]),
        ("ik ga twee weken op vakantie vanaf 20 december", "nl", [(date(2026, 12, 20), date(2027, 1, 2))]),
        ("I'm off sick today and tomorrow", "en", [(date(2026, 11, day),) * 2 for day in (23, 24)]),
        ("I am ill", "en", []),
    ],
)
def test_when_it_is(care: CareReader, text: str, language: str, spans: list[tuple[date, date]]) -> None:
    assert list(read(care, text, language).spans) == spans


@pytest.mark.parametrize(
    ("text", "language", "minutes"),
    [
        ("ik kom een kwartier later", "nl", 15),
        ("ben er over 20 minuten", "nl", 20),
        ("ik ben een half uur te laat", "nl", 30),
        ("running late, 15 minutes", "en", 15),
        ("I'll be twenty five minutes late", "en", 25),
        ("I'm running late", "en", None),
    ],
)
def test_how_much_later(care: CareReader, text: str, language: str, minutes: int | None) -> None:
    found = read(care, text, language)
    assert (found.act, found.minutes) == ("late", minutes)


def test_the_clock_time_of_leaving_and_a_part_of_the_day(care: CareReader) -> None:
    assert read(care, "done, left at ten", "en").clock == time(10)
    assert read(care, "woensdagochtend kan ik niet", "nl").window == (time(7), time(12))


def test_a_coordinator_speaks_of_somebody_else(care: CareReader) -> None:
    found = read(care, "Fatima is ziek tot donderdag", "nl", of_others=True)
    assert found.other == "ill"
    assert found.spans == ((date(2026, 11, 23), date(2026, 11, 25)),)
    assert read(care, "Wilma is back", "en", of_others=True).other == "back"
    assert read(care, "Wilma is back", "en") is None


def test_it_survives_being_written_down(care: CareReader) -> None:
    for language in ("nl", "en"):
        for act in ACTS:
            found = read(care, HELD_OUT[language][act][0], language)
            assert HelperAct.from_json(found.to_json()) == found
