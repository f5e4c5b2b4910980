"""A correction of what was just done, or was just asked about and refused: "sorry, I meant the week after"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from actions import change, skip, undo
from actions.scene import Json, Scene
from actions.topics import answers
from care.clock import local
from care.models import Series, Visit
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
    said = next(iter(scene.needs_said), None)
    if not deed or deed["kind"] not in (*LEFT_OUT, "changed", "booked"):
        return False
    if not tells and (said is None or not said.schedule.has_time()):
        undo.ask(scene)
        return True
    if deed["kind"] == "booked":
        return _mend_booking(scene, deed["series"], said)
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


def _mend_booking(scene: Scene, numbers: list[int], said: Need | None) -> bool:
    """Change the only help that was just asked for to the day or the time said; False when it cannot be that."""
    tells_when = said is not None and (said.schedule.has_time() or said.schedule.dtstart is not None)
    if len(numbers) != 1 or said is None or not tells_when:
        return False
    series = scene.session.get(Series, numbers[0])
    assert series is not None  # noqa: S101 - it was booked a moment ago, and series are never deleted
    old = Need.from_json(series.need).schedule
    if old.rrule is None and old.dtstart and said.schedule.dtstart and scene.bare_weekday:
        # "Rather Thursday", of a visit next week, is the Thursday of that week.
        day = old.dtstart + timedelta(days=said.schedule.dtstart.weekday() - old.dtstart.weekday())
        said = replace(said, schedule=replace(said.schedule, dtstart=max(day, scene.today)))
    scope = "once" if old.rrule is None else "series"
    change.begin(scene, Target(scope=scope), said, series.id)
    return True


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
