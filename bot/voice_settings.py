"""The settings of the phone line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import UserError

SLOWEST, FASTEST = 50, 120


@dataclass(frozen=True)
class VoiceSettings:
    """How the phone line sounds, and who takes over.

    `dutch` and `english` are names of Twilio's voices, `rate_percent` is the speed in percent of the voice's own.
    `operator` is whom callers are connected to (E.164; without it the coordinator), `english_numbers` which of our own
    numbers are answered in English.
    """

    dutch: str = "Polly.Laura-Neural"
    english: str = "Polly.Amy-Neural"
    rate_percent: int = 90
    operator: str | None = None
    english_numbers: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, values: Mapping[str, str]) -> VoiceSettings:
        """Read the settings; raises UserError with the variable's name when one makes no sense."""
        numbers = values.get("THUISBEL_VOICE_ENGLISH_NUMBERS", "").replace(",", " ").split()
        operator = values.get("THUISBEL_VOICE_OPERATOR")
        return cls(
            dutch=values.get("THUISBEL_VOICE_DUTCH") or cls.dutch,
            english=values.get("THUISBEL_VOICE_ENGLISH") or cls.english,
            rate_percent=_rate(values.get("THUISBEL_VOICE_RATE") or str(cls.rate_percent)),
            operator=_phone("THUISBEL_VOICE_OPERATOR", operator) if operator else None,
            english_numbers=frozenset(_phone("THUISBEL_VOICE_ENGLISH_NUMBERS", number) for number in numbers),
        )


def _rate(text: str) -> int:
    figures = text.strip().rstrip("%")
    if not (figures.isascii() and figures.isdecimal() and SLOWEST <= int(figures) <= FASTEST):
        raise UserError(f"THUISBEL_VOICE_RATE must be a number from {SLOWEST} to {FASTEST}, in percent.")
    return int(figures)


def _phone(name: str, text: str) -> str:
    # Imported late: most commands have no phone to read, and start sooner.
    from care.people import normal_phone

    try:
        return normal_phone(text)
    except ValueError as error:
        raise UserError(f"{name} must hold phone numbers such as +31201234567.") from error
