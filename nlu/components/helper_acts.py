"""What a message says of a helper's own work, when a helper or a coordinator sent it; and of who may come when another
cannot, when a recipient or family did.

Stands behind the question at hand. The message's metadata carry the sender's `roles`; what is found is put into `said`,
under `work` and `stand_in`: the actions know whose visits are meant, and decide.
"""

from __future__ import annotations

from collections.abc import Collection

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.acts.text import MAX_CHARS
from nlu.components.about import moment
from nlu.components.base import Untrained
from nlu.components.care_request_reader import READOUT
from nlu.components.language_detector import LANGUAGE
from nlu.helpers import HelperReader

HELPER, COORDINATOR, RECIPIENT, FAMILY = "helper", "coordinator", "recipient", "family"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class HelperActs(Untrained):
    """Adds `work` and `stand_in` to `said`."""

    def __init__(self) -> None:
        """Load the phrases of both languages."""
        self._readers = {language: HelperReader(language) for language in ("nl", "en")}

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message as its sender's roles ask."""
        for message in messages:
            roles = (message.get("metadata") or {}).get("roles") or ()
            if HELPER in roles or COORDINATOR in roles:
                self._process(message, roles)
            if (RECIPIENT in roles or FAMILY in roles) and (near := self._stand_in(message)):
                message.set("said", {**(message.get("said") or {}), "stand_in": list(near)}, add_to_output=True)
        return messages

    def _stand_in(self, message: Message) -> tuple[str, ...]:
        return self._readers[message.get(LANGUAGE)].stand_in((message.get(TEXT) or "")[:MAX_CHARS])

    def _process(self, message: Message, roles: Collection[str]) -> None:
        text = (message.get(TEXT) or "")[:MAX_CHARS]
        reader = self._readers[message.get(LANGUAGE)]
        found = reader.read(text, message.get(READOUT), moment(message).date(), of_others=COORDINATOR in roles)
        if found is not None:
            message.set("said", {**(message.get("said") or {}), "work": found.to_json()}, add_to_output=True)
