"""The house assembled in one process: database, model and brain."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import logs
from bot.settings import Settings
from bot.storage import opened_database
from care.clock import Clock

if TYPE_CHECKING:
    from bot.brain import Brain
    from bot.line import Line
    from care.database import Database


@dataclass(frozen=True)
class House:
    """What a process that talks needs."""

    settings: Settings
    clock: Clock
    database: Database
    brain: Brain

    def line(self, *, phone: str, channel: str, language: str | None) -> Line:
        """A direct line of a person (E.164) on a channel."""
        from bot.line import Line

        return Line(self.database, self.brain, self.clock, phone=phone, channel=channel, language=language)


@contextmanager
def opened_house(settings: Settings, clock: Clock) -> Iterator[House]:
    """Everything opened and warm, closed again at the end. Raises UserError when a part is missing."""
    logs.quiet_rasa()
    importing = threading.Thread(target=_import_rasa, daemon=True)
    importing.start()
    with opened_database(settings) as database:
        from bot.model import ensure_model

        model = ensure_model(settings)
        importing.join()
        from bot.brain import Brain

        brain = Brain.load(model, database, clock)
        try:
            yield House(settings, clock, database, brain)
        finally:
            brain.close()


def _import_rasa() -> None:
    # Importing Rasa takes seconds, starting PostgreSQL waits for the disk: they can go at the same time. An import that
    # fails here fails again, and is told, where it is needed.
    import contextlib

    with contextlib.suppress(Exception):
        import bot.rasa_agent  # noqa: F401
