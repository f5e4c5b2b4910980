"""Helpers to choose from: as options, known by key, by name, and by what only one of them is ("the cheaper one")."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actions.drafts import OpenDraft
from actions.post import Choice
from actions.scene import Json, Scene
from actions.words import Words
from care.matching import Offer

GENDERS = {"female": "woman", "male": "man"}


def helper_options(offers: Sequence[Offer]) -> list[Json]:
    """An option for each offer."""
    if not offers:
        return []
    # Of several as cheap, or as near, any is what was meant: the first is the best of them.
    cheapest = min(offers, key=lambda offer: offer.visit_cents or 0)
    nearest = min(offers, key=lambda offer: offer.distance_m)
    return [
        {
            "value": str(offer.helper_id),
            "text": offer.helper_name,
            "names": offer.helper_name.split(),
            "traits": [
                *(["cheapest"] if offer is cheapest else []),
                *(["nearest"] if offer is nearest else []),
                *(["free"] if offer.free else []),
                *([GENDERS[offer.gender]] if offer.gender in GENDERS else []),
            ],
        }
        for offer in offers
    ]


def helper_choices(offers: Sequence[Offer]) -> list[Choice]:
    """The same for a question that is put unasked (`actions.post.Post.ask`)."""
    return [(each["value"], _label(each["text"]), each["names"], each["traits"]) for each in helper_options(offers)]


def _label(name: str) -> Callable[[Words], str]:
    return lambda _: name


def offers_at_hand(scene: Scene) -> list[Offer]:
    """The offers that the open question is about: those to choose from, else those chosen and to be read back."""
    question = scene.question or {}
    if question.get("offers"):
        return [Offer.from_json(offer) for offer in question["offers"]]
    draft = OpenDraft.find(scene)
    if draft is None or not draft.items:
        return []
    if question.get("topic") == "offer":
        return [Offer.from_json(offer) for offer in draft.asked_item()["offers"]]
    return [Offer.from_json(item["offer"]) for item in draft.items if item["offer"]]
