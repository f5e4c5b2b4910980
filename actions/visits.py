"""Who is coming, and what is planned: the questions asked most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from actions import substitute_words
from actions.base import CareAction
from actions.pausing import say_paused
from actions.requesting import TOPIC
from actions.scene import Scene
from care import asks
from care.booking import running
from care.catalogue import Catalogue
from care.models import Helper, Organisation, Series
from care.needs import Need
from care.people import recipient_of, recipients_for
from care.plans import Plan
from care.visits import EXPECTED, VisitLine, visits_of

AHEAD = 84
"""How many days ahead a next visit is looked for: as far as visits are kept."""
MOST_LINES = 8


class ActionWhoIsComing(CareAction):
    """Who comes, on a day or next?"""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_who_is_coming"

    def play(self, scene: Scene) -> None:
        """Say who comes on the day that was named, else today, else the next time."""
        say_who_is_coming(scene)
        scene.ask_again()


class ActionListVisits(CareAction):
    """What is planned?"""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_list_visits"

    def play(self, scene: Scene) -> None:
        """Say what has been agreed, with the next visit of each."""
        say_visits(scene)
        scene.ask_again()


def say_who_is_coming(scene: Scene) -> None:
    """Answer "who is coming?" for the dates that were named; with none named, for today or the next visit."""
    days = days_asked(scene)
    if len(days) > 1:
        _say_days(scene, days)
        return
    if days:
        _say_day(scene, days[0], _asked_about(scene, days[0], 1))
        return
    today = [line for line in _asked_about(scene, scene.today, 1) if line.end > scene.now]
    if today or substitute_words.gaps(scene, scene.today):
        _say_day(scene, scene.today, today)
    else:
        _say_next(scene)


def days_asked(scene: Scene) -> list[date]:
    """The dates named in the question, at most a week of them."""
    target = scene.target_said
    if target.dates:
        return list(target.dates)[:7]
    if target.from_ and target.until:
        length = min((target.until - target.from_).days, 6)
        return [target.from_ + timedelta(days=ahead) for ahead in range(length + 1)]
    for need in scene.needs_said:
        if need.schedule.dtstart and need.schedule.rrule is None:
            return [need.schedule.dtstart]
    return []


def coming(scene: Scene, start: date, days: int) -> list[VisitLine]:
    """The visits to come in which somebody comes, or was asked to; a helper has only those they agreed to."""
    lines = visits_of(scene.session, scene.contact, start, days, scene.now)
    expected = [line for line in lines if line.status in EXPECTED]
    if not any(line.status == "offered" for line in expected):
        return expected
    return [line for line in expected if line.status != "offered" or not _is_own(scene, line)]


def _asked_about(scene: Scene, start: date, days: int) -> list[VisitLine]:
    """The visits to come at the home that is asked about, where the person may see their own and another's."""
    lines = coming(scene, start, days)
    said = scene.for_self or scene.names_relative
    own = recipient_of(scene.session, scene.contact) if said and lines else None
    if own is None:
        return lines
    return [line for line in lines if (line.recipient_id == own.id) == scene.for_self]


def of_helper(lines: Sequence[VisitLine], said: str) -> list[VisitLine]:
    """Of these visits those of the helpers whose first or last name is said; all when nobody's is."""
    named = helpers_named(lines, said)
    return [line for line in lines if not named or line.helper_id in named]


def helpers_named(lines: Sequence[VisitLine], said: str) -> set[int]:
    """The helpers of these visits whose first or last name is said."""
    words = set("".join(sign if sign.isalnum() else " " for sign in said.casefold()).split())
    helpers = {line.helper_id: line.helper.casefold().split() for line in lines}
    return {number for number, name in helpers.items() if name and {name[0], name[-1]} & words}


def _say_days(scene: Scene, days: Sequence[date]) -> None:
    """Say who comes on several days: only those on which somebody comes, or was to come."""
    busy = [(day, _asked_about(scene, day, 1)) for day in days]
    busy = [(day, lines) for day, lines in busy if lines or substitute_words.gaps(scene, day)]
    for day, lines in busy:
        _say_day(scene, day, lines)
    if not busy:
        scene.say("coming_nobody_days", days=scene.words.spans(days))
        _say_next(scene, days[-1])


def _say_day(scene: Scene, day: date, lines: Sequence[VisitLine]) -> None:
    words = scene.words
    named = words.near_date(day, scene.today)
    named = named[:1].upper() + named[1:]
    gaps = substitute_words.gaps(scene, day)
    if not lines and gaps:
        scene.say("coming_nobody", day=named)
        _say_lines(scene, gaps)
        return
    if not lines:
        scene.say("coming_nobody", day=named)
        if day >= scene.today:
            _say_next(scene, after=day)
        return
    if len(lines) == 1 and not _is_own(scene, lines[0]):
        scene.say(
            "coming_one_asked" if lines[0].status == "offered" else "coming_one",
            day=named,
            **_line_values(scene, lines[0]),
        )
        _say_lines(scene, [*substitute_words.reasons(scene, lines), *gaps])
        return
    scene.say("coming_head", day=named)
    for line in lines[:MOST_LINES]:
        key = "coming_line_asked" if line.status == "offered" else "coming_line"
        if _is_own(scene, line):
            key = "coming_helper_line"
        said = words.say(key, **_line_values(scene, line))
        scene.say_line(said[:1].upper() + said[1:] if said[0] not in "’'" else said)
    _say_lines(scene, [*substitute_words.reasons(scene, lines), *gaps])


def _say_lines(scene: Scene, lines: Sequence[str]) -> None:
    for line in lines:
        scene.say_line(line[:1].upper() + line[1:] if line[0] not in "’'" else line)


def _say_next(scene: Scene, after: date | None = None) -> None:
    start = after + timedelta(days=1) if after else scene.today
    later = [line for line in _asked_about(scene, start, AHEAD) if line.start > scene.now]
    if not later:
        if not say_paused(scene):
            scene.say("visits_none")
        return
    line = later[0]
    scene.say(
        "coming_next_asked" if line.status == "offered" else "coming_next",
        day=scene.words.moment(line.start, scene.today),
        name=line.helper,
        service=scene.service_name(line.service),
        until=answer_until(scene, line),
    )


def _line_values(scene: Scene, line: VisitLine) -> dict[str, str]:
    return {
        "time": scene.words.at(line.start.timetz().replace(tzinfo=None)),
        "name": line.helper,
        "kind": helper_kind(scene, line),
        "service": scene.service_name(line.service),
        "recipient": line.recipient,
        "until": answer_until(scene, line),
    }


def answer_until(scene: Scene, line: VisitLine) -> str:
    """Until when the helper of a visit may still answer, in words; nothing when there is no answer to come."""
    if line.status != "offered":
        return ""
    ask = asks.open_about(scene.session, scene.session.get(Series, line.series), TOPIC)
    if ask is None:
        return ""
    assert ask.expires is not None  # noqa: S101 - no helper is asked without an end (actions.requesting)
    return scene.words.moment(ask.expires, scene.today)


def helper_kind(scene: Scene, line: VisitLine) -> str:
    """The kind of the helper of a visit, in words."""
    helper = scene.session.get(Helper, line.helper_id)
    organisation = scene.session.get(Organisation, helper.organisation_id) if helper.organisation_id else None
    return scene.words.say(f"kind_{line.helper_kind}", organisation=organisation.name if organisation else "")


def _is_own(scene: Scene, line: VisitLine) -> bool:
    """Whether the person talking is the helper of this visit."""
    helper_id = scene.session.scalar(select(Helper.id).where(Helper.contact_id == scene.contact.id))
    return helper_id == line.helper_id


def say_visits(scene: Scene) -> None:
    """Say every series with its next visit."""
    recipients = recipients_for(scene.session, scene.contact, scene.now)
    later = [line for line in coming(scene, scene.today, AHEAD) if line.start > scene.now]
    said = 0
    for recipient in recipients:
        for series in running(scene.session, recipient, scene.now):
            following = [line for line in later if line.series == series.id]
            if following:
                if not said:
                    scene.say("visits_head")
                said += 1
                scene.say_line(_series_line(scene, series.need, series.plan, following))
    own = [line for line in later if _is_own(scene, line)]
    for line in own[:MOST_LINES]:
        if not said:
            scene.say("visits_head")
        said += 1
        next_visit = scene.words.moment(line.start, scene.today)
        scene.say_line(
            scene.words.say(
                "visits_helper_line",
                next=next_visit,
                service=scene.service_name(line.service),
                recipient=line.recipient,
            )
        )
    if not say_paused(scene) and not said:
        scene.say("visits_none")


def _series_line(scene: Scene, need: dict[str, object], plan: dict[str, object], lines: Sequence[VisitLine]) -> str:
    words = scene.words
    schedule = Need.from_json(need).schedule
    line = lines[0]
    values = {
        "next": words.moment(line.start, scene.today),
        "service": Catalogue.load().service(line.service).names[words.language],
        "name": line.helper,
        "until": answer_until(scene, line),
    }
    asked = "_asked" if line.status == "offered" else ""
    if schedule.rrule is None:
        plain = words.say(f"visits_line_plain{asked}", **values)
        return plain[:1].upper() + plain[1:]
    when = words.plan(schedule, Plan.from_json(plan), scene.today)
    return words.say(f"visits_line{asked}", when=when[:1].upper() + when[1:], **values)
