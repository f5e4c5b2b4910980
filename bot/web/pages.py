"""The pages of the web chat and what their forms and script call."""

from __future__ import annotations

import asyncio
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from actions.phrases import Phrases
from bot.jobs import accept
from bot.web.history import Talk, awaits_answer, talk_of
from bot.web.looks import CHOICES, LOOKS_COOKIE, Looks
from bot.web.visitors import LANGUAGES, Visitor, Visitors
from channels import web

if TYPE_CHECKING:
    from bot.gateway import Gateway
    from channels import Incoming

router = APIRouter()
CHOOSING = "choosing"
"""In the address when the choices of the looks are to stay open."""
_TEMPLATES = Path(__file__).parent / "templates"
# Most answers are there well within this time; who asked again meanwhile would only have cost more.
_ANSWER_WITHIN_SECONDS = 4.0
# A turn takes some hundredths of a second, but may wait behind others.
_LOOK_AFTER_SECONDS = 0.02
_LOOK_EVERY_SECONDS = 0.25


class Pages:
    """Draws the pages, in the words of `bot/domain/`."""

    def __init__(self) -> None:
        """Load the templates and the words."""
        phrases = Phrases.load()
        self._words = {
            language: {
                key.removeprefix("page_"): phrases.text(key, language)
                for key in sorted(phrases.names())
                if key.startswith("page_")
            }
            for language in LANGUAGES
        }
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def chat(self, language: str, looks: Looks, **values: Any) -> Response:
        """The page with the conversation."""
        return self._draw("chat.html", language, looks, 200, **values)

    def message(self, request: Request, looks: Looks, key: str, status: int) -> Response:
        """A page that says one thing."""
        language = _browser_language(request)
        text = self._words[language][key.removeprefix("page_")]
        return self._draw("message.html", language, looks, status, text=text)

    def _draw(self, name: str, language: str, looks: Looks, status: int, **values: Any) -> Response:
        page = self._templates.get_template(name).render(
            language=language, words=self._words[language], languages=LANGUAGES, looks=looks, choices=CHOICES, **values
        )
        return HTMLResponse(page, status_code=status)


@router.get("/")
def show(request: Request) -> Response:
    """The conversation, drawn by the server."""
    gateway = _gateway(request)
    visitor = gateway.visitors.of(request)
    new = visitor is None
    visitor = visitor or Visitors.new()
    talk = Talk((), awaiting=False, language=None) if new else _talk(gateway, visitor)
    language = visitor.language or talk.language or _browser_language(request)
    response = gateway.pages.chat(
        language,
        looks_of(request),
        said=[said.to_json() for said in talk.said],
        awaiting=talk.awaiting,
        token=gateway.visitors.token(visitor),
        message_id=secrets.token_urlsafe(12),
        choosing=CHOOSING in request.query_params,
    )
    if new or not gateway.visitors.are_remembered(request):
        gateway.visitors.remember(response, visitor, request)
    return response


@router.post("/say")
async def say(
    request: Request,
    token: str = Form(""),
    message_id: str = Form(""),
    text: str = Form(""),
    choice: str = Form(""),
) -> Response:
    """Take a message in; the page's script gets 202, a form is sent back to the page when the answer is there."""
    gateway = _gateway(request)
    visitor = gateway.visitors.of(request)
    if visitor is None or not gateway.visitors.came_from_our_page(request, visitor, token):
        return _no(request, gateway, "page_error_expired", 403)
    if not gateway.said_limit.allows(_address(request)):
        return _no(request, gateway, "page_error_too_many", 429)
    language = visitor.language or _browser_language(request)
    try:
        incoming = web.incoming(
            visitor=visitor.id,
            message_id=message_id,
            text=choice or text,
            language=language,
            chosen=visitor.language,
        )
    except web.Refused as refused:
        key = "page_error_expired" if refused.reason == "bad_id" else f"page_error_{refused.reason}"
        return _no(request, gateway, key, 422)
    await run_in_threadpool(_take_in, gateway, incoming)
    if _from_script(request):
        return JSONResponse({}, status_code=202)
    await _answered(gateway, visitor)
    return RedirectResponse("/#end", status_code=303)


@router.get("/messages")
async def messages(request: Request, wait: bool = False) -> Response:
    """The conversation for the page's script; with `wait` when the answer is there, or after a few seconds."""
    gateway = _gateway(request)
    visitor = gateway.visitors.of(request)
    if visitor is None:
        return JSONResponse({"error": "no visitor"}, status_code=403)
    if not gateway.seen_limit.allows(_address(request)):
        return JSONResponse({"error": "too many"}, status_code=429)
    if wait:
        await _answered(gateway, visitor)
    talk = await run_in_threadpool(_talk, gateway, visitor)
    return JSONResponse({"messages": [said.to_json() for said in talk.said], "awaiting": talk.awaiting})


@router.post("/language")
def choose_language(request: Request, token: str = Form(""), language: str = Form("")) -> Response:
    """Change the language of the page and of what is said from now on."""
    gateway = _gateway(request)
    visitor = gateway.visitors.of(request)
    if visitor is None or not gateway.visitors.came_from_our_page(request, visitor, token):
        return _no(request, gateway, "page_error_expired", 403)
    response = RedirectResponse("/", status_code=303)
    if language in LANGUAGES:
        gateway.visitors.remember(response, visitor.choosing(language), request)
    return response


@router.post("/looks")
def choose_looks(
    request: Request, token: str = Form(""), size: str = Form(""), contrast: str = Form(""), aloud: str = Form("")
) -> Response:
    """Change how the page looks and sounds in this browser; the page's script gets 204."""
    gateway = _gateway(request)
    visitor = gateway.visitors.of(request)
    if visitor is None or not gateway.visitors.came_from_our_page(request, visitor, token):
        return _no(request, gateway, "page_error_expired", 403)
    chosen = looks_of(request).choosing(size=size, contrast=contrast, aloud=aloud)
    response = Response(status_code=204) if _from_script(request) else RedirectResponse(f"/?{CHOOSING}#looks", 303)
    gateway.cookies.write(request, response, LOOKS_COOKIE, chosen.to_cookie())
    return response


def _no(request: Request, gateway: Gateway, key: str, status: int) -> Response:
    if _from_script(request):
        return JSONResponse({"error": key}, status_code=status)
    return gateway.pages.message(request, looks_of(request), key, status)


def _talk(gateway: Gateway, visitor: Visitor) -> Talk:
    with gateway.database.begin() as session:
        return talk_of(session, visitor.id, gateway.clock.now())


def _take_in(gateway: Gateway, incoming: Incoming) -> None:
    with gateway.database.begin() as session:
        accept(session, incoming, gateway.clock)


async def _answered(gateway: Gateway, visitor: Visitor) -> None:
    """Wait until the visitor's messages have been answered; not for long, and without holding a thread."""
    until = time.monotonic() + _ANSWER_WITHIN_SECONDS
    pause = _LOOK_AFTER_SECONDS
    while gateway.brain_ready() and time.monotonic() < until and await run_in_threadpool(_awaits, gateway, visitor):
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LOOK_EVERY_SECONDS)


def _awaits(gateway: Gateway, visitor: Visitor) -> bool:
    with gateway.database.begin() as session:
        return awaits_answer(session, visitor.id)


def looks_of(request: Request) -> Looks:
    """How this browser is to show the page."""
    return Looks.from_cookie(_gateway(request).cookies.read(request, LOOKS_COOKIE))


def _gateway(request: Request) -> Gateway:
    gateway: Gateway = request.app.state.gateway
    return gateway


def _from_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _browser_language(request: Request) -> str:
    wanted = request.headers.get("accept-language", "").lower()
    ranked = [part.strip()[:2] for part in wanted.split(",")]
    return next((language for language in ranked if language in LANGUAGES), LANGUAGES[0])
