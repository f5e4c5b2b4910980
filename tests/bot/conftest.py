"""A small model of Rasa's own parts, to test the brain apart from what it learned."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from care.clock import Clock
from care.database import Database

with warnings.catch_warnings():
    # Libraries that use, at import, what theirs have meanwhile deprecated.
    warnings.simplefilter("ignore")
    logs.quiet_rasa()
    from rasa.model_training import train
    from rasa_sdk import Action, Tracker
    from rasa_sdk.executor import CollectingDispatcher
    from starlette import testclient  # noqa: F401 - it warns too, once, when it is imported first

    from bot.brain import Brain
    from bot.rasa_agent import load_agent

from actions import turn
from actions.phrases import Phrases

CONFIG = """
recipe: default.v1
assistant_id: small
language: nl
pipeline: [{name: KeywordIntentClassifier}]
policies: [{name: RulePolicy, core_fallback_action_name: small_echo}]
"""
DOMAIN = """
version: "3.1"
intents: [fails, asks, loops]
actions: [small_echo, small_fail, small_eager]
responses:
  utter_asks:
  - text: Welke?
    buttons: [{title: De ene, payload: "1"}, {title: De andere, payload: "2"}]
"""
DATA = """
version: "3.1"
nlu:
- {intent: fails, examples: "- mislukt\\n"}
- {intent: asks, examples: "- vraag\\n"}
- {intent: loops, examples: "- rondjes\\n"}
rules:
- {rule: fail, steps: [{intent: fails}, {action: small_fail}]}
- {rule: ask, steps: [{intent: asks}, {action: utter_asks}]}
- {rule: loop, steps: [{intent: loops}, {action: small_eager}]}
"""


class Echo(Action):
    """Says the message back, and notes in the conversation how often it did: an effect that must happen once."""

    def name(self) -> str:
        return "small_echo"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        now = turn.current()
        now.conversation.state["echoed"] = now.conversation.state.get("echoed", 0) + 1
        said = tracker.latest_message["text"]
        dispatcher.utter_message(text=f"U zei: {said}.")
        dispatcher.utter_message(text=f"Dat was bericht {now.conversation.state['echoed']}.")
        return []


class Fail(Action):
    """Does something and then fails, repeating what the person said in its error as careless code may."""

    def name(self) -> str:
        return "small_fail"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        turn.current().conversation.state["half"] = "done"
        dispatcher.utter_message(text="Half gedaan.")
        raise RuntimeError(tracker.latest_message["text"])


class Eager(Action):
    """Asks to be run again and again; a turn has one action."""

    def name(self) -> str:
        return "small_eager"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        dispatcher.utter_message(text="Nog een rondje.")
        return [{"event": "followup", "name": "small_eager"}]


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained small model."""
    folder = tmp_path_factory.mktemp("small")
    for name, text in (("config.yml", CONFIG), ("domain.yml", DOMAIN), ("data.yml", DATA)):
        (folder / name).write_text(text)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setenv("RASA_CACHE_DIRECTORY", str(folder / "cache"))
        result = train(
            str(folder / "domain.yml"),
            str(folder / "config.yml"),
            [str(folder / "data.yml")],
            output=str(folder),
            fixed_model_name="small.tar.gz",
        )
    return Path(result.model)


@pytest.fixture
def clock() -> Clock:
    """A clock of which tests may move the hands; it shows Monday 23 November 2026, nine o'clock."""
    from datetime import datetime

    return Clock(datetime(2026, 11, 23, 9, 0))  # naive means local here


@pytest.fixture(scope="session")
def small_agent(small_model: Path) -> Any:
    """Rasa's agent on the small model."""
    return load_agent(small_model, [Echo, Fail, Eager])


@pytest.fixture
def brain(small_agent: Any, database: Database, clock: Clock) -> Iterator[Brain]:
    """A brain on the small model."""
    brain = Brain(database, small_agent, clock, Phrases.load())
    yield brain
    brain.close()
