"""What Rasa needs to know of `bot/domain/`: the intents and actions, without the sentences.

Rasa itself says only responses whose key begins with `utter_`; all others are said by our actions. Left in the model
they would cost two seconds at each start, and each comma mended in a sentence a training.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

_RESPONSES = "responses"
_SAID_BY_RASA = "utter_"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def rasa_domain(folder: Path = ROOT / "bot" / "domain") -> dict[str, Any]:
    """The files of the domain as one, without our own sentences."""
    domain: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER) or {}  # noqa: S506 - a safe loader
        for part, value in content.items():
            if part == _RESPONSES:
                said = {key: variants for key, variants in value.items() if key.startswith(_SAID_BY_RASA)}
                domain.setdefault(part, {}).update(said)
            elif isinstance(value, dict):
                domain.setdefault(part, {}).update(value)
            elif isinstance(value, list):
                domain.setdefault(part, []).extend(value)
            else:
                domain[part] = value
    return domain
