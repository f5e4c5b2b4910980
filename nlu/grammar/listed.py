"""What "the first" and "points 1 and 2" mean: services of a list, by their place in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlu.grammar.attach import Piece
from nlu.grammar.chart import Chart
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, When, is_day
from nlu.grammar.spelling import HARD_STOPS, Word
from nlu.packs.pack import Pack

LONGEST_ORDINALS = 5
"""Of so many words at most are ordinals in a row ("3rd and 4th Friday")."""
FEWEST_LISTED = 2
"""So many services must have been named before "the first" of them can be meant."""


def listed(item: Item, found: Found, pack: Pack, pieces: Sequence[Piece]) -> list[str]:
    """The services that an item points at among those that the pieces before it name; [] when there are none."""
    named: list[list[str]] = []
    for piece in pieces:
        if piece.kind == "S" and piece.value not in named:
            named.append(piece.value)
    numbers = _ordinals(item, found, pack)
    # "Points 1 and 2 for eight weeks."
    words = [word.text for word in found.words[item.first : item.last]]
    points = [int(word) for word in words if word.isdigit()] if not numbers else []
    places = [number - 1 if number > 0 else number for number in points or numbers[:1]]
    if len(named) < FEWEST_LISTED or not places or not all(-len(named) <= at < len(named) for at in places):
        return []
    return [key for at in places for key in named[at]]


def heads_need(item: Item, found: Found, pack: Pack) -> bool:
    """Whether an item numbers a need that is named behind it ("the first is the windows")."""
    follower = next((other for other in found.items if other.first >= item.last), None)
    headed = follower is not None and follower.class_ == "service" and item.last - item.first > FEWEST_LISTED
    return headed and bool(_ordinals(item, found, pack))


def is_listed(item: Item, found: Found, pack: Pack) -> bool:
    """Whether "the first" is no date but the first of a list, as a day follows it."""
    if item.value.keys() != {"date"} or found.words[item.last - 1].text not in pack.ordinals:
        return False
    follower = next((other for other in found.items if other.first == item.last), None)
    return follower is not None and follower.class_ == "when" and (is_day(follower.value) or "per" in follower.value)


def _ordinals(item: Item, found: Found, pack: Pack) -> list[int]:
    words = [word.text for word in found.words[item.first : item.last]]
    return [number for number in (pack.ordinals.get(word, 0) for word in words) if number]


def days_by_capital(words: Sequence[Word], pack: Pack) -> Iterator[tuple[int, str]]:
    """The places of words that are a day as well, with that day, where a capital or other days in short say so.

    "Laundry Sat; a lift to church Sun 9.15"; "mon cleaning, sat shopping".
    """
    named = {word.text for word in words if word.text in pack.short_days and word.token.original.istitle()}
    others = len(named) > 1 or any(word.token.text in pack.only_short_days for word in words)
    for place, word in enumerate(words):
        day = pack.short_days.get(word.text)
        if day is None:
            continue
        before = words[place - 1].text if place else "\n"
        behind = words[place + 1].text if place + 1 < len(words) else "\n"
        apart = not before.isalpha() or not behind.isalpha() or pack.joins & {before, behind}
        capital = word.token.original.istitle() and before not in HARD_STOPS
        if before not in pack.light and (capital or (others and apart and behind not in pack.for_whom)):
            yield place, day


def short_days(found: Found, chart: Chart, pack: Pack) -> None:
    """For "ma t/m za 7.30, zo 8.30": a word that is a day as well is one behind other days with a short name.

    So is one alone between brackets behind a service ("tuin (do)", but not "moeder (ma)").
    """
    texts = [word.text for word in found.words]
    taken = {at for item in found.items for at in range(item.first, item.last)}
    for at in range(1, len(texts) - 1):
        days = chart.at[at].get("weekday_short", ()) if (texts[at - 1], texts[at + 1]) == ("(", ")") else ()
        if days and at not in taken and any(one.class_ == "service" and one.last == at - 1 for one in found.items):
            found.items.append(Item("when", {"days": [days[0].value]}, at, at + 1))
            found.items.sort(key=lambda item: item.first)
    short = False
    for item, follower in zip(found.items, [*found.items[1:], None], strict=False):
        days = chart.at[item.last - 1].get("weekday_short", ())
        if item.class_ == "suchlike" and short and days and follower is not None and follower.first == item.last:
            # "Ma wo vr om 12 uur en zo om 1 uur".
            item.class_, item.value = "when", {"days": [days[0].value]}
        if item.class_ != "when":
            continue
        if follower is not None:
            _without_adverb(found, item, follower, chart, pack)
        days = item.value.get("or_days")
        if days:
            item.value = {key: value for key, value in item.value.items() if key != "or_days"}
            joined = any(one.class_ == "join" and one.last == item.first for one in found.items)
            if short and item.first and (joined or found.boundary(item.first - 1, item.first)):
                item.value = {"days": days, **item.value}
        places = range(item.first, item.last) if "days" in item.value else ()
        short = short or any(found.words[at].token.text.rstrip(".") in pack.dotted_days for at in places)


def _without_adverb(found: Found, item: Item, follower: Item, chart: Chart, pack: Pack) -> None:
    """For "maandag, zo rond negen uur": beside days with their full names a word that is a day as well is none."""
    short = [at for at in range(item.first, item.last) if found.words[at].token.text in pack.dotted_days]
    full = any("weekday" in chart.at[at] for at in range(item.first, item.last) if at not in short)
    if "days" not in item.value or not full or short != [item.last - 1] or follower.first != item.last:
        return
    days = [edge.value for edge in chart.at[short[0]].get("weekday_short", ())]
    hours = any(CLOCK_KEYS & edge.value.keys() for edge in chart.at[short[0]].get("when", ()) if edge.end > item.last)
    if hours:
        item.value = {**item.value, "days": [day for day in item.value["days"] if day not in days]}
        item.last = follower.first = short[0]


def nth_days(found: Found, chart: Chart) -> None:
    """For "The first Monday of the month the chiropodist, third Monday the hairdresser": of the month as well.

    So is "third Monday" behind "the first Monday of March" the third of that month.
    """
    before: When = {}
    for item in found.items:
        if item.class_ != "when":
            continue
        if "nth" in item.value or any("nth" in said for said in item.value.get("date", ())):
            before = item.value
        if not before or item.value.keys() - {"part"} != {"days"} or len(item.value["days"]) != 1:
            continue
        taken = {at for other in found.items for at in range(other.first, other.last)}
        starts = range(max(item.first - LONGEST_ORDINALS, 0), item.first)
        said = next(
            (edge for at in starts for edge in chart.at[at].get("ords", ()) if edge.end == item.first), None
        )  # fmt: skip
        if said is None or taken & set(range(said.start, said.end)):
            continue
        (day,) = item.value.pop("days")
        if "nth" in before:
            item.value = {**item.value, "nth": [[n, day] for n in said.value]}
        else:
            month = next(one for one in before["date"] if "nth" in one)
            item.value = {**item.value, "date": [{**month, "nth": n, "weekday": day} for n in said.value]}
        item.first = said.start
        found.loose[:] = [at for at in found.loose if not said.start <= at < said.end]
