"""The phone line: Twilio asks what happens next in a call, and waits for the answer.

What the caller says or presses goes the way of every message (inbox, job, brain, outbox). The request waits for the
reply, at most three seconds; then the caller hears that we are busy, and Twilio asks again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from actions.phone.call import CONNECT, HANG_UP
from actions.phrases import Phrases
from bot import voice_replies as replies
from bot.voice_replies import Answer
from care.database import Database, DatabaseUnavailable
from channels.twilio_signature import HEADER, TwilioSignature
from channels.twilio_voice import CHANNEL, PATH, Listening, Said, Script, Speech, Step, read_step

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.settings import Settings
    from care.clock import Clock
    from care.models import Outbox

log = logging.getLogger(__name__)

ANSWER_WITHIN_SECONDS = 3.0
_LOOK_EVERY_SECONDS = 0.05
MOST_WAITS = 8
"""So often a caller is asked to wait for one answer: about half a minute."""
TWIML = "text/xml"
_OTHER = {"nl": "en", "en": "nl"}
_Found = TypeVar("_Found")


@dataclass
class VoiceDoor:
    """The phone line, open."""

    database: Database
    clock: Clock
    signature: TwilioSignature
    script: Script
    voice_from: str
    operator: str | None = None
    english_numbers: frozenset[str] = frozenset()
    answer_within: float = ANSWER_WITHIN_SECONDS
    undelivered: Callable[[Session, Outbox], None] | None = None
    """Told of a message for which we called in vain, in the same transaction."""
    channel = CHANNEL

    @classmethod
    def from_settings(cls, settings: Settings, database: Database, clock: Clock) -> VoiceDoor | None:
        """The door, or None where no number for calls is set."""
        twilio, voice = settings.twilio, settings.voice
        if twilio is None or twilio.voice_from is None:
            return None
        speech = Speech({"nl": voice.dutch, "en": voice.english}, voice.rate_percent)
        return cls(
            database,
            clock,
            TwilioSignature(twilio.auth_token, settings.public_url),
            Script(speech, settings.public_url or ""),
            twilio.voice_from,
            voice.operator,
            voice.english_numbers,
        )

    def __post_init__(self) -> None:
        """Load the words."""
        self._phrases = Phrases.load()

    def router(self) -> APIRouter:
        """The door's one path."""
        router = APIRouter()
        router.add_api_route(PATH, self.take, methods=["POST"])
        return router

    async def take(self, request: Request) -> Response:
        """Answer one request of Twilio's: 403 without its signature, 400 for what is no step of a call."""
        form = self.signature.form(str(request.url), await request.body(), request.headers.get(HEADER))
        if form is None:
            return PlainTextResponse("Not signed by Twilio.", status_code=403)
        step = read_step(form, request.query_params)
        if step is None:
            return PlainTextResponse("This is no step of a call.", status_code=400)
        try:
            twiml = await self._next(step)
        except (DatabaseUnavailable, SQLAlchemyError) as error:
            # Twilio would read out an error of its own in a strange voice, and hang up.
            log.error("error %s in a call: %s", secrets.token_hex(4), type(error).__name__)  # noqa: TRY400
            twiml = self._trouble(step, self._offered(step))
        return Response(twiml, media_type=TWIML)

    # The steps of a call ---------------------------------------------------------------------------------------------

    async def _next(self, step: Step) -> str:
        match step.kind:
            case "over":
                if step.about:
                    await self._ask(lambda session: replies.not_heard(session, step, self.clock, self.undelivered))
                return self.script.end()
            case "begin" if step.about:
                return await self._read_out(step)
            case "begin":
                return await self._greet(step)
            case "dialled" if step.outcome == "completed":
                return self.script.end()
        if step.waited:
            incoming_id = await self._ask(lambda session: replies.known_step(session, step))
        else:
            incoming_id = await self._ask(
                lambda session: replies.take_in(
                    session, step, self.clock, offered=self._offered(step), operator=self.operator
                )
            )
        language, _ = await self._language(step)
        if incoming_id is None or step.waited > MOST_WAITS:
            return self._trouble(step, language)
        answer = await self._wait_for(incoming_id)
        return self._say(step, answer) if answer else self._ask_to_wait(step, language)

    async def _wait_for(self, incoming_id: int) -> Answer | None:
        """The answer to a message, when it comes within our time."""
        until = time.monotonic() + self.answer_within
        while True:
            answer = await self._ask(lambda session: replies.answer_to(session, incoming_id, self.clock))
            if answer is not None or time.monotonic() >= until:
                return answer
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def _greet(self, step: Step) -> str:
        """Take the call: who we are, and what can be said or pressed."""
        language, known = await self._language(step)
        said = [self._said("call_greeting", language), self._said("call_greeting_keys", language)]
        if not known:
            other = _OTHER[language]
            said.append(self._said("call_other_language", other))
        listening = Listening(language, self._phrases.text("hints_none", language).split(", "), 1)
        return self.script.ask(said, listening, self.script.url(step=1))

    async def _read_out(self, step: Step) -> str:
        """Somebody answered a call of ours: read the message out. An answering machine gets to hear nothing."""
        if step.machine:
            return self.script.end()

        def look(session: Session) -> tuple[str, list[str], str] | None:
            row = replies.message_called_for(session, step.about or "")
            if row is None or row.status not in ("sent", "delivered"):
                return None
            replies.heard(session, row, self.clock)
            keys = [self._key_told(option, language) for option in row.options]
            ending = "call_out_keys" if row.visit_id and not keys else "call_out_again"
            return row.text, keys, ending

        language, _ = await self._language(step)
        found = await self._ask(look)
        if found is None:
            return self.script.end()
        text, keys, ending = found
        said = [
            self._said("call_out_greeting", language),
            *(Said(line, language) for line in (text, " ".join(keys)) if line),
            self._said(ending, language),
        ]
        listening = Listening(language, self._phrases.text("hints_yes_no", language).split(", "), 1)
        return self.script.ask(said, listening, self.script.url(step=1, about=step.about))

    # What is said ----------------------------------------------------------------------------------------------------

    def _say(self, step: Step, answer: Answer) -> str:
        language = answer.language
        said = [Said(text, language) for text in answer.texts] or [self._said("more", language)]
        next_step = self.script.url(step=step.number + 1, about=step.about)
        if answer.then == HANG_UP:
            return self.script.end(*said)
        if answer.then == CONNECT:
            after = self.script.url(step=step.number + 1, about=step.about, dialled=1)
            return self.script.connect(said, str(answer.listening["connect_to"]), after, self.voice_from)
        listening = Listening(language, answer.listening.get("hints") or (), answer.listening.get("digits", 1))
        return self.script.ask(said, listening, next_step)

    def _ask_to_wait(self, step: Step, language: str) -> str:
        text = self._phrases.text("call_wait", language, min(step.waited, 1))
        again = self.script.url(step=step.number, wait=step.waited + 1, about=step.about)
        return self.script.wait(Said(text, language), again)

    def _trouble(self, step: Step, language: str) -> str:
        """Nothing works: connect to a person where one is set, else ask to call again."""
        if self.operator and step.kind not in ("over", "dialled"):
            after = self.script.url(step=step.number + 1, dialled=1)
            said = [self._said("call_trouble_connect", language)]
            return self.script.connect(said, self.operator, after, self.voice_from)
        return self.script.end(self._said("call_trouble", language))

    def _key_told(self, option: dict[str, str], language: str) -> str:
        plain = {self._phrases.text(f"say_{name}", language) for name in ("yes", "no")}
        label = option["text"].lower() if option["text"] in plain else option["text"]
        return self._phrases.text("key_told", language, key=option["key"], label=label)

    def _said(self, key: str, language: str) -> Said:
        return Said(self._phrases.text(key, language), language)

    # -----------------------------------------------------------------------------------------------------------------

    def _offered(self, step: Step) -> str:
        """The language of the number that was called."""
        return "en" if step.called in self.english_numbers else replies.DEFAULT_LANGUAGE

    async def _language(self, step: Step) -> tuple[str, bool]:
        return await self._ask(lambda session: replies.language_of(session, step, self._offered(step)))

    async def _ask(self, question: Callable[[Session], _Found]) -> _Found:
        """Ask the database in a thread: the event loop serves other calls meanwhile."""

        def within() -> _Found:
            with self.database.begin() as session:
                return question(session)

        return await run_in_threadpool(within)
