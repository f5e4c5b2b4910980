"""Signs of what a clause or a sentence says of when, and by which it only tells or goes on with what was told."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.found import Item
from nlu.grammar.frames import CLOCK_KEYS, is_day, is_time
from nlu.grammar.meaning import Clause


def goes_on_with_things(clause: Clause) -> bool:
    """Whether a clause goes on with "and", and neither asks nor says when."""
    return clause.joined and not clause.has("request", "someone") and not clause.has("when")


def like_before(clause: Clause) -> bool:
    """Whether a clause that goes on with "and" names only a day and somebody."""
    kinds = {item.class_ for item in clause.items}
    return clause.joined and kinds <= {"join", "when", "person", "self"} and {"when", "person"} <= kinds


def like_had(clause: Clause) -> bool:
    """Whether a clause that goes on with "and" names only a day and who comes then."""
    kinds = {item.class_ for item in clause.items}
    return clause.joined and kinds <= {"join", "when", "service", "doing"} and {"when", "service"} <= kinds


def only_of_the_day(sentence: list[Clause]) -> bool:
    """Whether a sentence names no more than parts of the day, and does not say that they are liked or not."""
    whens = [item.value for part in sentence for item in part.items if item.class_ == "when"]
    said = any(part.has("soft", "not", "except", "whole", "both", "doing") for part in sentence)
    return not said and all(when.keys() <= {"part", "partly", "adverb"} for when in whens)


def says_hour(sentence: list[Clause]) -> bool:
    """Whether a sentence names a clock time."""
    whens = [item.value for part in sentence for item in part.items if item.class_ == "when"]
    return any(CLOCK_KEYS & when.keys() for when in whens)


def keeps_hours(sentence: list[Clause]) -> bool:
    """Whether a sentence says days that come back and a time of day."""
    whens = [item.value for part in sentence for item in part.items if item.class_ == "when"]
    return any("freq" in when or when.get("every") for when in whens) and any(map(is_time, whens))


def dated(sentence: list[Clause]) -> bool:
    """Whether a sentence says both on which day and at what time."""
    whens = [item.value for part in sentence for item in part.items if item.class_ == "when"]
    return any(map(is_day, whens)) and any(map(is_time, whens))


def leaves_out(clause: Clause) -> bool:
    """Whether a clause says on which day not, and tells of nobody ("the shopping not on the 26th")."""
    says = any(item.class_ == "when" and is_day(item.value) for item in clause.items)
    return says and clause.has("not", "except") and not clause.has("history", "person", "self")


def only_hours(clause: Clause) -> bool:
    """Whether a clause names a time of day and nothing else."""
    return bool(clause.items) and all(
        item.class_ == "when" and is_time(item.value) and not is_day(item.value) for item in clause.items
    )


def says_when(item: Item) -> bool:
    """Whether an item names days or a time of day."""
    return item.class_ == "when" and (is_day(item.value) or is_time(item.value) or "enough" in item.value)


def says_how_often(item: Item) -> bool:
    """Whether an item says how many times a week, month …."""
    return item.class_ == "when" and "per" in item.value


def says_day(sentence: Sequence[Clause]) -> bool:
    """Whether a sentence names days, or points back to one ("from then on")."""
    return any(
        item.class_ == "thence" or (item.class_ == "when" and is_day(item.value))
        for part in sentence
        for item in part.items
    )


def on_other_days(clause: Clause, sentence: Sequence[Clause]) -> bool:
    """Whether another clause of a sentence is about "the other days" than those that a clause names."""
    return any(
        item.class_ == "when" and "rest" in item.value for part in sentence if part is not clause for item in part.items
    )


def of_all(item: Item) -> bool:
    """Whether an item says itself that it is of all needs ("it all starts on 1 May")."""
    return item.class_ == "when" and bool(item.value.get("of_all"))


def has_need(sentence: list[Clause]) -> bool:
    """Whether a sentence names both a service and when."""
    return any(part.has("service") for part in sentence) and any(
        says_when(item) or says_how_often(item) for part in sentence for item in part.items
    )


def asks(clause: Clause) -> bool:
    """Whether a clause asks for something, or for somebody."""
    return clause.has("request", "someone")
