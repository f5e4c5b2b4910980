"""What every action of ours has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import asking, completing, desk, household, work
from actions.phone import proof
from actions.scene import Scene
from actions.turn import current
from nlu.reading import Reading


class CareAction(Action, ABC):
    """One capability: plays its part of the scene.

    An error is not caught here: the brain rolls the whole turn back, logs it with an id and says sorry, so that nothing
    is half done.
    """

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        """Play the scene and hand its message to Rasa."""
        latest = tracker.latest_message
        scene = Scene(current(), Reading.from_json(latest["reading"]), latest.get("answer"), latest.get("said") or {})
        if proof.wanted(scene, "side_act" if _said_aside(scene) else self.name()):
            proof.ask(scene)
        elif not (desk.take(scene) or work.take(scene) or household.take(scene)):
            self.play(scene)
        if scene.go_on:
            completing.advance(scene)
        asking.bring_back(scene)
        if message := scene.message():
            buttons = [
                {"title": option["text"], "payload": option["key"], "key": option["key"]}
                for option in message["options"]
            ]
            dispatcher.utter_message(text=message["text"], buttons=buttons)
        return []

    @abstractmethod
    def play(self, scene: Scene) -> None:
        """Do what the capability does."""


def _said_aside(scene: Scene) -> bool:
    """Whether something is said beside the acts of the contract: it may change visits, whatever the act looks like."""
    aside = scene.desk or scene.work or scene.household
    return aside is not None and scene.reading.act != "emergency"
