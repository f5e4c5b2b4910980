"""What a button sends back when it is pressed: which message it stood under and which choice it was, signed by us.

Without the signature anybody could press a button that was never shown to them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

LONGEST_TOKEN = 64
"""Bytes: what Telegram takes, the least of all channels."""
_TOKEN = re.compile(r"([0-9a-z]{1,13})\.([A-Za-z0-9*#_-]{1,20})\.([A-Za-z0-9_-]{20})", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Press:
    """A button that was pressed: the id of our message, and the key of the choice."""

    message: int
    key: str


class Buttons:
    """Signs the choices of one installation's messages, and reads what comes back."""

    def __init__(self, key: str) -> None:
        """`key` is the installation's secret."""
        self._key = hashlib.blake2b(key.encode(), person=b"buttons", digest_size=32).digest()

    def token(self, message: int, choice: str, channel: str, address: str) -> str:
        """What the button of a choice sends back; at most LONGEST_TOKEN bytes. Good for this address only."""
        token = f"{_base36(message)}.{choice}.{self._seal(message, choice, channel, address)}"
        if not _TOKEN.fullmatch(token) or len(token) > LONGEST_TOKEN:
            raise ValueError("the key of a choice must be a short word of letters and digits")
        return token

    def read(self, token: str, channel: str, address: str) -> Press | None:
        """The press that a token stands for; None when we never gave it to this address."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        message = int(parts[1], 36)
        seal = self._seal(message, parts[2], channel, address)
        return Press(message, parts[2]) if hmac.compare_digest(seal, parts[3]) else None

    def _seal(self, message: int, choice: str, channel: str, address: str) -> str:
        sealed = f"{channel}\n{address}\n{message}\n{choice}".encode()
        digest = hashlib.blake2b(sealed, key=self._key, digest_size=15).digest()
        return base64.urlsafe_b64encode(digest).decode()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
