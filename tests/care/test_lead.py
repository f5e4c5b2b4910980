"""How long beforehand somebody must be asked, and that nobody is offered to themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from care import booking
from care.catalogue import Catalogue, CatalogueError, Service, read_catalogue
from care.clock import TZ, between, later
from care.matching import Matching, Offer, match
from care.models import Contact
from care.needs import Need
from care.offers import offers_for, refusal_of, too_soon_for
from care.people import register_recipient
from tests.care.conftest import World, make_need
from tests.care.test_matching import candidate, need

BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)


def taking(hours: int, key: str = "companionship") -> Service:
    """The service, for which everybody must be asked so many hours beforehand."""
    service = Catalogue.load().service(key)
    return replace(service, lead_hours=dict.fromkeys(service.kinds, hours))


def once(when: str) -> Need:
    day, _, clock = when.partition("T")
    return need(rrule=None, dtstart=day, times=[clock])


def keys(offer: Offer) -> list[str]:
    return [reason.key for reason in offer.reasons]


@pytest.mark.parametrize(("when", "offered"), [("2026-11-24T08:45", False), ("2026-11-24T09:00", True)])
def test_a_single_visit_within_it_is_offered_by_nobody(when: str, offered: bool) -> None:
    matching = Matching(once(when), taking(24), BEGINS)
    one = candidate()
    matching.consider(one)
    assert bool(matching.best()) == offered
    refusal = matching.refusal(one)
    if offered:
        assert refusal is None
    else:
        assert refusal is not None
        assert (refusal.key, dict(refusal.details)) == (
            "short_notice",
            {"hours": 24, "earliest": "2026-11-24T09:00:00+01:00"},
        )
    at_once = Matching(once(when), taking(24), BEGINS, short_notice=True)
    at_once.consider(one)
    assert at_once.best()


def test_a_series_begins_later_and_says_so() -> None:
    daily = need(rrule="FREQ=DAILY", dtstart="2026-11-24", times=["09:00"])
    (offer,) = match(daily, taking(48), [candidate()], BEGINS)
    assert offer.first == datetime(2026, 11, 25, 9, 0, tzinfo=TZ)
    (reason,) = [reason for reason in offer.reasons if reason.key == "starts_later"]
    assert dict(reason.details) == {"hours": 48, "first": "2026-11-25T09:00:00+01:00"}
    assert next(offer.plan.occurrences(offer.plan.dtstart, offer.first.date() + timedelta(days=9))).start == offer.first
    assert Offer.from_json(offer.to_json()) == offer
    (soon,) = match(daily, taking(12), [candidate()], BEGINS)
    assert "starts_later" not in keys(soon)


def test_it_is_real_time_over_a_clock_change() -> None:
    begins = datetime(2027, 3, 27, 12, 0, tzinfo=TZ)
    sunday = need(rrule=None, dtstart="2027-03-28", times=["12:00"])
    assert match(sunday, taking(24), [candidate()], begins) == []
    assert match(sunday, taking(23), [candidate()], begins)


@given(st.integers(0, 72), st.integers(0, 10 * 24), st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU,TH", None]))
def test_nothing_begins_before_it(hours: int, ahead: int, rrule: str | None) -> None:
    first = later(BEGINS, timedelta(hours=ahead))
    said = need(rrule=rrule, dtstart=first.date().isoformat(), times=[f"{first:%H:%M}"])
    for offer in match(said, taking(hours), [candidate()], BEGINS):
        assert between(BEGINS, offer.first) >= timedelta(hours=hours)
        visits = list(offer.plan.occurrences(offer.plan.dtstart, first.date() + timedelta(days=30)))
        assert visits[0].start == offer.first
        plain = match(said, taking(0), [candidate()], BEGINS)[0]
        assert ("starts_later" in keys(offer)) == (plain.first < offer.first)


def test_the_catalogue_says_how_long() -> None:
    services = Catalogue.load().services
    assert services["companionship"].lead_hours == {"volunteer": 1, "freelancer": 1, "organisation": 1}
    assert any(service.lead_hours["organisation"] > 24 for service in services.values())
    with pytest.raises(CatalogueError, match="lead_hours"):
        read_catalogue({"version": 1, "neutral": {"nl": "a", "en": "b"}, "proofs": {}, "sources": {}, "services": {},
                        "lead_hours": {"volunteer": -1}})  # fmt: skip


def test_what_is_too_soon_is_told_with_the_earliest_moment(session: Session, world: World, now: datetime) -> None:
    world.helper("Anna Test")
    recipient = world.recipient()
    soon = make_need(rrule=None, dtstart=now.date().isoformat(), times=["09:30"])
    assert offers_for(session, recipient, soon, now) == []
    reason = too_soon_for(session, recipient, soon, now)
    assert reason is not None
    assert reason.details["earliest"] == later(now, timedelta(hours=1)).isoformat()
    assert len(offers_for(session, recipient, soon, now, short_notice=True)) == 1
    named = replace(soon, preferences=replace(soon.preferences, helper_name="Anna"))
    refusal = refusal_of(session, recipient, named, now)
    assert refusal is not None
    assert (refusal.key, refusal.details["name"]) == ("short_notice", "Anna Test")
    assert too_soon_for(session, recipient, make_need(times=["09:30"]), now) is None


def test_nobody_is_offered_to_themselves(session: Session, world: World, now: datetime) -> None:
    helper, other = world.helper("Anna Test", km=0.1), world.helper("Bea Test", km=1.0)
    contact: Contact = helper.contact
    recipient = register_recipient(session, contact, "Anna Test", world.address(), now)
    found = offers_for(session, recipient, make_need(), now)
    assert [offer.helper_id for offer in found] == [other.id]
    named = make_need(preferences={"helper_name": "Anna"})
    assert offers_for(session, recipient, named, now) == []
    refusal = refusal_of(session, recipient, named, now)
    assert refusal is not None
    assert refusal.key == "is_recipient"
    with pytest.raises(booking.SlotTaken):
        booking.book(
            session,
            recipient=recipient,
            requested_by=contact,
            need=make_need(),
            offer=replace(found[0], helper_id=helper.id),
            request_key="self",
            now=now,
        )
