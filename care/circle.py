"""The people around a recipient: who decides, who is told, and which coordinator answers for a helper."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from care.models import Contact, Conversation, Helper, Mandate, Organisation, Recipient, Series, col
from care.people import recipients_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def decider(session: Session, series: Series, now: datetime) -> Contact | None:
    """Who is asked about the visits of a series: who arranged it, else the recipient, else family who may act.

    None when none of them may act any more, or can be reached.
    """
    recipient = series.recipient
    arranged: Contact | None = session.get(Contact, series.created_by_id)
    wanted = [arranged, own_contact(session, recipient), *family(session, recipient, now, "act")]
    for contact in wanted:
        if contact is not None and _reachable(session, contact) and _may(session, contact, recipient, now):
            return contact
    return None


def own_contact(session: Session, recipient: Recipient) -> Contact | None:
    """The recipient's own contact, if they have one."""
    if recipient.contact_id is None:
        return None
    found: Contact | None = session.get(Contact, recipient.contact_id)
    return found


def family(session: Session, recipient: Recipient, now: datetime, what: str = "see") -> list[Contact]:
    """The family contacts with a valid mandate to `see` or `act`, in the order in which it was given."""
    query = (
        select(Contact, Mandate.id)
        .join(Mandate, col(Mandate.family_id) == Contact.id)
        .where(
            Mandate.recipient_id == recipient.id,
            Mandate.valid_from <= now,
            or_(col(Mandate.valid_until).is_(None), col(Mandate.valid_until) > now),
        )
        .order_by(Mandate.id)
    )
    if what == "act":
        query = query.where(Mandate.what == "act")
    return list(dict.fromkeys(contact for contact, _ in session.execute(query)))


def told(session: Session, series: Series, now: datetime) -> list[Contact]:
    """Who is told of the visits of a series: the recipient, and who arranged it as long as they may see them."""
    recipient = series.recipient
    arranged: Contact | None = session.get(Contact, series.created_by_id)
    found = [own_contact(session, recipient), arranged]
    if (
        arranged is not None
        and arranged.id != recipient.contact_id
        and not _may(session, arranged, recipient, now, "see")
    ):
        found.remove(arranged)
    people = dict.fromkeys(contact for contact in found if contact is not None and _reachable(session, contact))
    return list(people) or family(session, recipient, now)[:1]


def coordinator_for(session: Session, helper: Helper) -> Contact | None:
    """Who answers for a helper: the coordinator of their organisation, else the first coordinator there is."""
    if helper.organisation_id is not None:
        organisation: Organisation | None = session.get(Organisation, helper.organisation_id)
        if organisation is not None and organisation.coordinator_id is not None:
            found: Contact | None = session.get(Contact, organisation.coordinator_id)
            return found
    query = select(Contact).where(col(Contact.roles).contains(["coordinator"])).order_by(Contact.id)
    first: Contact | None = session.scalars(query).first()
    return first


def helpers_of(session: Session, coordinator: Contact) -> list[Helper]:
    """The helpers of the organisations that a contact is the coordinator of, by id."""
    query = select(Helper).join(Organisation, Organisation.id == Helper.organisation_id)
    query = query.where(Organisation.coordinator_id == coordinator.id, col(Helper.active).is_(True))
    return list(session.scalars(query.order_by(Helper.id)))


def helper_of(session: Session, contact: Contact) -> Helper | None:
    """The helper this contact is, if any."""
    found: Helper | None = session.scalars(select(Helper).where(Helper.contact_id == contact.id)).first()
    return found


def may_speak_for(session: Session, helper: Helper, by: Contact) -> None:
    """Raise PermissionError unless the contact is the helper, or the coordinator of the helper's organisation."""
    if helper.contact_id == by.id or any(helper.id == other.id for other in helpers_of(session, by)):
        return
    message = f"contact {by.id} may not speak for helper {helper.id}"
    raise PermissionError(message)


def _may(session: Session, contact: Contact, recipient: Recipient, now: datetime, what: str = "act") -> bool:
    return any(recipient.id == other.id for other in recipients_for(session, contact, now, what))


def _reachable(session: Session, contact: Contact) -> bool:
    """Whether there is a phone, or a door they came in by."""
    if contact.phone is not None:
        return True
    return session.scalar(select(Conversation.id).where(Conversation.contact_id == contact.id).limit(1)) is not None
