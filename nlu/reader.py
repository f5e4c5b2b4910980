"""The whole reading of a message, without Rasa: language, care request, act, and what the contract keeps of them."""

from __future__ import annotations

import io
import tarfile
from datetime import datetime
from pathlib import Path
from typing import IO

from nlu.acts.classifier import ActClassifier
from nlu.acts.danger import DangerClassifier
from nlu.acts.decide import Decision, Evidence, decide
from nlu.acts.language import detect
from nlu.acts.listening import listen
from nlu.acts.text import MAX_CHARS
from nlu.asides.classifier import AsideClassifier
from nlu.asides.learn import MODEL_FILE as ASIDES_FILE
from nlu.care_reader import CareReader, CareReadout
from nlu.reading import Reading, Target
from nlu.services.classifier import ServiceClassifier
from nlu.services.learn import MODEL_FILE as SERVICES_FILE

MODEL_FILE = "acts.npz"
"""The file of the act classifier inside a trained model."""
DANGER_FILE = "danger.npz"
"""The file of the danger classifier inside it."""

SURE_OF_ACT = 0.75
"""Below this it is asked first whether this is to be done.

Of sentences that training had not seen, nine in twenty of the acts below 0.7 were wrong, and one in six up to 0.8.
"""
_DOING = frozenset({"book", "skip", "cancel", "change", "correct"})
_TARGETED = frozenset({"skip", "cancel"})
_ASKING = frozenset({"skip", "cancel", "change", "correct", "clarify"})


class Reader:
    """Reads messages; one for all languages and threads, since nothing in it changes after loading."""

    def __init__(self, acts: ActClassifier, danger: DangerClassifier, care: CareReader | None = None) -> None:
        """Read with these classifiers; `care` is made when not given, and knows no classifier then."""
        self._acts = acts
        self._danger = danger
        self.care = care or CareReader()

    @classmethod
    def load(cls, model: Path | str) -> Reader:
        """The reader of a trained Rasa model: its `.tar.gz`, or a folder the classifier's file lies in.

        Raises FileNotFoundError when there is no such model, ValueError when it holds no act classifier.
        """
        path = Path(model)
        return cls(load_acts(path), load_danger(path), CareReader(load_services(path), load_asides(path)))

    def read(self, text: str, *, now: datetime, language: str | None = None, default_language: str = "nl") -> Reading:
        """What is understood of the text, said at `now` (aware, Europe/Amsterdam); never raises on any text."""
        text = text[:MAX_CHARS]
        spoken = language or detect(text, default_language)
        readout = self.care.read(text, spoken, now)
        reading, _ = self.judge(text, spoken, readout)
        return reading

    def judge(self, text: str, language: str, readout: CareReadout) -> tuple[Reading, dict[str, float]]:
        """The reading of a text that the care reader has read, and how likely each act was to the model."""
        likely = self._acts.predict(readout.said or text, readout.masked, readout.signals or {})
        told, parts = listen(text, language, self._danger)
        evidence = Evidence(
            likely=likely,
            told=told,
            contradiction=readout.contradiction,
            signals=readout.signals or {},
            parts=parts,
            moves_visit=readout.moves_visit,
            delayed=readout.delayed,
            jotted=readout.jotted,
            left_behind=readout.left_behind,
            swaps=readout.swaps,
        )
        return compose(language, decide(evidence), readout), likely


def compose(language: str, decision: Decision, readout: CareReadout) -> Reading:
    """The reading as the contract has it: each act keeps only what belongs to it."""
    act = decision.act
    if act == "cancel" and readout.end_target.scope == "period":
        # What begins again is not ended.
        act = "skip"
    needs = readout.needs if act == "book" else readout.change_needs if act in {"change", "correct"} else ()
    target = _target(act, readout)
    ask = _asked_of(target) if act in _TARGETED else tuple(readout.ask) if act in _ASKING else ()
    if act == "correct" and "scope" in ask:
        # What was just said is put right: there is no other visit that could be meant.
        ask = tuple(what for what in ask if what != "scope") or (() if needs else ("time",))
    if act == "book" and not needs:
        ask = (*ask, "service") if "service" not in ask else ask
    if act in _DOING and (decision.confidence < SURE_OF_ACT or (act == "book" and readout.called_off)):
        ask = (*ask, "act")
    if act == "clarify" and (not ask or (readout.contradiction and "time" not in ask)):
        ask = ("days",) if readout.clash else ("time",) if readout.contradiction else ("service",)
    return Reading(
        language=language,
        act=act,
        confidence=decision.confidence,
        needs=tuple(needs),
        target=target,
        ask=ask,
    )


def _target(act: str, readout: CareReadout) -> Target:
    if act == "change":
        return readout.change_target
    if act == "cancel":
        return readout.end_target
    return readout.target if act in _TARGETED else Target()


def _asked_of(target: Target) -> tuple[str, ...]:
    """What must be asked before visits are left out or ended."""
    if target.scope == "period" and target.until is None:
        return ("until",)
    return ("scope",) if target.scope is None else ()


def load_acts(model: Path) -> ActClassifier:
    """The act classifier of a Rasa model archive or folder; raises FileNotFoundError or ValueError without one."""
    return ActClassifier.load(_needed(model, MODEL_FILE))


def load_danger(model: Path) -> DangerClassifier:
    """The danger classifier of a Rasa model archive or folder; raises FileNotFoundError or ValueError without one."""
    return DangerClassifier.load(_needed(model, DANGER_FILE))


def load_services(model: Path) -> ServiceClassifier | None:
    """The service classifier of a Rasa model archive or folder; without one only words tell what a request is about."""
    found = _file_of(model, SERVICES_FILE)
    return None if found is None else ServiceClassifier.load(found)


def load_asides(model: Path) -> AsideClassifier | None:
    """The classifier of asides of a Rasa model archive or folder; without one every sentence is taken as meant."""
    found = _file_of(model, ASIDES_FILE)
    return None if found is None else AsideClassifier.load(found)


def _needed(model: Path, name: str) -> Path | IO[bytes]:
    found = _file_of(model, name)
    if found is None and model.is_dir():
        raise FileNotFoundError(f"no {name} under {model}")
    if found is None:
        raise ValueError(f"{model} holds no {name}: train it again")
    return found


def _file_of(model: Path, name: str) -> Path | IO[bytes] | None:
    """A file inside a model, None when it is not there; raises FileNotFoundError without a model."""
    if model.is_dir():
        return max(model.rglob(name), default=None)
    with tarfile.open(model, "r:*") as archive:
        for member in archive:
            if Path(member.name).name == name and (content := archive.extractfile(member)) is not None:
                return io.BytesIO(content.read())
    return None
