from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from bot.web.cookies import Cookies

SITE = ("https://www.organisation.example",)


def request(scheme: str = "https", cookie: str = "") -> Request:
    return Request(
        {"type": "http", "scheme": scheme, "path": "/", "server": ("testserver", 80), "query_string": b"",
         "headers": [(b"cookie", cookie.encode())]}
    )  # fmt: skip


def written(cookies: Cookies, scheme: str = "https") -> tuple[str, set[str]]:
    """The cookie as it is set: name and value, and its attributes, in small letters."""
    response = Response()
    cookies.write(request(scheme), response, "thuisbel", "value")
    pair, *attributes = response.headers["set-cookie"].split("; ")
    return pair, {attribute.lower() for attribute in attributes}


def test_usually_a_cookie_is_for_our_own_pages_only() -> None:
    pair, attributes = written(Cookies())
    assert pair == "thuisbel=value"
    assert attributes == {"httponly", "max-age=31536000", "path=/", "samesite=lax", "secure"}


def test_without_https_a_cookie_cannot_be_secure() -> None:
    assert "secure" not in written(Cookies(), "http")[1]
    assert "secure" in written(Cookies("https://thuisbel.example"), "http")[1], "a proxy before us speaks https"


def test_in_frames_it_is_sent_too_and_counts_within_that_site() -> None:
    pair, attributes = written(Cookies(None, SITE))
    assert pair == "__Host-thuisbel=value"
    assert attributes == {"httponly", "max-age=31536000", "path=/", "samesite=none", "secure", "partitioned"}


def test_without_https_frames_change_nothing() -> None:
    pair, attributes = written(Cookies("http://thuisbel.example", SITE), "http")
    assert pair == "thuisbel=value"
    assert "samesite=lax" in attributes
    assert not attributes & {"samesite=none", "partitioned"}


def test_two_cookies_of_one_answer_are_both_partitioned() -> None:
    response = Response()
    for name in ("one", "two"):
        Cookies(None, SITE).write(request(), response, name, "value")
    headers = response.headers.getlist("set-cookie")
    assert [header.count("; Partitioned") for header in headers] == [1, 1]


@pytest.mark.parametrize(("origins", "old", "new"), [(SITE, "a", "__Host-a"), ((), "__Host-a", "a")])
def test_who_was_here_before_embedding_was_switched_is_still_known(
    origins: tuple[str, ...], old: str, new: str
) -> None:
    cookies = Cookies(None, origins)
    assert cookies.read(request(cookie=f"{old}=1"), "a") == "1"
    assert cookies.is_old(request(cookie=f"{old}=1"), "a")
    both = request(cookie=f"{old}=1; {new}=2")
    assert cookies.read(both, "a") == "2"
    assert not cookies.is_old(both, "a")
    assert cookies.read(request(), "a") == ""
    assert not cookies.is_old(request(), "a")
