"""As always: the household's usual helper, time and day for a service, without saying it all again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions import offering, repair
from actions.drafts import OpenDraft, need_of
from actions.scene import Json, Scene
from actions.topics import answers
from care import booking, habits
from care.models import Recipient, Series
from care.people import recipients_for
from care.schedule import Schedule

MOST = 3


def take(scene: Scene) -> bool:
    """Take up what was agreed the last time; False when there is nothing like it."""
    draft = OpenDraft.find(scene)
    if scene.question and not (draft and draft.items):
        # Something else was asked.
        return False
    recipient = _recipient(scene, draft)
    if recipient is None:
        return False
    found = habits.usual(scene.session, recipient, _service(scene, draft))
    if not found:
        return False
    if len(found) > 1:
        options: list[Json] = [
            {"value": str(series.id), "text": scene.service_name(series.service)} for series in found[:MOST]
        ]
        scene.settle()
        day = _day_said(scene)
        scene.ask("usual_which", "choice", "ask_which_service", options, day=day.isoformat() if day else "")
    else:
        once_more(scene, found[0])
    return True


def _recipient(scene: Scene, draft: OpenDraft | None) -> Recipient | None:
    if draft is not None and draft.row.recipient_id is not None:
        return scene.session.get(Recipient, draft.row.recipient_id)
    found = recipients_for(scene.session, scene.contact, scene.now, "act")
    return found[0] if len(found) == 1 else None


def _service(scene: Scene, draft: OpenDraft | None) -> str | None:
    """The service that was named, or is being asked about."""
    for need in scene.needs_said:
        if need.service is not None:
            return need.service
    if scene.target_said.service is not None:
        return scene.target_said.service
    return need_of(draft.asked_item()).service if draft is not None and draft.items else None


@answers("usual_which")
def on_which(scene: Scene) -> None:
    """Take the answer to which help is meant."""
    choice = scene.answer.get("choice")
    if choice is None:
        repair.missed(scene)
        return
    day = (scene.question or {}).get("day")
    scene.settle()
    once_more(scene, scene.session.get(Series, int(choice)), date.fromisoformat(day) if day else None)


def _day_said(scene: Scene) -> date | None:
    """The one day that was named, when it is still to come."""
    days = scene.target_said.dates or tuple(
        need.schedule.dtstart for need in scene.needs_said if need.schedule.dtstart and need.schedule.rrule is None
    )
    return days[0] if len(set(days)) == 1 and days[0] >= scene.today else None


def once_more(scene: Scene, series: Series, day: date | None = None) -> None:
    """Put the last agreement into the draft, with its helper where they are free; what runs still is only told."""
    from actions import visits  # it says what is planned; its repairs begin with the menu

    running = booking.running(scene.session, series.recipient, scene.now, series.service)
    day = day or _day_said(scene)
    extra = day is not None and not any(line.service == series.service for line in visits.coming(scene, day, 1))
    if not extra and any(one.need["rrule"] is not None for one in running):
        scene.settle()
        scene.say("usual_runs", service=scene.service_name(series.service))
        visits.say_visits(scene)
        return
    need = habits.once_more(series, scene.now)
    if day is not None and extra:
        # One visit more on the day that was named, with the usual helper at the usual hour.
        need = replace(
            need,
            schedule=Schedule(dtstart=day, times=need.schedule.times, duration_minutes=need.schedule.duration_minutes),
        )
    draft = OpenDraft.find(scene) or OpenDraft.start(scene)
    draft.row.recipient_id = series.recipient_id
    same = [item for item in draft.items if need_of(item).service in (series.service, None)]
    item = same[0] if same else draft.add(need)
    draft.set_need(item, need)
    draft.save()
    name = series.helper.contact.name or ""
    offering.keep_helper(scene, draft, item, name)
    if item["offer"] is None:
        scene.say("usual_not_free", name=name)
    draft.save()
    scene.settle()
    scene.go_on = True
