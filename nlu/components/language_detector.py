"""Which language each message is in."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.acts.language import detect, languages
from nlu.components.about import said

LANGUAGE = "language"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class LanguageDetector(GraphComponent):
    """Sets `language` on each message: what its metadata say, else what its words tell."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`default` is the language of messages that do not tell."""
        return {"default": "nl"}

    def __init__(self, config: dict[str, Any]) -> None:
        """Take the component's configuration."""
        self._default = config["default"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """The component for a graph (Rasa's interface)."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the language of each message."""
        for message in messages:
            given = said(message, "language")
            known = given if given in languages() else None
            default = said(message, "default_language")
            language = known or detect(message.get(TEXT) or "", default if default in languages() else self._default)
            message.set(LANGUAGE, language, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the language of the training examples."""
        self.process(training_data.training_examples)
        return training_data
