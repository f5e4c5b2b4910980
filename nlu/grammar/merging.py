"""Needs that are one: said twice, with the days or the hours of both, or once vaguely and once exactly."""

from __future__ import annotations

from dataclasses import replace

from care.needs import Need
from care.schedule import DAYPARTS
from nlu.grammar.clocks import fits
from nlu.grammar.day_functions import WEEK

ASK_ORDER = ("service", "variant", "days", "phase", "scope", "time")
FAR_APART = 7
"""Clock times of needs whose first dates lie further apart, in days, are not of one: the second begins later."""
BY_DAY = ("FREQ=WEEKLY;BYDAY=", "FREQ=MONTHLY;BYDAY=")


def merged(needs: list[Need]) -> list[Need]:
    """Needs without doubles; two that differ only in their weekdays are one with the days of both."""
    row: list[Need] = []
    for need in _without_vague_doubles(needs):
        if need in row:
            continue
        for place, other in enumerate(row):
            joined = _with_days_of_both(other, need) or _with_times_of_both(other, need)
            if joined is not None:
                row[place] = joined
                break
        else:
            row.append(need)
    return row


def _timeless(need: Need) -> Need:
    """A need without what was said of the time of day."""
    schedule = replace(need.schedule, times=(), dtstart=None, daypart=None, window=None)
    return replace(need, schedule=schedule, ask=())


def _with_times_of_both(first: Need, second: Need) -> Need | None:
    """One need for two that differ only in their clock times ("at ten, and again at two")."""
    one, other = first.schedule, second.schedule
    if not one.times or not other.times or one.rrule is None:
        return None
    if one.daypart and other.daypart and one.daypart != other.daypart:
        return None
    starts = [start for start in (one.dtstart, other.dtstart) if start]
    if _timeless(first) != _timeless(second) or (starts and (max(starts) - min(starts)).days > FAR_APART):
        return None
    if one.daypart != other.daypart:
        one = replace(one, daypart=None, window=None)
    times = tuple(sorted({*one.times, *other.times}))
    return replace(first, schedule=replace(one, times=times, dtstart=min(starts, default=None)))


def _with_days_of_both(first: Need, second: Need) -> Need | None:
    rules = (first.schedule.rrule, second.schedule.rrule)
    starts_with = next((start for start in BY_DAY if all(rule and rule.startswith(start) for rule in rules)), None)
    if starts_with is None or any(rule.count(";") > 1 for rule in rules if rule):
        return None
    begins = [need.schedule.dtstart for need in (first, second)]
    apart = abs((begins[0] - begins[1]).days) if begins[0] and begins[1] else 0
    if apart >= (7 if starts_with == BY_DAY[0] else 31):
        # "On Fridays, and from January on Mondays as well".
        return None
    same = replace(second.schedule, rrule=first.schedule.rrule, dtstart=first.schedule.dtstart)
    if first.service != second.service or same != first.schedule or first.preferences != second.preferences:
        return None
    days = {day for rule in rules if rule for day in rule.split("=")[-1].split(",")}
    starts = [need.schedule.dtstart for need in (first, second) if need.schedule.dtstart]
    in_order = sorted(days) if starts_with == BY_DAY[1] else [day for day in WEEK if day in days]
    rule = starts_with + ",".join(in_order)
    ask = tuple(word for word in ordered([*first.ask, *second.ask]))
    return replace(first, schedule=replace(first.schedule, rrule=rule, dtstart=min(starts)), ask=ask)


def _without_vague_doubles(needs: list[Need]) -> list[Need]:
    """For "Morning and night, at seven and at nine": what says only the part of the day goes with the clock times."""
    kept = []
    for need in needs:
        if _says_less(need, needs):
            continue
        part = need.schedule.daypart
        if part is None or need.schedule.times or need.schedule.window != DAYPARTS[part]:
            kept.append(need)
            continue
        exact = [other for other in needs if other.schedule.times and _timeless(other) == _timeless(need)]
        minutes = [time.hour * 60 + time.minute for other in exact for time in other.schedule.times]
        if not any(fits(minute, part) for minute in minutes) or not all(
            other.schedule.daypart in (None, part) for other in exact
        ):
            kept.append(need)
    return kept


def _says_less(need: Need, needs: list[Need]) -> bool:
    """Whether another need is the same with a time of day: "the other days nobody rings; ring at nine, Monday to …"."""
    schedule = need.schedule
    if schedule.rrule is None or schedule.times or schedule.window or "service" not in need.ask:
        return False
    return any(
        other.service == need.service and other.schedule.rrule == schedule.rrule and other.schedule.times
        for other in needs
    )


def ordered(ask: list[str]) -> tuple[str, ...]:
    """What must be asked, each once, in the order in which it is asked."""
    unique = dict.fromkeys(ask)
    return tuple(sorted(unique, key=lambda word: ASK_ORDER.index(word) if word in ASK_ORDER else len(ASK_ORDER)))
