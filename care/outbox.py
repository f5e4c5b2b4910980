"""Messages to be sent: written in the transaction of what they tell, sent by the courier, never twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, or_, select, tuple_, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import get_history

from care.clock import TZ
from care.models import Contact, Conversation, Door, Inbox, Outbox, Visit, col
from care.schedule import Json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def put(
    session: Session,
    *,
    contact: Contact,
    channel: str,
    text: str,
    now: datetime,
    due: datetime | None = None,
    options: Sequence[Any] = (),
    kind: str = "reply",
    key: str | None = None,
    conversation: Conversation | None = None,
    in_reply_to: int | None = None,
    visit: Visit | None = None,
    address: str | None = None,
    template: dict[str, Any] | None = None,
) -> int:
    """Write a message for the contact on the channel, to be sent at `due` (at once when None), to the `address` or else
    to where the contact is reached there. `template` tells from which text of the domain it was made: `name`,
    `language` and `values`.

    A message with a `key` that exists already is not written again. Returns the id of the message, written now or then.
    Raises LookupError when the contact has no address on the channel.
    """
    values = {
        "contact_id": contact.id,
        "conversation_id": conversation and conversation.id,
        "channel": channel,
        "address": address or _address(session, contact, channel),
        "text": text,
        "options": list(options),
        "kind": kind,
        "due": due or now,
        "in_reply_to": in_reply_to,
        "key": key,
        "series_id": visit and visit.series_id,
        "visit_id": visit and visit.id,
        "template": template,
    }
    made = session.scalar(_PUT, values)
    return int(made or session.scalars(select(col(Outbox.id)).where(Outbox.key == key)).one())


# Written out: SQLAlchemy would compile an insert with ON CONFLICT anew for every message, a tenth of a turn.
_PUT = sql(
    "INSERT INTO outbox (contact_id, conversation_id, channel, address, text, options, kind, due, in_reply_to, key,"
    " series_id, visit_id, template) VALUES (:contact_id, :conversation_id, :channel, :address, :text, :options, :kind,"
    " :due, :in_reply_to, :key, :series_id, :visit_id, :template) ON CONFLICT DO NOTHING RETURNING id"
).bindparams(bindparam("options", type_=JSONB), bindparam("template", type_=JSONB(none_as_null=True)))


def reply(
    session: Session,
    message: Inbox,
    conversation: Conversation,
    replies: Sequence[tuple[str, Sequence[Json]]],
    now: datetime,
    *,
    said: bool = False,
    error: str | None = None,
) -> None:
    """Answer a message, claimed before: write its replies, each a text with its options, and mark it as handled.

    With one statement for all, which writes what changed of the conversation as well: it need not be one of the
    session's, and is none of them afterwards. With `said` the replies count as sent: who waits for them says them.
    `error` is the id under which a failure was logged.
    """
    changed = {name for name in ("language", "state") if get_history(conversation, name).has_changes()}
    rows = [
        {"key": f"reply:{message.id}:{number}", "text": text, "options": list(options)}
        for number, (text, options) in enumerate(replies, start=1)
    ]
    values = {
        "rows": json.dumps(rows),
        "message": message.id,
        "conversation": conversation.id,
        "language": conversation.language if "language" in changed else None,
        "state": json.dumps(conversation.state) if "state" in changed else None,
        "now": now,
        "status": "sent" if said else "due",
        "sent": now if said else None,
        "attempts": int(said),
        "error": error,
    }
    session.execute(_REPLY, values)
    if conversation in session:
        session.expunge(conversation)


_REPLY = sql(
    "WITH message AS (UPDATE inbox SET handled = :now, error = :error WHERE id = :message"
    " RETURNING id, contact_id, channel, address, received),"
    " talk AS (UPDATE conversations SET updated = message.received, language = coalesce(:language, language),"
    " state = coalesce(CAST(:state AS jsonb), state) FROM message WHERE conversations.id = :conversation)"
    " INSERT INTO outbox (contact_id, conversation_id, channel, address, text, options, kind, due, in_reply_to, key,"
    " status, sent, attempts)"
    " SELECT contact_id, :conversation, channel, address, said->>'text', said->'options', 'reply', :now, message.id,"
    " said->>'key', :status, CAST(:sent AS timestamptz), :attempts"
    " FROM message, jsonb_array_elements(CAST(:rows AS jsonb)) WITH ORDINALITY AS rows (said, number) ORDER BY number"
    " ON CONFLICT DO NOTHING"
)


def _address(session: Session, contact: Contact, channel: str) -> str:
    """Where the contact is reached on the channel: the newest door they came in by, else their phone."""
    query = select(col(Door.address)).where(Door.contact_id == contact.id, Door.channel == channel)
    address: str | None = session.scalars(query.order_by(col(Door.id).desc())).first() or contact.phone
    if address is None:
        message = f"contact {contact.id} has no address on {channel}"
        raise LookupError(message)
    return address


def claim_due(
    session: Session, now: datetime, limit: int = 20, *, channel: str | None = None, first_in_line: bool = False
) -> list[Outbox]:
    """Messages due by `now`, in order of time and then of writing, locked until the transaction ends.

    Those another courier holds are passed over. With `first_in_line` only the first of each person on each channel: one
    that waits for its next attempt keeps its place.
    """
    values = {"now": now, "channel": channel, "most": limit}
    query = _due(on_a_channel=channel is not None, first_in_line=first_in_line)
    return list(session.scalars(query, values, execution_options={"populate_existing": True}))


@lru_cache(maxsize=4)
def _due(*, on_a_channel: bool, first_in_line: bool) -> Any:
    """The query of `claim_due`: built once, the courier asks it all the time."""
    query = select(Outbox).where(Outbox.status == "due", Outbox.due <= bindparam("now"))
    if on_a_channel:
        query = query.where(Outbox.channel == bindparam("channel"))
    if first_in_line:
        query = query.where(~_has_one_before())
    query = query.order_by(Outbox.due, Outbox.id).limit(bindparam("most"))
    return query.with_for_update(skip_locked=True, of=Outbox, key_share=True)


def claim_for(session: Session, now: datetime, contact: Contact, channel: str, limit: int = 100) -> list[Outbox]:
    """Messages due by `now` for a contact who is there on `channel`, locked: the replies there, and from all channels
    what others or the clock caused.
    """
    values = {"contact": contact.id, "now": now, "channel": channel, "most": limit}
    return list(session.scalars(_FOR, values, execution_options={"populate_existing": True}))


_FOR = (
    select(Outbox)
    .where(Outbox.contact_id == bindparam("contact"), Outbox.status == "due", Outbox.due <= bindparam("now"))
    .where(or_(Outbox.channel == bindparam("channel"), Outbox.kind != "reply"))
    .order_by(Outbox.due, Outbox.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def _has_one_before() -> Any:
    before = aliased(Outbox)
    sooner = tuple_(before.due, before.id) < tuple_(Outbox.due, Outbox.id)
    waiting = and_(before.attempts > 0, before.id < Outbox.id)
    same = and_(before.contact_id == Outbox.contact_id, before.channel == Outbox.channel, before.status == "due")
    # One that was tried already has had its turn: what became due meanwhile does not go before it.
    return exists().where(same, or_(waiting, and_(Outbox.attempts == 0, sooner)))


def mark_sent(session: Session, row: Outbox, now: datetime, outside_id: str | None = None) -> None:
    """The channel took the message, under its own id."""
    row.status, row.sent, row.attempts = "sent", now, row.attempts + 1
    row.outside_id = outside_id
    session.flush()


def mark_delivered(session: Session, row: Outbox, now: datetime) -> None:
    """The message reached the person."""
    if row.sent is None:
        row.sent, row.attempts = now, row.attempts + 1
    row.status = "delivered"
    session.flush()


def mark_failed(session: Session, row: Outbox, now: datetime, retry_at: datetime | None = None) -> None:
    """Sending did not work: to be tried again at `retry_at`, or given up when None."""
    row.attempts += 1
    if retry_at is None:
        row.status, row.sent = "failed", now
    else:
        row.due = retry_at
    session.flush()


def cancel(session: Session, *, key: str | None = None, visit: Visit | None = None) -> int:
    """Withdraw messages not sent yet, by their key or of a visit; how many there were."""
    if (key is None) == (visit is None):
        message = "name either a key or a visit"
        raise ValueError(message)
    which = Outbox.key == key if visit is None else Outbox.visit_id == visit.id
    query = update(Outbox).where(which, Outbox.status == "due").values(status="cancelled")
    return int(session.execute(query.execution_options(synchronize_session="fetch")).rowcount)


def replies_to(session: Session, message_id: int) -> list[Outbox]:
    """What was answered to a message of the inbox, in order."""
    return list(session.scalars(select(Outbox).where(Outbox.in_reply_to == message_id).order_by(Outbox.id)))


def lines(session: Session, to: Contact | None = None) -> list[Json]:
    """Messages to be sent or sent, as `thuisbel outbox` shows them, in order of time; `to` one contact only."""
    query = select(Outbox).order_by(Outbox.due, Outbox.id)
    if to is not None:
        query = query.where(Outbox.contact_id == to.id)
    return [
        {
            "to": row.address,
            "channel": row.channel,
            "text": row.text,
            "due": row.due.astimezone(TZ).isoformat(),
            "status": row.status,
        }
        for row in session.scalars(query)
    ]
