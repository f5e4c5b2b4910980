"""Telegram's updates: what somebody wrote, pressed, sent, or did to us (https://core.telegram.org/bots/api#update).

Read by hand rather than with python-telegram-bot's types: those stumble over what is missing or of another type, and
an update we stumble over is sent again for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.messages import Incoming
from channels.showing import clean

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
_LANGUAGES = ("nl", "en")
_COMMAND = re.compile(r"/(\w+)(?:@\w+)?")
_LARGEST = 1 << 62
_WHAT = {
    "voice": "voice",
    "audio": "voice",
    "video_note": "video",
    "video": "video",
    "animation": "video",
    "photo": "picture",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    "document": "file",
    "story": "file",
    "paid_media": "file",
    "poll": "file",
    "dice": "sticker",
}


class Refused(ValueError):
    """This is no update of Telegram's."""


@dataclass(frozen=True)
class Update:
    """What an update asks of us; any of it may be missing.

    `incoming` is a message to take in. `press` is the id of a press on a button that waits for an answer. `blocked`
    says that the person at `address` shut us out (True) or let us in again (False). `leave` is a group to leave.
    """

    id: int
    incoming: Incoming | None = None
    press: str | None = None
    address: str | None = None
    blocked: bool | None = None
    leave: int | None = None


def read(data: Any) -> Update:
    """Read an update, of whatever kind; one that asks nothing of us is empty. Raises Refused when it is none at all."""
    number = _whole(_mapping(data).get("update_id"))
    if number is None:
        raise Refused("no update_id")
    if message := _mapping(data.get("message")):
        return _message(number, message, edited=False)
    if message := _mapping(data.get("edited_message")):
        return _message(number, message, edited=True)
    if press := _mapping(data.get("callback_query")):
        return _press(number, press)
    if change := _mapping(data.get("my_chat_member")):
        return _membership(number, change)
    return Update(number)


def _message(number: int, message: Mapping[str, Any], *, edited: bool) -> Update:
    address = _private(message)
    if address is None:
        # In a group we say nothing: what we know of somebody is not for others.
        return Update(number)
    what = next((what for kind, what in _WHAT.items() if message.get(kind)), None)
    written = message.get("text") or message.get("caption")
    text = clean(written) if isinstance(written, str) else ""
    if edited:
        # A moving location is an edit too, of which there are many; only words are worth a reply.
        if not text:
            return Update(number)
        what = "edit"
    elif not text and what is None:
        # What Telegram itself tells of the chat: a new photo, a pinned message.
        return Update(number)
    payload: dict[str, Any] = {"what": what} if what else {}
    if command := _COMMAND.fullmatch(text):
        text, payload["command"] = command[1].replace("_", " "), True
    elif text.startswith("/start "):
        text, payload["command"] = "start", True
    phone = _mapping(message.get("contact")).get("phone_number")
    if what == "contact" and isinstance(phone, str):
        payload["phone"] = clean(phone)[:20]
    if what == "voice":
        file_id = _mapping(message.get("voice") or message.get("audio")).get("file_id")
        if isinstance(file_id, str):
            payload["file_id"] = clean(file_id)[:200]
    kind = "text" if what is None else ("location" if what == "location" else "media")
    return Update(number, incoming=_incoming(number, message, address, text, kind, payload), address=address)


def _press(number: int, press: Mapping[str, Any]) -> Update:
    identity, token = press.get("id"), press.get("data")
    person = _whole(_mapping(press.get("from")).get("id"))
    pressed = identity[:64] if isinstance(identity, str) else None
    # The message may be gone; the person's own chat has the number of the person.
    chat = _mapping(_mapping(press.get("message")).get("chat"))
    if person is None or not isinstance(token, str) or not clean(token) or chat.get("type", "private") != "private":
        return Update(number, press=pressed)
    payload = {"button": clean(token)[:64]}
    return Update(
        number,
        incoming=_incoming(number, press, str(person), "", "text", payload),
        press=pressed,
        address=str(person),
    )


def _membership(number: int, change: Mapping[str, Any]) -> Update:
    status = _mapping(change.get("new_chat_member")).get("status")
    chat = _mapping(change.get("chat"))
    identity = _whole(chat.get("id"))
    if identity is None:
        return Update(number)
    if chat.get("type") == "private":
        if status in ("kicked", "member"):
            return Update(number, address=str(identity), blocked=status == "kicked")
        return Update(number)
    if status in ("member", "administrator", "restricted"):
        return Update(number, leave=identity)
    return Update(number)


def _incoming(
    number: int, source: Mapping[str, Any], address: str, text: str, kind: str, payload: dict[str, Any]
) -> Incoming:
    code = _mapping(source.get("from")).get("language_code")
    language = code[:2].lower() if isinstance(code, str) else None
    return Incoming(
        channel=CHANNEL,
        outside_id=f"update:{number}",
        address=address,
        text=text,
        kind=kind,
        language=language if language in _LANGUAGES else None,
        payload=payload,
    )


def _private(message: Mapping[str, Any]) -> str | None:
    """The number of the private chat a message is from; None for groups, channels and other bots."""
    chat = _mapping(message.get("chat"))
    number = _whole(chat.get("id"))
    if chat.get("type") != "private" or number is None or number <= 0 or _mapping(message.get("from")).get("is_bot"):
        return None
    return str(number)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST else None
