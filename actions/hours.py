"""The hours of visits, put to the recipient once: right, or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from actions import asking, handover, repair
from actions.post import Post
from actions.scene import Scene
from actions.topics import answers
from actions.upkeep import Upkeep, every_minute
from actions.words import Words
from care import checkins, circle, daily, rounds
from care.clock import local
from care.models import CheckIn, Contact, Helper, Visit

ROUND = "hours"
MOST_NAMED = 7
BATCH = 300
ALL = "all_of_them"
DENIES = frozenset({"correct", "deny", "complaint"})


@every_minute
def ask_about_hours(upkeep: Upkeep) -> int:
    """In the evening the hours are put to who arranged the help: of single visits at once, of recurring help on Sunday.

    One question for each recipient. Silence approves nothing.
    """
    today = upkeep.now.date()
    if not daily.REVIEW_AT <= upkeep.now.time() < daily.QUIET_FROM or rounds.is_done(upkeep.session, ROUND, today):
        return 0
    weekly = today.weekday() == daily.REVIEW_WEEKDAY
    visits = checkins.to_review(upkeep.session, upkeep.now, recurring=weekly, limit=BATCH)
    if not visits:
        rounds.begin(upkeep.session, ROUND, today)
        return 0
    by_recipient: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_recipient[visit.recipient_id].append(visit)
    if len(visits) == BATCH and len(by_recipient) > 1:
        # The last recipient may have more visits than were read.
        by_recipient.popitem()
    post = upkeep.post(f"{ROUND}:{today.isoformat()}")
    for group in by_recipient.values():
        _ask(post, group)
        checkins.reviewed(upkeep.session, [visit.id for visit in group], upkeep.now)
    return len(visits)


def _ask(post: Post, visits: Sequence[Visit]) -> None:
    who = circle.decider(post.session, visits[0].series, post.now)
    if who is None:
        return
    recipient = visits[0].series.recipient
    own = recipient.contact_id == who.id
    post.ask(
        who,
        "hours",
        "yes_no",
        "hours_ask" if own else "hours_ask_family",
        about=str(visits[0].id),
        keep={"visits": [visit.id for visit in visits]},
        recipient=recipient.name,
        visits=lambda words: "\n".join(_lines(words, post, visits)),
    )


def _lines(words: Words, post: Post, visits: Sequence[Visit]) -> list[str]:
    """The visits in words; of many a sum for each helper."""
    if len(visits) <= MOST_NAMED:
        return [_line(words, post, visit) for visit in visits]
    by_name: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_name[_name(post, visit)].append(visit)
    return [_sum(words, post, name, group) for name, group in by_name.items()]


def _sum(words: Words, post: Post, name: str, visits: Sequence[Visit]) -> str:
    total = words.duration(sum(_minutes(post, visit) for visit in visits))
    return words.say("hours_many", name=name, n=len(visits), total=total)


def _line(words: Words, post: Post, visit: Visit) -> str:
    course = _course(post, visit)
    start, end = (local(moment or visit.starts) for moment in (course.arrived, course.departed))
    return words.say(
        "hours_line",
        name=_name(post, visit),
        date=words.date(start.date()),
        start=words.at(start.time().replace(second=0)),
        end=words.at(end.time().replace(second=0)),
    )


def _minutes(post: Post, visit: Visit) -> int:
    course = _course(post, visit)
    if course.arrived is None or course.departed is None:
        return 0
    return round((course.departed - course.arrived).total_seconds() / 60)


def _course(post: Post, visit: Visit) -> CheckIn:
    found = checkins.check_in(post.session, visit)
    assert found is not None  # noqa: S101 - only visits with real times are reviewed
    return found


def _name(post: Post, visit: Visit) -> str:
    helper: Helper = post.session.get(Helper, visit.helper_id)
    return helper.contact.name or ""


@answers("hours")
def on_hours(scene: Scene) -> None:
    """Take the answer to whether the hours are right."""
    ids = (scene.question or {})["visits"]
    # "She was here for half an hour only" is a no, too.
    wrong = "need" in scene.answer or scene.reading.act in DENIES
    if "yes" not in scene.answer and not wrong:
        repair.missed(scene)
        return
    if asking.answered(scene) is None:
        scene.say("ask_over")
    elif scene.answer.get("yes"):
        checkins.approve(scene.session, ids, scene.contact, scene.now)
        scene.say("hours_approved")
    elif len(ids) == 1:
        _dispute(scene, ids)
    else:
        _ask_which(scene, ids)


def _ask_which(scene: Scene, ids: Sequence[int]) -> None:
    visits = [scene.session.get(Visit, number) for number in ids]
    options = [
        {
            "value": str(visit.id),
            "text": scene.words.say(
                "hours_option", name=_name(scene.post, visit), date=scene.words.date(local(visit.starts).date())
            ),
            "names": [scene.words.date(local(visit.starts).date()).split()[0]],
        }
        for visit in visits[:MOST_NAMED]
    ]
    scene.ask("hours_which", "choice", "hours_which", [*options, scene.option(ALL)], visits=list(ids))


@answers("hours_which")
def on_which(scene: Scene) -> None:
    """Take the answer to which visit is not right; the others are."""
    ids = (scene.question or {})["visits"]
    choice = scene.answer.get("choice") or (ALL if scene.answer.get("none") or scene.answer.get("any") else None)
    if choice is None:
        repair.missed(scene)
        return
    scene.settle()
    wrong = list(ids) if choice == ALL else [int(choice)]
    checkins.approve(scene.session, [number for number in ids if number not in wrong], scene.contact, scene.now)
    _dispute(scene, wrong)


def _dispute(scene: Scene, ids: Sequence[int]) -> None:
    """A person looks at it: nobody is argued with."""
    disputed = checkins.dispute(scene.session, ids, scene.contact, scene.now)
    scene.say("hours_disputed")
    handover.call_me(scene, "why_hours")
    _tell_coordinators(scene, disputed)


def _tell_coordinators(scene: Scene, visits: Sequence[Visit]) -> None:
    """The coordinator who answers for the helper, where that is not the one who calls."""
    calling = handover.coordinator(scene)
    people: dict[int, Contact] = {}
    for visit in visits:
        contact = circle.coordinator_for(scene.session, scene.session.get(Helper, visit.helper_id))
        if contact is not None and (calling is None or contact.id != calling.id):
            people[contact.id] = contact
    for contact in people.values():
        scene.post.notify(contact, "hours_coordinator", recipient=visits[0].series.recipient.name)
