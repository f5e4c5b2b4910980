"""One weekday of a series at another hour from now on: the others stay, and that day goes on by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from actions.notices import first_visit, tell_home_of_change, tell_of_end, withdraw_questions
from actions.requesting import ask_helper
from actions.scene import Json, Scene
from care import acceptance, booking, splitting
from care.matching import Offer
from care.models import Helper, Series, Visit
from care.needs import Need
from care.plans import WEEKDAY_CODES, Plan, rule_fields, rule_text
from care.visits import VisitLine, move_visits
from nlu.reading import Target

FOUR_WEEKS = timedelta(weeks=4)


def days_meant(scene: Scene, series: Series, target: Target, said: Need | None) -> list[str]:
    """The weekdays for which another hour was said, when they are some of those of the series only."""
    if said is None or not said.schedule.times or said.schedule.rrule == "FREQ=DAILY":
        return []
    runs = set(days_of(scene, series))
    told = rule_fields(said.schedule.rrule or "").get("BYDAY")
    dates = target.dates or ([said.schedule.dtstart] if said.schedule.dtstart else ())
    named = set(told.split(",")) if told else {WEEKDAY_CODES[day.weekday()] for day in dates}
    return sorted(named, key=WEEKDAY_CODES.index) if named and named < runs else []


def days_of(scene: Scene, series: Series) -> list[str]:
    """The weekdays on which a series has visits now."""
    visits = Plan.from_json(series.plan).occurrences(scene.today, scene.today + FOUR_WEEKS)
    return sorted({WEEKDAY_CODES[visit.day.weekday()] for visit in visits}, key=WEEKDAY_CODES.index)


def days_to_swap(scene: Scene, series: Series, target: Target, said: Need) -> list[str] | None:
    """The weekdays of a series that go to others which were said ("the Monday to Tuesday"); none of them when it is not
    said which, and None when that is not what is wanted.
    """
    rule, runs = Plan.from_json(series.plan).rrule, days_of(scene, series)
    new = _weekdays_said(said)
    if splitting.without_days(rule, runs[:1]) is None or said.schedule.times or said.schedule.times_per_period:
        return None
    if not new or set(new) & set(runs) or len(new) >= len(runs) or "INTERVAL" in rule_fields(said.schedule.rrule or ""):
        return None
    named = {WEEKDAY_CODES[day.weekday()] for day in target.dates}
    return [code for code in runs if code in named] if len(named & set(runs)) == len(new) else []


def _weekdays_said(said: Need) -> list[str]:
    schedule = said.schedule
    if schedule.rrule is not None:
        return [code for code in rule_fields(schedule.rrule).get("BYDAY", "").split(",") if code in WEEKDAY_CODES]
    return [WEEKDAY_CODES[schedule.dtstart.weekday()]] if schedule.dtstart else []


def with_days_swapped(scene: Scene, series: Series, said: Need, days: Sequence[str]) -> Need:
    """What was said, for the whole series: its weekdays with the new ones in place of `days`."""
    fields = rule_fields(Plan.from_json(series.plan).rrule or "")
    kept = [code for code in fields["BYDAY"].split(",") if code not in days]
    rule = rule_text({**fields, "BYDAY": ",".join(sorted({*kept, *_weekdays_said(said)}, key=WEEKDAY_CODES.index))})
    return replace(said, schedule=replace(said.schedule, rrule=rule, dtstart=scene.today))


def possible(series: Series, said: Need, days: Sequence[str]) -> bool:
    """Whether these days can be told apart: the rule goes by weekdays, and a day has as many visits as times said."""
    plan = Plan.from_json(series.plan)
    return splitting.without_days(plan.rrule, days) is not None and len(said.schedule.times) == len(plan.times)


def visits_on(lines: Sequence[VisitLine], series: Series, days: Sequence[str]) -> list[int]:
    """Of these visits those of the series on such weekdays."""
    return [line.visit for line in lines if line.series == series.id and WEEKDAY_CODES[line.start.weekday()] in days]


def named(scene: Scene, days: Sequence[str]) -> str:
    """The weekdays in words."""
    return scene.words.listed([scene.words.weekday(code) for code in days])


def carry_out(scene: Scene, question: Json, chosen: Json) -> None:
    """Set the days apart and book them at their new hour, or neither."""
    series = acceptance.locked(scene.session, question["series"])
    offer, days = Offer.from_json(chosen), question["days"]
    same = offer.helper_id == series.helper_id
    scene.settle()
    try:
        with scene.session.begin_nested():
            if same and series.accepted is None:
                deed = _change_request(scene, series, offer, days)
            else:
                deed = _set_apart(scene, series, offer, days, Need.from_json(question["need"]))
    except booking.SlotTaken:
        scene.say("slot_taken", name=offer.helper_name)
        scene.say("kept")
        return
    scene.state["last_deed"] = {**deed, "at": scene.now.isoformat()}
    new = scene.session.get(Series, deed["series"][0])
    tell_home_of_change(scene, new)
    if new.accepted is not None:
        _tell_of_change(scene, series, new, days)
        scene.say("changed")
        return
    # What else is open about a series that goes on is left alone: a stand-in may be sought for one of its visits.
    asked_before = series.accepted is None and withdraw_questions(scene, series) is not None
    until = ask_helper(scene.post, new, changed=asked_before and same)
    if not same and series.accepted is None:
        ask_helper(scene.post, series, changed=True)
    elif not same:
        _tell(scene, series, "helper_day_ended", days)
    scene.say("changed_asked", names=offer.helper_name, until=scene.words.moment(until, scene.today))


def _set_apart(scene: Scene, series: Series, offer: Offer, days: Sequence[str], need: Need) -> dict[str, Any]:
    """The agreement goes on without these days, which get one of their own: agreed on with who comes already."""
    moved, before = splitting.set_apart(scene.session, series, days, scene.contact, scene.now)
    new = booking.book(
        scene.session,
        recipient=series.recipient,
        requested_by=scene.contact,
        need=need,
        offer=offer,
        request_key=scene.key("change"),
        now=scene.now,
        offered=offer.helper_id != series.helper_id or series.accepted is None,
    )
    visits = [visit.id for visit in moved]
    return {"kind": "split", "series": [new.id], "from": series.id, "before": before, "visits": visits, "days": days}


def _change_request(scene: Scene, series: Series, offer: Offer, days: Sequence[str]) -> dict[str, Any]:
    """Nothing is agreed on yet: the helper is asked anew, once, for all days with their hours."""
    plan = Plan.from_json(series.plan)
    other = {WEEKDAY_CODES.index(code): offer.plan.times for code in days}
    whole = replace(plan, begins=offer.plan.begins, other_times={**plan.other_times, **other})
    waiting = select(Visit.id).where(Visit.series_id == series.id, Visit.starts > scene.now, Visit.status == "offered")
    moved = move_visits(scene.session, scene.session.scalars(waiting).all(), scene.contact, scene.now)
    booking.end_series(scene.session, series, scene.contact, scene.now, why="changed")
    new = booking.book(
        scene.session,
        recipient=series.recipient,
        requested_by=scene.contact,
        need=Need.from_json(series.need),
        offer=replace(offer, plan=whole),
        request_key=scene.key("change"),
        now=scene.now,
        offered=True,
    )
    visits = [visit.id for visit in moved]
    return {"kind": "changed", "series": [new.id], "ended": [series.id], "visits": visits}


def _tell_of_change(scene: Scene, series: Series, new: Series, days: Sequence[str]) -> None:
    """Tell the helper in one message: that day's new hour, and that the others stay."""
    schedule, plan = Need.from_json(new.need).schedule, Plan.from_json(new.plan)
    _tell(
        scene,
        series,
        "helper_day_changed",
        days,
        when=lambda words: words.plan(schedule, plan),
        first=lambda words: words.moment(first_visit(plan)),
    )


def _tell(scene: Scene, series: Series, key: str, days: Sequence[str], **values: Any) -> None:
    helper: Helper = scene.session.get(Helper, series.helper_id)
    scene.post.notify(
        helper.contact,
        key,
        about=str(series.id),
        recipient=series.recipient.name,
        days=lambda words: words.listed([words.weekday(code) for code in days]),
        **values,
    )


def undo(scene: Scene, deed: dict[str, Any]) -> None:
    """The days go back to where they were, or nothing changes."""
    series: Series = scene.session.get(Series, deed["from"])
    made: list[Series] = [scene.session.get(Series, number) for number in deed["series"]]
    try:
        with scene.session.begin_nested():
            booking.undo(scene.session, deed["series"], scene.contact, scene.now)
            splitting.put_together(scene.session, series.id, deed["before"], deed["visits"], scene.contact, scene.now)
    except booking.SlotTaken as taken:
        scene.say("undo_taken", dates=scene.words.dates(taken.dates))
        return
    for other in made:
        if other.helper_id != series.helper_id:
            tell_of_end(scene, other, first_visit(Plan.from_json(other.plan)))
    _tell(scene, series, "helper_day_back", deed["days"])
    scene.say("undone_skip")
