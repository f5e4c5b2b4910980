"""What a message says beside the acts of the contract: of the help at home as a whole, for whom it is, and at a
coordinator's desk.

Stands behind the question at hand. What is found is put into `said`, under `household`, `several` and one of
`for_other`, `for_self` and `for_both`, and, when a coordinator sent it (the message's metadata carry the sender's
`roles`), `desk`: the actions know what can be meant.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu import desk, household, recipient
from nlu.acts.text import MAX_CHARS
from nlu.components.base import Untrained
from nlu.components.language_detector import LANGUAGE
from nlu.household.several import several

COORDINATOR = "coordinator"
LANGUAGES = ("nl", "en")


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class SideActs(Untrained):
    """Adds `household`, `several`, `desk`, and one of `for_other`, `for_self` and `for_both` to `said`."""

    def __init__(self) -> None:
        """Load the phrases of both languages."""
        self._household = {language: household.reader(language) for language in LANGUAGES}
        self._recipient = {language: recipient.reader(language) for language in LANGUAGES}
        self._desk = {language: desk.reader(language) for language in LANGUAGES}

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message."""
        for message in messages:
            text, language = (message.get(TEXT) or "")[:MAX_CHARS], message.get(LANGUAGE)
            found: dict[str, Any] = {"household": self._household[language].all(text) or None}
            if COORDINATOR in ((message.get("metadata") or {}).get("roles") or ()):
                found["desk"] = self._desk[language].read(text)
            if whom := self._recipient[language].read(text):
                found[f"for_{whom}"] = True
            found["several"] = several(text, language)
            told = {name: act for name, act in found.items() if act is not None}
            if told:
                message.set("said", {**(message.get("said") or {}), **told}, add_to_output=True)
        return messages
