"""The web door: a form from our own page in, a list that the page fetches out."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from channels.messages import ChannelCapabilities, Incoming

CHANNEL = "web"
CAPABILITIES = ChannelCapabilities(longest_text=4000, buttons=9, pulled=True)
LONGEST = 4000
_OUTSIDE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Refused(ValueError):
    """What was sent is no message: `reason` is a key that says why (`empty`, `too_long`, `bad_id`)."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


def incoming(*, visitor: str, message_id: str, text: str, language: str, chosen: str | None = None) -> Incoming:
    """The message a page sent; raises Refused.

    `message_id` is made by the page, so that one form sent twice counts once. `language` is the page's; `chosen` is set
    when the visitor chose it.
    """
    clean = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if not clean:
        raise Refused("empty")
    if len(clean) > LONGEST:
        raise Refused("too_long")
    if not _OUTSIDE_ID.fullmatch(message_id):
        raise Refused("bad_id")
    # With the text: a page taken back from the browser's memory may send something new under its old id.
    mark = hashlib.blake2b(clean.encode(), digest_size=8).hexdigest()
    return Incoming(
        channel=CHANNEL,
        outside_id=f"{visitor}:{message_id}:{mark}",
        address=visitor,
        text=clean,
        language=language,
        payload={"language": chosen} if chosen else {},
    )
