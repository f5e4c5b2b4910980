"""A copy by SMS of what was agreed in a call, for who wants one: times and names, and no word about health."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from actions.phone.numbers import is_mobile
from actions.scene import Scene
from actions.topics import answers
from actions.words import Words
from care import outbox
from care.models import Series, col
from care.needs import Need
from care.plans import Plan

Json = dict[str, Any]

CHANNEL = "sms"
WITH_TIMES = frozenset({"booked", "changed"})
"""Deeds after which there is something to write down."""


def offer(scene: Scene) -> Json | None:
    """Ask whether a copy is wanted of what was agreed last, once for each deed; None when there is nothing to ask."""
    deed = scene.state.get("last_deed")
    call = scene.turn.call
    if call is None or not deed or deed["kind"] not in WITH_TIMES or scene.state.get("copied") == deed["at"]:
        return None
    scene.state["copied"] = deed["at"]
    if not is_mobile(call.number):
        return None
    scene.ask_yes_no("copy", "ask_copy", series=deed["series"])
    return scene.message()


@answers("copy")
def on_copy(scene: Scene) -> None:
    """Take the answer: write the SMS, or not."""
    series = (scene.question or {})["series"]
    scene.settle()
    if not scene.answer.get("yes"):
        scene.say("no_copy")
        return
    query = select(Series).where(col(Series.id).in_(series)).order_by(Series.id)
    written = Words(scene.words.phrases, scene.words.language)
    lines = [_line(written, one) for one in scene.session.scalars(query)]
    outbox.put(
        scene.session,
        contact=scene.contact,
        channel=CHANNEL,
        text="\n".join([written.say("copy_head"), *lines]),
        now=scene.now,
        kind="reply",
        key=scene.key("copy"),
    )
    scene.say("copy_sent")


def _line(words: Words, series: Series) -> str:
    when = words.plan(Need.from_json(series.need).schedule, Plan.from_json(series.plan))
    key = "copy_line_asked" if series.status == "offered" else "copy_line"
    return words.say(key, when=when[:1].upper() + when[1:], name=series.helper.contact.name)
