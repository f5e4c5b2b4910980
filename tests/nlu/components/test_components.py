from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from care.clock import TZ
from nlu.components import about
from nlu.components.act_component import READING, ActComponent
from nlu.components.care_request_reader import READOUT, CareRequestReader
from nlu.components.language_detector import LANGUAGE, LanguageDetector
from nlu.reader import Reader
from nlu.training import learn, learn_danger
from nlu.training.written import written

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
CONTEXT = ExecutionContext(GraphSchema({}), "test")
TEXTS = ["elke ochtend hulp met mijn steunkousen", "who's coming tomorrow", "help ik ben gevallen", "ok", ""]


def message(text: str, **metadata: Any) -> Message:
    return Message({"text": text, "metadata": {"now": NOW.isoformat(), **metadata}})


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage(Path(tmp_path_factory.mktemp("model")))


@pytest.fixture(scope="module")
def pipeline(storage: LocalModelStorage) -> tuple[LanguageDetector, CareRequestReader, ActComponent]:
    """The components, the last one trained on some of the written sentences and on none made from templates."""
    resource = Resource("acts")
    detector = LanguageDetector.create(LanguageDetector.get_default_config(), storage, resource, CONTEXT)
    care = CareRequestReader.create({}, storage, resource, CONTEXT)
    sentences = [
        Message({"text": one.text, "intent": one.act, "metadata": {"intent": {"language": language}}})
        for language in ("nl", "en")
        for one in written(language)[::10]
    ]
    data = detector.process_training_data(TrainingData(sentences))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learn, "enlarged", lambda sentences, made=None: sentences)
        patch.setattr(learn_danger, "templated", list)
        ActComponent.create({}, storage, resource, CONTEXT).train(care.process_training_data(data))
    return detector, care, ActComponent.load({}, storage, resource, CONTEXT)


def read(pipeline: tuple[LanguageDetector, CareRequestReader, ActComponent], *messages: Message) -> list[Message]:
    found = list(messages)
    for component in pipeline:
        found = component.process(found)
    return found


def test_the_components_read_as_the_reader_does(
    pipeline: tuple[LanguageDetector, CareRequestReader, ActComponent], storage: LocalModelStorage
) -> None:
    with storage.read_from(Resource("acts")) as folder:
        reader = Reader.load(folder)
    for one in read(pipeline, *(message(text) for text in TEXTS)):
        assert one.get(READING) == reader.read(one.get("text"), now=NOW).to_json()


def test_the_intent_is_the_act(pipeline: tuple[LanguageDetector, CareRequestReader, ActComponent]) -> None:
    (one,) = read(pipeline, message(TEXTS[2]))
    assert one.get("intent")["name"] == "emergency"
    assert one.get("intent_ranking")[0] == one.get("intent")
    assert {"intent", "intent_ranking", READING, LANGUAGE} <= one.output_properties
    assert READOUT not in one.output_properties


def test_the_language_of_the_metadata_wins(pipeline: tuple[LanguageDetector, CareRequestReader, ActComponent]) -> None:
    given, default, unknown = read(
        pipeline, message("ok", language="en"), message("ok", default_language="en"), message("ok", language="xx")
    )
    assert (given.get(LANGUAGE), default.get(LANGUAGE), unknown.get(LANGUAGE)) == ("en", "en", "nl")


def test_now_is_that_of_the_metadata() -> None:
    assert about.moment(message("morgen")) == NOW
    local = about.moment(Message({"text": "x", "metadata": {"now": "2026-11-23T09:00:00"}}))
    assert local == NOW
    for metadata in ({"now": "gisteren"}, None):
        assert about.moment(Message({"text": "x", "metadata": metadata})).tzinfo is TZ


def test_an_untrained_component_says_so(storage: LocalModelStorage) -> None:
    component = ActComponent.create({}, storage, Resource("none"), CONTEXT)
    with pytest.raises(RuntimeError, match="not been trained"):
        component.process([message("hallo")])


def test_what_must_stand_before_is_named() -> None:
    assert ActComponent.required_components() == [LanguageDetector, CareRequestReader]
