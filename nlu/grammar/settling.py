"""What is settled between phrases: dates that stay whole, bare hours in a list, where a clause begins."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from nlu.grammar.chart import Chart

if TYPE_CHECKING:
    from nlu.grammar.items import Found

HARDLY = 0.1
"""So much less is a reading worth that another one over the same words is to win from."""
FEW = 2
"""So many words, such as "a", may stand between an hour and what is wanted then."""
FEWEST_HOURS = 2
"""So many bare hours make a list of them."""


def keep_dates_whole(chart: Chart) -> None:
    """Take away asides that end within a date ("it is done on the 16th | of March", which is nobody's age).

    Spans of hours that do so give way.
    """
    ends = {
        (start, edge.end) for start, classes in enumerate(chart.at) for edge in classes.get("date", ())
    }  # fmt: skip
    lengths = {(start, edge.end) for start, classes in enumerate(chart.at) for edge in classes.get("duration", ())}
    for start, classes in enumerate(chart.at):
        for place, edge in enumerate(classes.get("when", ())):
            if len(edge.value.get("times", ())) > 1 and any(start < at < edge.end < last for at, last in lengths):
                # "Company at three and one hour of ironing": no visit at one.
                classes["when"][place] = replace(edge, weight=edge.weight - 2 * HARDLY)
        if "aside" in classes:
            classes["aside"] = [
                edge for edge in classes["aside"] if not any(start < first < edge.end < last for first, last in ends)
            ]
        for place, edge in enumerate(classes.get("when", ())):
            if "span" in edge.value and any(start < first < edge.end < last for first, last in ends):
                # "At six until 20 December": no visit from six to eight.
                classes["when"][place] = replace(edge, weight=edge.weight - HARDLY)


def months_of_days(found: Found) -> None:
    """For "In September I'm not in on the 10th and the 11th": the days are of the month, which says nothing else."""
    for place in range(len(found.items) - 1, -1, -1):
        item = found.items[place]
        if item.class_ != "when" or item.value.keys() != {"period"} or item.value["period"].keys() != {"month"}:
            continue
        follower = next((later for later in found.items[place + 1 :] if later.class_ in ("when", "service")), None)
        dates = follower.value.get("date", ()) if follower is not None and follower.class_ == "when" else ()
        if follower is None or not dates or found.boundary(item.last, follower.first):
            continue
        if all("day" in said and "month" not in said for said in dates):
            follower.value = {**follower.value, "date": [{**said, **item.value["period"]} for said in dates]}
            del found.items[place]


def hours_of_a_list(found: Found, chart: Chart) -> None:
    """For "8 uur wassen, half 1 eten, 2 uur wandelen": among bare hours that too is a clock time, no length."""
    clocks, lengths = 0, []
    for item, follower in pairwise(found.items):
        beside = follower.class_ in ("service", "request") and not found.boundary(item.last, follower.first)
        if item.class_ != "when" or not beside or follower.first - item.last > FEW:
            continue
        if item.value.keys() == {"times"} and "any_clock" in chart.at[item.first]:
            clocks += 1
        elif item.value.keys() == {"dur"}:
            hours = [edge.value for edge in chart.at[item.first].get("hour_word", ()) if edge.end == item.last]
            lengths += [(item, hour) for hour in hours]
    for item, hour in lengths if clocks >= FEWEST_HOURS else ():
        item.value = {"times": [hour]}


def subjects(found: Found) -> list[int]:
    """Where the verb is second, the places of those who do something, directly behind a time or a service.

    "… om acht uur mijn broer doet het op zondag": neither is what the brother does, or the verb would stand before him.
    """
    return [
        item.first
        for before, item, doing in zip(found.items, found.items[1:], found.items[2:], strict=False)
        if (before.class_, item.class_, doing.class_) in (("when", "person", "doing"), ("service", "person", "doing"))
        and before.last == item.first
        and item.last == doing.first
    ]
