"""From what phrases, reader and model say to one act: safety first, then what is certain, then the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlu.acts.emergencies import Finding

EMERGENCY_ALONE = 0.4
"""From this probability on the model calls an emergency by itself: missing one costs more than a needless 112.

Chosen on sentences and templates of folds left out of the training (nlu/training/evaluate.py): lower finds few more.
"""
EMERGENCY_GUARDED = 0.8
"""The same when a guard has spoken: the message then holds words that only sound like danger."""
EMERGENCY_CLAUSE = 0.9
"""The same for one clause taken alone, which lacks what stands around it …"""
CLAUSE_FLOOR = 0.1
"""… unless the message as a whole is less like an emergency than this."""
PHRASE_FLOOR = 0.004
"""A phrase of danger is not believed where the model is this sure that there is none, in the whole and each clause."""
SCHEDULE_SPEAKS = 0.7
"""Below this the model is not believed when it makes something else of a plain recurring schedule …"""
ASKING_SPEAKS = 0.6
"""… and below this when it would ask back or decline: a needless question costs less than a visit nobody wanted."""
UNSURE = 0.3
"""Below this the model does not know; the reader's signals decide whether to ask or to decline."""

SURE_OF_CHANGE = 0.8
"""From this probability on two times that exclude each other are taken for the old one and the new one of a change."""

_FROM_TO = frozenset({"change", "correct"})
_NO_SCHEDULE = frozenset({"change", "cancel", "clarify", "out_of_scope", "human", "correct", "help", "complaint"})
_ASKS_OR_DECLINES = frozenset({"clarify", "out_of_scope"})
_NEVER_GUESSED = frozenset({"confirm", "undo", "skip", "cancel", "change", "correct"})
"""Acts that do something at once: a name we do not know must not pass for a yes."""
_TAKES_AWAY = ("negated_time", "negation", "move", "shift", "stop", "same", "correction", "question", "from_now_on")
_BOOKABLE = ("recurrence", "time", "daypart", "duration", "date")


@dataclass(frozen=True)
class Evidence:
    """All that is known of a message when its act is decided.

    `likely` is the model's probability of each act; `likely_clause` the highest probability of an emergency over the
    clauses of the message, each taken alone.
    """

    likely: Mapping[str, float]
    likely_clause: float
    emergency: Finding
    contradiction: bool
    signals: Mapping[str, bool]


@dataclass(frozen=True)
class Decision:
    """The act with its confidence from 0 to 1."""

    act: str
    confidence: float


def decide(evidence: Evidence) -> Decision:
    """The act of the message."""
    if emergency := _emergency(evidence):
        return emergency
    ranking = [(act, odds) for act, odds in evidence.likely.items() if act != "emergency"]
    act, odds = max(ranking, key=lambda one: one[1], default=("out_of_scope", 0.0))
    if evidence.contradiction and (act in {"book", "clarify"} or (act in _FROM_TO and odds < SURE_OF_CHANGE)):
        return Decision("clarify", max(odds, 0.9))
    believed = ASKING_SPEAKS if act in _ASKS_OR_DECLINES else SCHEDULE_SPEAKS
    if odds < believed and act in _NO_SCHEDULE and _is_plain_schedule(evidence.signals):
        return Decision("book", max(evidence.likely.get("book", 0.0), 0.5))
    if odds < UNSURE:
        return _unsure(evidence, act, odds)
    return Decision(act, odds)


def _emergency(evidence: Evidence) -> Decision | None:
    odds = evidence.likely.get("emergency", 0.0)
    guarded = evidence.emergency.guarded
    heard = max(odds, evidence.likely_clause)
    if evidence.emergency.kind is not None and (evidence.emergency.firm or heard >= PHRASE_FLOOR):
        return Decision("emergency", max(odds, 0.9))
    if odds >= (EMERGENCY_GUARDED if guarded else EMERGENCY_ALONE):
        return Decision("emergency", odds)
    if not guarded and odds >= CLAUSE_FLOOR and evidence.likely_clause >= EMERGENCY_CLAUSE:
        return Decision("emergency", evidence.likely_clause)
    return None


def _is_plain_schedule(signals: Mapping[str, bool]) -> bool:
    """Whether something recurring is said and nothing that would take away, move or ask after what stands."""
    return signals.get("recurrence", False) and not any(signals.get(name, False) for name in _TAKES_AWAY)


def _unsure(evidence: Evidence, act: str, odds: float) -> Decision:
    """A message the model does not know: a schedule or service is a request; else nothing is assumed."""
    signals = evidence.signals
    timed = any(signals.get(name, False) for name in _BOOKABLE)
    if act == "book" or (signals.get("service", False) and timed):
        return Decision("book", max(odds, 0.4)) if signals.get("service", False) or timed else Decision("clarify", odds)
    return Decision("clarify" if act in _NEVER_GUESSED or odds <= UNSURE / 2 else act, odds)
