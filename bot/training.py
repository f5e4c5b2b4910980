"""Training Rasa's model; runs in a process of its own: `python -m bot.training OUTPUT CACHE`."""

from __future__ import annotations

import logging
import os
import re
import sys
from pathlib import Path

import yaml

from bot import logs
from bot.rasa_domain import rasa_domain
from bot.settings import ROOT

_STEP = re.compile(r"Starting to train component '([^']+)'")


class _Steps(logging.Handler):
    """Tells the component being trained, one line each, to whoever reads our output."""

    def emit(self, record: logging.LogRecord) -> None:
        if step := _STEP.search(record.getMessage()):
            print(f"step: {step[1]}", flush=True)


def train(output: Path, cache: Path) -> Path:
    """Train from the repository's own files into `output`; `cache` keeps the parts that need no training again."""
    logs.set_up("warning")
    logs.quiet_rasa()
    os.environ["RASA_CACHE_DIRECTORY"] = str(cache)
    print("step: loading the libraries", flush=True)
    from rasa.model_training import train as rasa_train

    trainer = logging.getLogger("rasa.engine.training.hooks")
    trainer.setLevel(logging.INFO)
    trainer.addHandler(_Steps())
    print("step: reading the training data", flush=True)
    domain = output.with_suffix(".yml")
    domain.write_text(yaml.safe_dump(rasa_domain()), encoding="utf-8")
    result = rasa_train(
        domain=str(domain),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / "nlu" / "data"), str(ROOT / "stories")],
        output=str(output.parent),
        fixed_model_name=output.name,
    )
    domain.unlink()
    if result.code != 0 or result.model is None:
        raise RuntimeError(f"Rasa's training ended with code {result.code}.")
    return Path(result.model)


if __name__ == "__main__":
    train(Path(sys.argv[1]), Path(sys.argv[2]))
