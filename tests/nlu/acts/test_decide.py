from __future__ import annotations

from collections.abc import Mapping

import pytest

from nlu.acts.decide import Evidence, decide
from nlu.acts.emergencies import Finding

NOTHING = Finding(None, guarded=False)


def evidence(
    likely: Mapping[str, float],
    *,
    clause: float = 0.0,
    finding: Finding = NOTHING,
    contradiction: bool = False,
    signals: Mapping[str, bool] | None = None,
) -> Evidence:
    return Evidence(likely, clause, finding, contradiction, signals or {})


def test_the_model_decides_when_nothing_else_speaks() -> None:
    decision = decide(evidence({"book": 0.8, "skip": 0.2}))
    assert (decision.act, decision.confidence) == ("book", 0.8)


def test_a_phrase_of_danger_outranks_the_model() -> None:
    decision = decide(evidence({"book": 0.98, "emergency": 0.02}, finding=Finding("medical", guarded=False)))
    assert decision.act == "emergency"
    assert decision.confidence >= 0.9


@pytest.mark.parametrize(
    ("clause", "firm", "act"), [(0.0, False, "book"), (0.0, True, "emergency"), (0.4, False, "emergency")]
)
def test_a_phrase_is_not_believed_against_a_certain_model_unless_it_is_firm(
    clause: float, firm: bool, act: str
) -> None:
    finding = Finding("medical", guarded=False, firm=firm)
    assert decide(evidence({"book": 0.999, "emergency": 0.001}, clause=clause, finding=finding)).act == act


def test_the_old_and_the_new_time_of_a_change_are_no_contradiction() -> None:
    assert decide(evidence({"change": 0.9, "book": 0.1}, contradiction=True)).act == "change"
    assert decide(evidence({"change": 0.6, "book": 0.4}, contradiction=True)).act == "clarify"


@pytest.mark.parametrize(
    ("odds", "clause", "guarded", "act"),
    [
        (0.6, 0.0, False, "emergency"),
        (0.6, 0.0, True, "book"),
        (0.95, 0.0, True, "emergency"),
        (0.2, 0.97, False, "emergency"),
        (0.2, 0.97, True, "book"),
        (0.01, 0.97, False, "book"),
    ],
)
def test_the_model_calls_an_emergency_by_itself(odds: float, clause: float, guarded: bool, act: str) -> None:
    likely = {"emergency": odds, "book": 1 - odds}
    assert decide(evidence(likely, clause=clause, finding=Finding(None, guarded))).act == act


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
