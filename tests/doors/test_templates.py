from __future__ import annotations

import re
from typing import Any

import pytest

from actions.phrases import Phrases
from bot.doors.templates import all_templates
from bot.settings import Settings

TEMPLATES = list(all_templates(Phrases.load()))


def body(template: dict[str, Any]) -> str:
    [kind] = template["types"].values()
    return str(kind["body"])


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["friendly_name"])
def test_a_template_is_one_that_twilio_takes(template: dict[str, Any]) -> None:
    places = re.findall(r"\{\{(\d+)\}\}", str(template["types"]))
    assert sorted(set(places), key=int) == [str(number) for number in range(1, len(template["variables"]) + 1)]
    assert len(body(template)) <= 1024
    named = Settings.from_environment(
        {
            "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "t",
            "TWILIO_CONTENT_SIDS": f"{template['friendly_name']}=HX1",
        }
    )
    assert named.twilio is not None
    assert dict(named.twilio.content_sids) == {template["friendly_name"]: "HX1"}


def test_both_languages_of_a_text_are_there() -> None:
    names = {template["friendly_name"] for template in TEMPLATES}
    assert {"helper_told_nl", "helper_told_en", "buttons_2", "buttons_3", "list_4", "list_10"} <= names


@pytest.mark.parametrize(
    "template", [t for t in TEMPLATES if "twilio/text" in t["types"]], ids=lambda template: template["friendly_name"]
)
def test_whatsapp_refuses_a_text_that_begins_or_ends_with_a_value(template: dict[str, Any]) -> None:
    assert not body(template).startswith("{{")
    assert not body(template).endswith("}}")
