"""A helper's proofs: recording a new one that somebody has checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from care import audit
from care.booking import unproven_days
from care.catalogue import Catalogue
from care.circle import looks_after
from care.clock import local
from care.models import Contact, Helper, Proof, Visit, col
from care.visits import is_away

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_EXCLUSION = "23P01"


def record(
    session: Session, helper: Helper, kind: str, expires: date | None, *, by: Contact, now: datetime
) -> tuple[Visit, ...]:
    """Note that a coordinator has seen a proof of the helper, valid from today until `expires` (local date, included;
    None: for good).

    Visits that were made without a helper because this proof was lacking are the helper's again, where nobody else took
    them and the time is free; those are returned, in order of time. Once a day for a kind: said again, the last date
    counts. Raises PermissionError unless `by` answers for the helper (nobody vouches for themselves), ValueError for a
    kind the catalogue does not know or a proof that is over already.
    """
    today = local(now).date()
    if not looks_after(session, by, helper.id) or helper.contact_id == by.id:
        message = f"contact {by.id} may not record a proof of helper {helper.id}"
        raise PermissionError(message)
    if kind not in Catalogue.load().proof_names or (expires is not None and expires < today):
        message = f"no proof to record: {kind!r}, valid until {expires}"
        raise ValueError(message)
    put = insert(Proof).values(helper_id=helper.id, kind=kind, valid_from=today, expires=expires)
    session.execute(
        put.on_conflict_do_update(index_elements=["helper_id", "kind", "valid_from"], set_={"expires": expires})
    )
    details = {"helper": helper.id, "proof": kind, "expires": expires and expires.isoformat()}
    audit.record(session, "proof", now=now, who=by, details=details)
    return tuple(_make_again(session, helper, _without_helper(session, helper, now), by, now))


def _without_helper(session: Session, helper: Helper, now: datetime) -> Sequence[Visit]:
    """The visits to come that the horizon made without this helper; those of an absence say so themselves."""
    query = select(Visit).where(
        Visit.helper_id == helper.id, Visit.status == "requested", Visit.starts > now, col(Visit.why).is_(None)
    )
    query = query.order_by(Visit.starts, Visit.id).with_for_update(of=Visit)
    found: Sequence[Visit] = session.scalars(query.execution_options(populate_existing=True)).all()
    return found


def _make_again(session: Session, helper: Helper, visits: Sequence[Visit], by: Contact, now: datetime) -> list[Visit]:
    lacking = {
        service: unproven_days(session, helper, service, {local(one.starts).date() for one in visits})
        for service in {one.service for one in visits}
    }
    made = []
    for visit in visits:
        if local(visit.starts).date() in lacking[visit.service] or is_away(session, visit):
            continue
        try:
            with session.begin_nested():
                visit.status, visit.changed, visit.changed_by_id = "planned", now, by.id
                session.flush()
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) != _EXCLUSION:
                raise
            session.refresh(visit)
        else:
            made.append(visit)
    return made
