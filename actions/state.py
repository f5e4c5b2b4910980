"""What a conversation's state says, for those who look at it from outside a turn."""

from __future__ import annotations

from care.models import Conversation


def question_of(conversation: Conversation) -> str | None:
    """The topic of the question that is open, or None."""
    question = conversation.state.get("awaiting")
    return question["topic"] if question else None
