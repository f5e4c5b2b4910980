"""From the text of a message to its items: the phrases found in it, in order, with what lies between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nlu.grammar.chart import Chart
from nlu.grammar.enumerated import with_stops
from nlu.grammar.found import Found, Item
from nlu.grammar.functions import FUNCTIONS, clock_24
from nlu.grammar.listed import days_by_capital
from nlu.grammar.settling import keep_dates_whole, settle
from nlu.grammar.spelling import Word, name_like, respell
from nlu.packs.pack import Pack
from nlu.tokens import tokenise

# What each class of phrase is worth per word. A cue is worth less than what it is a cue of.
TOP_CLASSES: dict[str, float] = {
    "when": 1.0,
    "service": 1.0,
    "preference": 0.95,
    "aside": 1.05,
    "courtesy": 1.06,
    "shift": 1.0,
    "this_time_only": 1.0,
    "from_now_on": 1.0,
    "away": 1.0,
    "absent": 0.6,
    "gone": 0.5,
    "ceases": 0.5,
    "purpose": 0.3,
    "anchor": 0.95,
    "thence": 1.0,
    "those": 1.05,
    "feast": 1.06,
    "no_visit": 1.06,
    "leaving_out": 0.7,
    "all_else": 1.06,
    "anew": 1.06,
    "unfit": 1.05,
    "only_then": 1.0,
    "till_then": 1.0,
    "unknown_end": 1.02,
    "whole": 1.0,
    "same": 1.0,
    "same_time": 1.05,
    "same_day": 1.05,
    "same_period": 1.05,
    "same_start": 1.05,
    "suchlike": 1.05,
    "note": 1.05,
    "same_length": 1.05,
    "nth_visit": 1.06,
    "nothing": 1.05,
    "instead": 1.0,
    "included": 1.05,
    "particle": 1.0,
    "mealtime": 1.05,
    "nth_named": 0.9,
    "idem": 0.6,
    **dict.fromkeys(
        (
            "except", "not", "correction", "newneed", "or", "someone", "person", "doing", "history", "request", "move",
            "moveto", "stop", "again", "weather", "then",
            "join", "andthen", "either", "kept", "isaid", "but", "reason", "so", "self",
            "question", "sessions", "better",
            "arrives", "soft", "mistaken", "noted", "meant",
            "visitword", "mine", "both", "appointment", "apart", "endless", "nor", "leave_it", "so_mine",
        ),
        0.5,
    ),
}  # fmt: skip
_TAKEN_FOR = {"no_visit": "not", "all_else": "kept", "leaving_out": "except"}
"""Phrases that stand before the words in them ("no visits" names no service, "all the rest" not all of it, nothing
begins with "apart from 15 July"), with what they then are.
"""
LONGEST_IN_HOURS = 4
"""So many hours "4h30" says as a length of time; of more it is a clock time."""
MOST_OF_A_DATE = 31
"""A higher number is no day and no hour."""
HALVES = ("am", "pm")
"""Behind one of these three or four digits are an hour and its minutes ("915am")."""
ROUND_MINUTES = ("00", "10", "15", "20", "30", "40", "45", "50")
"""So many minutes stand behind an hour in three digits ("930")."""
_SEPARATORS = {ord("/"): "-", ord("."): "-"}
LINE_STARTS = frozenset(".;!?\n:")
LINE_NUMBERED = frozenset(".),:-")
"""What stands before and behind the number of a line in a list."""

# Words of these classes that no phrase took mean that something about time was not understood.
_TEMPORAL = (
    "weekday",
    "weekday_plural",
    "dayset",
    "month",
    "unit",
    "part",
    "parts",
    "partly",
    "part_phrase",
    "holiday",
    "holiday_evening",
    "time_word",
)


def find(text: str, pack: Pack) -> Found:
    """The items of a message."""
    words = with_stops(respell(text, tokenise(text), pack))
    chart = Chart([word.text for word in words], FUNCTIONS)
    for place, word in enumerate(words):
        _numbers(chart, place, word, words[place + 1].text if place + 1 < len(words) else "", pack.hour_words)
        if word.token.kind == "word" and word.token.original[:1] in "éÉ" and word.text in pack.articles:
            # An accent makes the number of the article: "één".
            chart.add("plain_number", place, place + 1, 1)
        if word.token.kind == "word" and set(word.token.original.lower()) & set("óò") and word.text in pack.but_before:
            # An accent makes "before" of "for": "vóór".
            chart.add("before_word", place, place + 1, word.text)
        if name_like(word.token, words[max(place - 1, 0) : place]) and word.text not in pack.vocabulary:
            chart.add("name", place, place + 1, word.token.original)
            if word.text in pack.first_names:
                chart.add("first_name", place, place + 1, word.token.original)
        elif word.text in pack.first_names:
            chart.add("name", place, place + 1, word.token.original.capitalize())
            chart.add("first_name", place, place + 1, word.token.original.capitalize())
        if word.text not in pack.vocabulary and len(word.text) > 7:
            _ending(chart, place, word.text, pack)
        if word.token.kind == "word":
            chart.add("any", place, place + 1, word.text)
        if not place and word.text in pack.openings:
            chart.add("opening", place, place + 1, word.text)
    for place, day in days_by_capital(words, pack):
        chart.add("weekday", place, place + 1, day)
    for stratum in pack.strata:
        chart.run(stratum)
    keep_dates_whole(chart)
    found = Found(words)
    covered = [False] * len(words)
    for edge in chart.best_cover(TOP_CLASSES, pack.light):
        class_ = _TAKEN_FOR.get(edge.class_, edge.class_)
        value = edge.value if class_ == edge.class_ else edge.class_
        found.items.append(Item(class_, value, edge.start, edge.end))
        for place in range(edge.start, edge.end):
            covered[place] = True
    for place, seen in enumerate(covered):
        if not seen and any(class_ in chart.at[place] for class_ in _TEMPORAL):
            found.loose.append(place)
    settle(found, chart, pack)
    taken = {at for item in found.items for at in range(item.first, item.last)}
    found.loose += [place for place in _open_numbers(chart, covered) if place not in taken]
    return found


def _open_numbers(chart: Chart, covered: list[bool]) -> list[int]:
    """The places of numbers that no phrase took, directly behind one, with nothing behind them that is counted."""
    size = len(covered)
    return [
        place
        for place in range(1, size)
        if not covered[place] and any(covered[max(place - 2, 0) : place]) and not _numbers_a_line(chart.words, place)
        and any(edge.value <= MOST_OF_A_DATE for edge in chart.at[place].get("plain_number", ()))
        and (
            place + 1 == size or covered[place + 1] or not chart.words[place + 1][0].isalpha()
            or any(edge.end > place + 1 for edge in chart.at[place].get("dayn", ()))
        )
    ]  # fmt: skip


def _numbers_a_line(words: Sequence[str], place: int) -> bool:
    """Whether a number stands before a line or sentence of a list ("2. The windows", "(2) the garden")."""
    before = words[place - 1] if words[place - 1] != "(" or place < 2 else words[place - 2]
    return before in LINE_STARTS and place + 1 < len(words) and words[place + 1] in LINE_NUMBERED


def _ending(chart: Chart, place: int, word: str, pack: Pack) -> None:
    """Add the service that the ending of a long word tells ("ademhalingsoefeningen")."""
    for ending, key in pack.endings.items():
        if word.endswith(ending):
            chart.add("service", place, place + 1, [key])


def _numbers(chart: Chart, place: int, word: Word, follower: str, hour_words: Collection[str]) -> None:
    """Add what the digits of a word can be; `follower` is the word behind them, perhaps one of the `hour_words`."""
    kind, text = word.token.kind, word.text
    if kind == "number" and len(text) <= 4:
        chart.add("plain_number", place, place + 1, int(text))
        chart.add("digits", place, place + 1, int(text))
        if (len(text) in (3, 4) and follower in HALVES) or (len(text) == 4 and follower in hour_words):
            half_known = clock_24(int(text[:-2]), int(text[-2:]))
            if half_known is not None:
                chart.add("clock_digits", place, place + 1, half_known)
        elif len(text) == 4 and text[0] == "0":
            chart.add("clock_digits", place, place + 1, clock_24(int(text[:2]), int(text[2:]), leading_zero=True))
        elif len(text) == 3 and text[0] in "123456789" and text[1:] in ROUND_MINUTES:
            # "At 930": of hours alone it is not said without "at".
            bare = clock_24(int(text[0]), int(text[1:]))
            if bare is not None:
                chart.add("clock_bare", place, place + 1, bare)
        elif len(text) == 4 and text[3] in "05" and "1000" <= text < "1900":
            # "1030": from 1900 on it is rather a year.
            compact = clock_24(int(text[:2]), int(text[2:]), leading_zero=True)
            if compact is not None:
                chart.add("clock_compact", place, place + 1, compact)
        elif len(text) == 4 and "1900" <= text < "2400" and text[2:] in ROUND_MINUTES:
            chart.add("clock_late", place, place + 1, clock_24(int(text[:2]), int(text[2:])))
    elif kind == "decimal":
        chart.add("decimal", place, place + 1, float(text.replace(",", ".")))
    elif kind == "clock":
        hour, minute = (int(part) for part in text.replace("u", ":").replace("h", ":").replace(".", ":").split(":"))
        if "h" in text and 0 < hour <= LONGEST_IN_HOURS:
            # "1h30": what lasts so long, or that hour.
            chart.add("clock_hours", place, place + 1, [hour * 60 + minute] * 2)
        moment = clock_24(hour, minute, leading_zero=text[0] == "0")
        if moment is not None:
            chart.add("clock_digits", place, place + 1, moment)
    elif kind in ("isodate", "numdate", "dotdate"):
        said = _digit_date(text)
        if said:
            chart.add("date_digits", place, place + 1, said)


def _digit_date(text: str) -> dict[str, int] | None:
    """A date in digits: 2026-12-24, 24/12, 24-12-2026."""
    parts = [int(part) for part in text.rstrip(".").translate(_SEPARATORS).split("-")]
    if len(text.translate(_SEPARATORS).split("-")[0]) == 4:
        year, month, day = parts
    else:
        day, month = parts[:2]
        if month > 12 and day <= 12:
            day, month = month, day
        year = parts[2] if len(parts) == 3 else 0
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    said = {"day": day, "month": month}
    if year:
        said["year"] = year + 2000 if year < 100 else year
    return said
