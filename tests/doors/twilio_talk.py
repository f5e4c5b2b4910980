"""What the tests of Twilio's doors say, and what Twilio does in them."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import text as sql

from bot.brain import Brain
from tests.doors.conftest import Installation
from tests.doors.fake_twilio import FakeTwilio
from tests.doors.payloads import from_twilio, named


def form(phone: str, text: str, sid: str = "", channel: str = "sms", **more: str) -> dict[str, str]:
    """The form of a text message, with the fields that a real one has."""
    row = named("twilio_messages", "sms" if channel == "sms" else "whatsapp text")
    prefix = "whatsapp:" if channel == "whatsapp" else ""
    sid = sid or f"SM{time.monotonic_ns():032d}"
    return {**row["form"], "MessageSid": sid, "From": prefix + phone, "Body": text, **more}


def handle_all(installation: Installation, brain: Brain) -> None:
    """Let the brain do what waits."""
    with installation.database.begin() as session:
        ids = session.scalars(sql("SELECT id FROM inbox WHERE handled IS NULL ORDER BY id")).all()
    for message_id in ids:
        brain.handle(message_id)


def variables(message: dict[str, Any]) -> dict[str, str]:
    values: dict[str, str] = json.loads(message["fields"]["ContentVariables"])
    return values


def open_question(installation: Installation, phone: str) -> None:
    """The small model's action asks without noting it; the talk's memory says that a question is open."""
    with installation.database.begin() as session:
        session.execute(
            sql(
                "UPDATE conversations SET state = jsonb_build_object('awaiting', jsonb_build_object('topic', 'x'))"
                " WHERE contact_id = (SELECT id FROM contacts WHERE phone = :phone)"
            ),
            {"phone": phone},
        )


def news(installation: Installation, message: dict[str, Any], status: str, **more: str) -> Any:
    """Twilio tells what became of a message, at the address we gave it."""
    parts = urlsplit(message["fields"]["StatusCallback"])
    assert parse_qs(parts.query)
    fields = {"MessageSid": message["sid"], "MessageStatus": status, "To": message["to"], **more}
    return from_twilio(installation.client, fields, f"{parts.path}?{parts.query}")


def deliver(installation: Installation, twilio: FakeTwilio, phone: str) -> None:
    """Let the courier work and Twilio tell that all arrived, as long as it takes."""
    for _ in range(12):
        known = len(twilio.taken)
        installation.courier.send_due()
        for message in twilio.taken[known:]:
            news(installation, message, "delivered")
        installation.move(minutes=2)
    assert all(status != "due" for _, status, _ in installation.sent(phone))


def hurry(installation: Installation) -> None:
    """Give up on an answer sooner."""
    sender: Any = installation.doors.senders["sms"]
    sender._twilio.http_client.timeout = (2, 0.3)
