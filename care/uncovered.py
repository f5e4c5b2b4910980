"""Visits that nobody comes to, on a coordinator's desk: the searches for a substitute that wait, and ending one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from care import audit, circle, substitutes
from care.matching import Offer
from care.models import Contact, Helper, SubstitutedVisit, Substitution, Visit, col
from care.offers import offers_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WAITING = ("choosing", "asking", "stuck")
NOBODY = "nobody"
MOST_LOOKED_AT = 60
"""So many offers are gone through for those of the coordinator's own people."""


def searches(session: Session, by: Contact, now: datetime, limit: int = 20) -> list[Substitution]:
    """The searches for a substitute of somebody the contact answers for that wait for an answer, are stuck, or found
    nobody, as long as one of their visits lacks a helper; whose visit comes first goes first.
    """
    first = func.min(Visit.starts)
    query = (
        select(Substitution, first)
        .join(Helper, Helper.id == Substitution.absent_id)
        .join(SubstitutedVisit, SubstitutedVisit.substitution_id == Substitution.id)
        .join(Visit, Visit.id == SubstitutedVisit.visit_id)
        .where(circle.looked_after_by(by), Visit.status == "requested", Visit.starts > now)
        .where(or_(col(Substitution.status).in_(WAITING), and_(Substitution.status == NOBODY, ~_sought_again())))
        .group_by(Substitution.id)
        .order_by(first, Substitution.id)
    )
    return [search for search, _ in session.execute(query.limit(limit))]


def _sought_again() -> Any:
    """Whether a later search is about one of the visits of a search."""
    again = aliased(SubstitutedVisit)
    same = select(again.substitution_id).where(
        again.visit_id == SubstitutedVisit.visit_id, again.substitution_id > Substitution.id
    )
    return same.correlate(SubstitutedVisit, Substitution).exists()


def others_for(session: Session, search: Substitution, by: Contact, now: datetime, limit: int = 3) -> list[Offer]:
    """Those of the coordinator's people who can come instead, at no higher price than agreed; the best first.

    Who said no, or did not answer, is among them: a coordinator may have spoken to them.
    """
    visits = substitutes.lacking(session, search, now)
    if not visits:
        return []
    found = offers_for(
        session,
        search.series.recipient,
        substitutes.need_of(search.series, visits),
        now,
        limit=MOST_LOOKED_AT,
        exclude_helpers=(search.absent_id,),
        short_notice=True,
    )
    highest = search.series.price_cents or 0
    affordable = [offer for offer in found if (offer.price_cents or 0) <= highest]
    return [offer for offer in affordable if circle.looks_after(session, by, offer.helper_id)][:limit]


def assign(
    session: Session, search: Substitution, offer: Offer, *, requested_by: Contact, by: Contact, now: datetime
) -> list[Visit]:
    """One of the coordinator's people comes for certain: the visits that are covered now, in order of time; none when
    the search was settled meanwhile.

    `search` is locked here and left `asking` for the caller to close; `requested_by` is who decides about the visits.
    Raises SlotTaken when the helper cannot come after all, PermissionError when `by` answers for neither the absent
    helper nor the substitute; nothing has changed then.
    """
    if not all(circle.looks_after(session, by, number) for number in (search.absent_id, offer.helper_id)):
        message = f"contact {by.id} may not assign helper {offer.helper_id} to search {search.id}"
        raise PermissionError(message)
    if locked(session, search.id) is None:
        return []
    with session.begin_nested():
        substitutes.withdraw_asks(session, search, now)
        search.status, search.closed = "asking", None
        search.offer, search.asked_id = offer.to_json(), offer.helper_id
        session.flush()
        new = substitutes.hand_over(session, search, by=requested_by, now=now)
    details = {"substitution": search.id, "helper": offer.helper_id, "visits": [visit.id for visit in new]}
    audit.record(session, "assign", now=now, who=by, recipient=search.series.recipient, details=details)
    return new


def locked(session: Session, substitution_id: int) -> Substitution | None:
    """A search that is open or found nobody, its row locked until the transaction ends; None when it is settled."""
    query = select(Substitution).where(
        Substitution.id == substitution_id, col(Substitution.status).in_(("looking", *WAITING, NOBODY))
    )
    found: Substitution | None = session.scalars(
        query.with_for_update(of=Substitution).execution_options(populate_existing=True)
    ).first()
    return found
