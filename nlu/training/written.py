"""The written examples (`nlu/data/*/*.yml`, Rasa's format), for use without Rasa."""

from __future__ import annotations

from pathlib import Path

from nlu.acts.files import read_yaml
from nlu.training.generate import Sentence

DATA = Path(__file__).parent.parent / "data"
"""The folder of the written examples: a folder for each language, files by capability."""

_BULLET = "- "


def written(language: str, folder: Path = DATA) -> list[Sentence]:
    """All written sentences of the language, each in a group of its own."""
    found = []
    for path in sorted((folder / language).glob("*.yml")):
        for block in read_yaml(path).get("nlu", ()):
            for line in str(block["examples"]).splitlines():
                text = line.removeprefix(_BULLET).strip()
                if text:
                    found.append(Sentence(text, block["intent"], language, f"{language}:{text}"))
    return found
