"""The reception: takes in what came by a door, answers what the door itself can, and hands the rest to the brain.

All of it in one transaction and at once: the message under its outside id, and a job for the brain or the reply.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from actions.phrases import Phrases
from bot.doors.intake import Intake
from bot.doors.keywords import Keywords
from bot.doors.linking import SENT_BY, Linking
from bot.doors.replies import DEFAULT_LANGUAGE, Reply, Visit, talk_with
from bot.jobs import defer_handling
from bot.web.limits import RateLimit
from care import asks, doors, feeds, inbox, outbox
from care.models import Contact, Inbox, Outbox
from care.people import contact_for, recipients_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.clock import Clock
    from care.database import Database
    from channels import Incoming
    from channels.buttons import Buttons

log = logging.getLogger(__name__)

TAKEN, REPEATED, PAST, REFUSED, TOO_FAST = "taken", "repeated", "past", "refused", "too fast"
"""What became of a message: taken in, known already, a press on a button whose question has passed, from no address
there can be, or one too many from the same person.
"""

_TOLD_AT_THE_BUTTON = frozenset({"telegram"})


class Reception:
    """Stands behind all text doors of one installation."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        key: str,
        buttons: Buttons,
        public_url: str | None = None,
        open_channels: Collection[str] = (),
        can_listen: bool = False,
        wake: Callable[[], object] = lambda: None,
    ) -> None:
        """`open_channels` are those we can send on; `can_listen` says whether somebody writes out voice notes; `wake`
        tells the courier that there is something to send.
        """
        self._database = database
        self._clock = clock
        self._buttons = buttons
        self._public_url = public_url
        self._phrases = Phrases.load()
        self._keywords = Keywords.load()
        self._linking = Linking(key, can_send=SENT_BY in open_channels)
        self._can_listen = can_listen
        self._wake = wake
        self._intake = Intake(database, clock)
        self.said_limit = RateLimit(burst=30, per_minute=40)
        self._told_limit = RateLimit(burst=1, per_minute=1)

    async def receive(self, incoming: Incoming) -> str:
        """Take a message in from the event loop of the gateway, as `take` does.

        What is the brain's alone needs no looking up, and is stored together with what else comes in at that moment.
        """
        if not self._is_the_brains(incoming) or not self.said_limit.allows(_person(incoming)):
            return await run_in_threadpool(self.take, incoming)
        try:
            await self._intake.store(incoming)
        except ValueError:
            return self._no_address(incoming)
        return TAKEN

    def close(self) -> None:
        """Store what came in, and stop."""
        self._intake.close()

    def _is_the_brains(self, incoming: Incoming) -> bool:
        """Whether the door itself has nothing to do with a message, whatever is remembered of its sender."""
        return not (
            incoming.payload
            or not incoming.text
            or self._keywords.read(incoming.text, incoming.channel)
            or self._linking.concerns(incoming)
        )

    def take(self, incoming: Incoming) -> str:
        """Take a message in; what became of it, one of the words above."""
        person = _person(incoming)
        if not self.said_limit.allows(person):
            return self._too_fast(incoming, tell=self._told_limit.allows(person))
        try:
            with self._database.begin() as session:
                outcome, answered = self._take(session, incoming)
        except _NoAddress:
            return self._no_address(incoming)
        if answered:
            self._wake()
        return outcome

    @staticmethod
    def _no_address(incoming: Incoming) -> str:
        log.warning("a message on %s came from no address there can be", incoming.channel)
        return REFUSED

    def shut_out(self, channel: str, address: str, *, blocked: bool) -> None:
        """The person has blocked us at this door, or let us in again."""
        with self._database.begin() as session:
            if blocked:
                doors.stop(session, channel, address, self._clock.now(), "blocked")
            else:
                doors.start(session, channel, address, only="blocked")

    def _take(self, session: Session, incoming: Incoming) -> tuple[str, bool]:
        now = self._clock.now()
        if token := incoming.payload.get("button"):
            pressed = self._pressed(session, incoming, str(token))
            if pressed is None:
                return self._past(session, incoming)
            incoming = pressed
        if incoming.text and incoming.payload.get("what", "edit") != "edit":
            # What is written with a picture is read like any text.
            incoming = replace(incoming, kind="text")
        try:
            message_id, is_new = inbox.accept(
                session,
                channel=incoming.channel,
                outside_id=incoming.outside_id,
                address=incoming.address,
                text=incoming.text,
                now=now,
                kind=incoming.kind,
                payload=dict(incoming.payload),
                language=incoming.language,
            )
        except ValueError as error:
            raise _NoAddress from error
        if not is_new:
            return REPEATED, False
        reply = self._reply(session, incoming, message_id)
        if reply is None or reply.then_brain:
            defer_handling(session, message_id)
        else:
            inbox.mark_handled(session, session.get(Inbox, message_id), now)
        return TAKEN, reply is not None

    def _reply(self, session: Session, incoming: Incoming, message_id: int) -> Reply | None:
        """What the door itself answers to a message, put in the outbox; None when it is the brain's."""
        keyword = self._keywords.read(incoming.text, incoming.channel, command=bool(incoming.payload.get("command")))
        wordless = incoming.payload.get("what")
        if keyword is None and not wordless and not self._linking.concerns(incoming):
            return None
        visit = self._visit(session, incoming, message_id, keyword.language if keyword else None)
        if keyword is not None and not (keyword.may_be_talk and visit.open_question):
            reply = self._obey(session, visit, keyword.act)
        else:
            reply = self._linking.go_on(session, visit) or self._wordless(visit)
        if reply is not None:
            self._answer(session, visit, reply, message_id)
        return reply

    def _visit(self, session: Session, incoming: Incoming, message_id: int, spoken: str | None) -> Visit:
        row = session.get(Inbox, message_id)
        contact = session.get(Contact, row.contact_id)
        language, open_question = talk_with(session, contact, incoming.channel)
        return Visit(
            incoming,
            contact,
            row.address,
            row.received.astimezone(self._clock.now().tzinfo),
            language or contact.language or spoken or DEFAULT_LANGUAGE,
            self._phrases,
            open_question,
        )

    def _obey(self, session: Session, visit: Visit, act: str) -> Reply | None:
        if act == "stop":
            doors.stop(session, visit.channel, visit.address, visit.now)
            return Reply("door_stopped")
        if act == "start":
            was_stopped = doors.start(session, visit.channel, visit.address)
            return Reply("door_started" if was_stopped or not visit.incoming.payload.get("command") else "door_welcome")
        if act == "help":
            return Reply("door_help")
        if act == "link":
            return self._linking.begin(session, visit)
        return self._calendar(session, visit)

    def _calendar(self, session: Session, visit: Visit) -> Reply:
        if self._public_url is None:
            return Reply("calendar_no_address")
        if not recipients_for(session, visit.contact, visit.now):
            return Reply("calendar_none")
        token = feeds.make(session, visit.contact, visit.now)
        return Reply("calendar_link", {"address": feed_address(self._public_url, token)})

    def _wordless(self, visit: Visit) -> Reply | None:
        what = visit.incoming.payload.get("what")
        if what is None or (what == "voice" and self._can_listen):
            return None
        if what != "edit" and visit.incoming.text:
            return Reply("door_caption", then_brain=True)
        return Reply(f"door_{what}")

    def _answer(self, session: Session, visit: Visit, reply: Reply, message_id: int) -> None:
        contact = visit.contact if reply.contact_id is None else session.get(Contact, reply.contact_id)
        opt_out = visit.incoming.payload.get("opt_out")
        if opt_out and reply.key in ("door_stopped", "door_started", "door_help"):
            # Twilio answers the words it obeys itself.
            return
        outbox.put(
            session,
            contact=contact,
            channel=visit.channel,
            address=visit.address,
            text=visit.say(reply.key, **reply.values),
            now=visit.now,
            key=f"door:{message_id}",
            in_reply_to=message_id,
        )

    def _pressed(self, session: Session, incoming: Incoming, token: str) -> Incoming | None:
        """The choice that was pressed, as if its key had been typed; None when its question is no longer the last."""
        press = self._buttons.read(token, incoming.channel, incoming.address)
        if press is None:
            # A button of a template of the account's own, not of ours: its label is what was said.
            return replace(incoming, payload={}) if incoming.text else None
        # One press counts for each message, so that a second one is no answer to the next question.
        outside_id = f"button:{press.message}"
        known = select(Inbox.id).where(Inbox.channel == incoming.channel, Inbox.outside_id == outside_id)
        shown = session.get(Outbox, press.message)
        if session.scalar(known) is None and (shown is None or not _is_open(session, shown)):
            return None
        return replace(incoming, text=press.key, outside_id=outside_id, payload={"button": press.key})

    def _past(self, session: Session, incoming: Incoming) -> tuple[str, bool]:
        if incoming.channel in _TOLD_AT_THE_BUTTON:
            return PAST, False
        contact = contact_for(session, incoming.channel, incoming.address, self._clock.now(), incoming.language)
        session.flush()
        language, _ = talk_with(session, contact, incoming.channel)
        outbox.put(
            session,
            contact=contact,
            channel=incoming.channel,
            address=incoming.address,
            text=self._phrases.text("door_past", language or contact.language or DEFAULT_LANGUAGE),
            now=self._clock.now(),
            key=f"past:{incoming.channel}:{incoming.outside_id}",
        )
        return PAST, True

    def _too_fast(self, incoming: Incoming, *, tell: bool) -> str:
        log.warning("too many messages at once from one person on %s", incoming.channel)
        if tell:
            with self._database.begin() as session:
                try:
                    contact = contact_for(session, incoming.channel, incoming.address, self._clock.now())
                except ValueError:
                    return REFUSED
                session.flush()
                language, _ = talk_with(session, contact, incoming.channel)
                outbox.put(
                    session,
                    contact=contact,
                    channel=incoming.channel,
                    address=incoming.address,
                    text=self._phrases.text("door_too_fast", language or contact.language or DEFAULT_LANGUAGE),
                    now=self._clock.now(),
                    key=f"fast:{incoming.channel}:{incoming.outside_id}",
                )
            self._wake()
        return TOO_FAST


class _NoAddress(Exception):
    """The address is not one of the channel."""


def _person(incoming: Incoming) -> str:
    return f"{incoming.channel}:{incoming.address}"


def _is_open(session: Session, shown: Outbox) -> bool:
    """Whether the choices under a message are those of the question that is open now."""
    contact = session.get(Contact, shown.contact_id)
    if not talk_with(session, contact, shown.channel)[1] and asks.newest_open(session, contact) is None:
        return False
    later = select(Outbox.id).where(
        Outbox.contact_id == shown.contact_id,
        Outbox.channel == shown.channel,
        Outbox.id > shown.id,
        Outbox.options != [],
    )
    return session.scalar(later.limit(1)) is None


def feed_address(public_url: str, token: str) -> str:
    """Where a calendar program fetches a feed."""
    return f"{public_url}/calendar/{token}.ics"
