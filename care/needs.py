"""A need: one service, one schedule, and how the person would like it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from care.schedule import Json, Schedule


@dataclass(frozen=True)
class Preferences:
    """Who the person would like to come; None where nothing was said.

    `helper_kind` is `volunteer`, `freelancer` or `organisation`; `helper_gender` `female` or `male`; `helper_name` is a
    name as said; `helper_language` an ISO 639-1 code. `not_named` are the names of those who should not come.
    """

    helper_kind: str | None = None
    helper_gender: str | None = None
    helper_name: str | None = None
    helper_language: str | None = None
    not_named: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take the names also as a list, as JSON has them."""
        object.__setattr__(self, "not_named", tuple(self.not_named))

    def to_json(self) -> Json:
        """The fields that were said."""
        said = {name: value for name, value in vars(self).items() if value is not None and name != "not_named"}
        return said | ({"not_named": list(self.not_named)} if self.not_named else {})

    def without(self, names: Iterable[str]) -> Preferences:
        """The same wishes, and these people not."""
        return replace(self, not_named=tuple(sorted({*self.not_named, *names})))


@dataclass(frozen=True)
class Need:
    """One need of a request. `service` is a key of the catalogue, or None when none was said.

    `ask` names what must still be asked before it may be booked (`service`, `days`, `time`, `phase`, `variant`, …).
    """

    service: str | None
    schedule: Schedule
    preferences: Preferences = field(default_factory=Preferences)
    ask: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """The need as in the reading of the contract."""
        return {
            "service": self.service,
            **self.schedule.to_json(),
            "preferences": self.preferences.to_json(),
            "ask": list(self.ask),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Need:
        """The need written by `to_json`."""
        return cls(
            service=fields.get("service"),
            schedule=Schedule.from_json(fields),
            preferences=Preferences(**(fields.get("preferences") or {})),
            ask=tuple(fields.get("ask") or ()),
        )
