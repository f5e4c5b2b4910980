"""Waiting: the helper is on the way, nobody is there yet, and is there an answer?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from actions import attendance
from actions.scene import Scene
from care import checkins, circle, daily
from care.clock import later
from care.models import Helper, Visit, col
from care.people import recipients_for
from nlu.helpers import HelperAct

NO_REQUEST = frozenset({"out_of_scope", "clarify", "confirm", "greet", "repeat"})
"""Acts that asking for news, or telling what the helper should know, is easily taken for."""
LATE_BY_NOW = timedelta(minutes=5)
"""So long past the start "on my way" leaves open when: it is asked."""


def set_out(scene: Scene, helper: Helper, said: HelperAct) -> None:
    """The helper is on the way: those at home are told; who should have been there by now is asked when."""
    visit = checkins.nearest(scene.session, helper, scene.now, ("planned",))
    if visit is None:
        scene.say("no_visit_near")
        return
    if visit.starts <= later(scene.now, -LATE_BY_NOW):
        attendance.run_late(scene, helper, said)
        return
    for contact in circle.told(scene.session, visit.series, scene.now):
        scene.post.notify(contact, "helper_on_way", about=str(visit.id), name=scene.contact.name or "")
    scene.say("on_way_noted", recipient=visit.series.recipient.name)


def take_not_here(scene: Scene) -> bool:
    """The helper who should be there is asked at once, and looked for by a person when no word comes; who is not due
    yet is named. False when nobody is due today, or something else was asked.
    """
    if scene.answer:
        return False
    from actions.visits import coming, say_who_is_coming  # it begins with the base of all actions, which looks here

    own = [recipient.id for recipient in recipients_for(scene.session, scene.contact, scene.now)]
    query = select(Visit).where(
        col(Visit.recipient_id).in_(own),
        Visit.status == "planned",
        Visit.starts <= scene.now,
        Visit.starts > later(scene.now, -daily.LATE_WITHIN),
    )
    visit = scene.session.scalars(query.order_by(col(Visit.starts).desc(), Visit.id).limit(1)).first()
    if visit is None:
        if not any(line.start > scene.now for line in coming(scene, scene.today, 1)):
            return False
        say_who_is_coming(scene)
        scene.ask_again()
        return True
    helper: Helper = scene.session.get(Helper, visit.helper_id)
    course = checkins.check_in(scene.session, visit)
    if course is None or course.asked is None:
        checkins.asked(scene.session, visit, scene.now)
        attendance.ask_helper(scene.post, visit)
    else:
        attendance.expect(scene.post, visit)
    checkins.deny(scene.session, visit, scene.now)
    searched = course is not None and course.escalated is not None
    scene.say("is_here_not_searched" if searched else "is_here_not", name=helper.contact.name or "")
    scene.ask_again()
    return True


def take_news(scene: Scene) -> bool:
    """Say how it stands with what was asked for; False when there is nothing, or something else may be meant."""
    from actions.visits import AHEAD, coming, say_visits  # as above

    lines = coming(scene, scene.today, AHEAD)
    waits = any(line.status == "offered" for line in lines)
    if scene.answer or not lines or (scene.question and not waits):
        return False
    if not waits and scene.reading.act not in NO_REQUEST:
        return False
    say_visits(scene)
    scene.ask_again()
    return True
