"""Messages that came in: each taken once, each handled once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from care.models import Ask, Contact, Conversation, Inbox, col
from care.people import contact_for, contacts_for, normal_address

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlalchemy.sql.expression import TextClause


def accept(
    session: Session,
    *,
    channel: str,
    outside_id: str,
    address: str,
    text: str,
    now: datetime,
    kind: str = "text",
    payload: dict[str, Any] | None = None,
    language: str | None = None,
) -> tuple[int, bool]:
    """Take a message in: its id, and whether it is new. The same outside id on the channel again is the same message.

    `kind` is `text`, `speech`, `keys`, `silence` or another short word of the channel. PostgreSQL text cannot hold NUL
    characters; they are dropped. Raises ValueError when the address is not one of the channel.
    """
    contact = contact_for(session, channel, address, now, language)
    session.flush()
    values = {
        "channel": channel,
        "outside_id": outside_id,
        "address": normal_address(channel, address),
        "contact_id": contact.id,
        "text": text.replace("\0", ""),
        "kind": kind,
        "payload": payload or {},
        "received": now,
    }
    made: int | None = session.scalar(_ACCEPT, values)
    if made is not None:
        return made, True
    known = select(col(Inbox.id)).where(Inbox.channel == channel, Inbox.outside_id == outside_id)
    return int(session.scalars(known).one()), False


# Written out: SQLAlchemy would compile an insert with ON CONFLICT anew for every message.
_ACCEPT = sql(
    "INSERT INTO inbox (channel, outside_id, address, contact_id, text, kind, payload, received) VALUES (:channel,"
    " :outside_id, :address, :contact_id, :text, :kind, :payload, :received) ON CONFLICT DO NOTHING RETURNING id"
).bindparams(bindparam("payload", type_=JSONB))


@dataclass(frozen=True)
class Said:
    """A message to take in with others; the fields are those of `accept`, `received` is its `now`."""

    channel: str
    outside_id: str
    address: str
    text: str
    received: datetime
    kind: str = "text"
    payload: dict[str, Any] = field(default_factory=dict)
    language: str | None = None


def taking_in(query: str) -> TextClause:
    """The statement with which `accept_many` takes messages in, to be made once.

    `query` is run on the new ones within it, and knows them as `kept` (id, contact_id).
    """
    return sql(f"WITH kept AS ({_KEEP}) {query}")


# The rows as one value: psycopg2 would write a column of them out as a thousand parameters.
_KEEP = (
    "INSERT INTO inbox (channel, outside_id, address, contact_id, text, kind, payload, received)"
    " SELECT said->>'channel', said->>'outside_id', said->>'address', (said->>'contact_id')::bigint, said->>'text',"
    " said->>'kind', said->'payload', (said->>'received')::timestamptz"
    " FROM jsonb_array_elements(CAST(:rows AS jsonb)) WITH ORDINALITY AS rows (said, number) ORDER BY number"
    " ON CONFLICT DO NOTHING RETURNING id, contact_id"
)


def accept_many(session: Session, said: Sequence[Said], statement: TextClause) -> None:
    """Take messages in, with a few statements for all; `statement` is one of `taking_in`. Repeats are dropped.

    Two of the same person keep their order. Raises ValueError when an address is not one of its channel; then nothing
    was taken in.
    """
    places = [(one.channel, normal_address(one.channel, one.address)) for one in said]
    languages = {place: one.language for place, one in zip(places, said, strict=True) if one.language is not None}
    contacts = contacts_for(session, places, said[0].received, languages)
    rows = [
        {
            "channel": one.channel,
            "outside_id": one.outside_id,
            "address": place[1],
            "contact_id": contacts[place],
            "text": one.text.replace("\0", ""),
            "kind": one.kind,
            "payload": one.payload,
            "received": one.received.isoformat(),
        }
        for one, place in zip(said, places, strict=True)
    ]
    session.execute(statement, {"rows": json.dumps(rows)})


def claim(session: Session, message_id: int) -> Inbox | None:
    """The message, its row locked until the transaction ends; None when it was handled already or does not exist.

    Waits while another transaction holds it.
    """
    options = {"populate_existing": True}
    row: Inbox | None = session.scalars(_CLAIM, {"id": message_id}, execution_options=options).first()
    return None if row is None or row.handled is not None else row


_CLAIM = select(Inbox).where(Inbox.id == bindparam("id")).with_for_update()


@dataclass(frozen=True)
class Talk:
    """A message claimed, with who said it and what is remembered of the talk on its channel, locked as well.

    `asked` says whether others have put a question to them that is open.
    """

    message: Inbox
    contact: Contact
    conversation: Conversation
    asked: bool


def claim_with_talk(session: Session, message_id: int) -> Talk | None:
    """The message as `claim` gives it, with what every turn needs besides, by one statement; None when `claim` gives
    none, or when it is the first on its channel.
    """
    options = {"populate_existing": True}
    found = session.execute(_CLAIM_WITH_TALK, {"id": message_id}, execution_options=options).first()
    return found and Talk(found[0], found[1], found[2], found[3])


_CLAIM_WITH_TALK = (
    select(
        Inbox,
        Contact,
        Conversation,
        exists().where(Ask.contact_id == Inbox.contact_id, Ask.status == "open").label("asked"),
    )
    .join(Contact, Contact.id == Inbox.contact_id)
    .join(Conversation, and_(Conversation.contact_id == Inbox.contact_id, Conversation.channel == Inbox.channel))
    .where(Inbox.id == bindparam("id"), col(Inbox.handled).is_(None))
    .with_for_update(of=[Inbox, Conversation])
)


def mark_handled(session: Session, message: Inbox, now: datetime, error: str | None = None) -> None:
    """The message, claimed before, is done with; `error` is the id under which a failure was logged."""
    message.handled, message.error = now, error
    session.flush()


def open_ids(session: Session, limit: int = 1000) -> list[int]:
    """The ids of messages not handled yet, oldest first: what a restart must still do."""
    query = select(col(Inbox.id)).where(col(Inbox.handled).is_(None)).order_by(Inbox.received, Inbox.id)
    return list(session.scalars(query.limit(limit)))
