"""Meeting first: the first visit is a short introduction, and after it the person is asked whether to go on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from actions import asking, confirming, reoffering, repair
from actions.drafts import OpenDraft
from actions.notices import tell_of_end
from actions.requesting import parties
from actions.scene import Scene
from actions.topics import answers
from actions.upkeep import Upkeep, every_minute
from care import acceptance, booking, introductions, patience
from care.clock import later
from care.models import Ask, Series, Visit

AFTER = timedelta(hours=2)
"""So long after the meeting the person is asked: time to think, and the same day still."""
TOPIC = "meet_after"


def take(scene: Scene) -> bool:
    """Note that the person wants to meet the helpers of an open request first; False when there is no such request, or
    it is made in the same breath (`note`).
    """
    draft = OpenDraft.find(scene)
    if draft is None or not draft.items or not scene.question or scene.reading.act == "book":
        return False
    if scene.answer and scene.topic() not in ("offer", "booking"):
        # Where there is something to agree to, "first meet, please" is a condition and no yes.
        return False
    note(draft)
    draft.save()
    scene.say("meet_noted")
    if scene.topic() == "booking":
        scene.settle()
        confirming.read_back(scene, draft)
    else:
        scene.ask_again()
    return True


def note(draft: OpenDraft) -> None:
    """Every help of the draft begins with a meeting."""
    for item in draft.items:
        item["meet"] = True


@every_minute
def ask_after(upkeep: Upkeep) -> int:
    """Ask those who met a helper whether that helper may keep coming."""
    asked = 0
    for visit in introductions.to_ask_after(upkeep.session, later(upkeep.now, -AFTER)):
        series = upkeep.session.get(Series, visit.series_id)
        for contact in parties(upkeep.session, series)[:1]:
            upkeep.post(f"met:{visit.id}").ask(
                contact,
                TOPIC,
                "yes_no",
                "meet_how",
                series=series,
                remind_at=patience.remind_at(upkeep.now, patience.choose_by(upkeep.now)),
                name=series.helper.contact.name or "",
            )
        introductions.asked_after(upkeep.session, visit)
        asked += 1
    return asked


@answers(TOPIC)
def on_meet_after(scene: Scene) -> None:
    """Take the answer to whether the helper may keep coming; on a no others are proposed."""
    if "yes" not in scene.answer:
        repair.missed(scene)
        return
    ask = scene.session.get(Ask, (scene.question or {})["ask"])
    series = acceptance.locked(scene.session, ask.series_id)
    if asking.answered(scene) is None or series.status != "active":
        scene.say("next_gone")
    elif scene.answer["yes"]:
        scene.say("meet_goes_on", name=series.helper.contact.name or "")
    else:
        first = scene.session.scalars(
            select(Visit.starts)
            .where(Visit.series_id == series.id, Visit.starts > scene.now, Visit.status == "planned")
            .order_by(Visit.starts)
        ).first()
        booking.end_series(scene.session, series, scene.contact, scene.now, why="met")
        if first is not None:
            tell_of_end(scene, series, first)
        scene.say("meet_ended", name=series.helper.contact.name or "")
        reoffering.propose_next(scene.post, series, "met")
