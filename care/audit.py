"""Writing the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import desc, select

from care.models import Audit, Contact, Recipient, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def record(
    session: Session,
    what: str,
    *,
    now: datetime,
    who: Contact | None = None,
    on_behalf_of: Contact | None = None,
    recipient: Recipient | None = None,
    why: str | None = None,
    success: bool = True,
    details: dict[str, Any] | None = None,
) -> Audit:
    """Write down that `who` (None: the system itself) did `what`, a short word such as `book`.

    `details` takes keys, numbers and dates only: no names, no addresses, nothing that was said.
    """
    row = Audit(
        happened=now,
        who_id=who and who.id,
        on_behalf_of_id=on_behalf_of and on_behalf_of.id,
        what=what,
        recipient_id=recipient and recipient.id,
        why=why,
        success=success,
        details=details or {},
    )
    session.add(row)
    return row


def about(session: Session, recipient: Recipient, limit: int = 50) -> list[Audit]:
    """The newest entries about a recipient, newest first: they may always see who did what."""
    session.flush()
    query = select(Audit).where(col(Audit.recipient_id) == recipient.id)
    return list(session.scalars(query.order_by(desc(col(Audit.happened)), desc(col(Audit.id))).limit(limit)))
