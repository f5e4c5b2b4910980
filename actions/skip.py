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
from actions.notices import (
    dates_of,
    moments_in_words,
    starts_on,
    tell_home,
    tell_of_dates,
    tell_of_end,
    tell_of_visits,
)
from actions.scene import Json, Scene
from actions.topics import answers
from actions.visits import AHEAD, coming, helpers_named, of_helper
from care import ahead, booking, pausing
from care.clock import local
from care.models import Series, Visit, col
from care.people import recipients_for
from care.visits import EXPECTED, VisitLine, midnight, skip_visits
from nlu.reading import Target

MOST_NAMED = 4
EVERY = "all"
"""Stands for every service in the answer to which help is meant."""
GIVEN_UP = frozenset({"substitute_choice", "next_offer", "next_nobody"})
"""Questions about who should come instead: "never mind, I shall manage" answers them."""


class ActionSkip(CareAction):
    """Visits are to be left out; the rest stays."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_skip"

    def play(self, scene: Scene) -> None:
        """Find the visits meant, ask what is unclear, and read back before leaving them out."""
        target = scene.reading.target
        if scene.topic() in GIVEN_UP and not (target.service or target.dates or target.from_ or scene.several):
            drop(scene)
            return
        if repair.unsure_aside(scene):
            repair.missed(scene)
            return
        leave_out(scene, scene.reading.target)


class ActionCancel(CareAction):
    """A series or a booking is to be ended."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_cancel"

    def play(self, scene: Scene) -> None:
        """With a draft open it is dropped; right after a booking that is undone; else visits that stand are meant."""
        target = scene.reading.target
        if repair.unsure_aside(scene):
            repair.missed(scene)
            return
        vague = not (target.service or target.dates or target.from_ or target.scope or scene.several)
        vague = vague and not helpers_named(coming(scene, scene.today, AHEAD), scene.turn.text)
        draft = OpenDraft.find(scene)
        if draft and (vague or not _lines_meant(scene, target)):
            _leave_out_of_draft(scene, draft, target.service)
        elif vague and scene.question:
            drop(scene)
        elif vague and undo.is_plainly_meant(scene):
            undo.undo_last(scene)
        elif vague and undo.is_fresh(scene):
            undo.ask(scene, else_scope="series")
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


def leave_out(
    scene: Scene, target: Target, helper: int | None = None, several: int | None = None, *, every: bool = False
) -> None:
    """Leave out or end what the target means (of one `helper`, the next so many); asks where it is unclear, but not
    which help when it is `every` one.
    """
    lines = _lines_meant(scene, target)
    if not lines and target.service and not _has(scene, target.service):
        # A reason sounds like a service ("then I am at the optician's"); what is meant is read back.
        target = replace(target, service=None)
        lines = _lines_meant(scene, target)
    lines = [line for line in lines if line.helper_id == helper] if helper else of_helper(lines, scene.turn.text)
    helpers = {line.helper_id for line in lines}
    helper = helpers.pop() if len(helpers) == 1 else None
    several = several or scene.several
    services = sorted({line.service for line in lines})
    resting = [] if lines or target.scope != "series" else _resting(scene, target)
    about = {"target": target.to_json(), "helper": helper, "several": several, "every": every}
    if resting:
        names = scene.words.listed(sorted({scene.service_name(series.service) for series in resting}))
        scene.ask_yes_no("end", "end_confirm", services=names, ids=[series.id for series in resting])
    elif not lines:
        scene.settle()
        scene.say("skip_nothing")
    elif target.scope == "series":
        _ask_end(scene, target, lines, services)
    elif several and len(services) == 1:
        _ask_skip(scene, lines[:several])
    elif target.dates or target.from_ or target.until:
        _ask_skip(scene, lines)
    elif len(services) > 1 and target.service is None and not every:
        options: list[Json] = [{"value": key, "text": scene.service_name(key)} for key in services[:3]]
        options.append(scene.option(EVERY))
        scene.ask("skip_service", "choice", "ask_which_service", options, **about)
    elif target.scope == "once":
        # Of every help its next visit.
        _ask_skip(scene, [next(line for line in lines if line.service == key) for key in services])
    else:
        options = [scene.option("once"), scene.option("series")]
        service = scene.words.listed([scene.service_name(key) for key in services])
        scene.ask("scope", "choice", "ask_scope", options, service=service, **about)


def _resting(scene: Scene, target: Target) -> list[Series]:
    """The series on hold that a target can mean: they have no visits, but can be ended."""
    recipients = recipients_for(scene.session, scene.contact, scene.now, "act")
    found = pausing.paused(scene.session, recipients)
    return [series for series in found if target.service in (None, series.service)]


def _lines_meant(scene: Scene, target: Target) -> list[VisitLine]:
    """The visits to come that a target can mean."""
    if target.scope == "series":
        # Ended from a date on: what comes before it belongs to the same help.
        target = replace(target, from_=None, until=None)
    days = set(target.dates)

    def on_a_day_meant(day: date) -> bool:
        if days:
            return day in days
        return (target.from_ is None or day >= target.from_) and (target.until is None or day <= target.until)

    recipients = recipients_for(scene.session, scene.contact, scene.now, "act")
    own = {recipient.id for recipient in recipients}
    known = coming(scene, scene.today, AHEAD)
    last = max(days) if days else target.until
    if last is not None and target.scope != "series":
        known += ahead.still_to_make(
            scene.session, recipients, min(days) if days else target.from_ or scene.today, last
        )
    return [
        line
        for line in known
        if line.start > scene.now
        and line.recipient_id in own
        and target.service in (None, line.service)
        and on_a_day_meant(line.start.date())
    ]


def _has(scene: Scene, service: str) -> bool:
    """Whether help of this service runs, or rests."""
    recipients = recipients_for(scene.session, scene.contact, scene.now, "act")
    found = [series for one in recipients for series in booking.running(scene.session, one, scene.now)]
    return any(series.service == service for series in (*found, *pausing.paused(scene.session, recipients)))


def _ask_skip(scene: Scene, lines: Sequence[VisitLine]) -> None:
    """Read back which visits will be left out, those that have not been made yet among them."""
    visits = [line.visit for line in lines if line.visit != ahead.NOT_MADE]
    later: dict[str, list[str]] = {}
    for line in lines:
        if line.visit == ahead.NOT_MADE:
            later.setdefault(str(line.series), []).append(line.start.date().isoformat())
    notice.warn(scene, visits)
    about = {"ids": visits, "later": later}
    if len(lines) <= MOST_NAMED:
        scene.ask_yes_no("skip", "skip_confirm", visits=named(scene, lines), **about)
    else:
        first, last = (scene.words.date(line.start.date()) for line in (lines[0], lines[-1]))
        scene.ask_yes_no("skip", "skip_confirm_period", n=len(lines), first=first, last=last, **about)


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
    notice.warn(scene, [line.visit for line in lines if not target.from_ or line.start.date() >= target.from_])
    names = scene.words.listed([scene.service_name(key) for key in services])
    if target.from_ and target.from_ > scene.today:
        since = scene.words.date(target.from_)
        scene.ask_yes_no("end", "end_confirm_from", services=names, ids=series, since=since, **_from(target.from_))
    else:
        scene.ask_yes_no("end", "end_confirm", services=names, ids=series)


def _from(day: date | None) -> Json:
    return {"from": day.isoformat()} if day else {}


@answers("scope", "skip_service")
def on_detail(scene: Scene) -> None:
    """Take the answer to "this time or for good?", or to which help is meant."""
    choice = scene.answer.get("choice")
    question = scene.question or {}
    if choice is None and not scene.several:
        repair.missed(scene)
        return
    every = choice == EVERY or bool(question.get("every"))
    told = {"scope" if question["topic"] == "scope" else "service": choice} if choice and choice != EVERY else {}
    scene.settle()
    leave_out(
        scene,
        replace(Target.from_json(question["target"]), **told),
        question.get("helper"),
        scene.several or question.get("several"),
        every=every,
    )


@answers("skip")
def on_skip(scene: Scene) -> None:
    """Take the answer to the read-back of what will be left out."""
    question = scene.question or {}
    scene.settle()
    if not scene.answer.get("yes"):
        _refused(scene, "once")
        return
    left_out = skip_visits(scene.session, question["ids"], scene.contact, scene.now)
    later = question.get("later") or {}
    ahead.leave_out(scene.session, dates_of(later), scene.contact, scene.now)
    scene.state["last_deed"] = {
        "kind": "skipped",
        "visits": [visit.id for visit in left_out],
        "later": later,
        "at": scene.now.isoformat(),
    }
    tell_of_visits(scene, "helper_skip", [visit.id for visit in left_out])
    tell_of_dates(scene, "helper_skip", dates_of(later))
    _tell_home(scene, left_out, dates_of(later))
    scene.say("skipped")


def _refused(scene: Scene, scope: str) -> None:
    """All stays; what is said next may tell what was meant instead."""
    scene.state["refused"] = {"scope": scope, "at": scene.now.isoformat()}
    scene.say("kept")


def _tell_home(scene: Scene, left_out: Sequence[Visit], later: dict[int, list[date]]) -> None:
    """Tell the others at home which visits somebody of them left out."""
    moments = [local(visit.starts) for visit in left_out]
    for number, days in later.items():
        moments += starts_on(scene.session.get(Series, number), days)
    if moments:
        series = {*later, *(visit.series_id for visit in left_out)}
        visits = sorted(moments)
        tell_home(scene, "home_skipped", series, visits=lambda words: moments_in_words(words, visits, scene.today))


@answers("end")
def on_end(scene: Scene) -> None:
    """Take the answer to the read-back of what will end."""
    question = scene.question or {}
    ids, since = question["ids"], question.get("from")
    since = date.fromisoformat(since) if since else None
    scene.settle()
    if not scene.answer.get("yes"):
        _refused(scene, "series")
        return
    begins = max(scene.now, midnight(since)) if since else scene.now
    query = select(Visit).where(col(Visit.series_id).in_(ids), Visit.starts > begins, col(Visit.status).in_(EXPECTED))
    visits = scene.session.scalars(query.order_by(Visit.starts)).all()
    for series_id in ids:
        series = scene.session.get(Series, series_id)
        first = next((visit.starts for visit in visits if visit.series_id == series_id), None)
        if series.status == "paused" or (since and first is None):
            first = begins
        booking.end_series(scene.session, series, scene.contact, scene.now, from_=since)
        if first is not None:
            tell_of_end(scene, series, first)
    scene.state["last_deed"] = {
        "kind": "ended",
        "series": ids,
        "visits": [visit.id for visit in visits],
        "at": scene.now.isoformat(),
    }
    tell_home(scene, "home_ended", ids, since=lambda words: words.near_date((since or scene.today), scene.today))
    scene.say("ended_from" if since else "ended", since=scene.words.date(since) if since else "")
