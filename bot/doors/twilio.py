"""The web side of Twilio's text doors: messages in, and news of those we sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from bot.doors.together import Together
from channels import twilio_messages
from channels.twilio_signature import HEADER, Form, TwilioSignature

if TYPE_CHECKING:
    from bot.doors.reception import Reception
    from bot.doors.undelivered import Undelivered
    from care.database import Database

log = logging.getLogger(__name__)

MESSAGES_PATH, STATUS_PATH = "/channels/twilio/messages", "/channels/twilio/status"
_NOTHING_TO_SAY = Response("<Response/>", media_type="text/xml")


@dataclass
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
    _news: Together[twilio_messages.Status] = field(init=False)

    def __post_init__(self) -> None:
        """News are stored by a thread of their own."""
        self._news = Together("news", self._report)

    def close(self) -> None:
        """Store what came in, and stop."""
        self._news.close()

    def router(self) -> APIRouter:
        """The paths."""
        router = APIRouter()
        # As Starlette's routes: FastAPI's look for parameters to fill in, which costs as much again as the rest.
        router.add_route(MESSAGES_PATH, self.messages, methods=["POST"])
        router.add_route(STATUS_PATH, self.status, methods=["POST"])
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
            await self._news.do(news)
        return Response(status_code=204)

    def _report(self, news: Sequence[twilio_messages.Status]) -> None:
        strange = self.undelivered.report_all(self.database, news, self.channels)
        if strange:
            log.info("news of %s messages that are none of ours", strange)
        if strange < len(news) and any(one.status != "sent" for one in news):
            self.wake()

    async def _form(self, request: Request) -> Form | None:
        return self.signature.form(str(request.url), await request.body(), request.headers.get(HEADER))


def _not_twilio() -> Response:
    return PlainTextResponse("The signature is missing or wrong.", status_code=403)
