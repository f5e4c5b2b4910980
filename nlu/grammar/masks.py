"""The message with class words in place of what the grammar found, for a classifier of text."""

from __future__ import annotations

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, When

_KINDS = (
    ("days", "WEEKDAY"),
    ("date", "DATE"),
    ("period", "PERIOD"),
    ("from", "FROM"),
    ("from_period", "FROM"),
    ("until", "UNTIL"),
    ("lasting", "LASTING"),
    ("freq", "EVERY"),
    ("parity", "EVERY"),
    ("nth", "EVERY"),
    ("monthdays", "EVERY"),
    ("workday", "EVERY"),
    ("per", "TIMES"),
    ("count", "COUNT"),
    ("dur", "DURATION"),
)


def mask(found: Found) -> str:
    """The words of a message, those of schedules, services and names replaced by what they are."""
    return " ".join(masked(found, 0, len(found.words)))


def masked(found: Found, first: int, last: int) -> list[str]:
    """The same of the words `first` until before `last`, one by one."""
    words: list[str] = []
    place = first
    for item in found.items:
        label = _label(item) if first <= item.first and item.last <= last else None
        if label is None:
            continue
        words += [word.text for word in found.words[place : item.first]]
        words.append(label)
        place = item.last
    words += [word.text for word in found.words[place:last]]
    return ["NUMBER" if word.isdigit() else word for word in words]


def _label(item: Item) -> str | None:
    if item.class_ == "service":
        return "SERVICE_" + "_".join(item.value)
    if item.class_ == "particle":
        return "PARTICLE_" + item.value["service"]
    if item.class_ == "preference":
        return "NAME" if "helper_name" in item.value else "PREFERENCE"
    if item.class_ == "person":
        return "PERSON"
    return when_label(item.value) if item.class_ == "when" else None


def when_label(when: When) -> str:
    """The class words of a schedule phrase."""
    labels = [label for key, label in _KINDS if key in when]
    if when.get("every") and "EVERY" not in labels:
        labels.insert(0, "EVERY")
    if when.get("date") and any("holiday" in said for said in when["date"]):
        labels[labels.index("DATE")] = "HOLIDAY"
    if "part" in when:
        labels.append("DAYPART")
    if CLOCK_KEYS & when.keys():
        labels.append("CLOCK")
    return "_".join(labels) or "WHEN"
