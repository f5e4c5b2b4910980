"""What other libraries make of a sentence about time, as an RRULE where they have one.

This file runs in an environment of its own with one library in it (see `isolated.py`), so it imports nothing of ours:
`python peers.py NAME` reads `{"id", "phrase", "lang", "now"}` as JSON lines and writes, for each,
`{"id", "rrule", "dtstart", "exdates", "times", "raw", "ms"}`; `rrule` and `dtstart` both null is no answer. A `dtstart`
that the library does not give stays null beside a rule. What a library does not give is not added: one that understands
half a sentence and does not say so has given a wrong answer.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from time import perf_counter
from typing import Any

Answer = dict[str, Any]
Reader = Callable[[str, str, datetime], Answer]

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_WARM_UP = {"en": "every day", "nl": "elke dag"}


def nothing(raw: str = "") -> Answer:
    """The answer of a library that found nothing."""
    return {"rrule": None, "dtstart": None, "exdates": [], "times": [], "raw": raw}


def once(moment: datetime, raw: str, *, timed: bool = True) -> Answer:
    """The answer of a library that found one moment; `timed` tells whether its clock time was said."""
    times = [f"{moment:%H:%M}"] if timed else []
    return nothing(raw) | {"dtstart": moment.date().isoformat(), "times": times}


# recurrent gives iCalendar lines, or one moment.


def from_icalendar(text: str) -> Answer:
    """The answer in DTSTART, RRULE and EXDATE lines; clock times are taken out of the rule."""
    answer = nothing(text)
    for line in text.split("\n"):
        name, _, value = line.partition(":")
        if name.startswith("DTSTART"):
            answer["dtstart"] = _iso(value)
        elif name.startswith("EXDATE"):
            answer["exdates"] = [_iso(day) for day in value.split(",")]
        elif name == "RRULE":
            answer["rrule"], answer["times"] = _without_clock(value)
    return answer


def _iso(value: str) -> str:
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}"


def _without_clock(rule: str) -> tuple[str, list[str]]:
    parts = dict(part.split("=", 1) for part in rule.split(";") if part)
    hours = [int(hour) for hour in parts.pop("BYHOUR", "").split(",") if hour]
    minutes = [int(minute) for minute in parts.pop("BYMINUTE", "0").split(",") if minute]
    times = [f"{hour:02}:{minute:02}" for hour in hours for minute in minutes]
    return ";".join(f"{name}={value}" for name, value in parts.items()), times


def recurrent() -> Reader:
    """The library `recurrent` (English only)."""
    from recurrent import RecurringEvent

    def read(phrase: str, _: str, now: datetime) -> Answer:
        found = RecurringEvent(now_date=now).parse(phrase)
        if isinstance(found, datetime):
            # A date without a clock time comes with the clock time of `now`.
            return once(found, repr(found), timed=found.time() != now.time())
        return from_icalendar(found) if isinstance(found, str) else nothing(repr(found))

    return read


# dateparser gives one moment.


def dateparser() -> Reader:
    """The library `dateparser`: the whole phrase, or else the first date it finds in it. It knows no recurrence."""
    from dateparser import parse
    from dateparser.search import search_dates

    def read(phrase: str, language: str, now: datetime) -> Answer:
        settings = {"RELATIVE_BASE": now, "PREFER_DATES_FROM": "future"}
        found = parse(phrase, languages=[language], settings=settings)
        if found is None:
            inside = search_dates(phrase, languages=[language], settings=settings)
            found = inside[0][1] if inside else None
        if found is None:
            return nothing()
        return once(found, repr(found), timed=found.time() not in (now.time(), datetime.min.time()))

    return read


# recognizers-text gives entities with TIMEX values; those of type `set` are the recurring ones.


def from_entities(entities: Iterable[Sequence[Any]], now: datetime) -> Answer:
    """The answer in entities: `(type name, values)` pairs, where values are dictionaries with `timex` and `value`.

    The library cuts "every Monday and Thursday at 9" into entities that stand apart. They are joined here wherever one
    fits the other: several weekdays, a weekday in a weekly rule, a day in a monthly or yearly one, and clock times.
    """
    pairs = [(kind.rsplit(".", 1)[-1], values) for kind, values in entities if values]
    timexes = [(kind, values[0].get("timex", "")) for kind, values in pairs]
    raw = json.dumps(timexes)
    rules = [rule for kind, timex in timexes if kind == "set" and (rule := rule_of(timex, now))]
    if rules:
        days = [timex for kind, timex in timexes if kind in {"date", "datetime"}]
        clocks = [clock for kind, timex in timexes if kind in {"set", "time", "datetime"} for clock in _clock(timex)]
        return nothing(raw) | {"rrule": joined(rules, days), "times": clocks}
    for kind, values in pairs:
        if kind in {"date", "datetime"}:
            return _soonest(values, now, timed=kind == "datetime", raw=raw)
    return nothing(raw)


def _clock(timex: str) -> list[str]:
    found = re.search(r"T(\d\d)(?::(\d\d))?(?![\d:]*S)", timex)
    return [f"{found[1]}:{found[2] or '00'}"] if found else []


def joined(rules: Sequence[str], days: Sequence[str]) -> str:
    """The first rule, with what fits it of the other rules and of the TIMEX values of `days`."""
    parts = dict(part.split("=", 1) for part in rules[0].split(";"))
    if parts["FREQ"] == "WEEKLY":
        others = [found[1] for rule in rules[1:] if (found := re.search(r"BYDAY=([A-Z,]+)", rule))]
        others += [_DAYS[int(found[1]) - 1] for day in days if (found := re.match(r"XXXX-WXX-(\d)", day))]
        named = {name for group in (parts.get("BYDAY", ""), *others) for name in group.split(",") if name}
        if named:
            parts["BYDAY"] = ",".join(sorted(named, key=_DAYS.index))
    elif parts["FREQ"] == "MONTHLY":
        numbers = [str(int(found[1])) for day in days if (found := re.match(r"XXXX-XX-(\d\d)", day))]
        if numbers and "BYMONTHDAY" not in parts:
            parts["BYMONTHDAY"] = ",".join(numbers)
    elif parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts:
        dates = [found for day in days if (found := re.match(r"XXXX-(\d\d)-(\d\d)", day))]
        if dates:
            parts["BYMONTH"], parts["BYMONTHDAY"] = (str(int(number)) for number in dates[0].groups())
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _soonest(values: Sequence[Answer], now: datetime, *, timed: bool, raw: str) -> Answer:
    """The first of the moments offered that is still to come."""
    moments = sorted(datetime.fromisoformat(value["value"]) for value in values if value.get("value", "")[:1].isdigit())
    coming = [moment for moment in moments if moment.date() >= now.date()]
    return once(coming[0], raw, timed=timed) if coming else nothing(raw)


def rule_of(timex: str, now: datetime) -> str | None:
    """The RRULE of a TIMEX of type set (`P2W`, `XXXX-WXX-1T09`, `(XXXX-WXX-1,XXXX-12-20,P26D)` …); None for others."""
    if span := re.fullmatch(r"\((.+),(.+),P.+\)", timex):
        rule, until = rule_of(span[1], now), _date_of(span[2], now)
        return f"{rule};UNTIL={until:%Y%m%d}" if rule and until else rule
    if period := re.fullmatch(r"P(\d+)([DWMY])", timex):
        every = f";INTERVAL={period[1]}" if period[1] != "1" else ""
        return f"FREQ={_UNITS[period[2]]}{every}"
    if weekday := re.match(r"XXXX-WXX-(\d)", timex):
        return f"FREQ=WEEKLY;BYDAY={_DAYS[int(weekday[1]) - 1]}"
    if re.match(r"(XXXX|\d{4})-W(XX|\d\d)-WE", timex):
        return "FREQ=WEEKLY;BYDAY=SA,SU"
    if yearly := re.match(r"XXXX-(\d\d)-(\d\d)", timex):
        return f"FREQ=YEARLY;BYMONTH={int(yearly[1])};BYMONTHDAY={int(yearly[2])}"
    if monthly := re.match(r"XXXX-XX-(\d\d)", timex):
        return f"FREQ=MONTHLY;BYMONTHDAY={int(monthly[1])}"
    return "FREQ=DAILY" if re.match(r"T(\d\d|[A-Z]{2}$)", timex) else None


def _date_of(timex: str, now: datetime) -> date | None:
    """The next date of a TIMEX such as `XXXX-12-20`, or None."""
    found = re.match(r"(XXXX|\d{4})-(\d\d)-(\d\d)", timex)
    if not found:
        return None
    year = now.year if found[1] == "XXXX" else int(found[1])
    day = date(year, int(found[2]), int(found[3]))
    return day if day >= now.date() or found[1] != "XXXX" else day.replace(year=year + 1)


def recognizers() -> Reader:
    """The library `recognizers-text-suite`; asked in Dutch it answers as far as it has Dutch."""
    from recognizers_date_time import Culture, recognize_datetime

    cultures = {"nl": Culture.Dutch, "en": Culture.English}

    def read(phrase: str, language: str, now: datetime) -> Answer:
        found = recognize_datetime(phrase, cultures[language], reference=now)
        return from_entities([(one.type_name, (one.resolution or {}).get("values") or []) for one in found], now)

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "recurrent": recurrent,
    "dateparser": dateparser,
    "recognizers": recognizers,
}


def main() -> None:
    """Read phrases with the library named on the command line."""
    read = READERS[sys.argv[1]]()
    for language, phrase in _WARM_UP.items():
        answer_one(read, {"phrase": phrase, "lang": language, "now": "2026-01-01T10:00"})
    for line in sys.stdin:
        row = json.loads(line)
        print(json.dumps({"id": row["id"], **answer_one(read, row)}), flush=True)


def answer_one(read: Reader, row: Answer) -> Answer:
    """The answer to one row with its milliseconds; an exception of the library is no answer, and told in `raw`."""
    now = datetime.fromisoformat(row["now"])
    begun = perf_counter()
    try:
        answer = read(row["phrase"], row["lang"], now)
    except Exception as error:  # whatever a library raises, the other phrases must go on
        answer = nothing(f"{type(error).__name__}: {error}")
    return answer | {"ms": round((perf_counter() - begun) * 1000, 3)}


if __name__ == "__main__":
    main()
