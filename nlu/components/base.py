"""What Rasa asks of a component of its graph, for those of ours that are made alike."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class Untrained(GraphComponent):
    """A component that learns nothing and has nothing to set."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Make the component; nothing of it is trained."""
        return cls()


class Trained(GraphComponent):
    """A component that keeps what it learnt in the model."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        """`resource` is its place in the model."""
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """The component before its training."""
        return cls(model_storage, resource)
