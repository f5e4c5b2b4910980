"""Phone numbers: which of them an SMS reaches, and when the others may be called."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import phonenumbers

from care.clock import TZ, local

CALLS_FROM, CALLS_UNTIL = time(9), time(20)
_MOBILE = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})


def is_mobile(phone: str | None) -> bool:
    """Whether an SMS reaches this number (E.164)."""
    return phone is not None and phonenumbers.number_type(phonenumbers.parse(phone)) in _MOBILE


def reached_by(phone: str | None) -> str | None:
    """The channel for who is reached by phone only: SMS, or a call where there is no mobile; None without a number."""
    if phone is None:
        return None
    return "sms" if is_mobile(phone) else "voice"


def calling_time(moment: datetime) -> datetime:
    """When somebody may be called who did not ask for it: at `moment`, or else the next time from nine to eight in the
    evening (local).
    """
    moment = local(moment)
    if CALLS_FROM <= moment.time() < CALLS_UNTIL:
        return moment
    day = moment.date() if moment.time() < CALLS_FROM else moment.date() + timedelta(days=1)
    return datetime.combine(day, CALLS_FROM, TZ)
