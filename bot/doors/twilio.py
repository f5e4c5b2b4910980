"""The web side of Twilio's text doors: messages in, and news of those we sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from channels import twilio_messages
from channels.twilio_signature import HEADER, Form, TwilioSignature

if TYPE_CHECKING:
    from bot.doors.reception import Reception
    from bot.doors.undelivered import Undelivered
    from care.database import Database

log = logging.getLogger(__name__)

MESSAGES_PATH, STATUS_PATH = "/channels/twilio/messages", "/channels/twilio/status"
_NOTHING_TO_SAY = Response("<Response/>", media_type="text/xml")


@dataclass(frozen=True)
class TwilioDoors:
    """What Twilio calls. `channels` are those that are open here; `wake` tells the courier that what a person is to get
    next may be sent now.
    """

    signature: TwilioSignature
    reception: Reception
    undelivered: Undelivered
    database: Database
    channels: Collection[str]
    wake: Callable[[], object] = lambda: None

    def router(self) -> APIRouter:
        """The paths."""
        router = APIRouter()
        router.add_api_route(MESSAGES_PATH, self.messages, methods=["POST"])
        router.add_api_route(STATUS_PATH, self.status, methods=["POST"])
        return router

    async def messages(self, request: Request) -> Response:
        """Take a message in. Twilio waits 15 seconds at most and calls once: it is stored, and that is all."""
        form = await self._form(request)
        if form is None:
            return _not_twilio()
        try:
            incoming = twilio_messages.incoming(form)
        except twilio_messages.Refused as refused:
            # Signed, so it is Twilio's: calling again would not make it better.
            log.warning("a form of Twilio's was no message: %s", refused.reason)
            return _NOTHING_TO_SAY
        if incoming is None:
            return _NOTHING_TO_SAY
        if incoming.channel not in self.channels:
            return PlainTextResponse("This door is closed.", status_code=404)
        await self.reception.receive(incoming)
        return _NOTHING_TO_SAY

    async def status(self, request: Request) -> Response:
        """Take news of a message we sent."""
        form = await self._form(request)
        if form is None:
            return _not_twilio()
        try:
            news = twilio_messages.status(form, request.query_params.get("of"))
        except twilio_messages.Refused as refused:
            log.warning("a form of Twilio's was no news: %s", refused.reason)
            return Response(status_code=204)
        if news is not None:
            await run_in_threadpool(self._report, news)
        return Response(status_code=204)

    def _report(self, news: twilio_messages.Status) -> None:
        with self.database.begin() as session:
            ours = self.undelivered.report(session, news, self.channels)
        if not ours:
            log.info("news of a message that is none of ours")
        elif news.status != "sent":
            self.wake()

    async def _form(self, request: Request) -> Form | None:
        return self.signature.form(str(request.url), await request.body(), request.headers.get(HEADER))


def _not_twilio() -> Response:
    return PlainTextResponse("The signature is missing or wrong.", status_code=403)
