"""The gateway: verifies what comes from outside, stores it with its job, and answers at once."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from bot.doors.opening import Doors
from bot.web.cookies import Cookies
from bot.web.limits import BodyLimit, KnockLimit, RateLimit, Refusals, SecurityHeaders
from bot.web.pages import Pages, looks_of, router
from bot.web.visitors import Visitors
from care.clock import Clock
from care.database import Database, DatabaseUnavailable

log = logging.getLogger(__name__)
_STATIC = Path(__file__).parent / "web" / "static"


@dataclass
class Gateway:
    """What the gateway works with; `brain_ready` tells whether messages are being handled."""

    database: Database
    clock: Clock
    key: str
    public_url: str | None
    brain_ready: Callable[[], bool]
    said_limit: RateLimit = field(default_factory=lambda: RateLimit(burst=12, per_minute=30))
    seen_limit: RateLimit = field(default_factory=lambda: RateLimit(burst=60, per_minute=600))
    refusals: Refusals = field(default_factory=Refusals)
    doors: Doors | None = None
    embed_origins: tuple[str, ...] = ()
    """The sites that may show our pages in a frame."""
    cookies: Cookies = field(init=False)
    visitors: Visitors = field(init=False)
    pages: Pages = field(init=False)

    def __post_init__(self) -> None:
        """Prepare what is derived from the key."""
        self.cookies = Cookies(self.public_url, self.embed_origins)
        self.visitors = Visitors(self.key, self.cookies)
        self.pages = Pages()


def create_app(gateway: Gateway) -> FastAPI:
    """The web application. Doors that are not open have no path: 404."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.gateway = gateway
    # The doors first: most requests are theirs, and paths are tried in turn.
    for door in gateway.doors.routers if gateway.doors else ():
        app.include_router(door)
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_api_route("/health", _health, methods=["GET"])
    app.add_api_route("/ready", _ready, methods=["GET"])
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(DatabaseUnavailable, _trouble)
    app.add_exception_handler(SQLAlchemyError, _trouble)
    app.add_middleware(BodyLimit)
    app.add_middleware(KnockLimit, refusals=gateway.refusals)
    app.add_middleware(SecurityHeaders, embed_origins=gateway.embed_origins)
    return app


def _health() -> Response:
    return PlainTextResponse("up")


def _ready(request: Request) -> Response:
    gateway: Gateway = request.app.state.gateway
    states = {"brain": gateway.brain_ready(), "database": _reachable(gateway.database)}
    return JSONResponse(states, status_code=200 if all(states.values()) else 503)


def _reachable(database: Database) -> bool:
    try:
        with database.begin() as session:
            session.execute(sql("SELECT 1"))
    except (DatabaseUnavailable, SQLAlchemyError):
        return False
    return True


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for these
    if error.status_code == 404 and "text/html" in request.headers.get("accept", ""):
        gateway: Gateway = request.app.state.gateway
        return gateway.pages.message(request, looks_of(request), "page_error_not_found", 404)
    return PlainTextResponse(str(error.detail), status_code=error.status_code, headers=error.headers)


def _trouble(request: Request, error: Exception) -> Response:
    error_id = secrets.token_hex(4)
    log.error("error %s at %s: %s", error_id, time.strftime("%H:%M:%S", time.gmtime()), type(error).__name__)
    gateway: Gateway = request.app.state.gateway
    return gateway.pages.message(request, looks_of(request), "page_error_trouble", 503)
