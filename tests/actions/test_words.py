"""Schedules, times, prices and distances are said in full, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from actions.phrases import Phrases
from actions.words import Words
from care.clock import TZ
from care.plans import Plan
from care.schedule import Schedule

START = date(2026, 11, 24)  # a Tuesday


@pytest.fixture(params=["nl", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(Phrases.load(), request.param)


RULES = [
    ("FREQ=DAILY", "elke dag", "every day"),
    ("FREQ=DAILY;INTERVAL=2", "om de dag", "every other day"),
    ("FREQ=DAILY;INTERVAL=3", "elke 3 dagen", "every 3 days"),
    ("FREQ=WEEKLY;BYDAY=FR,TU", "elke dinsdag en vrijdag", "every Tuesday and Friday"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "van maandag tot en met vrijdag", "from Monday to Friday"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "elke dag", "every day"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "om de week op dinsdag", "every other week on Tuesday"),
    ("FREQ=WEEKLY;INTERVAL=6;BYDAY=TU", "elke 6 weken op dinsdag", "every 6 weeks on Tuesday"),
    (
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261224",
        "elke dinsdag, tot en met donderdag 24 december",
        "every Tuesday, up to and including Thursday 24 December",
    ),
    ("FREQ=WEEKLY;BYDAY=TU;COUNT=10", "elke dinsdag, 10 keer in totaal", "every Tuesday, 10 times in all"),
    (
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "elke maand op de eerste maandag en de derde maandag",
        "every month on the first Monday and the third Monday",
    ),
    ("FREQ=MONTHLY;BYDAY=-1FR", "elke maand op de laatste vrijdag", "every month on the last Friday"),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "elke maand op dag 1", "every month on day 1"),
    ("FREQ=YEARLY;BYWEEKNO=2,4;BYDAY=TH", "in de even weken op donderdag", "in the even weeks on Thursday"),
]


@pytest.mark.parametrize(("rule", "dutch", "english"), RULES)
def test_a_rule_in_words(words: Words, rule: str, dutch: str, english: str) -> None:
    expected = dutch if words.language == "nl" else english
    assert words.recurrence(Schedule(rrule=rule, dtstart=START)) == expected


def test_dates_left_out_are_named() -> None:
    schedule = Schedule(rrule="FREQ=DAILY", dtstart=START, exdates=(date(2026, 12, 25), date(2026, 12, 26)))
    assert Words(Phrases.load(), "nl").recurrence(schedule) == (
        "elke dag, niet op vrijdag 25 december en zaterdag 26 december"
    )


def test_how_often_without_days() -> None:
    schedule = Schedule(rrule="FREQ=WEEKLY", dtstart=START, times_per_period=2)
    assert Words(Phrases.load(), "en").recurrence(schedule) == "2 times a week"
    assert Words(Phrases.load(), "en").recurrence(schedule, ["TU", "FR"]) == "every Tuesday and Friday"


CLOCKS = [
    (time(8, 30), "om 8.30 uur ’s ochtends", "at 8.30 in the morning"),
    (time(12, 0), "om 12 uur ’s middags", "at 12 o’clock in the afternoon"),
    (time(14, 0), "om 14 uur ’s middags", "at 2 o’clock in the afternoon"),
    (time(21, 5), "om 21.05 uur ’s avonds", "at 9.05 in the evening"),
    (time(0, 0), "om 0 uur ’s nachts", "at 12 o’clock at night"),
    (time(23, 15), "om 23.15 uur ’s nachts", "at 11.15 at night"),
]


@pytest.mark.parametrize(("moment", "dutch", "english"), CLOCKS)
def test_a_clock_time_with_its_part_of_the_day(words: Words, moment: time, dutch: str, english: str) -> None:
    assert words.at(moment) == (dutch if words.language == "nl" else english)


LENGTHS = [(15, "15 minuten", "15 minutes"), (60, "een uur", "one hour"), (90, "anderhalf uur", "an hour and a half")]


@pytest.mark.parametrize(("minutes", "dutch", "english"), LENGTHS)
def test_a_length(words: Words, minutes: int, dutch: str, english: str) -> None:
    assert words.duration(minutes) == (dutch if words.language == "nl" else english)


def test_money_and_distance() -> None:
    dutch, english = (Words(Phrases.load(), language) for language in ("nl", "en"))
    assert dutch.price(3250, "EUR").replace("\xa0", " ") == "€ 32,50 per uur"
    assert english.price(3250, "EUR") == "€32.50 an hour"
    assert dutch.price(None, None) == "gratis"
    assert dutch.distance(40) == "100 m"
    assert dutch.distance(840) == "800 m"
    assert dutch.distance(1240) == "1,2 km"
    assert english.distance(1240) == "1.2 km"


def test_a_near_date_is_called_by_its_name() -> None:
    words = Words(Phrases.load(), "nl")
    assert words.near_date(START, START) == "vandaag, dinsdag 24 november"
    assert words.near_date(date(2026, 11, 25), START) == "morgen, woensdag 25 november"
    assert words.near_date(date(2026, 11, 26), START) == "donderdag 26 november"


def test_the_dates_on_which_a_helper_cannot_come_are_all_named() -> None:
    schedule = Schedule(rrule="FREQ=DAILY", dtstart=START)
    missing = tuple(date(2026, 12, day) for day in (1, 3, 4, 5, 6, 9, 10))
    plan = Plan(START, datetime(2026, 11, 23, 9, tzinfo=TZ), 60, (time(9),), "FREQ=DAILY", missing=missing)
    dutch, english = Words(Phrases.load(), "nl"), Words(Phrases.load(), "en")
    assert dutch.plan(schedule, plan) == (
        "elke dag om 9 uur ’s ochtends, een uur, niet op dinsdag 1 december, donderdag 3 december tot en met"
        " zondag 6 december, woensdag 9 december en donderdag 10 december"
    )
    assert english.plan(schedule, plan, date(2026, 12, 9)).endswith(
        "not on Wednesday 9 December and Thursday 10 December"
    )
    assert "not on" not in english.plan(schedule, plan, date(2026, 12, 11))


def test_another_time_on_a_weekday_is_said(words: Words) -> None:
    plan = Plan(START, datetime(2026, 11, 23, 9, tzinfo=TZ), 60, (time(8),), "FREQ=DAILY", other_times={6: (time(10),)})
    assert words.clocks(plan) in (
        "om 8 uur ’s ochtends, maar op zondag om 10 uur ’s ochtends",
        "at 8 o’clock in the morning, but on Sunday at 10 o’clock in the morning",
    )


def test_days_that_were_chosen_are_said(words: Words) -> None:
    asked = Schedule(rrule="FREQ=WEEKLY", dtstart=START, times_per_period=2)
    plan = Plan(START, datetime(2026, 11, 23, 9, tzinfo=TZ), 60, (time(8),), "FREQ=WEEKLY;BYDAY=TU,FR")
    assert words.chosen_days(asked, plan) in ("elke dinsdag en vrijdag", "every Tuesday and Friday")
    assert words.chosen_days(replace(asked, rrule=plan.rrule), plan) == ""
