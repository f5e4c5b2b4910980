"""Letting the help rest until further notice ("until I am home from hospital"), and having it begin again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from actions.notices import tell_home, tell_of_end
from actions.scene import Json, Scene
from actions.topics import answers
from actions.words import Words
from care import booking, pausing
from care.clock import local
from care.models import Helper, Recipient, Series, Visit
from care.people import recipients_for


def _recipients(scene: Scene) -> list[Recipient]:
    return recipients_for(scene.session, scene.contact, scene.now, "act")


def _meant(scene: Scene, found: Sequence[Series]) -> list[Series]:
    """Of these the series of the service that was named; all when none was, or none of these."""
    services = {need.service for need in scene.needs_said} | {scene.target_said.service}
    return [series for series in found if series.service in services] or list(found)


def _names(scene: Scene, found: Sequence[Series]) -> str:
    return scene.words.listed(list(dict.fromkeys(scene.service_name(series.service) for series in found)))


# A rest --------------------------------------------------------------------------------------------------------------


def take_pause(scene: Scene) -> bool:
    """Read back which help will rest; False when no help runs, when an end was named, or something else was asked."""
    target = scene.target_said
    if target.dates or target.until or (target.from_ and target.from_ > scene.today):
        return False
    return _ask_pause(scene, None)


def take_open_pause(scene: Scene) -> bool:
    """The same when it is said that nobody knows for how long ("I go into hospital on Thursday"): from that day on."""
    target = scene.target_said
    if target.until or len(target.dates) > 1:
        return False
    since = _day_said(scene)
    return _ask_pause(scene, since if since and since > scene.today else None)


def _day_said(scene: Scene) -> date | None:
    """The one day that was named, as a beginning or alone."""
    target = scene.target_said
    told = [need.schedule.dtstart for need in scene.needs_said if need.schedule.dtstart]
    return target.from_ or next(iter((*target.dates, *told)), None)


def _ask_pause(scene: Scene, since: date | None) -> bool:
    if scene.answer:
        return False
    running = [series for one in _recipients(scene) for series in booking.running(scene.session, one, scene.now)]
    recurring = [series for series in running if series.need["rrule"] is not None]
    if not recurring:
        return False
    found = _meant(scene, recurring)
    scene.settle()
    _ask(scene, "pause", since, found)
    return True


@answers("pause")
def on_pause(scene: Scene) -> None:
    """Take the answer to the read-back of what will rest."""
    question = scene.question or {}
    ids = question["ids"]
    scene.settle()
    if not scene.answer.get("yes"):
        scene.say("kept")
        return
    rest(scene, ids, _since(question))
    tell_home(
        scene, "home_paused", ids, since=lambda words: words.near_date(_since(question) or scene.today, scene.today)
    )
    scene.state["last_deed"] = {"kind": "paused", "series": ids, "at": scene.now.isoformat()}
    scene.say("paused")


def rest(scene: Scene, ids: Sequence[int], since: date | None = None) -> None:
    """Let series rest (from a day on); those whose helper has not answered yet are taken back instead. The helpers are
    told.
    """
    pausing.pause(scene.session, ids, scene.contact, scene.now, since)
    for series_id in ids:
        series = scene.session.get(Series, series_id)
        if series.status == "offered":
            booking.end_series(scene.session, series, scene.contact, scene.now, why=pausing.WHY)
            tell_of_end(scene, series, scene.now)
        elif series.status == "paused":
            helper = scene.session.get(Helper, series.helper_id)
            scene.post.notify(
                helper.contact,
                "helper_paused_from" if since else "helper_paused",
                about=str(series.id),
                recipient=series.recipient.name,
                day=lambda words: words.date(since) if since else "",
            )


# A new beginning -----------------------------------------------------------------------------------------------------


def take_resume(scene: Scene) -> bool:
    """Read back which help will begin again; False when none rests, or something else was asked."""
    found = [] if scene.answer else pausing.paused(scene.session, _recipients(scene))
    if not found:
        return False
    found = _meant(scene, found)
    scene.settle()
    since = _day_said(scene)
    _ask(scene, "resume", since if since and since > scene.today else None, found)
    return True


def _ask(scene: Scene, topic: str, since: date | None, found: Sequence[Series]) -> None:
    """Read back what will rest or begin again, and from which day on when one was named."""
    about = {"services": _names(scene, found), "ids": [series.id for series in found]}
    if since is None:
        scene.ask_yes_no(topic, f"{topic}_confirm", **about)
    else:
        day = scene.words.date(since)
        scene.ask_yes_no(topic, f"{topic}_confirm_from", day=day, since=since.isoformat(), **about)


def _since(question: Json) -> date | None:
    return date.fromisoformat(question["since"]) if question.get("since") else None


@answers("resume")
def on_resume(scene: Scene) -> None:
    """Take the answer to the read-back of what will begin again."""
    question = scene.question or {}
    ids = question["ids"]
    scene.settle()
    if scene.answer.get("yes"):
        begin_again(scene, ids, _since(question))
        tell_home(scene, "home_resumed", ids)
        scene.state["last_deed"] = {"kind": "resumed", "series": ids, "at": scene.now.isoformat()}
    else:
        scene.say("pause_goes_on")


def begin_again(scene: Scene, ids: Sequence[int], since: date | None = None) -> None:
    """Let series run again, tell the helpers, and say what is next and on which dates a helper cannot come any more."""
    resumed = pausing.resume(scene.session, ids, scene.contact, scene.now, since)
    standing = [visit for visit in resumed.back if visit.status == "planned"]
    for series_id in ids:
        series = scene.session.get(Series, series_id)
        helper = scene.session.get(Helper, series.helper_id)
        own = [visit for visit in standing if visit.series_id == series_id]
        if own:
            scene.post.notify(
                helper.contact,
                "helper_resumed",
                about=str(series_id),
                recipient=series.recipient.name,
                first=partial(Words.moment, when=local(own[0].starts)),
            )
    if standing:
        first = standing[0]
        scene.say(
            "resumed",
            first=scene.words.moment(local(first.starts), scene.today),
            name=first.series.helper.contact.name or "",
        )
    elif not resumed.lost and since is not None:
        scene.say("resumed_from", day=scene.words.date(since))
    if resumed.lost:
        _say_lost(scene, resumed.lost, standing)


def _say_lost(scene: Scene, lost: Sequence[Visit], standing: Sequence[Visit]) -> None:
    names = list(dict.fromkeys(visit.series.helper.contact.name or "" for visit in lost))
    dates = scene.words.dates(sorted({local(visit.starts).date() for visit in lost}))
    key = "resumed_lost" if standing else "resumed_lost_all"
    scene.say(key, n=len(lost), dates=dates, names=scene.words.listed(names))


def say_paused(scene: Scene) -> bool:
    """Say which help rests; whether there is any."""
    found = pausing.paused(scene.session, recipients_for(scene.session, scene.contact, scene.now))
    if found:
        scene.say("visits_paused", services=_names(scene, found))
    return bool(found)
