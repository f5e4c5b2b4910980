from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care import linking
from care.models import DoorLink
from care.people import behind_phone, contact_for

KEY, CHAT, PHONE = "a key for the tests only", "4712", "+31612340004"


@pytest.fixture
def link(session: Session, now: datetime) -> DoorLink:
    return linking.begin(session, contact_for(session, "telegram", CHAT, now), "telegram", CHAT, now)


def test_the_right_code_makes_one_contact_of_two(session: Session, now: datetime, link: DoorLink) -> None:
    holder = contact_for(session, "whatsapp", PHONE, now)
    code = linking.new_code(session, link, PHONE, KEY, now)
    assert linking.try_code(session, link, code, KEY, now)
    assert linking.join(session, link, now).id == holder.id
    assert contact_for(session, "telegram", CHAT, now).id == holder.id


def test_a_phone_that_nobody_has_becomes_the_doors(session: Session, now: datetime, link: DoorLink) -> None:
    code = linking.new_code(session, link, PHONE, KEY, now)
    linking.try_code(session, link, code, KEY, now)
    contact = linking.join(session, link, now)
    assert contact.phone == PHONE
    for channel in ("sms", "whatsapp", "voice"):
        assert contact_for(session, channel, PHONE, now).id == contact.id


def test_a_second_phone_leads_to_the_same_contact(session: Session, now: datetime) -> None:
    first = contact_for(session, "whatsapp", PHONE, now)
    second = "+31612340005"
    link = linking.begin(session, first, "whatsapp", PHONE, now)
    code = linking.new_code(session, link, second, KEY, now)
    linking.try_code(session, link, code, KEY, now)
    assert linking.join(session, link, now).phone == PHONE
    assert behind_phone(session, second).id == behind_phone(session, PHONE).id == first.id


def test_a_code_is_good_once_for_its_own_link_and_installation(session: Session, now: datetime, link: DoorLink) -> None:
    code = linking.new_code(session, link, PHONE, KEY, now)
    assert not linking.try_code(session, link, code, "another key entirely", now)
    assert linking.try_code(session, link, code, KEY, now)
    assert not linking.try_code(session, link, code, KEY, now)
    assert code not in (link.code or "")


def test_five_wrong_codes_end_it(session: Session, now: datetime, link: DoorLink) -> None:
    code = linking.new_code(session, link, PHONE, KEY, now)
    for _ in range(linking.MOST_TRIES):
        assert not linking.try_code(session, link, "abcdef", KEY, now)
    assert link.status == "dropped"
    assert not linking.try_code(session, link, code, KEY, now)


def test_only_the_newest_is_open_and_not_for_long(session: Session, now: datetime, link: DoorLink) -> None:
    again = linking.begin(session, contact_for(session, "telegram", CHAT, now), "telegram", CHAT, now)
    assert linking.open_link(session, "telegram", CHAT, now) == again
    assert link.status == "dropped"
    assert linking.open_link(session, "telegram", CHAT, now + linking.OPEN_FOR) is None
    assert linking.open_link(session, "telegram", "1", now) is None


def test_one_phone_gets_so_many_codes_a_day_from_whatever_door(session: Session, now: datetime) -> None:
    for number in range(linking.MOST_CODES_A_DAY):
        chat = f"99{number}"
        link = linking.begin(session, contact_for(session, "telegram", chat, now), "telegram", chat, now)
        linking.new_code(session, link, PHONE, KEY, now)
    link = linking.begin(session, contact_for(session, "telegram", "990", now), "telegram", "990", now)
    with pytest.raises(linking.TooManyCodes):
        linking.new_code(session, link, PHONE, KEY, now)
    later = now + timedelta(days=1, minutes=1)
    link = linking.begin(session, contact_for(session, "telegram", "990", now), "telegram", "990", later)
    assert len(linking.new_code(session, link, PHONE, KEY, later)) == 6
