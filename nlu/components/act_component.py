"""The act of each message, and with it the whole reading."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.acts.classifier import ActClassifier
from nlu.acts.danger import DangerClassifier
from nlu.acts.text import MAX_CHARS
from nlu.care_reader import CareReader
from nlu.components.about import sources
from nlu.components.base import Trained
from nlu.components.care_request_reader import READOUT, CareRequestReader
from nlu.components.language_detector import LANGUAGE, LanguageDetector
from nlu.reader import DANGER_FILE, MODEL_FILE, Reader, load_acts, load_danger
from nlu.training.generate import Sentence
from nlu.training.together import learn_together

READING = "reading"
_RANKED = 5


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class ActComponent(Trained):
    """Sets `intent`, `intent_ranking` and `reading` (as in the contract) on each message."""

    @classmethod
    def required_components(cls) -> list[type]:
        """What must stand before this component in the pipeline."""
        return [LanguageDetector, CareRequestReader]

    def __init__(self, model_storage: ModelStorage, resource: Resource, reader: Reader | None = None) -> None:
        """Use `reader`; without one the component must be trained first."""
        super().__init__(model_storage, resource)
        self._reader = reader

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ActComponent:
        """The trained component; raises ValueError or FileNotFoundError when the model is not complete."""
        with model_storage.read_from(resource) as folder:
            reader = Reader(load_acts(folder), load_danger(folder))
        return cls(model_storage, resource, reader)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What training depends on besides the training data: templates, and how the care reader reads."""
        return sources()

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples of all languages and on what is made from them."""
        sentences = [
            Sentence(text, message.get(INTENT), message.get(LANGUAGE), f"{message.get(LANGUAGE)}:{text}")
            for message in training_data.intent_examples
            if (text := message.get(TEXT))
        ]
        care = CareReader()
        acts, danger = learn_together(sentences, care)
        self._reader = Reader(acts, danger, care)
        self._persist(acts, danger)
        return self._resource

    def _persist(self, acts: ActClassifier, danger: DangerClassifier) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            acts.save(folder / MODEL_FILE)
            danger.save(folder / DANGER_FILE)

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message; raises RuntimeError before training."""
        if self._reader is None:
            raise RuntimeError("the act component has not been trained")
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARS]
            reading, likely = self._reader.judge(text, message.get(LANGUAGE), message.get(READOUT))
            first = {"name": reading.act, "confidence": round(reading.confidence, 4)}
            others = [{"name": act, "confidence": round(odds, 4)} for act, odds in likely.items() if act != reading.act]
            message.set("intent", first, add_to_output=True)
            message.set("intent_ranking", [first, *others[: _RANKED - 1]], add_to_output=True)
            message.set(READING, reading.to_json(), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data alone: no component behind this one learns from its answers."""
        return training_data
