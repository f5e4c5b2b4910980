"""Rasa in our process: it decides what a message means and which actions follow, and remembers nothing.

All memory of a conversation is in the database. Rasa gets a fresh, already listening tracker for every message, so that
a turn costs the same after years as on the first day, and there is no second truth that could disagree with ours.
"""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from rasa.core.actions.action import Action as RasaAction
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    Event,
    SessionStarted,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

from bot.rasa_graph import StraightRunner, load_graph


class ActionFailed(Exception):
    """An action of ours raised; the turn must be rolled back."""

    def __init__(self, action: str) -> None:
        """Name the action."""
        super().__init__(f"the action {action} failed")
        self.action = action


class FreshTrackers(TrackerStore):
    """Gives a new tracker for every message and keeps none."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """A tracker whose session has started and that listens: nothing is left to run before the message."""
        tracker = self.init_tracker(sender_id)
        for event in (
            ActionExecuted(ACTION_SESSION_START_NAME),
            SessionStarted(),
            ActionExecuted(ACTION_LISTEN_NAME),
        ):
            tracker.update(event, self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep nothing: what must be remembered, the actions have written to the database."""

    async def keys(self) -> Iterable[str]:
        """No conversation is kept here."""
        return ()


class NoLocks(LockStore):
    """Locks nothing: the order within a conversation is kept by the lock of its jobs, over all machines."""

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """Go on at once."""
        yield None


class OurAction(RemoteAction):
    """One of our actions, called directly instead of over HTTP.

    Rasa would send the whole domain and tracker as JSON and check the answer against a schema that it compiles anew for
    every call; that check alone took four fifths of a turn.
    """

    def __init__(self, name: str, executor: ActionExecutor, domain: dict[str, Any]) -> None:
        """Run the action `name` of `executor`; `domain` is what the action gets to see of it."""
        super().__init__(name, action_endpoint=None)
        self._executor = executor
        self._domain = domain

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run it; raises ActionFailed, with the cause, whatever it was that went wrong inside."""
        dispatcher = CollectingDispatcher()
        # Without the events: what was said before is in the database.
        seen = Tracker.from_dict({**tracker.current_state(), "events": []})
        try:
            action = self._executor.actions[self.name()]
            events = await call_potential_coroutine(action(dispatcher, seen, self._domain)) or []
        except Exception as error:
            raise ActionFailed(self.name()) from error
        said = await self._utter_responses(dispatcher.messages, output_channel, nlg, tracker)
        return [*said, *deserialise_events(self._executor.validate_events(events, self.name()))]


class Processor(MessageProcessor):
    """Rasa's processor with our actions in place, in which a failing action fails the turn.

    Rasa's own logs the exception, loses the action's events and leaves the person without an answer.
    """

    executor: ActionExecutor
    domain_seen: dict[str, Any]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """As Rasa's."""
        super().__init__(*arguments, **named)
        self._predictions: dict[str, PolicyPrediction] = {}
        told = [slot.name for slot in self.domain.slots if slot.name not in DEFAULT_SLOT_NAMES]
        self._only_intents = not told and not self.domain.entities

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, StraightRunner]:
        return load_graph(model_path)

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[RasaAction, PolicyPrediction]:
        """The next action, replaced by ours where Rasa would go over HTTP."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if type(action) is RemoteAction:
            action = OurAction(action.name(), self.executor, self.domain_seen)
        return action, prediction

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """What Rasa predicts, worked out once for each intent.

        A tracker is new with each message (`FreshTrackers`) and the domain has neither slots nor entities, so nothing
        but the intent tells one message from another for the rules; trying them all takes Rasa a tenth of a turn.
        """
        if not self._only_intents or tracker.followup_action or tracker.latest_action_name != ACTION_LISTEN_NAME:
            return super()._predict_next_with_tracker(tracker)
        intent = str(tracker.latest_message.intent.get("name"))
        found = self._predictions.get(intent)
        if found is None:
            found = self._predictions[intent] = super()._predict_next_with_tracker(tracker)
        return found

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill slots from the message, where there are any."""
        return tracker if self._only_intents else await super().run_action_extract_slots(output_channel, tracker)

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """What the pipeline makes of a message.

        Rasa's own copies it for its log, and looks for intents that the domain lacks: a test sees to it that none is.
        """
        if tracker is None:
            tracker = DialogueStateTracker.from_events(message.sender_id, [])
        return self._parse_message_with_graph(message, tracker, only_output_properties)

    async def _run_action(
        self,
        action: RasaAction,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        try:
            events = await action.run(output_channel, nlg, tracker, self.domain)
        except ActionExecutionRejection:
            tracker.update(
                ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence), self.domain
            )
            return self.should_predict_another_action(action.name())
        if isinstance(action, OurAction):
            # Each of our rules ends with its one action (a test sees to it): there is nothing left to predict, and
            # nobody will ask the tracker what was done.
            await self._send_bot_messages(events, tracker, output_channel)
            return False
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())


class HouseAgent(Agent):
    """Rasa's agent on our processor, trackers and actions."""

    def __init__(self, executor: ActionExecutor) -> None:
        """Run the actions of `executor`."""
        super().__init__(tracker_store=FreshTrackers(Domain.empty()), lock_store=NoLocks())
        self._executor = executor

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a trained model."""
        processor = Processor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            generator=self.nlg,
        )
        processor.executor = self._executor
        processor.domain_seen = processor.domain.as_dict()
        self.processor = processor
        self.domain = processor.domain
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses
        self._set_fingerprint(fingerprint)


def our_actions(package: str = "actions") -> list[type[Action]]:
    """Every action that the modules of a package define."""
    top = import_module(package)
    modules = [top, *(import_module(found.name) for found in walk_packages(top.__path__, f"{package}."))]
    found = {
        item
        for module in modules
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Action) and item.__module__ == module.__name__
    }
    return sorted((item for item in found if _has_a_name(item)), key=lambda item: item.__qualname__)


def _has_a_name(action: type[Action]) -> bool:
    # A base class that several actions share has none of its own, and is no action.
    return not isabstract(action) and action.name is not Action.name


def load_agent(model: Path, actions: Iterable[type[Action]] | None = None) -> HouseAgent:
    """The agent on a trained model, with all our actions or those given."""
    executor = ActionExecutor()
    for action in our_actions() if actions is None else actions:
        executor.register_action(action)
    with warnings.catch_warnings():
        # Rasa's own use of what its libraries have meanwhile deprecated.
        warnings.simplefilter("ignore")
        agent = HouseAgent(executor)
        agent.load_model(model)
    return agent


async def answer(agent: Agent, text: str, conversation: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """What the bot says to `text`: Rasa's messages, each with `text` and perhaps `buttons`, in order."""
    channel = CollectingOutputChannel()
    await agent.handle_message(UserMessage(text, channel, sender_id=conversation, metadata=metadata))
    messages: list[dict[str, Any]] = channel.messages
    return messages
