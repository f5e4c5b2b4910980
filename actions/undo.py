"""Undoing the last deed: for a day, by saying so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from actions import absence, pausing, retracting, splitting
from actions.base import CareAction
from actions.drafts import OpenDraft
from actions.notices import dates_of, first_visit, tell_home, tell_of_dates, tell_of_end, tell_of_visits
from actions.requesting import TOPIC, ask_helper
from actions.scene import Scene
from actions.topics import answers
from care import ahead, asks, booking
from care.models import Series, Visit, col
from care.plans import Plan
from care.reopening import reopen_series
from care.visits import restore_visits

AT_HOME = frozenset({"booked", "changed", "split", "paused", "resumed", "skipped", "ended"})
"""Deeds that others at home were told of."""
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
    return deed is not None and scene.now - datetime.fromisoformat(deed["at"]) <= FOR


def may_be_meant(scene: Scene) -> bool:
    """Whether a plain no may be about the last deed: done a moment ago, or the last thing that was said."""
    deed = scene.state.get("last_deed")
    if not deed or not is_fresh(scene):
        return False
    just_now = scene.now - datetime.fromisoformat(deed["at"]) <= JUST_NOW
    return just_now or (scene.state.get("last_said") or {}).get("at") == deed["at"]


def is_plainly_meant(scene: Scene) -> bool:
    """Whether "cancel that" can only be about the last deed: done a moment ago, and of one help.

    "Cancel the second one", of two that were booked, must not take both away.
    """
    return may_be_meant(scene) and len(_numbers(scene, scene.state["last_deed"])) == 1


def ask(scene: Scene, **about: Any) -> None:
    """Ask whether the last deed should be undone, saying what it was; `about` is for the taker of the answer."""
    scene.ask_yes_no("undo", "ask_undo_deed", deed=in_words(scene), **about)


def in_words(scene: Scene) -> str:
    """What the last deed was; there must be one."""
    deed = scene.state["last_deed"]
    kind = "changed" if deed["kind"] == "split" else deed["kind"]
    return scene.words.say(f"deed_{kind}", services=_services(scene, deed))


def _numbers(scene: Scene, deed: dict[str, Any]) -> list[int]:
    """The series a deed was about."""
    numbers = deed.get("series") or []
    numbers = [numbers] if isinstance(numbers, int) else [*numbers, *map(int, deed.get("later") or ())]
    of_visits = select(Visit.series_id).where(col(Visit.id).in_(deed.get("visits") or [])).distinct()
    return sorted({*numbers, *scene.session.scalars(of_visits)})


def _services(scene: Scene, deed: dict[str, Any]) -> str:
    """What the deed was about, in words."""
    about = col(Series.id).in_(_numbers(scene, deed))
    keys = scene.session.scalars(select(Series.service).where(about).distinct().order_by(Series.service))
    return scene.words.listed([scene.service_name(key) for key in keys]) or scene.service_name(None)


@answers("undo")
def on_undo(scene: Scene) -> None:
    """Take the answer to whether the last deed should be undone; after a no it may be said what is to end instead."""
    else_scope = (scene.question or {}).get("else_scope")
    scene.settle()
    if scene.answer.get("yes"):
        undo_last(scene)
    else:
        if else_scope:
            scene.state["refused"] = {"scope": else_scope, "at": scene.now.isoformat()}
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
    if deed["kind"] in AT_HOME:
        tell_home(scene, "home_undone", _numbers(scene, deed))
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
        _restore(scene, deed["visits"], dates_of(deed.get("later") or {}))
    else:
        _reopen(scene, deed)


def _undo_booking(scene: Scene, series_ids: list[int]) -> None:
    booking.undo(scene.session, series_ids, scene.contact, scene.now)
    for series_id in series_ids:
        series = scene.session.get(Series, series_id)
        tell_of_end(scene, series, first_visit(Plan.from_json(series.plan)))
    scene.say("undone_booking", services=_services(scene, {"series": series_ids}))


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


def _restore(scene: Scene, visit_ids: list[int], later: dict[int, list[date]]) -> None:
    try:
        back = restore_visits(scene.session, visit_ids, scene.contact, scene.now)
    except booking.SlotTaken as taken:
        scene.say("undo_taken", dates=scene.words.dates(taken.dates))
        return
    ahead.take_in(scene.session, later, scene.contact, scene.now)
    tell_of_dates(scene, "helper_back", later)
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
