"""Holds TwiML against what Twilio's own library knows of verbs, attributes and nesting."""

from __future__ import annotations

import inspect
import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

from twilio.twiml import TwiML
from twilio.twiml import voice_response as library

LONGEST_TEXT = 4096
LARGEST = 64 * 1024
MOST_HINTS = 500
LONGEST_HINT = 100
LANGUAGES = {"nl-NL", "en-GB"}
E164 = re.compile(r"\+[1-9]\d{6,14}")

Verbs = dict[str, set[str]]
"""Elements with the attributes they take."""


def camel(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)


def _made(item: type[TwiML]) -> TwiML:
    return item(**{parameter.name: "1" for parameter in _required(item.__init__)})


def _required(method: Any) -> list[inspect.Parameter]:
    found = list(inspect.signature(method).parameters.values())
    return [p for p in found if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "self"]


def _nested(item: type[TwiML]) -> Verbs:
    """What may stand in an element, each with its attributes: found by having the library write one of each."""
    found: Verbs = {}
    for name, method in inspect.getmembers(item, inspect.isfunction):
        if name.startswith("_") or name in vars(TwiML):
            continue
        parent = _made(item)
        getattr(parent, name)(**{parameter.name: "1" for parameter in _required(method)})
        [child] = parent.verbs
        found[child.name] = {camel(attribute) for attribute in inspect.signature(method).parameters}
    return found


NESTING: dict[str, Verbs] = {
    _made(item).name: _nested(item)
    for _, item in inspect.getmembers(library, inspect.isclass)
    if issubclass(item, TwiML) and item.__module__ == library.__name__
}
"""For each element what may stand in it, with the attributes it takes there."""


def check(document: str) -> Xml.Element:
    """The parsed document; fails on anything that Twilio would not take."""
    assert len(document.encode()) <= LARGEST
    root = Xml.fromstring(document)  # noqa: S314 - our own
    assert root.tag == "Response"
    _check_element(root)
    return root


def _check_element(element: Xml.Element) -> None:
    allowed = NESTING[element.tag]
    for child in element:
        assert child.tag in allowed, f"{child.tag} may not stand in {element.tag}"
        unknown = set(child.attrib) - allowed[child.tag]
        assert not unknown, f"{child.tag} has no {unknown}"
        _check_element(child)
    checker: Any = globals().get(f"_check_{element.tag.lower()}")
    if checker:
        checker(element)


def _check_gather(gather: Xml.Element) -> None:
    assert gather.get("input") == "dtmf speech"
    assert gather.get("language") in LANGUAGES
    assert gather.get("method") == "POST"
    assert gather.get("actionOnEmptyResult") == "true", "silence would end the call"
    assert gather.get("bargeIn") == "true"
    assert int(gather.get("timeout", "0")) >= 5
    assert int(gather.get("numDigits", "1")) >= 1
    assert {child.tag for child in gather} <= {"Say", "Play", "Pause"}
    hints = [hint.strip() for hint in (gather.get("hints") or "").split(",") if hint.strip()]
    assert len(hints) <= MOST_HINTS
    assert all(len(hint) <= LONGEST_HINT for hint in hints)
    _check_url(gather.get("action"))


def _check_say(say: Xml.Element) -> None:
    text = "".join(say.itertext())
    assert text.strip()
    assert len(text) <= LONGEST_TEXT
    assert say.get("language") in LANGUAGES
    assert (say.get("voice") or "").startswith("Polly.")
    assert not re.search(r"[()\[\]\u2018\u201c\u201d\n\U0001f300-\U0001faff]", text), text


def _check_redirect(redirect: Xml.Element) -> None:
    _check_url(redirect.text)


def _check_dial(dial: Xml.Element) -> None:
    assert [child.tag for child in dial] == ["Number"]
    _check_url(dial.get("action"))


def _check_number(number: Xml.Element) -> None:
    assert E164.fullmatch(number.text or ""), number.text


def _check_url(url: str | None) -> None:
    assert url
    assert urlsplit(url).path == "/channels/twilio/voice"
