"""What was done is written down, newest first for who reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from care import audit


def test_a_recipient_sees_who_did_what(session: Session, world: Any, now: datetime) -> None:
    recipient, family = world.recipient(), world.contact()
    audit.record(session, "skip", now=now + timedelta(hours=1), who=family, recipient=recipient, why="away")
    audit.record(session, "extend", now=now + timedelta(hours=2), recipient=recipient, success=False)
    audit.record(session, "book", now=now, who=family)
    entries = audit.about(session, recipient)
    assert [entry.what for entry in entries] == ["extend", "skip", "register_recipient"]
    assert [entry.who_id for entry in entries] == [None, family.id, recipient.contact_id]
    assert [entry.success for entry in entries] == [False, True, True]
    assert len(audit.about(session, recipient, limit=1)) == 1
