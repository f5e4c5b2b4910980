"""Read a message as the answer to the question that was asked, or say that it is none.

The words are in `nl.yml` and `en.yml` beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from care.needs import Need, Preferences
from care.schedule import Json
from nlu.acts.emergencies import emergency_kind
from nlu.acts.files import read_yaml
from nlu.answers import commitments, whose_name
from nlu.answers.picking import Picker
from nlu.reading import Reading

WORDS = Path(__file__).parent
NEVER_AN_ANSWER = frozenset(
    "human undo who_is_coming list_visits help complaint payment privacy skip cancel change".split()
)
"""Acts that turn away from the question, when they are understood with some certainty."""
MAY_TELL = frozenset({"skip", "cancel", "change"})
"""Of these, those that "not on Sundays" and the like are easily taken for."""
ABOUT_HELPERS = frozenset({"offer", "change_pick", "next_offer"})
READ_BACK = "booking"
"""The question in which a booking is read back, with who is to come."""
MAY_NAME = frozenset({"offer", "other_person"})
"""Questions that a mere name answers: that of a helper who was not among the options."""
SURE = 0.55
SURE_IN_FREE_TEXT = 0.8
SHORT = 5
LONGEST_ASIDE = 14
WORDS_AROUND = 3
"""So many words more than the phrase itself may a short answer have."""
FREE_TEXT = frozenset({"name", "address"})
SCHEDULE_KINDS = frozenset({"time", "days", "date", "schedule", "service"})
# A key, as pressed or typed.
KEY = re.compile(r"^[#(]?\s*(\d)\s*[).#]?$")
LETTERS = re.compile(r"[^\w\s'’.-]")
TELLS_MORE = frozenset({"book", "change", "correct"})
POSTCODE = re.compile(r"\b\d{4}\s?[a-z]{2}\b")
HAS_NUMBER = re.compile(r"\d")
HAS_WORD = re.compile(r"[^\W\d_]{2}")
HAS_DATE = re.compile(r"\b\d{1,2}(?:e|st|nd|rd|th)\b|\b\d{1,2}[-/]\d{1,2}\b")


@dataclass(frozen=True)
class Question:
    """The question at hand: its kind, the options that were given ({"key", "value", "text"}), and the service it is
    about, if any.
    """

    kind: str
    options: tuple[Json, ...] = ()
    service: str | None = None
    topic: str | None = None

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Question:
        """The question as kept in the conversation's state."""
        return cls(fields["kind"], tuple(fields.get("options") or ()), fields.get("of"), fields.get("topic"))


def plain(text: str) -> str:
    """Small letters, straight apostrophes, no punctuation at the edges, single spaces."""
    return " ".join(LETTERS.sub(" ", text.lower().replace("’", "'").replace("‘", "'")).split()).strip(" .!-")


@lru_cache(maxsize=2)
def _words(language: str) -> dict[str, Any]:
    return read_yaml(WORDS / f"{language}.yml")


class AnswerReader:
    """Reads answers in one language."""

    def __init__(self, language: str) -> None:
        """Load the words of `language` (`nl` or `en`)."""
        self.words = _words(language)
        self._language = language
        self._picker = Picker(self.words)
        self._weekdays = frozenset(self.words["weekdays"].split())
        self._one_date = frozenset(self.words["one_date"].split())

    def read(self, question: Question, text: str, reading: Reading, needs: Sequence[Need] = ()) -> Json | None:
        """The answer that `text` gives to `question`, or None when it gives none.

        `reading` is the reading of the same text, `needs` what schedules and services stand in it whatever its act.
        The answer has one of the keys `choice`, `yes`, `any`, `none`, `drop`, `need`, `name`, `address`, `unclear`.
        """
        said = plain(text)
        if not said:
            return None
        if question.kind in FREE_TEXT and not self._alarming(text, reading):
            return self._free_text(question, text, said, reading, needs)
        if reading.act == "emergency":
            return None
        if question.topic in commitments.TOPICS and (promise := commitments.commitment(self.words, said)):
            return promise
        told = self._schedule(question, needs)
        # "Cancel everything" holds a word of the option "everything", and is something else.
        elsewhere = reading.act in NEVER_AN_ANSWER and reading.confidence >= SURE_IN_FREE_TEXT
        # "Somebody other than Maria" sounds like a change of visits that stand, but answers who may come.
        another = question.topic in ABOUT_HELPERS and reading.act in MAY_TELL and self.wants_another(text)
        elsewhere = elsewhere and not another
        if question.kind != "yes_no" and (answer := self._option(question, said, bool(told) or elsewhere)):
            return answer
        if said in self.words["drop"] and question.kind != "scope":
            return {"drop": True}
        if told is None and len(question.options) == 1 and question.kind == "choice":
            # Of one option only it is asked whether that is good.
            answer = self._plain_yes_no(said) or self._yes_no(reading)
            if answer:
                return {"choice": question.options[0]["value"]} if answer["yes"] else {"none": True}
        if question.kind == "yes_no":
            plainly = self._plain_yes_no(said)
            # "Who is coming tomorrow?" names a day, but answers nothing.
            elsewhere = reading.act in NEVER_AN_ANSWER - MAY_TELL and reading.confidence >= SURE
            # "No, somebody other than Bianca": to whether she may be asked that is a no, whatever act it sounds like.
            other = {"yes": False} if question.topic == READ_BACK and self.wants_another(text) else None
            if answer := plainly or (None if elsewhere else told) or other or self._yes_no(reading):
                return answer
        if question.topic in ABOUT_HELPERS and any(need.preferences != Preferences() for need in needs):
            # "Is there anyone who speaks Turkish?" sounds like "who is coming?", but is a wish here.
            return told
        rescued = another or (reading.act in MAY_TELL and self._adds_to(question, needs))
        if reading.act in NEVER_AN_ANSWER and reading.confidence >= SURE and not rescued:
            return None
        if told is None and self._leaves_it_open(said):
            return {"any": True}
        if said in self.words["none"] or (told is None and question.options and self._picker.none(said)):
            return {"none": True}
        if question.options and said in self.words["no"]:
            return {"none": True}
        if told is None and question.topic in MAY_NAME and (named := self._picker.helper_named(text, self._language)):
            return named
        if told is None and POSTCODE.search(said) and len(said.split()) <= LONGEST_ASIDE:
            # Somebody ahead of the questions: who they are and where they live, while something else was asked.
            return (self._name(text) or {}) | {"aside": True}
        return told

    @staticmethod
    def _alarming(text: str, reading: Reading) -> bool:
        """Whether a text that should be a name or an address is a cry for help: names are strange to the classifier, so
        its word alone does not do for a short text or one with an address in it.
        """
        if reading.act != "emergency":
            return False
        names_or_address = len(text.split()) <= SHORT or HAS_NUMBER.search(text)
        return emergency_kind(text, reading.language) is not None or not names_or_address

    def bare_hour(self, text: str) -> str | None:
        """A bare number or hour as the sentence it stands for ("9" -> "at 9 o'clock"), for the question of the time."""
        found = re.fullmatch(r"(\d{1,2})(?:[.:](\d\d))?\s*", text.strip())
        if not found or int(found[1]) > 24:
            return None
        hour = f"{found[1]}:{found[2]}" if found[2] else found[1]
        return str(self.words["bare_hour"]).format(hour=hour)

    def shift(self, text: str) -> int | None:
        """By how many minutes something is to be later (above zero) or earlier (below), when that is said."""
        said, words = f" {plain(text)} ", self.words["shift"]
        amounts = [minutes for phrase, minutes in _by_length(words["minutes"]) if f" {phrase} " in said]
        for way, sign in (("later", 1), ("earlier", -1)):
            if amounts and any(all(f" {word} " in said for word in phrase.split()) for phrase in words[way]):
                return int(amounts[0]) * sign
        return None

    def wants_another(self, text: str) -> bool:
        """Whether somebody else is wanted, whoever it may be."""
        said = f" {plain(text)} "
        return any(f" {phrase} " in said for phrase in self.words["another_helper"])

    def names_relative(self, text: str) -> bool:
        """Whether a relative or a neighbour is mentioned, for whom the help may be."""
        said = f" {plain(text)} "
        return any(f" {word} " in said for word in self.words["relatives"])

    def bare_weekday(self, text: str) -> bool:
        """Whether a weekday is named and nothing tells if just that one is meant or every one ("dinsdagmorgen")."""
        said = set(plain(text).split())
        return bool(said & self._weekdays) and not said & self._one_date and not HAS_DATE.search(text)

    def keeps_on(self, text: str) -> bool:
        """Whether the person wants to go on with what was left."""
        return plain(text) in self.words["keep_on"]

    def drops(self, text: str) -> bool:
        """Whether the person gives up what they were busy with."""
        return plain(text) in self.words["drop"]

    # -----------------------------------------------------------------------------------------------------------------

    def _option(self, question: Question, said: str, told: bool) -> Json | None:
        """The option meant: by its key, its place or its words; `told` says that the message tells more than that."""
        options = question.options
        if not options:
            return None
        if found := KEY.match(said):
            for option in options:
                if option["key"] == found[1]:
                    return {"choice": option["value"]}
        if question.kind == "choice" and (picked := self._picker.pick(options, said)):
            return picked
        return self._by_words(options, said, told)

    def _by_words(self, options: Sequence[Json], said: str, told: bool) -> Json | None:
        """The one option whose words are said, with room for a typing error."""
        names: dict[str, Any] = {}
        for option in options:
            also = self.words["also"].get(option.get("like", option["value"]), ())
            for word in (option["text"], *option.get("names", ()), *also):
                names.setdefault(plain(str(word)), option["value"])
        if said in names:
            return {"choice": names[said]}
        if told:
            # "In the morning, around nine" is more than the option "morning".
            return None
        spoken = set(said.split())
        meant = {value for word, value in names.items() if len(word) > 2 and set(word.split()) <= spoken}
        if len(meant) == 1 and len(spoken) <= 8:
            return {"choice": meant.pop()}
        if len(said) >= 4 and (best := process.extractOne(said, list(names), scorer=fuzz.ratio, score_cutoff=84)):
            return {"choice": names[best[0]]}
        return None

    def _plain_yes_no(self, said: str) -> Json | None:
        if said in ("1", *self.words["yes"]):
            return {"yes": True}
        if said in ("2", *self.words["no"]):
            return {"yes": False}
        return None

    def _yes_no(self, reading: Reading) -> Json | None:
        if reading.act == "confirm" and reading.confidence >= SURE:
            return {"yes": True}
        if reading.act == "deny" and reading.confidence >= SURE:
            return {"yes": False}
        return None

    def _adds_to(self, question: Question, needs: Sequence[Need]) -> bool:
        """Whether a schedule was asked for and one was said: that beats an uncertain turn elsewhere."""
        return question.kind in SCHEDULE_KINDS and any(
            need.schedule.has_time() or need.schedule.dtstart is not None for need in needs if need.service is None
        )

    def _schedule(self, question: Question, needs: Sequence[Need]) -> Json | None:
        """What was said of the service, days, times, length or wishes asked for, with what was said of other services
        beside it; None when it is only about others.
        """
        own = (None, question.service) if question.service else {need.service for need in needs}
        for need in needs:
            if need.service in own and _tells(need, question.kind):
                others = {
                    other.service: other.to_json() for other in needs if other.service not in (None, need.service)
                }
                return {"need": need.to_json()} | ({"others": list(others.values())} if others else {})
        return None

    def _free_text(
        self, question: Question, text: str, said: str, reading: Reading, needs: Sequence[Need]
    ) -> Json | None:
        """A name or an address, or what was thought of late: "oh, not before eight"."""
        if said in self.words["drop"]:
            return {"drop": True}
        if reading.act in TELLS_MORE and reading.confidence >= SURE and not POSTCODE.search(said):
            for need in needs:
                if need.schedule.has_time():
                    return {"need": need.to_json()}
        if self._just_yes_or_no(text, said, reading):
            return None
        found = self._address(text) if question.kind == "address" else self._name(text)
        if "name" in (found or {}) and not whose_name.may_be_a_name(self.words, text):
            return self._no_name(needs, found or {})
        turned_away = reading.act in NEVER_AN_ANSWER or (
            reading.act in {"book", "repeat", "out_of_scope"} and "?" in text
        )
        if turned_away and reading.confidence >= SURE_IN_FREE_TEXT and not HAS_NUMBER.search(said):
            return None
        return found

    @staticmethod
    def _no_name(needs: Sequence[Need], found: Json) -> Json | None:
        """What was told where a name was asked for: a day or a time, or the address alone."""
        for need in needs:
            if need.service is None and (need.schedule.has_time() or need.schedule.dtstart is not None):
                return {"need": need.to_json()}
        return {"address": found["address"]} if "address" in found else None

    def _leaves_it_open(self, said: str) -> bool:
        """Whether anything will do: said just so, or with a few words around it ("maakt mij niet uit wie")."""
        around, length = f" {said} ", len(said.split())
        near = [phrase for phrase in self.words["any"] if length - len(phrase.split()) <= WORDS_AROUND]
        return any(said == phrase or (len(phrase) > 3 and f" {phrase} " in around) for phrase in near)

    def _just_yes_or_no(self, text: str, said: str, reading: Reading) -> bool:
        """Whether it is a yes, a no or "I don't mind", and nobody's name ("Jo" is a yes in the east, and a name)."""
        plainly = {*self.words["yes"], *self.words["no"], *self.words["any"]}
        begins = said.split()[0] in plainly and reading.act in ("confirm", "deny") and reading.confidence >= SURE
        return said in plainly or (begins and not whose_name.written_as_one(text))

    def _address(self, text: str) -> Json:
        return {"address": self._without(text.strip(), self.words["address_leads"])}

    def _name(self, text: str) -> Json | None:
        """A name, and the address that may follow it."""
        rest, address = text.strip(), ""
        leads = "|".join(re.escape(lead) for lead in _longest_first(self.words["address_leads"][:12]))
        if found := re.search(rf"[\s,.;]+(?:{leads})\s+", rest, re.IGNORECASE):
            rest, address = rest[: found.start()], rest[found.end() :]
        elif HAS_NUMBER.search(rest):
            head, _, tail = rest.partition(",")
            rest, address = (head, tail) if tail and not HAS_NUMBER.search(head) else ("", rest)
            address = address if HAS_WORD.search(address) else ""
        name = self._without(rest, self.words["name_leads"]).strip(" .,;!")
        words = name.split()
        if not words or len(words) > 7 or HAS_NUMBER.search(name):
            return {"address": address} if address else None
        name = " ".join(self._written(word) for word in words)
        return {"name": name} | ({"address": address.strip()} if address.strip() else {})

    def _written(self, word: str) -> str:
        """A word of a name as it is written: a title as its language has it, Dutch particles small."""
        for title in self.words["titles"]:
            if word.lower() == title.lower():
                return str(title)
        if word in whose_name.SMALL_IN_NAMES or any(letter.isupper() for letter in word):
            return word
        return word.capitalize()

    @staticmethod
    def _without(text: str, leads: Sequence[str]) -> str:
        """The text without the lead-ins before it."""
        changed = True
        while changed:
            changed = False
            low = text.lower().lstrip(" ,.;")
            for lead in _longest_first(leads):
                if low.startswith(lead + " "):
                    text = text.lstrip(" ,.;")[len(lead) :].strip()
                    changed = True
                    break
        return text.strip(" .;")


def _by_length(amounts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(amounts.items(), key=lambda one: -len(one[0]))


def _longest_first(words: Sequence[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _tells(need: Need, kind: str) -> bool:
    """Whether a need says something of what a question of this kind asks."""
    schedule, wishes = need.schedule, need.preferences != Preferences()
    if kind == "service":
        return need.service is not None
    if kind == "time":
        # A date alone does not answer "at what time?", and must not move the days by the way.
        return schedule.has_time() or wishes
    return schedule.has_time() or schedule.dtstart is not None or schedule.duration_minutes is not None or wishes
