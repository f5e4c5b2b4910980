"""Tests of rules and first dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from dateutil.rrule import rrulestr

from care.clock import TZ
from nlu.grammar.frames import Frame
from nlu.grammar.functions import Clock
from nlu.grammar.resolve import Resolver

NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)


def resolve(said: dict[str, Any], *exceptions: dict[str, Any], now: datetime = NOW) -> Any:
    frame = Frame()
    assert frame.add(said, close=True, direct=False)
    return Resolver(now, frozenset()).resolve(frame, exceptions, "walk", recurring=False)


@pytest.mark.parametrize(
    ("said", "rule", "first"),
    [
        ({"freq": "DAILY"}, "FREQ=DAILY", "2026-11-23"),
        ({"freq": "DAILY", "times": [Clock(8 * 60)]}, "FREQ=DAILY", "2026-11-24"),
        ({"freq": "DAILY", "part": "morning"}, "FREQ=DAILY", "2026-11-23"),
        ({"days": ["MO"], "every": True}, "FREQ=WEEKLY;BYDAY=MO", "2026-11-30"),
        ({"days": ["MO", "FR"], "every": True}, "FREQ=WEEKLY;BYDAY=MO,FR", "2026-11-23"),
        ({"nth": [[-1, "FR"]]}, "FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27"),
        ({"monthdays": [15]}, "FREQ=MONTHLY;BYMONTHDAY=15", "2026-12-15"),
        ({"workday": -1}, "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30"),
        (
            {"days": ["TU"], "every": True, "lasting": {"n": 6, "unit": "week"}},
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270104",
            "2026-11-24",
        ),
        ({"days": ["TU"], "every": True, "count": 6}, "FREQ=WEEKLY;BYDAY=TU;COUNT=6", "2026-11-24"),
    ],
)  # fmt: skip
def test_rules(said: dict[str, Any], rule: str, first: str) -> None:
    schedule = resolve(said).schedules[0]
    assert (schedule.rrule, schedule.dtstart.isoformat()) == (rule, first)


def test_what_began_in_the_past_goes_on_from_today() -> None:
    schedule = resolve({"days": ["TU"], "every": True, "from": [{"day": 12, "month": 3, "year": 2020}]}).schedules[0]
    assert (schedule.rrule, schedule.dtstart) == ("FREQ=WEEKLY;BYDAY=TU", date(2026, 11, 24))


@pytest.mark.parametrize(
    "said",
    [
        {"date": [{"day": 12, "month": 3, "year": 2020}], "times": [Clock(10 * 60)]},
        {
            "freq": "DAILY",
            "period": {
                "from": {"day": 12, "month": 3, "year": 2020},
                "until": {"day": 20, "month": 3, "year": 2020},
                "inclusive": True,
            },
        },
    ],
)
def test_what_is_past_cannot_be_meant(said: dict[str, Any]) -> None:
    found = resolve(said)
    assert found.contradiction
    assert all(schedule.dtstart is None or schedule.dtstart >= NOW.date() for schedule in found.schedules)


def test_the_first_date_is_one_of_the_rule() -> None:
    schedule = resolve({"days": ["TH"], "parity": "even"}).schedules[0]
    assert schedule.dtstart == date(2026, 11, 26)
    moments = rrulestr(schedule.rrule, dtstart=datetime(2026, 11, 26)).between(
        datetime(2026, 11, 1),
        datetime(2027, 3, 1),
    )
    assert all(moment.isocalendar()[1] % 2 == 0 for moment in moments)


def test_weekday_exceptions_fold_and_dates_become_exdates() -> None:
    schedule = resolve({"freq": "DAILY"}, {"days": ["SU"]}, {"date": [{"holiday": "christmas"}]}).schedules[0]
    assert schedule.rrule == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"
    assert schedule.exdates == (date(2026, 12, 25), date(2026, 12, 26))


def test_nothing_left_is_a_contradiction() -> None:
    assert resolve({"days": ["SU"], "every": True}, {"days": ["SU"]}).contradiction


def test_a_date_on_another_weekday_is_a_contradiction() -> None:
    assert resolve({"date": [{"day": 24, "month": 11, "is": "MO"}]}).contradiction
