"""From what phrases, reader and model say to one act: safety first, then what is certain, then the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from nlu.acts.listening import Told

WHOLE, WORST, MEAN = 0.97, 0.09, 0.35
"""How much it counts that the whole message, its most alarming clause and its clauses together sound like danger."""
ACT = 0.09
"""How much it counts that the act model, too, takes the message for an emergency."""
PHRASE, FIRM, GUARD = 1.3, 1.8, -1.07
"""How much a phrase of danger adds, one that is firm besides, and how much a guard takes away."""
LEANING = 2.2
"""What is added besides: missing an emergency costs more than a needless 112."""
OF_PART, OF_PART_WORST, OF_PART_MEAN = 0.75, 0.15, 0.4
OF_PART_PHRASE, OF_PART_FIRM, OF_PART_GUARD = 4.0, 0.7, -0.6
OF_PART_LEANING = -1.0
"""The same for one sentence of a message. It must sound more like danger, since a letter has so many of them; how
likely an emergency is to the act model is left out, which takes every ailment for one."""
OF_PART_BESIDE_WHOLE = -2.5
"""What is added besides where the whole message was judged too: that has heard the sentence already, in its place."""
EMERGENCY = 0.5
"""From this probability on a message is an emergency.

These were fitted by logistic regression to messages that no training had seen, a quarter of them cries in the middle of
a request, and the first leaning then moved towards danger by 1.8: of 546 such cries 98.9 % are found so, with an alarm
for 4.6 % of 1,341 calm messages, half of them written to be taken for cries (0.8 % of 735 everyday ones).
"""
SCHEDULE_SPEAKS = 0.7
"""Below this the model is not believed when it makes something else of a plain recurring schedule …"""
ASKING_SPEAKS = 0.85
"""… nor below this when it would ask back, since the care reader itself sees what contradicts itself …"""
DECLINING_SPEAKS = 0.6
"""… and below this when it would decline: a needless question costs less than a visit nobody wanted."""
NOT_UNLIKELY = 0.26
"""… unless a request is less likely than this to the model as well."""
UNSURE = 0.3
"""Below this the model does not know; the reader's signals decide whether to ask or to decline."""

HALF_KNOWN = 0.5
"""Below this an act that only answers is not believed …"""
MAY_BE_DONE = 0.25
"""… when something may as well be wanted that has to be done: then it is asked.

Of 2,981 sentences that training had not seen, 34 were so; 8 of these were right.
"""
SURE_OF_CHANGE = 0.8
"""From this probability on two times that exclude each other are taken for the old one and the new one of a change."""

CHANGE_IN_A_LETTER = 0.8
"""How sure it is that a letter that says so wants a visit changed, though the model takes it for a request."""

JOTTED_DOWN = 0.8
"""How sure it is that somebody who only jots down services with their days wants them, unless it is most unlikely."""

LEFT_BEHIND = 0.6
"""How sure it is that who is away wants the cat or the plants looked after: it is asked."""

_LEAST_LIKELY = 1e-4
_SILENCE = -20.0
_FROM_TO = frozenset({"change", "correct"})
_NO_SCHEDULE = frozenset({"change", "clarify", "out_of_scope", "human", "correct", "help", "complaint"})
_ANSWERS = _NO_SCHEDULE - {"change", "correct"}
_BELIEVED = {"clarify": ASKING_SPEAKS, "out_of_scope": DECLINING_SPEAKS}
_NEVER_GUESSED = frozenset({"confirm", "undo", "skip", "cancel", "change", "correct"})
"""Acts that do something at once: a name we do not know must not pass for a yes."""
_DOING = ("book", "skip", "cancel", "change", "correct")
_TAKES_AWAY = ("negated_time", "negation", "move", "shift", "stop", "same", "correction", "question", "from_now_on")
_NOT_DELAYED = ("book", "complaint", "clarify", "out_of_scope")
"""What a message that only puts off a visit to an hour is taken for, and is not."""
_BOOKABLE = ("recurrence", "time", "daypart", "duration", "date")


@dataclass(frozen=True)
class Evidence:
    """All that is known of a message when its act is decided.

    `likely` is the model's probability of each act; `told` is what of danger there is in the message as a whole (None:
    it is too long to be judged so), and `parts` in each of its sentences. `moves_visit`: a long letter says in one of
    its sentences that a visit is to be changed; `delayed`: nobody need come before an hour; `jotted`: needs with
    their days are all that it says; `left_behind`: what lives at home is to be looked after; `swaps`: one day is to
    take the place of another.
    """

    likely: Mapping[str, float]
    told: Told | None
    contradiction: bool
    signals: Mapping[str, bool]
    parts: Sequence[Told] = ()
    moves_visit: bool = False
    delayed: bool = False
    jotted: bool = False
    left_behind: bool = False
    swaps: bool = False


@dataclass(frozen=True)
class Decision:
    """The act with its confidence from 0 to 1."""

    act: str
    confidence: float


def decide(evidence: Evidence) -> Decision:
    """The act of the message."""
    danger = danger_of(evidence)
    if danger >= EMERGENCY:
        return Decision("emergency", danger)
    ranking = [(act, odds) for act, odds in evidence.likely.items() if act != "emergency"]
    act, odds = max(ranking, key=lambda one: one[1], default=("out_of_scope", 0.0))
    if evidence.contradiction and (act in {"book", "clarify"} or (act in _FROM_TO and odds < SURE_OF_CHANGE)):
        return Decision("clarify", max(odds, 0.9))
    asked = evidence.likely.get("book", 0.0)
    if act == "book" and evidence.moves_visit:
        # The model hears a whole letter, in which one change is asked for among much that is told.
        return Decision("change", CHANGE_IN_A_LETTER)
    if evidence.delayed and (act == "skip" or (act in _NOT_DELAYED and not evidence.signals.get("service"))):
        # "Don't come till ten tomorrow": who takes that for leaving out leaves somebody alone.
        return Decision("change", odds)
    if evidence.swaps and act == "skip":
        # "Not tomorrow but Friday": who takes that for leaving out leaves out both days.
        return Decision("change", odds)
    if evidence.left_behind and act == "skip":
        # "We're away from the 5th, feed the cat": who takes that for leaving out leaves the cat alone.
        return Decision("book", LEFT_BEHIND)
    if evidence.jotted and (act == "clarify" or (act in {"book", *_ANSWERS} and asked >= NOT_UNLIKELY)):
        return Decision("book", max(asked, JOTTED_DOWN))
    doubted = odds < _BELIEVED.get(act, SCHEDULE_SPEAKS) and act in _NO_SCHEDULE and asked >= NOT_UNLIKELY
    # Where a service and its schedule are plain nothing is left to ask back, but whether they are wanted.
    whole = act == "clarify" and evidence.signals.get("service", False)
    if (doubted or whole) and _is_plain_schedule(evidence.signals):
        return Decision("book", max(asked, 0.5))
    if odds < UNSURE:
        return _unsure(evidence, act, odds)
    if act not in _DOING and odds < HALF_KNOWN and _doing(evidence) >= MAY_BE_DONE:
        return Decision("clarify", odds)
    return Decision(act, odds)


def _doing(evidence: Evidence) -> float:
    """How likely it is that something has to be done."""
    return sum(evidence.likely.get(act, 0.0) for act in _DOING)


def danger_of(evidence: Evidence) -> float:
    """The probability that someone is in danger now.

    It is weighed from what was heard, what the phrases found, and how likely an emergency is to the act model. That
    something else is asked for besides does not count: a cry may stand in the middle of a request, and one sentence of
    it may be alarming enough by itself.
    """
    scores = [_of_part(part) for part in evidence.parts]
    if evidence.told is not None:
        scores = [score + OF_PART_BESIDE_WHOLE for score in scores]
        scores.append(_of_whole(evidence.told, evidence.likely.get("emergency", 0.0)))
    return 1 / (1 + exp(-max(scores, default=_SILENCE)))


def _of_whole(told: Told, likely: float) -> float:
    heard, finding = told.heard, told.finding
    sure = min(max(likely, _LEAST_LIKELY), 1 - _LEAST_LIKELY)
    score = LEANING + WHOLE * heard.whole + WORST * heard.worst + MEAN * heard.mean + ACT * log(sure / (1 - sure))
    return score + PHRASE * (finding.kind is not None) + FIRM * finding.firm + GUARD * finding.guarded


def _of_part(told: Told) -> float:
    heard, finding = told.heard, told.finding
    score = OF_PART_LEANING + OF_PART * heard.whole + OF_PART_WORST * heard.worst + OF_PART_MEAN * heard.mean
    score += OF_PART_PHRASE * (finding.kind is not None)
    return score + OF_PART_FIRM * finding.firm + OF_PART_GUARD * finding.guarded


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
