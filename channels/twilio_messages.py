"""Twilio's form of a text message or WhatsApp message that came in, and of the news about one that we sent.

Fields: https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import phonenumbers

from channels.messages import Incoming
from channels.showing import clean

SMS, WHATSAPP = "sms", "whatsapp"
CHANNELS = (SMS, WHATSAPP)
_PREFIX = "whatsapp:"
_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_REFERENCE = re.compile(r"(\d{1,18})\.(\d{1,3})")
_WHAT = {"audio": "voice", "image": "picture", "video": "video", "location": "location"}
_NOT_SAID = frozenset({"reaction", "system", "unsupported", "request_welcome"})
"""Kinds of WhatsApp messages that say nothing: an emoji put to one of ours, news about the account."""


class Refused(ValueError):
    """The form is no message we can take: `reason` says why, without personal data."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


def incoming(form: Mapping[str, str]) -> Incoming | None:
    """The message of a form; None when it says nothing (a reaction). Raises Refused when it is no message.

    What is not text has kind `media` or `location`, and `what` in its payload says what it is; a button pressed has its
    token under `button`; a word that Twilio obeyed itself has it under `opt_out`.
    """
    sid = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""
    if not _SID.fullmatch(sid):
        raise Refused("no id")
    channel = WHATSAPP if form.get("From", "").startswith(_PREFIX) else SMS
    address = e164(form.get("From", ""))
    if address is None:
        raise Refused("no sender with a phone number")
    message_type = form.get("MessageType", "").strip().lower()
    if message_type in _NOT_SAID:
        return None
    text = clean(form.get("Body", ""))
    payload: dict[str, Any] = {}
    if token := form.get("ButtonPayload") or form.get("ListId"):
        payload["button"] = clean(token)[:200]
        text = text or clean(form.get("ButtonText") or form.get("ListTitle") or "")
    if opt_out := clean(form.get("OptOutType", "")).upper():
        payload["opt_out"] = opt_out[:10]
    kind = "text"
    if what := _what(form, message_type):
        kind = "location" if what == "location" else "media"
        payload["what"] = what
        if what == "voice" and form.get("MediaUrl0"):
            payload["media_url"] = clean(form["MediaUrl0"])[:500]
    elif not text:
        # An empty message: nothing to read, but somebody is there and waits.
        kind, payload["what"] = "media", "empty"
    return Incoming(channel=channel, outside_id=sid, address=address, text=text, kind=kind, payload=payload)


def _what(form: Mapping[str, str], message_type: str) -> str | None:
    if form.get("Latitude") and form.get("Longitude"):
        return "location"
    if form.get("NumMedia", "0").strip() not in ("", "0") or form.get("MediaContentType0"):
        kind = form.get("MediaContentType0", "").lower()
        if kind in ("text/vcard", "text/x-vcard", "text/directory"):
            return "contact"
        if message_type == "sticker":
            return "sticker"
        return _WHAT.get(kind.split("/")[0], "file")
    return {"sticker": "sticker", "contacts": "contact", **_WHAT}.get(message_type)


@lru_cache(maxsize=4096)
def e164(address: str) -> str | None:
    """The phone number of Twilio's address in E.164; None for what is no phone (a short code, a name, a user id)."""
    number = address.removeprefix(_PREFIX).strip()
    if not number.startswith("+"):
        return None
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    written: str = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return written


@dataclass(frozen=True)
class Status:
    """News of a message we sent. `status` is `sent`, `delivered` or `failed`; `error` is Twilio's code.

    `message` and `part` are ours, when the address that Twilio called named them.
    """

    outside_id: str
    status: str
    error: str | None
    message: int | None
    part: int | None


_STATUSES = {"sent": "sent", "delivered": "delivered", "read": "delivered", "failed": "failed", "undelivered": "failed"}


def status(form: Mapping[str, str], reference: str | None) -> Status | None:
    """The news of a form; None when it tells nothing new (a message that waits its turn). Raises Refused.

    `reference` is what the query of the address says (see `reference_of`).
    """
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    if not _SID.fullmatch(sid):
        raise Refused("no id")
    told = _STATUSES.get((form.get("MessageStatus") or form.get("SmsStatus") or "").strip().lower())
    if told is None:
        return None
    error = form.get("ErrorCode", "").strip()
    ours = _REFERENCE.fullmatch(reference or "")
    return Status(
        outside_id=sid,
        status=told,
        error=error if error.isdecimal() and len(error) < 10 else None,
        message=int(ours[1]) if ours else None,
        part=int(ours[2]) if ours else None,
    )


def reference_of(message: int, part: int) -> str:
    """How the address for news names a message of ours, so that news may come before Twilio's own answer does."""
    return f"{message}.{part}"
