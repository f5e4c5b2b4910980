"""The recorded shapes of what comes in, and how they are sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tests.doors import fake_telegram, fake_twilio

FOLDER = Path(__file__).resolve().parent.parent / "data" / "doors"
PUBLIC = "https://thuisbel.example"
MESSAGES, STATUS, TELEGRAM = "/channels/twilio/messages", "/channels/twilio/status", "/channels/telegram"
FORM = "application/x-www-form-urlencoded"


def recorded(name: str) -> list[dict[str, Any]]:
    """The rows of a file: `name`, the `form` or `update`, and what is to be read in it (`expect`)."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def named(name: str, row: str) -> dict[str, Any]:
    """One row of a file."""
    [found] = [recorded_row for recorded_row in recorded(name) if recorded_row["name"] == row]
    return found


def signature(path: str, fields: dict[str, str]) -> str:
    return str(RequestValidator(fake_twilio.TOKEN).compute_signature(PUBLIC + path, fields))


def from_twilio(client: Any, fields: dict[str, str], path: str = MESSAGES) -> Any:
    """Call us as Twilio does."""
    headers = {"X-Twilio-Signature": signature(path, fields), "content-type": FORM}
    return client.post(path, content=urlencode(fields), headers=headers)


def from_telegram(client: Any, update: Any) -> Any:
    """Call us as Telegram does."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": fake_telegram.SECRET}
    return client.post(TELEGRAM, json=update, headers=headers)
