"""WhatsApp's templates, made from the texts of the domain, as Twilio's Content API takes them.

https://www.twilio.com/docs/content/content-types-overview
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from actions.phrases import Phrases

_FILE = Path(__file__).with_suffix(".yml")
_LANGUAGES = ("nl", "en")

Json = dict[str, Any]


def all_templates(phrases: Phrases) -> Iterator[Json]:
    """Every template of the file, with the name under which TWILIO_CONTENT_SIDS wants its ContentSid."""
    listed = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    for language in _LANGUAGES:
        for name in listed["outside_window"]["notices"]:
            yield _text(phrases, name, language, ())
        for name in listed["outside_window"]["yes_no"]:
            yield _text(phrases, name, language, ("say_yes", "say_no"))
    for count in listed["quick_replies"]:
        yield _choices(f"buttons_{count}", count, "twilio/quick-reply", "actions", "title")
    for count in listed["lists"]:
        yield _list(f"list_{count}", count, phrases)


def _text(phrases: Phrases, name: str, language: str, choices: Sequence[str]) -> Json:
    places = phrases.places(name, language)
    numbers = {place: f"{{{{{number}}}}}" for number, place in enumerate(places, start=1)}
    body = phrases.text(name, language, **numbers)
    # WhatsApp takes no template that begins or ends with a value.
    if body.startswith("{{"):
        body = phrases.text("door_says", language, text=body)
    if body.endswith("}}"):
        body += "."
    kind: Json = {"twilio/text": {"body": body}}
    if choices:
        labels = [phrases.text(choice, language) for choice in choices]
        actions = [{"title": label, "id": str(number)} for number, label in enumerate(labels, start=1)]
        kind = {"twilio/quick-reply": {"body": body, "actions": actions}}
    # WhatsApp judges a template by an example of each value.
    samples = {str(number): place for number, place in enumerate(places, start=1)}
    return {"friendly_name": f"{name}_{language}", "language": language, "variables": samples, "types": kind}


def _choices(name: str, count: int, kind: str, field: str, title: str) -> Json:
    items = [{title: f"{{{{{2 * number}}}}}", "id": f"{{{{{2 * number + 1}}}}}"} for number in range(1, count + 1)]
    return {
        "friendly_name": name,
        "language": "nl",
        "variables": {str(number): f"value {number}" for number in range(1, 2 * count + 2)},
        "types": {kind: {"body": "{{1}}", field: items}},
    }


def _list(name: str, count: int, phrases: Phrases) -> Json:
    template = _choices(name, count, "twilio/list-picker", "items", "item")
    template["types"]["twilio/list-picker"]["button"] = phrases.text("door_choose", "nl")
    return template
