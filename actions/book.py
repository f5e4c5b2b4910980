"""A request for help: every need goes into the draft, and the draft asks for what is missing."""

from __future__ import annotations

from actions import again, confirming, meeting, repair, whereabouts
from actions.base import CareAction
from actions.drafts import OpenDraft, need_of
from actions.scene import Scene
from actions.topics import handler_of
from care.needs import Need
from care.schedule import Schedule


class ActionBook(CareAction):
    """Help is asked for."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_book"

    def play(self, scene: Scene) -> None:
        """Put the needs into the draft; with a draft open they are added to it."""
        needs = scene.reading.needs or (Need(None, Schedule()),)
        draft = OpenDraft.find(scene)
        if draft and draft.items:
            asked = draft.asked_item() if "item" in (scene.question or {}) else None
            _, added = draft.take(needs, asked)
            for item in added:
                scene.say("added", service=scene.service_name(need_of(item).service))
        else:
            draft = draft or OpenDraft.start(scene)
            whereabouts.begin(scene)
            for need in needs:
                draft.add(need)
        if "meet" in scene.household:
            meeting.note(draft)
            scene.say("meet_noted")
        scene.settle()
        draft.save()
        scene.go_on = True


class ActionCorrect(CareAction):
    """What was just said is mended."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_correct"

    def play(self, scene: Scene) -> None:
        """Mend the draft; without one the correction is about visits that stand."""
        said = scene.reading.needs or scene.needs_said
        draft = OpenDraft.find(scene)
        if scene.topic() == "hours":
            handler_of("hours")(scene)
        elif draft and draft.items and (said or scene.another_helper):
            # "No, somebody other than Bianca" says nothing of when.
            confirming.correct(scene, draft, said[0] if said else Need(None, Schedule()))
        elif (draft and draft.items) or scene.question or not again.take(scene):
            repair.missed(scene)
