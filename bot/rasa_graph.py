"""Running Rasa's graph without a scheduler."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata


class StraightRunner(DaskGraphRunner):
    """Runs the nodes one after the other, in an order worked out once.

    Rasa plans the graph anew for every message and prediction, has dask run it in this same thread, and writes all its
    input out for a log that nobody reads: together more than the nodes' own work.
    """

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the target nodes."""
        wanted = tuple(targets or self._graph_schema.target_names)
        outputs = dict(inputs or {})
        for name, needs in self._order(wanted):
            node = self._instantiated_nodes[name]
            _, outputs[name] = node(*((need, outputs[need]) for need in needs))
        return {name: outputs[name] for name in wanted}

    @lru_cache(maxsize=16)  # noqa: B019 - there is one runner, and it lives as long as the process
    def _order(self, targets: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The nodes that the targets need, each with what it needs, every one after what it needs."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        order: dict[str, tuple[str, ...]] = {}

        def visit(name: str) -> None:
            if name in order or name not in nodes:
                return
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                visit(need)
            order[name] = needs

        for target in targets:
            visit(target)
        return tuple(order.items())


def load_graph(model: str | Path) -> tuple[str, ModelMetadata, StraightRunner]:
    """The name, description and runner of a trained model (a file)."""
    path = Path(model)
    with tempfile.TemporaryDirectory(prefix="thuisbel-model-") as folder:
        metadata, runner = load_predict_graph_runner(Path(folder), path, LocalModelStorage, StraightRunner)
    return path.name, metadata, runner
