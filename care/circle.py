"""The people around a recipient: who decides, who is told, and which coordinator answers for a helper."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from care.models import Contact, Conversation, Helper, Mandate, Organisation, Recipient, Series, col
from care.people import recipients_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COORDINATOR = "coordinator"
"""The role of who answers for the helpers of the neighbourhood."""


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


def looked_after_by(coordinator: Contact) -> Any:
    """Which helpers a contact answers for, as a condition: those of the organisations they are the coordinator of, and,
    as a coordinator of the neighbourhood, those who belong to no organisation.
    """
    organisations = select(Organisation.id).where(Organisation.coordinator_id == coordinator.id)
    theirs = [col(Helper.organisation_id).in_(organisations)]
    if COORDINATOR in coordinator.roles:
        theirs.append(col(Helper.organisation_id).is_(None))
    return or_(*theirs)


def looks_after(session: Session, coordinator: Contact, helper_id: int) -> bool:
    """Whether a contact is the coordinator who answers for a helper; see `looked_after_by`."""
    query = select(Helper.id).where(Helper.id == helper_id, looked_after_by(coordinator))
    return session.scalar(query) is not None


def helpers_of(session: Session, coordinator: Contact) -> list[Helper]:
    """The helpers of the organisations that a contact is the coordinator of, by id."""
    query = select(Helper).join(Organisation, Organisation.id == Helper.organisation_id)
    query = query.where(Organisation.coordinator_id == coordinator.id, col(Helper.active).is_(True))
    return list(session.scalars(query.order_by(Helper.id)))


def neighbours_named(session: Session, coordinator: Contact, words: Collection[str]) -> list[Helper]:
    """The helpers without an organisation that a coordinator of the neighbourhood answers for and whose first name is
    one of the `words` (small letters), by id. There may be very many of them, so the database looks for the name.
    """
    if COORDINATOR not in coordinator.roles:
        return []
    query = select(Helper).join(Contact, Contact.id == Helper.contact_id)
    query = query.where(func.lower(func.split_part(Contact.name, " ", 1)).in_(list(words)))
    query = query.where(col(Helper.organisation_id).is_(None), col(Helper.active).is_(True))
    return list(session.scalars(query.order_by(Helper.id)))


def helper_of(session: Session, contact: Contact) -> Helper | None:
    """The helper this contact is, if any."""
    found: Helper | None = session.scalars(select(Helper).where(Helper.contact_id == contact.id)).first()
    return found


def may_speak_for(session: Session, helper: Helper, by: Contact) -> None:
    """Raise PermissionError unless the contact is the helper, or the coordinator who answers for the helper."""
    if helper.contact_id == by.id or looks_after(session, by, helper.id):
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
