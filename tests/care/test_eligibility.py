"""Who may."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.catalogue import Catalogue
from care.eligibility import HeldProof, named
from care.matching import match
from care.outlook import Diary
from tests.care.test_matching import BEGINS, KINDS, candidate, need, offers, proofs, service


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
