"""The helper's own menu of acts, and the coordinator's: before a message is taken for anything else, it is looked at as
said about the work of the one who sent it.

Who gets help too, or arranges it for family, keeps their ordinary talk: where their words can mean either, the visits
that stand decide, and where these do not, they are asked.
"""

from __future__ import annotations

from collections.abc import Callable

from actions import absence, attendance, proving, retracting, rota, underway
from actions.scene import Scene
from actions.topics import answers, handler_of
from care import absences, circle
from care.models import Helper
from care.people import recipients_for
from care.visits import COMING, midnight, visits_of
from nlu.acts.emergencies import emergency_kind
from nlu.helpers import HelperAct

EITHER = frozenset({"ill", "away"})
"""Acts that somebody who gets help may mean of that help."""
REPORTS = frozenset({"here", "done"})
SHORT = 4
"""So few words are all taken up by the report itself; in a longer message the model's alarm stands."""
ON_WAY = "on_way"
LONG = 9
"""Who is still on the way is with nobody yet, so that a longer message may be taken for that."""
LISTS = frozenset({"who_is_coming", "list_visits"})
"""Acts whose answer has the visits that a helper makes in it anyway."""

Deed = Callable[[Scene, Helper, HelperAct], None]
DEEDS: dict[str, Deed] = {
    "ill": absence.tell,
    "away": absence.tell,
    "back": absence.come_back,
    "here": attendance.arrive,
    "on_way": underway.set_out,
    "done": attendance.depart,
    "late": attendance.run_late,
    "rota": rota.say_rota,
    "proof": proving.tell,
}


def take(scene: Scene) -> bool:
    """Deal with what is said of the speaker's work as a helper, or of a helper they answer for; False when it is none.

    An emergency is never taken for it.
    """
    if scene.reading.act == "emergency" and not _only_reports(scene):
        return False
    if scene.topic() == absence.UNTIL and absence.take_until(scene):
        return True
    if scene.topic() == proving.UNTIL and proving.take_until(scene):
        return True
    said = scene.work
    if said is None:
        return False
    if said.other is not None and (helper := absence.named_helper(scene)) is not None:
        DEEDS[said.other](scene, helper, said)
        return True
    helper = circle.helper_of(scene.session, scene.contact)
    if helper is None or said.act is None:
        return False
    return _answered(scene, said) or _taken(scene, helper, said)


def _only_reports(scene: Scene) -> bool:
    """Whether it is just "I'm here" or "done" with no word of danger in it, which the model alone took for a cry."""
    said = scene.work
    length = len(scene.turn.text.split())
    reports = said is not None and (
        (said.act in REPORTS and length <= SHORT) or (said.act == ON_WAY and length <= LONG)
    )
    return reports and emergency_kind(scene.turn.text, scene.reading.language) is None


def _answered(scene: Scene, said: HelperAct) -> bool:
    """Whether it answers a question that was put to the helper: "I can't on Tuesday" is a no to "can you come?"."""
    question = scene.question
    if question is None or "ask" not in question or question["kind"] != "yes_no" or said.act != "away":
        return False
    if "yes" not in scene.answer:
        scene.answer = {"yes": False}
    handler_of(question["topic"])(scene)
    return True


def _taken(scene: Scene, helper: Helper, said: HelperAct) -> bool:
    if _is_answer(scene) and said.act != "ill":
        return False
    assert said.act is not None  # noqa: S101 - seen to by the caller
    if said.act == "retract":
        return retracting.take(scene, helper)
    if recipients_for(scene.session, scene.contact, scene.now):
        if said.act == "rota" and scene.reading.act in LISTS:
            return False
        if said.act in EITHER and not _is_about_work(scene, helper, said):
            return scene.topic() == WHOSE
    DEEDS[said.act](scene, helper, said)
    return True


def _is_answer(scene: Scene) -> bool:
    """Whether the message answers the open question; a date that happens to be in it answers no yes-or-no question."""
    yes_no = scene.question is not None and scene.question["kind"] == "yes_no"
    return "yes" in scene.answer if yes_no else bool(scene.answer)


WHOSE = "whose_visits"


def _is_about_work(scene: Scene, helper: Helper, said: HelperAct) -> bool:
    """Whether somebody who gets help too means their own work; asks when both can be meant."""
    spans = said.spans or ((scene.today, scene.today),)
    work = [
        visit
        for first, last in spans
        for visit in absences.affected(scene.session, helper, midnight(first), absence.day_after(last), scene.now)
    ]
    own = {recipient.id for recipient in recipients_for(scene.session, scene.contact, scene.now, "act")}
    mine = [
        line
        for first, last in spans
        for line in visits_of(scene.session, scene.contact, first, (last - first).days + 1, scene.now)
        if line.recipient_id in own and line.status in COMING and line.end > scene.now
    ]
    if work and mine:
        options = [scene.option("work"), scene.option("own_help")]
        scene.ask(WHOSE, "choice", "ask_whose_visits", options, work=said.to_json(), helper=helper.id)
        return False
    return bool(work) or (said.act == "ill" and not mine)


@answers(WHOSE)
def on_whose(scene: Scene) -> None:
    """Take the answer to whether it is about the work or about the help that the person gets."""
    from actions import repair, skip  # both begin questions whose answers come back here

    question = scene.question or {}
    choice = scene.answer.get("choice")
    if choice is None:
        repair.missed(scene)
        return
    scene.settle()
    said = HelperAct.from_json(question["work"])
    if choice == "work":
        helper = scene.session.get(Helper, question["helper"])
        DEEDS[said.act or "ill"](scene, helper, said)
    else:
        skip.leave_out(scene, absence.target_of(said, scene.today))
