"""Messages to others that a turn causes, to helpers, family and coordinators, each in their own language."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from actions.scene import Scene
from actions.words import Words
from care import outbox
from care.clock import local
from care.models import Contact, Conversation, Helper, Series, Visit
from care.needs import Need
from care.plans import Plan

UNASKED = "sms"
"""The channel for who never spoke with us: it reaches any mobile."""
DEFAULT_LANGUAGE = "nl"

Said = str | int | Callable[[Words], str]


def notify(
    scene: Scene, contact: Contact, key: str, *, visit: Visit | None = None, about: str = "", **values: Said
) -> None:
    """Write a message to a contact, sent when this turn is committed.

    A value that is a function is called with the reader's words. `about` tells several messages of one text to one
    contact in one turn apart. Nothing is sent to who has no phone and never came in by a door.
    """
    channel = _channel(scene, contact)
    if channel is None:
        return
    words = Words(scene.words.phrases, contact.language or DEFAULT_LANGUAGE)
    told: dict[str, Any] = {name: value(words) if callable(value) else value for name, value in values.items()}
    outbox.put(
        scene.session,
        contact=contact,
        channel=channel,
        text=words.say(key, **told),
        now=scene.now,
        kind="notice",
        key=f"notice:{scene.turn.incoming_id}:{contact.id}:{key}:{about}",
        visit=visit,
    )


def _channel(scene: Scene, contact: Contact) -> str | None:
    """Where the contact talked with us last; else by SMS, when there is a phone."""
    query = select(Conversation.channel).where(Conversation.contact_id == contact.id)
    latest = scene.session.scalars(query.order_by(Conversation.updated.desc())).first()
    return latest or (UNASKED if contact.phone else None)


def tell_of_end(scene: Scene, series: Series, first: datetime) -> None:
    """Tell the helper of a series that its visits from `first` on do not take place."""
    notify(
        scene,
        scene.session.get(Helper, series.helper_id).contact,
        "helper_untold",
        about=str(series.id),
        recipient=series.recipient.name,
        first=lambda words: words.moment(local(first)),
    )


def tell_of_visits(scene: Scene, key: str, visit_ids: Collection[int]) -> None:
    """Tell each helper which of these visits do not, or do, take place."""
    query = select(Visit).where(Visit.id.in_(list(visit_ids)))
    visits = scene.session.scalars(query.order_by(Visit.helper_id, Visit.recipient_id, Visit.starts)).all()
    for (helper_id, _), group in groupby(visits, key=lambda visit: (visit.helper_id, visit.recipient_id)):
        told = list(group)
        notify(
            scene,
            scene.session.get(Helper, helper_id).contact,
            key,
            about=",".join(str(visit.id) for visit in told),
            recipient=told[0].series.recipient.name,
            visits=lambda words, told=told: words.listed([words.moment(local(visit.starts)) for visit in told]),
        )


def tell_of_booking(scene: Scene, series: Series) -> None:
    """Tell the helper of a series when and where they are expected."""
    schedule, plan = Need.from_json(series.need).schedule, Plan.from_json(series.plan)
    address = series.recipient.address
    notify(
        scene,
        scene.session.get(Helper, series.helper_id).contact,
        "helper_told",
        about=str(series.id),
        when=lambda words: words.plan(schedule, plan),
        first=lambda words: words.moment(first_visit(plan)),
        recipient=series.recipient.name,
        address=f"{address.street} {address.number}",
    )


def first_visit(plan: Plan) -> datetime:
    """When the first visit of a plan begins (local)."""
    return local(next(plan.occurrences(plan.dtstart, date.max)).start)
