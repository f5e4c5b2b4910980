"""A helper takes back the yes they just gave: as if they had said no, for everybody else."""

from __future__ import annotations

from datetime import timedelta

from actions import reoffering, repair, substituting
from actions.scene import Scene
from actions.substitute_words import moments
from actions.topics import answers
from care import acceptance, circle, daily, substitutes
from care.clock import later
from care.models import Helper, Series
from care.needs import Need
from care.plans import Plan

AT_ONCE = timedelta(minutes=10)
"""So shortly after a yes nothing else can be meant; after that it is asked."""
FOR = timedelta(hours=24)
"""So long a yes can be taken back by a word; as other deeds are undone."""


def take(scene: Scene, helper: Helper) -> bool:
    """Take back the helper's last yes; False when there is none that can be meant."""
    series = acceptance.lately_accepted(scene.session, helper, later(scene.now, -FOR), scene.now)
    if series is None:
        return False
    _begin(scene, series)
    return True


def _begin(scene: Scene, series: Series) -> None:
    """Take it back, or ask first: "never mind" may be said of something else hours later."""
    assert series.accepted is not None  # noqa: S101 - both callers have seen that it was agreed to
    if series.accepted >= later(scene.now, -AT_ONCE):
        _take_back(scene, series)
        return
    when = scene.words.plan(Need.from_json(series.need).schedule, Plan.from_json(series.plan))
    scene.ask_yes_no("retract", "retract_ask", recipient=series.recipient.name, when=when, series=series.id)


@answers("retract")
def on_retract(scene: Scene) -> None:
    """Take the answer to whether a yes should be taken back."""
    question = scene.question or {}
    if "yes" not in scene.answer and not scene.answer.get("drop"):
        repair.missed(scene)
        return
    scene.settle()
    if scene.answer.get("yes"):
        _take_back(scene, scene.session.get(Series, question["series"]))
    else:
        scene.say("kept")


def undo(scene: Scene, series_id: int) -> None:
    """The yes that was the last deed is taken back; asked about first when it is a while ago."""
    series: Series = scene.session.get(Series, series_id)
    if series.accepted is None:
        scene.say("undo_nothing")
    else:
        _begin(scene, series)


def _take_back(scene: Scene, series: Series) -> None:
    search = substitutes.covered_by(scene.session, series)
    if not acceptance.take_back(scene.session, series.id, scene.contact, scene.now):
        scene.say("retract_too_late")
        return
    scene.state["last_deed"] = None
    scene.say("retracted", recipient=series.recipient.name)
    if search is None:
        reoffering.propose_next(scene.post, series, "retracted")
        return
    back = substituting.give_back(scene.post, search, series)
    if not back:
        return
    for contact in circle.told(scene.session, search.series, scene.now):
        scene.post.notify(
            contact,
            "substitute_gave_back",
            about=str(search.id),
            due=daily.write_at(scene.now, back[0].starts),
            name=scene.contact.name or "",
            visits=lambda words: moments(words, back),
        )
    substituting.go_on(scene.post, search)
