"""The few turns in which a door is linked to a phone: which phone, and the code that was sent there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.doors.replies import Reply
from care import doors, linking, outbox
from care.people import normal_phone

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from bot.doors.replies import Visit
    from care.models import DoorLink
    from channels import Incoming

_CODE = re.compile(r"\d{6}", re.ASCII)
_DIGITS = re.compile(r"\d", re.ASCII)
_LONGEST = 40
SENT_BY = "sms"


class Linking:
    """Leads somebody at a door through the linking."""

    def __init__(self, key: str, *, can_send: bool) -> None:
        """`key` seals the codes; `can_send` says whether the door of SMS is open."""
        self._key = key
        self._can_send = can_send

    def begin(self, session: Session, visit: Visit) -> Reply:
        """Ask for the phone, or take the one that came along."""
        if not self._can_send:
            return Reply("link_no_sms")
        link = linking.begin(session, visit.contact, visit.channel, visit.address, visit.now)
        phone = _phone(visit.incoming.payload.get("phone", ""))
        return self._send_code(session, visit, link, phone) if phone else Reply("link_ask_phone")

    @staticmethod
    def concerns(incoming: Incoming) -> bool:
        """Whether a message may be a phone or a code; any other is none of ours, whatever is being linked."""
        text = incoming.payload.get("phone") or incoming.text
        if len(text) > _LONGEST or not _DIGITS.search(text):
            return False
        return bool(_CODE.fullmatch("".join(text.split())) or _phone(text))

    def go_on(self, session: Session, visit: Visit) -> Reply | None:
        """Take the phone or the code; None when the message is neither, or when nothing is being linked."""
        text = visit.incoming.payload.get("phone") or visit.incoming.text
        if not self.concerns(visit.incoming):
            return None
        link = linking.open_link(session, visit.channel, visit.address, visit.now)
        if link is None:
            return None
        code = "".join(text.split())
        if link.status == "sent" and _CODE.fullmatch(code):
            return self._try(session, link, code, visit.now)
        phone = _phone(text)
        return self._send_code(session, visit, link, phone) if phone and link.status == "asked" else None

    def _send_code(self, session: Session, visit: Visit, link: DoorLink, phone: str) -> Reply:
        try:
            code = linking.new_code(session, link, phone, self._key, visit.now)
        except linking.TooManyCodes:
            return Reply("link_too_many")
        # The answer is the same when that phone wants nothing from us: it is nobody else's business.
        if not doors.is_stopped(session, SENT_BY, phone):
            outbox.put(
                session,
                contact=visit.contact,
                channel=SENT_BY,
                address=phone,
                text=visit.say("link_code", code=code),
                now=visit.now,
                kind="code",
                key=f"code:{link.id}",
            )
        return Reply("link_code_sent")

    def _try(self, session: Session, link: DoorLink, code: str, now: datetime) -> Reply:
        if not linking.try_code(session, link, code, self._key, now):
            return Reply("link_wrong" if link.status == "sent" else "link_dropped")
        try:
            with session.begin_nested():
                holder = linking.join(session, link, now)
        except PermissionError:
            return Reply("link_both")
        return Reply("link_done", contact_id=holder.id)


def _phone(text: str) -> str | None:
    # Telegram gives the number of a card without its plus.
    digits = text if text.startswith(("+", "0")) else f"+{text}"
    for written in (text, digits):
        try:
            return normal_phone(written)
        except ValueError:
            continue
    return None
