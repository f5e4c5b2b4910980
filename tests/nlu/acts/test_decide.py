from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from nlu.acts.danger import Heard
from nlu.acts.decide import Evidence, danger_of, decide
from nlu.acts.emergencies import Finding
from nlu.acts.listening import Told
from nlu.reader import SURE_OF_ACT

NOTHING = Finding(None, guarded=False)
PHRASE = Finding("medical", guarded=False)
CALM = Heard(-6.0, -6.0, -6.0)


def evidence(
    likely: Mapping[str, float],
    *,
    heard: Heard = CALM,
    finding: Finding = NOTHING,
    contradiction: bool = False,
    signals: Mapping[str, bool] | None = None,
    parts: tuple[Told, ...] = (),
) -> Evidence:
    return Evidence(likely, Told(heard, finding), contradiction, signals or {}, parts)


def test_the_model_decides_when_nothing_else_speaks() -> None:
    decision = decide(evidence({"book": 0.8, "skip": 0.2}))
    assert (decision.act, decision.confidence) == ("book", 0.8)


@pytest.mark.parametrize(
    ("heard", "finding", "likely", "act"),
    [
        (Heard(4.0, 4.0, 4.0), NOTHING, 0.01, "emergency"),
        (Heard(0.0, 0.0, 0.0), NOTHING, 0.5, "emergency"),
        (Heard(-2.0, -2.0, -2.0), NOTHING, 0.001, "book"),
        (Heard(0.0, 0.0, 0.0), PHRASE, 0.001, "emergency"),
        (CALM, PHRASE, 0.001, "book"),
        (Heard(-3.0, -3.0, -3.0), Finding("medical", guarded=False, firm=True), 0.02, "emergency"),
        (Heard(-0.8, -0.8, -0.8), Finding(None, guarded=True), 0.2, "book"),
        (CALM, NOTHING, 0.01, "book"),
    ],
)
def test_danger_is_weighed_and_outranks_every_act(heard: Heard, finding: Finding, likely: float, act: str) -> None:
    odds = {"book": 1 - likely, "emergency": likely}
    assert decide(evidence(odds, heard=heard, finding=finding)).act == act


def test_a_cry_within_a_request_adds_to_the_danger() -> None:
    whole_only = danger_of(evidence({"emergency": 0.1}, heard=Heard(-1.0, -1.0, -1.0)))
    assert danger_of(evidence({"emergency": 0.1}, heard=Heard(-1.0, 4.0, 1.0))) > whole_only


@pytest.mark.parametrize(
    ("likely", "signals", "act"),
    [
        ({"skip": 0.99}, {}, "change"),
        ({"book": 0.9}, {}, "change"),
        ({"book": 0.9}, {"service": True}, "book"),
        ({"cancel": 0.9}, {}, "cancel"),
        ({"complaint": 0.6}, {}, "change"),
        ({"complaint": 0.9}, {"service": True}, "complaint"),
    ],
)
def test_who_need_not_come_before_an_hour_is_not_left_out(
    likely: dict[str, float], signals: dict[str, bool], act: str
) -> None:
    assert decide(replace(evidence(likely, signals=signals), delayed=True)).act == act


def test_one_alarming_sentence_outweighs_a_calm_message() -> None:
    calm, cry = Told(CALM, NOTHING), Told(Heard(3.0, 3.0, 3.0), NOTHING)
    assert decide(evidence({"book": 1.0}, parts=(calm, calm))).act == "book"
    assert decide(evidence({"book": 1.0}, parts=(calm, cry, calm))).act == "emergency"


def test_a_sentence_must_sound_more_like_danger_than_a_message() -> None:
    doubtful = Heard(0.5, 0.5, 0.5)
    assert decide(evidence({"book": 0.9, "emergency": 0.1}, heard=doubtful)).act == "emergency"
    assert decide(evidence({"book": 0.9, "emergency": 0.1}, parts=(Told(doubtful, NOTHING),))).act == "book"


def test_a_phrase_or_its_guard_counts_in_a_sentence_too() -> None:
    odds = Heard(0.0, 0.0, 0.0)
    assert decide(evidence({"book": 1.0}, parts=(Told(odds, PHRASE),))).act == "emergency"
    assert decide(evidence({"book": 1.0}, parts=(Told(odds, Finding("medical", guarded=True)),))).act == "book"


def test_a_letter_is_judged_by_its_sentences_alone() -> None:
    calm, cry = Told(CALM, NOTHING), Told(Heard(3.0, 3.0, 3.0), NOTHING)
    for parts, act in (((calm, calm), "book"), ((calm, cry), "emergency")):
        letter = Evidence({"book": 0.9, "emergency": 0.1}, None, contradiction=False, signals={}, parts=parts)
        assert decide(letter).act == act


@pytest.mark.parametrize("likely", [0.0, 1.0])
def test_the_confidence_of_an_emergency_is_its_probability(likely: float) -> None:
    heard = Heard(6.0, 6.0, 6.0)
    found = evidence({"emergency": likely}, heard=heard)
    assert decide(found).confidence == danger_of(found) > 0.9


def test_the_act_model_calls_no_emergency_by_itself() -> None:
    assert decide(evidence({"emergency": 0.7, "book": 0.3})).act == "book"


def test_the_old_and_the_new_time_of_a_change_are_no_contradiction() -> None:
    assert decide(evidence({"change": 0.9, "book": 0.1}, contradiction=True)).act == "change"
    assert decide(evidence({"change": 0.6, "book": 0.4}, contradiction=True)).act == "clarify"


def test_a_contradiction_is_asked_about_and_never_booked() -> None:
    assert decide(evidence({"book": 0.9, "skip": 0.1}, contradiction=True)).act == "clarify"
    assert decide(evidence({"skip": 0.9, "book": 0.1}, contradiction=True)).act == "skip"


def test_an_unsure_model_leaves_it_to_what_was_said() -> None:
    unsure = {"out_of_scope": 0.2, "payment": 0.15, "book": 0.1}
    assert decide(evidence(unsure, signals={"service": True, "time": True})).act == "book"
    assert decide(evidence(unsure, signals={})).act == "out_of_scope"
    assert decide(evidence({"help": 0.1, "greet": 0.09})).act == "clarify"


def test_a_plain_recurring_schedule_is_a_booking_unless_the_model_is_sure() -> None:
    plain = {"recurrence": True, "date": True}
    assert decide(evidence({"change": 0.6, "book": 0.3}, signals=plain)).act == "book"
    assert decide(evidence({"change": 0.8, "book": 0.1}, signals=plain)).act == "change"
    assert decide(evidence({"change": 0.6, "book": 0.3}, signals={**plain, "move": True})).act == "change"
    assert decide(evidence({"skip": 0.6, "book": 0.3}, signals=plain)).act == "skip"


def test_an_unsure_booking_with_nothing_in_it_is_asked_about() -> None:
    assert decide(evidence({"book": 0.2, "skip": 0.1})).act == "clarify"


@pytest.mark.parametrize("act", ["confirm", "undo", "skip", "cancel", "change", "correct"])
def test_what_has_an_effect_is_never_guessed(act: str) -> None:
    assert decide(evidence({act: 0.25, "greet": 0.1})).act == "clarify"
    assert decide(evidence({act: 0.7, "greet": 0.1})).act == act


def test_what_is_asked_for_besides_lessens_no_cry() -> None:
    near = Heard(0.5, 3.0, -1.0)
    alone = evidence({"book": 0.6, "emergency": 0.3}, heard=near)
    asked = evidence({"book": 0.6, "emergency": 0.3}, heard=near, signals={"recurrence": True, "service": True})
    assert danger_of(asked) == danger_of(alone)
    assert decide(asked).act == "emergency"


def test_a_sentence_must_alarm_more_where_the_whole_was_judged_too() -> None:
    uneasy = (Told(Heard(1.5, 1.5, 1.5), NOTHING), Told(CALM, NOTHING))
    assert decide(evidence({"book": 1.0}, parts=uneasy)).act == "book"
    letter = Evidence({"book": 1.0}, None, contradiction=False, signals={}, parts=uneasy)
    assert decide(letter).act == "emergency"


def test_a_letter_that_asks_to_change_a_visit_is_no_request_for_another() -> None:
    letter = Evidence({"book": 0.95}, None, contradiction=False, signals={}, moves_visit=True)
    assert decide(letter).act == "change"
    assert decide(Evidence({"skip": 0.95}, None, contradiction=False, signals={}, moves_visit=True)).act == "skip"


def test_what_only_jots_down_services_and_days_is_a_request_unless_that_is_most_unlikely() -> None:
    jotted = replace(evidence({"clarify": 0.6, "book": 0.3}, signals={"service": True, "date": True}), jotted=True)
    assert decide(jotted).act == "book"
    assert decide(replace(jotted, likely={"skip": 0.8, "book": 0.2})).act == "skip"
    assert decide(replace(jotted, likely={"human": 0.8, "book": 0.2})).act == "human"


def test_a_service_with_its_schedule_leaves_nothing_to_ask_back_but_whether_it_is_wanted() -> None:
    plain = {"service": True, "recurrence": True}
    assert decide(evidence({"clarify": 0.95, "book": 0.05}, signals=plain)).act == "book"
    assert decide(evidence({"clarify": 0.95, "book": 0.05}, signals={"recurrence": True})).act == "clarify"
    assert decide(evidence({"clarify": 0.95, "book": 0.05}, signals={**plain, "negation": True})).act == "clarify"


def test_who_is_away_may_want_the_cat_looked_after() -> None:
    away = replace(evidence({"skip": 0.95, "book": 0.05}, signals={"service": True}), left_behind=True)
    decision = decide(away)
    assert decision.act == "book"
    assert decision.confidence < SURE_OF_ACT


def test_a_day_that_takes_the_place_of_another_is_not_left_out() -> None:
    swapped = replace(evidence({"skip": 0.9, "change": 0.1}, signals={"service": True}), swaps=True)
    assert decide(swapped).act == "change"
    assert decide(replace(swapped, swaps=False)).act == "skip"
