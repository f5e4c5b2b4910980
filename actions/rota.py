"""The helper's own list: whom they visit, when and where; and the rounds that tell everybody of tomorrow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from actions.post import Post
from actions.scene import Scene
from actions.upkeep import Upkeep, every_minute
from actions.words import Words
from care import circle, daily, rounds
from care.clock import local
from care.models import Contact, Helper, Visit
from care.reminding import REMINDER
from care.visits import COMING, VisitLine, visits_of
from nlu.helpers import HelperAct

WEEK = 7
MOST_LINES = 12
ROUND = "reminders"


def say_rota(scene: Scene, helper: Helper, said: HelperAct) -> None:
    """Say whom the helper visits on the days named, or in the week to come."""
    spans = said.spans or ((scene.today, scene.today + timedelta(days=WEEK - 1)),)
    first, last = spans[0][0], min(spans[-1][1], spans[0][0] + timedelta(days=2 * WEEK))
    lines = [
        line
        for line in visits_of(scene.session, scene.contact, first, (last - first).days + 1, scene.now)
        if line.helper_id == helper.id and line.status in COMING and line.end > scene.now
    ]
    if not lines:
        scene.say("rota_none", when=_span(scene.words, first, last))
        return
    scene.say("rota_head", when=_span(scene.words, first, last))
    for line in lines[:MOST_LINES]:
        scene.say_line(_rota_line(scene, line))
    if len(lines) > MOST_LINES:
        scene.say("visits_more", n=len(lines) - MOST_LINES)
    scene.ask_again()


def _span(words: Words, first: date, last: date) -> str:
    if first == last:
        return words.date(first)
    return words.say("from_to_dates", first=words.date(first), last=words.date(last))


def _rota_line(scene: Scene, line: VisitLine) -> str:
    visit: Visit = scene.session.get(Visit, line.visit)
    address = visit.series.recipient.address
    return scene.words.say(
        "rota_line",
        when=scene.words.moment(line.start, scene.today),
        minutes=scene.words.duration(round((line.end - line.start).total_seconds() / 60)),
        recipient=line.recipient,
        address=f"{address.street} {address.number}",
        service=scene.service_name(line.service),
    )


# The evening before --------------------------------------------------------------------------------------------------


@every_minute
def tell_of_the_coming_day(upkeep: Upkeep) -> int:
    """In the evening recipients hear who comes tomorrow, and helpers whom they visit; in the morning who missed it.

    Once a day; nothing is written in the quiet hours, and nothing about a day that is well under way.
    """
    clock = upkeep.now.time()
    if daily.EVENING_BEFORE <= clock < daily.QUIET_FROM:
        day = upkeep.now.date() + timedelta(days=1)
    elif daily.QUIET_UNTIL <= clock < daily.CATCH_UP_UNTIL:
        day = upkeep.now.date()
    else:
        return 0
    part = rounds.take_part(upkeep.session, ROUND, day)
    if part is None:
        return 0
    # Named after the day: the same round, were it ever done again, would write nothing twice.
    post = upkeep.post(f"{ROUND}:{day.isoformat()}")
    _tell_recipients(post, day, rounds.of_recipients(upkeep.session, day, upkeep.now, part))
    _tell_helpers(post, day, rounds.of_helpers(upkeep.session, day, upkeep.now, part))
    return 1


def _tell_recipients(post: Post, day: date, visits: Sequence[Visit]) -> None:
    by_contact: dict[Contact, dict[int, list[Visit]]] = defaultdict(lambda: defaultdict(list))
    for visit in visits:
        for contact in circle.told(post.session, visit.series, post.now):
            by_contact[contact][visit.recipient_id].append(visit)
    for contact, recipients in by_contact.items():
        for recipient_id, group in recipients.items():
            own = group[0].series.recipient.contact_id == contact.id
            post.notify(
                contact,
                "reminder" if own else "reminder_family",
                about=str(recipient_id),
                kind=REMINDER,
                recipient=group[0].series.recipient.name,
                day=lambda words: _day(words, day, post),
                visits=partial(_who_comes, post=post, visits=group),
            )


def _tell_helpers(post: Post, day: date, visits: Sequence[Visit]) -> None:
    by_helper: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_helper[visit.helper_id].append(visit)
    for helper_id, group in by_helper.items():
        helper: Helper = post.session.get(Helper, helper_id)
        sent = post.notify(
            helper.contact,
            "reminder_helper" if helper.checks_in else "reminder_helper_first",
            about="list",
            kind=REMINDER,
            day=lambda words: _day(words, day, post),
            visits=partial(_route, visits=group),
        )
        if sent:
            # The list says how to check in: from now on silence means something.
            helper.checks_in = True
    post.session.flush()


def _day(words: Words, day: date, post: Post) -> str:
    said = words.near_date(day, post.now.date())
    return said[:1].upper() + said[1:]


def _who_comes(words: Words, post: Post, visits: Sequence[Visit]) -> str:
    return words.listed([_who(words, post, visit) for visit in visits])


def _route(words: Words, visits: Sequence[Visit]) -> str:
    return "\n".join(_where(words, visit) for visit in visits)


def _who(words: Words, post: Post, visit: Visit) -> str:
    helper: Helper = post.session.get(Helper, visit.helper_id)
    return words.say("reminder_visit", time=_clock(words, visit), name=helper.contact.name or "")


def _where(words: Words, visit: Visit) -> str:
    recipient = visit.series.recipient
    address = f"{recipient.address.street} {recipient.address.number}"
    return words.say("reminder_address", time=_clock(words, visit), recipient=recipient.name, address=address)


def _clock(words: Words, visit: Visit) -> str:
    return words.at(local(visit.starts).timetz().replace(tzinfo=None))
