"""Every conversation of the YAML files beside this one."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from actions.state import question_of
from bot.brain import Brain
from bot.commands.converse import kind_of
from care import inbox
from care.clock import Clock
from care.database import Database
from care.models import Contact, Conversation, Outbox, Recipient, Series
from care.people import contact_for
from care.visits import COMING, visits_of
from tests.conversations.conftest import NEWCOMERS

FOLDER = Path(__file__).parent
STORIES = [
    pytest.param(story, id=f"{path.parent.name}/{path.stem}: {story['title']}")
    for path in sorted(FOLDER.glob("*/*.yml"))
    for story in yaml.safe_load(path.read_text(encoding="utf-8"))
]
DEMO_PEOPLE: dict[str, str] = {}


class Player:
    """Plays one person's side."""

    def __init__(self, database: Database, brain: Brain, clock: Clock, story: dict[str, Any]) -> None:
        self.database, self.brain, self.clock = database, brain, clock
        self.channel = story.get("channel", "sms")
        self.language = story["lang"]
        self.phone = self._phone(story.get("as"))
        clock.move(datetime.fromisoformat(str(story.get("now", "2026-11-23T09:00:00"))))
        self.said_to_others: Counter[str] = Counter()

    def _phone(self, name: str | None) -> str:
        if name is None:
            return f"+3161{next(NEWCOMERS):07d}"
        with self.database.begin() as session:
            return session.scalars(select(Contact.phone).where(Contact.name == name)).one()

    def say(self, text: str) -> list[Outbox]:
        """Say something; the replies to it."""
        with self.database.begin() as session:
            address = self.phone
            number, new = inbox.accept(
                session,
                channel=self.channel,
                outside_id=secrets.token_hex(8),
                address=address,
                text=text,
                kind=kind_of(text, self.channel),
                now=self.clock.now(),
                payload={"language": self.language},
                language=self.language,
            )
            assert new
        self.brain.handle(number)
        with self.database.begin() as session:
            assert session.get(inbox.Inbox, number).error is None, "the turn failed"
            replies = session.scalars(select(Outbox).where(Outbox.in_reply_to == number).order_by(Outbox.id)).all()
            notices = select(Contact.roles).join(Outbox, Outbox.contact_id == Contact.id)
            notices = notices.where(Outbox.key.like(f"notice:{number}:%"))
            self.said_to_others = Counter(role for roles in session.scalars(notices) for role in roles)
            session.expunge_all()
        return list(replies)

    def question(self) -> str | None:
        """The topic of the open question."""
        with self.database.begin() as session:
            contact = contact_for(session, self.channel, self.phone, self.clock.now())
            query = select(Conversation).where(
                Conversation.contact_id == contact.id, Conversation.channel == self.channel
            )
            return question_of(session.scalars(query).one())

    def booked(self) -> dict[str, int]:
        """How many series of each service run."""
        with self.database.begin() as session:
            query = (
                select(Series.service)
                .join(Recipient, Recipient.id == Series.recipient_id)
                .join(Contact, Contact.id == Recipient.contact_id)
                .where(Contact.phone == self.phone, Series.status == "active")
            )
            return dict(Counter(session.scalars(query)))

    def coming(self, day: date) -> int:
        """How many visits stand on a date."""
        with self.database.begin() as session:
            contact = contact_for(session, self.channel, self.phone, self.clock.now())
            lines = visits_of(session, contact, day, 1, self.clock.now())
            return sum(line.status in COMING for line in lines)


@pytest.mark.parametrize("story", STORIES)
def test_conversation(story: dict[str, Any], database: Database, house: Brain, clock: Clock) -> None:
    player = Player(database, house, clock, story)
    log: list[str] = []
    for turn in story["turns"]:
        if "at" in turn:
            clock.move(datetime.fromisoformat(str(turn["at"])))
        replies = player.say(str(turn["user"]))
        text = "\n".join(reply.text for reply in replies).lower()
        log.append(f"> {turn['user']}\n{text}")
        check(player, turn, text, [option for reply in replies for option in reply.options], "\n".join(log))


def check(player: Player, turn: dict[str, Any], text: str, options: list[dict[str, str]], log: str) -> None:
    """Hold one turn against what it must be."""
    assert text, log
    if "asks" in turn:
        assert (player.question() or "nothing") == turn["asks"], log
    for words in turn.get("says", ()):
        assert str(words).lower() in text, log
    for words in turn.get("never", ()):
        assert str(words).lower() not in text, log
    if "options" in turn:
        assert [option["text"] for option in options] == turn["options"], log
    if "booked" in turn:
        assert player.booked() == turn["booked"], log
    for day, number in turn.get("coming", {}).items():
        day = day if isinstance(day, date) else player.clock.today() + timedelta(days=int(day))
        assert player.coming(day) == number, log
    for role in turn.get("told", ()):
        assert player.said_to_others[role], log
