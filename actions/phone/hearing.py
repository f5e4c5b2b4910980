"""What was heard in a call, before it is read: keys become sentences, a doubtful sentence is read back first, a number
that was asked for as proof is checked, and silence is met.

What remains is read like any message. What is dealt with here is answered here, in the words of `bot/domain/voice.yml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from actions import asking, handover
from actions.phone import keypad, proof
from actions.phone.keypad import Keypad
from actions.scene import Json, Scene
from actions.skip import leave_out
from actions.turn import Turn
from care.clock import local
from care.models import Outbox, Visit
from nlu.acts.emergencies import emergency_kind
from nlu.answers import AnswerReader
from nlu.answers.reader import plain
from nlu.reading import Reading, Target

SURE_ENOUGH = 0.5
"""Below this confidence of the speech recognition we read back what was heard."""
MOST_READ_BACKS = 2
"""So often in a row; then the sentence is taken as it came, or the keys have to do."""
MOST_SILENCES = 3
SHORTEST_DOUBTED = 2
YES, NO = "1", "2"
ALWAYS = frozenset({keypad.PERSON, keypad.AGAIN, keypad.BACK})
LANGUAGE_KEY = "8"
# A postcode as speech recognition writes it: "8 2 5 9 B A".
_FIGURES_APART = re.compile(r"(?<=\b\d)\s+(?=\d\b)")
_LETTERS_APART = re.compile(r"\b(\d{4})\s+([A-Za-z])\s+([A-Za-z])\b")


@dataclass(frozen=True)
class Heard:
    """Either the `text` to read (in an answer to nothing else it is empty: silence), or the `message` that answers."""

    text: str = ""
    message: Json | None = None


def scene_of(turn: Turn) -> Scene:
    """A scene for what is said without reading the message."""
    return Scene(turn, Reading(turn.conversation.language, "clarify", 1.0), {}, {})


class Hearing:
    """The ear of one turn on the phone."""

    def __init__(self, turn: Turn) -> None:
        """Listen to what the turn brought."""
        self._turn = turn
        self._state = turn.conversation.state
        self._call = turn.call
        if turn.call is not None:
            # The door has said who we are when it took the call.
            self._state["introduced"] = True

    def listen(self) -> Heard:
        """What is to be read, or what is answered at once."""
        turn = self._turn
        if self._call and self._call.about and not self._state.get("about_taken"):
            self._state["about_taken"] = True
            if not asking.take_up_that_of(turn, self._call.about):
                return self._about_past()
            self._state["about_ask"] = (self._state.get("awaiting") or {}).get("ask")
        if self._call and self._call.dialled is not None:
            return self._not_connected()
        if turn.kind == "silence" or not turn.text.strip():
            return self._silence()
        self._state["silences"] = 0
        self._state["by_keys"] = turn.kind == "digits"
        if language := self._language_wanted():
            return self._speak(language)
        if turn.kind == "digits":
            return self._keys()
        self._keypad(scene_of(turn)).leave()
        return self._words()

    # Keys ------------------------------------------------------------------------------------------------------------

    def _keypad(self, scene: Scene) -> Keypad:
        return Keypad(self._state, scene.words, self._turn.session, scene.today)

    def _keys(self) -> Heard:
        scene = scene_of(self._turn)
        keys = self._turn.text.strip()
        if scene.topic() == "heard" and keys not in ALWAYS - {keypad.BACK}:
            return self._read_back_answered(keys == YES)
        if scene.topic() == proof.TOPIC and keys not in ALWAYS:
            return self._proof(scene, keys) or self._unknown_key(scene)
        if heard := self._about(scene, keys):
            return heard
        pad = self._keypad(scene)
        nameless = pad.place().menu == "name"
        pressed = pad.press(keys)
        if pressed.text is not None:
            if nameless and keys not in ALWAYS:
                self._name_is_missing(scene)
            self._turn.text = pressed.text
            return Heard(pressed.text)
        if not pressed.moved:
            return self._unknown_key(scene, "keypad_nowhere" if pressed.nowhere else "keypad_unknown")
        if pad.place().input not in keypad.NUMBERS:
            # Within an address nothing is known to be right before all of it was pressed.
            self._state["misses"] = 0
        scene.say(f"keypad_{pad.place().name}" if pad.place().name else "keypad_again")
        return Heard(message=scene.message())

    def _name_is_missing(self, scene: Scene) -> None:
        """Have somebody ask later for the name that keys cannot tell."""
        someone = handover.coordinator(scene)
        number = self._turn.contact.phone
        if someone is not None:
            scene.post.notify(someone, "name_missing", phone=lambda words: number or words.say("number_withheld"))

    def _unknown_key(self, scene: Scene, told: str = "keypad_unknown") -> Heard:
        misses = self._state.get("misses", 0) + 1
        self._state["misses"] = misses
        if misses >= MOST_SILENCES:
            self._keypad(scene).leave()
            scene.settle()
            handover.call_me(scene, "why_stuck")
            return Heard(message=scene.message())
        scene.say(told)
        place = self._keypad(scene).place()
        if scene.question and not place.name:
            scene.ask_again()
        elif place.name:
            scene.say(f"keypad_{place.name}")
        return Heard(message=scene.message())

    # Words -----------------------------------------------------------------------------------------------------------

    def _words(self) -> Heard:
        turn, scene = self._turn, scene_of(self._turn)
        alarming = emergency_kind(turn.text, scene.words.language) is not None
        if scene.topic() == "heard":
            said = yes_or_no(turn.text, scene.words.language)
            if said is not None:
                return self._read_back_answered(said)
            self._state["awaiting"] = (scene.question or {}).get("before")
            scene = scene_of(turn)
        if scene.topic() == proof.TOPIC and not alarming and (heard := self._proof(scene, turn.text)):
            return heard
        if self._is_doubtful() and not alarming:
            return self._read_back(scene)
        said = yes_or_no(turn.text, scene.words.language)
        if said is not None and (heard := self._about(scene, YES if said else NO)):
            return heard
        self._state["read_backs"] = 0
        if (scene.question or {}).get("kind") == "address":
            turn.text = _LETTERS_APART.sub(r"\1 \2\3", _FIGURES_APART.sub("", turn.text))
        if scene.question is None and self._state.get("asked_more") and self._has_no_more():
            turn.text = keypad.goodbye(scene.words.language)
        return Heard(turn.text)

    def _has_no_more(self) -> bool:
        return keypad.is_no_more(self._turn.text, self._turn.conversation.language)

    def _is_doubtful(self) -> bool:
        confidence = self._call.confidence if self._call else None
        return (
            confidence is not None
            and confidence < SURE_ENOUGH
            and len(self._turn.text) >= SHORTEST_DOUBTED
            and self._state.get("read_backs", 0) < MOST_READ_BACKS
        )

    def _read_back(self, scene: Scene) -> Heard:
        """Say what was heard, and ask whether that is right."""
        self._state["read_backs"] = self._state.get("read_backs", 0) + 1
        before, said = scene.question, self._turn.text
        scene.ask_yes_no("heard", "heard", said=said, before=before)
        return Heard(message=scene.message())

    def _read_back_answered(self, right: bool) -> Heard:
        question = scene_of(self._turn).question or {}
        self._state["awaiting"] = question.get("before")
        if right:
            self._state["read_backs"] = 0
            self._turn.text = question["said"]
            return Heard(question["said"])
        scene = scene_of(self._turn)
        scene.say("heard_wrong")
        scene.ask_again()
        self._state["misses"] = self._state.get("misses", 0) + 1
        return Heard(message=scene.message())

    def _proof(self, scene: Scene, text: str) -> Heard | None:
        """Check a proof that was asked for; what was said before it is then done. None when it holds no number."""
        question = scene.question or {}
        right = proof.check(scene, text)
        if right is None:
            return None
        if not right:
            return Heard(message=scene.message())
        self._state["awaiting"] = question.get("before")
        self._state["misses"] = 0
        if yes_or_no(question["said"], scene.words.language) is not None:
            # A yes to what we asked by another door: it is asked here first, so that both mean the same.
            asking.take_up(self._turn, None)
            scene = scene_of(self._turn)
            scene.ask_again()
            return Heard(message=scene.message())
        self._turn.text = question["said"]
        return Heard(question["said"])

    # Languages -------------------------------------------------------------------------------------------------------

    def _language_wanted(self) -> str | None:
        now = self._turn.conversation.language
        if self._turn.kind == "digits":
            begins = self._state.get("awaiting") is None and self._turn.text.strip() == LANGUAGE_KEY
            return {"nl": "en", "en": "nl"}[now] if begins else None
        return keypad.wants_language(self._turn.text, now)

    def _speak(self, language: str) -> Heard:
        """Go on in another language, in this call and the next."""
        self._turn.conversation.language = language
        self._turn.contact.language = language
        scene = scene_of(self._turn)
        scene.say("language_changed")
        if scene.question and scene.question.get("text") is None:
            scene.ask_again()
        else:
            scene.say("more")
        return Heard(message=scene.message())

    # Silence, and calls that lead elsewhere --------------------------------------------------------------------------

    def _silence(self) -> Heard:
        """Twice a sign of life, then a promise to call back, and the end of the call."""
        self._turn.text = ""
        silences = self._state.get("silences", 0) + 1
        self._state["silences"] = silences
        scene = scene_of(self._turn)
        if silences < MOST_SILENCES or self._call is None:
            return self._still_there(scene) if self._keypad(scene).is_within() and silences < MOST_SILENCES else Heard()
        urgent = scene.topic() == "warn_family"
        scene.settle()
        self._call.hang_up()
        if self._call.about is not None:
            scene.say("call_ends")
        elif self._call.number is None:
            scene.say("silence_goodbye")
        else:
            handover.call_me(scene, "why_warn" if urgent else "why_silent")
            scene.say("call_ends")
        return Heard(message=scene.message())

    def _still_there(self, scene: Scene) -> Heard:
        """A sign of life in the middle of a menu: there it is asked again, not the question before it."""
        scene.say("silence")
        scene.say(f"keypad_{self._keypad(scene).place().name}")
        return Heard(message=scene.message())

    def _not_connected(self) -> Heard:
        """Somebody was called for the caller and did not answer: say so, and promise a call."""
        scene = scene_of(self._turn)
        urgent = bool(self._state.get("connecting_family"))
        scene.say("nobody_answers_family" if urgent else "nobody_answers")
        self._state["no_connecting"] = True
        handover.call_me(scene, "why_warn" if urgent else "why_asked")
        return Heard(message=scene.message())

    def _about(self, scene: Scene, keys: str) -> Heard | None:
        """A key pressed at a message that we called for: 1 is good, 2 is not this time, 9 reads it out again."""
        call = self._call
        if call is None or call.about is None or self._state.get("about_done"):
            return None
        if keys == keypad.AGAIN and not self._state.get("last_said"):
            return self._about_again(scene, call.about)
        if scene.question is not None or keys not in (YES, NO):
            return None
        self._state["about_done"] = True
        query = select(Visit).join(Outbox, Outbox.visit_id == Visit.id).where(Outbox.key == call.about)
        visit = scene.session.scalars(query).first()
        if keys == NO and visit is not None:
            day = local(visit.starts).date()
            leave_out(scene, Target(service=visit.series.service, dates=(day,)))
        else:
            scene.say("about_thanks")
            call.hang_up()
        return Heard(message=scene.message())

    def _about_past(self) -> Heard:
        """What we called for was settled meanwhile, by another door or by the clock."""
        scene = scene_of(self._turn)
        self._state["about_done"] = True
        scene.say("about_past")
        return Heard(message=scene.message())

    def _about_again(self, scene: Scene, about: str) -> Heard | None:
        """Read the message out once more."""
        text = scene.session.scalars(select(Outbox.text).where(Outbox.key == about)).first()
        if text is None:
            return None
        scene.say_line(text)
        scene.say("call_out_keys")
        message = scene.message()
        self._state["last_said"] = None
        return Heard(message=message)


def yes_or_no(text: str, language: str) -> bool | None:
    """Whether a text is plainly a yes or a no; None when it is neither."""
    said, words = plain(text), AnswerReader(language).words
    if said in words["yes"]:
        return True
    return False if said in words["no"] else None
