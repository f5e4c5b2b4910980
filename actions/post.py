"""What is sent to people who are not the ones talking: notices, and questions that wait for their answer.

A turn sends on behalf of who is talking, the upkeep on behalf of the clock; both write to the outbox in their own
transaction, so that nothing is told of what was rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from actions.phone.numbers import calling_time, is_mobile, reached_by
from actions.phrases import Phrases
from actions.words import Words
from care import asks, outbox
from care.conversations import is_call
from care.models import Ask, Contact, Conversation, Series, Visit, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CALLED = "voice"
URGENT = frozenset({"emergency_family_text", "coordinator_call", "coordinator_connect"})
"""Messages that cannot wait for the morning."""
DEFAULT_LANGUAGE = "nl"

Json = dict[str, Any]
Said = str | int | Callable[[Words], str]
Label = str | Callable[[Words], str]
Choice = tuple[Any, Label] | tuple[Any, Label, Sequence[str]] | tuple[Any, Label, Sequence[str], Sequence[str]]
"""A value with its label (the key of a text, or a function of the reader's words), perhaps with other words for it, and
with what only it is like (`traits` in nlu/answers)."""


@dataclass(frozen=True)
class Post:
    """Writes to others. `cause` names what made us write (a message's id, a job), and is part of every message's key:
    the same text to the same person for the same cause is written once. `here` is the conversation of the turn: it
    becomes the last one of its contact when the turn ends.
    """

    session: Session
    now: datetime
    cause: str
    here: Conversation | None = None

    def words_for(self, contact: Contact) -> Words:
        """The words in the language of the contact."""
        return Words(Phrases.load(), contact.language or DEFAULT_LANGUAGE)

    def notify(
        self,
        contact: Contact,
        key: str,
        *,
        visit: Visit | None = None,
        about: str = "",
        due: datetime | None = None,
        kind: str = "notice",
        **values: Said,
    ) -> bool:
        """Write a message to a contact, sent at `due` or when this transaction is committed; whether it could be.

        A value that is a function is called with the reader's words. `about` tells several messages of one text to one
        contact for one cause apart. Nothing is sent to who has no phone and never came in by a door.
        """
        words = self.words_for(contact)
        told = _told(words, values)
        template = _template(words, key, told)
        return self._put(contact, words.say(key, **told), (), f"{key}:{about}", visit, due, template, kind)

    def ask(
        self,
        contact: Contact,
        topic: str,
        kind: str,
        key: str,
        *,
        choices: Sequence[Choice] = (),
        about: str = "",
        remind_at: datetime | None = None,
        expires: datetime | None = None,
        series: Series | None = None,
        visit: Visit | None = None,
        keep: Json | None = None,
        **values: Said,
    ) -> Ask | None:
        """Put a question to a contact: it becomes the open question of their next turn, whatever the door.

        `topic` says who takes the answer (`actions.topics.answers`), `kind` how it is read (`yes_no`, `choice`, …);
        yes and no need no `choices`. `keep` is what the taker of the answer must know, as JSON. Returns None when this
        question was put before, or when the contact cannot be reached.
        """
        words = self.words_for(contact)
        if kind == "yes_no" and not choices:
            choices = (("yes", "say_yes"), ("no", "say_no"))
        options = [
            {
                "key": str(number),
                "value": value,
                "text": label(words) if callable(label) else words.say(label),
                **dict(zip(("names", "traits"), more, strict=False)),
            }
            for number, (value, label, *more) in enumerate(choices, start=1)
        ]
        told = _told(words, values)
        text = words.say(key, **told)
        question = {**(keep or {}), "topic": topic, "kind": kind, "key": key, "options": options, "text": text}
        name = f"{key}:{about}"
        if self._channel(contact) is None:
            return None
        ask = asks.put(
            self.session,
            contact=contact,
            question=question,
            now=self.now,
            key=f"ask:{self.cause}:{contact.id}:{name}",
            remind_at=remind_at,
            expires=expires,
            series=series,
            visit=visit,
        )
        if ask is not None:
            self._put(contact, text, options, name, visit, None, _template(words, key, told))
        return ask

    def ask_once_more(self, ask: Ask, key: str, **values: Said) -> None:
        """Remind of an open question: `key` is said before it. Once only."""
        words = self.words_for(ask.contact)
        text = f"{words.say(key, **_told(words, values))}\n{ask.question['text']}"
        self._put(ask.contact, text, ask.question["options"], f"{key}:{ask.id}", None, None)
        ask.reminded = self.now
        self.session.flush()

    def _put(
        self,
        contact: Contact,
        text: str,
        options: Sequence[Json],
        name: str,
        visit: Visit | None,
        due: datetime | None,
        template: Json | None = None,
        kind: str = "notice",
    ) -> bool:
        channel = self._channel(contact)
        if channel is None:
            return False
        outbox.put(
            self.session,
            contact=contact,
            channel=channel,
            text=text,
            options=[{"key": option["key"], "text": option["text"]} for option in options],
            now=self.now,
            due=due or self._due(contact, channel, name),
            kind=kind,
            key=f"notice:{self.cause}:{contact.id}:{name}",
            visit=visit,
            template=template,
        )
        return True

    def _due(self, contact: Contact, channel: str, name: str) -> datetime | None:
        """When a message goes out that may go at once: who has to be called for it is not woken, but in need."""
        called = channel == CALLED and not is_mobile(contact.phone)
        return calling_time(self.now) if called and name.partition(":")[0] not in URGENT else None

    def reaches(self, contact: Contact) -> bool:
        """Whether there is a way to write to the contact."""
        return self._channel(contact) is not None

    def _channel(self, contact: Contact) -> str | None:
        """Where the contact talked with us last; else by their phone, if they have one."""
        query = select(Conversation.channel).where(Conversation.contact_id == contact.id)
        if self.here is not None and self.here.contact_id == contact.id:
            latest = self.here.channel
        else:
            newest_first = query.order_by(col(Conversation.updated).desc().nulls_last())
            latest = self.session.scalars(newest_first.limit(1)).first()
        if latest and is_call(latest):
            # The call is over: who has no mobile is called.
            return reached_by(contact.phone)
        return latest or reached_by(contact.phone)


def _told(words: Words, values: dict[str, Said]) -> dict[str, Any]:
    return {name: value(words) if callable(value) else value for name, value in values.items()}


def _template(words: Words, key: str, told: dict[str, Any]) -> Json:
    """Which text it is, for channels that at times take approved texts only; values in the order of their places."""
    values = [str(told[name]) for name in words.phrases.places(key, words.language)]
    return {"name": key, "language": words.language, "values": values}
