"""What is jotted down in lists: things that stand for a service beside their day, and hours without any word."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.chart import Chart
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, is_day
from nlu.grammar.functions import clock
from nlu.packs.pack import Pack

FEW = 2
"""So many words, such as "a", may stand between an hour and what is wanted then."""
FEWEST_HOURS = 2
"""So many bare hours make a list of them."""
_BEHIND_NUMBER = frozenset(".:)")
_WHEN_BEHIND = frozenset({"times", "days", "freq", "per", "nth", "date"})


def before_hours(found: Found, pack: Pack) -> None:
    """For "Tea at five and bed at nine": a word that names a service only before its hour, or its day."""
    whens = [item for item in found.items if item.class_ == "when" and (_WHEN_BEHIND & item.value.keys())]
    for item in [item for item in whens if item.first]:
        key = pack.before_hour.get(found.words[item.first - 1].text)
        taken = any(one.first <= item.first - 1 < one.last for one in found.items)
        begins = item.first < FEW or not found.words[item.first - 2].text.isalpha()
        joins = [one.first for one in found.items if one.class_ == "join" and one.last == item.first - 1]
        # Not in "my hair and feet on Monday".
        joined = any(one.last in joins and one.class_ in ("when", "service") for one in found.items)
        if key is not None and not taken and (begins or joined):
            found.items.insert(found.items.index(item), Item("service", [key], item.first - 1, item.first))


def behind_days(found: Found, pack: Pack) -> None:
    """For "Monday hair, Tuesday feet": the same behind a day, where nothing else stands between that day and a sign."""
    size = len(found.words)
    for place in range(len(found.items) - 1, -1, -1):
        item = found.items[place]
        colon = item.last < size and found.words[item.last].text == ":"
        at = item.last + colon
        said = item.value.keys() if item.class_ == "when" else set[str]()
        days = bool({"days", "nth"} & said or (colon and said and (is_day(item.value) or "from" in said)))
        timed = any(one.class_ == "when" and one.first == at + 1 for one in found.items)
        if not days or at >= size or (at + 1 < size and _is_word(found, at + 1) and not timed):
            continue
        key = pack.before_hour.get(found.words[at].text)
        taken = any(one.first <= at < one.last for one in found.items)
        if key is not None and not taken and (not item.first or not _is_word(found, item.first - 1)):
            found.items.insert(place + 1, Item("service", [key], at, at + 1))


def _is_word(found: Found, place: int) -> bool:
    return found.words[place].text.isalpha()


def hours_of_a_list(found: Found, chart: Chart) -> None:
    """For "8 uur wassen, half 1 eten, 2 uur wandelen": among bare hours that too is a clock time, no length."""
    clocks, lengths = 0, []
    for item, follower in pairwise(found.items):
        beside = follower.class_ in ("service", "request") and not found.boundary(item.last, follower.first)
        if item.class_ != "when" or not beside or follower.first - item.last > FEW:
            continue
        if item.value.keys() == {"times"} and "any_clock" in chart.at[item.first]:
            clocks += 1
        elif item.value.keys() <= {"dur", "each"}:
            hours = [edge.value for edge in chart.at[item.first].get("hour_word", ()) if edge.end == item.last]
            lengths += [(item, hour) for hour in hours]
    for item, hour in lengths if clocks >= FEWEST_HOURS else ():
        item.value = {"times": [hour]}


def bare_hours(found: Found, chart: Chart, pack: Pack) -> None:
    """For "Breakfast 8, lunch 12.30", "Tues: physio 11": a bare number behind a service, and before a sign, is an hour.

    Only in a list: where a day stands directly before the service, or other hours are named so.
    """
    if not any(word.token.original.isdigit() for word in found.words):
        return
    size = len(found.words)
    bare: list[tuple[Item, Item]] = []
    dated = False
    whens = [item.value for item in found.items if item.class_ == "when"]
    # "Every day at eight, Sunday 9": no date.
    rule = any("times" in value for value in whens) and any({"freq", "every"} & value.keys() for value in whens)
    for place, item in enumerate(found.items):
        at = item.last
        free = at < size and not any(one.first <= at < one.last for one in found.items[place + 1 :])
        day = rule and item.class_ == "when" and item.value.keys() <= {"days", "every", "weekend"}
        if not (item.class_ == "service" or day) or not free or (at + 1 < size and _is_word(found, at + 1)):
            continue
        if at + 2 < size and found.words[at + 1].text in _BEHIND_NUMBER and not found.in_brackets(at):
            # "… on Wednesday 2. The windows": it numbers what follows.
            continue
        hours = [edge for edge in chart.at[at].get("bare_hour", ()) if edge.end == at + 1]
        if hours and chart.at[at].get("digits"):
            bare.append((item, Item("when", {"times": [hours[0].value]}, at, at + 1)))
            before = found.items[place - 1] if place else None
            near = before is not None and before.class_ == "when" and item.first - before.last <= 1
            dated = dated or (near and before is not None and is_day(before.value))
    _before_services(found, pack)
    _of_the_return(found, chart, pack)
    others = sum(one.class_ == "when" and bool(CLOCK_KEYS & one.value.keys()) for one in found.items)
    for item, hour in bare if dated or len(bare) + others >= FEWEST_HOURS else ():
        found.items.insert(found.items.index(item) + 1, hour)


def _before_services(found: Found, pack: Pack) -> None:
    """For "Thursdays: 10 cleaning, 12 lunch, 2 walk": the same before services, where it is several times so."""
    hours = []
    for item in [item for item in found.items if item.class_ == "service"]:
        at = item.first - 1
        taken = any(one.first <= at < one.last and one.class_ != "moveto" for one in found.items)
        free = at > 0 and not _is_word(found, at - 1) and not taken
        # As it was written: "2 walk" may have been taken for "to walk".
        written = found.words[at].token.original if free else ""
        hour = clock(int(written)) if written.isdigit() else None
        if hour is not None and found.words[item.last - 1].text not in pack.events:
            hours.append(Item("when", {"times": [hour]}, at, item.first))
    if len(hours) >= FEWEST_HOURS:
        places = {hour.first for hour in hours}
        found.items[:] = [one for one in found.items if one.first not in places] + hours
        found.items.sort(key=lambda item: item.first)


def _of_the_return(found: Found, chart: Chart, pack: Pack) -> None:
    """For "A taxi to church at 9.30, home 11": the same behind a word for coming back, where another hour is named."""
    timed = any(one.class_ == "when" and CLOCK_KEYS & one.value.keys() for one in found.items)
    for at in range(1, len(found.words)) if timed else ():
        back = found.words[at - 1].text in pack.homeward and (at < FEW or not _is_word(found, at - FEW))
        taken = any(one.first <= at < one.last for one in found.items)
        ends = at + 1 == len(found.words) or not _is_word(found, at + 1)
        hours = [edge.value for edge in chart.at[at].get("bare_hour", ()) if edge.end == at + 1]
        if back and ends and hours and not taken and "digits" in chart.at[at]:
            found.items.append(Item("when", {"times": hours[:1]}, at, at + 1))
            found.items.sort(key=lambda item: item.first)


def days_off(found: Found, chart: Chart, pack: Pack) -> None:
    """For "Mon shower, Tue off, Wed shower": in a list nothing is wanted on a day with only a "not" behind it."""
    days = [item for item in found.items if item.class_ == "when" and "days" in item.value]
    named = {key for item in found.items if item.class_ == "service" for key in item.value}
    for item in days if len(days) > 1 else ():
        behind = next((one for one in found.items if one.first == item.last), None)
        if behind is None or behind.class_ not in ("not", "particle") or "not" not in chart.at[behind.first]:
            continue
        if behind.class_ == "particle" and named & pack.particle_nouns[behind.value["family"]]:
            # "Stockings Mon on, Tue off."
            continue
        begins = item.first > 0 and not _is_word(found, item.first - 1)
        ends = behind.last >= len(found.words) or not _is_word(found, behind.last)
        if begins and ends and behind.last - behind.first == 1:
            behind.class_ = "nothing"
