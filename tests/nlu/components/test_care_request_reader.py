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
from nlu.components import about, care_request_reader
from nlu.components.act_component import ActComponent
from nlu.components.care_request_reader import READOUT, CareRequestReader
from nlu.components.language_detector import LANGUAGE
from nlu.reader import load_services
from nlu.services.classifier import ServiceClassifier
from nlu.services.examples import Example

CONTEXT = ExecutionContext(GraphSchema({}), "test")
NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)
TEXT = "elke maandag om negen uur de frutsel frobben"


def few() -> ServiceClassifier:
    """Trained on a handful of examples: a word of its own for each service."""
    rows = [("de frutsel frobben", "odd_jobs"), ("gezellig wauwelen", "companionship"), ("ik ben oud", "none")]
    examples = [
        Example(text, service, language)
        for language in ("nl", "en")
        for text, service in rows * 8
    ]  # fmt: skip
    return ServiceClassifier.train(examples, sure={"nl": 0.5, "en": 0.5})


def read(component: CareRequestReader) -> list[str | None]:
    message = Message({"text": TEXT, LANGUAGE: "nl", "metadata": {"now": NOW.isoformat()}})
    (read,) = component.process([message])
    return [need.service for need in read.get(READOUT).needs]


def test_what_was_learnt_is_kept_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("care")
    monkeypatch.setattr(care_request_reader, "learn", few)
    untrained = CareRequestReader.create({}, storage, resource, CONTEXT)
    assert read(untrained) == [None]
    untrained.train(TrainingData([]))
    assert read(untrained) == ["odd_jobs"]
    assert read(CareRequestReader.load({}, storage, resource, CONTEXT)) == ["odd_jobs"]
    with storage.read_from(resource) as folder:
        services = load_services(folder)
    assert services is not None
    assert next(iter(services.likely("de frutsel frobben", "nl"))) == "odd_jobs"


def test_a_model_without_services_has_no_guesser(tmp_path: Path) -> None:
    assert load_services(tmp_path) is None


def test_rasa_trains_again_when_the_sources_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CareRequestReader.fingerprint_addon({}) != ActComponent.fingerprint_addon({})
    monkeypatch.setattr(about, "_ROOT", tmp_path)
    (tmp_path / "words.yml").write_text("a: b")
    before = about.sources()
    assert about.sources() == before
    (tmp_path / "words.yml").write_text("a: c")
    assert about.sources() != before
