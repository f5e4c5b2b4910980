"""What is said of the help at home as a whole, when it can be meant: a rest, a new beginning, as always, meet first."""

from __future__ import annotations

from collections.abc import Callable

from actions import meeting, pausing, usual
from actions.scene import Scene

TAKERS: dict[str, Callable[[Scene], bool]] = {
    "pause": pausing.take_pause,
    "resume": pausing.take_resume,
    "usual": usual.take,
    "meet": meeting.take,
}


def take(scene: Scene) -> bool:
    """Deal with what is said of the help as a whole; False when it is nothing of the kind, or cannot be meant."""
    if scene.household is None or scene.reading.act == "emergency":
        return False
    return TAKERS[scene.household](scene)
