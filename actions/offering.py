"""Offers: for each need up to three helpers to choose from, with price, distance and a reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from actions import handover, repair, whereabouts
from actions.choosing import helper_options
from actions.drafts import Item, OpenDraft, need_of
from actions.scene import Json, Scene
from actions.topics import answers
from care.acceptance import refused
from care.catalogue import Catalogue
from care.eligibility import named
from care.matching import Offer, Reason
from care.models import Recipient
from care.needs import Need, Preferences
from care.offers import offers_for, refusal_of, too_soon_for
from care.schedule import Schedule

MOST = 3
"""Options at once: no more can be kept in mind, or fit a row of buttons."""
STARTS_LATER = "starts_later"
REASONS_ALOUD = (
    "known_face",
    "comes_already",
    "does_more",
    "asked_for",
    "speaks",
    "free_every",
    "proof_checked",
    STARTS_LATER,
)
"""Reasons worth saying; price and distance are said with every offer anyway."""
MORE_THAN_ONE = ("comes_already", "does_more", STARTS_LATER)
"""Reasons that are said beside another: one person at the door instead of two, and that the first visit is later."""


def propose(scene: Scene, draft: OpenDraft, item: Item) -> bool:
    """Look for helpers for an item and ask which of them; always asks something, so always False."""
    need = need_of(item)
    if not item["offers"]:
        item["offers"] = [offer.to_json() for offer in _look(scene, draft, item, need)]
        draft.save()
    offers = [Offer.from_json(offer) for offer in item["offers"]]
    place = draft.items.index(item)
    if offers:
        _say_offers(scene, need, offers, place)
    elif item["seen"]:
        item["seen"] = []
        draft.save()
        scene.say("offers_no_more", service=scene.service_name(need.service))
        return propose(scene, draft, item)
    else:
        _say_none(scene, draft, item, need)
    return False


def _look(scene: Scene, draft: OpenDraft, item: Item, need: Need) -> list[Offer]:
    """Who may and can do it, the best first."""
    # Who is chosen for another need of the same request cannot be in two places at once.
    chosen = tuple(Offer.from_json(other["offer"]) for other in draft.items if other["offer"])
    recipient = whereabouts.recipient(scene, draft)
    # Who lately declined this very need is not asked again.
    seen = {*item["seen"], *refused(scene.session, recipient, need, scene.now)}
    found = offers_for(
        scene.session,
        recipient,
        need,
        scene.now,
        limit=MOST,
        exclude_helpers=seen,
        chosen=chosen,
        others=[need_of(other) for other in draft.items if other is not item and not other["offer"]],
    )
    return [*_right_after(scene, recipient, need, chosen, seen), *found][:MOST]


def _right_after(
    scene: Scene, recipient: Recipient, need: Need, chosen: Sequence[Offer], seen: Collection[int]
) -> list[Offer]:
    """Of those chosen for the same hour who can do this too, when the other is done: one person at the door."""
    schedule = need.schedule
    for offer in chosen:
        same_hour = offer.plan.times == schedule.times and offer.plan.rrule == schedule.rrule
        # Two single visits at one hour are only in each other's way on one day.
        same_hour = same_hour and (schedule.rrule is not None or offer.first.date() == schedule.dtstart)
        if not same_hour or need.preferences.helper_name is not None or offer.helper_id in seen:
            continue
        length = timedelta(minutes=offer.plan.minutes)
        later = tuple((datetime.combine(scene.today, clock) + length).time() for clock in schedule.times)
        wishes = replace(need.preferences, helper_name=offer.helper_name)
        then = replace(need, schedule=replace(schedule, times=later), preferences=wishes)
        found = offers_for(scene.session, recipient, then, scene.now, limit=1, chosen=chosen)
        if found and found[0].helper_id == offer.helper_id:
            return found[:1]
    return []


def leave_out_named(scene: Scene, draft: OpenDraft) -> None:
    """Note with every need whom the person does not want, as far as that was said in this message."""
    for item in draft.items if scene.not_named else ():
        need = need_of(item)
        wishes = need.preferences.without(scene.not_named)
        wanted = wishes.helper_name
        if wanted and any(named(wanted, name) for name in scene.not_named):
            wishes = replace(wishes, helper_name=None)
        if wishes == need.preferences:
            continue
        chosen = item["offer"]
        draft.set_need(item, replace(need, preferences=wishes))
        if chosen and not any(named(chosen["helper_name"], name) for name in scene.not_named):
            item["offer"] = chosen
        draft.save()


def keep_helper(scene: Scene, draft: OpenDraft, item: Item, name: str) -> None:
    """Choose the helper of this name again for a need that was mended, when they can come then too."""
    need = need_of(item)
    if need.service is None or not need.schedule.has_time() or draft.row.recipient_id is None:
        return
    same = replace(need, preferences=replace(need.preferences, helper_name=name))
    found = [offer for offer in _look(scene, draft, item, same) if offer.helper_name == name]
    if found:
        item["offer"] = found[0].to_json()


def _say_offers(scene: Scene, need: Need, offers: list[Offer], place: int) -> None:
    """Name the helpers, and ask who may come."""
    when = scene.words.recurrence(need.schedule) + _daypart(scene, need)
    scene.say("offers_head", service=scene.service_name(need.service), when=when)
    for number, offer in enumerate(offers, start=1):
        scene.say_line(offer_line(scene, offer, number, need.schedule))
    one = len(offers) == 1
    key, again = ("offers_ask_one", "offers_ask_one_again") if one else ("offers_ask", "offers_ask_again")
    scene.ask("offer", "choice", key, helper_options(offers), item=place, of=need.service, again=again)


def _daypart(scene: Scene, need: Need) -> str:
    said = scene.words.time_of_day(need.schedule)
    return f" {said}" if said else ""


def offer_line(scene: Scene, offer: Offer, number: int, schedule: Schedule | None = None) -> str:
    """One offer in words: who, what kind, price, distance, when exactly, and why.

    With the `schedule` asked for also the days that were chosen for it, where it named none.
    """
    words = scene.words
    days = words.chosen_days(schedule, offer.plan) if schedule else ""
    reason = _reasons(scene, offer)
    if offer.missing_dates:
        later = [_reason(scene, one) for one in offer.reasons if one.key == STARTS_LATER]
        reason = " ".join([words.say("offer_missing", dates=words.spans(offer.missing_dates)), *later])
    return words.say(
        "offer_line",
        key=number,
        name=offer.helper_name,
        kind=kind_of(scene, offer),
        price=words.price(offer.price_cents, offer.currency),
        distance=words.distance(offer.distance_m),
        start=words.say("offer_start", when=f"{days} {words.clocks(offer.plan)}".strip()),
        reason=reason,
    ).strip()


def kind_of(scene: Scene, offer: Offer) -> str:
    """The kind of helper in words; of an organisation its name."""
    return scene.words.say(f"kind_{offer.helper_kind}", organisation=offer.organisation or "")


def _reasons(scene: Scene, offer: Offer) -> str:
    """The most telling reason; and that the helper does, or can do, something else at that time of day."""
    aloud = [reason for reason in offer.reasons if reason.key in REASONS_ALOUD]
    said = [reason for place, reason in enumerate(aloud) if place == 0 or reason.key in MORE_THAN_ONE]
    if not said:
        return scene.words.say("reason_default")
    return " ".join(_reason(scene, reason) for reason in said)


def _reason(scene: Scene, reason: Reason) -> str:
    return scene.words.say(f"reason_{reason.key}", **_details(scene, reason.details))


def _details(scene: Scene, details: Any) -> dict[str, Any]:
    """The details of a reason, with proofs and services by name."""
    catalogue, words = Catalogue.load(), scene.words
    names = catalogue.proof_names
    proofs = words.listed([names[proof][words.language] for proof in details.get("proofs", ())])
    services = words.listed([catalogue.service(key).names[words.language] for key in details.get("services", ())])
    return {**details, "proofs": proofs, "services": services} | _moments(scene, details)


def _moments(scene: Scene, details: Any) -> dict[str, str]:
    """The moments among the details of a reason in words, and how long beforehand somebody must be asked."""
    told = {name: details[name] for name in ("first", "earliest") if name in details}
    lead = {"lead": scene.words.duration(details["hours"] * 60)} if "hours" in details else {}
    return {name: scene.words.moment(datetime.fromisoformat(moment)) for name, moment in told.items()} | lead


def _say_none(scene: Scene, draft: OpenDraft, item: Item, need: Need) -> None:
    """Say that nobody can, or why the one who was named cannot, and ask how to go on."""
    service, place = scene.service_name(need.service), draft.items.index(item)
    chosen = tuple(Offer.from_json(other["offer"]) for other in draft.items if other["offer"])
    recipient = whereabouts.recipient(scene, draft)
    refusal = refusal_of(scene.session, recipient, need, scene.now, chosen)
    too_soon = too_soon_for(scene.session, recipient, need, scene.now, chosen)
    if refusal is not None:
        scene.say(f"refused_{refusal.key}", **{**refusal.details, **_moments(scene, refusal.details)})
        scene.ask_yes_no("other_person", "offers_other_than_named", service=service, item=place)
    elif too_soon is not None:
        told = {**too_soon.details, **_moments(scene, too_soon.details)}
        scene.ask_yes_no("other_time", "offers_too_soon", service=service, item=place, **told)
    elif replace(need.preferences, not_named=()) != Preferences():
        scene.ask_yes_no("other_person", "offers_none_preference", service=service, item=place)
    else:
        when = scene.words.when(need.schedule)
        scene.ask_yes_no("other_time", "offers_none", service=service, when=when, item=place)


@answers("offer")
def on_offer(scene: Scene) -> None:
    """Take the choice of a helper, a wish about who it should be, or "someone else"."""
    draft = OpenDraft.find(scene)
    if draft is None:
        scene.settle()
        scene.say("nothing_asked")
        return
    item = draft.asked_item()
    offers = item["offers"]
    answer = scene.answer
    choice = offers[0]["helper_id"] if offers and (answer.get("any") or answer.get("yes")) else answer.get("choice")
    chosen = [offer for offer in offers if str(offer["helper_id"]) == str(choice)]
    turned_down = [offer for offer in offers if any(named(offer["helper_name"], name) for name in scene.not_named)]
    if turned_down:
        # "Not Anna" holds her name, but chooses somebody else.
        need = need_of(item)
        wishes = replace(need.preferences.without(offer["helper_name"] for offer in turned_down), helper_name=None)
        draft.set_need(item, replace(need, preferences=wishes))
    elif chosen:
        _choose(draft, item, chosen[0])
    elif answer.get("none"):
        seen, need = [*item["seen"], *(offer["helper_id"] for offer in offers)], need_of(item)
        # Who asked for one person, and then for somebody else, asks no longer for that person.
        draft.set_need(item, replace(need, preferences=replace(need.preferences, helper_name=None)))
        item["seen"] = seen
    elif not ("need" in answer and draft.mend(item, Need.from_json(answer["need"]))):
        repair.missed(scene)
        return
    draft.save()
    scene.settle()
    scene.go_on = True


def _choose(draft: OpenDraft, item: Item, offer: Json) -> None:
    """Choose an offer; one for right after another visit has an hour of its own, which is the one wanted then."""
    need, times = need_of(item), Offer.from_json(offer).plan.times
    if need.schedule.times and times != need.schedule.times and not Offer.from_json(offer).plan.other_times:
        draft.set_need(item, replace(need, schedule=replace(need.schedule, times=times)))
    item["offer"] = offer


@answers("other_person")
def on_other_person(scene: Scene) -> None:
    """Take the answer to whether it may be somebody else than was wished for."""
    draft = OpenDraft.find(scene)
    if draft is None:
        repair.missed(scene)
        return
    item = draft.asked_item()
    scene.settle()
    if scene.answer.get("yes"):
        need = need_of(item)
        wishes = Preferences()
        if need.preferences.helper_name is not None:
            wishes = replace(need.preferences, helper_name=None)
        elif need.preferences.not_named:
            wishes = Preferences(not_named=need.preferences.not_named)
        draft.set_need(item, replace(need, preferences=wishes))
    elif "need" in scene.answer:
        draft.mend(item, Need.from_json(scene.answer["need"]))
    else:
        _leave_out(scene, draft, item)
    draft.save()
    scene.go_on = True


@answers("other_time")
def on_other_time(scene: Scene) -> None:
    """Take the answer to whether another time may be looked for."""
    draft = OpenDraft.find(scene)
    if draft is None:
        repair.missed(scene)
        return
    item = draft.asked_item()
    place = draft.items.index(item)
    service = need_of(item).service
    scene.settle()
    if "need" in scene.answer and draft.mend(item, Need.from_json(scene.answer["need"])):
        draft.save()
        scene.go_on = True
    elif scene.answer.get("yes"):
        scene.ask("more", "schedule", "ask_new_time", item=place, service=scene.service_name(service), of=service)
    else:
        _leave_out(scene, draft, item)
        if draft.items:
            draft.save()
            scene.go_on = True
        else:
            draft.close("dropped")
            handover.offer_call(scene, "offer_call_no_offer", "why_no_offer")


def _leave_out(scene: Scene, draft: OpenDraft, item: Item) -> None:
    scene.say("need_left_out", service=scene.service_name(need_of(item).service))
    draft.drop(item)
