"""A correction of what was just done, or was just asked about and refused: "sorry, I meant the week after"."""

from __future__ import annotations

from dataclasses import replace

from actions import change, skip, undo
from actions.scene import Json, Scene
from actions.topics import answers
from care.clock import local
from care.models import Visit
from care.needs import Need
from nlu.reading import Target

LEFT_OUT = {"skipped": "once", "ended": "series"}
"""Deeds by which visits went away, and how far the same deed goes when it is done anew."""


def take(scene: Scene) -> bool:
    """Take a message that corrects the last deed or a refused question; False when there is none it can be about."""
    target = scene.target_said
    tells = bool(target.service or target.dates or target.from_ or target.until)
    refused = scene.state.get("refused")
    if tells and refused and refused["at"] == (scene.state.get("last_said") or {}).get("at"):
        scene.state["refused"] = None
        _leave_out(scene, target, refused["scope"])
        return True
    deed = scene.state.get("last_deed") if undo.may_be_meant(scene) else None
    if not tells or not deed or deed["kind"] not in (*LEFT_OUT, "changed"):
        return False
    said = next(iter(scene.needs_said), None)
    about: Json = {"target": target.to_json(), "said": said.to_json() if said else {}, "deed": undo.in_words(scene)}
    scene.ask_yes_no("undo_then", "ask_undo_then", **about)
    return True


@answers("undo_then")
def on_undo_then(scene: Scene) -> None:
    """Take the answer to whether the last deed is undone; then go on with what was said in its place."""
    question, deed = scene.question or {}, scene.state.get("last_deed")
    scene.settle()
    if not deed or not scene.answer.get("yes"):
        scene.say("kept")
        return
    undo.undo_last(scene)
    target = Target.from_json(question["target"])
    if deed["kind"] in LEFT_OUT:
        _leave_out(scene, target, LEFT_OUT[deed["kind"]])
    elif question["said"] and deed["visits"]:
        _change(scene, deed["visits"], Need.from_json(question["said"]))


def _leave_out(scene: Scene, target: Target, scope: str) -> None:
    """Leave out, or end, what is meant instead; it is read back first."""
    named = target.dates or target.from_ or target.until
    skip.leave_out(scene, replace(target, scope=scope if scope == "series" or not named else target.scope))


def _change(scene: Scene, visits: list[int], said: Need) -> None:
    """Move the first of the visits that stand again to what was said; nothing, when that is where it stands."""
    visit = scene.session.get(Visit, visits[0])
    day = local(visit.starts).date()
    if said.schedule.dtstart == day and not said.schedule.has_time():
        return
    change.begin(scene, Target(dates=(day,), scope="once"), said, visit.series_id)
