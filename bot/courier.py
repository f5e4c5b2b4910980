"""The courier: hands what is due in the outbox to the doors.

A message is sent while its row is locked, and marked in the same transaction: two couriers never send the same one. If
a process dies between the door's yes and the mark, or the door's answer is lost, the next attempt is told that it is
`unsure`: a door that can look whether the message got through looks first.

Where much is to be sent, a few messages share a transaction, each to another person. That only holds for doors that can
look: at the others a process that dies must not leave more than one message in doubt.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
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
_AT_ONCE = 8
"""Messages that share a transaction."""
_SEND_SECONDS = 0.2
"""How long one goes on sending in a transaction: where a channel takes its time, the others do not wait for it."""
_GATHER_SECONDS = 0.1
"""Who wakes the courier again within this time has it look once, for all that was written meanwhile."""
_MORE = 40
"""How many are looked at when none of the first may be sent now."""
_LET_ARRIVE = timedelta(seconds=3)
_WINDOW_MARGIN = timedelta(minutes=2)
REPLY = "reply"
"""The kind of messages that answer the person's own; every other kind is unasked."""


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the given attempt (2, 3, …): three times as long each time, at most an hour."""
    return min(FIRST_WAIT * 3 ** (attempt - 2), LONGEST_WAIT)


@dataclass(frozen=True)
class _Taken:
    """A message of one part that the channel took, under an id of its own."""

    row: Outbox
    outside_id: str | None


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
        self._stopped = threading.Event()
        # Rung once for each message, it calls one thread: all of them at each message would mostly find nothing to do.
        self._bell = threading.BoundedSemaphore(threads)
        for _ in range(threads):
            self._bell.acquire()
        self._listening = threading.Lock()
        self._next_rounds = self._next_look = 0.0
        self._threads = [
            threading.Thread(target=self._run, name=f"courier-{number}", daemon=True) for number in range(threads)
        ]

    @property
    def _stopping(self) -> bool:
        return self._stopped.is_set()

    def start(self) -> None:
        """Start sending, and going the rounds."""
        needed = len(self._threads) if self._senders else min(len(self._rounds), 1)
        for thread in self._threads[:needed]:
            thread.start()

    def stop(self) -> None:
        """Finish the messages at hand and stop."""
        self._stopped.set()
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

    def _run(self) -> None:
        while not self._stopping:
            try:
                if self._rounds_are_due():
                    for look in self._rounds:
                        look()
                self.send_due()
            except Exception as error:
                # A courier that stops is worse than one that goes on: the database may be back in a moment.
                # Without the traceback: it may hold what was to be sent.
                log.error("the courier could not send: %s", type(error).__name__)  # noqa: TRY400
            self._wait()

    def _rounds_are_due(self) -> bool:
        """Whether it is time for the rounds; then they are this thread's."""
        with self._listening:
            if monotonic() < self._next_rounds:
                return False
            self._next_rounds = monotonic() + _LOOK_SECONDS
            return True

    def _wait(self) -> None:
        """Until something was written, but not so short after the last time: one look for several messages is cheaper
        than a look for each, and the first after a while is not held up.
        """
        with self._listening:
            if self._stopping:
                return
            self._bell.acquire(timeout=_LOOK_SECONDS)
            if not self._stopping and (early := self._next_look - monotonic()) > 0:
                self._stopped.wait(early)
            self._next_look = monotonic() + _GATHER_SECONDS
            while self._bell.acquire(blocking=False):
                pass

    def send_due(self) -> int:
        """Send everything that is due now; how many messages were taken up (sent or not)."""
        taken = 0
        for channel, sender in self._senders.items():
            while not self._stopping and (some := self._send_some(channel, sender)):
                taken += some
        return taken

    def _send_some(self, channel: str, sender: Sender) -> int:
        """Send the next messages that are ours to send, in a transaction; how many there were."""
        self._database.floor.step_aside()
        most = _AT_ONCE if sender.capabilities.looks_up else 1
        now = self._clock.now()
        try:
            with self._database.begin() as session:
                # Mostly the first are ours to send; only when none is are more of them read.
                for limit in (most, _MORE):
                    rows = outbox.claim_due(session, now, limit, channel=channel, first_in_line=True)
                    ours = _ours(session, rows, now, confirms=sender.capabilities.confirms)[:most]
                    if ours or len(rows) < limit:
                        break
                if len(ours) == most > 1:
                    # There may be more than one thread can send.
                    self.wake()
                return self._send_all(session, ours, sender, now)
        except Exception:
            # What the channel took in this transaction is not marked: all that was due by now is in doubt.
            self._since = now + timedelta.resolution
            raise

    def _send_all(self, session: Session, rows: Sequence[Outbox], sender: Sender, now: datetime) -> int:
        """Send the messages, or as many of them as there is time for; how many that were."""
        end = monotonic() + _SEND_SECONDS
        taken, count = [], 0
        for row in rows:
            if count and (self._stopping or monotonic() > end):
                break
            count += 1
            if (one := self._send(session, row, sender, now)) is not None:
                taken.append(one)
        if taken:
            places = [(one.row.id, one.outside_id) for one in taken]
            overtaken = deliveries.mark_sent(session, taken[0].row.channel, places, self._clock.now())
            # News of those came before the channel's own answer.
            failed = deliveries.settle(session, overtaken)
            for one in taken:
                if one.row.id in failed:
                    session.refresh(one.row)
                    self._give_up(session, one.row, self._clock.now())
        return count

    def _send(self, session: Session, row: Outbox, sender: Sender, now: datetime) -> _Taken | None:
        """Send a message; one in one part is still to be marked as sent."""
        if row.kind != REPLY and doors.is_stopped(session, row.channel, row.address):
            log.info("message %s is not sent: nothing unasked may be sent there", row.id)
            self._give_up(session, row, now, status="cancelled")
            return None
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
                return None
            except Exception as error:
                # The door's own mistake must not hold up everybody else's messages.
                self._failed(session, row, SendFailed(type(error).__name__))
                return None
            if len(parts) == 1:
                return _Taken(row, outside_id)
            deliveries.record(session, row, number, outside_id, self._clock.now())
            if len(done) + 1 < len(parts):
                return None
            outbox.mark_sent(session, row, self._clock.now(), outside_id)
        else:
            outbox.mark_sent(session, row, self._clock.now(), done[len(parts) - 1])
        # News of it may have come before the channel's own answer.
        self._settle(session, row, len(parts))
        return None

    def _settle(self, session: Session, row: Outbox, parts: int) -> None:
        state = deliveries.state(session, row, parts)
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


_LOCKED = sql(
    "SELECT id FROM unnest(CAST(:ids AS bigint[]), CAST(:contacts AS text[]), CAST(:lines AS text[]))"
    " AS asked (id, contact, line) WHERE pg_try_advisory_xact_lock(hashtextextended(contact, 0))"
    " AND pg_try_advisory_xact_lock_shared(hashtextextended(line, 0))"
)
_HELD_UP = sql(
    "SELECT mine.id FROM outbox AS mine WHERE mine.id = ANY(:ids) AND (EXISTS (SELECT FROM outbox AS other"
    " WHERE other.contact_id = mine.contact_id AND other.channel = mine.channel AND other.status = 'due'"
    " AND ((other.attempts > 0 AND other.id < mine.id)"
    " OR (mine.attempts = 0 AND (other.due, other.id) < (mine.due, mine.id))))"
    " OR (:confirms AND EXISTS (SELECT FROM deliveries JOIN outbox AS told ON told.id = outbox_id"
    " WHERE told.contact_id = mine.contact_id AND told.channel = mine.channel"
    " AND deliveries.status = 'sent' AND changed > :lately)))"
)


def _ours(session: Session, rows: Sequence[Outbox], now: datetime, *, confirms: bool) -> list[Outbox]:
    """Those that this courier may send, one for each person: nobody else sends to them now, nor are they on a direct
    line, and what went before has arrived, where the channel tells.
    """
    first = {row.contact_id: row for row in reversed(rows)}
    asked = [row for row in rows if first[row.contact_id] is row]
    if not asked:
        return []
    keys = {
        "ids": [row.id for row in asked],
        "contacts": [f"courier:{row.contact_id}" for row in asked],
        "lines": [held_key(row.channel, row.address) for row in asked],
    }
    locked = set(session.scalars(_LOCKED, keys))
    if not locked:
        return []
    # Asked only with the lock in hand: an earlier message may have been passed over because another held it then.
    values = {"ids": list(locked), "confirms": confirms, "lately": now - _LET_ARRIVE}
    free = locked - set(session.scalars(_HELD_UP, values))
    return [row for row in asked if row.id in free]
