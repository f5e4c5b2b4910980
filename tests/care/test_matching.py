"""Who can, who goes first."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from care.catalogue import Catalogue, Service
from care.clock import TZ
from care.eligibility import DAYS_A_WEEK_AT_HOME, Candidate, HeldProof
from care.matching import Matching, Offer, Reason, match
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


# Against an oracle that looks at every visit by itself -------------------------------------------------------------

RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU,FR", "FREQ=DAILY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=1MO,3MO", None)
quarters = st.integers(24, 88).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
hours = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([time(0), time(7), time(9)]), st.sampled_from([time(0), time(17)])),
    max_size=7,
    unique_by=lambda span: span[0],
)
away = st.lists(st.tuples(st.integers(0, 90), quarters, st.sampled_from([15, 60, 600, 3000])), max_size=6)
expiry = st.sampled_from([None, date(2029, 1, 1), date(2026, 12, 20), date(2026, 10, 1)])
people = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "weekly": hours | st.just([(day, time(0), time(0)) for day in range(7)]),
        "away": away,
        "expires": expiry,
        "kvk": st.booleans(),
        "distance_m": st.sampled_from([100, 4000, 6000]),
        "gender": st.sampled_from(["female", "male", None]),
        "met": st.sampled_from([0, 0, 2]),
        "name": st.sampled_from(["Anna de Boer", "Maria Smit", "Omar Haddad"]),
    }
)


def spans_of(away: list[tuple[int, time, int]]) -> list[tuple[datetime, datetime]]:
    starts = [(datetime.combine(BEGINS.date() + timedelta(days=day), clock, TZ), length) for day, clock, length in away]
    return [(start, start + timedelta(minutes=length)) for start, length in starts]


def made(number: int, person: dict[str, Any]) -> Candidate:
    key = "companionship"
    held = proofs(key, person["kind"], person["expires"], person["kvk"])
    fields = {name: person[name] for name in ("distance_m", "gender", "met", "name")}
    diary = Diary.of(person["weekly"], spans_of(person["away"]))
    return candidate(person["kind"], key, helper_id=number, proofs=held, diary=diary, **fields)


def days_of(rrule: str | None) -> list[date]:
    first = datetime(2026, 11, 24)
    if rrule is None:
        return [first.date()]
    return [day.date() for day in rrulestr(rrule, dtstart=first).between(first, first + timedelta(days=83), inc=True)]


def can(person: dict[str, Any], day: date, clock: time, minutes: int = 60) -> bool:
    """Whether the person works then and is not away: every quarter of the visit by itself."""
    start = datetime.combine(day, clock, TZ)
    for quarter in range(minutes // 15):
        moment = start + timedelta(minutes=15 * quarter)
        works = any(
            weekday == moment.weekday() and begin <= moment.time() and (end == time(0) or moment.time() < end)
            for weekday, begin, end in person["weekly"]
        )
        if not works or any(since <= moment < until for since, until in spans_of(person["away"])):
            return False
    return True


def allowed(person: dict[str, Any], coming: list[date], wanted: dict[str, Any]) -> bool:
    """The hard rules besides time, for who comes on these days."""
    if person["distance_m"] > 5000 or wanted.get("helper_gender") not in (None, person["gender"]):
        return False
    if any(person["expires"] is not None and day > person["expires"] for day in coming):
        return False
    if any(name in person["name"] for name in wanted.get("not_named", ())):
        return False
    if person["kind"] != "freelancer" or person["kvk"]:
        return True
    weeks = Counter(day.isocalendar()[:2] for day in coming)
    return max(weeks.values()) <= DAYS_A_WEEK_AT_HOME


wishes = st.sampled_from([{}, {}, {"helper_gender": "female"}, {"not_named": ["Maria"]}])


@settings(max_examples=80, deadline=None)
@given(st.lists(people, max_size=4), st.sampled_from(RULES), quarters, wishes)
def test_at_a_clock_time_just_those_who_can_are_offered(
    crowd: list[dict[str, Any]], rrule: str | None, clock: time, wanted: dict[str, Any]
) -> None:
    days = days_of(rrule)
    found = offers(
        [made(number, person) for number, person in enumerate(crowd)],
        need(rrule=rrule, times=[f"{clock:%H:%M}"], preferences=wanted, dtstart=days[0].isoformat()),
        limit=9,
    )
    expected = {}
    for number, person in enumerate(crowd):
        missing = [day for day in days if not can(person, day, clock)]
        coming = [day for day in days if day not in missing]
        if coming and len(missing) * 10 <= len(days) and allowed(person, coming, wanted):
            expected[number] = tuple(missing)
    assert {offer.helper_id: offer.missing_dates for offer in found} == expected
    firsts = {offer.helper_kind: place for place, offer in reversed(list(enumerate(found)))}
    assert sorted(firsts.values()) == list(range(len(firsts))), "the best of each kind come first"
    for before, after in pairwise(offer for offer in found[len(firsts) :]):
        known = [bool(crowd[offer.helper_id]["met"]) for offer in (before, after)]
        assert (bool(before.missing_dates), not known[0]) <= (bool(after.missing_dates), not known[1])


@settings(max_examples=60, deadline=None)
@given(people, st.sampled_from(RULES[:3]), st.sampled_from([("07:00", "12:00"), ("13:00", "18:00")]))
def test_in_a_window_nobody_who_can_always_come_is_passed_over(
    person: dict[str, Any], rrule: str, window: tuple[str, str]
) -> None:
    days = days_of(rrule)
    found = offers([made(1, person)], need(rrule=rrule, times=[], window=list(window), dtstart=days[0].isoformat()))
    first, last = (time.fromisoformat(edge) for edge in window)
    starts = [time(quarter // 4, quarter % 4 * 15) for quarter in range(first.hour * 4, last.hour * 4 - 3)]
    always = any(all(can(person, day, clock) for day in days) for clock in starts)
    if always and allowed(person, days, {}):
        assert [offer.missing_dates for offer in found] == [()]
    for offer in found:
        coming = [day for day in days if day not in offer.missing_dates]
        for day in coming:
            assert all(can(person, day, clock) for clock in offer.plan.times_on(day))
            assert all(first <= clock <= time(last.hour - 1) for clock in offer.plan.times_on(day))


def test_who_is_not_wanted_is_not_offered() -> None:
    found = offers(
        [candidate(name="Anna de Vries"), candidate(name="Maria Smit")], need(preferences={"not_named": ["de vries"]})
    )
    assert [offer.helper_name for offer in found] == ["Maria Smit"]


def test_who_comes_at_that_time_already_is_preferred_and_comes_right_before_or_after() -> None:
    near, comes = candidate(distance_m=100), candidate(distance_m=3000, comes=((10 * 60, 11 * 60),))
    said = need(times=[], window=["07:00", "12:00"], duration_minutes=15)
    found = match(said, service(), [near, comes], BEGINS, avoid=())
    assert [offer.helper_id for offer in found] == [comes.helper_id, near.helper_id]
    assert found[0].plan.times[0] in (time(9, 45), time(11))
    assert reasons(found[0])[0] == "comes_already"
    both = candidate(distance_m=3000, also=frozenset({"walk"}))
    found = offers([near, both])
    assert [offer.helper_id for offer in found] == [both.helper_id, near.helper_id]
    assert found[0].reasons[0] == Reason("does_more", {"services": ["walk"]})


@pytest.mark.parametrize(
    ("fields", "wanted", "key"),
    [
        ({"services": frozenset({"walk"})}, {}, "not_their_work"),
        ({"distance_m": 6000}, {}, "too_far"),
        ({"gender": "male"}, {"helper_gender": "female"}, "not_as_wished"),
        ({"diary": Diary.of([(1, time(13), time(17))])}, {}, "not_their_hours"),
        ({"proofs": ()}, {}, "may_not"),
        ({}, {}, None),
    ],
)
def test_a_refusal_says_the_rule_in_the_way(fields: dict[str, Any], wanted: dict[str, str], key: str | None) -> None:
    reason = Matching(need(preferences=wanted), service(), BEGINS).refusal(candidate(**fields))
    assert (reason and reason.key) == key


def test_who_is_booked_then_is_not_free() -> None:
    always = [(day, time(0), time(0)) for day in range(7)]
    booked = Diary.of(always, [(BEGINS, BEGINS + timedelta(days=60))])
    reason = Matching(need(), service(), BEGINS).refusal(candidate(diary=booked))
    assert reason == Reason("not_free")


def test_who_lacks_dates_does_not_keep_out_who_lacks_none() -> None:
    away = Diary.of(
        [(weekday, time(0), time(0)) for weekday in range(7)],
        [(datetime(2026, 11, 24, 0, 0, tzinfo=TZ), datetime(2026, 11, 26, 0, 0, tzinfo=TZ))],
    )
    lacking, whole = candidate(diary=away, distance_m=100), candidate(distance_m=200)
    said = need(rrule="FREQ=DAILY")
    assert [offer.helper_id for offer in offers([lacking, whole], said, 1)] == [whole.helper_id]


@settings(max_examples=60, deadline=None)
@given(st.lists(people, max_size=9), st.sampled_from(RULES), quarters, st.integers(1, 4))
def test_stopping_when_there_are_enough_changes_nothing(
    crowd: list[dict[str, Any]], rrule: str | None, clock: time, limit: int
) -> None:
    candidates = [made(number, person) for number, person in enumerate(crowd)]
    said = need(rrule=rrule, times=[f"{clock:%H:%M}"])
    assert offers(candidates, said, limit) == offers(candidates, said, 99)[:limit]
