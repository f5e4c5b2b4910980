"""Answers to the question at hand, and the short words yes, no and back."""

from __future__ import annotations

from actions import accepting, repair, undo, whereabouts
from actions.base import CareAction
from actions.drafts import OpenDraft, need_of
from actions.scene import Scene
from actions.topics import handler_of

OF_HELPERS = frozenset({"offer", "change_pick", "next_offer", "substitute_choice"})
"""Questions whose options are people, to be chosen by name."""


class ActionAnswer(CareAction):
    """An answer goes to whoever asked."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    def play(self, scene: Scene) -> None:
        """Hand the answer over; giving up drops the draft."""
        topic = scene.topic()
        if scene.answer.get("drop"):
            drop(scene)
        elif topic is None:
            repair.missed(scene)
        elif scene.answer.get("aside"):
            whereabouts.note(scene)
            scene.say("noted_whereabouts")
            scene.ask_again()
        else:
            handler_of(topic)(scene)


class ActionConfirm(CareAction):
    """A yes that answers no question of ours, or does not fit the open one."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_confirm"

    def play(self, scene: Scene) -> None:
        """Ask again what is open, or ask what is wanted."""
        if scene.question:
            # A yes to "which one?" needs to hear that; to a question for details it may just be "go on".
            saying = "pick_one" if scene.topic() in OF_HELPERS else "pick_option"
            repair.missed(scene, saying if scene.question["kind"] == "choice" else None)
        elif resume(scene) or accepting.late_answer(scene, yes=True):
            return
        elif scene.state.get("misses"):
            # A yes to "I do not understand" must not sound as if something was done.
            repair.missed(scene)
        else:
            scene.say("nothing_asked")


class ActionDeny(CareAction):
    """A no that answers no question of ours, or does not fit the open one."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_deny"

    def play(self, scene: Scene) -> None:
        """Ask again what is open, or ask what is wanted."""
        if scene.question and _not_this_one(scene):
            return
        if scene.question:
            repair.missed(scene)
        elif undo.may_be_meant(scene):
            undo.ask(scene)
        elif not accepting.late_answer(scene, yes=False):
            scene.say("nothing_asked")


def _not_this_one(scene: Scene) -> bool:
    """Leave a need out of the draft that a no names ("no, not the walking"); False when it names none of several."""
    draft, service = OpenDraft.find(scene), scene.target_said.service
    named = [item for item in draft.items if need_of(item).service == service] if draft and service else []
    if draft is None or len(named) != 1 or len(draft.items) == 1:
        return False
    draft.drop(named[0])
    draft.save()
    scene.settle()
    scene.say("need_left_out", service=scene.service_name(service))
    scene.go_on = True
    return True


class ActionBack(CareAction):
    """A step back: the last thing that was settled is asked again."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_back"

    def play(self, scene: Scene) -> None:
        """Take the last offer chosen back, or put the open question again."""
        draft = OpenDraft.find(scene)
        chosen = [item for item in draft.items if item["offer"]] if draft else []
        if draft and chosen:
            chosen[-1].update(offer=None, offers=[])
            draft.save()
            scene.settle()
            scene.go_on = True
        elif scene.question:
            scene.ask_again()
        else:
            scene.say("nothing_asked")


def drop(scene: Scene) -> None:
    """The person gives up what they were busy with; a question from others gets its answer that way."""
    question = scene.question or {}
    if "ask" in question:
        scene.answer = {"drop": True}
        handler_of(question["topic"])(scene)
        return
    scene.settle()
    draft = OpenDraft.find(scene)
    if draft is not None:
        draft.close("dropped")
        scene.say("draft_dropped")
    else:
        scene.say("kept")


def resume(scene: Scene) -> bool:
    """Go on with a draft that was left for something else; False when there is none."""
    if OpenDraft.find(scene) is None:
        return False
    scene.say("draft_resumed")
    scene.go_on = True
    return True
