"""Undoing the last deed: for a day, by saying so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from actions import absence, pausing, retracting, splitting
from actions.base import CareAction
from actions.drafts import OpenDraft
from actions.notices import first_visit, tell_of_end, tell_of_visits
from actions.requesting import TOPIC, ask_helper
from actions.scene import Scene
from actions.topics import answers
from care import asks, booking
from care.models import Series, Visit
from care.plans import Plan
from care.reopening import reopen_series
from care.visits import restore_visits

JUST_NOW = timedelta(minutes=10)
FOR = timedelta(hours=24)
"""How long a deed can be undone by a word."""


class ActionUndo(CareAction):
    """The last deed is to be undone."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_undo"

    def play(self, scene: Scene) -> None:
        """Drop what is not booked yet, else take back the last deed."""
        draft = OpenDraft.find(scene)
        if draft is not None:
            scene.settle()
            draft.close("dropped")
            scene.say("draft_dropped")
        else:
            undo_last(scene)


def is_fresh(scene: Scene) -> bool:
    """Whether there is a deed that can still be undone."""
    deed = scene.state.get("last_deed")
    return bool(deed) and scene.now - datetime.fromisoformat(deed["at"]) <= FOR


def was_just_now(scene: Scene) -> bool:
    """Whether the last deed is so recent that a plain no may be about it."""
    deed = scene.state.get("last_deed")
    return bool(deed) and scene.now - datetime.fromisoformat(deed["at"]) <= JUST_NOW


@answers("undo")
def on_undo(scene: Scene) -> None:
    """Take the answer to whether the last deed should be undone."""
    scene.settle()
    if scene.answer.get("yes"):
        undo_last(scene)
    else:
        scene.say("kept")


def undo_last(scene: Scene) -> None:
    """Take back the last deed, and tell the helpers."""
    deed: dict[str, Any] | None = scene.state.get("last_deed")
    scene.settle()
    if not deed:
        scene.say("undo_nothing")
        return
    if not is_fresh(scene):
        scene.say("undo_too_late")
        return
    scene.state["last_deed"] = None
    if deed["kind"] == "booked":
        _undo_booking(scene, deed["series"])
    elif deed["kind"] == "changed":
        _undo_change(scene, deed)
    elif deed["kind"] == "split":
        splitting.undo(scene, deed)
    elif deed["kind"] == "away":
        absence.undo(scene, deed["helper"])
    elif deed["kind"] == "accepted":
        retracting.undo(scene, deed["series"])
    elif deed["kind"] == "paused":
        pausing.begin_again(scene, deed["series"])
    elif deed["kind"] == "resumed":
        pausing.rest(scene, deed["series"])
        scene.say("paused")
    elif deed["kind"] == "skipped":
        _restore(scene, deed["visits"])
    else:
        _reopen(scene, deed)


def _undo_booking(scene: Scene, series_ids: list[int]) -> None:
    booking.undo(scene.session, series_ids, scene.contact, scene.now)
    for series_id in series_ids:
        series = scene.session.get(Series, series_id)
        tell_of_end(scene, series, first_visit(Plan.from_json(series.plan)))
    scene.say("undone_booking")


def _undo_change(scene: Scene, deed: dict[str, Any]) -> None:
    """Take the new visits away and put the old ones back, or neither."""
    both = scene.session.begin_nested()
    booking.undo(scene.session, deed["series"], scene.contact, scene.now)
    try:
        back = reopen_series(scene.session, deed["ended"], deed["visits"], scene.contact, scene.now)
    except booking.SlotTaken as taken:
        both.rollback()
        scene.say("undo_taken", dates=scene.words.dates(taken.dates))
        return
    both.commit()
    for series_id in deed["series"]:
        series = scene.session.get(Series, series_id)
        tell_of_end(scene, series, first_visit(Plan.from_json(series.plan)))
    _tell_back(scene, deed["ended"], back)


def _restore(scene: Scene, visit_ids: list[int]) -> None:
    try:
        back = restore_visits(scene.session, visit_ids, scene.contact, scene.now)
    except booking.SlotTaken as taken:
        scene.say("undo_taken", dates=scene.words.dates(taken.dates))
        return
    _tell_back(scene, sorted({visit.series_id for visit in back}), back)


def _reopen(scene: Scene, deed: dict[str, Any]) -> None:
    try:
        back = reopen_series(scene.session, deed["series"], deed["visits"], scene.contact, scene.now)
    except booking.SlotTaken as taken:
        scene.say("undo_taken", dates=scene.words.dates(taken.dates))
        return
    _tell_back(scene, deed["series"], back)


def _tell_back(scene: Scene, series_ids: list[int], back: list[Visit]) -> None:
    """Tell the helpers which visits stand again; who had not agreed when they were ended is asked anew."""
    reopened = [scene.session.get(Series, series_id) for series_id in series_ids]
    again = [
        series
        for series in reopened
        if series.status == "offered" and asks.open_about(scene.session, series, TOPIC) is None
    ]
    asked = {series.id for series in again}
    tell_of_visits(scene, "helper_back", [visit.id for visit in back if visit.series_id not in asked])
    if again:
        until = max(ask_helper(scene.post, series) for series in again)
        names = scene.words.listed(list(dict.fromkeys(series.helper.contact.name or "" for series in again)))
        scene.say("asked_one", names=names, until=scene.words.moment(until, scene.today))
    else:
        scene.say("undone_skip")
