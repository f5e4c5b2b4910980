"""How a search for a substitute is told: who comes instead, what is still open, and when it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import phonenumbers

from actions.post import Post
from actions.scene import Scene
from actions.words import Words
from care import substitutes
from care.clock import local
from care.matching import Offer
from care.models import Contact, Helper, Organisation, Visit
from care.people import recipients_for
from care.visits import VisitLine, midnight

MOST_NAMED = 4


def reasons(scene: Scene, lines: Sequence[VisitLine]) -> list[str]:
    """Why it is another than usual, for the visits where that is so."""
    instead = substitutes.instead_of(scene.session, [line.visit for line in lines])
    found = dict.fromkeys((line.helper, instead[line.visit]) for line in lines if line.visit in instead)
    return [scene.words.say("coming_instead", name=name, absent=absent) for name, absent in found]


def gaps(scene: Scene, day: date) -> list[str]:
    """The visits of a date that nobody comes to as yet, and how far the search is."""
    since, until = max(midnight(day), scene.now), midnight(day + timedelta(days=1))
    recipients = [recipient.id for recipient in recipients_for(scene.session, scene.contact, scene.now)]
    if not recipients or since >= until:
        return []
    return [_gap(scene, visit) for visit in substitutes.without_helper(scene.session, recipients, since, until)]


def _gap(scene: Scene, visit: Visit) -> str:
    search = substitutes.status_of(scene.session, visit)
    state = {"asking": "asked", "nobody": "nobody"}.get(search.status if search else "", "looking")
    return scene.words.say(
        f"coming_gap_{state}",
        time=scene.words.at(local(visit.starts).timetz().replace(tzinfo=None)),
        name=name_of(scene.post, visit.helper_id),
        other=name_of(scene.post, search.asked_id) if search and search.asked_id else "",
    )


def moments(words: Words, visits: Sequence[Visit]) -> str:
    """When these visits are; of many the first and the last."""
    if len(visits) <= MOST_NAMED:
        return words.listed([words.moment(visit.starts) for visit in visits])
    return words.say(
        "many_moments",
        n=len(visits),
        first=words.moment(visits[0].starts),
        last=words.date(local(visits[-1].starts).date()),
    )


def offer_lines(words: Words, offers: Sequence[Offer]) -> str:
    """The substitutes who may come, a line each."""
    return "\n".join(offer_line(words, offer, number) for number, offer in enumerate(offers, start=1))


def offer_line(words: Words, offer: Offer, number: int) -> str:
    """One substitute in words: who, what kind, and the price; on which days not."""
    known = any(reason.key == "known_face" for reason in offer.reasons)
    reason = words.say("reason_known_face") if known else ""
    if offer.missing_dates:
        reason = words.say("offer_missing", dates=words.dates(offer.missing_dates))
    return words.say(
        "substitute_line",
        key=number,
        name=offer.helper_name,
        kind=words.say(f"kind_{offer.helper_kind}", organisation=offer.organisation or ""),
        price=words.price(offer.price_cents, offer.currency),
        reason=reason,
    ).strip()


def name_of(post: Post, helper_id: int) -> str:
    """The name of a helper."""
    helper: Helper = post.session.get(Helper, helper_id)
    return helper.contact.name or ""


def phone_for(post: Post, helper: Helper, coordinator: Contact | None) -> str:
    """The number to call: of the helper's organisation, else of the coordinator; as it is written here."""
    organisation = helper.organisation_id and post.session.get(Organisation, helper.organisation_id)
    number = (organisation and organisation.phone) or (coordinator and coordinator.phone) or ""
    if not number:
        return ""
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
