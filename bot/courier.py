"""The courier: hands what is due in the outbox to the doors.

A message is sent while its row is locked, and marked in the same transaction: two couriers never send the same one. If
a process dies between the door's yes and the mark, the message goes out once more; `Outgoing.key` lets a door that can
recognise a repeat prevent that.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text as sql

from bot.line import held_key
from care import outbox
from channels import Outgoing, SendFailed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.clock import Clock
    from care.database import Database
    from care.models import Outbox
    from channels import Sender

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
_LOOK_SECONDS = 2.0
_BATCH = 20


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the given attempt (2, 3, …): three times as long each time, at most an hour."""
    return min(FIRST_WAIT * 3 ** (attempt - 2), LONGEST_WAIT)


class Courier:
    """Sends what is due, in a thread of its own."""

    def __init__(self, database: Database, clock: Clock, senders: Mapping[str, Sender]) -> None:
        """`senders` are the open doors by channel. Channels whose people fetch their messages need none."""
        self._database = database
        self._clock = clock
        self._senders = senders
        self._stopping = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Start sending."""
        if self._senders:
            self._thread.start()

    def stop(self) -> None:
        """Finish the message at hand and stop."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look at once: something was written."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self.send_due()
            except Exception as error:
                # A courier that stops is worse than one that goes on: the database may be back in a moment.
                # Without the traceback: it may hold what was to be sent.
                log.error("the courier could not send: %s", type(error).__name__)  # noqa: TRY400
            self._wake.wait(_LOOK_SECONDS)
            self._wake.clear()

    def send_due(self) -> int:
        """Send everything that is due now; how many messages were taken up (sent or not)."""
        taken = 0
        for channel, sender in self._senders.items():
            while not self._stopping and self._send_next(channel, sender):
                taken += 1
        return taken

    def _send_next(self, channel: str, sender: Sender) -> bool:
        with self._database.begin() as session:
            for row in outbox.claim_due(session, self._clock.now(), _BATCH, channel=channel):
                if _ours(session, row):
                    self._send(session, row, sender)
                    return True
        return False

    def _send(self, session: Session, row: Outbox, sender: Sender) -> None:
        options = tuple(row.options)
        key = row.key or f"outbox:{row.id}"
        try:
            outside_id = sender.send(Outgoing(row.channel, row.address, row.text, options, key))
        except SendFailed as failure:
            self._postpone(session, row, str(failure), final=failure.final)
        except Exception as error:
            # The door's own mistake must not hold up everybody else's messages.
            self._postpone(session, row, type(error).__name__, final=False)
        else:
            outbox.mark_sent(session, row, self._clock.now(), outside_id)

    def _postpone(self, session: Session, row: Outbox, reason: str, *, final: bool) -> None:
        attempts = row.attempts + 1
        now = self._clock.now()
        if final or attempts >= MOST_ATTEMPTS:
            log.error("message %s was given up after %s attempts: %s", row.id, attempts, reason)
            outbox.mark_failed(session, row, now)
        else:
            log.warning("message %s was not sent at attempt %s: %s", row.id, attempts, reason)
            outbox.mark_failed(session, row, now, retry_at=now + wait_before(attempts + 1))


_LOCKS = sql(
    "SELECT pg_try_advisory_xact_lock(hashtextextended(:contact, 0))"
    " AND pg_try_advisory_xact_lock_shared(hashtextextended(:line, 0))"
)
_EARLIER = sql(
    "SELECT EXISTS (SELECT FROM outbox WHERE contact_id = :contact AND channel = :channel AND status = 'due'"
    " AND (due, id) < (:due, :id))"
)


def _ours(session: Session, row: Outbox) -> bool:
    """Whether this courier may send it: nobody else sends to this person now, nor are they on a direct line."""
    keys = {"contact": f"courier:{row.contact_id}", "line": held_key(row.channel, row.address)}
    if not session.scalar(_LOCKS, keys):
        return False
    # Asked only with the lock in hand: an earlier message may have been passed over because another held it then.
    place = {"contact": row.contact_id, "channel": row.channel, "due": row.due, "id": row.id}
    return not session.scalar(_EARLIER, place)
