"""Phone numbers: which of them an SMS reaches."""

from __future__ import annotations

import phonenumbers

_MOBILE = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})


def is_mobile(phone: str | None) -> bool:
    """Whether an SMS reaches this number (E.164)."""
    return phone is not None and phonenumbers.number_type(phonenumbers.parse(phone)) in _MOBILE


def reached_by(phone: str | None) -> str | None:
    """The channel for who is reached by phone only: SMS, or a call where there is no mobile; None without a number."""
    if phone is None:
        return None
    return "sms" if is_mobile(phone) else "voice"
