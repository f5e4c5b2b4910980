"""Leaving visits out, once or for a period, and ending help altogether."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from actions import notice, repair, undo
from actions.answer import drop
from actions.base import CareAction
from actions.drafts import OpenDraft, need_of
from actions.notices import tell_of_end, tell_of_visits
from actions.scene import Json, Scene
from actions.topics import answers
from actions.visits import AHEAD, coming
from care import booking, pausing
from care.models import Series, Visit
from care.people import recipients_for
from care.visits import EXPECTED, VisitLine, skip_visits
from nlu.reading import Target

MOST_NAMED = 4


class ActionSkip(CareAction):
    """Visits are to be left out; the rest stays."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_skip"

    def play(self, scene: Scene) -> None:
        """Find the visits meant, ask what is unclear, and read back before leaving them out."""
        leave_out(scene, scene.reading.target)


class ActionCancel(CareAction):
    """A series or a booking is to be ended."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_cancel"

    def play(self, scene: Scene) -> None:
        """With a draft open it is dropped; right after a booking that is undone; else visits that stand are meant."""
        target = scene.reading.target
        vague = not (target.service or target.dates or target.from_ or target.scope)
        draft = OpenDraft.find(scene)
        if draft and (vague or not _lines_meant(scene, target)):
            _leave_out_of_draft(scene, draft, target.service)
        elif vague and scene.question:
            drop(scene)
        elif vague and undo.is_fresh(scene):
            undo.undo_last(scene)
        else:
            leave_out(scene, target)


def _leave_out_of_draft(scene: Scene, draft: OpenDraft, service: str | None) -> None:
    """Drop the request that is being made, or only the service named of it."""
    named = [item for item in draft.items if need_of(item).service == service]
    if service is None or not named or len(draft.items) == 1:
        drop(scene)
        return
    draft.drop(named[0])
    draft.save()
    scene.settle()
    scene.say("need_left_out", service=scene.service_name(service))
    scene.go_on = True


def leave_out(scene: Scene, target: Target) -> None:
    """Leave out or end what the target means; asks where it is unclear."""
    lines = _lines_meant(scene, target)
    services = sorted({line.service for line in lines})
    resting = [] if lines or target.scope != "series" else _resting(scene, target)
    if resting:
        names = scene.words.listed(sorted({scene.service_name(series.service) for series in resting}))
        scene.ask_yes_no("end", "end_confirm", services=names, ids=[series.id for series in resting])
    elif not lines:
        scene.settle()
        scene.say("skip_nothing")
    elif target.scope == "series":
        _ask_end(scene, target, lines, services)
    elif target.dates or target.from_ or target.until:
        _ask_skip(scene, lines)
    elif len(services) > 1 and target.service is None:
        options: list[Json] = [{"value": key, "text": scene.service_name(key)} for key in services[:3]]
        scene.ask("skip_service", "choice", "ask_which_service", options, target=target.to_json())
    elif target.scope == "once":
        _ask_skip(scene, lines[:1])
    else:
        options = [scene.option("once"), scene.option("series")]
        service = scene.service_name(lines[0].service)
        scene.ask("scope", "choice", "ask_scope", options, service=service, target=target.to_json())


def _resting(scene: Scene, target: Target) -> list[Series]:
    """The series on hold that a target can mean: they have no visits, but can be ended."""
    recipients = recipients_for(scene.session, scene.contact, scene.now, "act")
    found = pausing.paused(scene.session, recipients)
    return [series for series in found if target.service in (None, series.service)]


def _lines_meant(scene: Scene, target: Target) -> list[VisitLine]:
    """The visits to come that a target can mean."""
    days = set(target.dates)

    def on_a_day_meant(day: date) -> bool:
        if days:
            return day in days
        return (target.from_ is None or day >= target.from_) and (target.until is None or day <= target.until)

    own = {recipient.id for recipient in recipients_for(scene.session, scene.contact, scene.now, "act")}
    return [
        line
        for line in coming(scene, scene.today, AHEAD)
        if line.start > scene.now
        and line.recipient_id in own
        and target.service in (None, line.service)
        and on_a_day_meant(line.start.date())
    ]


def _ask_skip(scene: Scene, lines: Sequence[VisitLine]) -> None:
    """Read back which visits will be left out."""
    visits = [line.visit for line in lines]
    notice.warn(scene, visits)
    if len(lines) <= MOST_NAMED:
        scene.ask_yes_no("skip", "skip_confirm", visits=named(scene, lines), ids=visits)
    else:
        first, last = (scene.words.date(line.start.date()) for line in (lines[0], lines[-1]))
        scene.ask_yes_no("skip", "skip_confirm_period", n=len(lines), first=first, last=last, ids=visits)


def named(scene: Scene, lines: Sequence[VisitLine]) -> str:
    """Some visits in words."""
    return scene.words.listed(
        [
            f"{scene.words.moment(line.start, scene.today)} ({scene.service_name(line.service)}, {line.helper})"
            for line in lines
        ]
    )


def _ask_end(scene: Scene, target: Target, lines: Sequence[VisitLine], services: Sequence[str]) -> None:
    """Read back which help will end."""
    series = sorted({line.series for line in lines})
    notice.warn(scene, [line.visit for line in lines])
    names = scene.words.listed([scene.service_name(key) for key in services])
    scene.ask_yes_no("end", "end_confirm", services=names, ids=series)


@answers("scope", "skip_service")
def on_detail(scene: Scene) -> None:
    """Take the answer to "this time or for good?", or to which help is meant."""
    choice = scene.answer.get("choice")
    question = scene.question or {}
    if choice is None:
        repair.missed(scene)
        return
    told = {"scope" if question["topic"] == "scope" else "service": choice}
    scene.settle()
    leave_out(scene, replace(Target.from_json(question["target"]), **told))


@answers("skip")
def on_skip(scene: Scene) -> None:
    """Take the answer to the read-back of what will be left out."""
    ids = (scene.question or {})["ids"]
    scene.settle()
    if not scene.answer.get("yes"):
        scene.say("kept")
        return
    left_out = skip_visits(scene.session, ids, scene.contact, scene.now)
    scene.state["last_deed"] = {
        "kind": "skipped",
        "visits": [visit.id for visit in left_out],
        "at": scene.now.isoformat(),
    }
    tell_of_visits(scene, "helper_skip", [visit.id for visit in left_out])
    scene.say("skipped")


@answers("end")
def on_end(scene: Scene) -> None:
    """Take the answer to the read-back of what will end."""
    ids = (scene.question or {})["ids"]
    scene.settle()
    if not scene.answer.get("yes"):
        scene.say("kept")
        return
    query = select(Visit).where(Visit.series_id.in_(ids), Visit.starts > scene.now, Visit.status.in_(EXPECTED))
    visits = scene.session.scalars(query.order_by(Visit.starts)).all()
    for series_id in ids:
        series = scene.session.get(Series, series_id)
        first = next((visit.starts for visit in visits if visit.series_id == series_id), None)
        if series.status == "paused":
            first = scene.now
        booking.end_series(scene.session, series, scene.contact, scene.now)
        if first is not None:
            tell_of_end(scene, series, first)
    scene.state["last_deed"] = {
        "kind": "ended",
        "series": ids,
        "visits": [visit.id for visit in visits],
        "at": scene.now.isoformat(),
    }
    scene.say("ended")
