"""What a message says of the requests that wait for an answer, when a coordinator sent it.

Stands behind the question at hand. The message's metadata carry the sender's `roles`; what is found is put into `said`,
under `desk`.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.acts.text import MAX_CHARS
from nlu.components.language_detector import LANGUAGE
from nlu.desk import DeskReader

COORDINATOR = "coordinator"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class DeskActs(GraphComponent):
    """Adds `desk` to `said`."""

    def __init__(self) -> None:
        """Load the phrases of both languages."""
        self._readers = {language: DeskReader(language) for language in ("nl", "en")}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DeskActs:
        """Make the component; nothing of it is trained."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at the messages of coordinators; those of others are left as they are."""
        for message in messages:
            if COORDINATOR in ((message.get("metadata") or {}).get("roles") or ()):
                act = self._readers[message.get(LANGUAGE)].read((message.get(TEXT) or "")[:MAX_CHARS])
                if act is not None:
                    message.set("said", {**(message.get("said") or {}), "desk": act}, add_to_output=True)
        return messages
