"""What becomes of messages that a door could not deliver, and of people who wait for an answer that does not come."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, exists, literal, select
from sqlalchemy.orm import aliased

from actions.phrases import Phrases
from bot.doors.replies import DEFAULT_LANGUAGE, talk_with
from bot.jobs import revive
from care import deliveries, doors, outbox
from care.models import Contact, Inbox, Outbox, col
from care.people import coordinator

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.clock import Clock
    from care.database import Database
    from channels.twilio_messages import Status

log = logging.getLogger(__name__)

_AGAIN = "again:"
_WAITING = "waiting:"
_ONLY_THERE = "code"
"""A code proves something only by the door it was sent to."""
WAIT_BEFORE_TELLING = timedelta(minutes=3)
_TELL_WITHIN = timedelta(hours=12)
_TOLD_AT_ONCE = 50


class Undelivered:
    """Takes a message that was given up to the next door of its person, else to the coordinator."""

    def __init__(self, clock: Clock, open_channels: Collection[str]) -> None:
        """`open_channels` are those we can send on."""
        self._clock = clock
        self._open = frozenset(open_channels)
        self._phrases = Phrases.load()

    def __call__(self, session: Session, row: Outbox) -> None:
        """Write the message for the next door, in the caller's transaction; each door once for each message."""
        if row.kind == _ONLY_THERE or (row.key or "").startswith(_WAITING):
            return
        original, tried = _history(row)
        contact = session.get(Contact, row.contact_id)
        found = doors.next_door(session, contact, self._open, tried)
        if found is None:
            self._tell_coordinator(session, contact)
            return
        channel, address = found
        log.info("message %s goes by %s instead", row.id, channel)
        outbox.put(
            session,
            contact=contact,
            channel=channel,
            address=address,
            text=row.text,
            options=row.options,
            now=self._clock.now(),
            kind=row.kind,
            key=f"{_AGAIN}{original}:{','.join([*tried, channel])}",
            in_reply_to=row.in_reply_to,
            template=row.template,
        )

    def report_all(self, database: Database, news: Sequence[Status], channels: Collection[str]) -> int:
        """A channel tells what became of messages; how many of them are none of ours."""
        plain = {
            one: deliveries.Told(one.message, one.part or 0, one.outside_id, one.status)
            for one in news
            if one.message is not None and one.status != "failed"
        }
        strange = 0
        if plain:
            with database.by_statement() as connection:
                ours = deliveries.told(connection, list(plain.values()), channels, self._clock.now())
            strange += sum(one.message not in ours for one in plain)
        for one in news:
            if one not in plain:
                with database.begin() as session:
                    strange += not self._report(session, one, channels)
        return strange

    def _report(self, session: Session, news: Status, channels: Collection[str]) -> bool:
        """What failed, or of which only the channel's id is known; False when it is none of ours."""
        now = self._clock.now()
        place = (news.message, news.part)
        if news.message is None:
            found = deliveries.find(session, channels, news.outside_id)
            if found is None:
                return False
            place = found
        row = session.get(Outbox, place[0])
        if row is None or row.channel not in channels:
            return False
        deliveries.record(session, row, place[1] or 0, news.outside_id, now, news.status, news.error)
        # While the courier still holds the message it looks at the news itself when it marks it.
        held = select(Outbox).where(Outbox.id == row.id).with_for_update(skip_locked=True, key_share=True)
        row = session.scalars(held.execution_options(populate_existing=True)).first()
        if row is not None and row.status == "sent":
            self._settle(session, row)
        return True

    def _settle(self, session: Session, row: Outbox) -> None:
        now = self._clock.now()
        state = deliveries.state(session, row, len(deliveries.sent_parts(session, row)))
        if state == "delivered":
            outbox.mark_delivered(session, row, now)
        elif state == "failed":
            log.warning("message %s was not delivered", row.id)
            row.status = "failed"
            session.flush()
            self(session, row)

    def _tell_coordinator(self, session: Session, contact: Contact) -> None:
        someone = coordinator(session)
        if someone is None or someone.id == contact.id:
            log.error("contact %s cannot be reached, and there is no coordinator to tell", contact.id)
            return
        at = doors.next_door(session, someone, self._open, ())
        channel = at[0] if at else "sms"
        language = someone.language or DEFAULT_LANGUAGE
        who = contact.phone or self._phrases.text("door_nobody", language, number=contact.id)
        address = at[1] if at else someone.phone
        if address is None:
            log.error("contact %s cannot be reached, nor can the coordinator", contact.id)
            return
        outbox.put(
            session,
            contact=someone,
            channel=channel,
            address=address,
            text=self._phrases.text("door_undelivered", language, who=who),
            now=self._clock.now(),
            kind="notice",
            # Once a day for each person: the first message that fails says enough.
            key=f"undelivered:{contact.id}:{self._clock.today().isoformat()}",
        )


def _history(row: Outbox) -> tuple[str, list[str]]:
    """The id of the message as it was first written, and the channels it was tried on."""
    if row.key and row.key.startswith(_AGAIN):
        original, tried = row.key.removeprefix(_AGAIN).split(":", 1)
        return original, tried.split(",")
    return str(row.id), [row.channel]


def _same_talk_told() -> Any:
    """Whether the sender of a message was told of one, by the same door, that waits as well."""
    other = aliased(Inbox)
    same = and_(other.contact_id == Inbox.contact_id, other.channel == Inbox.channel, other.handled.is_(None))
    return exists().where(same, Outbox.key == literal(_WAITING).concat(cast(other.id, Text)))


class Waiting:
    """Tells who waits for an answer that it will come, once, when the brain is away for some minutes."""

    def __init__(self, database: Database, clock: Clock, open_channels: Collection[str]) -> None:
        """`open_channels` are those we can send on."""
        self._database = database
        self._clock = clock
        self._open = sorted(open_channels)
        self._phrases = Phrases.load()

    def __call__(self) -> int:
        """Look around; how many people were told. A message whose job was given up gets another one."""
        now = self._clock.now()
        with self._database.begin() as session:
            revive(session, now - WAIT_BEFORE_TELLING)
            oldest = (
                select(Inbox)
                .where(
                    col(Inbox.handled).is_(None),
                    Inbox.received < now - WAIT_BEFORE_TELLING,
                    Inbox.received > now - _TELL_WITHIN,
                    col(Inbox.channel).in_(self._open),
                )
                .where(~_same_talk_told())
                .distinct(Inbox.contact_id, Inbox.channel)
                .order_by(Inbox.contact_id, Inbox.channel, Inbox.id)
                .limit(_TOLD_AT_ONCE)
            )
            rows = session.scalars(oldest).all()
            for row in rows:
                self._tell(session, row)
        return len(rows)

    def _tell(self, session: Session, row: Inbox) -> None:
        contact = session.get(Contact, row.contact_id)
        language, _ = talk_with(session, contact, row.channel)
        outbox.put(
            session,
            contact=contact,
            channel=row.channel,
            address=row.address,
            text=self._phrases.text("door_waiting", language or contact.language or DEFAULT_LANGUAGE),
            now=self._clock.now(),
            key=f"{_WAITING}{row.id}",
        )
