"""The question at hand: whether a message answers what was asked.

Comes last in the pipeline. The message's metadata carry the open question (`awaiting`) and the channel; a message that
answers it gets the intent `answer`. Keys that work everywhere become their acts, and nothing said becomes `silence`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from care.needs import Need
from care.schedule import Json
from nlu.answers import AnswerReader, Question
from nlu.answers.not_named import not_named
from nlu.care_reader import CareReader, CareReadout
from nlu.components.about import moment
from nlu.components.base import Untrained
from nlu.components.care_request_reader import READOUT
from nlu.reading import Reading

ALWAYS_KEYS = {"0": "human", "*": "back"}
REPEAT_KEY = "9"
ASKING_FOR_A_CLOCK = frozenset({"time", "schedule", "days", "date"})
SPOKEN = "voice"
MENDING = frozenset({"change", "correct"})


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class QuestionAtHand(Untrained):
    """Decides whether a message is an answer."""

    def __init__(self) -> None:
        """Load the words of answers and of care."""
        self._care = CareReader()
        self._answers = {language: AnswerReader(language) for language in ("nl", "en")}

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `said`, and where it applies `answer` and another intent, on each message."""
        for message in messages:
            self._process(message)
        return messages

    def _process(self, message: Message) -> None:
        metadata = message.get("metadata") or {}
        text = str(message.get(TEXT) or "")
        reading = Reading.from_json(message.get("reading"))
        asked = metadata.get("awaiting")
        question = Question.from_json(asked) if asked else None
        readout = self._readout(message, text, reading, question)
        answers = self._answers[reading.language]
        mends = reading.act in MENDING
        told: dict[str, Any] = {"shift_minutes": answers.shift(text), "another_helper": answers.wants_another(text)}
        told |= {"relative": answers.names_relative(text), "bare_weekday": answers.bare_weekday(text)}
        told["not_named"] = not_named(text, reading.language)
        needs = [_not_from(told["not_named"], need) for need in _told(readout, mends)]
        message.set("said", _said(readout, needs) | told, add_to_output=True)
        key = self._key(text.strip(), question, metadata.get("channel"))
        if not text.strip():
            _intend(message, "silence")
        elif key:
            _intend(message, key)
        elif question:
            answer = self._answers[reading.language].read(question, text, reading, needs)
            if answer:
                message.set("answer", answer, add_to_output=True)
                _intend(message, "answer")
        elif answers.drops(text) and reading.act not in ("emergency", "undo"):
            # Nothing was asked: "never mind" and "cancel" are then about what was done last.
            _intend(message, "cancel")
        elif self._answers[reading.language].keeps_on(text):
            _intend(message, "confirm")

    def _readout(self, message: Message, text: str, reading: Reading, question: Question | None) -> CareReadout:
        """What is said of care and time; a bare number is an hour when a time was asked for."""
        if question and question.kind in ASKING_FOR_A_CLOCK and not _is_option(text, question):
            hour = self._answers[reading.language].bare_hour(text)
            if hour is not None:
                return self._care.read(hour, reading.language, moment(message))
        readout: CareReadout = message.get(READOUT)
        return readout

    @staticmethod
    def _key(text: str, question: Question | None, channel: str | None) -> str | None:
        """The act of a key that works everywhere. On the phone that is 9 too; in writing it may be an hour."""
        if text == REPEAT_KEY and (channel == SPOKEN or question is None or question.kind not in ASKING_FOR_A_CLOCK):
            return "repeat"
        return ALWAYS_KEYS.get(text)


def _is_option(text: str, question: Question) -> bool:
    return any(option["key"] == text.strip() for option in question.options)


def _told(readout: CareReadout, mends: bool) -> list[Need]:
    """What an answer may tell: the needs as said, then the schedule as a change; the other way round where it `mends`
    what was said before.
    """
    first, then = (readout.change_needs, readout.needs) if mends else (readout.needs, readout.change_needs)
    return [*first, *then]


def _not_from(names: Sequence[str], need: Need) -> Need:
    """The need without a wish for a helper of whom the message says that they should not come."""
    wishes = need.preferences
    if wishes.helper_name is None or wishes.helper_name.casefold() not in {name.casefold() for name in names}:
        return need
    return replace(need, preferences=replace(wishes, helper_name=None))


def _said(readout: CareReadout, needs: Sequence[Need]) -> Json:
    return {
        "needs": [need.to_json() for need in needs],
        "target": readout.target.to_json(),
    }


def _intend(message: Message, intent: str) -> None:
    message.set(INTENT, {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
