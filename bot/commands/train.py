"""`thuisbel train`: train the model now."""

from __future__ import annotations

import argparse
import sys

from bot.settings import Settings

HELP = "train the model, unless it is trained already"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--force", action="store_true", help="train even when the trained model is up to date")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Train if needed and say where the model is."""
    from bot.model import ensure_model

    path = ensure_model(settings, force=options.force)
    print(f"The model is {path}", file=sys.stderr)
    return 0
