"""Only helpers and coordinators are heard as such."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.shared.nlu.training_data.message import Message

from care.clock import TZ
from nlu.care_reader import CareReader
from nlu.components.care_request_reader import READOUT
from nlu.components.helper_acts import HelperActs
from nlu.components.language_detector import LANGUAGE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)


def said(text: str, *roles: str) -> dict[str, Any]:
    message = Message({"text": text, "metadata": {"now": NOW.isoformat(), "roles": list(roles)}, LANGUAGE: "nl"})
    message.set(READOUT, CareReader().read(text, "nl", NOW))
    message.set("said", {"needs": []})
    HelperActs().process([message])
    found: dict[str, Any] = message.get("said")
    return found


def test_a_helper_is_heard() -> None:
    assert said("ik ben ziek tot donderdag", "helper")["work"]["act"] == "ill"
    assert said("ik ben ziek tot donderdag", "helper")["needs"] == []


def test_others_are_not() -> None:
    assert "work" not in said("ik ben ziek tot donderdag", "recipient")
    assert "work" not in said("goedemorgen", "helper")


def test_a_coordinator_speaks_of_others() -> None:
    assert said("Wilma is ziek", "coordinator")["work"]["other"] == "ill"
    assert "work" not in said("Fatima werkt morgen niet", "helper")
