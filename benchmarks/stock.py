"""The bot that `rasa init` makes, untouched, as a line-by-line process: `python -m benchmarks.stock MODEL`.

A message a line in, a JSON list of answers a line out, like `thuisbel converse`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import sys
import warnings
from pathlib import Path

os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", SQLALCHEMY_SILENCE_UBER_WARNING="1")

# A talk of this many messages, then a new one: Rasa's tracker would otherwise make every turn dearer than the last.
TALK = 20


def train(folder: Path) -> Path:
    """Make the project as `rasa init` does and train it, once; the path of its model."""
    model = folder / "models" / "stock.tar.gz"
    if model.exists():
        return model
    import rasa.cli.scaffold
    from rasa.model_training import train as rasa_train

    shutil.copytree(Path(rasa.cli.scaffold.__file__).parent / "initial_project", folder, dirs_exist_ok=True)
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    rasa_train(
        str(folder / "domain.yml"),
        str(folder / "config.yml"),
        [str(folder / "data")],
        output=str(model.parent),
        fixed_model_name=model.name,
    )
    return model


async def converse(model: Path) -> None:
    """Answer every line."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    # As its own command line sets it: without this it would write out every step, which costs it several milliseconds.
    configure_structlog(logging.WARNING)
    agent = Agent.load(model)
    for number, line in enumerate(sys.stdin):
        answers = await agent.handle_text(line.strip(), sender_id=f"talk-{number // TALK}")
        sys.__stdout__.write(json.dumps(answers) + "\n")
        sys.__stdout__.flush()


def main() -> None:
    """Train if needed, then talk."""
    warnings.simplefilter("ignore")
    # Rasa prints while training, and only answers belong on our output.
    sys.stdout = sys.stderr
    folder = Path(sys.argv[1])
    model = train(folder)
    if "--only-train" not in sys.argv:
        asyncio.run(converse(model))


if __name__ == "__main__":
    main()
