"""Offers from the database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from care.booking import book
from care.clock import TZ
from care.models import Absence, HelperService, Recipient, Visit
from care.offers import offers_for, refusal_of


@pytest.fixture
def recipient(world: Any) -> Recipient:
    return world.recipient()


def test_helpers_nearby_are_offered_with_what_one_wants_to_know(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    helper = world.helper("Wilma Groot", "organisation", km=0.8, hourly_cents=3300)
    (offer,) = offers_for(session, recipient, need(), now)
    assert (offer.helper_id, offer.helper_name, offer.helper_kind) == (helper.id, "Wilma Groot", "organisation")
    assert (offer.price_cents, offer.currency, offer.contract) == (3300, "EUR", "organisation")
    assert offer.organisation is not None
    assert offer.distance_m == pytest.approx(800, abs=5)
    assert offer.first == datetime(2026, 11, 24, 9, 0, tzinfo=TZ)


def test_who_is_not_active_or_too_far_or_does_something_else_is_not(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    world.helper(active=False)
    world.helper(km=6)
    world.helper(km=26, max_distance_m=100_000)
    world.helper(services=["walk"])
    world.helper(weekly=[(0, time(9), time(17))])
    world.helper("P", "freelancer", services=["personal_care"], expires=date(2026, 12, 1))
    assert offers_for(session, recipient, need(), now) == []
    assert offers_for(session, recipient, need("personal_care"), now) == []


def test_wishes_are_kept_to(session: Session, world: Any, recipient: Recipient, need: Any, now: datetime) -> None:
    world.helper("Anna", languages=["nl"])
    ali = world.helper("Ali", gender="male", languages=["nl", "tr"])

    def found(**wanted: str) -> list[str]:
        return [offer.helper_name for offer in offers_for(session, recipient, need(preferences=wanted), now)]

    assert found(helper_gender="male") == ["Ali"]
    assert found(helper_language="tr") == ["Ali"]
    assert found(helper_name="anna") == ["Anna"]
    assert found(helper_kind="freelancer") == []
    excluded = offers_for(session, recipient, need(), now, exclude_helpers=[ali.id])
    assert [offer.helper_name for offer in excluded] == ["Anna"]


def test_who_is_booked_or_away_then_is_not_offered(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    helper = world.helper()
    (offer,) = offers_for(session, recipient, need(), now)
    book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=need(),
        offer=offer,
        request_key="r1",
        now=now,
    )
    assert offers_for(session, world.recipient(), need(), now) == []
    (later,) = offers_for(session, world.recipient(), need(times=[], window=["08:00", "11:00"]), now)
    assert later.plan.times == (time(8),)
    session.add(Absence(helper_id=helper.id, starts=now, ends=now + timedelta(days=30)))
    session.flush()
    assert offers_for(session, world.recipient(), need(times=["14:00"]), now) == []


def test_offers_taken_for_other_needs_are_reckoned_with(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    world.helper("One", services=["companionship", "walk"])
    (first,) = offers_for(session, recipient, need(), now)
    assert offers_for(session, recipient, need("walk"), now, chosen=[first]) == []
    window = need("walk", times=[], window=["09:00", "12:00"])
    (second,) = offers_for(session, recipient, window, now, chosen=[first])
    assert second.plan.times == (time(10),)
    # Another helper could come at nine, but then two would be at the door at once.
    world.helper("Two", services=["walk"], km=0.1)
    assert {offer.plan.times for offer in offers_for(session, recipient, window, now, chosen=[first])} == {(time(10),)}


def test_a_known_face_is_known_by_visits_made(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    world.helper("Near", km=0.1)
    world.helper("Known", km=3)
    offer = next(one for one in offers_for(session, recipient, need(), now) if one.helper_name == "Known")
    series = book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=need(),
        offer=offer,
        request_key="r1",
        now=now,
    )
    assert [o.helper_name for o in offers_for(session, recipient, need(times=["15:00"]), now)] == ["Near", "Known"]
    visit = session.query(Visit).filter(Visit.series_id == series.id).order_by(Visit.starts).first()
    visit.status = "done"
    session.flush()
    found = offers_for(session, recipient, need(times=["15:00"]), now)
    assert [offer.helper_name for offer in found] == ["Known", "Near"]


def test_a_family_of_services_has_no_offers(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    world.helper("N", "organisation", services=["med_hand_over"])
    assert offers_for(session, recipient, need("medication"), now) == []
    assert len(offers_for(session, recipient, need("med_hand_over"), now)) == 1


def test_a_service_nobody_knows_is_refused(session: Session, recipient: Recipient, need: Any, now: datetime) -> None:
    for service in ("juggling", None):
        with pytest.raises(KeyError):
            offers_for(session, recipient, need(service), now)


def test_the_number_of_queries_does_not_grow_with_the_number_of_helpers(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    def queries() -> int:
        seen: list[str] = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(session.connection().engine, "before_cursor_execute", listen)
        try:
            offers_for(session, recipient, need(), now)
        finally:
            event.remove(session.connection().engine, "before_cursor_execute", listen)
        return len(seen)

    world.helper()
    session.expire_all()
    few = queries()
    for _ in range(12):
        world.helper()
    session.expire_all()
    assert queries() == few <= 12


def test_among_very_many_the_nearest_are_looked_at(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("care.offers.MOST_OF_A_KIND", 2)
    for km in (3, 1, 2):
        world.helper(f"{km} km", km=km)
    assert [offer.helper_name for offer in offers_for(session, recipient, need(), now)] == ["1 km", "2 km"]


def test_looking_at_a_few_first_finds_the_same(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        kind = ("volunteer", "freelancer", "organisation")[number % 3]
        hours = [(day, time(9), time(17)) for day in range(7 if number % 4 == 3 else 3)]
        world.helper(f"Helper {number}", kind, km=0.1 + number / 5, weekly=hours)
    whole = offers_for(session, recipient, need(), now)
    assert len(whole) == 3
    monkeypatch.setattr("care.offers._LOOKS", (1, 2))
    assert offers_for(session, recipient, need(), now) == whole


def test_where_few_live_close_by_it_is_looked_further(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.helper("Near", km=1)
    world.helper("Far", km=9, max_distance_m=10_000)
    world.helper("Organised", "organisation", km=12, max_distance_m=15_000)
    names = [offer.helper_name for offer in offers_for(session, recipient, need(), now)]
    assert names == ["Near", "Organised", "Far"]
    monkeypatch.setattr("care.surroundings.ENOUGH", 1)
    assert [offer.helper_name for offer in offers_for(session, recipient, need(), now)] == ["Near", "Organised"]


def test_who_moved_or_works_otherwise_is_found_there(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    helper = world.helper("Mover", km=100)

    def found(**wanted: str) -> list[int]:
        session.flush()
        once_a_week = need(preferences=wanted, rrule="FREQ=WEEKLY;BYDAY=TU")
        return [offer.distance_m for offer in offers_for(session, recipient, once_a_week, now)]

    assert found() == []
    helper.latitude = recipient.address.latitude
    assert found() == [0]
    helper.max_distance_m, helper.longitude = 1000, recipient.address.longitude + 0.1
    assert found() == []
    helper.max_distance_m = 10_000
    assert len(found()) == 1
    helper.active = False
    assert found() == []
    helper.active = True
    helper.kind, helper.hourly_cents, helper.currency = "freelancer", 3000, "EUR"
    assert found(helper_kind="volunteer") == []
    assert len(found(helper_kind="freelancer")) == 1
    session.query(HelperService).filter(HelperService.helper_id == helper.id).delete()
    assert found() == []


def test_a_known_face_is_found_however_many_live_nearer(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = world.helper("Known", km=3.5)
    (offer,) = offers_for(session, recipient, need(times=["20:00"]), now)
    book(
        session, recipient=recipient, requested_by=recipient.contact, need=need(), offer=offer, request_key="k", now=now
    )
    visit = session.query(Visit).filter(Visit.helper_id == known.id).order_by(Visit.starts).first()
    visit.status = "done"
    session.flush()
    monkeypatch.setattr("care.offers.MOST_OF_A_KIND", 1)
    world.helper("Near", km=0.2)
    assert [offer.helper_name for offer in offers_for(session, recipient, need(), now)] == ["Known", "Near"]


def test_one_helper_for_two_needs_of_the_morning_is_preferred(
    session: Session, world: Any, recipient: Recipient, need: Any, now: datetime
) -> None:
    world.helper("Near", services=["companionship"], km=0.2)
    world.helper("Both", services=["companionship", "walk"], km=2)
    world.helper("Walker", services=["walk"], km=0.1)
    company, walk = need(), need("walk", times=[], window=["08:00", "12:00"])
    found = offers_for(session, recipient, company, now, others=[walk])
    assert [offer.helper_name for offer in found] == ["Both", "Near"]
    evening = need("walk", times=["20:00"])
    assert offers_for(session, recipient, company, now, others=[evening])[0].helper_name == "Near"
    beside = offers_for(session, recipient, walk, now, chosen=found[:1])
    assert [offer.helper_name for offer in beside] == ["Both", "Walker"]
    assert beside[0].plan.times in ((time(8),), (time(10),))


@pytest.mark.parametrize(
    ("said", "wanted", "key"),
    [
        ("Zoë", {}, "nobody_of_that_name"),
        ("Petra", {}, "not_their_work"),
        ("Far", {}, "too_far"),
        ("Anna", {"times": ["03:00"]}, "not_their_hours"),
        ("Anna", {}, None),
    ],
)
def test_who_was_named_and_cannot_come_is_told_of(
    session: Session,
    world: Any,
    recipient: Recipient,
    need: Any,
    now: datetime,
    said: str,
    wanted: dict[str, Any],
    key: str | None,
) -> None:
    world.helper("Anna Test", weekly=[(day, time(8), time(18)) for day in range(7)])
    world.helper("Petra Kok", services=["walk"])
    world.helper("Far Away", km=9)
    asked = need(preferences={"helper_name": said}, **wanted)
    reason = refusal_of(session, recipient, asked, now)
    assert (reason and reason.key) == key
    assert bool(offers_for(session, recipient, asked, now)) is (key is None)


def test_nobody_named_is_no_refusal(session: Session, recipient: Recipient, need: Any, now: datetime) -> None:
    assert refusal_of(session, recipient, need(), now) is None
    assert refusal_of(session, recipient, need("medication", preferences={"helper_name": "Anna"}), now) is None
