"""Reading the data files of this room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# The C reader is ten times as fast, and as safe; not every installation has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in the file; raises OSError or yaml.YAMLError when unreadable, TypeError when it holds no mapping."""
    fields = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (one of the safe loaders)
    if not isinstance(fields, dict):
        raise TypeError(f"{path} does not hold a mapping")
    return fields
