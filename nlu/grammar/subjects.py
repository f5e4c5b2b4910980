"""Where a clause begins without a sign, since somebody is named who does something of their own."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.chart import Chart
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import is_day
from nlu.packs.pack import Pack

_ENDS = frozenset({"kept", "aside", "history", "stop", "gone"})
"""What a clause may well end with."""
_SIGNS = frozenset(",.;:!?()\n")


def subjects(found: Found, pack: Pack) -> list[int]:
    """Where the verb is second, the places of those who do something, directly behind a time or a service.

    "… om acht uur mijn broer doet het op zondag": neither is what the brother does, or the verb would stand before him.
    But in "iemand die elke dag mijn broer helpt" he is helped.
    """
    spoken = not any(word.text in _SIGNS for word in found.words[:-1])
    helped = [item.last for item in found.items if item.class_ in ("someone", "preference")]
    behind = [at for at in helped if at < len(found.words) and found.words[at].text in pack.task_words]
    told = told_subjects(found, pack) if spoken else []
    return told + [
        item.first
        for before, item, doing in zip(found.items, found.items[1:], found.items[2:], strict=False)
        if (before.class_, item.class_, doing.class_) in (("when", "person", "doing"), ("service", "person", "doing"))
        and before.last == item.first
        and item.last == doing.first
        and not any(at < item.first and not found.boundary(at, item.first) for at in behind)
    ]


def spoken_subjects(found: Found, pack: Pack) -> list[int]:
    """Where the verb is not second, and nothing is parted by signs, the places where somebody begins to do something.

    "… at ten o'clock Sundays my husband does both": where the need before has its days, the day before him is his, too;
    in "a shower on Mondays my sister does the rest" it is of the need.
    """
    places: list[int] = []
    named: Item | None = None
    rule = False
    joined = 0
    for before, item, doing in zip(found.items, found.items[1:], found.items[2:], strict=False):
        if before.class_ in ("service", "particle"):
            # Of "on at eight and off again at ten" the days are the same.
            named, rule = before, rule and before.class_ == "particle"
        joined = before.last if before.class_ in ("join", "but", "so", "reason") else joined
        acts = doing.class_ == "doing" or (doing.class_ == "service" and found.words[doing.first].text in pack.verbs)
        does = (before.class_, item.class_) == ("when", "person") and acts
        beside = before.last == item.first and item.last == doing.first and joined != before.first
        if named is not None and does and beside and not found.boundary(named.last, item.first):
            places.append(before.first if rule and is_day(before.value) else item.first)
        rule = rule or (before.class_ == "when" and is_day(before.value))
    return places


def begin_with_day(found: Found, chart: Chart) -> None:
    """For "My son cooks at the weekend and on Wednesday I eat out": the last day begins a clause of its own.

    Only where its preposition is said again, and something stands before the days: in "on Monday and on Wednesday I eat
    out" both are of what follows.
    """
    for place in range(len(found.items) - 2, 0, -1):
        before, item, follower = found.items[place - 1 : place + 2]
        own = follower.class_ in ("self", "away") and follower.first == item.last
        if item.class_ != "when" or "days" not in item.value or not own or found.boundary(before.last, item.first):
            continue
        for at in range(item.last - 2, item.first, -1):
            last = [one for one in chart.at[at + 1].get("when", ()) if one.end == item.last and "days" in one.value]
            first = [one for one in chart.at[item.first].get("when", ()) if one.end == at and "days" in one.value]
            bare = at + 3 > item.last or chart.at[at + 1].keys() & {"weekday", "weekday_plural", "article"}
            if last and first and not bare and "join" in chart.at[at]:
                found.items[place : place + 1] = [
                    Item("when", first[0].value, item.first, at),
                    Item("join", True, at, at + 1),
                    Item("when", last[0].value, at + 1, item.last),
                ]
                break


def told_subjects(found: Found, pack: Pack) -> list[int]:
    """The same in what is spoken without signs, behind a word of no phrase: "… moet rusten onze dochter kan maandag".

    Not behind a word by which a clause goes on ("dat mijn dochter komt", "met mijn dochter").
    """
    covered = {at for item in found.items if item.class_ not in _ENDS for at in range(item.first, item.last)}
    goes_on = pack.task_words | pack.from_words | pack.until_words | pack.for_whom | pack.light
    return [
        item.first
        for item, follower in pairwise(found.items)
        if item.class_ == "person" and item.first > 0 and item.first - 1 not in covered
        and found.words[item.first - 1].text not in goes_on
        and (
            (follower.class_ == "doing" and follower.first == item.last)
            or (follower.class_ == "when" and follower.first == item.last + 1
                and found.words[item.last].text in pack.our_able)
        )
    ]  # fmt: skip
