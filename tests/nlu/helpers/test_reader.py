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


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("als Maria niet kan, mag Bianca invallen", "nl", "bianca"),
        ("Bianca mag invallen als Maria ziek is", "nl", "bianca"),
        ("zet Bianca maar als vervanger", "nl", "bianca"),
        ("if Maria can't come, may Bianca stand in", "en", "bianca"),
        ("Bianca may stand in for Maria", "en", "bianca"),
        ("als Maria ziek is mag Bianca komen", "nl", "bianca"),
    ],
)
def test_who_may_stand_in_is_the_nearest_name(text: str, language: str, name: str) -> None:
    near = [word for word in HelperReader(language).stand_in(text) if word in ("maria", "bianca")]
    assert near[:1] == [name]


@pytest.mark.parametrize("text", ["elke dag om tien uur gezelschap", "wie komt er morgen", "mag het een uur later"])
def test_other_requests_name_no_stand_in(text: str) -> None:
    assert HelperReader("nl").stand_in(text) == ()


@pytest.mark.parametrize(
    ("text", "language", "proof", "until"),
    [
        ("Bianca heeft een nieuwe VOG, geldig tot en met 1 maart 2030", "nl", "vog", date(2030, 3, 1)),
        ("Wilma heeft haar diploma niveau 3 gehaald", "nl", "diploma_3", None),
        (
            "Wilma has a new certificate of conduct until and including 1 March 2030",
            "en",
            "vog",
            date(2030, 3, 1),
        ),
        ("her liability insurance was renewed", "en", "insurance", None),
    ],
)
def test_a_coordinator_tells_of_a_proof(
    care: CareReader, text: str, language: str, proof: str, until: date | None
) -> None:
    found = read(care, text, language, of_others=True)
    assert (found.other, found.proof) == ("proof", proof)
    assert (found.spans[-1][1] if found.spans else None) == until
    assert HelperAct.from_json(found.to_json()) == found
    alone = read(care, text, language)
    assert alone is None or alone.proof is None


@pytest.mark.parametrize("text", ["Wilma is ziek tot donderdag", "Wilma heeft een nieuwe fiets"])
def test_what_names_no_proof_is_none(care: CareReader, text: str) -> None:
    found = read(care, text, "nl", of_others=True)
    assert found is None or found.other == "ill"


@pytest.mark.parametrize(
    ("text", "language", "act"),
    [
        ("toch niet", "nl", "retract"),
        ("sorry, ik kan toch niet", "nl", "retract"),
        ("bij nader inzien lukt het me niet", "nl", "retract"),
        ("ik kan dinsdag toch niet", "nl", "away"),
        ("ik ben toch niet ziek", "nl", None),
        ("sorry, I can't after all", "en", "retract"),
        ("on second thoughts, no", "en", "retract"),
        ("I can't on Tuesday after all", "en", "away"),
    ],
)
def test_a_yes_is_taken_back(care: CareReader, text: str, language: str, act: str | None) -> None:
    found = read(care, text, language)
    assert (found.act if found else None) == act
