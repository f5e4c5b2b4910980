"""The scene of one turn: what was understood, what is remembered, and what is said.

An action reads the scene, calls care commands, and says or asks something; the scene turns that into one message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from actions.phrases import Phrases
from actions.post import Post
from actions.turn import Turn
from actions.words import Words
from care.catalogue import Catalogue
from care.needs import Need
from nlu.acts.language import words_only_of
from nlu.helpers import HelperAct
from nlu.reading import Reading, Target

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.models import Contact

Json = dict[str, Any]
SPOKEN = "voice"
WORDS_TO_SWITCH = 3
WORDS_OF_ITS_OWN = 2
"""So many words, of which so many are only in the other language, and the conversation goes on in that one: a yes tells
nothing, nor does a Dutch address.
"""


class Scene:
    """One turn, as the actions see it."""

    def __init__(self, turn: Turn, reading: Reading, answer: Json | None, said: Json) -> None:
        """Take the turn, the reading of its message, the answer it gives to the question at hand, and all that was
        said in it of needs and dates, whatever its act.
        """
        self.turn = turn
        self.reading = reading
        self.answer = answer or {}
        self.needs_said = tuple(Need.from_json(need) for need in said.get("needs") or ())
        self.target_said = Target.from_json(said.get("target") or {})
        self.shift_minutes: int | None = said.get("shift_minutes")
        self.names_relative = bool(said.get("relative"))
        self.for_other = bool(said.get("for_other"))
        """Whether the message says that the help is for a relative or a neighbour."""
        self.for_self = bool(said.get("for_self"))
        """Whether the message says that the help is for who is talking."""
        self.for_both = bool(said.get("for_both"))
        """Whether it says that some of the help is for who is talking, and some for another."""
        self.bare_weekday = bool(said.get("bare_weekday"))
        self.another_helper = bool(said.get("another_helper"))
        self.household: tuple[str, ...] = tuple(said.get("household") or ())
        """What is said of the help at home as a whole (nlu.household), in order of precedence."""
        self.several: int | None = said.get("several")
        """How many visits are meant, when "the next two times" or the like is said."""
        self.desk: str | None = said.get("desk")
        """What a coordinator says of open requests (nlu.desk)."""
        self.work = HelperAct.from_json(said["work"]) if said.get("work") else None
        """What is said of the speaker's own work as a helper, or of a helper they answer for."""
        self.stand_in: tuple[str, ...] = tuple(said.get("stand_in") or ())
        """Words among which stands the name of who may come when another cannot, when that is said."""
        self.not_named: tuple[str, ...] = tuple(said.get("not_named") or ())
        self.catalogue = Catalogue.load()
        if reading.language != turn.conversation.language and not answer and _speaks(turn.text, reading.language):
            # Kept for the other doors, too, and for what is sent unasked.
            turn.conversation.language = turn.contact.language = reading.language
        self.words = Words(Phrases.load(), turn.conversation.language, spoken=turn.channel == SPOKEN)
        self.state: dict[str, Any] = turn.conversation.state
        self.question: Json | None = self.state.get("awaiting")
        self._lines: list[str] = []
        self._options: list[Json] = []
        self.took_ask = False
        """Set by whoever took an answer to a question from others: what it pushed aside is brought back."""
        self.go_on = False
        """Set by whoever took an answer: the draft goes on with its next question."""

    # What the actions ask of the turn ------------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The transaction of the turn."""
        return self.turn.session

    @property
    def contact(self) -> Contact:
        """Who is talking."""
        return self.turn.contact

    @property
    def now(self) -> datetime:
        """The moment of the message (aware, Europe/Amsterdam)."""
        return self.turn.clock.now()

    @property
    def today(self) -> date:
        """The local date of the message."""
        return self.now.date()

    @property
    def post(self) -> Post:
        """What writes to others, on behalf of who is talking."""
        return Post(self.session, self.now, str(self.turn.incoming_id), self.turn.conversation)

    def key(self, name: str) -> str:
        """An idempotency key for something this message causes."""
        return f"{name}:{self.turn.incoming_id}"

    def topic(self) -> str | None:
        """What the open question is about."""
        return self.question["topic"] if self.question else None

    def service_name(self, key: str | None) -> str:
        """What a service is called; of no service "the help"."""
        if key is None:
            return self.words.say("any_help")
        return self.catalogue.service(key).names[self.words.language]

    # Saying ----------------------------------------------------------------------------------------------------------

    def say(self, key: str, /, **values: Any) -> None:
        """Say a text of the domain; one with variants is not said the same way twice running."""
        self._lines.append(self.words.say(key, self._turn_of(key), **values))

    def say_line(self, text: str) -> None:
        """Add a line that was put together from texts of the domain."""
        self._lines.append(text)

    def ask(self, topic: str, kind: str, key: str, options: Sequence[Json] = (), **about: Any) -> None:
        """Ask a question: `topic` says what it is about and who takes the answer, `kind` how the answer is read.

        `about` are the values of the text and what the answer's taker must know.
        """
        self.say(key, **about)
        numbered = [{"key": str(number), **option} for number, option in enumerate(options, start=1)]
        self._options = numbered
        self.state["awaiting"] = {"topic": topic, "kind": kind, "key": key, "options": numbered, **_plain(about)}

    def ask_yes_no(self, topic: str, key: str, **about: Any) -> None:
        """Ask a question to be answered by yes or no."""
        self.ask(topic, "yes_no", key, self.yes_no(), **about)

    def yes_no(self) -> list[Json]:
        """The two options of a yes-or-no question."""
        return [{"value": name, "text": self.words.say(f"say_{name}")} for name in ("yes", "no")]

    def option(self, value: Any, key: str | None = None, **values: Any) -> Json:
        """An option with its label from the domain."""
        return {"value": value, "text": self.words.say(key or f"option_{value}", **values)}

    def settle(self) -> None:
        """The open question is answered or given up."""
        self.state["awaiting"] = None
        self.state["misses"] = 0

    def ask_again(self) -> None:
        """Put the open question once more, after something else was dealt with, in other words where there are."""
        question = self.question
        if question is None:
            return
        about = {name: value for name, value in question.items() if name not in {"topic", "kind", "key", "options"}}
        text = about.pop("text", None)
        key = question.get("again") or question["key"]
        if text is not None and not question.get("again"):
            self.say_line(text)
        else:
            self.say(key, **about)
        self._options = list(question["options"])
        self.state["awaiting"] = question

    def repeat(self) -> None:
        """Say again what was said last."""
        last = self.state.get("last_said")
        if last:
            self._lines.append(last["text"])
            self._options = last["options"]
        else:
            self.say("repeat_nothing")

    def message(self) -> Json | None:
        """The message of this turn with its options, or None when nothing was said; remembered for `repeat`."""
        if not self._lines:
            return None
        lines = list(self._lines)
        if not self.state.get("introduced"):
            # In an emergency the number to call comes first.
            if self.reading.act == "emergency":
                lines.append(self.words.say("intro_short"))
            else:
                lines.insert(0, self.words.say("intro"))
            self.state["introduced"] = True
        text = "\n".join(lines)
        self.state["last_said"] = {"text": text, "options": self._options, "at": self.now.isoformat()}
        return {"text": text, "options": self._options}

    def _turn_of(self, key: str) -> int:
        """How often this text was said in a row of turns: chooses its variant."""
        said: Mapping[str, int] = self.state.get("said") or {}
        count = said.get(key, 0)
        if len(self.words.phrases.variants(self.words.key(key), self.words.language)) > 1:
            self.state["said"] = {**said, key: count + 1}
        return count


def _speaks(text: str, language: str) -> bool:
    return len(text.split()) >= WORDS_TO_SWITCH and words_only_of(text, language) >= WORDS_OF_ITS_OWN


def _plain(values: Mapping[str, Any]) -> Json:
    """The values that can be kept as JSON."""
    return {name: value for name, value in values.items() if isinstance(value, (str, int, float, bool, list, dict))}
