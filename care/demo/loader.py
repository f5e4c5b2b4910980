"""Put the invented neighbourhood into the database.

Whoever is known already (by phone) is left as they are: what people changed since (an absence, a price, a service given
up) is theirs, and loading again must not take it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from care import models
from care.clock import TZ
from care.demo import neighbourhood as demo
from care.models import col
from care.people import contact_for, recipient_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.schedule import Json

# Any number will do, as long as nothing else locks it.
_LOCK = 7_305_221_946

_CHANNEL = "sms"


def load_demo(session: Session, now: datetime) -> Json:
    """Load what is missing of the demo neighbourhood; a second time changes nothing, also when two do it at once.

    Returns the line of `thuisbel demo`: town, street, number and postcode of a house where a newcomer can live, the
    phones of the recipients, and the helpers with name, phone, kind, gender and services.
    """
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    whole = demo.neighbourhood()
    _load_places(session, whole)
    organisation_id = _load_organisation(session, whole.organisation, now)
    _load_helpers(session, whole.helpers, organisation_id, now)
    for recipient in whole.recipients:
        _load_recipient(session, recipient, now)
    session.flush()
    return _summary(whole)


def _summary(whole: demo.Neighbourhood) -> Json:
    return {
        "town": whole.town,
        "street": whole.newcomer.street,
        "number": whole.newcomer.number,
        "postcode": whole.newcomer.postcode,
        "recipients": [recipient.phone for recipient in whole.recipients],
        "helpers": [
            {
                "name": helper.name,
                "phone": helper.phone,
                "kind": helper.kind,
                "gender": helper.gender,
                "services": list(helper.services),
            }
            for helper in whole.helpers
        ],
    }


def _load_places(session: Session, whole: demo.Neighbourhood) -> None:
    rows = [
        {
            "postcode": stretch.postcode,
            "street": stretch.street,
            "town": whole.town,
            "number_from": stretch.first,
            "number_to": stretch.last,
            "latitude": stretch.latitude,
            "longitude": stretch.longitude,
        }
        for stretch in whole.stretches
    ]
    session.execute(insert(models.Place).values(rows).on_conflict_do_nothing())


def _load_organisation(session: Session, organisation: demo.Organisation, now: datetime) -> int:
    known = session.scalar(select(col(models.Organisation.id)).where(models.Organisation.name == organisation.name))
    if known is not None:
        return int(known)
    coordinator = _contact(
        session,
        organisation.coordinator_phone,
        name=organisation.coordinator_name,
        language=organisation.coordinator_language,
        role="coordinator",
        now=now,
    )
    row = models.Organisation(name=organisation.name, phone=organisation.phone, coordinator_id=coordinator.id)
    session.add(row)
    session.flush()
    return row.id


def _load_helpers(session: Session, helpers: Sequence[demo.Helper], organisation_id: int, now: datetime) -> None:
    phones = [helper.phone for helper in helpers]
    query = select(col(models.Contact.phone)).join(
        models.Helper, col(models.Helper.contact_id) == col(models.Contact.id)
    )
    known = set(session.scalars(query.where(col(models.Contact.phone).in_(phones))))
    for helper in helpers:
        if helper.phone not in known:
            _add_helper(session, helper, organisation_id if helper.kind == "organisation" else None, now)


def _add_helper(session: Session, helper: demo.Helper, organisation_id: int | None, now: datetime) -> None:
    language = "nl" if "nl" in helper.languages[:2] else "en"
    contact = _contact(session, helper.phone, name=helper.name, language=language, role="helper", now=now)
    row = models.Helper(
        contact_id=contact.id,
        kind=helper.kind,
        organisation_id=organisation_id,
        gender=helper.gender,
        languages=list(helper.languages),
        latitude=helper.house.latitude,
        longitude=helper.house.longitude,
        max_distance_m=helper.reach_m,
        hourly_cents=helper.hourly_cents,
        currency=helper.currency if helper.hourly_cents is not None else None,
        intro=helper.intro,
        checks_in=True,
    )
    session.add(row)
    session.flush()
    for service in helper.services:
        session.add(models.HelperService(helper_id=row.id, service=service))
    for kind, expires in helper.proofs.items():
        session.add(models.Proof(helper_id=row.id, kind=kind, valid_from=helper.checked, expires=expires))
    for span in helper.spans:
        session.add(models.Availability(helper_id=row.id, weekday=span.weekday, start=span.start, end=span.end))


def _load_recipient(session: Session, recipient: demo.Recipient, now: datetime) -> None:
    query = select(models.Contact).where(models.Contact.phone == recipient.phone)
    known: models.Contact | None = session.scalars(query).first()
    if known is not None and recipient_of(session, known) is not None:
        return
    contact = _contact(
        session, recipient.phone, name=recipient.name, language=recipient.language, role="recipient", now=now
    )
    address = models.Address(**vars(recipient.house))
    session.add(address)
    session.flush()
    row = models.Recipient(
        contact_id=contact.id,
        name=recipient.name,
        address_id=address.id,
        gender=recipient.gender,
        birth_year=recipient.birth_year,
        created=now,
    )
    session.add(row)
    session.flush()
    for one in recipient.family:
        relative = _contact(session, one.phone, name=one.name, language=one.language, role="family", now=now)
        session.add(
            models.Mandate(
                family_id=relative.id,
                recipient_id=row.id,
                what=one.what,
                given_by_id=contact.id,
                valid_from=_midnight(one.since),
                valid_until=one.until and _midnight(one.until),
            )
        )


def _contact(session: Session, phone: str, *, name: str, language: str, role: str, now: datetime) -> models.Contact:
    """The contact with this phone, in this role; a name they have already is kept."""
    contact = contact_for(session, _CHANNEL, phone, now, language)
    contact.name = contact.name or name
    if role not in contact.roles:
        contact.roles = [*contact.roles, role]
    return contact


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=TZ)
