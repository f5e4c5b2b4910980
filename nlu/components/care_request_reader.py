"""What each message says of care and time."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.acts.text import MAX_CHARS
from nlu.care_reader import CareReader
from nlu.components.about import moment
from nlu.components.language_detector import LANGUAGE

READOUT = "readout"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class CareRequestReader(GraphComponent):
    """Sets `readout` on each message (a nlu.care_reader.CareReadout, for the components behind it)."""

    def __init__(self) -> None:
        """Load the language packs."""
        self._reader = CareReader()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CareRequestReader:
        """The component for a graph (Rasa's interface)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message."""
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARS]
            message.set(READOUT, self._reader.read(text, message.get(LANGUAGE), moment(message)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data alone: the act component reads them together with what it makes from them."""
        return training_data
