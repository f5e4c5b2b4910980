"""What to do when a message was not understood: never the same prompt twice, and a person after the third time.

The first time the question is put in another way, the second time with keys to choose from, the third time a person
takes over.
"""

from __future__ import annotations

from actions import handover
from actions.scene import Json, Scene
from actions.topics import answers

UNSURE = 0.6
"""Below this confidence "that is not something I do" may be our own misunderstanding."""
MENU = ("ask_help", "who", "visits")


def missed(scene: Scene, saying: str | None = "not_understood_question") -> None:
    """Count a message that was not understood, and ask in another way, after `saying` where a question is open."""
    misses = scene.state.get("misses", 0) + 1
    scene.state["misses"] = misses
    if misses >= 3:
        scene.settle()
        handover.call_me(scene, "why_stuck")
    elif scene.question:
        if saying:
            scene.say(saying)
        scene.ask_again()
    elif misses == 1:
        scene.say("clarify")
    else:
        scene.ask("menu", "choice", "menu", menu_options(scene))


def unsure_aside(scene: Scene) -> bool:
    """Whether a message turns away from the open question only by a guess, and names nothing that it could be about.

    It was most likely an answer we did not hear: what was asked must not be lost, or something else done, by a guess.
    """
    target = scene.reading.target
    names = target.service or target.dates or target.from_ or target.until or scene.several
    # A key that works everywhere is no guess.
    in_words = any(sign.isalpha() for sign in scene.turn.text)
    return in_words and scene.question is not None and not names and scene.reading.confidence < UNSURE


def menu_options(scene: Scene) -> list[Json]:
    """What can be chosen from the menu."""
    return [scene.option(name) for name in MENU]


@answers("menu")
def on_menu(scene: Scene) -> None:
    """Take the choice from the menu."""
    from actions import visits  # the visits' own repair begins here, so they cannot be imported before

    choice = scene.answer.get("choice")
    scene.settle()
    if choice == "who":
        visits.say_who_is_coming(scene)
    elif choice == "visits":
        visits.say_visits(scene)
    elif choice == "ask_help":
        scene.say("ask_service")
    else:
        missed(scene)
