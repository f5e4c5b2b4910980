"""Tests of the care-request reader as a component: it learns the services, and keeps what it learnt."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from care.clock import TZ
from nlu.asides.classifier import AsideClassifier
from nlu.asides.learn import seen
from nlu.components import about, care_request_reader
from nlu.components.care_request_reader import READOUT, CareRequestReader
from nlu.components.language_detector import LANGUAGE
from nlu.packs import load
from nlu.reader import load_asides, load_services
from nlu.services.classifier import ServiceClassifier
from nlu.services.examples import Example

CONTEXT = ExecutionContext(GraphSchema({}), "test")
NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)
TEXT = "elke maandag om negen uur de frutsel frobben"
TALE = "Elke maandag om acht uur de was. Elke dinsdag om negen uur gaat Kee kegelen."


def few() -> ServiceClassifier:
    """Trained on a handful of examples: a word of its own for each service."""
    rows = [("de frutsel frobben", "odd_jobs"), ("gezellig wauwelen", "companionship"), ("ik ben oud", "none")]
    examples = [
        Example(text, service, language)
        for language in ("nl", "en")
        for text, service in rows * 8
    ]  # fmt: skip
    return ServiceClassifier.train(examples, sure={"nl": 0.5, "en": 0.5})


def some() -> AsideClassifier:
    """Trained on a handful of sentences: who bowls only tells."""
    pack = load("nl")
    rows = [("Kee gaat op dinsdag om negen uur kegelen.", True), ("Elke maandag om acht uur de was.", False)]
    examples = [one for text, told in rows * 8 for one in seen(text, told, 1.0, pack)]
    return AsideClassifier.train({"nl": examples})


def read(component: CareRequestReader, text: str = TEXT) -> list[str | None]:
    message = Message({"text": text, LANGUAGE: "nl", "metadata": {"now": NOW.isoformat()}})
    (read,) = component.process([message])
    return [need.service for need in read.get(READOUT).needs]


def test_what_was_learnt_is_kept_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("care")
    monkeypatch.setattr(care_request_reader, "learn_services", few)
    monkeypatch.setattr(care_request_reader, "learn_asides", some)
    untrained = CareRequestReader.create({}, storage, resource, CONTEXT)
    assert read(untrained) == [None]
    assert read(untrained, TALE) == ["laundry", None]
    untrained.train(TrainingData([]))
    loaded = CareRequestReader.load({}, storage, resource, CONTEXT)
    for trained in (untrained, loaded):
        assert read(trained) == ["odd_jobs"]
        assert read(trained, TALE) == ["laundry"]
    with storage.read_from(resource) as folder:
        services, asides = load_services(folder), load_asides(folder)
    assert services is not None
    assert asides is not None
    assert next(iter(services.likely("de frutsel frobben", "nl"))) == "odd_jobs"


def test_a_model_without_services_has_no_guesser_and_without_asides_no_teller(tmp_path: Path) -> None:
    assert load_services(tmp_path) is None
    assert load_asides(tmp_path) is None


def test_rasa_trains_again_when_the_sources_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "_ROOT", tmp_path)
    (tmp_path / "words.yml").write_text("a: b")
    before = about.sources()
    assert CareRequestReader.fingerprint_addon({}) == before
    assert about.sources() == before
    (tmp_path / "words.yml").write_text("a: c")
    assert about.sources() != before
