"""Tests of what is left out of a rule."""

from __future__ import annotations

from datetime import date

from nlu.grammar.attach import Block
from nlu.grammar.dates import Calendar
from nlu.grammar.exceptions import (
    dates_of,
    left_out,
    on_the_others,
    out_of_all,
    out_of_later,
    out_of_others,
    weekdays_of,
)
from nlu.grammar.frames import Frame
from nlu.grammar.rules import Recurrence

TODAY = date(2026, 11, 23)
CALENDAR = Calendar(TODAY)


def test_a_weekday_is_no_date() -> None:
    assert weekdays_of({"days": ["SU"], "every": True}) == ["SU"]
    assert weekdays_of({"days": ["SU"], "period": {"week": 1}}) == []
    assert dates_of({"days": ["SU"]}, CALENDAR) == []


def test_dates_of_a_period_are_its_days() -> None:
    found = dates_of({"period": {"week": 1}}, CALENDAR)
    assert found == [date(2026, 11, 30), *(date(2026, 12, day) for day in range(1, 7))]


def test_only_dates_of_the_rule_are_left_out() -> None:
    tuesdays = Recurrence("WEEKLY", days=["TU"])
    gone = [{"period": {"week": 1}}, {"date": [{"day": 25, "month": 12}]}]
    assert left_out(tuesdays, date(2026, 11, 24), None, gone, CALENDAR) == [date(2026, 12, 1)]


def test_the_first_sunday_of_the_month_is_left_out_of_every_sunday() -> None:
    sundays = Recurrence("WEEKLY", days=["SU"])
    gone = [{"nth": [[1, "SU"]]}]
    found = left_out(sundays, date(2026, 11, 29), date(2027, 2, 28), gone, CALENDAR)
    assert sorted(found) == [date(2026, 12, 6), date(2027, 1, 3), date(2027, 2, 7)]


def test_weekdays_are_written_out_where_the_rule_goes_by_dates() -> None:
    monthly = Recurrence("MONTHLY", monthdays=[6])
    found = left_out(monthly, date(2026, 12, 6), date(2027, 6, 6), [{"days": ["SU"]}], CALENDAR)
    # Half a year ahead: 6 June lies a day beyond it.
    assert found == [date(2026, 12, 6)]


def test_a_later_weekday_that_is_left_out_makes_it_every_week() -> None:
    gone = [{"date": [{"day": 23, "month": 12}]}]
    assert out_of_later(Block(frame=Frame({"days": ["WE"]}), exceptions=gone), CALENDAR)
    assert not out_of_later(Block(frame=Frame({"days": ["TH"]}), exceptions=gone), CALENDAR)


def test_weekdays_beside_others_that_are_always_left_out() -> None:
    gone = [{"days": ["SA", "SU"], "weekend": True}]
    assert on_the_others(Block(frame=Frame({"days": ["MO", "WE"]}), exceptions=gone))
    assert not on_the_others(Block(frame=Frame({"days": ["MO"]}), exceptions=gone))


def test_days_are_left_out_of_all_that_is_daily_in_a_sentence() -> None:
    first = Block(["stockings_on"], frame=Frame({"part": "morning"}))
    last = Block(["stockings_off"], frame=Frame({"part": "evening"}), exceptions=[{"days": ["SU"]}], boundary=1)
    out_of_all([first, last], frozenset({"stockings_on", "stockings_off"}))
    assert first.exceptions == last.exceptions
    assert first.frame.said["freq"] == "DAILY"


def test_a_day_on_which_a_need_does_not_fall_is_left_out_of_the_one_before_and_asked() -> None:
    weekend = {"days": ["SA", "SU"], "weekend": True}
    first = Block(frame=Frame(said={"freq": "DAILY"}), services=["walk"])
    last = Block(frame=Frame(said={"days": ["MO"], "every": True}), services=["cleaning"], exceptions=[weekend])
    out_of_others([first, last])
    assert first.exceptions == [weekend]
    assert first.frame.unsure == {"days"}
    first.exceptions, last.frame.said = [], {"days": ["MO", "TU", "WE", "TH", "FR"], "every": True}
    out_of_others([first, last])
    assert first.exceptions == []
