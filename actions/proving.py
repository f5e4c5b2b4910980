"""A coordinator tells of a helper's new proof: read back, recorded, and the helper told."""

from __future__ import annotations

from datetime import date

from actions import repair
from actions.absence import touched
from actions.scene import Scene
from actions.topics import answers
from care import proofs
from care.catalogue import Catalogue
from care.models import Helper
from nlu.helpers import HelperAct

UNTIL = "proof_until"
"""The topic of the question until when a proof is valid."""


def tell(scene: Scene, helper: Helper, said: HelperAct) -> None:
    """A helper has a new proof, valid until the date that was named."""
    assert said.proof is not None  # noqa: S101 - the act is told by it
    if said.spans:
        _read_back(scene, helper, said.proof, said.spans[-1][1])
        return
    options = [scene.option("for_good", "option_proof_for_good")]
    about = {"name": helper.contact.name or "", "proof": _named(scene, said.proof)}
    scene.ask(UNTIL, "choice", "ask_proof_until", options, helper=helper.id, kind_of_proof=said.proof, **about)


def _named(scene: Scene, kind: str) -> str:
    return Catalogue.load().proof_names[kind][scene.words.language]


def _read_back(scene: Scene, helper: Helper, kind: str, until: date | None) -> None:
    if until is not None and until < scene.today:
        scene.settle()
        scene.say("proof_past", name=helper.contact.name or "")
        return
    scene.ask_yes_no(
        "proof",
        "proof_confirm" if until else "proof_confirm_for_good",
        name=helper.contact.name or "",
        proof=_named(scene, kind),
        until=scene.words.date_with_year(until) if until else "",
        helper=helper.id,
        kind_of_proof=kind,
        last=until.isoformat() if until else "",
    )


def take_until(scene: Scene) -> bool:
    """Take a date as the answer to until when a proof is valid; False when none was said."""
    question = scene.question or {}
    last = scene.target_said.until or max(scene.target_said.dates, default=None)
    if last is None:
        return False
    scene.settle()
    _read_back(scene, scene.session.get(Helper, question["helper"]), question["kind_of_proof"], last)
    return True


@answers(UNTIL)
def on_until(scene: Scene) -> None:
    """Take the options of until when a proof is valid."""
    question = scene.question or {}
    if scene.answer.get("drop"):
        scene.settle()
        scene.say("kept")
    elif scene.answer.get("choice") or scene.answer.get("none"):
        scene.settle()
        _read_back(scene, scene.session.get(Helper, question["helper"]), question["kind_of_proof"], None)
    else:
        repair.missed(scene)


@answers("proof")
def on_proof(scene: Scene) -> None:
    """Take the answer to the read-back of a proof."""
    question = scene.question or {}
    scene.settle()
    if not scene.answer.get("yes"):
        scene.say("kept")
        return
    helper: Helper = scene.session.get(Helper, question["helper"])
    until = date.fromisoformat(question["last"]) if question["last"] else None
    try:
        again = proofs.record(scene.session, helper, question["kind_of_proof"], until, by=scene.contact, now=scene.now)
    except PermissionError:
        scene.say("proof_not_own")
        return
    about = {"name": helper.contact.name or "", "proof": question["proof"]}
    scene.say("proof_done", **about)
    if again:
        scene.say_line(touched(scene.words, again))
    kind = question["kind_of_proof"]
    scene.post.notify(
        helper.contact,
        "proof_helper",
        about=f"{helper.id}:{kind}",
        proof=lambda words: Catalogue.load().proof_names[kind][words.language],
        visits=lambda words: touched(words, again) if again else "",
    )
