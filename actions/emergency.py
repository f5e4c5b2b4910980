"""Urgent need: 112 first, then the offer to warn someone. Nothing is booked meanwhile, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from actions import handover
from actions.base import CareAction
from actions.drafts import OpenDraft
from actions.notices import notify
from actions.scene import Scene
from actions.topics import answers
from care.models import Contact, Mandate, col
from care.people import recipient_of
from nlu.acts.emergencies import emergency_kind

WITHOUT_FAMILY = frozenset({"violence"})
"""Who is not safe at home may be unsafe with family: a coordinator is offered instead."""


class ActionEmergency(CareAction):
    """Someone may need help now."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_emergency"

    def play(self, scene: Scene) -> None:
        """Say whom to call, then offer to warn someone."""
        kind = emergency_kind(scene.turn.text, scene.words.language) or "medical"
        scene.state["misses"] = 0
        if kind in WITHOUT_FAMILY:
            scene.ask_yes_no("call_me", f"emergency_{kind}", why="why_warn")
        else:
            scene.ask_yes_no("warn_family", f"emergency_{kind}")


@answers("warn_family")
def on_warn_family(scene: Scene) -> None:
    """Take the answer to whether family should be warned."""
    scene.settle()
    if scene.answer.get("yes"):
        _warn(scene)
    else:
        scene.say("emergency_not_warned")
    if OpenDraft.find(scene):
        scene.say("emergency_later")


def _warn(scene: Scene) -> None:
    recipient = recipient_of(scene.session, scene.contact)
    family: list[Contact] = []
    if recipient is not None:
        query = (
            select(Contact)
            .join(Mandate, Mandate.family_id == Contact.id)
            .where(
                Mandate.recipient_id == recipient.id,
                Mandate.valid_from <= scene.now,
                (col(Mandate.valid_until).is_(None)) | (col(Mandate.valid_until) > scene.now),
            )
        )
        family = list(scene.session.scalars(query.distinct()))
    for contact in family:
        notify(scene, contact, "emergency_family_text", name=recipient.name if recipient else "")
    if family:
        names = scene.words.listed([contact.name or contact.phone or "" for contact in family])
        scene.say("emergency_warned", names=names)
        _connect_to(scene, family)
    else:
        scene.say("emergency_no_family")
        handover.call_me(scene, "why_warn")


def _connect_to(scene: Scene, family: Sequence[Contact]) -> None:
    """In a call, put the caller through to the first of the family who can be called."""
    call = scene.turn.call
    one = next((contact for contact in family if contact.phone and call and contact.phone != call.number), None)
    if call is not None and one is not None and one.phone is not None:
        scene.state["connecting_family"] = True
        scene.say("connecting_family", name=one.name or "")
        call.connect(one.phone)
