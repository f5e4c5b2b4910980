"""Judging one answer against what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.readings.compare import list_of, pair_needs, readable, same_service
from benchmarks.readings.figures import ACTS_WITH_EFFECT, TARGET_FIELDS, Json
from benchmarks.readings.rows import Expected, target_value


@dataclass
class Tally:
    """So many of so many."""

    hits: int = 0
    of: int = 0

    @property
    def share(self) -> float | None:
        """The share, or None over no cases."""
        return self.hits / self.of if self.of else None


Tallies = dict[str, Tally]


def add(tallies: Tallies, key: str, hits: int, of: int = 1) -> None:
    """Count cases towards a figure."""
    tally = tallies.setdefault(key, Tally())
    tally.hits += hits
    tally.of += of


@dataclass
class Judgement:
    """What one answer adds to the figures, and what was wrong with it."""

    tallies: Tallies = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    exact: bool = True
    answered: bool = True

    def wrong(self, fault: str) -> None:
        """Note a fault that keeps the reading from being exact."""
        self.exact = False
        self.faults.append(fault)


def asks(reading: Mapping[str, Any]) -> bool:
    """Whether a reading asks anything, itself or in one of its needs."""
    needs = reading.get("needs")
    holders = [reading, *(need for need in (needs if isinstance(needs, list) else []) if isinstance(need, dict))]
    return any(
        isinstance(asked := holder.get("ask"), list) and any(isinstance(word, str) and word for word in asked)
        for holder in holders
    )


def judge_needs(row: Expected, answer: Json, judgement: Judgement) -> None:
    """Judge the needs of an answer."""
    wanted = list_of(row.reading.get("needs"), "needs")
    raw = answer.get("needs")
    given: list[object] = raw if isinstance(raw, list) else []
    if raw is not None and not isinstance(raw, list):
        judgement.wrong("needs unreadable")
    pairs = pair_needs(wanted, given, row.now, row.lenient)
    matched, missed, extra = len(pairs), len(wanted) - len(pairs), len(given) - len(pairs)
    add(judgement.tallies, "need_precision", matched, len(given))
    add(judgement.tallies, "need_recall", matched, len(wanted))
    add(judgement.tallies, "need_f1", 2 * matched, len(wanted) + len(given))
    if missed:
        judgement.wrong(f"{missed} need{'s' * (missed > 1)} missed")
    if extra:
        judgement.wrong(f"{extra} need{'s' * (extra > 1)} too many")
    for right in pairs.values():
        for key, correct in right.items():
            add(judgement.tallies, key, correct)
            if not correct and key == "preferences_accuracy":
                judgement.faults.append("preferences")  # does not count for an exact reading
            elif not correct:
                judgement.wrong(key.removesuffix("_accuracy"))


def judge_target(row: Expected, answer: Json, judgement: Judgement) -> None:
    """Judge the target of an answer, over the fields that the expected target gives."""
    wanted: Json = row.reading.get("target") or {}
    raw = answer.get("target")
    given: Json = raw if isinstance(raw, dict) else {}
    readable_target = isinstance(raw, dict)

    def same(name: str) -> bool:
        return readable_target and readable(lambda: target_value(wanted, name) == target_value(given, name))

    scored = [name for name in TARGET_FIELDS if name in wanted and f"target.{name}" not in row.lenient]
    wrong = [name for name in scored if not same(name)]
    if scored:
        add(judgement.tallies, "target_accuracy", not wrong)
    for name in wrong:
        judgement.wrong(f"target {name}")
    if wanted.get("service") is not None and "target.service" not in row.lenient:
        right = readable_target and same_service(wanted["service"], given.get("service"))
        add(judgement.tallies, "target_service_accuracy", right)
        if not right:
            judgement.faults.append("target service")  # does not count for an exact reading


def judge(row: Expected, answer: Json | None) -> Judgement:
    """Judge one answer; None stands for an answer that is missing."""
    judgement = Judgement()
    tallies = judgement.tallies
    if answer is None:
        judgement.wrong("no answer")
    elif answer.get("error") is not None:
        judgement.wrong("error")
        answer = None
    judgement.answered = answer is not None
    reading: Json = answer or {}
    wanted_act, act = row.reading["act"], reading.get("act")

    if "act" not in row.lenient:
        add(tallies, "act_accuracy", act == wanted_act)
        if act != wanted_act:
            judgement.wrong("act")
        if wanted_act != "book":
            needs = reading.get("needs")
            add(tallies, "false_booking_rate", act == "book" and isinstance(needs, list) and bool(needs))
        if wanted_act == "emergency":
            add(tallies, "emergency_recall", act == "emergency")
        else:
            add(tallies, "emergency_false_alarm_rate", act == "emergency")
    if "needs" not in row.lenient:
        judge_needs(row, reading, judgement)
    if "target" not in row.lenient:
        judge_target(row, reading, judgement)
    add(tallies, "exact_rate", judgement.exact)
    if asks(row.reading) and "ask" not in row.lenient:
        add(tallies, "asked_when_due", asks(reading))
    if wanted_act in ACTS_WITH_EFFECT:
        add(tallies, "wrong_without_asking_rate", not judgement.exact and not asks(reading))
    return judgement
