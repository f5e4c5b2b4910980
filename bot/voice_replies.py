"""What a call reads and writes in the database: who calls, what was answered, and what became of a call of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from actions.phone.call import LISTEN, LiveCall
from actions.phone.numbers import calling_time
from bot.jobs import accept
from care import conversations, deliveries, outbox
from care.models import Contact, Conversation, Door, Inbox, Outbox, col
from care.people import WITHHELD
from channels import Incoming
from channels.twilio_voice import CHANNEL, Step, outside_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.clock import Clock

DEFAULT_LANGUAGE = "nl"
CALL_AGAIN_AFTER = timedelta(minutes=30)
MOST_CALLS = 3


@dataclass(frozen=True)
class Answer:
    """What was answered to a step: the texts, and how to go on; `listening` is None when the turn did not tell."""

    texts: tuple[str, ...]
    language: str
    listening: Mapping[str, Any] = field(default_factory=dict)

    @property
    def then(self) -> str:
        """What the call does after it."""
        return str(self.listening.get("then", LISTEN))


def address_of(step: Step) -> str:
    """The address of the caller: their number, or a name that no other call has."""
    return step.caller or f"{WITHHELD}{step.call}"


def language_of(session: Session, step: Step, offered: str) -> tuple[str, bool]:
    """The language to speak in this call, and whether it is known to be theirs; `offered` is that of the line."""
    caller = select(Door.contact_id).where(Door.channel == CHANNEL, Door.address == address_of(step))
    query = select(Conversation.language).where(
        col(Conversation.contact_id).in_(caller), Conversation.channel == conversations.of_call(step.call)
    )
    if going_on := session.scalars(query).first():
        return str(going_on), True
    known = None
    if step.caller is not None:
        known = session.scalars(select(Contact.language).where(Contact.phone == step.caller)).first()
    return (known or offered), known is not None


def take_in(session: Session, step: Step, clock: Clock, *, offered: str, operator: str | None) -> int:
    """Store what was said or pressed, with its job; its inbox id. The same step twice is stored once."""
    call = LiveCall(
        id=step.call,
        number=step.caller,
        confidence=step.confidence,
        dialled=step.outcome if step.kind == "dialled" else None,
        about=step.about,
        operator=operator,
    )
    incoming = Incoming(
        channel=CHANNEL,
        outside_id=outside_id(step),
        address=address_of(step),
        text=step.text,
        kind=step.kind if step.kind in ("digits", "text") else "silence",
        payload={"call": call.to_json(), "offered_language": offered},
    )
    return accept(session, incoming, clock).id


def known_step(session: Session, step: Step) -> int | None:
    """The inbox id of a step that was taken in before."""
    query = select(Inbox.id).where(Inbox.channel == CHANNEL, Inbox.outside_id == outside_id(step))
    found: int | None = session.scalars(query).first()
    return found


def latest_step(session: Session, step: Step) -> int:
    """The number of the latest step of the same call that was taken in; 0 when there is none."""
    query = select(Inbox.outside_id).where(
        Inbox.channel == CHANNEL, col(Inbox.outside_id).startswith(f"{step.call}:", autoescape=True)
    )
    return max((int(known.rpartition(":")[2]) for known in session.scalars(query)), default=0)


def answer_to(session: Session, incoming_id: int, clock: Clock) -> Answer | None:
    """What was answered to a step, now said; None while it is not handled yet."""
    row = session.get(Inbox, incoming_id, populate_existing=True)
    if row is None or row.handled is None:
        return None
    replies = outbox.replies_to(session, incoming_id)
    for reply in replies:
        if reply.status != "delivered":
            outbox.mark_delivered(session, reply, clock.now())
    listening = row.payload.get("listening") or {}
    query = select(Conversation.language).where(
        Conversation.contact_id == row.contact_id,
        Conversation.channel == conversations.of_call(row.payload["call"]["id"]),
    )
    language = listening.get("language") or session.scalars(query).first() or DEFAULT_LANGUAGE
    return Answer(tuple(reply.text for reply in replies), language, listening)


def message_called_for(session: Session, mark: str) -> Outbox | None:
    """The message for which we called, by the key that the sender was given."""
    query = select(Outbox).where(Outbox.channel == CHANNEL)
    number = mark.removeprefix("outbox:")
    by = Outbox.id == int(number) if number != mark and number.isdecimal() else Outbox.key == mark
    found: Outbox | None = session.scalars(query.where(by)).first()
    return found


def heard(session: Session, row: Outbox, clock: Clock) -> None:
    """The message was read out to somebody who answered."""
    if row.status != "delivered":
        outbox.mark_delivered(session, row, clock.now())


def not_heard(
    session: Session, step: Step, clock: Clock, undelivered: Callable[[Session, Outbox], None] | None = None
) -> None:
    """A call of ours ended without anybody hearing the message: call again later, some times, and tell in the end."""
    row = message_called_for(session, step.about or "")
    if row is None or row.status != "sent" or row.outside_id != step.call:
        return
    now = clock.now()
    again = calling_time(now + CALL_AGAIN_AFTER) if row.attempts < MOST_CALLS else None
    outbox.mark_failed(session, row, now, retry_at=again)
    # Sending counted the attempt already.
    row.attempts -= 1
    if again is not None:
        row.status = "due"
        deliveries.forget(session, row)
    session.flush()
    if again is None and undelivered is not None:
        undelivered(session, row)
