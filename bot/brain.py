"""The brain: one message in, its effects and replies written, in one transaction."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, OperationalError

from actions import asking
from actions.phone import proof, turns
from actions.phone.call import LiveCall
from actions.phrases import Phrases
from actions.turn import Turn, opened
from care import conversations, inbox, outbox
from care.clock import Clock
from care.database import Database, DatabaseUnavailable

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from sqlalchemy.orm import Session

    from care.models import Contact, Conversation, Inbox

log = logging.getLogger(__name__)

DEFAULT_LANGUAGE = "nl"

# Rasa takes a message that begins with a slash for a command that names its intent and slots.
_COMMAND = re.compile(r"^[\s/]+")


class Brain:
    """Handles messages one at a time, in whatever thread it is called from."""

    def __init__(self, database: Database, agent: Agent, clock: Clock, phrases: Phrases) -> None:
        """Work on `database` with a loaded `agent`; `clock` is the process's."""
        self._database = database
        self._agent = agent
        self._clock = clock
        self._phrases = phrases
        self._loop = asyncio.new_event_loop()
        self._one_at_a_time = threading.Lock()
        self.on_handled: list[Callable[[int], None]] = []

    @classmethod
    def load(cls, model: Path, database: Database, clock: Clock) -> Brain:
        """Load the model and warm it, so that the first person does not wait."""
        from bot import logs

        logs.quiet_rasa()
        from bot.rasa_agent import load_agent

        brain = cls(database, load_agent(model), clock, Phrases.load())
        brain.warm()
        return brain

    def warm(self) -> None:
        """Read one text and forget it."""
        with self._one_at_a_time:
            self._loop.run_until_complete(self._agent.parse_message("hallo"))

    def close(self) -> None:
        """Let go of the event loop."""
        self._loop.close()

    def handle(self, incoming_id: int) -> bool:
        """Handle a stored message; False when it was handled already.

        Everything that the turn does is one transaction: after a crash nothing has happened, and the second run does it
        once. An error in the turn is answered with an apology (the draft stays as it was); only an unreachable
        database is raised, so that the job is tried again.
        """
        try:
            # What is committed needs no turn of its own: another one may begin while the disk writes.
            with self._database.begin() as session, self._one_at_a_time:
                done = self._turn(session, incoming_id)
        except (DatabaseUnavailable, OperationalError):
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            done = self._apologise(incoming_id, error)
        for listener in self.on_handled:
            listener(incoming_id)
        return done

    def _turn(self, session: Session, incoming_id: int) -> bool:
        incoming = inbox.claim(session, incoming_id)
        if incoming is None:
            return False
        contact, conversation, talked_before = _surroundings(session, incoming)
        # The message's own moment, not that of its handling: "tomorrow" said before midnight stays that day.
        clock = Clock(incoming.received)
        turn = Turn(session, clock, contact, conversation, incoming.id, incoming.text, incoming.channel, incoming.kind)
        turn.call = LiveCall.of(incoming.payload)
        if turn.call is None or proof.is_proven(conversation.state):
            asking.take_up(turn, talked_before)
        with opened(turn):
            if incoming.channel == turns.CHANNEL:
                messages, listening = turns.play(turn, lambda: self._ask_rasa(turn, incoming))
                incoming.payload = {**incoming.payload, "listening": listening}
            else:
                messages = self._ask_rasa(turn, incoming)
        for number, message in enumerate(_worth_saying(messages), start=1):
            _put(session, turn, incoming, message, number)
        inbox.mark_handled(session, incoming, clock.now())
        return True

    def _ask_rasa(self, turn: Turn, incoming: Inbox) -> list[dict[str, Any]]:
        from bot.rasa_agent import answer

        metadata = {
            "now": turn.clock.now().isoformat(),
            "default_language": turn.conversation.language,
            "awaiting": turn.conversation.state.get("awaiting"),
            "channel": incoming.channel,
            "kind": incoming.kind,
            "roles": list(turn.contact.roles),
        }
        text = _COMMAND.sub("", turn.text)
        return self._loop.run_until_complete(answer(self._agent, text, f"c{turn.conversation.id}", metadata))

    def _apologise(self, incoming_id: int, error: Exception) -> bool:
        error_id = secrets.token_hex(4)
        # The exception's own text may repeat what the person said (SQL parameters do), so only its kinds and places go
        # to the log.
        log.error("error %s in incoming %s: %s", error_id, incoming_id, _trace(error))
        with self._database.begin() as session:
            incoming = inbox.claim(session, incoming_id)
            if incoming is None:
                return False
            contact, conversation, _ = _surroundings(session, incoming)
            turn = Turn(session, Clock(incoming.received), contact, conversation, incoming.id, incoming.text)
            turn.call = LiveCall.of(incoming.payload)
            text = self._phrases.text("utter_sorry", conversation.language)
            _put(session, turn, incoming, {"text": text}, 1)
            inbox.mark_handled(session, incoming, turn.clock.now(), error=error_id)
        return True


def _surroundings(session: Session, incoming: Inbox) -> tuple[Contact, Conversation, datetime | None]:
    """The contact, the conversation, and when it was used last before."""
    from care.models import Contact

    contact = session.get(Contact, incoming.contact_id)
    chosen = incoming.payload.get("language")
    language = chosen or contact.language or incoming.payload.get("offered_language") or DEFAULT_LANGUAGE
    call = LiveCall.of(incoming.payload)
    channel = conversations.of_call(call.id) if call else incoming.channel
    conversation = conversations.open_conversation(session, contact, channel, language)
    talked_before, conversation.updated = conversation.updated, incoming.received
    if chosen and conversation.state.get("chosen_language") != chosen:
        # Chosen outside the talk (the switch on the page, --lang): it counts from when it changes, so that the dialogue
        # may still follow somebody who goes on in the other language.
        conversation.language = conversation.state["chosen_language"] = chosen
    return contact, conversation, talked_before


def _worth_saying(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if (message.get("text") or "").strip()]


def _put(session: Session, turn: Turn, incoming: Inbox, message: Mapping[str, Any], number: int) -> None:
    from care.models import Outbox

    written = outbox.put(
        session,
        contact=turn.contact,
        channel=incoming.channel,
        text=message["text"].strip(),
        options=_options(message.get("buttons") or ()),
        now=turn.clock.now(),
        key=f"reply:{incoming.id}:{number}",
        conversation=turn.conversation,
        in_reply_to=incoming.id,
        address=incoming.address,
    )
    if turn.call is not None:
        # Said by the request that waits for it; the courier has nothing to send.
        outbox.mark_sent(session, session.get(Outbox, written), turn.clock.now())


def _options(buttons: Any) -> list[dict[str, str]]:
    """The choices of a message, by the key to press: 1, 2, 3, …, or the key the action gave it."""
    return [
        {"key": str(button.get("key") or number), "text": str(button.get("title") or button.get("text"))}
        for number, button in enumerate(buttons, start=1)
    ]


def _trace(error: BaseException) -> str:
    """Where an error came from, innermost last, without any value in it."""
    steps = []
    cause: BaseException | None = error
    while cause is not None:
        trace = cause.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
        steps.append(f"{type(cause).__name__} at {place}")
        cause = cause.__cause__ or cause.__context__
    return " caused by ".join(steps)
