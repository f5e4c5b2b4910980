"""The brain: one message in, its effects and replies written, in one transaction."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import threading
from collections.abc import Callable
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
Messages = list[dict[str, Any]]
"""What Rasa gives to say: each with `text` and perhaps `buttons`."""

# Rasa takes a message that begins with a slash for a command that names its intent and slots.
_COMMAND = re.compile(r"^[\s/]+")


class Brain:
    """Handles messages in whatever threads it is called from.

    While a turn waits for the database another goes on: of all else there is only ever one at work.
    """

    def __init__(self, database: Database, agent: Agent, clock: Clock, phrases: Phrases) -> None:
        """Work on `database` with a loaded `agent`; `clock` is the process's."""
        self._database = database
        self._agent = agent
        self._clock = clock
        self._phrases = phrases
        self._floor = database.floor
        self._loops = _Loops()
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
        with self._floor.held():
            self._loops.mine().run_until_complete(self._agent.parse_message("hallo"))

    def close(self) -> None:
        """Let go of the event loops."""
        self._loops.close()

    def handle(self, incoming_id: int) -> bool:
        """Handle a stored message; False when it was handled already.

        Everything that the turn does is one transaction: after a crash nothing has happened, and the second run does it
        once. An error in the turn is answered with an apology (the draft stays as it was); only an unreachable
        database is raised, so that the job is tried again.
        """
        try:
            with self._database.begin() as session, self._floor.held():
                answered = self._turn(session, incoming_id)
                if answered is not None:
                    _reply(*answered)
            done = answered is not None
        except (DatabaseUnavailable, OperationalError):
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            done = self._apologise(incoming_id, error)
        for listener in self.on_handled:
            listener(incoming_id)
        return done

    def _turn(self, session: Session, incoming_id: int) -> tuple[Turn, Inbox, Messages] | None:
        """Do what the message asks for; what is to be answered. None when it was handled already."""
        talk = _talk(session, incoming_id)
        if talk is None:
            return None
        incoming, contact, conversation = talk.message, talk.contact, talk.conversation
        # Written with the replies, by their statement: the session need not write each change before its next question.
        session.expunge(conversation)
        talked_before = conversation.updated
        _choose_language(conversation, incoming)
        # The message's own moment, not that of its handling: "tomorrow" said before midnight stays that day.
        clock = Clock(incoming.received)
        turn = Turn(session, clock, contact, conversation, incoming.id, incoming.text, incoming.channel, incoming.kind)
        turn.call = LiveCall.of(incoming.payload)
        if turn.call is None or proof.is_proven(conversation.state):
            asking.take_up(turn, talked_before, asked=talk.asked)
        with opened(turn):
            if incoming.channel == turns.CHANNEL:
                messages, listening = turns.play(turn, lambda: self._ask_rasa(turn, incoming))
                incoming.payload = {**incoming.payload, "listening": listening}
            else:
                messages = self._ask_rasa(turn, incoming)
        return turn, incoming, messages

    def _ask_rasa(self, turn: Turn, incoming: Inbox) -> Messages:
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
        return self._loops.mine().run_until_complete(answer(self._agent, text, f"c{turn.conversation.id}", metadata))

    def _apologise(self, incoming_id: int, error: Exception) -> bool:
        error_id = secrets.token_hex(4)
        # The exception's own text may repeat what the person said (SQL parameters do), so only its kinds and places go
        # to the log.
        log.error("error %s in incoming %s: %s", error_id, incoming_id, _trace(error))
        with self._database.begin() as session:
            incoming = inbox.claim(session, incoming_id)
            if incoming is None:
                return False
            contact, conversation = _surroundings(session, incoming)
            _choose_language(conversation, incoming)
            turn = Turn(session, Clock(incoming.received), contact, conversation, incoming.id, incoming.text)
            turn.call = LiveCall.of(incoming.payload)
            text = self._phrases.text("utter_sorry", conversation.language)
            _reply(turn, incoming, [{"text": text}], error=error_id)
        return True


class _Loops:
    """An event loop for each thread: Rasa's code is written for one, though nothing in it waits."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._all: list[asyncio.AbstractEventLoop] = []

    def mine(self) -> asyncio.AbstractEventLoop:
        """The loop of the calling thread."""
        loop: asyncio.AbstractEventLoop | None = getattr(self._own, "loop", None)
        if loop is None:
            loop = self._own.loop = asyncio.new_event_loop()
            self._all.append(loop)
        return loop

    def close(self) -> None:
        """Close them all, when no turn is being done any more."""
        for loop in self._all:
            loop.close()


def _talk(session: Session, incoming_id: int) -> inbox.Talk | None:
    """The message, claimed, and what belongs to it; None when it was handled already."""
    talk = inbox.claim_with_talk(session, incoming_id)
    # A call is a conversation of its own.
    if talk is not None and not talk.message.payload.get("call"):
        return talk
    incoming = inbox.claim(session, incoming_id)
    return None if incoming is None else inbox.Talk(incoming, *_surroundings(session, incoming), asked=True)


def _surroundings(session: Session, incoming: Inbox) -> tuple[Contact, Conversation]:
    """The contact, and the conversation, which is begun when there is none."""
    from care.models import Contact

    contact = session.get(Contact, incoming.contact_id)
    payload = incoming.payload
    language = payload.get("language") or contact.language or payload.get("offered_language") or DEFAULT_LANGUAGE
    call = LiveCall.of(payload)
    channel = conversations.of_call(call.id) if call else incoming.channel
    return contact, conversations.open_conversation(session, contact, channel, language)


def _choose_language(conversation: Conversation, incoming: Inbox) -> None:
    """Go on in the language that was chosen outside the talk, when that has changed."""
    chosen = incoming.payload.get("language")
    if chosen and conversation.state.get("chosen_language") != chosen:
        # Chosen outside the talk (the switch on the page, --lang): it counts from when it changes, so that the dialogue
        # may still follow somebody who goes on in the other language.
        conversation.language = conversation.state["chosen_language"] = chosen


def _reply(turn: Turn, incoming: Inbox, messages: Messages, error: str | None = None) -> None:
    """Write what is worth saying, and mark the message as handled."""
    replies = [
        (text, _options(message.get("buttons") or ()))
        for message in messages
        if (text := (message.get("text") or "").strip())
    ]
    # In a call it is said by the request that waits for it; the courier has nothing to send.
    said = turn.call is not None
    outbox.reply(turn.session, incoming, turn.conversation, replies, turn.clock.now(), said=said, error=error)


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
