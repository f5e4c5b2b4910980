"""What each message says of care and time."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.acts.text import MAX_CHARS
from nlu.asides.classifier import AsideClassifier
from nlu.asides.learn import MODEL_FILE as ASIDES_FILE
from nlu.asides.learn import learn as learn_asides
from nlu.care_reader import CareReader
from nlu.components.about import moment, sources
from nlu.components.base import Trained
from nlu.components.language_detector import LANGUAGE
from nlu.services.classifier import ServiceClassifier
from nlu.services.learn import MODEL_FILE as SERVICES_FILE
from nlu.services.learn import learn as learn_services

READOUT = "readout"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class CareRequestReader(Trained):
    """Sets `readout` on each message (a nlu.care_reader.CareReadout, for the components behind it)."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        services: ServiceClassifier | None = None,
        asides: AsideClassifier | None = None,
    ) -> None:
        """Load the language packs.

        Without `services` only words tell which service is meant, without `asides` every sentence is taken as meant.
        """
        super().__init__(model_storage, resource)
        self._reader = CareReader(services, asides)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CareRequestReader:
        """The trained component; raises OSError, ValueError or KeyError when the model is not complete."""
        with model_storage.read_from(resource) as folder:
            services = ServiceClassifier.load(folder / SERVICES_FILE)
            asides = AsideClassifier.load(folder / ASIDES_FILE)
        return cls(model_storage, resource, services, asides)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What training depends on besides the training data: the examples, and how the grammar sees them."""
        return sources()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn what phrases without a known word are about (nlu/services), and what only tells (nlu/asides)."""
        services, asides = learn_services(), learn_asides()
        with self._model_storage.write_to(self._resource) as folder:
            services.save(folder / SERVICES_FILE)
            asides.save(folder / ASIDES_FILE)
        self._reader = CareReader(services, asides)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message."""
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARS]
            message.set(READOUT, self._reader.read(text, message.get(LANGUAGE), moment(message)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data alone: the act component reads them together with what it makes from them."""
        return training_data
