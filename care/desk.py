"""A coordinator's desk: the requests that wait for an answer, and giving one to another helper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from care import acceptance, audit, booking
from care.circle import looked_after_by, looks_after
from care.matching import Offer
from care.mending import first_to_come
from care.models import Ask, Contact, Helper, Series, col
from care.needs import Need
from care.offers import offers_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_LOOKED_AT = 60
"""So many offers are gone through for those of the coordinator's own people."""


def open_requests(session: Session, by: Contact, topics: Collection[str], limit: int = 20) -> list[Series]:
    """The requests that wait for an answer the coordinator may give, oldest first: offered to their people, and
    declined ones for which nobody else was chosen yet (an open question about one of `topics`).
    """
    stuck = select(Ask.id).where(Ask.series_id == Series.id, Ask.status == "open", col(Ask.topic).in_(list(topics)))
    query = (
        select(Series)
        .join(Helper, Helper.id == Series.helper_id)
        .where(or_(Series.status == "offered", and_(Series.status == "declined", stuck.exists())), looked_after_by(by))
        .order_by(Series.created, Series.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def others_for(session: Session, series: Series, by: Contact, now: datetime, limit: int = 3) -> list[Offer]:
    """Others of the coordinator's people who can do what was asked, at no higher price; the best first."""
    need = need_now(series, now)
    exclude = acceptance.refused(session, series.recipient, need, now) | {series.helper_id}
    found = offers_for(
        session, series.recipient, need, now, limit=MOST_LOOKED_AT, exclude_helpers=exclude, short_notice=True
    )
    return [
        offer
        for offer in found
        if (offer.price_cents or 0) <= (series.price_cents or 0) and looks_after(session, by, offer.helper_id)
    ][:limit]


def need_now(series: Series, now: datetime) -> Need:
    """The need of a series as it is to be met from `now` (local) on, by whomever."""
    need = Need.from_json(series.need)
    schedule = first_to_come(need.schedule, now)
    return replace(need, schedule=schedule, preferences=replace(need.preferences, helper_name=None), ask=())


def assign(
    session: Session, series_id: int, offer: Offer, *, by: Contact, now: datetime, request_key: str
) -> Series | None:
    """Give an unanswered or declined request to another of the coordinator's people, who then comes for certain.

    The new series, or None when the request was settled meanwhile. Once only for a `request_key`. Raises SlotTaken when
    the other cannot come after all, with nothing changed; PermissionError when one of the helpers is not theirs.
    """
    series = acceptance.locked(session, series_id)
    if not (acceptance.may_answer(session, series, by) and looks_after(session, by, offer.helper_id)):
        message = f"contact {by.id} may not assign helper {offer.helper_id} to series {series_id}"
        raise PermissionError(message)
    if series.status not in ("offered", "declined"):
        return None
    with session.begin_nested():
        acceptance.decline(session, series_id, by, now)
        made = booking.book(
            session,
            recipient=series.recipient,
            requested_by=session.get(Contact, series.created_by_id),
            need=need_now(series, now),
            offer=offer,
            request_key=request_key,
            now=now,
        )
    details = {"series": made.id, "instead_of": series.id, "helper": made.helper_id}
    audit.record(session, "assign", now=now, who=by, recipient=series.recipient, details=details)
    session.flush()
    return made
