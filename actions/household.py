"""What is said of the help at home as a whole, or asked of helpers who are offered, when it can be meant."""

from __future__ import annotations

from collections.abc import Callable

from actions import about_helpers, meeting, pausing, underway, usual
from actions.scene import Scene

NO_REQUEST = underway.NO_REQUEST
REQUESTS = frozenset({"book", "correct"})


def take_remark(scene: Scene) -> bool:
    """Say that a remark for the helper is not kept, so that nobody relies on it; False when more is said besides."""
    alone = scene.reading.act in NO_REQUEST and not scene.answer
    if alone or scene.answer or scene.reading.act in REQUESTS:
        scene.say("remark_not_kept")
    if alone:
        scene.ask_again()
    return alone


TAKERS: dict[str, Callable[[Scene], bool]] = {
    "pause_open": pausing.take_open_pause,
    "pause": pausing.take_pause,
    "resume": pausing.take_resume,
    "usual": usual.take,
    "meet": meeting.take,
    "not_here": underway.take_not_here,
    "news": underway.take_news,
    "remark": take_remark,
    "about_language": about_helpers.taker(about_helpers.tell_languages),
    "about_papers": about_helpers.taker(about_helpers.tell_papers),
    "about_person": about_helpers.taker(about_helpers.tell_person),
    "about_order": about_helpers.taker(about_helpers.tell_order, [about_helpers.OFFER]),
}


def take(scene: Scene) -> bool:
    """Deal with what is said of the help as a whole; False when it is nothing of the kind, or cannot be meant."""
    if scene.reading.act == "emergency":
        return False
    return any(TAKERS[act](scene) for act in scene.household)
