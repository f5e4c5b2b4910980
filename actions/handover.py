"""A person takes over: a coordinator is asked to call, and the caller hears until when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import holidays
from sqlalchemy import select

from actions.drafts import OpenDraft, need_of
from actions.notices import notify
from actions.phone.numbers import is_mobile
from actions.scene import Scene
from actions.topics import answers
from actions.words import Words
from care.catalogue import Catalogue
from care.clock import TZ
from care.models import Contact, col
from care.people import contact_for

OFFICE_OPENS, OFFICE_CLOSES = time(9), time(17)
WITHIN = timedelta(hours=2)
"""A call is promised within this time while the office is open, else for the next working morning."""
NEXT_MORNING = time(10)
SUMMARY_BY = "sms"
"""How whoever takes over hears whom they get; where no SMS arrives, the coordinator hears it."""
NEVER_CONNECTED = frozenset({"why_proof", "why_silent"})
"""Who could not show who they are is called back: that reaches the owner of the number. So is who says nothing."""


def call_by(now: datetime) -> datetime:
    """Until when a coordinator calls back, when asked at `now` (aware, local)."""
    open_today = _is_working_day(now.date()) and now.time() >= OFFICE_OPENS
    if open_today and (now + WITHIN).time() <= OFFICE_CLOSES and (now + WITHIN).date() == now.date():
        return _on_the_quarter(now + WITHIN)
    day = now.date()
    if not _is_working_day(day) or now.time() >= OFFICE_OPENS:
        day += timedelta(days=1)
    while not _is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, NEXT_MORNING, TZ)


def is_open(now: datetime) -> bool:
    """Whether somebody of the office can be spoken to at `now` (aware, local)."""
    return _is_working_day(now.date()) and OFFICE_OPENS <= now.time() < OFFICE_CLOSES


def _on_the_quarter(moment: datetime) -> datetime:
    """The quarter of an hour at or after a moment: nobody promises to call at two minutes past eleven."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment - past + timedelta(minutes=15)


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays.country_holidays("NL", years=day.year)


def coordinator(scene: Scene) -> Contact | None:
    """The coordinator who takes over conversations here, if there is one."""
    query = select(Contact).where(col(Contact.roles).contains(["coordinator"])).order_by(Contact.id)
    return scene.session.scalars(query).first()


def call_me(scene: Scene, why: str) -> None:
    """Ask the coordinator to call, once as long as that call is still to come, and say until when."""
    until = call_by(scene.now)
    someone = coordinator(scene)
    if _connect(scene, someone, why):
        return
    if scene.turn.call is not None and scene.turn.call.number is None:
        scene.say("human_no_number")
        return
    if someone is None:
        scene.say("human_nobody")
        return
    promised = scene.state.get("call_by")
    if promised and datetime.fromisoformat(promised) > scene.now:
        when = scene.words.moment(datetime.fromisoformat(promised), scene.today)
        scene.say("human_already", when=when)
        return
    phone = scene.contact.phone or scene.turn.conversation.channel
    notify(
        scene,
        someone,
        "coordinator_call",
        phone=phone,
        when=lambda words: words.moment(until),
        why=lambda words: words.say(why),
    )
    scene.state["call_by"] = until.isoformat()
    scene.say("human", when=scene.words.moment(until, scene.today))


def _connect(scene: Scene, someone: Contact | None, why: str) -> bool:
    """In a call, while the office is open: put the caller through now, and tell whoever takes over what it is about."""
    call = scene.turn.call
    if call is None or why in NEVER_CONNECTED or scene.state.get("no_connecting") or not is_open(scene.now):
        return False
    number = call.operator or (someone.phone if someone else None)
    if number is None or number == call.number:
        return False
    if is_mobile(number) and (someone is None or someone.phone != number):
        someone = contact_for(scene.session, SUMMARY_BY, number, scene.now)
    if someone is not None:
        notify(
            scene,
            someone,
            "coordinator_connect",
            name=lambda words: scene.contact.name or words.say("name_unknown"),
            phone=lambda words: call.number or words.say("number_withheld"),
            why=lambda words: words.say(why),
            asked=lambda words: _asked_for(scene, words),
        )
    scene.state["connecting_family"] = False
    scene.say("connecting")
    call.connect(number)
    return True


def _asked_for(scene: Scene, words: Words) -> str:
    """What the caller was asking for, as far as it had come, without a word about health."""
    draft = OpenDraft.find(scene)
    needs = [need_of(item) for item in draft.items] if draft else []
    told = [
        words.say("connect_need", what=Catalogue.load().service(need.service).neutral[words.language], when=when)
        if (when := words.when(need.schedule))
        else Catalogue.load().service(need.service).neutral[words.language]
        for need in needs
        if need.service is not None
    ]
    return f"{words.say('connect_asked', needs=words.listed(told))} " if told else ""


def offer_call(scene: Scene, key: str, why: str) -> None:
    """Ask whether a coordinator should call."""
    scene.ask_yes_no("call_me", key, why=why)


@answers("call_me")
def on_call_me(scene: Scene) -> None:
    """Take the answer to whether a coordinator should call."""
    why = (scene.question or {}).get("why", "why_asked")
    scene.settle()
    if scene.answer.get("yes"):
        call_me(scene, why)
    else:
        scene.say("nothing_asked")
