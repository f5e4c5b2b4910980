"""What other libraries give, made into answers; none of them has to be installed here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from benchmarks.readings.peers import answer_one, from_entities, from_icalendar, joined, nothing, once, rule_of

NOW = datetime(2026, 5, 13, 10, 0)


def test_a_rule_gives_up_its_clock_times() -> None:
    answer = from_icalendar("RRULE:BYDAY=TU;BYHOUR=19;BYMINUTE=30;INTERVAL=2;FREQ=WEEKLY")
    assert (answer["rrule"], answer["times"]) == ("BYDAY=TU;INTERVAL=2;FREQ=WEEKLY", ["19:30"])
    assert answer["dtstart"] is None


def test_start_and_exceptions_are_kept() -> None:
    answer = from_icalendar("DTSTART:20260605\nRRULE:FREQ=DAILY\nEXDATE:20260607T000000,20260608T000000")
    assert (answer["dtstart"], answer["rrule"]) == ("2026-06-05", "FREQ=DAILY")
    assert answer["exdates"] == ["2026-06-07", "2026-06-08"]


def test_a_moment_is_one_date() -> None:
    moment = datetime(2026, 5, 14, 15, 0)
    assert once(moment, "") == nothing() | {"dtstart": "2026-05-14", "times": ["15:00"]}
    assert once(moment, "", timed=False)["times"] == []


@pytest.mark.parametrize(
    ("timex", "rule"),
    [
        ("P1D", "FREQ=DAILY"),
        ("P3D", "FREQ=DAILY;INTERVAL=3"),
        ("P2W", "FREQ=WEEKLY;INTERVAL=2"),
        ("P1Y", "FREQ=YEARLY"),
        ("XXXX-WXX-1", "FREQ=WEEKLY;BYDAY=MO"),
        ("XXXX-WXX-7T09", "FREQ=WEEKLY;BYDAY=SU"),
        ("2026-W47-WE", "FREQ=WEEKLY;BYDAY=SA,SU"),
        ("XXXX-12-05", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5"),
        ("XXXX-XX-15", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("TMO", "FREQ=DAILY"),
        ("T09:30", "FREQ=DAILY"),
        ("(XXXX-WXX-1,XXXX-12-20,P26D)", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261220"),
        ("(XXXX-WXX-1,XXXX-03-20,P26D)", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270320"),
        ("PT2H", None),
        ("", None),
    ],
)
def test_timex_becomes_a_rule(timex: str, rule: str | None) -> None:
    assert rule_of(timex, NOW) == rule


def test_parts_that_fit_are_joined() -> None:
    assert joined(["FREQ=WEEKLY;BYDAY=TH", "FREQ=WEEKLY;BYDAY=MO"], ["XXXX-WXX-2"]) == "FREQ=WEEKLY;BYDAY=MO,TU,TH"
    assert joined(["FREQ=WEEKLY;INTERVAL=2"], ["XXXX-WXX-5T15"]) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    assert joined(["FREQ=MONTHLY"], ["XXXX-XX-10"]) == "FREQ=MONTHLY;BYMONTHDAY=10"
    assert joined(["FREQ=YEARLY"], ["XXXX-10-12"]) == "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=12"


def test_parts_that_do_not_fit_stay_out() -> None:
    assert joined(["FREQ=DAILY"], ["XXXX-WXX-7"]) == "FREQ=DAILY"
    assert joined(["FREQ=MONTHLY"], ["2026-05-04"]) == "FREQ=MONTHLY"


def entity(kind: str, *values: tuple[str, str]) -> tuple[str, list[dict[str, Any]]]:
    return f"datetimeV2.{kind}", [{"timex": timex, "value": value} for timex, value in values]


def test_a_set_with_a_clock_time_beside_it() -> None:
    found = [entity("set", ("XXXX-WXX-1", "not resolved")), entity("time", ("T09:30", "09:30:00"))]
    answer = from_entities(found, NOW)
    assert (answer["rrule"], answer["times"]) == ("FREQ=WEEKLY;BYDAY=MO", ["09:30"])


def test_without_a_set_the_next_date_is_taken() -> None:
    dates = (("XXXX-WXX-2", "2026-05-12"), ("XXXX-WXX-2", "2026-05-19"))
    assert from_entities([entity("date", *dates)], NOW)["dtstart"] == "2026-05-19"
    assert from_entities([entity("date", ("2026-05-04", "2026-05-04"))], NOW)["dtstart"] is None


def test_a_time_alone_is_no_answer() -> None:
    answer = from_entities([entity("time", ("T17", "17:00:00")), ("datetimeV2.duration", [])], NOW)
    assert (answer["rrule"], answer["dtstart"]) == (None, None)


def test_a_library_that_breaks_has_no_answer() -> None:
    def broken(phrase: str, language: str, now: datetime) -> dict[str, Any]:
        raise TypeError("'<' not supported")

    answer = answer_one(broken, {"phrase": "every day", "lang": "en", "now": "2026-05-13T10:00"})
    assert (answer["rrule"], answer["dtstart"]) == (None, None)
    assert answer["raw"].startswith("TypeError")
    assert answer["ms"] >= 0
