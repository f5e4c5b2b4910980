"""A request for help: every need goes into the draft, and the draft asks for what is missing."""

from __future__ import annotations

from actions import confirming, repair
from actions.base import CareAction
from actions.drafts import OpenDraft, need_of
from actions.scene import Scene
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
        if draft and draft.items and (same := _fills_in(draft, needs)):
            scene.settle()
            draft.mend(*same)
        else:
            added = draft is not None and bool(draft.items)
            draft = draft or OpenDraft.start(scene)
            scene.settle()
            for need in needs:
                if added:
                    scene.say("added", service=scene.service_name(need.service))
                draft.add(need)
        draft.save()
        scene.go_on = True


def _fills_in(draft: OpenDraft, needs: tuple[Need, ...]) -> tuple[dict[str, object], Need] | None:
    """The item that a single need tells more about: one of the same service, or one that still has no service."""
    if len(needs) != 1:
        return None
    (said,) = needs
    for item in draft.items:
        service = need_of(item).service
        if service is None or said.service in (None, service):
            return item, said
    return None


class ActionCorrect(CareAction):
    """What was just said is mended."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_correct"

    def play(self, scene: Scene) -> None:
        """Mend the draft; without one the correction is about visits that stand."""
        said = scene.reading.needs or scene.needs_said
        draft = OpenDraft.find(scene)
        if draft and draft.items and said:
            confirming.correct(scene, draft, said[0])
        elif draft and draft.items:
            repair.missed(scene)
        else:
            repair.missed(scene)
