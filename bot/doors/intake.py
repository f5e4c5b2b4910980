"""The intake: stores what is the brain's alone, all that came in meanwhile at once (see `together`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.doors.together import Together
from bot.jobs import accept_many
from care import inbox

if TYPE_CHECKING:
    from care.clock import Clock
    from care.database import Database
    from channels import Incoming


class Intake:
    """Takes messages in from the event loop of the gateway; the database is asked in one thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """The thread begins with the first message."""
        self._database = database
        self._clock = clock
        self._together = Together("intake", self._store)

    async def store(self, incoming: Incoming) -> None:
        """Store a message with its job; returns when it is certain that it is kept. The same one twice is kept once.

        Raises DatabaseUnavailable or SQLAlchemyError when it is not kept, and ValueError for an address that is none.
        """
        said = inbox.Said(
            channel=incoming.channel,
            outside_id=incoming.outside_id,
            address=incoming.address,
            text=incoming.text,
            received=self._clock.now(),
            kind=incoming.kind,
            payload=dict(incoming.payload),
            language=incoming.language,
        )
        with self._database.floor.waited_outside():
            await self._together.do(said)

    def close(self) -> None:
        """Store what waits, and stop."""
        self._together.close()

    def _store(self, said: list[inbox.Said]) -> None:
        # Before the brain's next statement: Twilio waits, and the brain has more than enough to do already.
        with self._database.floor.going_first(), self._database.begin() as session:
            accept_many(session, said)
