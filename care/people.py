"""Contacts, recipients, and who may act for whom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import phonenumbers
from sqlalchemy import bindparam, event, or_, select, union
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care import audit
from care.models import Address, Contact, Door, Mandate, Recipient, col

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

PHONE_CHANNELS = frozenset({"sms", "whatsapp", "voice"})
"""Channels on which an address is always a phone number; on the others it is one when it begins with a plus."""

WITHHELD = "call:"
"""Before the id of a call whose number is withheld, in the place of the number: a contact of that call only."""

_LIKE_A_PHONE = re.compile(r"\s*\+?(?:[\s().\-/]*\d){8,15}[\s).]*")


@lru_cache(maxsize=4096)
def normal_phone(text: str, region: str = "NL") -> str:
    """The phone number in E.164 ("+31612345678"); one without a country code is taken to be of `region`.

    Raises ValueError, with a sentence for the person who typed it, when it cannot be a phone number.
    """
    message = "This is not a valid phone number. Write it like 06 12345678 or +31612345678."
    if not _LIKE_A_PHONE.fullmatch(text):
        raise ValueError(message)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(message) from error
    # "Possible" rather than "valid": numbering plans change faster than the library's tables.
    if not phonenumbers.is_possible_number(number):
        raise ValueError(message)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_address(channel: str, address: str) -> str:
    """The address as it is kept: a phone number in E.164, anything else as it is.

    Raises ValueError when the channel works with phones and the address is none.
    """
    by_phone = channel in PHONE_CHANNELS and not address.startswith(WITHHELD)
    return normal_phone(address) if by_phone or address.startswith("+") else address


def contact_for(session: Session, channel: str, address: str, now: datetime, language: str | None = None) -> Contact:
    """The contact behind an address on a channel; a new one when it is not known yet.

    The same phone is the same contact, whatever the channel. A `language` given is kept when none was known. Safe when
    two do it at once. Raises ValueError when the channel works with phones and the address is none.
    """
    address = normal_address(channel, address)
    phone = address if address.startswith("+") else None
    contact = _behind(session, channel, address)
    if contact is None:
        contact = _new_door(session, channel, address, phone, now)
    if language is not None and contact.language is None:
        contact.language = language
    return contact


def _behind(session: Session, channel: str, address: str) -> Contact | None:
    found: Contact | None = session.scalars(_BEHIND, {"channel": channel, "address": address}).first()
    return found


# Built once, like the other queries of every turn: building one costs SQLAlchemy as much as running it.
_BEHIND = (
    select(Contact)
    .join(Door, col(Door.contact_id) == Contact.id)
    .where(Door.channel == bindparam("channel"), Door.address == bindparam("address"))
)


def _new_door(session: Session, channel: str, address: str, phone: str | None, now: datetime) -> Contact:
    contact = None
    if phone is not None:
        session.execute(insert(Contact).values(phone=phone, created=now).on_conflict_do_nothing())
        contact = session.scalars(select(Contact).where(Contact.phone == phone)).one()
    else:
        contact = Contact(created=now)
        session.add(contact)
        session.flush()
    door = insert(Door).values(channel=channel, address=address, contact_id=contact.id, created=now)
    made = session.scalar(door.on_conflict_do_nothing().returning(Door.id))
    if made is None:
        # Another transaction opened the same door first; a contact made here without a phone is then not needed.
        if phone is None:
            session.delete(contact)
        contact = _behind(session, channel, address)
    assert contact is not None  # noqa: S101 - either made here or found behind the door that was in the way
    return contact


Place = tuple[str, str]
"""A channel, and a normal address on it."""


def contacts_for(
    session: Session, places: Sequence[Place], now: datetime, languages: Mapping[Place, str]
) -> dict[Place, int]:
    """The ids of the contacts behind several places, as `contact_for` finds or makes each, with a few statements."""
    found = _all_behind(session, places)
    # In order of the alphabet: two processes that open the same doors then wait for each other, not for ever.
    unknown = sorted({place for place in places if place not in found})
    by_phone = [place for place in unknown if place[1].startswith("+")]
    if by_phone:
        made = session.execute(_NEW_DOORS, {"places": json.dumps(by_phone), "now": now})
        found.update(_by_place(made))
    for channel, address in unknown:
        if (channel, address) not in found:
            contact = contact_for(session, channel, address, now)
            session.flush()
            found[channel, address] = contact.id
    if languages:
        told = {found[place]: language for place, language in languages.items()}
        session.execute(_LANGUAGES, {"told": json.dumps(told)})
    return found


def _all_behind(session: Session, places: Sequence[Place]) -> dict[Place, int]:
    return _by_place(session.execute(_ALL_BEHIND, {"places": json.dumps(places)}))


def _by_place(rows: Iterable[Row[Any]]) -> dict[Place, int]:
    return {(row.channel, row.address): row.contact_id for row in rows}


_ASKED = (
    "asked AS (SELECT place->>0 AS channel, place->>1 AS address"
    " FROM jsonb_array_elements(CAST(:places AS jsonb)) AS place)"
)
_ALL_BEHIND = sql(f"WITH {_ASKED} SELECT channel, address, contact_id FROM doors JOIN asked USING (channel, address)")  # noqa: S608
# A contact or a door that another transaction makes at this moment is not seen, and has no row among what is given.
_NEW_DOORS = sql(
    f"WITH {_ASKED}, made AS (INSERT INTO contacts (phone, created)"  # noqa: S608
    " SELECT DISTINCT address, CAST(:now AS timestamptz) FROM asked ORDER BY address"
    " ON CONFLICT DO NOTHING RETURNING id, phone),"
    " known AS (SELECT id, phone FROM made UNION ALL SELECT id, phone FROM contacts JOIN asked ON phone = address)"
    " INSERT INTO doors (channel, address, contact_id, created)"
    " SELECT DISTINCT channel, address, known.id, CAST(:now AS timestamptz) FROM asked JOIN known ON phone = address"
    " ORDER BY channel, address ON CONFLICT DO NOTHING RETURNING channel, address, contact_id"
)
_LANGUAGES = sql(
    "UPDATE contacts SET language = told.value FROM jsonb_each_text(CAST(:told AS jsonb)) AS told"
    " WHERE id = told.key::bigint AND language IS NULL"
)


def behind_phone(session: Session, phone: str) -> Contact | None:
    """The contact with this phone number (E.164), if there is one: the number they are known by, else a door of theirs.

    None is made.
    """
    found: Contact | None = session.scalars(select(Contact).where(Contact.phone == phone)).first()
    if found is not None:
        return found
    query = select(Contact).join(Door, col(Door.contact_id) == Contact.id)
    query = query.where(Door.address == phone, col(Door.channel).in_(sorted(PHONE_CHANNELS))).order_by(Door.id)
    return session.scalars(query).first()


def recipient_of(session: Session, contact: Contact) -> Recipient | None:
    """The recipient this contact is, if any."""
    found: Recipient | None = session.scalars(select(Recipient).where(Recipient.contact_id == contact.id)).first()
    return found


def register_recipient(session: Session, contact: Contact, name: str, address: Address, now: datetime) -> Recipient:
    """Make the contact a recipient living at `address` (a row not yet saved will do).

    Once only: who is a recipient already is returned as they are.
    """
    known = recipient_of(session, contact)
    if known is not None:
        return known
    session.add(address)
    session.flush()
    values = {"contact_id": contact.id, "name": name, "address_id": address.id, "created": now}
    made = session.scalar(insert(Recipient).values(**values).on_conflict_do_nothing().returning(Recipient.id))
    recipient = recipient_of(session, contact)
    assert recipient is not None  # noqa: S101 - made just now, here or by another
    if made is not None:
        if "recipient" not in contact.roles:
            contact.roles = [*contact.roles, "recipient"]
        contact.name = contact.name or name
        audit.record(session, "register_recipient", now=now, who=contact, recipient=recipient)
    return recipient


def register_for_family(
    session: Session, family: Contact, name: str, address: Address, now: datetime, phone: str | None = None
) -> Recipient:
    """Register a recipient for whom a family contact arranges things, with a mandate to act.

    The mandate is noted as given by the family contact, until the recipient confirms it or takes it back. Once for the
    same name and family. `phone` is the recipient's own, when known; raises PermissionError when it belongs to somebody
    who is a recipient already: they must give the mandate themselves.
    """
    for known in recipients_for(session, family, now):
        if known.name.casefold() == name.casefold() and known.contact_id != family.id:
            return known
    contact = contact_for(session, "sms", phone, now) if phone else None
    known_recipient = contact and recipient_of(session, contact)
    if known_recipient is not None:
        message = "This person is known already; they must give the mandate themselves."
        raise PermissionError(message)
    recipient = Recipient(contact_id=contact and contact.id, name=name, address=address, created=now)
    session.add(recipient)
    session.flush()
    session.add(
        Mandate(family_id=family.id, recipient_id=recipient.id, what="act", given_by_id=family.id, valid_from=now)
    )
    if "family" not in family.roles:
        family.roles = [*family.roles, "family"]
    audit.record(session, "register_recipient", now=now, who=family, recipient=recipient)
    return recipient


def _recipients_query(what: str) -> Any:
    asked, now = bindparam("contact"), bindparam("now")
    mandated = select(col(Mandate.recipient_id)).where(
        Mandate.family_id == asked,
        Mandate.valid_from <= now,
        or_(col(Mandate.valid_until).is_(None), col(Mandate.valid_until) > now),
    )
    if what != "see":
        mandated = mandated.where(Mandate.what == what)
    ids = union(select(col(Recipient.id)).where(Recipient.contact_id == asked), mandated).subquery()
    return select(Recipient).where(col(Recipient.id).in_(select(ids.c.id)))


_FOR = {what: _recipients_query(what) for what in ("see", "act")}
"""Built once, like the other queries of every turn; `see` is part of `act`."""
_KNOWN = "recipients"
"""Where a session remembers them: many who take part in a turn ask for them, and each asked the database."""


def recipients_for(session: Session, contact: Contact, now: datetime, what: str = "see") -> list[Recipient]:
    """The recipients this contact may `see` or `act` for: themselves first, then those with a mandate, by name."""
    # As before any query: what is not written yet would not be found; and whatever is written makes it ask anew.
    session.flush()
    known = session.info.setdefault(_KNOWN, {})
    asked = (contact.id, now, what)
    if asked not in known:
        found = session.scalars(_FOR[what], {"contact": contact.id, "now": now}).all()
        known[asked] = sorted(
            found, key=lambda recipient: (recipient.contact_id != contact.id, recipient.name, recipient.id)
        )
    return list(known[asked])


def forget_recipients(session: Session, *_: Any) -> None:
    """What is remembered of recipients may have changed; to be called by who writes without the session's knowledge."""
    session.info.pop(_KNOWN, None)


for _change in ("after_flush", "after_commit", "after_rollback", "after_soft_rollback"):
    event.listen(Session, _change, forget_recipients)


def coordinator(session: Session) -> Contact | None:
    """The coordinator who is told what needs a person, if there is one."""
    query = select(Contact).where(col(Contact.roles).contains(["coordinator"])).order_by(Contact.id)
    found: Contact | None = session.scalars(query).first()
    return found
