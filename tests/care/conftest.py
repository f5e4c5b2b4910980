"""What tests of the trade need: people, helpers and needs, made in a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care.catalogue import Catalogue
from care.models import Address, Availability, Contact, Helper, HelperService, Organisation, Proof, Recipient
from care.needs import Need
from care.people import contact_for, register_recipient

HOME = (52.4520, 5.6935)
ALWAYS = tuple((weekday, time(0), time(0)) for weekday in range(7))
_KM_NORTH = 1 / 111.2
_committed = count(5000)


@dataclass
class World:
    """Makes rows in a session: phones and names are told apart by a number."""

    session: Session
    now: datetime
    numbers: Any = field(default_factory=lambda: count(1))

    def contact(self, phone: str | None = None) -> Contact:
        return contact_for(self.session, "sms", phone or self.phone(), self.now, "nl")

    def phone(self) -> str:
        return f"+3161234{next(self.numbers):04d}"

    def address(self) -> Address:
        latitude, longitude = HOME
        return Address(
            street="Lindelaan",
            number="24",
            postcode="8259 BA",
            town="Merelwoude",
            latitude=latitude,
            longitude=longitude,
        )

    def recipient(self, contact: Contact | None = None) -> Recipient:
        return register_recipient(self.session, contact or self.contact(), "Jo Test", self.address(), self.now)

    def helper(
        self,
        name: str = "Anna Test",
        kind: str = "volunteer",
        services: Iterable[str] = ("companionship",),
        *,
        weekly: Sequence[tuple[int, time, time]] = ALWAYS,
        km: float = 1.0,
        expires: date | None = None,
        without: Iterable[str] = (),
        kvk: bool = True,
        **columns: Any,
    ) -> Helper:
        """A helper so many kilometres north of the recipient, with every proof the services ask (but `without`)."""
        contact = self.contact()
        contact.name = name
        organisation = self.organisation() if kind == "organisation" else None
        paid = kind != "volunteer"
        values = {
            "contact_id": contact.id,
            "kind": kind,
            "organisation_id": organisation and organisation.id,
            "gender": "female",
            "languages": ["nl"],
            "latitude": HOME[0] + km * _KM_NORTH,
            "longitude": HOME[1],
            "max_distance_m": 5000,
            "hourly_cents": 3000 if paid else None,
            "currency": "EUR" if paid else None,
        }
        helper = Helper(**{**values, **columns})
        self.session.add(helper)
        self.session.flush()
        kinds = {"kvk"} if kvk and kind == "freelancer" else set()
        for service in services:
            self.session.add(HelperService(helper_id=helper.id, service=service))
            kinds.update(Catalogue.load().service(service).proofs.get(kind, ()))
        for proof in kinds - set(without):
            self.session.add(
                Proof(helper_id=helper.id, kind=proof, number=None, valid_from=date(2020, 1, 1), expires=expires)
            )
        for weekday, start, end in weekly:
            self.session.add(Availability(helper_id=helper.id, weekday=weekday, start=start, end=end))
        self.session.flush()
        return helper

    def organisation(self) -> Organisation:
        row = Organisation(name=f"Zorg {next(self.numbers)}", phone=None, coordinator_id=None)
        self.session.add(row)
        self.session.flush()
        return row


def make_need(service: str | None = "companionship", **fields: Any) -> Need:
    """A need as the reading writes it; daily from the day after the tests' now unless said otherwise."""
    usual = {"rrule": "FREQ=DAILY", "dtstart": "2026-11-24", "times": ["09:00"], "duration_minutes": 60}
    return Need.from_json({"service": service, **usual, **fields})


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    """Makes rows in the test's session."""
    return World(session, now)


@pytest.fixture
def need() -> Any:
    """The function that makes needs."""
    return make_need


@pytest.fixture
def make_world(now: datetime) -> Any:
    """The function that gives a world for another session; its phones are not those of `world`."""
    return lambda session: World(session, now, _committed)
