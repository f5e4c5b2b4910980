"""Twilio's REST API of messages, as far as we use it: it checks what a real one would refuse or bill."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.doors.fake_http import FakeServer

SID, TOKEN = "ACtest0123456789", "token-of-the-tests"
SMS_FROM, WHATSAPP_FROM = "+31201234567", "+31207654321"


class FakeTwilio(FakeServer):
    """Takes messages; `windows` are the WhatsApp addresses that may get free text, `contents` the templates."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[dict[str, Any]] = []
        self.windows: set[str] = set()
        self.contents: dict[str, int] = {}
        self.media: dict[str, Any] = {}
        self.refuse: dict[str, int] = {}
        self.status_prefix: str | None = None

    def takes_part(self, path: str) -> bool:
        return path.endswith("/Messages.json")

    def fault_answer(self, status: int) -> Any:
        return {"code": 20429 if status == 429 else 20500, "message": "no", "status": status}

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        given = headers.get("authorization", "").removeprefix("Basic ")
        if given != base64.b64encode(f"{SID}:{TOKEN}".encode()).decode():
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        parts = urlsplit(path)
        if method == "GET" and parts.path == f"/2010-04-01/Accounts/{SID}.json":
            return 200, {"sid": SID, "status": "active", "friendly_name": "test"}
        if method == "GET" and parts.path.startswith("/media/"):
            return 200, self.media[parts.path.removeprefix("/media/")]
        if parts.path != f"/2010-04-01/Accounts/{SID}/Messages.json":
            return 404, {"code": 20404, "message": "not found", "status": 404}
        if method == "GET":
            return 200, self._listed(parse_qs(parts.query))
        fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
        with self.lock:
            return self._take(fields)

    def _take(self, fields: dict[str, str]) -> tuple[int, Any]:
        if code := self.refuse.get(fields["To"]) or self._check(fields):
            return 400, {"code": code, "message": "refused", "status": 400}
        message = {
            "sid": f"SM{len(self.taken):032d}",
            "to": fields["To"],
            "from": fields["From"],
            "body": fields.get("Body") or self._shown(fields),
            "status": "queued",
            "fields": fields,
        }
        self.taken.append(message)
        return 201, {name: value for name, value in message.items() if name != "fields"}

    @staticmethod
    def _shown(fields: dict[str, str]) -> str:
        """The text of a template with its values: all of them, or only the first where the others are buttons."""
        values = json.loads(fields["ContentVariables"])
        return str(values["1"]) if fields["ContentSid"][2:].isdecimal() else " / ".join(values.values())

    def _check(self, fields: dict[str, str]) -> int | None:
        whatsapp = fields["To"].startswith("whatsapp:")
        number = fields["To"].removeprefix("whatsapp:")
        if not re.fullmatch(r"\+[1-9]\d{7,14}", number):
            return 21211
        if fields["From"] != (f"whatsapp:{WHATSAPP_FROM}" if whatsapp else SMS_FROM):
            self.wrong.append(f"sent from {fields['From']}")
        if self.status_prefix is not None and not fields.get("StatusCallback", "").startswith(self.status_prefix):
            self.wrong.append("no address for news")
        if sid := fields.get("ContentSid"):
            values = json.loads(fields["ContentVariables"])
            if sid not in self.contents or set(values) != {str(n) for n in range(1, self.contents[sid] + 1)}:
                return 21656
            if not sid[2:].isdecimal() and any(not value or "\n" in value for value in values.values()):
                return 63013
            return None
        if not fields.get("Body"):
            return 21602
        if len(fields["Body"]) > 1600:
            return 21617
        if whatsapp and number not in self.windows:
            return 63016
        return None

    def _listed(self, query: dict[str, list[str]]) -> Any:
        found = [
            {name: value for name, value in message.items() if name != "fields"}
            for message in reversed(self.taken)
            if message["to"] == query["To"][0] and message["from"] == query["From"][0]
        ]
        return {"messages": found[: int(query["PageSize"][0])], "next_page_uri": None, "page": 0}

    def bodies(self, number: str) -> list[str]:
        """What was sent to somebody, in order."""
        return [message["body"] for message in self.taken if message["to"].removeprefix("whatsapp:") == number]
