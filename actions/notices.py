"""Messages to others that a turn causes, to helpers, family and coordinators, each in their own language."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby

from sqlalchemy import select

from actions.post import Said
from actions.requesting import TOPIC, neutral
from actions.scene import Json, Scene
from actions.words import Words
from care import asks, circle
from care.clock import local
from care.models import Contact, Helper, Series, Visit, col
from care.needs import Need
from care.plans import Plan

MOST_NAMED = 4
"""So many visits are named one by one in a message; of more the first and the last."""


def notify(
    scene: Scene, contact: Contact, key: str, *, visit: Visit | None = None, about: str = "", **values: Said
) -> None:
    """Write a message to a contact, sent when this turn is committed; see `Post.notify`."""
    told: Json = {**values}  # of a text: none is named like what the post asks beside it
    scene.post.notify(contact, key, visit=visit, about=about, **told)


def tell_of_end(scene: Scene, series: Series, first: datetime) -> None:
    """Tell the helper of a series that its visits from `first` on do not take place; one who was still to answer, that
    the question is withdrawn. Who declined hears nothing.
    """
    asked = withdraw_questions(scene, series)
    if asked is None and series.accepted is None:
        return
    notify(
        scene,
        asked or scene.session.get(Helper, series.helper_id).contact,
        "helper_untold" if asked is None else "helper_offer_withdrawn",
        about=str(series.id),
        recipient=series.recipient.name,
        first=lambda words: words.moment(local(first)),
    )


def withdraw_questions(scene: Scene, series: Series) -> Contact | None:
    """Take back the open questions about a series; whom its helper's answer was asked of, if that was still open."""
    ask = asks.open_about(scene.session, series, TOPIC)
    asks.withdraw(scene.session, scene.now, series=series)
    # One that was answered while we waited for it is not withdrawn.
    return ask.contact if ask is not None and ask.status == "withdrawn" else None


def tell_of_visits(scene: Scene, key: str, visit_ids: Collection[int]) -> None:
    """Tell each helper which of these visits do not, or do, take place."""
    query = select(Visit).where(col(Visit.id).in_(set(visit_ids) - _withdrawn_whole(scene, visit_ids)))
    visits = scene.session.scalars(query.order_by(Visit.helper_id, Visit.recipient_id, Visit.starts)).all()
    for (helper_id, _), group in groupby(visits, key=lambda visit: (visit.helper_id, visit.recipient_id)):
        told = list(group)
        _tell_of_moments(
            scene,
            scene.session.get(Helper, helper_id).contact,
            key,
            [local(visit.starts) for visit in told],
            about=",".join(str(visit.id) for visit in told),
            recipient=told[0].series.recipient.name,
        )


def tell_of_dates(scene: Scene, key: str, dates: Mapping[int, Collection[date]]) -> None:
    """Tell the helper of each series which visits that are still to be made do not, or do, take place."""
    for number, days in dates.items():
        series = scene.session.get(Series, number)
        if series.accepted is None:
            continue
        moments = starts_on(series, days)
        about = f"{number}:{min(days)}:{len(days)}"
        contact = scene.session.get(Helper, series.helper_id).contact
        _tell_of_moments(scene, contact, key, moments, about=about, recipient=series.recipient.name)


def starts_on(series: Series, days: Collection[date]) -> list[datetime]:
    """When the visits of a series on these dates begin (local), whether they are left out or not."""
    plan = replace(Plan.from_json(series.plan), exdates=())
    return [visit.start for day in sorted(days) for visit in plan.occurrences(day, day + timedelta(days=1))]


def dates_of(later: Mapping[str, Collection[str]]) -> dict[int, list[date]]:
    """Dates of series as they are kept in a question or a deed."""
    return {int(number): [date.fromisoformat(day) for day in days] for number, days in later.items()}


def _tell_of_moments(
    scene: Scene, contact: Contact, key: str, moments: Sequence[datetime], *, about: str, recipient: str
) -> None:
    """Name them when they are few; else how many there are, with the first and the last."""
    manner = "" if len(moments) == 1 else "_some" if len(moments) <= MOST_NAMED else "_many"
    notify(
        scene,
        contact,
        key + manner,
        about=about,
        recipient=recipient,
        n=len(moments),
        first=lambda words: words.moment(moments[0]),
        last=lambda words: words.moment(moments[-1]),
        visits=lambda words: words.listed([words.moment(moment) for moment in moments]),
    )


def _withdrawn_whole(scene: Scene, visit_ids: Collection[int]) -> set[int]:
    """Of these visits those of series that were still to be answered and have no visit left: the question itself is
    withdrawn then.
    """
    offered = select(Visit.series_id).where(Visit.status == "offered")
    query = (
        select(Series)
        .where(
            col(Series.id).in_(select(Visit.series_id).where(col(Visit.id).in_(list(visit_ids)))),
            Series.status == "offered",
            col(Series.id).not_in(offered.where(Visit.series_id == Series.id).correlate(Series)),
        )
        .order_by(Series.id)
    )
    told: set[int] = set()
    for series in scene.session.scalars(query).all():
        visits = scene.session.scalars(select(Visit).where(Visit.series_id == series.id)).all()
        tell_of_end(scene, series, min(visit.starts for visit in visits))
        told |= {visit.id for visit in visits}
    return told


def tell_of_booking(scene: Scene, series: Series) -> None:
    """Tell the helper of a series when and where they are expected."""
    schedule, plan = Need.from_json(series.need).schedule, Plan.from_json(series.plan)
    address = series.recipient.address
    notify(
        scene,
        scene.session.get(Helper, series.helper_id).contact,
        "helper_told" if schedule.rrule is not None else "helper_told_once",
        about=str(series.id),
        when=lambda words: words.plan(schedule, plan),
        first=lambda words: words.moment(first_visit(plan)),
        recipient=series.recipient.name,
        address=f"{address.street} {address.number}",
    )


def tell_home(scene: Scene, key: str, series_ids: Collection[int], **values: Said) -> None:
    """Tell those at home what another of them decided about some series: the recipient what family did, and family who
    arranged the help what the recipient did.
    """
    found = [scene.session.get(Series, number) for number in sorted(set(series_ids))]
    about: dict[int, list[Series]] = {}
    for series in found:
        for contact in circle.told(scene.session, series, scene.now):
            if contact.id != scene.contact.id:
                about.setdefault(contact.id, []).append(series)
    for number, own in about.items():
        told: Json = {"services": partial(_neutral_names, services=[series.service for series in own]), **values}
        notify(
            scene,
            scene.session.get(Contact, number),
            key,
            about=",".join(str(series.id) for series in own),
            who=scene.contact.name or own[0].recipient.name,
            **told,
        )


def _neutral_names(words: Words, services: Collection[str]) -> str:
    """Each of these services once, without words about health."""
    return words.listed(list(dict.fromkeys(neutral(one)(words) for one in services)))


def tell_home_of_change(scene: Scene, series: Series) -> None:
    """Tell the others at home what the help has been changed to by one of them."""
    schedule, plan = Need.from_json(series.need).schedule, Plan.from_json(series.plan)
    tell_home(
        scene,
        "home_changed",
        [series.id],
        when=lambda words: words.plan(schedule, plan),
        name=series.helper.contact.name or "",
        first=lambda words: words.moment(first_visit(plan)),
    )


def moments_in_words(words: Words, moments: Sequence[datetime], today: date) -> str:
    """Some moments by name when they are few; else how many there are, with the first and the last."""
    if len(moments) <= MOST_NAMED:
        return words.listed([words.moment(moment, today) for moment in moments])
    first, last = (words.date(moment.date()) for moment in (moments[0], moments[-1]))
    return words.say("visits_from_to", n=len(moments), first=first, last=last)


def first_visit(plan: Plan) -> datetime:
    """When the first visit of a plan begins (local)."""
    return local(next(plan.occurrences(plan.dtstart, date.max)).start)
