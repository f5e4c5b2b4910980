"""Complete the draft: ask what is missing, one question at a time, then who it is for, then who may come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from actions import confirming, offering, repair, whereabouts
from actions.drafts import Item, OpenDraft, need_of
from actions.scene import Json, Scene
from actions.topics import answers
from actions.words import first_dates
from care.mending import mend
from care.needs import Need
from care.plans import WEEKDAY_CODES, rule_fields

DAY_PARTS = ("morning", "afternoon", "evening")
KNOWN_ASKS = frozenset({"service", "variant", "time", "days", "phase", "scope"})


def advance(scene: Scene) -> None:
    """Ask the next thing the open draft needs; with nothing left to ask, read it back."""
    draft = OpenDraft.find(scene)
    if draft is None:
        return
    if not draft.items:
        scene.settle()
        draft.close("dropped")
        scene.say("draft_dropped")
        return
    offering.leave_out_named(scene, draft)
    for item in draft.items:
        if _ask_missing(scene, draft, item):
            return
    if not whereabouts.known(scene, draft):
        return
    for item in draft.items:
        if item["offer"] is None and not offering.propose(scene, draft, item):
            return
    confirming.read_back(scene, draft)


def _ask_missing(scene: Scene, draft: OpenDraft, item: Item) -> bool:
    """Ask the first thing missing of an item; False when nothing is."""
    need = need_of(item)
    place = draft.items.index(item)
    service = scene.service_name(need.service)
    if need.service is None:
        scene.ask("service", "service", "ask_service", item=place)
    elif "service" in need.ask:
        scene.ask_yes_no("service_sure", "ask_service_sure", service=service, item=place, of=need.service)
    elif variants := scene.catalogue.service(need.service).variants:
        options = [scene.option(variant) for variant in variants]
        scene.ask("variant", "choice", "ask_variant_medication", options, item=place, of=need.service)
    elif need.schedule.dtstart is None:
        scene.ask("days", "days", "ask_days", item=place, service=service, of=need.service)
    elif _days_open(need) and not item["any_days"]:
        options = [scene.option("any", "option_any_days")]
        scene.ask("days", "days", "ask_days_count", options, item=place, service=service, of=need.service)
    elif "days" in need.ask and need.schedule.rrule is None and not item["any_days"]:
        # "Monday or Tuesday": one of them was read, and only the person can tell.
        scene.ask("days", "days", "ask_days", item=place, service=service, of=need.service)
    elif "phase" in need.ask and len(starts := first_dates(_without_exdates(need), 2)) == 2:
        _ask_phase(scene, need, place, [_shifted(need, number) for number in range(len(starts))])
    elif "scope" in need.ask and (start := need.schedule.dtstart):
        _ask_once_or_weekly(scene, need, place, start)
    elif not need.schedule.has_time():
        options = [scene.option(part) for part in DAY_PARTS]
        scene.ask("time", "time", "ask_time", options, item=place, service=service, of=need.service)
    elif [word for word in need.ask if word not in KNOWN_ASKS]:
        scene.ask("more", "schedule", "ask_more", item=place, service=service, of=need.service)
    else:
        return False
    return True


def _days_open(need: Need) -> bool:
    """Whether a need says that it is weekly, or how often a month, but not on which days."""
    parts = rule_fields(need.schedule.rrule or "")
    named = {"BYDAY", "BYMONTHDAY"} & parts.keys()
    often = need.schedule.times_per_period
    return not named and (parts.get("FREQ") == "WEEKLY" or (parts.get("FREQ") == "MONTHLY" and bool(often)))


def _without_exdates(need: Need) -> Need:
    return replace(need, schedule=replace(need.schedule, exdates=(), exrules=()))


def _shifted(need: Need, weeks: int) -> Need:
    """The need begun `weeks` weeks later, for the choice of the phase."""
    start = need.schedule.dtstart
    assert start is not None  # noqa: S101 - asked before the phase
    return replace(need, schedule=replace(need.schedule, dtstart=start + timedelta(weeks=weeks)))


def _ask_phase(scene: Scene, need: Need, place: int, starts: list[Need]) -> None:
    """Ask with which week "every other week" begins."""
    days = [first_dates(start, 1)[0] for start in starts if first_dates(start, 1)]
    options: list[Json] = [
        {"value": start.schedule.dtstart.isoformat() if start.schedule.dtstart else "", "text": scene.words.date(day)}
        for start, day in zip(starts, days, strict=True)
    ]
    first, second = (scene.words.date(day) for day in days)
    scene.ask("phase", "choice", "ask_phase", options, item=place, first=first, second=second, of=need.service)


def _ask_once_or_weekly(scene: Scene, need: Need, place: int, start: date) -> None:
    """Ask whether a weekday that was named is that one date, or every week."""
    weekday = scene.words.weekday(WEEKDAY_CODES[start.weekday()])
    options = [
        scene.option("once", "option_once_date"),
        scene.option("weekly", "option_weekly"),
    ]
    about = {"date": scene.words.date(start), "weekday": weekday, "item": place, "of": need.service}
    scene.ask("how_often", "choice", "ask_once_or_weekly", options, **about)


@answers("service_sure")
def on_service_sure(scene: Scene) -> None:
    """Take the answer to whether the service was understood rightly."""
    draft = OpenDraft.find(scene)
    if draft is None or not scene.answer:
        repair.missed(scene)
        return
    item = draft.asked_item()
    need = need_of(item)
    if "need" in scene.answer:
        draft.take([Need.from_json(scene.answer["need"])], item)
    elif scene.answer.get("yes"):
        draft.set_need(item, _no_longer_asking(need, "service"))
    else:
        draft.set_need(item, replace(need, service=None))
    draft.save()
    scene.settle()
    scene.go_on = True


@answers("service", "days", "time", "more", "variant", "phase", "how_often")
def on_detail(scene: Scene) -> None:
    """Take the answer to a question about a need, and go on."""
    draft = OpenDraft.find(scene)
    topic = scene.topic()
    answer = scene.answer
    if draft is None or topic is None:
        scene.settle()
        scene.say("nothing_asked")
        return
    item = draft.asked_item()
    taken = _take(scene, draft, item, topic, answer)
    if taken:
        scene.settle()
        draft.save()
        scene.go_on = True
    else:
        repair.missed(scene)


def _take(scene: Scene, draft: OpenDraft, item: Item, topic: str, answer: Json) -> bool:
    """Put an answer into the item; False when it does not answer the question."""
    need = need_of(item)
    if "need" in answer:
        needs = [Need.from_json(said) for said in (answer["need"], *answer.get("others", ()))]
        changed, _ = draft.take(needs, item)
        if topic == "days" and scene.bare_weekday and need_of(item).schedule.rrule is None:
            draft.set_need(item, replace(need_of(item), ask=(*need_of(item).ask, "scope")))
        elif topic == "how_often" or (topic == "days" and need.schedule.rrule is not None):
            # "Tuesday and Friday" for twice a week is every week.
            draft.set_need(item, _no_longer_asking(need_of(item), "scope"))
        if topic == "more":
            draft.set_need(item, _no_longer_asking(need_of(item), *need.ask))
        return changed or topic == "more"
    choice = answer.get("choice")
    if topic == "variant" and choice:
        draft.set_need(item, _no_longer_asking(replace(need, service=choice), "variant"))
    elif topic == "phase" and (choice or answer.get("any")):
        start = choice or (scene.question or {})["options"][0]["value"]
        schedule = replace(need.schedule, dtstart=date.fromisoformat(start))
        draft.set_need(item, _no_longer_asking(replace(need, schedule=schedule), "phase"))
    elif topic == "how_often" and choice:
        draft.set_need(item, _no_longer_asking(_as_often(need, choice), "scope"))
    elif topic == "days" and (choice == "any" or answer.get("any")) and (_days_open(need) or need.schedule.dtstart):
        item["any_days"] = True
    elif topic == "time" and choice:
        draft.set_need(item, mend(need, Need(None, need.schedule.with_daypart(choice)), scene.now))
    elif topic == "time" and answer.get("any"):
        draft.set_need(item, mend(need, Need(None, need.schedule.with_daypart("morning")), scene.now))
    else:
        return False
    return True


def _as_often(need: Need, choice: str) -> Need:
    """The need on its one date, or every week on that weekday."""
    schedule, start = need.schedule, need.schedule.dtstart
    if choice == "weekly" and start and schedule.rrule is None:
        schedule = replace(schedule, rrule=f"FREQ=WEEKLY;BYDAY={WEEKDAY_CODES[start.weekday()]}")
    elif choice == "once":
        schedule = replace(schedule, rrule=None, exdates=(), exrules=())
    return replace(need, schedule=schedule)


def _no_longer_asking(need: Need, *words: str) -> Need:
    return replace(need, ask=tuple(word for word in need.ask if word not in words))
