"""Making one contact of two, when one person turns out to be both."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from care.models import Contact, Conversation, Door, Helper, Mandate, col, metadata
from care.people import PHONE_CHANNELS, forget_recipients, recipient_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

_OWN_WAY = {"audit", "conversations", "helpers", "recipients"}
"""Tables that are not simply moved; the audit log stands as it was written."""


def merge(session: Session, gone: Contact, kept: Contact, now: datetime) -> None:
    """Give everything of the contact `gone` to `kept`; its row stays behind, empty, for the audit log.

    Somebody who was a recipient under both may act for the second as for a relative. Raises PermissionError when both
    are helpers.
    """
    helpers = session.scalars(select(Helper).where(col(Helper.contact_id).in_([gone.id, kept.id]))).all()
    if len(helpers) > 1:
        message = "both are helpers; somebody has to look which one is right"
        raise PermissionError(message)
    for helper in helpers:
        helper.contact_id = kept.id
    _phones(session, gone, kept, now)
    _recipients(session, gone, kept, now)
    _conversations(session, gone, kept)
    session.flush()
    for column in _links_to(Contact):
        if column.table.name not in _OWN_WAY:
            _move(session, column, gone.id, kept.id)
    kept.roles = sorted({*kept.roles, *gone.roles})
    kept.name = kept.name or gone.name
    kept.language = kept.language or gone.language
    gone.roles = []
    session.flush()
    session.expire_all()
    forget_recipients(session)


def _phones(session: Session, gone: Contact, kept: Contact, now: datetime) -> None:
    """A phone of the contact that goes leads to the other from now on, whatever it is used for."""
    if gone.phone is None:
        return
    for channel in sorted(PHONE_CHANNELS):
        door = {"channel": channel, "address": gone.phone, "contact_id": kept.id, "created": now}
        session.execute(insert(Door).values(**door).on_conflict_do_nothing())
    if kept.phone is None:
        phone, gone.phone = gone.phone, None
        session.flush()
        kept.phone = phone
    else:
        gone.phone = None
    session.flush()


def _recipients(session: Session, gone: Contact, kept: Contact, now: datetime) -> None:
    recipient = recipient_of(session, gone)
    if recipient is None:
        return
    if recipient_of(session, kept) is None:
        recipient.contact_id = kept.id
        return
    recipient.contact_id = None
    session.add(Mandate(family_id=kept.id, recipient_id=recipient.id, what="act", given_by_id=kept.id, valid_from=now))


def _conversations(session: Session, gone: Contact, kept: Contact) -> None:
    """A talk on a channel on which both talked goes on in that of the contact that is kept."""
    there = {talk.channel: talk for talk in session.scalars(_of(Conversation, kept))}
    for talk in session.scalars(_of(Conversation, gone)).all():
        goes_on = there.get(talk.channel)
        if goes_on is None:
            talk.contact_id = kept.id
            continue
        for column in _links_to(Conversation):
            _move(session, column, talk.id, goes_on.id)
        session.execute(delete(Conversation).where(Conversation.id == talk.id))


def _of(model: Any, contact: Contact) -> Any:
    return select(model).where(model.contact_id == contact.id)


def _links_to(model: Any) -> list[Any]:
    target = model.__table__.c.id
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    return [column for column in columns if any(key.column is target for key in column.foreign_keys)]


def _move(session: Session, column: Any, old: int, new: int) -> None:
    try:
        with session.begin_nested():
            session.execute(update(column.table).where(column == old).values({column.name: new}))
    except IntegrityError:
        # The one that is kept has the same thing already; the other stays with the row that is left behind.
        log.warning("%s of contact %s could not be moved", column, old)
