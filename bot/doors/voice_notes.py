"""Voice messages are written out before the brain reads them, where a transcriber is set up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from actions.phrases import Phrases
from bot.doors.replies import DEFAULT_LANGUAGE, talk_with
from bot.errors import UserError
from care import inbox, outbox
from care.models import Contact, Inbox
from channels.showing import clean
from channels.voice_notes import NoSound, SoundOf, Transcriber

if TYPE_CHECKING:
    from care.clock import Clock
    from care.database import Database

log = logging.getLogger(__name__)


def load_transcriber(name: str) -> Transcriber:
    """The transcriber of a setting such as `my_package.whisper:make`: what that function gives.

    Raises UserError when there is no such function.
    """
    module, _, function = name.partition(":")
    try:
        made: Transcriber = getattr(import_module(module), function)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise UserError(f"THUISBEL_TRANSCRIBER: {name} cannot be loaded ({type(error).__name__}).") from error
    return made


class VoiceNotes:
    """Stands before the brain: gives it the words of a voice message, and every other message as it is."""

    def __init__(
        self, database: Database, clock: Clock, transcriber: Transcriber, sounds: Mapping[str, SoundOf]
    ) -> None:
        """`sounds` fetch the sound of a message, by channel."""
        self._database = database
        self._clock = clock
        self._transcriber = transcriber
        self._sounds = sounds
        self._phrases = Phrases.load()

    def before(self, handle: Callable[[int], object]) -> Callable[[int], object]:
        """The handling of a message, with its voice written out first.

        A second run finds the words, or the reply, of the first.
        """

        def listen_and_handle(incoming_id: int) -> object:
            self._listen(incoming_id)
            return handle(incoming_id)

        return listen_and_handle

    def _listen(self, incoming_id: int) -> None:
        with self._database.begin() as session:
            row = session.get(Inbox, incoming_id)
            if row is None or row.handled is not None or row.kind != "media" or row.payload.get("what") != "voice":
                return
            contact = session.get(Contact, row.contact_id)
            language = talk_with(session, contact, row.channel)[0] or contact.language or DEFAULT_LANGUAGE
        # Outside the transaction: this may take half a minute.
        words = self._words(row, language)
        with self._database.begin() as session:
            claimed = inbox.claim(session, incoming_id)
            if claimed is None:
                return
            if words:
                claimed.text, claimed.kind = words, "text"
                return
            outbox.put(
                session,
                contact=session.get(Contact, claimed.contact_id),
                channel=claimed.channel,
                address=claimed.address,
                text=self._phrases.text("door_voice_unclear", language),
                now=self._clock.now(),
                key=f"door:{claimed.id}",
                in_reply_to=claimed.id,
            )
            inbox.mark_handled(session, claimed, self._clock.now())

    def _words(self, row: Inbox, language: str) -> str:
        sound_of = self._sounds.get(row.channel)
        if sound_of is None:
            return ""
        try:
            return clean(self._transcriber.write_out(sound_of(row.payload), language) or "")
        except NoSound as error:
            log.warning("the sound of incoming %s could not be fetched: %s", row.id, error)
        except Exception as error:
            # The transcriber is not ours: whatever it stumbles over, the person is asked to type.
            log.error("incoming %s could not be written out: %s", row.id, type(error).__name__)  # noqa: TRY400
        return ""
