"""The calendar of a person, for their calendar program."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from bot.web.limits import RateLimit
from care import feeds
from care.calendar import to_ics
from care.visits import visits_of

if TYPE_CHECKING:
    from care.clock import Clock
    from care.database import Database

PATH = "/calendar/{token}.ics"
_DAYS_BACK, _DAYS_AHEAD = 28, 98
"""Four weeks back, for who looks something up; ahead as far as visits are kept (twelve weeks), and some more."""


@dataclass(frozen=True)
class CalendarDoor:
    """Where calendar programs come. The token is all they have: who guesses gets nothing, and not for long."""

    database: Database
    clock: Clock
    limit: RateLimit = field(default_factory=lambda: RateLimit(burst=60, per_minute=60))

    def router(self) -> APIRouter:
        """The path."""
        router = APIRouter()
        router.add_api_route(PATH, self.feed, methods=["GET", "HEAD"])
        return router

    def feed(self, request: Request, token: str) -> Response:
        """The visits of the feed's owner as iCalendar; 404 without a token that is known and not revoked."""
        if not self.limit.allows(request.client.host if request.client else "unknown"):
            return PlainTextResponse("Too many questions.", status_code=429, headers={"retry-after": "60"})
        now = self.clock.now()
        with self.database.begin() as session:
            contact = feeds.owner(session, token)
            if contact is None:
                return PlainTextResponse("There is no such calendar.", status_code=404)
            start = now.date() - timedelta(days=_DAYS_BACK)
            visits = visits_of(session, contact, start, _DAYS_BACK + _DAYS_AHEAD, now)
            language = contact.language or "nl"
        body = to_ics(visits, now=now, name="Thuisbel", language=language)
        headers = {
            "cache-control": "private, no-cache",
            "content-disposition": 'inline; filename="thuisbel.ics"',
            "x-robots-tag": "noindex",
        }
        return Response(body, media_type="text/calendar", headers=headers)
