"""Read the whole request back, and ask the helpers on a yes. Nobody is asked before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions import offering, repair, whereabouts
from actions.drafts import Item, OpenDraft, need_of
from actions.requesting import ask_helper
from actions.scene import Json, Scene
from actions.topics import answers
from care import booking, introductions
from care.matching import Offer
from care.models import Series
from care.needs import Need, Preferences
from care.plans import WEEKDAY_CODES, rule_fields
from care.schedule import DAYPARTS, Schedule


def read_back(scene: Scene, draft: OpenDraft) -> None:
    """Say everything in words, and ask whether it is right."""
    recipient = whereabouts.recipient(scene, draft)
    own = recipient.contact_id == scene.contact.id
    scene.say("read_back_head" if own else "read_back_head_other", name=recipient.name)
    for item in draft.items:
        scene.say_line(_line(scene, need_of(item), Offer.from_json(item["offer"])))
    if not own and scene.state.get("said_for_both"):
        scene.say("read_back_one_home", name=recipient.name)
    if any(item.get("meet") for item in draft.items):
        scene.say("meet_read_back")
    scene.ask_yes_no("booking", "read_back_ask", names=_names(scene, draft))


def _names(scene: Scene, draft: OpenDraft) -> str:
    """The helpers chosen, each once."""
    return scene.words.listed(list(dict.fromkeys(item["offer"]["helper_name"] for item in draft.items)))


def _line(scene: Scene, need: Need, offer: Offer) -> str:
    words = scene.words
    once = need.schedule.rrule is None
    return words.say(
        "read_back_line_once" if once else "read_back_line",
        when=_capital(words.plan(need.schedule, offer.plan)),
        service=scene.service_name(need.service),
        name=offer.helper_name,
        kind=offering.kind_of(scene, offer),
        price=words.price(offer.price_cents, offer.currency),
        first=words.moment(offer.first, scene.today),
    )


def _capital(text: str) -> str:
    """The text with its first letter as a capital, past an apostrophe ("’s Ochtends")."""
    place = 3 if text[:1] in "’'" else 0
    return text[:place] + text[place : place + 1].upper() + text[place + 1 :]


@answers("booking")
def on_booking(scene: Scene) -> None:
    """Take the answer to the read-back."""
    draft = OpenDraft.find(scene)
    if draft is None or not draft.items:
        scene.settle()
        scene.say("nothing_asked")
    elif "need" in scene.answer:
        correct(scene, draft, Need.from_json(scene.answer["need"]))
    elif scene.answer.get("yes"):
        scene.settle()
        _book(scene, draft)
    elif scene.another_helper:
        _another(scene, draft, draft.items)
    elif "yes" in scene.answer:
        options = [scene.option(name, f"option_{label}") for name, label in WRONG]
        scene.settle()
        scene.ask("wrong", "choice", "ask_what_wrong", options)
    else:
        repair.missed(scene)


WRONG = (("time", "other_time"), ("helper", "other_helper"), ("stop", "stop"))


@answers("wrong")
def on_wrong(scene: Scene) -> None:
    """Take the answer to what should be different."""
    draft = OpenDraft.find(scene)
    choice = scene.answer.get("choice")
    if draft is None:
        scene.settle()
        scene.say("nothing_asked")
    elif "need" in scene.answer:
        correct(scene, draft, Need.from_json(scene.answer["need"]))
    elif choice == "stop":
        scene.settle()
        draft.close("dropped")
        scene.say("draft_dropped")
    elif choice and len(draft.items) > 1:
        scene.settle()
        scene.ask("which", "choice", "ask_which_need", _needs_as_options(scene, draft), then=choice)
    elif choice:
        scene.settle()
        _mend_item(scene, draft, draft.items[0], choice)
    else:
        repair.missed(scene)


@answers("which")
def on_which(scene: Scene) -> None:
    """Take the answer to which need should be different."""
    draft = OpenDraft.find(scene)
    question = scene.question or {}
    place = scene.answer.get("choice")
    if draft is None or place is None or int(place) >= len(draft.items):
        repair.missed(scene)
        return
    item = draft.items[int(place)]
    scene.settle()
    if "said" in question:
        correct_item(scene, draft, item, Need.from_json(question["said"]))
    else:
        _mend_item(scene, draft, item, question["then"])


def _needs_as_options(scene: Scene, draft: OpenDraft) -> list[Json]:
    return [
        {"value": str(place), "text": scene.service_name(need_of(item).service)}
        for place, item in enumerate(draft.items)
    ]


def _mend_item(scene: Scene, draft: OpenDraft, item: Item, what: str) -> None:
    """Have the time or the helper of an item chosen anew."""
    need = need_of(item)
    if what == "helper":
        item.update(seen=[*item["seen"], item["offer"]["helper_id"]] if item["offer"] else item["seen"])
        item.update(offer=None, offers=[])
        draft.save()
        scene.go_on = True
    else:
        service = scene.service_name(need.service)
        place = draft.items.index(item)
        scene.ask("more", "schedule", "ask_new_time", item=place, service=service, of=need.service)


def correct(scene: Scene, draft: OpenDraft, said: Need) -> None:
    """Mend the draft with what was said: the need of that service, or the only one it can be about; else ask which."""
    items = _items_meant(draft, said, scene)
    if scene.another_helper and _says_nothing(said) and any(item["offer"] for item in items):
        # "No, somebody else": which of them is not needed to be told when there is one.
        _another(scene, draft, items)
        return
    if len(items) > 1:
        scene.settle()
        scene.ask("which", "choice", "ask_which_need", _needs_as_options(scene, draft), said=said.to_json())
        return
    correct_item(scene, draft, items[0], said)


def _says_nothing(said: Need) -> bool:
    return Need(None, said.schedule, said.preferences) == Need(None, Schedule())


def _another(scene: Scene, draft: OpenDraft, items: Sequence[Item]) -> None:
    """Let somebody else be chosen for the item of whom was chosen; asks for which, where there are several."""
    named = [item for item in items if item["offer"] and item["offer"]["helper_name"].split()[0] in scene.not_named]
    scene.settle()
    if len(named or items) > 1:
        scene.ask("which", "choice", "ask_which_need", _needs_as_options(scene, draft), then="helper")
    else:
        _mend_item(scene, draft, (named or items)[0], "helper")


def correct_item(scene: Scene, draft: OpenDraft, item: Item, said: Need) -> None:
    """Mend one need; the helper who was chosen stays when they can come then too."""
    chosen = item["offer"]
    changed = draft.mend(item, said)
    if not changed:
        # "Yes, at ten" where ten was read back is a yes.
        item["offer"] = chosen
        if scene.reading.act == "confirm":
            scene.settle()
            _book(scene, draft)
            return
    elif chosen and said.preferences == Preferences():
        offering.keep_helper(scene, draft, item, chosen["helper_name"])
    draft.save()
    scene.settle()
    scene.go_on = True


def _items_meant(draft: OpenDraft, said: Need, scene: Scene) -> list[Item]:
    """The items a correction can be about."""
    if said.service is not None:
        same = [item for item in draft.items if need_of(item).service == said.service]
        if same:
            return same[:1]
    if (scene.question or {}).get("item") is not None:
        return [draft.asked_item()]
    if len(draft.items) > 1 and said.schedule.dtstart and said.schedule.rrule is None and scene.bare_weekday:
        # "The Tuesday rather at eleven" is about the need that is on Tuesdays.
        weekday = said.schedule.dtstart.weekday()
        there = [item for item in draft.items if _falls_on(need_of(item).schedule, weekday)]
        if len(there) == 1:
            return there
    if len(draft.items) > 1 and said.schedule.daypart:
        # "No, at four in the afternoon" is about the need that is in the afternoon, if there is just one.
        first, last = DAYPARTS[said.schedule.daypart]
        there = [
            item
            for item in draft.items
            if item["offer"] and any(first <= clock < last for clock in Offer.from_json(item["offer"]).plan.times)
        ]
        if len(there) == 1:
            return there
    return draft.items


def _falls_on(schedule: Schedule, weekday: int) -> bool:
    """Whether the schedule's days are on a weekday (0 is Monday), and not on every day."""
    if schedule.rrule is None:
        return schedule.dtstart is not None and schedule.dtstart.weekday() == weekday
    return WEEKDAY_CODES[weekday] in rule_fields(schedule.rrule).get("BYDAY", "").split(",")


def _book(scene: Scene, draft: OpenDraft) -> None:
    """Ask the helper of every item, or none: when one was taken meanwhile, others are offered for that item."""
    recipient = whereabouts.recipient(scene, draft)
    made: list[Series] = []
    taken: Item | None = None
    savepoint = scene.session.begin_nested()
    for place, item in enumerate(draft.items):
        try:
            made.append(
                booking.book(
                    scene.session,
                    recipient=recipient,
                    requested_by=scene.contact,
                    need=need_of(item),
                    offer=Offer.from_json(item["offer"]),
                    request_key=scene.key(f"book:{place}"),
                    now=scene.now,
                    offered=True,
                )
            )
        except booking.SlotTaken:
            taken = item
            break
    if taken is not None:
        savepoint.rollback()
        scene.say("slot_taken", name=taken["offer"]["helper_name"])
        taken.update(seen=[*taken["seen"], taken["offer"]["helper_id"]], offer=None, offers=[])
        draft.save()
        scene.go_on = True
        return
    savepoint.commit()
    draft.close("booked")
    scene.state["last_deed"] = {
        "kind": "booked",
        "series": [series.id for series in made],
        "at": scene.now.isoformat(),
    }
    for series, item in zip(made, draft.items, strict=True):
        if item.get("meet"):
            introductions.begin_with_one(scene.session, series)
    until = max(ask_helper(scene.post, series) for series in made)
    _say_asked(scene, draft, made, until)


def _say_asked(scene: Scene, draft: OpenDraft, made: Sequence[Series], until: datetime) -> None:
    names = _names(scene, draft)
    several = len({series.helper_id for series in made}) > 1
    scene.say("asked_many" if several else "asked_one", names=names, until=scene.words.moment(until, scene.today))
    services = {series.service for series in made}
    for series in made:
        beside = set(scene.catalogue.service(series.service).goes_with) - services
        if "stockings_off" in beside:
            scene.ask_yes_no("stockings_off", "offer_stockings_off", series=series.id)
            return


@answers("stockings_off")
def on_stockings_off(scene: Scene) -> None:
    """Take the answer to whether the stockings should come off in the evening too."""
    question = scene.question or {}
    scene.settle()
    if not (scene.answer.get("yes") or "need" in scene.answer):
        scene.say("fine_without")
        return
    series = scene.session.get(Series, question["series"])
    before = Need.from_json(series.need)
    days = before.schedule
    evening = Schedule(rrule=days.rrule, dtstart=days.dtstart, exdates=days.exdates, exrules=days.exrules)
    draft = OpenDraft.start(scene)
    draft.row.recipient_id = series.recipient_id
    item = draft.add(Need("stockings_off", evening.with_daypart("evening"), before.preferences))
    if "need" in scene.answer:
        draft.mend(item, Need.from_json(scene.answer["need"]))
    draft.save()
    scene.go_on = True
