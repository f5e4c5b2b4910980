"""Who is at the page: a signed cookie with an opaque id, and tokens that prove a form came from our own page."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.web.cookies import Cookies

COOKIE = "thuisbel"
LANGUAGES = ("nl", "en")
_FORM_SECONDS = 7 * 24 * 3600
_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")


@dataclass(frozen=True)
class Visitor:
    """A visitor of the page. `id` is their address on the web channel; `language` is chosen by them, or None."""

    id: str
    language: str | None = None

    def choosing(self, language: str) -> Visitor:
        """The same visitor with a language chosen."""
        return replace(self, language=language)


class Visitors:
    """Reads and writes the cookie and the tokens; they hold as long as the installation keeps its key."""

    def __init__(self, key: str, cookies: Cookies) -> None:
        """`cookies` knows where the page is reached from outside, when that differs from what the server sees."""
        self._cookies = cookies
        self._ids = URLSafeSerializer(key, salt="thuisbel.web.visitor")
        self._forms = URLSafeTimedSerializer(key, salt="thuisbel.web.form")
        self._public = urlsplit(cookies.public_url).netloc if cookies.public_url else None

    def of(self, request: Request) -> Visitor | None:
        """The visitor by their cookie; None without a valid one."""
        try:
            fields = self._ids.loads(self._cookies.read(request, COOKIE))
        except BadData:
            return None
        if not isinstance(fields, dict) or not _ID.fullmatch(str(fields.get("id"))):
            return None
        language = fields.get("language")
        return Visitor(str(fields["id"]), language if language in LANGUAGES else None)

    @staticmethod
    def new() -> Visitor:
        """A visitor never seen before."""
        return Visitor(secrets.token_urlsafe(24))

    def remember(self, response: Response, visitor: Visitor, request: Request) -> None:
        """Set the cookie."""
        value = str(self._ids.dumps({"id": visitor.id, "language": visitor.language}))
        self._cookies.write(request, response, COOKIE, value)

    def are_remembered(self, request: Request) -> bool:
        """Whether the visitor's cookie is as it would be written now."""
        return not self._cookies.is_old(request, COOKIE)

    def token(self, visitor: Visitor) -> str:
        """The token for the forms of this visitor's page; valid for a week."""
        return str(self._forms.dumps(visitor.id))

    def came_from_our_page(self, request: Request, visitor: Visitor, token: str) -> bool:
        """Whether a form was sent by our page to this visitor, by its token and by what the browser says."""
        try:
            owner = self._forms.loads(token, max_age=_FORM_SECONDS)
        except BadData:
            return False
        return bool(secrets.compare_digest(str(owner).encode(), visitor.id.encode())) and self._same_site(request)

    def _same_site(self, request: Request) -> bool:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = request.headers.get("origin")
        return origin is None or urlsplit(origin).netloc in (request.headers.get("host"), self._public)
