"""Who may come when another cannot, named by the recipient or their family beforehand."""

from __future__ import annotations

from dataclasses import replace

from actions.scene import Scene
from actions.topics import answers
from care import booking, substitutes
from care.eligibility import named
from care.models import Helper, Recipient
from care.needs import Need, Preferences
from care.offers import offers_for
from care.people import recipients_for

SHORTEST_NAME = 3


def take(scene: Scene) -> bool:
    """Ask whether the helper who was named may come unasked when another cannot; False when nobody known was named."""
    if not scene.stand_in or scene.reading.act == "emergency" or scene.answer:
        return False
    for find in (_who_came, _who_can):
        for recipient in recipients_for(scene.session, scene.contact, scene.now, "act"):
            found = find(scene, recipient)
            if found is not None:
                about = {"name": found.contact.name or "", "helper": found.id, "of": recipient.id}
                scene.ask_yes_no("name_stand_in", "stand_in_confirm", **about)
                return True
    return False


def _names(scene: Scene) -> list[str]:
    return [word for word in scene.stand_in if len(word) >= SHORTEST_NAME]


def _who_came(scene: Scene, recipient: Recipient) -> Helper | None:
    """The helper of that name who came before."""
    known = substitutes.who_came(scene.session, recipient)
    found = (helper for word in _names(scene) for helper in known if named(helper.contact.name or "", word))
    return next(found, None)


def _who_can(scene: Scene, recipient: Recipient) -> Helper | None:
    """The helper of that name who never came, but can make visits that stand."""
    for series in booking.running(scene.session, recipient, scene.now):
        need = Need.from_json(series.need)
        for word in _names(scene):
            told = replace(need, preferences=Preferences(helper_name=word))
            for offer in offers_for(scene.session, recipient, told, scene.now, exclude_helpers=(series.helper_id,)):
                if word in offer.helper_name.casefold().split():
                    return scene.session.get(Helper, offer.helper_id)
    return None


@answers("name_stand_in")
def on_stand_in(scene: Scene) -> None:
    """Take the answer to the read-back."""
    question = scene.question or {}
    scene.settle()
    if not scene.answer.get("yes"):
        scene.say("kept")
        return
    substitutes.name_stand_in(
        scene.session,
        scene.session.get(Recipient, question["of"]),
        scene.session.get(Helper, question["helper"]),
        by=scene.contact,
        now=scene.now,
        unasked=True,
    )
    scene.say("stand_in_yes", name=question["name"])
