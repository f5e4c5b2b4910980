"""Who may come when another cannot, named by the recipient or their family beforehand."""

from __future__ import annotations

from actions.scene import Scene
from actions.topics import answers
from care import substitutes
from care.matching import named
from care.models import Helper, Recipient
from care.people import recipients_for

SHORTEST_NAME = 3


def take(scene: Scene) -> bool:
    """Ask whether the helper who was named may come unasked when another cannot; False when nobody known was named."""
    if not scene.stand_in or scene.reading.act == "emergency" or scene.answer:
        return False
    for word in scene.stand_in:
        for recipient in recipients_for(scene.session, scene.contact, scene.now, "act"):
            for helper in substitutes.who_came(scene.session, recipient):
                name = helper.contact.name or ""
                if len(word) >= SHORTEST_NAME and named(name, word):
                    scene.ask_yes_no("name_stand_in", "stand_in_confirm", name=name, helper=helper.id, of=recipient.id)
                    return True
    return False


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
