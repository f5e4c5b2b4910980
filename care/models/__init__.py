"""The tables of the database, a small file for each corner of the trade."""

from __future__ import annotations

from care.models.asks import ASK_STATUSES, Ask
from care.models.attendance import (
    OPEN_SUBSTITUTIONS,
    CheckIn,
    Mark,
    StandIn,
    SubstitutedVisit,
    Substitution,
)
from care.models.base import Row, col, metadata
from care.models.bookings import CONTRACTS, OCCUPYING, SERIES_STATUSES, UNITS, VISIT_STATUSES, Draft, Series, Visit
from care.models.doors import DELIVERY_STATUSES, LINK_STATUSES, CalendarFeed, Delivery, DoorLink
from care.models.helpers import (
    HELPER_KINDS,
    Absence,
    Availability,
    Helper,
    HelperService,
    Organisation,
    Proof,
)
from care.models.log import Audit
from care.models.messages import OUTBOX_STATUSES, Conversation, Inbox, Outbox
from care.models.people import LANGUAGES, ROLES, Contact, Door, Mandate, Recipient
from care.models.places import Address, Place

__all__ = [
    "ASK_STATUSES",
    "CONTRACTS",
    "DELIVERY_STATUSES",
    "HELPER_KINDS",
    "LANGUAGES",
    "LINK_STATUSES",
    "OCCUPYING",
    "OPEN_SUBSTITUTIONS",
    "OUTBOX_STATUSES",
    "ROLES",
    "SERIES_STATUSES",
    "UNITS",
    "VISIT_STATUSES",
    "Absence",
    "Address",
    "Ask",
    "Audit",
    "Availability",
    "CalendarFeed",
    "CheckIn",
    "Contact",
    "Conversation",
    "Delivery",
    "Door",
    "DoorLink",
    "Draft",
    "Helper",
    "HelperService",
    "Inbox",
    "Mandate",
    "Mark",
    "Organisation",
    "Outbox",
    "Place",
    "Proof",
    "Recipient",
    "Row",
    "Series",
    "StandIn",
    "SubstitutedVisit",
    "Substitution",
    "Visit",
    "col",
    "metadata",
]
