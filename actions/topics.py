"""Who takes the answer to which question: each capability marks its own functions."""

from __future__ import annotations

from collections.abc import Callable

from actions.scene import Scene

Handler = Callable[[Scene], None]
_handlers: dict[str, Handler] = {}


def answers(*topics: str) -> Callable[[Handler], Handler]:
    """Mark a function as the one that takes the answers to the questions about `topics`."""

    def register(handler: Handler) -> Handler:
        for topic in topics:
            _handlers[topic] = handler
        return handler

    return register


def handler_of(topic: str) -> Handler:
    """Who takes the answer to a question about `topic`; raises KeyError when nobody does."""
    return _handlers[topic]
