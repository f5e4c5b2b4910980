"""Telegram's Bot API, as far as we use it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.doors.fake_http import FakeServer

TOKEN, SECRET = "123456:token-of-the-tests", "secret-of-the-tests"


class FakeTelegram(FakeServer):
    """Takes messages of the bot; `blocked` are the chats that shut it out, `updates` what it is told when it asks."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.blocked: set[str] = set()
        self.unknown: set[str] = set()
        self.updates: list[dict[str, Any]] = []
        self.files: dict[str, Any] = {}
        self.webhook = ""
        self.wait_seconds = 7

    def takes_part(self, path: str) -> bool:
        return path.endswith("/sendMessage")

    def fault_answer(self, status: int) -> Any:
        wait = {"parameters": {"retry_after": self.wait_seconds}} if status == 429 else {}
        return {"ok": False, "error_code": status, "description": "Too Many Requests: retry later", **wait}

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(unquote(path))
        if parts.path.startswith(f"/file/bot{TOKEN}/"):
            return 200, self.files[parts.path.rsplit("/", 1)[1]]
        _, token, name = parts.path.split("/", 2)
        if token != f"bot{TOKEN}":
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        fields = {key: values[0] for key, values in parse_qs(body.decode(), keep_blank_values=True).items()}
        with self.lock:
            self.calls.append((name, fields))
            return self._do(name, fields)

    def _do(self, name: str, fields: dict[str, Any]) -> tuple[int, Any]:
        if name == "sendMessage":
            return self._send(fields)
        if name == "getUpdates":
            offset = int(fields.get("offset", 0))
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            return 200, {"ok": True, "result": self.updates[:100]}
        if name == "getFile":
            known = {"file_id": fields["file_id"], "file_unique_id": "x", "file_path": f"voice/{fields['file_id']}"}
            return 200, _yes({**known, "file_size": 100})
        if name == "getMe":
            return 200, _yes({"id": 123456, "is_bot": True, "first_name": "Thuisbel", "username": "thuisbel_bot"})
        if name == "getWebhookInfo":
            return 200, _yes({"url": self.webhook, "has_custom_certificate": False, "pending_update_count": 0})
        if name in ("setWebhook", "deleteWebhook"):
            self.webhook = fields.get("url", "")
            return 200, _yes(True)
        if name in ("answerCallbackQuery", "leaveChat"):
            return 200, _yes(True)
        return 404, {"ok": False, "error_code": 404, "description": "Not Found"}

    def _send(self, fields: dict[str, Any]) -> tuple[int, Any]:
        chat = fields["chat_id"]
        if chat in self.blocked:
            return 403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
        if chat in self.unknown:
            return 400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
        if not 0 < len(fields["text"].encode("utf-16-le")) // 2 <= 4096:
            return 400, {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"}
        for row in json.loads(fields.get("reply_markup", '{"inline_keyboard": []}'))["inline_keyboard"]:
            for button in row:
                if not 1 <= len(button["callback_data"].encode()) <= 64:
                    self.wrong.append("callback data of the wrong length")
        self.sent.append(fields)
        message = {
            "message_id": len(self.sent),
            "date": 1_795_000_000,
            "chat": {"id": int(chat), "type": "private"},
            "text": fields["text"],
        }
        return 200, _yes(message)

    def texts(self, chat: str) -> list[str]:
        """What was sent to a chat, in order."""
        return [message["text"] for message in self.sent if message["chat_id"] == chat]


def _yes(result: Any) -> dict[str, Any]:
    return {"ok": True, "result": result}
