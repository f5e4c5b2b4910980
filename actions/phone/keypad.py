"""Keys instead of words: what a row of digits stands for, at the question that is open or in a menu of ours.

What a key means becomes the sentence that somebody would have said, so that the phone has no dialogue of its own. The
menus and sentences stand in `keypad.yml`; where in them the caller is, is kept in the conversation's state (`keys`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from babel.dates import format_date

from actions.phone import streets
from actions.words import Words
from care.catalogue import Catalogue
from care.plans import WEEKDAY_CODES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Json = dict[str, Any]

FILE = Path(__file__).with_name("keypad.yml")
PERSON, AGAIN, BACK = "0", "9", "*"
MAIN = "main"
PROOF = "proof"
STATE = "keys"
NUMBERS = frozenset({"postcode", "house_number"})
"""Inputs in which 0 and 9 are figures like any other."""
_WITH_OWN_OPTIONS = frozenset({"time"})
_EIGHT_YEARS = 8
"""29 February comes back within so many years."""


@lru_cache(maxsize=1)
def keypad_words() -> Json:
    """The content of `keypad.yml`."""
    content: Json = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


@dataclass(frozen=True)
class Place:
    """Where the caller's keys go: a `menu` or an `input` of that name, or to the open question itself (neither)."""

    menu: str | None = None
    input: str | None = None
    say: str | None = None

    def to_json(self) -> Json:
        """The place as it is kept."""
        return {name: value for name, value in vars(self).items() if value is not None}

    @property
    def name(self) -> str | None:
        """The name of the menu or input."""
        return self.menu or self.input


@dataclass(frozen=True)
class Pressed:
    """What came of pressing keys: `text` that they stand for; or `moved` to another place; or neither: no such key, or
    what was pressed as an address is none (`nowhere`).
    """

    text: str | None = None
    moved: bool = False
    nowhere: bool = False


class Keypad:
    """The keys of one turn."""

    def __init__(self, state: Any, words: Words, session: Session, today: date) -> None:
        """`state` is the conversation's; streets are looked up in the `session`; dates come after `today`."""
        self._state = state
        self._words = words
        self._session = session
        self._today = today
        self._content = keypad_words()

    # Where we are ----------------------------------------------------------------------------------------------------

    @property
    def question(self) -> Json | None:
        """The question that is open."""
        question: Json | None = self._state.get("awaiting")
        return question

    def place(self) -> Place:
        """Where keys go now."""
        kept = self._kept()
        if kept["path"]:
            return Place(**kept["path"][-1])
        return self._own_place()

    def is_within(self) -> bool:
        """Whether keys have led further than the question itself."""
        return bool(self._kept()["path"])

    def _own_place(self) -> Place:
        """Where keys go when nothing was pressed yet."""
        question = self.question
        if question is None:
            return Place(menu=MAIN)
        if question["kind"] == "days" and question["options"]:
            return Place(menu="days_open")
        if question["options"] and question["kind"] not in _WITH_OWN_OPTIONS:
            return Place()
        return Place(**self._content["questions"].get(question["kind"], {}))

    def _kept(self) -> Json:
        """What was pressed before for the same question; a new question begins anew."""
        kept: Json = self._state.get(STATE) or {}
        mark = _mark(self.question)
        return kept if kept.get("mark") == mark else {"mark": mark, "path": [], "given": {}}

    def go(self, place: Place | None, **given: Any) -> None:
        """Go to a place within the question, or back by one when it is None; `given` is what was told on the way."""
        kept = self._kept()
        path = [*kept["path"], place.to_json()] if place else kept["path"][:-1]
        self._state[STATE] = {"mark": kept["mark"], "path": path, "given": {**kept["given"], **given}}

    def leave(self) -> None:
        """Forget what was pressed: something else was said."""
        self._state[STATE] = None

    def open_next(self, *, told: bool) -> None:
        """Open the menu that belongs to what was `told`, unless something was asked; after a proof that comes later."""
        kept = self._state.get(STATE) or {}
        if "then" in kept and not (self.question and self.question["topic"] == PROOF):
            self._state[STATE] = None
            if kept["then"] and told and self.question is None:
                self.go(Place(menu=kept["then"]))

    def takes(self) -> int | None:
        """How many keys make an answer here; None when # ends it."""
        place = self.place()
        if place.input:
            number: int | None = self._content["inputs"][place.input]
            return number
        return 1

    def choices(self) -> list[tuple[str, str]]:
        """The keys of the menu we are in, each with what it is for; of a question's own options none."""
        place = self.place()
        if place.input == "street":
            return [(str(number), text) for number, text in enumerate(self._page(), start=1)] + self._other_streets()
        if not place.menu:
            return []
        return [(key, self._label(entry)) for key, entry in self._content["menus"][place.menu].items()]

    def _label(self, entry: Mapping[str, str]) -> str:
        if "service" in entry:
            return Catalogue.load().service(entry["service"]).names[self._words.language]
        return self._words.say(entry["label"])

    # Pressing --------------------------------------------------------------------------------------------------------

    def press(self, keys: str) -> Pressed:
        """Take keys."""
        keys = keys.rstrip("#") or keys
        place = self.place()
        if keys == BACK:
            return self._back()
        if keys == PERSON or (keys == AGAIN and place.input not in NUMBERS):
            return Pressed(text=keys)
        question = self.question
        if question and keys in {option["key"] for option in question["options"]} and not place.menu:
            return Pressed(text=keys)
        if place.input:
            return self._enter(place, keys)
        if place.menu:
            entry = self._content["menus"][place.menu].get(keys)
            return self._choose(entry) if entry else Pressed()
        return Pressed()

    def _back(self) -> Pressed:
        if self._kept()["path"]:
            self.go(None)
            return Pressed(moved=True)
        return Pressed(text=BACK if self.question else None, moved=self.question is None)

    def _choose(self, entry: Mapping[str, str]) -> Pressed:
        if "service" in entry:
            name = Catalogue.load().service(entry["service"]).names[self._words.language]
            # Asked for the service, its name is the answer; with nothing asked it is a request.
            return Pressed(text=name if self.question else self._sentence("service", service=name))
        if "menu" in entry or "input" in entry:
            self.go(Place(menu=entry.get("menu"), input=entry.get("input"), say=entry.get("say")))
            return Pressed(moved=True)
        self._state[STATE] = {"then": entry.get("then")}
        return Pressed(text=self._sentence(entry["say"]))

    def _enter(self, place: Place, keys: str) -> Pressed:
        match place.input:
            case "clock":
                clock = clock_of(keys)
                return Pressed(text=clock and self._sentence(place.say or "at_clock", clock=clock))
            case "weekdays":
                return self._weekdays(place, keys)
            case "date":
                day = day_of(keys, self._today)
                if day is None:
                    return Pressed()
                said = format_date(day, "d MMMM", locale=self._words.locale)
                return Pressed(text=self._sentence(place.say or "on_date", date=said))
            case _:
                return self._address(place, keys)

    def _weekdays(self, place: Place, keys: str) -> Pressed:
        if not re.fullmatch(r"[1-7]{1,7}", keys):
            return Pressed()
        codes = [WEEKDAY_CODES[int(key) - 1] for key in sorted(set(keys))]
        days = self._words.listed([self._words.weekday(code) for code in codes])
        return Pressed(text=self._sentence(place.say or "weekdays", days=days))

    def _address(self, place: Place, keys: str) -> Pressed:
        """The postcode, then the house number, then the street among those that it can be."""
        given = self._kept()["given"]
        if place.input == "postcode" and re.fullmatch(r"[1-9]\d{3}[2-9]{2}", keys):
            self.go(Place(input="house_number"), postcode=keys)
            return Pressed(moved=True)
        if place.input == "house_number" and re.fullmatch(r"[1-9]\d{0,4}", keys):
            found = streets.find(self._session, given["postcode"], int(keys))
            if len(found) == 1:
                return Pressed(text=found[0])
            if found:
                self.go(Place(input="street"), streets=found, page=0)
                return Pressed(moved=True)
            # Either of the two may be wrong: both are asked again.
            self.go(None)
            return Pressed(nowhere=True)
        if place.input == "street" and keys in {key for key, _ in self.choices()}:
            if int(keys) <= len(self._page()):
                return Pressed(text=self._page()[int(keys) - 1])
            self.go(Place(input="street"), page=given["page"] + 1)
            return Pressed(moved=True)
        return Pressed()

    def _page(self) -> list[str]:
        """The streets that are offered now: three, or two when there are more to come."""
        given = self._kept()["given"]
        found = given["streets"][2 * given["page"] :]
        return found if len(found) <= 3 else found[:2]

    def _other_streets(self) -> list[tuple[str, str]]:
        given = self._kept()["given"]
        more = len(given["streets"]) - 2 * given["page"] > 3
        return [("3", self._words.say("key_other_street"))] if more else []

    def _sentence(self, name: str, **values: str) -> str:
        sentence: str = self._content["sentences"][self._words.language][name]
        return sentence.format(**values)


def _mark(question: Json | None) -> str:
    """What tells one question from another."""
    return f"{question['topic']}:{question['key']}:{question.get('item', '')}" if question else ""


def clock_of(keys: str) -> str | None:
    """A clock time of the day from keys: "0930", "930" or "10"; None when it is none."""
    found = re.fullmatch(r"(\d{1,2})(\d\d)", keys) if len(keys) > 2 else re.fullmatch(r"(\d{2})()", keys)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return f"{int(found[1])}:{found[2] or '00'}"


def day_of(keys: str, today: date) -> date | None:
    """The next date, from `today` on, of a day and month in four keys: "0512" is 5 December; None when it is none."""
    if not re.fullmatch(r"\d{4}", keys):
        return None
    for year in range(today.year, today.year + _EIGHT_YEARS + 1):
        try:
            day = date(year, int(keys[2:]), int(keys[:2]))
        except ValueError:
            continue
        if day >= today:
            return day
    return None


def is_no_more(text: str, language: str) -> bool:
    """Whether somebody who is asked for more has nothing more to ask."""
    return _plain(text) in keypad_words()["no_more"][language]


def wants_language(text: str, now: str) -> str | None:
    """The language that is asked for by name, when it is another than `now`."""
    for language, ways in keypad_words()["switch"].items():
        if language != now and _plain(text) in ways:
            return str(language)
    return None


def goodbye(language: str) -> str:
    """The sentence that ends a talk."""
    return str(keypad_words()["sentences"][language]["goodbye"])


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s']", " ", text.lower().replace("’", "'")).split())
