"""What a message says of a helper's own work, when a helper or a coordinator sent it.

Stands behind the question at hand. The message's metadata carry the sender's `roles`; what is found is put into `said`,
under `work`: the actions know whose visits are meant, and decide.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.acts.text import MAX_CHARS
from nlu.components.about import moment
from nlu.components.care_request_reader import READOUT
from nlu.components.language_detector import LANGUAGE
from nlu.helpers import HelperReader

HELPER, COORDINATOR = "helper", "coordinator"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class HelperActs(GraphComponent):
    """Adds `work` to `said`."""

    def __init__(self) -> None:
        """Load the phrases of both languages."""
        self._readers = {language: HelperReader(language) for language in ("nl", "en")}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HelperActs:
        """Make the component; nothing of it is trained."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at the messages of helpers and coordinators; those of others are left as they are."""
        for message in messages:
            roles = (message.get("metadata") or {}).get("roles") or ()
            if HELPER in roles or COORDINATOR in roles:
                self._process(message, roles)
        return messages

    def _process(self, message: Message, roles: Collection[str]) -> None:
        text = (message.get(TEXT) or "")[:MAX_CHARS]
        reader = self._readers[message.get(LANGUAGE)]
        found = reader.read(text, message.get(READOUT), moment(message).date(), of_others=COORDINATOR in roles)
        if found is not None:
            message.set("said", {**(message.get("said") or {}), "work": found.to_json()}, add_to_output=True)
