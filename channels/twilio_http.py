"""HTTP to Twilio's API for its own client library: on connections that are kept, with time-outs, never repeated.

Twilio's library comes with a client on `requests`, which takes as long for a message as all its statements in the
database. This one is on urllib3, on which `requests` is built, and looks for proxies and certificates where that does.
"""

from __future__ import annotations

import logging
import os
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3.exceptions import HTTPError

_API = "https://api.twilio.com"
_CONNECTIONS = 16


class NoAnswer(TwilioException):
    """Twilio could not be reached, or did not answer in time. The text is the kind of error only."""


class TwilioHttp(HttpClient):
    """Twilio's client calls it for every request."""

    def __init__(self, api_url: str | None, connect_seconds: float, answer_seconds: float) -> None:
        """`api_url` is another base address than Twilio's own, for tests."""
        super().__init__(logging.getLogger(__name__), False, answer_seconds)
        self._base = urlsplit(api_url) if api_url else None
        self._timeout = urllib3.Timeout(connect=connect_seconds, read=answer_seconds)
        options: dict[str, Any] = {
            "maxsize": _CONNECTIONS,
            "timeout": self._timeout,
            "retries": False,
            "ca_certs": os.environ.get("REQUESTS_CA_BUNDLE")
            or os.environ.get("CURL_CA_BUNDLE")
            or DEFAULT_CA_BUNDLE_PATH,
        }
        proxies = get_environ_proxies(api_url or _API)
        proxy = proxies.get(urlsplit(api_url or _API).scheme) or proxies.get("all")
        self._pool = urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Ask, and give the answer whatever its status. Raises NoAnswer."""
        sent = dict(headers or {})
        if auth is not None:
            sent.update(urllib3.make_headers(basic_auth=":".join(auth)))
        try:
            answer = self._pool.request(
                method.upper(),
                self._address(url, params),
                body=urlencode(data, doseq=True) if data else None,
                headers=sent,
                timeout=self._timeout if timeout is None else timeout,
                redirect=allow_redirects,
            )
        except HTTPError as error:
            raise NoAnswer(type(error).__name__) from None
        return Response(answer.status, answer.data.decode("utf-8", "replace"), answer.headers)

    def _address(self, url: str, params: dict[str, object] | None) -> str:
        parts = urlsplit(url)
        query = "&".join(part for part in (parts.query, urlencode(params or {}, doseq=True)) if part)
        scheme, host, path = parts.scheme, parts.netloc, parts.path
        if self._base is not None:
            scheme, host, path = self._base.scheme, self._base.netloc, self._base.path.rstrip("/") + path
        return urlunsplit((scheme, host, path, query, ""))
