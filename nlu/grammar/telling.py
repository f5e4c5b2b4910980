"""Signs of what a clause or a sentence says of when, and by which it only tells or goes on with what was told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, is_day, is_time
from nlu.grammar.meaning import Clause


def goes_on_with_things(clause: Clause) -> bool:
    """Whether a clause goes on with "and", and neither asks nor says when."""
    return clause.joined and not clause.has("request", "someone") and not clause.has("when")


def like_before(clause: Clause) -> bool:
    """Whether a clause that goes on with "and" names only a day and somebody."""
    kinds = {item.class_ for item in clause.items}
    # "Tuesdays my brother does it, Wednesdays me".
    # Or "Tuesdays my son cooks, my daughter on Thursdays".
    alone = (
        kinds - {"join"} == {"when", "self"} or _person_and_day(clause)
    ) and clause.end - clause.start <= clause.items[-1].last - clause.items[0].first + 1 + clause.hard
    return alone or (clause.joined and kinds <= {"join", "when", "person", "self"} and {"when", "person"} <= kinds)


def _person_and_day(clause: Clause) -> bool:
    """Whether a clause names somebody and a day, the one directly behind the other ("my daughter on Thursday")."""
    kinds = [item.class_ for item in clause.items]
    beside = len(kinds) > 1 and clause.items[0].last == clause.items[-1].first
    # "Saturday my son comes. Sunday my daughter."
    alone = kinds == ["when", "person"] and clause.items[0].value.keys() <= {"days", "every"}
    return beside and (alone or (not clause.hard and set(kinds) == {"when", "person"}))


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


def only_whens(clause: Clause) -> bool:
    """Whether a clause names a time of day and nothing else, or begins a sentence with nothing but days."""
    return only_hours(clause) or (
        clause.hard and bool(clause.items) and all(one.class_ == "when" for one in clause.items)
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
        item.class_ == "thence" or (item.class_ == "when" and (is_day(item.value) or "week_rest" in item.value))
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


def granted(clause: Clause) -> bool:
    """Whether a clause tells how many visits of a service somebody was given: that many are wanted."""
    return clause.has("service") and any(item.class_ == "when" and "granted" in item.value for item in clause.items)


def never_before(clause: Clause) -> bool:
    """Whether a clause tells before which hour somebody is not yet up, home or hungry, and asks for nothing.

    "He's never out of bed before eleven": no help out of bed is asked for.
    """
    whens = [item.value.keys() for item in clause.items if item.class_ == "when"]
    told = clause.has("self", "person") and not asks(clause)
    # "Don't send anyone before ten."
    refused = bool(clause.items) and clause.items[0].class_ == "not" and not clause.has("service")
    return clause.has("not") and (told or refused) and bool(whens) and all(keys == {"before"} for keys in whens)


def had(clause: Clause, found: Found, already: Collection[str]) -> bool:
    """For "I have the nurse at nine on Mondays already.": that is not asked for."""
    words = {word.text for word in found.words[clause.start : clause.end]}
    return bool(words & set(already)) and clause.has("service") and clause.has("self", "person", "when")


def has_but_asks(clause: Clause, row: Sequence[Clause], found: Found, have: Collection[str]) -> bool:
    """For "We've a nurse on Tuesdays, but she needs her insulin daily": what is there, before another is asked for."""
    place = next(at for at, part in enumerate(row) if part is clause)
    follower = row[place + 1] if place + 1 < len(row) else None
    kinds = [item.class_ for item in clause.items]
    if (
        follower is None
        or kinds[:2] != ["self", "service"]
        or "when" not in kinds
        or clause.has("request", "someone", "not")
    ):
        return False
    own = set(clause.items[1].value)
    between = found.words[clause.items[0].first : clause.items[1].first]
    goes_on = bool(follower.items) and follower.items[0].class_ == "but" and asks(follower)
    others = any(item.class_ == "service" and not own & set(item.value) for item in follower.items)
    return goes_on and others and any(word.text in have for word in between)


def others_do(clause: Clause, row: Sequence[Clause], found: Found, others: Collection[str]) -> bool:
    """For "They put drops in there, a lift please": what others do, said without a time, beside another need."""
    kinds = [item.class_ for item in clause.items[:2]]
    if kinds != ["self", "service"] or clause.has("when", "request", "someone") or clause.has("not"):
        return False
    subject, verb = clause.items[:2]
    own = set(verb.value)
    asked = [part for part in row if part is not clause and (asks(part) or part.has("when"))]
    needed = any(item.class_ == "service" and not own & set(item.value) for part in asked for item in part.items)
    return found.words[subject.first].text in others and verb.first == subject.last and needed


def has_need(sentence: list[Clause]) -> bool:
    """Whether a sentence names both a service and when."""
    return any(part.has("service") for part in sentence) and any(
        says_when(item) or says_how_often(item) for part in sentence for item in part.items
    )


def asks(clause: Clause) -> bool:
    """Whether a clause asks for something, or for somebody."""
    return clause.has("request", "someone")


def tells_event(clause: Clause) -> bool:
    """Whether a clause names the hour of something that takes place then ("at ten the doctor comes")."""
    return any(item.class_ == "when" and item.value.get("event") for item in clause.items)


def asked_later(clause: Clause, sentences: Sequence[Sequence[Clause]]) -> bool:
    """Whether a later sentence asks, and names a day."""
    later = [sentence for sentence in sentences if sentence[0].start > clause.start]
    return any(says_day(part) and any(asks(one) or one.has("service") for one in part) for part in later)


def date_of_it(clause: Clause, sentences: Sequence[Sequence[Clause]]) -> bool:
    """Whether a clause names nothing but the date of what was just told, and a later sentence asks for another."""
    dates = all(item.class_ == "when" and "date" in item.value for item in clause.items)
    return dates and not (clause.hard or clause.joined) and asked_later(clause, sentences)


def calls_off(clause: Clause) -> bool:
    """For "don't come Thursday it's the funeral": a day right behind a "not" that the clause begins with."""
    said = [item for item in clause.items if item.class_ != "request"]
    if len(said) < 2 or said[0].class_ not in ("not", "except") or said[1].class_ != "when":
        return False
    return is_day(said[1].value) and said[1].first == said[0].last


def as_well(clause: Clause) -> bool:
    """For "Sundays too." behind what others do on Tuesdays: those days become days that are named like the first."""
    item = clause.items[0] if len(clause.items) == 1 else None
    if item is None or item.class_ != "included" or not isinstance(item.value, list):
        return False
    item.class_, item.value = "when", {"days": item.value, "every": True}
    return True


def excepted_of_others(clause: Clause) -> bool:
    """For ", except Thursdays" behind what others do: the days on which they do not, none that is left out."""
    kinds = [item.class_ for item in clause.items]
    return not clause.hard and kinds == ["except", "when"] and "days" in clause.items[1].value


def only_told(sentence: list[Clause], wanted: bool) -> bool:
    """Whether a sentence of a letter only tells: it asks nothing, and is no bare "Every Monday the windows."."""
    if wanted or any(leaves_out(part) or calls_off(part) for part in sentence):
        return False
    if any(part.has("history", "person", "self") for part in sentence):
        return True
    if any(part.has("aside", "doing") or tells_event(part) for part in sentence) and not has_need(sentence):
        return True
    return not any(says_when(item) or says_how_often(item) for part in sentence for item in part.items)


def heads_list(clause: Clause, found: Found) -> bool:
    """Whether a clause stands right before the colon of a line that has a list under it."""
    words = [word.text for word in found.words[clause.start : clause.end + 2]]
    return clause.has("when") and not clause.has("service") and (":", "\n") in pairwise(words)


def day_of_somebody(clause: Clause, row: Sequence[Clause], found: Found) -> bool:
    """For "The hairdresser every eight weeks on Thursday, my niece marries on the 23rd at eleven": that is her day.

    Only where another clause names what is wanted, and days that come back.
    """
    who = clause.items[0] if clause.items else None
    if who is None or who.class_ != "person" or {item.class_ for item in clause.items[1:]} != {"when"} or asks(clause):
        return False
    verb = found.words[who.last].text if who.last < clause.end else ""
    told = clause.items[1].first > who.last and verb.isalpha()
    once = all("freq" not in item.value and not item.value.get("every") for item in clause.items[1:])
    if not told or not once or not any("date" in item.value for item in clause.items[1:]):
        return False
    others = [part for part in row if part is not clause]
    whens = [item for part in others for item in part.items if item.class_ == "when"]
    again = any({"freq", "per"} & item.value.keys() or item.value.get("every") for item in whens)
    return again and any(part.has("service") for part in others)


def without_help(clause: Clause) -> bool:
    """Whether a service stands directly before who does it without help ("koken doe ik zelf")."""
    return any(
        one.class_ in ("service", "particle") and other.class_ == "away" and one.last == other.first
        for one, other in pairwise(clause.items)
    )


def says_but(item: Item, found: Found, but_words: Collection[str]) -> bool:
    """Whether a phrase says itself which days are left out ("every day but Sunday")."""
    words = {word.text for word in found.words[item.first : item.last]}
    return item.class_ == "when" and bool(set(but_words) & words)


def moves(clause: Clause) -> bool:
    """Whether a clause says to which day or hour something goes."""
    return any(
        (one.class_, other.class_) == ("moveto", "when") and one.last == other.first
        for one, other in pairwise(clause.items)
    )
