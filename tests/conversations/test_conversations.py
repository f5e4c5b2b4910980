"""Every conversation of the YAML files beside this one."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import delete, func, select, update

from actions import upkeep
from actions.requesting import TOPIC
from actions.state import question_of
from bot.brain import Brain
from bot.commands.converse import kind_of
from care import inbox
from care.clock import Clock
from care.database import Database
from care.models import OCCUPYING, Absence, Ask, Contact, Conversation, Draft, Mark, Outbox, Recipient, Series, Visit
from care.people import contact_for
from care.visits import COMING, EXPECTED, visits_of
from tests.conversations.conftest import NEWCOMERS

FOLDER = Path(__file__).parent
STORIES = [
    pytest.param(story, id=f"{path.parent.name}/{path.stem}: {story['title']}")
    for path in sorted(FOLDER.glob("*/*.yml"))
    for story in yaml.safe_load(path.read_text(encoding="utf-8"))
]
DEMO_PEOPLE: dict[str, str] = {}


UNDER_WAY = ("requested", *OCCUPYING)
ASKED = "asked"
"""Stands for the helper who was asked last."""


class Player:
    """Plays one person's side, and that of the others who are named in a turn."""

    def __init__(self, database: Database, brain: Brain, clock: Clock, story: dict[str, Any]) -> None:
        self.database, self.brain, self.clock = database, brain, clock
        self.channel = story.get("channel", "sms")
        self.language = story["lang"]
        self.me = self.phone = self._phone(story.get("as"))
        clock.move(datetime.fromisoformat(str(story.get("now", "2026-11-23T09:00:00"))))
        self.said_to_others: Counter[str] = Counter()
        self.seen = 0
        with database.begin() as session:
            # What another story left unanswered, agreed or called off is not this one's.
            session.execute(update(Ask).where(Ask.status == "open").values(status="withdrawn"))
            long_ago = clock.now() - timedelta(days=60)
            session.execute(update(Ask).values(asked=long_ago, closed=long_ago))
            session.execute(update(Series).where(Series.status == "offered").values(status="cancelled"))
            session.execute(update(Visit).where(Visit.status.in_(UNDER_WAY)).values(status="cancelled"))
            session.execute(delete(Draft))
            session.execute(delete(Absence))
            session.execute(delete(Mark))
            session.execute(update(Conversation).values(state={}))

    def _phone(self, name: str | None) -> str:
        if name is None:
            return f"+3161{next(NEWCOMERS):07d}"
        with self.database.begin() as session:
            return session.scalars(select(Contact.phone).where(Contact.name == name)).one()

    def become(self, name: str | None) -> None:
        """Talk as somebody else from now on: a demo person, the helper who was `asked` last, or oneself (None)."""
        if name == ASKED:
            with self.database.begin() as session:
                query = select(Contact.phone).join(Ask, Ask.contact_id == Contact.id)
                query = query.where(Ask.topic.in_((TOPIC, "substitute")))
                self.phone = session.scalars(query.order_by(Ask.id.desc()).limit(1)).one()
        else:
            self.phone = self.me if name is None else self._phone(name)

    def move(self, moment: datetime) -> None:
        """Move the clock, and do what is due by then."""
        self.clock.move(moment)
        upkeep.run(self.database.begin, self.clock.now())

    def heard(self, name: str) -> str:
        """What was written unasked during this turn to `me`, to who was `asked`, or to a demo person; small letters."""
        before = self.phone
        self.become(None if name == "me" else name)
        phone, self.phone = self.phone, before
        with self.database.begin() as session:
            query = select(Outbox.text).join(Contact, Contact.id == Outbox.contact_id)
            query = query.where(Contact.phone == phone, Outbox.kind != "reply", Outbox.id > self.seen)
            return "\n".join(session.scalars(query.order_by(Outbox.id))).lower()

    def begin_turn(self) -> None:
        """Remember what had been written by now."""
        with self.database.begin() as session:
            self.seen = session.scalar(select(func.max(Outbox.id))) or 0

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
                # The others are spoken to in their own language.
                payload={"language": self.language} if self.phone == self.me else {},
                language=self.language if self.phone == self.me else None,
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

    def booked(self, *statuses: str) -> dict[str, int]:
        """How many series of each service there are of the person whose story it is."""
        with self.database.begin() as session:
            query = (
                select(Series.service)
                .join(Recipient, Recipient.id == Series.recipient_id)
                .join(Contact, Contact.id == Recipient.contact_id)
                .where(Contact.phone == self.me, Series.status.in_(statuses))
            )
            return dict(Counter(session.scalars(query)))

    def coming(self, day: date, statuses: tuple[str, ...] = EXPECTED) -> int:
        """How many visits of the person whose story it is stand on a date."""
        with self.database.begin() as session:
            contact = contact_for(session, self.channel, self.me, self.clock.now())
            lines = visits_of(session, contact, day, 1, self.clock.now())
            return sum(line.status in statuses for line in lines)


@pytest.mark.parametrize("story", STORIES)
def test_conversation(story: dict[str, Any], database: Database, house: Brain, clock: Clock) -> None:
    player = Player(database, house, clock, story)
    log: list[str] = []
    for turn in story["turns"]:
        player.begin_turn()
        if "at" in turn:
            player.move(datetime.fromisoformat(str(turn["at"])))
        player.become(turn.get("by"))
        replies = player.say(str(turn["user"])) if "user" in turn else []
        text = "\n".join(reply.text for reply in replies).lower()
        log.append(f"> {turn.get('by', '')} {turn.get('user')}\n{text}")
        check(player, turn, text, [option for reply in replies for option in reply.options], "\n".join(log))


def check(player: Player, turn: dict[str, Any], text: str, options: list[dict[str, str]], log: str) -> None:
    """Hold one turn against what it must be."""
    assert text or "user" not in turn, log
    if "asks" in turn:
        assert (player.question() or "nothing") == turn["asks"], log
    for words in turn.get("says", ()):
        assert str(words).lower() in text, log
    for words in turn.get("never", ()):
        assert str(words).lower() not in text, log
    if "options" in turn:
        assert [option["text"] for option in options] == turn["options"], log
    if "booked" in turn:
        assert player.booked("offered", "active") == turn["booked"], log
    if "agreed" in turn:
        assert player.booked("active") == turn["agreed"], log
    for name, words in turn.get("hears", {}).items():
        said = player.heard(name)
        assert bool(said) == bool(words), f"{log}\n{name}: {said}"
        assert all(str(word).lower() in said for word in words), f"{log}\n{name}: {said}"
    for day, number in turn.get("coming", {}).items():
        day = day if isinstance(day, date) else player.clock.today() + timedelta(days=int(day))
        assert player.coming(day) == number, log
    for day, number in turn.get("sure", {}).items():
        assert player.coming(day, COMING) == number, log
    for role in turn.get("told", ()):
        assert player.said_to_others[role], log
