"""Who may, who can, who goes first."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.catalogue import Catalogue, Service
from care.clock import TZ
from care.matching import Candidate, HeldProof, Offer, match, named
from care.needs import Need
from care.outlook import Diary

BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
ALWAYS = Diary.of([(weekday, time(0), time(0)) for weekday in range(7)])
SINCE = date(2020, 1, 1)
KINDS = ("volunteer", "freelancer", "organisation")
_ids = count(1)


def service(key: str = "companionship") -> Service:
    return Catalogue.load().service(key)


def proofs(key: str, kind: str, expires: date | None = None, kvk: bool = True) -> tuple[HeldProof, ...]:
    held = {*service(key).proofs.get(kind, ()), *(["kvk"] if kvk and kind == "freelancer" else [])}
    return tuple(HeldProof(proof, SINCE, expires) for proof in sorted(held))


def candidate(kind: str = "volunteer", key: str = "companionship", **fields: Any) -> Candidate:
    usual: dict[str, Any] = {
        "helper_id": next(_ids),
        "name": "Anna de Boer",
        "kind": kind,
        "distance_m": 800,
        "max_distance_m": 5000,
        "services": frozenset({key}),
        "diary": ALWAYS,
        "gender": "female",
        "languages": frozenset({"nl"}),
        "hourly_cents": None if kind == "volunteer" else 3000,
        "currency": None if kind == "volunteer" else "EUR",
        "proofs": proofs(key, kind),
    }
    return Candidate(**{**usual, **fields})


def need(key: str = "companionship", **fields: Any) -> Need:
    usual = {"rrule": "FREQ=WEEKLY;BYDAY=TU", "dtstart": "2026-11-24", "times": ["09:00"], "duration_minutes": 60}
    return Need.from_json({"service": key, **usual, **fields})


def offers(candidates: list[Candidate], said: Need | None = None, limit: int = 3) -> list[Offer]:
    said = said or need()
    return match(said, service(said.service or ""), candidates, BEGINS, limit)


def reasons(offer: Offer) -> list[str]:
    return [reason.key for reason in offer.reasons]


@pytest.mark.parametrize("key", sorted(Catalogue.load().services))
@pytest.mark.parametrize("kind", KINDS)
def test_only_the_kinds_that_may_are_offered(key: str, kind: str) -> None:
    found = match(need(key), service(key), [candidate(kind, key)], BEGINS)
    assert bool(found) == (kind in service(key).kinds)


@pytest.mark.parametrize("key", sorted(Catalogue.load().services))
def test_without_the_proofs_nobody_is_offered(key: str) -> None:
    for kind in service(key).kinds:
        held = proofs(key, kind)
        for lacking in service(key).proofs[kind]:
            partial = tuple(proof for proof in held if proof.kind != lacking)
            # A diploma of a higher level among the others may stand in for the one left out.
            if not service(key).missing_proofs(kind, {proof.kind for proof in partial}):
                continue
            assert match(need(key), service(key), [candidate(kind, key, proofs=partial)], BEGINS) == []


def test_a_proof_must_be_valid_on_every_visit() -> None:
    last_of_the_twelve_weeks = date(2027, 2, 9)
    for expires, offered in ((last_of_the_twelve_weeks, True), (date(2027, 2, 8), False), (date(2026, 11, 1), False)):
        one = candidate("freelancer", "personal_care", proofs=proofs("personal_care", "freelancer", expires))
        assert bool(offers([one], need("personal_care"))) is offered
    late = tuple(HeldProof(proof.kind, date(2026, 11, 25)) for proof in proofs("personal_care", "freelancer"))
    assert offers([candidate("freelancer", "personal_care", proofs=late)], need("personal_care")) == []


@pytest.mark.parametrize(
    ("fields", "wanted", "offered"),
    [
        ({"distance_m": 5000}, {}, True),
        ({"distance_m": 5001}, {}, False),
        ({"services": frozenset({"walk"})}, {}, False),
        ({}, {"helper_gender": "female"}, True),
        ({}, {"helper_gender": "male"}, False),
        ({"gender": None}, {"helper_gender": "male"}, False),
        ({}, {"helper_language": "tr"}, False),
        ({"languages": frozenset({"nl", "tr"})}, {"helper_language": "tr"}, True),
        ({}, {"helper_kind": "freelancer"}, False),
        ({}, {"helper_kind": "volunteer"}, True),
        ({}, {"helper_name": "anna"}, True),
        ({}, {"helper_name": "Ana"}, True),
        ({}, {"helper_name": "Anna de Boer"}, True),
        ({}, {"helper_name": "Maria"}, False),
        ({"diary": Diary.of([(0, time(9), time(17))])}, {}, False),
    ],
)
def test_the_hard_rules(fields: dict[str, Any], wanted: dict[str, str], offered: bool) -> None:
    assert bool(offers([candidate(**fields)], need(preferences=wanted))) is offered


@given(st.text(max_size=60))
def test_an_empty_name_is_nobodys(said: str) -> None:
    if not said.strip():
        assert not named("Anna de Boer", said)
    else:
        assert named(said, said)


def test_kinds_are_spread() -> None:
    near = [candidate("volunteer", distance_m=metres) for metres in (100, 200, 300)]
    far = [candidate("freelancer", distance_m=4000), candidate("organisation", distance_m=3000)]
    found = offers([*near, *far])
    assert [offer.helper_kind for offer in found] == ["volunteer", "organisation", "freelancer"]
    assert found[0].distance_m == 100
    assert [offer.distance_m for offer in offers([*near, *far], limit=4)] == [100, 3000, 4000, 200]


def test_where_there_is_one_kind_the_best_of_it_are_offered() -> None:
    found = offers([candidate("volunteer", distance_m=metres) for metres in (4000, 100, 2000, 3000)])
    assert [offer.distance_m for offer in found] == [100, 2000, 3000]


def test_a_known_face_goes_first() -> None:
    stranger, known = candidate(distance_m=100), candidate(distance_m=4000, met=3)
    found = offers([stranger, known])
    assert [offer.helper_id for offer in found] == [known.helper_id, stranger.helper_id]
    assert reasons(found[0])[0] == "known_face"
    assert found[0].reasons[0].details == {"visits": 3}


def test_then_near_then_cheap_then_not_busy() -> None:
    order = [
        candidate("freelancer", distance_m=300, hourly_cents=2500),
        candidate("freelancer", distance_m=100, hourly_cents=3500, load_minutes=0),
        candidate("freelancer", distance_m=100, hourly_cents=3500, load_minutes=3000),
        candidate("freelancer", distance_m=900, hourly_cents=1000),
    ]
    found = offers(order[::-1], limit=4)
    assert [offer.helper_id for offer in found] == [one.helper_id for one in order]


def test_who_can_come_on_all_dates_goes_before_who_cannot() -> None:
    away = [(datetime(2026, 12, 1, tzinfo=TZ), datetime(2026, 12, 2, tzinfo=TZ))]
    nearly = candidate(distance_m=100, diary=Diary.of([(d, time(0), time(0)) for d in range(7)], away))
    always = candidate(distance_m=900)
    found = offers([nearly, always])
    assert [offer.helper_id for offer in found] == [always.helper_id, nearly.helper_id]
    assert found[1].missing_dates == (date(2026, 12, 1),)
    assert found[1].reasons[0].key == "free_mostly"
    assert found[1].reasons[0].details == {"missing": 1, "dates": 12}


def test_reasons_come_with_the_most_telling_first() -> None:
    said = need(
        window=["07:00", "12:00"],
        times=[],
        daypart="morning",
        preferences={"helper_language": "nl", "helper_name": "Anna"},
    )
    (offer,) = offers([candidate(met=2)], said)
    assert reasons(offer)[:5] == ["known_face", "asked_for", "speaks", "free_every", "distance"]
    assert offer.reasons[3].details == {"daypart": "morning", "time": "09:00"}
    assert reasons(offer)[-1] == "free_of_charge"
    (paid,) = offers([candidate("freelancer", "personal_care")], need("personal_care"))
    assert "proof_checked" in reasons(paid)
    assert "free_of_charge" not in reasons(paid)


def test_a_single_visit_is_not_free_every_time() -> None:
    (offer,) = offers([candidate()], need(rrule=None))
    assert "free_every" not in reasons(offer)


@pytest.mark.parametrize(
    ("kind", "kvk", "rrule", "contract"),
    [
        ("volunteer", False, "FREQ=DAILY", "volunteer"),
        ("organisation", False, "FREQ=DAILY", "organisation"),
        ("freelancer", True, "FREQ=DAILY", "assignment"),
        ("freelancer", False, "FREQ=WEEKLY;BYDAY=MO,WE,FR", "home_service"),
        ("freelancer", False, "FREQ=WEEKLY;BYDAY=MO,TU,WE,FR", None),
        ("freelancer", False, "FREQ=DAILY", None),
    ],
)
def test_the_form_of_contract_is_a_lawful_one(kind: str, kvk: bool, rrule: str, contract: str | None) -> None:
    held = tuple(proof for proof in proofs("companionship", kind) if kvk or proof.kind != "kvk")
    found = offers([candidate(kind, proofs=held)], need(rrule=rrule))
    assert [offer.contract for offer in found] == ([contract] if contract else [])


def test_the_price_is_by_the_hour_and_a_visits_is_rounded_half_up() -> None:
    (offer,) = offers([candidate("freelancer", hourly_cents=3050)], need(duration_minutes=45))
    assert (offer.price_cents, offer.currency, offer.unit, offer.free) == (3050, "EUR", "hour", False)
    assert offer.visit_cents == 2288
    (free,) = offers([candidate()])
    assert (free.price_cents, free.visit_cents, free.free) == (None, None, True)


def test_without_a_duration_it_is_the_usual_one() -> None:
    (offer,) = offers([candidate()], need(duration_minutes=None))
    assert offer.plan.minutes == service().default_minutes


def test_care_at_night_is_at_night_when_nothing_was_said() -> None:
    (offer,) = offers(
        [candidate("organisation", "night_waking")], need("night_waking", times=[], duration_minutes=None)
    )
    assert offer.plan.times == (time(23),)


@pytest.mark.parametrize("key", ["companionship", "personal_care", "night_sleep_in"])
def test_an_offer_comes_back_as_it_was_written(key: str) -> None:
    kind = service(key).kinds[-1]
    (offer,) = offers([candidate(kind, key, met=1)], need(key, rrule="FREQ=WEEKLY", times=[], times_per_period=2))
    assert Offer.from_json(json.loads(json.dumps(offer.to_json()))) == offer


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a rule"):
        offers([candidate()], need(rrule="FREQ=SOMETIMES"))


def test_nobody_is_no_offer() -> None:
    assert offers([]) == []
