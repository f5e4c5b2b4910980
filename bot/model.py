"""The trained model, kept by the content it was trained from.

The model's file name is a hash of everything that training depends on, so a model is either exactly right or absent:
nothing has to be told to train again after a change, and going back to an older state finds its model still there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import UserError
from bot.rasa_domain import rasa_domain
from bot.settings import ROOT, Settings

_SOURCES = ("config.yml", "stories", "bot/training.py", "bot/rasa_domain.py", "nlu", "care", "uv.lock")
# Of `care` only what the reading depends on: the catalogue's words and the shape of needs and schedules.
_CARE = ("catalogue.py", "catalogue.yml", "catalogue", "clock.py", "needs.py", "schedule.py")
_SUFFIXES = (".py", ".yml", ".yaml", ".json", ".jsonl", ".txt", ".lock")
_KEPT = 4


def model_key(root: Path = ROOT) -> str:
    """The hash of what the model is trained from (and of the libraries, by the lock file)."""
    digest = hashlib.blake2b(digest_size=12)
    for path in _source_files(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}:{len(content)}:".encode())
        digest.update(content)
    digest.update(json.dumps(rasa_domain(root / "bot" / "domain"), sort_keys=True).encode())
    return digest.hexdigest()


def _source_files(root: Path) -> Iterator[Path]:
    for name in _SOURCES:
        top = root / name
        if top.is_file():
            yield top
            continue
        for path in sorted(top.rglob("*")):
            if not path.is_file() or path.suffix not in _SUFFIXES:
                continue
            if name == "care" and path.relative_to(top).parts[0] not in _CARE:
                continue
            yield path


def model_path(settings: Settings, root: Path = ROOT) -> Path:
    """Where the model for the present sources is, or will be."""
    return settings.cache / "models" / f"{model_key(root)}.tar.gz"


def ensure_model(settings: Settings, *, force: bool = False) -> Path:
    """The path of the trained model, training it first if needed, with progress on standard error.

    Two processes that need the same model train it once: the second waits. Raises UserError when training fails.
    """
    path = model_path(settings)
    if path.exists() and not force:
        return path
    if not (ROOT / "config.yml").exists():
        raise UserError(f"there is no config.yml in {ROOT}: the model can only be trained from a checkout.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent / ".lock"):
        if force or not path.exists():
            _train(settings, path)
            _forget_old_models(path)
    return path


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _train(settings: Settings, path: Path) -> None:
    # In a process of its own: training needs TensorFlow in memory, and prints what does not belong on our output.
    partial = path.with_name(f"training-{os.getpid()}.tar.gz")
    command = [sys.executable, "-m", "bot.training", str(partial), str(settings.cache / "rasa")]
    with subprocess.Popen(  # noqa: S603 - our own module and paths
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        told = _follow(process.stdout or ())
    if process.returncode != 0 or not partial.exists():
        partial.unlink(missing_ok=True)
        raise UserError("training the model failed:\n" + "\n".join(told[-30:]))
    partial.replace(path)


def _follow(output: Iterable[str]) -> list[str]:
    """Show the progress of training, and give back all it said, for when it fails."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    told: list[str] = []
    if not console.is_terminal:
        console.print("Training the model; this takes about a minute and happens once.", highlight=False)
    columns = (SpinnerColumn(), TextColumn("Training the model (once): {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting")
        for line in output:
            told.append(line.rstrip())
            if line.startswith("step: "):
                progress.update(task, description=line.removeprefix("step: ").strip())
    return told


def _forget_old_models(newest: Path) -> None:
    models = sorted(newest.parent.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime, reverse=True)
    for model in models[_KEPT:]:
        model.unlink(missing_ok=True)
