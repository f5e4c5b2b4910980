"""What phrases mean beside each other, which none of them tells alone: bare hours in a list, days left out, meals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nlu.grammar.afterthoughts import (
    bare_numbers,
    left_out_after_and,
    left_out_too,
    not_here,
    so_of_services,
    weekday_nights,
)
from nlu.grammar.at_hours import parts_of_days
from nlu.grammar.attach import LIMITED
from nlu.grammar.bracketed import days_in_brackets
from nlu.grammar.chart import Chart
from nlu.grammar.clocks import NOON
from nlu.grammar.counting import count
from nlu.grammar.found import Found, Item
from nlu.grammar.fragments import left_behind_days, lengths_before_hours, lone_hours, so_many_animals
from nlu.grammar.frames import CLOCK_KEYS, is_day
from nlu.grammar.jotted import bare_hours, before_hours, behind_days, days_off, hours_of_a_list
from nlu.grammar.line_days import days_of_entries, days_of_lines
from nlu.grammar.listed import nth_days, short_days
from nlu.grammar.mealtimes import settle_mealtimes
from nlu.grammar.meaning import sentence_bounds
from nlu.grammar.subjects import begin_with_day, spoken_subjects, subjects
from nlu.grammar.wishes import names_meant
from nlu.packs.pack import Pack

HARDLY = 0.1
"""So much less is a reading worth that another one over the same words is to win from."""
FEW = 2
"""So many words, such as "a", may stand between an hour and what is wanted then."""
_NUMBERED = frozenset({"per", "once", "count"})
"""What is said of how often begins with a number as well."""
_BEFORE_SERVICE = frozenset({"request", "someone", "moveto", "purpose"})
AFTER_INCLUDED = 3
"""So many words, such as "help with", may stand between a day and the service that it is of."""
_STANDS = ("not", "except", "stop", "move", "moveto", "instead", "better", "shift", "correction")
"""What tells that visits stand already, which are left out or moved …"""
_OUT = ("not", "except")
"""… or, in a later sentence, what is left out of visits that are asked for."""
WEEKEND = ("SA", "SU")
SIX = 6 * 60
"""From this minute of the clock on "at night" is the evening."""
"""The service that a meal names."""


def keep_dates_whole(chart: Chart) -> None:
    """Take away asides that end within a date ("it is done on the 16th | of March", which is nobody's age).

    Spans of hours that do so give way.
    """
    ends, periods = (
        {
            (start, edge.end)
            for start, classes in enumerate(chart.at)
            for name in names
            for edge in classes.get(name, ())
        }
        for names in (("date", "dates_in_month"), ("period",))
    )
    # What begins with a number that is no hour: "one hour", "twice a week" ("2 keer per week").
    numbered = {(start, edge.end) for start, classes in enumerate(chart.at) for edge in classes.get("duration", ())}
    for start, classes in enumerate(chart.at):
        numbered |= {(start, edge.end) for edge in classes.get("when", ()) if _NUMBERED & edge.value.keys()}
    for start, classes in enumerate(chart.at):
        for place, edge in enumerate(classes.get("when", ())):
            several = len(edge.value.get("times", ())) > 1
            if several and any(start < at < edge.end < last for at, last in numbered):
                # "Company at three and one hour of ironing": no visit at one.
                classes["when"][place] = replace(edge, weight=edge.weight - 2 * HARDLY)
            if several and any(start < at < edge.end < last for at, last in ends):
                # "At ten, 2 December".
                classes["when"][place] = replace(edge, weight=edge.weight - 1)
        if "aside" in classes:
            classes["aside"] = [
                edge
                for edge in classes["aside"]
                if not any(start < first < edge.end < last for first, last in ends | periods)
            ]
        for place, edge in enumerate(classes.get("when", ())):
            cut = "span" in edge.value and any(start < first < edge.end < last for first, last in ends)
            if cut or any(first < start < last <= edge.end for first, last in ends):
                # "At six until 20 December": no visit from six to eight. "On Friday 4 December": no other Friday.
                classes["when"][place] = replace(edge, weight=edge.weight - HARDLY)


def settle(found: Found, chart: Chart, pack: Pack) -> None:
    """Settle the items of a message: what the words beside a phrase make of it, and what stands between phrases."""
    count(found, chart, pack)
    left_out_after_and(found, pack)
    left_behind_days(found)
    left_out_too(found, pack)
    so_of_services(found)
    short_days(found, chart, pack)
    days_in_brackets(found)
    nth_days(found, chart)
    _instead(found, chart)
    _excepted_shorts(found, chart)
    _included(found, chart)
    _not_only_included(found, chart)
    before_hours(found, pack)
    behind_days(found, pack)
    bare_hours(found, chart, pack)
    lone_hours(found, chart)
    lengths_before_hours(found, chart)
    so_many_animals(found)
    days_off(found, chart, pack)
    settle_mealtimes(found, pack)
    hours_of_a_list(found, chart)
    _only_that_week(found, chart)
    _hours_of_both_days(found, chart)
    days_of_lines(found, chart)
    days_of_entries(found, chart, pack)
    _months_of_days(found)
    _seven_days(found)
    _days_from_tomorrow(found)
    _every_other_of_all(found)
    _evening_nights(found, pack)
    parts_of_days(found, evenings=bool(pack.evening_nights))
    _spans_of_the_past(found, chart, pack)
    _after_those(found, pack)
    bare_numbers(found, chart, pack)
    not_here(found, pack)
    weekday_nights(found)
    _meant_beside(found, pack)
    names_meant(found, chart)
    begin_with_day(found, chart)
    if pack.verb_second:
        _days_before_verbs(found)
        found.parted = frozenset(subjects(found, pack))
    else:
        found.parted = frozenset(spoken_subjects(found, pack))


def _meant_beside(found: Found, pack: Pack) -> None:
    """For "The wash: Tuesdays washing, Wednesdays ironing": what a word is about is told by what stands beside it."""
    services = [item for item in found.items if item.class_ == "service"]
    texts = [" ".join(word.text for word in found.words[item.first : item.last]) for item in services]
    days = [item for item in found.items if item.class_ == "when" and is_day(item.value)]
    for at, (item, text) in enumerate(zip(services, texts, strict=True)):
        means, phrases, things = pack.beside.get(text, ("", frozenset[str](), frozenset[str]()))
        start, end = sentence_bounds(found, item.first)
        if means and things & {word.text for word in found.words[start:end]}:
            # "The curtains have to come down and be washed": nobody is washed.
            item.value = [means]
        own = next((day for day in reversed(days) if day.last <= item.first), None)
        if not means or own is None or own.value.get("freq") == "DAILY":
            continue
        # What heads it, without days of its own, or what is done on another day.
        heads = at > 0 and services[at - 1].value == [means] and own is days[0] and own.first >= services[at - 1].last
        if heads or phrases & set(texts[at + 1 : at + 2]):
            item.value = [means]


def _instead(found: Found, chart: Chart) -> None:
    """Add the old time where a bare hour says it ("at ten instead of eight")."""
    for place in range(len(found.items) - 1, -1, -1):
        item = found.items[place]
        follower = found.items[place + 1] if place + 1 < len(found.items) else None
        if item.class_ != "instead" or item.last >= len(found.words) or (follower and follower.first == item.last):
            continue
        hours = chart.at[item.last].get("any_clock")
        if hours:
            last = max(hours, key=lambda edge: edge.end)
            old = Item("when", {"times": [last.value], "role": "from"}, item.last, last.end)
            found.items.insert(place + 1, old)


def _excepted_shorts(found: Found, chart: Chart) -> None:
    """Add the days that are left out where only their short names say it ("behalve zo")."""
    for place in range(len(found.items) - 1, -1, -1):
        item = found.items[place]
        follower = found.items[place + 1] if place + 1 < len(found.items) else None
        free = item.last < len(found.words) and not (follower and follower.first == item.last)
        days = chart.at[item.last].get("anydays", ()) if item.class_ == "except" and free else ()
        last = max(days, key=lambda edge: edge.end, default=None)
        if last is not None and not _goes_on(found, last.end):
            found.items.insert(place + 1, Item("when", {"days": last.value}, item.last, last.end))


def _goes_on(found: Found, place: int) -> bool:
    """Whether a word of no meaning here stands at a place: before it "zo" is no Sunday ("niet zo handig")."""
    taken = any(item.first <= place < item.last for item in found.items)
    return place < len(found.words) and found.words[place].text.isalpha() and not taken


def _included(found: Found, chart: Chart) -> None:
    """Give "weekends as well" the days that it names; none when it is said of holidays."""
    for item in found.items:
        if item.class_ != "included":
            continue
        within = [chart.at[place] for place in range(item.first, item.last)]
        days = [day for at in within for edge in at.get("when", ()) for day in edge.value.get("days", ())]
        holidays = any("holiday" in at for at in within)
        item.value = list(dict.fromkeys(days)) or ([] if holidays else list(WEEKEND))


def _not_only_included(found: Found, chart: Chart) -> None:
    """For "Shopping on Fridays, and also at weekends a walk": with a service behind it the weekend is no addition."""
    for place, item in enumerate(found.items[:-1]):
        follower = next((other for other in found.items[place + 1 :] if other.class_ not in _BEFORE_SERVICE), None)
        if item.class_ not in ("included", "aside") or follower is None or follower.class_ != "service":
            continue
        before = found.items[place - 1] if place else None
        if before is not None and before.class_ == "when" and before.value.get("freq") == "DAILY":
            # "Every day, also at weekends, help with the shopping".
            continue
        if follower.first - item.last > AFTER_INCLUDED or found.boundary(item.last, follower.first):
            continue
        within = [
            edge
            for start in range(item.first, item.last)
            for edge in chart.at[start].get("when", ())
            if edge.end == item.last and edge.value.get("days")
        ]
        if within:
            found.items[place] = Item("when", within[0].value, within[0].start, within[0].end)


def _only_that_week(found: Found, chart: Chart) -> None:
    """For "Only next week a meal every day": beside what comes back that says in which week, if nothing stands yet.

    In "Meals next week only. Monday to Friday. Not Wednesday." that is left out of what is asked for.
    """
    comes_back = any(
        item.class_ == "when" and (item.value.get("every") or {"freq", "per", "partly"} & item.value.keys())
        for item in found.items
    )
    for item in [item for item in found.items if item.class_ == "this_time_only" and comes_back]:
        _, end = sentence_bounds(found, item.first)
        if any(other.class_ in _STANDS and (other.first < end or other.class_ not in _OUT) for other in found.items):
            continue
        weeks = [
            edge.value
            for at in range(item.first, item.last)
            for edge in chart.at[at].get("period", ())
            if edge.end <= item.last
        ]
        if weeks:
            item.class_, item.value = "when", {"period": weeks[0]}


def _hours_of_both_days(found: Found, chart: Chart) -> None:
    """For "Weekdays 12 o'clock, at the weekend 1 uur": beside an hour of other days that is one, too, and no length."""
    for day, hour, other, length in zip(
        found.items, found.items[1:], found.items[2:], found.items[3:], strict=False
    ):  # fmt: skip
        row = (day, hour, other, length)
        if any(item.class_ != "when" for item in row) or not (is_day(day.value) and is_day(other.value)):
            continue
        beside = day.last == hour.first and other.last == length.first and other.first - hour.last <= FEW
        if beside and hour.value.keys() == {"times"} and length.value.keys() == {"dur"}:
            said = [edge.value for edge in chart.at[length.first].get("any_clock", ()) if edge.end == length.last]
            length.value = {"times": said[:1]} if said else length.value


def _months_of_days(found: Found) -> None:
    """For "In September I'm not in on the 10th": the days are of the month; "daily in May except the 5th" says both."""
    for place in range(len(found.items) - 1, -1, -1):
        item = found.items[place]
        if item.class_ != "when" or item.value.keys() != {"period"} or item.value["period"].keys() != {"month"}:
            continue
        follower = next((later for later in found.items[place + 1 :] if later.class_ in ("when", "service")), None)
        if follower is not None and (dated := _days_as_hours(found, item, follower)):
            follower.value = {"period": dated}
            del found.items[place]
            continue
        dates = follower.value.get("date", ()) if follower is not None and follower.class_ == "when" else ()
        if follower is None or not dates or found.boundary(item.last, follower.first):
            continue
        if all("day" in said and "month" not in said for said in dates):
            follower.value = {**follower.value, "date": [{**said, **item.value["period"]} for said in dates]}
            before = found.items[place - 1 : place]
            comes_back = any("every" in one.value or "freq" in one.value for one in before if one.class_ == "when")
            left_out = any(
                one.class_ in ("except", "not") and one.first < follower.first for one in found.items[place:]
            )
            if not (comes_back and left_out):
                del found.items[place]


def _seven_days(found: Found) -> None:
    """For "Help with washing at eight, 7 days": every day of the week, where nothing else says which days."""
    whens = [item for item in found.items if item.class_ == "when"]
    bare = [
        item for item in whens if item.value == {"lasting": {"n": 7, "unit": "day"}} and item.last - item.first == 2
    ]
    others = [item for item in whens if item not in bare]
    if bare and not any(is_day(item.value) or LIMITED & item.value.keys() or "count" in item.value for item in others):
        for item in bare:
            item.value = {"freq": "DAILY"}


def _every_other_of_all(found: Found) -> None:
    """For "Not on Sunday. Every other day at five": every second day, or all days but that one?"""
    for marker, day, *between in zip(
        found.items, found.items[1:], found.items[2:], [*found.items[3:], None], strict=False
    ):
        if marker.class_ not in ("not", "except") or day.class_ != "when" or "days" not in day.value:
            continue
        again = next((one for one in between if one is not None and one.class_ not in ("but", "join")), None)
        if again is not None and again.class_ == "when" and again.value == {"freq": "DAILY", "interval": 2}:
            again.value = {**again.value, "unsure": "days"}


def _evening_nights(found: Found, pack: Pack) -> None:
    """For "Six at night", "half six in the morning and half six at night": that is an hour of the evening."""
    for place, item in enumerate(found.items):
        text = " ".join(word.text for word in found.words[item.first : item.last])
        if item.class_ != "when" or not text.endswith(pack.evening_nights or "\n"):
            continue
        before = found.items[place - 1] if place else None
        if item.value == {"part": "night"} and before is not None and before.last == item.first:
            hours = before.value.get("times", before.value.get("span")) if before.class_ == "when" else ()
            if hours and all(SIX <= clock.minutes < NOON for clock in hours):
                item.value = {"part": "evening"}
        elif "times" in item.value and SIX <= item.value["times"][-1].minutes < SIX + 60:
            last = replace(item.value["times"][-1], minutes=item.value["times"][-1].minutes + NOON)
            item.value = {**item.value, "times": [*item.value["times"][:-1], last]}


def _days_from_tomorrow(found: Found) -> None:
    """For "Cream twice daily, ten days from tomorrow": of what comes back that says how long, and from when."""
    whens = [item for item in found.items if item.class_ == "when"]
    for item in whens if any({"freq", "per"} & item.value.keys() for item in whens) else ():
        spoken = item.value["date"][0] if item.value.keys() == {"date"} else {}
        if "in" in spoken.get("beside", {}) and spoken["days"] == 1:
            span = {"n": spoken["beside"]["in"], "unit": spoken["beside"]["unit"]}
            item.value = {"from": [{"rel": 1}], "lasting": span}


def _spans_of_the_past(found: Found, chart: Chart, pack: Pack) -> None:
    """For "I haven't slept in a month": for how long something has not happened is nothing that is asked for."""
    lacked = [edge for classes in chart.at for edge in classes.get("lacked", ())]
    for item in found.items:
        begin = {word.text for word in found.words[max(item.first - 1, 0) : item.first + 1]}
        if item.class_ != "when" or not begin & pack.span_words or not _is_span(item):
            continue
        if any(
            edge.start < item.last and (item.first < edge.end or not found.boundary(edge.end, item.first))
            for edge in lacked
        ):
            item.class_ = "aside"


def _after_those(found: Found, pack: Pack) -> None:
    """For "After those three weeks only on Mondays": what is wanted next."""
    for item in found.items:
        if item.class_ == "those" and item.first and found.words[item.first - 1].text in pack.from_words:
            item.class_, item.first = "andthen", item.first - 1


def _is_span(item: Item) -> bool:
    """Whether a phrase says so many days, weeks or months, from now on or until now."""
    said = item.value
    dates = said.get("date", ())
    ahead = len(dates) == 1 and bool({"in", "rel"} & dates[0].keys())
    span = ahead or "lasting" in said or said.get("period") == {"week": 2}
    return span and said.keys() <= {"date", "lasting", "period"}


def _days_as_hours(found: Found, month: Item, follower: Item) -> dict[str, Any] | None:
    """For "In January I'm away, from 3 to 10, so the cat at five": days of that month, where an hour is said too."""
    hours = [item for item in found.items if item.class_ == "when" and CLOCK_KEYS & item.value.keys()]
    ahead = found.boundary(month.last, follower.first) < 2 and follower.first > month.last
    spoken = found.words[follower.first : follower.last]
    if follower.class_ != "when" or follower.value.keys() != {"span"} or len(hours) < 2 or not ahead:
        return None
    days = [word.text for word in spoken if word.text.isdigit()]
    if len(days) != 2 or len(spoken) > len(days) + 2 or int(days[0]) >= int(days[1]):
        return None
    first, last = ({"day": int(day), **month.value["period"]} for day in days)
    return {"from": first, "until": last, "inclusive": False}


def _days_before_verbs(found: Found) -> None:
    """Where the verb is second, part the last day of a list that begins a clause of its own from the others.

    "Op maandag, donderdag heb ik zwemmen": only the Monday is asked for.
    """
    for place in range(len(found.items) - 2, -1, -1):
        item, follower = found.items[place : place + 2]
        days = item.value.get("days", ()) if item.class_ == "when" and item.value.keys() <= {"days", "every"} else ()
        listed = len(days) > 1 and found.words[item.last - 2].text == ","
        told = follower.class_ == "self" and follower.first == item.last + 1 and found.words[item.last].text.isalpha()
        if listed and (told or (follower.class_ == "away" and follower.first == item.last)):
            found.items.insert(place + 1, Item("when", {"days": days[-1:]}, item.last - 1, item.last))
            item.value, item.last = {**item.value, "days": days[:-1]}, item.last - 2
