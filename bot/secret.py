"""The installation's secret: everything we sign is signed with keys derived from it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.errors import UserError
from bot.settings import Settings


def installation_key(settings: Settings) -> str:
    """THUISBEL_KEY, or the key kept in the data folder (made at first use, readable by its owner only).

    Raises UserError when it can neither be read nor made.
    """
    if settings.key:
        return settings.key
    path = settings.data / "key"
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise UserError(f"the key in {path} cannot be read or made: {type(error).__name__}.") from error
    if len(key) < 16:
        raise UserError(f"the key in {path} is damaged; remove it to have a new one made (people then start anew).")
    return key


def _make(path: Path) -> None:
    # Written beside and linked into place: two processes that start at once agree on one key, and read it whole.
    partial = path.with_name(f"key.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(partial, path)
    except FileExistsError:
        return
    finally:
        partial.unlink()
