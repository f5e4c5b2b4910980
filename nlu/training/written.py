"""The written examples (`nlu/data/*/*.yml`, Rasa's format), for use without Rasa."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from nlu.training.generate import Sentence

DATA = Path(__file__).parent.parent / "data"
"""The folder of the written examples: a folder for each language, files by capability."""

_BULLET = "- "


def written(language: str, folder: Path = DATA) -> list[Sentence]:
    """All written sentences of the language, each in a group of its own."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for path in sorted((folder / language).glob("*.yml")):
        fields: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe loader)
        for block in fields.get("nlu", ()):
            for line in str(block["examples"]).splitlines():
                text = line.removeprefix(_BULLET).strip()
                if text:
                    found.append(Sentence(text, block["intent"], language, f"{language}:{text}"))
    return found
