"""The reading: what was understood of one message, in the terms of the outside contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from care.needs import Need
from care.schedule import Json

ACTS = (
    "book",
    "skip",
    "cancel",
    "change",
    "correct",
    "who_is_coming",
    "list_visits",
    "confirm",
    "deny",
    "undo",
    "repeat",
    "human",
    "help",
    "greet",
    "goodbye",
    "complaint",
    "payment",
    "privacy",
    "emergency",
    "clarify",
    "out_of_scope",
)


@dataclass(frozen=True)
class Target:
    """Which visits that stand are meant; `until` is included; `scope` is `once`, `period`, `series` or None (ask)."""

    service: str | None = None
    dates: tuple[date, ...] = ()
    from_: date | None = None
    until: date | None = None
    scope: str | None = None

    def to_json(self) -> Json:
        """The target as in the contract."""
        return {
            "service": self.service,
            "dates": [day.isoformat() for day in self.dates],
            "from": self.from_ and self.from_.isoformat(),
            "until": self.until and self.until.isoformat(),
            "scope": self.scope,
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Target:
        """The target written by `to_json`."""
        from_, until = fields.get("from"), fields.get("until")
        return cls(
            service=fields.get("service"),
            dates=tuple(date.fromisoformat(day) for day in fields.get("dates") or ()),
            from_=from_ and date.fromisoformat(from_),
            until=until and date.fromisoformat(until),
            scope=fields.get("scope"),
        )


@dataclass(frozen=True)
class Reading:
    """What was understood of one message: `act` is one of ACTS, `confidence` from 0 to 1, `language` `nl` or `en`."""

    language: str
    act: str
    confidence: float
    needs: tuple[Need, ...] = ()
    target: Target = field(default_factory=Target)
    ask: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """The reading as in the contract (without an id)."""
        return {
            "language": self.language,
            "act": self.act,
            "confidence": round(self.confidence, 3),
            "needs": [need.to_json() for need in self.needs],
            "target": self.target.to_json(),
            "ask": list(self.ask),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Reading:
        """The reading written by `to_json`."""
        return cls(
            language=fields["language"],
            act=fields["act"],
            confidence=fields["confidence"],
            needs=tuple(Need.from_json(need) for need in fields.get("needs") or ()),
            target=Target.from_json(fields.get("target") or {}),
            ask=tuple(fields.get("ask") or ()),
        )
