"""Questions that others put to who is talking: they become the open question of the turn, and are closed by its answer.

The newest question counts: who is asked something in the middle of their own request answers that first, and is then
asked on where they were.
"""

from __future__ import annotations

from datetime import datetime

from actions.scene import Scene
from actions.turn import Turn
from care import asks
from care.models import Ask, Conversation


def take_up(turn: Turn, talked_before: datetime | None, *, asked: bool = True) -> None:
    """Before a message is read: make the newest question from others the open one, if it came after all that was said.

    `talked_before` is when this conversation was used last before the message; `asked` is False when it is known that
    others have asked nothing. A question that was dealt with without
    this person is open no longer.
    """
    conversation = turn.conversation
    question = conversation.state.get("awaiting")
    ask = asks.newest_open(turn.session, turn.contact) if asked else None
    if question and "ask" in question and (ask is None or ask.id != question["ask"]):
        found = turn.session.get(Ask, question["ask"])
        if found is None or found.status != "open":
            question = conversation.state["awaiting"] = conversation.state.pop("put_aside", None)
    if ask is None or (question and question.get("ask") == ask.id):
        return
    if question is None or talked_before is None or ask.asked >= talked_before:
        if question and "ask" not in question:
            conversation.state["put_aside"] = question
        _open(conversation, ask)


def take_up_that_of(turn: Turn, message_key: str) -> bool:
    """Make the question that a message put the open one, whatever else is open; False when it is open no longer.

    For who was called with that very message: an answer must never go to another question than was read out.
    """
    ask = asks.of_message(turn.session, turn.contact, message_key)
    if ask is not None and ask.status == "open":
        _open(turn.conversation, ask)
    return ask is None or ask.status == "open"


def answered(scene: Scene) -> Ask | None:
    """Close the question from others that is open: it has its answer; None when it was dealt with meanwhile."""
    number = (scene.question or {}).get("ask")
    ask = None if number is None else asks.locked(scene.session, number)
    scene.settle()
    if ask is not None:
        asks.close(scene.session, ask, "answered", scene.now)
    scene.took_ask = True
    return ask


def bring_back(scene: Scene) -> None:
    """After an answer: put what was put aside for it, or else the next question from others, unless another is open."""
    if not scene.took_ask or scene.state.get("awaiting"):
        return
    before = scene.state.pop("put_aside", None)
    if before is not None:
        scene.state["awaiting"] = scene.question = before
        scene.ask_again()
        return
    ask = asks.newest_open(scene.session, scene.contact)
    if ask is not None:
        scene.question = _open(scene.turn.conversation, ask)
        scene.ask_again()


def drop_closed(scene: Scene) -> None:
    """After a deed that dealt with questions by the way: the open question is settled when it was one of them."""
    number = (scene.question or {}).get("ask")
    found = None if number is None else scene.session.get(Ask, number)
    if found is not None and found.status != "open":
        scene.settle()
        scene.question = None
        scene.took_ask = True


def _open(conversation: Conversation, ask: Ask) -> dict[str, object]:
    question = {**ask.question, "ask": ask.id}
    conversation.state["awaiting"] = question
    return question
