"""A Twilio of our own in a process of its own: takes what is sent, and tells that it arrived, as the real one does.

It plays a machine elsewhere, so it runs at the lowest priority, and what it used is not counted as ours. Prints its
address, and stops at the end of its input.
"""

from __future__ import annotations

import http.client
import os
import queue
import sys
import threading
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from tests.doors.fake_twilio import TOKEN, FakeTwilio


class TellingTwilio(FakeTwilio):
    """Takes messages and calls back with the news that they were delivered."""

    def __init__(self) -> None:
        """News go out in a thread of their own."""
        super().__init__()
        self._news: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._sign = RequestValidator(TOKEN).compute_signature
        threading.Thread(target=self._tell, daemon=True).start()

    def _take(self, fields: dict[str, str]) -> tuple[int, Any]:
        """Take a message, and remember to tell about it."""
        status, data = super()._take(fields)
        if status == 201:
            self._news.put(self.taken[-1])
        return status, data

    def _tell(self) -> None:
        connection: http.client.HTTPConnection | None = None
        while True:
            message = self._news.get()
            url = message["fields"].get("StatusCallback")
            if url is None:
                continue
            parts = urlsplit(url)
            form = {"MessageSid": message["sid"], "MessageStatus": "delivered", "To": message["to"]}
            headers = {
                "content-type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": self._sign(url, form),
            }
            try:
                connection = connection or http.client.HTTPConnection(parts.netloc, timeout=10)
                connection.request("POST", f"{parts.path}?{parts.query}", urlencode(form), headers)
                connection.getresponse().read()
            except OSError:
                # The server has gone home; a real Twilio would shrug, too.
                connection = None


def main() -> None:
    """Serve until the input ends."""
    os.nice(19)
    with TellingTwilio().running() as fake:
        print(fake.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
