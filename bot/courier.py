"""The courier: hands what is due in the outbox to the doors.

A message is sent while its row is locked, and marked in the same transaction: two couriers never send the same one. If
a process dies between the door's yes and the mark, or the door's answer is lost, the next attempt is told that it is
`unsure`: a door that can look whether the message got through looks first.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import text as sql

from bot.line import held_key
from care import deliveries, doors, outbox
from channels import Outgoing, SendFailed
from channels.showing import Part, parts_of

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
_LET_ARRIVE = timedelta(seconds=3)
_WINDOW_MARGIN = timedelta(minutes=2)
REPLY = "reply"
"""The kind of messages that answer the person's own; every other kind is unasked."""


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the given attempt (2, 3, …): three times as long each time, at most an hour."""
    return min(FIRST_WAIT * 3 ** (attempt - 2), LONGEST_WAIT)


class Courier:
    """Sends what is due, in threads of its own: a door that answers slowly does not hold up the others."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        senders: Mapping[str, Sender],
        *,
        undelivered: Callable[[Session, Outbox], None] | None = None,
        rounds: Sequence[Callable[[], object]] = (),
        threads: int = 1,
    ) -> None:
        """`senders` are the open doors by channel. Channels whose people fetch their messages need none.

        `undelivered` is told, in the same transaction, of a message that was given up. `rounds` are called at every
        look around, by one of the threads.
        """
        self._database = database
        self._clock = clock
        self._senders = senders
        self._undelivered = undelivered
        self._rounds = tuple(rounds)
        self._since = clock.now()
        self._stopping = False
        # Rung once for each message, it calls one thread: all of them at each message would mostly find nothing to do.
        self._bell = threading.BoundedSemaphore(threads)
        for _ in range(threads):
            self._bell.acquire()
        self._next_rounds = 0.0
        self._threads = [
            threading.Thread(target=self._run, args=(number == 0,), name=f"courier-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Start sending, and going the rounds."""
        needed = len(self._threads) if self._senders else min(len(self._rounds), 1)
        for thread in self._threads[:needed]:
            thread.start()

    def stop(self) -> None:
        """Finish the messages at hand and stop."""
        self._stopping = True
        for _ in self._threads:
            self.wake()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def wake(self) -> None:
        """Look at once: something was written. One thread looks; who is on the way already looks when back."""
        # Not rung more often than there are threads: each goes on until nothing is left.
        with suppress(ValueError):
            self._bell.release()

    def _run(self, first: bool) -> None:
        while not self._stopping:
            try:
                if first and monotonic() >= self._next_rounds:
                    self._next_rounds = monotonic() + _LOOK_SECONDS
                    for look in self._rounds:
                        look()
                self.send_due()
            except Exception as error:
                # A courier that stops is worse than one that goes on: the database may be back in a moment.
                # Without the traceback: it may hold what was to be sent.
                log.error("the courier could not send: %s", type(error).__name__)  # noqa: TRY400
            if not self._stopping:
                self._bell.acquire(timeout=_LOOK_SECONDS)

    def send_due(self) -> int:
        """Send everything that is due now; how many messages were taken up (sent or not)."""
        taken = 0
        for channel, sender in self._senders.items():
            while not self._stopping and self._send_next(channel, sender):
                taken += 1
        return taken

    def _send_next(self, channel: str, sender: Sender) -> bool:
        with self._database.begin() as session:
            now = self._clock.now()
            looked_at = set()
            # Mostly the first is ours to send; only when it is not are more of them read.
            for limit in (1, _BATCH):
                rows = outbox.claim_due(session, now, limit, channel=channel, first_in_line=True)
                for row in rows:
                    if row.id in looked_at:
                        continue
                    looked_at.add(row.id)
                    if _ours(session, row, now, confirms=sender.capabilities.confirms):
                        self._send(session, row, sender, now)
                        return True
                if len(rows) < limit:
                    break
        return False

    def _send(self, session: Session, row: Outbox, sender: Sender, now: datetime) -> None:
        if row.kind != REPLY and doors.is_stopped(session, row.channel, row.address):
            log.info("message %s is not sent: nothing unasked may be sent there", row.id)
            self._give_up(session, row, now, status="cancelled")
            return
        parts = parts_of(row.text, row.options, sender.capabilities)
        # A message that was on its way when the process ended, or that got no answer, may have arrived unnoticed.
        unsure = row.attempts > 0 or row.due < self._since
        done = deliveries.sent_parts(session, row) if unsure or len(parts) > 1 else {}
        number = next((number for number in range(len(parts)) if number not in done), None)
        if number is not None:
            try:
                outside_id = sender.send(self._outgoing(session, row, sender, parts[number], number, unsure=unsure))
            except SendFailed as failure:
                self._failed(session, row, failure)
                return
            except Exception as error:
                # The door's own mistake must not hold up everybody else's messages.
                self._failed(session, row, SendFailed(type(error).__name__))
                return
            is_first_news = deliveries.record(session, row, number, outside_id, self._clock.now())
            if len(done) + 1 < len(parts):
                return
            outbox.mark_sent(session, row, self._clock.now(), outside_id)
            if is_first_news and len(parts) == 1:
                return
        else:
            outbox.mark_sent(session, row, self._clock.now(), done[len(parts) - 1])
        # News of it may have come before the channel's own answer.
        state = deliveries.state(session, row, len(parts))
        if state == "delivered":
            outbox.mark_delivered(session, row, self._clock.now())
        elif state == "failed":
            self._give_up(session, row, self._clock.now())

    def _outgoing(
        self, session: Session, row: Outbox, sender: Sender, part: Part, number: int, *, unsure: bool
    ) -> Outgoing:
        hours = sender.capabilities.window_hours
        free = hours is None or doors.heard_since(
            session, row.channel, row.address, self._clock.now() - timedelta(hours=hours) + _WINDOW_MARGIN
        )
        return Outgoing(
            row.channel,
            row.address,
            part.text,
            part.options,
            row.key or f"outbox:{row.id}",
            id=row.id,
            part=number,
            free=free,
            template=row.template,
            unsure=unsure,
            known_ids=deliveries.ids_at(session, row) if unsure else frozenset(),
        )

    def _failed(self, session: Session, row: Outbox, failure: SendFailed) -> None:
        attempts = row.attempts + 1
        now = self._clock.now()
        if failure.refused:
            doors.stop(session, row.channel, row.address, now, failure.refused)
        if failure.final or attempts >= MOST_ATTEMPTS:
            log.error("message %s was given up after %s attempts: %s", row.id, attempts, failure)
            self._give_up(session, row, now)
        else:
            log.warning("message %s was not sent at attempt %s: %s", row.id, attempts, failure)
            wait = max(wait_before(attempts + 1), timedelta(seconds=failure.wait_seconds or 0))
            outbox.mark_failed(session, row, now, retry_at=now + min(wait, LONGEST_WAIT))

    def _give_up(self, session: Session, row: Outbox, now: datetime, status: str = "failed") -> None:
        outbox.mark_failed(session, row, now)
        row.status = status
        if self._undelivered is not None:
            self._undelivered(session, row)


_LOCKS = sql(
    "SELECT pg_try_advisory_xact_lock(hashtextextended(:contact, 0))"
    " AND pg_try_advisory_xact_lock_shared(hashtextextended(:line, 0))"
)
_HELD_UP = sql(
    "SELECT EXISTS (SELECT FROM outbox WHERE contact_id = :contact AND channel = :channel AND status = 'due'"
    " AND ((attempts > 0 AND id < :id) OR (:fresh AND (due, id) < (:due, :id))))"
    " OR (:confirms AND EXISTS (SELECT FROM deliveries JOIN outbox ON outbox.id = outbox_id"
    " WHERE contact_id = :contact AND outbox.channel = :channel AND deliveries.status = 'sent' AND changed > :lately))"
)


def _ours(session: Session, row: Outbox, now: datetime, *, confirms: bool) -> bool:
    """Whether this courier may send it: nobody else sends to this person now, nor are they on a direct line, and what
    went before has arrived, where the channel tells.
    """
    keys = {"contact": f"courier:{row.contact_id}", "line": held_key(row.channel, row.address)}
    if not session.scalar(_LOCKS, keys):
        return False
    # Asked only with the lock in hand: an earlier message may have been passed over because another held it then.
    place = {"contact": row.contact_id, "channel": row.channel, "due": row.due, "id": row.id}
    asked = {**place, "fresh": row.attempts == 0, "confirms": confirms, "lately": now - _LET_ARRIVE}
    return not session.scalar(_HELD_UP, asked)
