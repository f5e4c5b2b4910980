"""Everything around the help itself: greetings, questions about the assistant, and what it cannot do."""

from __future__ import annotations

from sqlalchemy import select

from actions import change, handover, repair
from actions.base import CareAction
from actions.choosing import offers_at_hand
from actions.drafts import OpenDraft
from actions.scene import Scene
from actions.visits import AHEAD, coming
from care import circle
from care.models import Series, col
from care.people import recipient_of, recipients_for
from care.plans import Plan


class ActionGreet(CareAction):
    """A greeting."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_greet"

    def play(self, scene: Scene) -> None:
        """Greet back, and ask what is open or what is wanted."""
        if scene.question:
            repair.missed(scene, None)
        else:
            scene.say("greet" if scene.state.get("introduced") else "greet_first")


class ActionGoodbye(CareAction):
    """Thanks or goodbye."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_goodbye"

    def play(self, scene: Scene) -> None:
        """Take leave; an open draft is kept for next time."""
        scene.say("goodbye")
        if OpenDraft.find(scene):
            scene.say("draft_unfinished" if scene.turn.call else "emergency_later")
        if scene.turn.call is not None:
            scene.turn.call.hang_up()


class ActionHelp(CareAction):
    """What can it do?"""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_help"

    def play(self, scene: Scene) -> None:
        """Say what it can do, then put the open question again."""
        scene.say("help")
        scene.ask_again()


class ActionRepeat(CareAction):
    """Say that again."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_repeat"

    def play(self, scene: Scene) -> None:
        """Repeat the last message word for word."""
        if repair.unsure_aside(scene):
            repair.missed(scene)
        else:
            scene.repeat()


class ActionHuman(CareAction):
    """A person is wanted."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_human"

    def play(self, scene: Scene) -> None:
        """Promise a call; the draft is kept, and its question stays open."""
        handover.call_me(scene, "why_asked")


class ActionComplaint(CareAction):
    """A complaint: never argued with, always a person."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_complaint"

    def play(self, scene: Scene) -> None:
        """Offer a call; where it only sounds like one, and somebody else is wanted, begin with that."""
        visits = coming(scene, scene.today, AHEAD) if scene.another_helper else []
        if visits and not scene.question and scene.reading.confidence < repair.UNSURE:
            change.begin(scene, scene.reading.target, None, other=True)
        elif repair.unsure_aside(scene):
            repair.missed(scene)
        else:
            handover.offer_call(scene, "complaint", "why_complaint")


class ActionPayment(CareAction):
    """A question about money."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_payment"

    def play(self, scene: Scene) -> None:
        """Say what the agreed help costs, or how payment goes."""
        if offers := offers_at_hand(scene):
            words = scene.words
            prices = [
                words.say(
                    "price_offer_line",
                    name=offer.helper_name,
                    price=words.price_of_visit(offer.price_cents, offer.currency, offer.plan.minutes),
                )
                for offer in offers
            ]
            scene.say("payment_offers", prices="; ".join(dict.fromkeys(prices)))
            scene.ask_again()
            return
        recipients = [recipient.id for recipient in recipients_for(scene.session, scene.contact, scene.now)]
        standing = col(Series.status).in_(("active", "offered"))
        query = select(Series).where(col(Series.recipient_id).in_(recipients), standing)
        prices = [
            scene.words.say(
                "price_line",
                name=series.helper.contact.name,
                service=scene.service_name(series.service),
                price=scene.words.price_of_visit(
                    series.price_cents, series.currency, Plan.from_json(series.plan).minutes
                ),
            )
            for series in scene.session.scalars(query.order_by(Series.id))
        ]
        if prices:
            scene.say("payment_prices", prices="; ".join(prices))
            scene.ask_again()
        elif scene.question:
            scene.say("payment_short")
            scene.ask_again()
        else:
            handover.offer_call(scene, "payment", "why_payment")


class ActionPrivacy(CareAction):
    """A question about data."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_privacy"

    def play(self, scene: Scene) -> None:
        """Say what is kept, and who of the family may see it."""
        if repair.unsure_aside(scene):
            repair.missed(scene)
            return
        scene.say("privacy")
        recipient = recipient_of(scene.session, scene.contact)
        if recipient is not None:
            names = [contact.name or "" for contact in circle.family(scene.session, recipient, scene.now)]
            if names:
                scene.say("privacy_family", names=scene.words.listed(names))
        scene.ask_again()


class ActionOutOfScope(CareAction):
    """Something we do not do."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_out_of_scope"

    def play(self, scene: Scene) -> None:
        """Say what it does do, then put the open question again."""
        if scene.question and scene.reading.confidence < repair.UNSURE:
            repair.missed(scene)
        elif scene.question:
            # It may be our own misunderstanding: who answers the question this way a third time gets a person.
            repair.missed(scene, "out_of_scope")
        else:
            scene.say("out_of_scope")


class ActionClarify(CareAction):
    """What cannot be understood as it stands."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_clarify"

    def play(self, scene: Scene) -> None:
        """Ask for the one thing that is unclear."""
        if "time" in scene.reading.ask and not scene.question:
            scene.say("clarify_time")
        elif "days" in scene.reading.ask and not scene.question:
            scene.say("clarify_days")
        else:
            repair.missed(scene)


class ActionNotUnderstood(CareAction):
    """No rule says what to do."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_not_understood"

    def play(self, scene: Scene) -> None:
        """Ask in another way."""
        repair.missed(scene)


class ActionSilence(CareAction):
    """Nothing was said."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_silence"

    def play(self, scene: Scene) -> None:
        """Once a sign of life, then the keys, then a person."""
        silences = scene.state.get("misses", 0)
        if silences >= 2:
            repair.missed(scene)
            return
        scene.state["misses"] = silences + 1
        scene.say("silence")
        scene.ask_again()
