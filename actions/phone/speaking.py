"""What is said on the phone: the reply with its keys, so that it can be answered without a word; and how to listen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.phone import copies
from actions.phone.call import LISTEN
from actions.phone.hearing import scene_of
from actions.phone.keypad import MAIN, PROOF, Keypad, Place
from actions.scene import Scene
from actions.turn import Turn
from actions.visits import AHEAD, coming
from care.catalogue import Catalogue

Json = dict[str, Any]

YES_NO = "yes_no"
UNDO = "deed"
"""The menu after something was done."""
KEYS_IN_TEXT = frozenset({"menu"})
"""Questions whose text names their keys itself."""
KEYS_AFTER_MISSES = 2
"""The first time something was not heard it is said again shorter; after that with the keys."""


def speak(turn: Turn, messages: Sequence[Json]) -> Json:
    """The messages of a turn as one, for the ear."""
    texts = [text for message in messages if (text := (message.get("text") or "").strip())]
    options = next((list(message["buttons"]) for message in reversed(messages) if message.get("buttons")), [])
    scene = scene_of(turn)
    stays = turn.call is None or turn.call.then == LISTEN
    if stays and scene.question is None and (copy := copies.offer(scene)):
        texts.append(copy["text"])
        options = _buttons(copy["options"])
        _remember(turn, copy)
    pad = Keypad(scene.state, scene.words, turn.session, scene.today)
    pad.open_next(told=bool(coming(scene, scene.today, AHEAD)))
    asks_more = stays and scene.question is None and bool(texts)
    if asks_more and pad.place().menu == MAIN and _can_be_undone(scene):
        pad.go(Place(menu=UNDO))
    if asks_more and not texts[-1].endswith("?"):
        texts.append(scene.words.say("more" if pad.place().menu == MAIN else f"keypad_{pad.place().name}"))
    scene.state["asked_more"] = asks_more
    if stays:
        texts.extend(_keys(scene, pad, options))
    return {"text": "\n".join(texts), "buttons": options}


def _can_be_undone(scene: Scene) -> bool:
    """Whether something was done that keys can now undo: offered once, to who uses them."""
    deed = scene.state.get("last_deed")
    if not deed or not scene.state.get("by_keys") or scene.state.get("undo_told") == deed["at"]:
        return False
    scene.state["undo_told"] = deed["at"]
    return True


def _remember(turn: Turn, added: Json) -> None:
    """Have "again" repeat what was added, too."""
    state = turn.conversation.state
    last = state.get("last_said") or {"text": ""}
    state["last_said"] = {"text": f"{last['text']}\n{added['text']}".strip(), "options": added["options"]}


def _buttons(options: Sequence[Json]) -> list[Json]:
    return [{"title": option["text"], "payload": option["key"], "key": option["key"]} for option in options]


def _keys(scene: Scene, pad: Keypad, options: Sequence[Json]) -> list[str]:
    """The lines that tell the keys: always for a choice, for the rest when somebody uses them or was not understood."""
    place, question = pad.place(), scene.question
    state = scene.state
    misses = max(state.get("misses", 0), state.get("silences", 0))
    told = bool(state.get("told_keys"))
    wanted = bool(state.get("by_keys")) or misses >= KEYS_AFTER_MISSES
    if misses == 1 and not wanted:
        return []
    lines = []
    own = [option for option in options if option.get("key")] if question and not place.menu else []
    kind = question["kind"] if question else None
    if own and not (kind in KEYS_IN_TEXT or (question and question["topic"] in ("menu", "offer", "change_pick"))):
        if kind == YES_NO and told and not wanted:
            return []
        lines.append(_told(scene, [(option["key"], _label(question, option)) for option in own]))
        state["told_keys"] = True
    if wanted and place.name:
        lines.extend(_place_told(scene, pad, place))
    return lines


def _label(question: Json | None, option: Json) -> str:
    """An option's words within a sentence; names, which stand for a number of ours, keep their capital."""
    title = str(option["title"])
    values = {one["key"]: str(one["value"]) for one in (question or {}).get("options", ())}
    named = values.get(option["key"], "0").isdecimal()
    return title if named else title[:1].lower() + title[1:]


def _place_told(scene: Scene, pad: Keypad, place: Place) -> list[str]:
    """How to go on by keys where we are."""
    choices = pad.choices()
    if choices:
        return [_told(scene, choices)]
    key = f"keypad_{place.input}"
    said = (scene.state.get("last_said") or {}).get("text", "")
    text = scene.words.say(key)
    return [] if text in said else [text]


def _told(scene: Scene, choices: Sequence[tuple[str, str]]) -> str:
    """The keys of some choices: "For this, press 1. For that, press 2."."""
    return " ".join(scene.words.say("key_told", key=key, label=label) for key, label in choices)


def hints(turn: Turn) -> list[str]:
    """Words to expect next, for the speech recognition: the options, and what answers such a question."""
    scene = scene_of(turn)
    question = scene.question
    language = scene.words.language
    words = [str(option["text"]) for option in (question or {}).get("options", ())]
    kind = question["kind"] if question else "none"
    key = f"hints_{kind}"
    if scene.words.phrases.has(key, language):
        words += scene.words.say(key).split(", ")
    if question is None or kind == "service":
        words += [service.names[language] for service in Catalogue.load().services.values()]
    return [*words, *scene.words.say("hints_always").split(", ")]


def listening(turn: Turn) -> Json:
    """How the door listens for the answer, or what else it does then."""
    scene = scene_of(turn)
    pad = Keypad(scene.state, scene.words, turn.session, scene.today)
    call = turn.call
    then: Json = {"then": call.then if call else LISTEN, "language": scene.words.language}
    if call and call.connect_to:
        return {**then, "connect_to": call.connect_to}
    return {**then, "digits": None if scene.topic() == PROOF else pad.takes(), "hints": hints(turn)}
