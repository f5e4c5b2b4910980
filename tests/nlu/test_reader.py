from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from care.clock import TZ
from nlu.acts.classifier import ActClassifier
from nlu.acts.danger import DangerClassifier
from nlu.acts.decide import Decision
from nlu.care_reader import CareReader, CareReadout
from nlu.grammar.changes import Change
from nlu.reader import DANGER_FILE, MODEL_FILE, Reader, compose, load_acts, load_danger
from nlu.reading import ACTS, Reading, Target
from nlu.training.generate import Sentence
from nlu.training.learn import examples
from nlu.training.learn_danger import learn_danger
from nlu.training.written import written

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)


def half() -> list[Sentence]:
    return [one for language in ("nl", "en") for one in written(language)[::2]]


@pytest.fixture(scope="module")
def acts() -> ActClassifier:
    """Trained on half of the written sentences: seconds, and enough for plain messages."""
    return ActClassifier.train(list(examples(half(), CareReader())))


@pytest.fixture(scope="module")
def danger() -> DangerClassifier:
    """Trained on half of the written sentences and those of dangers, without the templates of other acts."""
    return learn_danger(half(), ())


@pytest.fixture(scope="module")
def reader(acts: ActClassifier, danger: DangerClassifier) -> Reader:
    return Reader(acts, danger)


@pytest.mark.parametrize(
    ("text", "language", "act"),
    [
        ("elke ochtend hulp met mijn steunkousen", "nl", "book"),
        ("volgende week niet, dan ben ik bij mijn dochter", "nl", "skip"),
        ("stop de schoonmaak", "nl", "cancel"),
        ("dinsdag kan ik niet, doe maar woensdag", "nl", "change"),
        ("wie komt er morgen", "nl", "who_is_coming"),
        ("help ik ben gevallen", "nl", "emergency"),
        ("wat wordt het weer morgen", "nl", "out_of_scope"),
        ("elke morgen om zes uur 's avonds", "nl", "clarify"),
        ("company for an hour every day", "en", "book"),
        ("who's coming tomorrow", "en", "who_is_coming"),
        ("cancel Friday but keep the rest", "en", "skip"),
        ("move my Tuesday shower to Wednesday from now on", "en", "change"),
        ("I want to speak to a real person", "en", "human"),
        ("cleaning every Monday and oh I have this pressure on my chest", "en", "emergency"),
    ],
)
def test_messages_are_read(reader: Reader, text: str, language: str, act: str) -> None:
    reading = reader.read(text, now=NOW)
    assert (reading.language, reading.act) == (language, act)
    assert 0 <= reading.confidence <= 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ik ben Jan de Vries", "nl"),
        ("Lindelaan 30, 8259 BA Merelwoude", "nl"),
        ("mevrouw Brand, Gaslaan 3", "nl"),
        ("Vuurkruid", "nl"),
        ("I live at Church Lane 4", "en"),
        ("Mrs Baker", "en"),
        ("Jack Fallon, 12 Heart Lane", "en"),
    ],
)
def test_a_name_or_an_address_is_no_cry_and_has_no_effect(reader: Reader, text: str, language: str) -> None:
    reading = reader.read(text, now=NOW, default_language=language)
    assert reading.act not in {"emergency", "book", "skip", "cancel", "change", "confirm", "undo"}


def test_only_a_booking_has_its_needs(reader: Reader) -> None:
    booking = reader.read("elke maandag om tien uur schoonmaak", now=NOW)
    assert [need.service for need in booking.needs] == ["cleaning"]
    assert booking.target == Target()
    emergency = reader.read("elke maandag schoonmaak en ik heb pijn op de borst", now=NOW)
    assert emergency.needs == ()


def test_a_skip_has_its_target(reader: Reader) -> None:
    reading = reader.read("not next week, I'm at my daughter's", now=NOW)
    assert reading.needs == ()
    assert reading.target.scope == "period"


def test_the_language_may_be_given(reader: Reader) -> None:
    assert reader.read("ok", now=NOW, language="en").language == "en"
    assert reader.read("ok", now=NOW, default_language="en").language == "en"


def test_what_cannot_be_resolved_asks_something() -> None:
    assert compose("nl", Decision("clarify", 0.9), CareReadout(contradiction=True)).ask == ("time",)
    assert compose("nl", Decision("clarify", 0.9), CareReadout(contradiction=True, clash=True)).ask == ("days",)
    assert compose("nl", Decision("clarify", 0.9), CareReadout()).ask == ("service",)
    assert compose("nl", Decision("book", 0.9), CareReadout()).ask == ("service",)
    assert "act" in compose("nl", Decision("book", 0.9), CareReadout(called_off=True)).ask
    assert compose("nl", Decision("greet", 0.9), CareReadout(as_change=lambda: Change(ask=["time"]))).ask == ()
    assert compose("nl", Decision("correct", 0.9), CareReadout(as_change=lambda: Change(ask=["scope"]))).ask == (
        "time",
    )


def test_a_model_is_loaded_from_archive_or_folder(
    acts: ActClassifier, danger: DangerClassifier, tmp_path: Path
) -> None:
    archive = tmp_path / "model.tar.gz"
    (tmp_path / "part").mkdir()
    with tarfile.open(archive, "w:gz") as tar:
        for classifier, name in ((acts, MODEL_FILE), (danger, DANGER_FILE)):
            content = io.BytesIO()
            classifier.save(content)
            (tmp_path / "part" / name).write_bytes(content.getvalue())
            tar.add(tmp_path / "part" / name, f"components/train_act/{name}")
    text = "wie komt er morgen"
    readings: list[Reading] = [Reader.load(place).read(text, now=NOW) for place in (archive, tmp_path)]
    assert readings[0] == readings[1]
    assert readings[0].act == "who_is_coming"


@pytest.mark.parametrize("load", [load_acts, load_danger])
def test_a_model_without_its_classifiers_is_refused(load: Callable[[Path], object], tmp_path: Path) -> None:
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz"):
        pass
    with pytest.raises(ValueError, match="train it again"):
        load(archive)
    with pytest.raises(FileNotFoundError):
        load(tmp_path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.tar.gz")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(), st.text(alphabet="elke maandag om 9 uur, niet! every day at :-\n\x00", max_size=400)))
def test_any_text_has_a_reading(reader: Reader, text: str) -> None:
    reading = reader.read(text, now=NOW)
    assert reading.act in ACTS
    assert Reading.from_json(reading.to_json()).to_json() == reading.to_json()
