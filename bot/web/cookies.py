"""Our cookies: out of reach of scripts, and of other sites unless organisations may show our page in theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Cookies:
    """How cookies are written and read. `public_url` is where the page is reached from outside; `embed_origins` are the
    sites that may show it in a frame.
    """

    public_url: str | None = None
    embed_origins: Sequence[str] = field(default=())

    def read(self, request: Request, name: str) -> str:
        """The value of a cookie; empty without one."""
        ours, other = self._names(request, name)
        return request.cookies.get(ours) or request.cookies.get(other) or ""

    def is_old(self, request: Request, name: str) -> bool:
        """Whether the cookie was written before embedding was switched on or off, and should be written again."""
        ours, other = self._names(request, name)
        return not request.cookies.get(ours) and bool(request.cookies.get(other))

    def write(self, request: Request, response: Response, name: str, value: str) -> None:
        """Set a cookie for a year."""
        in_frames = self._in_frames(request)
        response.set_cookie(
            self._names(request, name)[0],
            value,
            max_age=_YEAR,
            httponly=True,
            samesite="none" if in_frames else "lax",
            secure=self._secure(request),
        )
        if in_frames:
            # A browser that keeps other sites' cookies out of frames takes one that counts within that site only.
            # (Starlette writes this word itself only on Pythons whose own library knows it.)
            header, text = response.raw_headers[-1]
            response.raw_headers[-1] = (header, text + b"; Partitioned")

    def _names(self, request: Request, name: str) -> tuple[str, str]:
        """The name that counts now, and the one that counts when embedding is switched the other way.

        The prefix makes browsers insist on what a cookie in frames needs: Secure, and no domain but ours.
        """
        names = (f"__Host-{name}", name)
        return names if self._in_frames(request) else names[::-1]

    def _in_frames(self, request: Request) -> bool:
        # Browsers take such a cookie over https only.
        return bool(self.embed_origins) and self._secure(request)

    def _secure(self, request: Request) -> bool:
        return request.url.scheme == "https" or bool(self.public_url and self.public_url.startswith("https:"))
