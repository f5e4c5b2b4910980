from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care import inbox, outbox
from care.conversations import open_conversation
from care.merging import merge
from care.models import Contact, Conversation, Inbox, Outbox
from care.people import behind_phone, contact_for, recipient_of, recipients_for


def two(session: Session, now: datetime) -> tuple[Contact, Contact]:
    return contact_for(session, "telegram", "4713", now), contact_for(session, "sms", "+31612340006", now)


def test_all_that_was_said_is_the_one_contacts(session: Session, now: datetime) -> None:
    gone, kept = two(session, now)
    inbox.accept(session, channel="telegram", outside_id="1", address="4713", text="dag", now=now)
    outbox.put(session, contact=gone, channel="telegram", text="Dag!", now=now)
    open_conversation(session, gone, "telegram", "nl", now)
    merge(session, gone, kept, now)
    for model in (Inbox, Outbox, Conversation):
        assert {row.contact_id for row in session.query(model)} == {kept.id}


def test_a_talk_that_both_had_goes_on_in_the_one_that_is_kept(session: Session, now: datetime) -> None:
    gone, kept = two(session, now)
    old = open_conversation(session, gone, "sms", "nl", now)
    outbox.put(session, contact=gone, channel="sms", address="+31612340007", text="a", now=now, conversation=old)
    goes_on = open_conversation(session, kept, "sms", "en", now)
    merge(session, gone, kept, now)
    assert [talk.id for talk in session.query(Conversation)] == [goes_on.id]
    assert session.query(Outbox).one().conversation_id == goes_on.id


def test_a_phone_of_the_one_that_goes_leads_to_the_other(session: Session, now: datetime) -> None:
    gone, kept = contact_for(session, "whatsapp", "+31612340007", now), contact_for(session, "telegram", "4714", now)
    merge(session, gone, kept, now)
    assert session.get(Contact, kept.id).phone == "+31612340007"
    both = contact_for(session, "sms", "+31612340008", now)
    merge(session, both, kept, now)
    assert behind_phone(session, "+31612340008").id == kept.id
    assert contact_for(session, "voice", "+31612340008", now).id == kept.id


def test_a_recipient_goes_along(session: Session, now: datetime, world: Any) -> None:
    gone, kept = two(session, now)
    recipient = world.recipient(gone)
    merge(session, gone, kept, now)
    assert recipient_of(session, kept).id == recipient.id
    assert "recipient" in kept.roles


def test_who_was_a_recipient_under_both_may_act_for_either(session: Session, now: datetime, world: Any) -> None:
    gone, kept = two(session, now)
    old, own = world.recipient(gone), world.recipient(kept)
    assert recipients_for(session, kept, now, "act") == [own]
    merge(session, gone, kept, now)
    assert recipient_of(session, kept).id == own.id
    assert {found.id for found in recipients_for(session, kept, now, "act")} == {old.id, own.id}


def test_two_helpers_are_not_made_one(session: Session, now: datetime, world: Any) -> None:
    one, other = world.helper("An"), world.helper("Bo")
    with pytest.raises(PermissionError):
        merge(session, one.contact, other.contact, now)


def test_a_helper_goes_along(session: Session, now: datetime, world: Any) -> None:
    helper = world.helper("An")
    kept = contact_for(session, "sms", "+31612340009", now)
    merge(session, helper.contact, kept, now)
    session.refresh(helper)
    assert helper.contact_id == kept.id
