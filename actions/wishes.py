"""What a wish for a change comes to, and the questions it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from actions import splitting
from actions.scene import Json, Scene
from care.eligibility import named
from care.matching import Offer
from care.models import Series
from care.needs import Need, Preferences
from care.plans import Plan, rule_fields
from care.schedule import Schedule
from care.visits import VisitLine
from nlu.reading import Target


def ask_which_days(scene: Scene, about: Json) -> None:
    """Ask whether it is for once or for all days, where days cannot be told apart; or a person arranges it."""
    options = [scene.option("once"), scene.option("all", "option_all_days"), scene.option("human", "option_human")]
    scene.ask("change_days", "choice", "ask_change_days", options, **about)


def ask_which_day(scene: Scene, series: Series, about: Json) -> None:
    """Ask which of its days goes to the new one, or whether all do."""
    codes = splitting.days_of(scene, series)
    options: list[Json] = [{"value": code, "text": scene.words.weekday(code)} for code in codes]
    options.append(scene.option("all", "option_all_days"))
    service = scene.service_name(series.service).capitalize()
    named = splitting.named(scene, codes)
    scene.ask("change_day", "choice", "ask_change_day", options, service=service, day_names=named, **about)


def of_who_comes(said: Need | None, lines: Sequence[VisitLine]) -> Need | None:
    """What was said, without the name of the helper who comes: "can Maria come later" wants nobody else."""
    name = said.preferences.helper_name if said else None
    if said is None or name is None or not any(named(line.helper, name) for line in lines):
        return said
    return replace(said, preferences=replace(said.preferences, helper_name=None))


def shifted(scene: Scene, said: Need | None, lines: Sequence[VisitLine]) -> Need | None:
    """What was said, with "an hour later" as the clock time it comes to for the first visit meant."""
    if scene.shift_minutes is None or not lines or (said and said.schedule.times):
        return said
    clock = (lines[0].start + timedelta(minutes=scene.shift_minutes)).time()
    said = said or Need(None, Schedule())
    # "By an hour" is the shift, not the length of the visit.
    return replace(said, schedule=replace(said.schedule, times=(clock,), duration_minutes=None))


def says_nothing(said: Need) -> bool:
    """Whether no day, time, length or person is told."""
    schedule = said.schedule
    told = schedule.has_time() or schedule.dtstart or schedule.duration_minutes
    return not told and said.preferences == Preferences()


def as_it_is(series: Series, offer: Offer, lines: Sequence[VisitLine], scope: str) -> bool:
    """Whether nothing would change: the same helper on the same days, at the same hours, for as long."""
    old, new = Plan.from_json(series.plan), offer.plan
    same = offer.helper_id == series.helper_id and new.minutes == old.minutes
    if scope == "series":
        rules = [rule_fields(plan.rrule or "") for plan in (old, new)]
        return same and new.times == old.times and rules[0] == rules[1] and new.exdates == old.exdates
    first = lines[0].start
    same_moment = (new.dtstart, new.times) == (first.date(), (first.timetz().replace(tzinfo=None),))
    return same and scope == "once" and same_moment


def ask_what_instead(scene: Scene, series: Series, line: VisitLine, scope: str) -> None:
    """Say that it is so already, and ask for which day or time it should be."""
    when = scene.words.plan(Need.from_json(series.need).schedule, Plan.from_json(series.plan))
    if scope == "once":
        when = scene.words.moment(line.start, scene.today)
    target = Target(service=series.service, dates=(line.start.date(),) if scope == "once" else (), scope=scope)
    about: Json = {"target": target.to_json(), "said": {}, "other": False, "of": series.service, "series": series.id}
    service = scene.service_name(series.service)
    scene.ask("change_how", "schedule", "change_as_it_is", service=service.capitalize(), when=when, **about)
