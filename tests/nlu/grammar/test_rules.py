"""Tests of rules: on which dates they fall, and their text."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from nlu.grammar.day_functions import WEEK
from nlu.grammar.rules import Recurrence

DAYS = st.lists(st.sampled_from(WEEK), min_size=1, unique=True)
NTHS = st.lists(st.tuples(st.sampled_from((1, 2, 3, 4, -1)), st.sampled_from(WEEK)), min_size=1, max_size=2)
MONTHDAYS = st.lists(st.sampled_from((1, 15, 28, -1)), min_size=1, unique=True)
RULES = st.one_of(
    st.builds(Recurrence, st.just("WEEKLY"), days=DAYS),
    st.builds(Recurrence, st.just("MONTHLY"), nth=NTHS),
    st.builds(Recurrence, st.just("MONTHLY"), monthdays=MONTHDAYS),
    st.builds(Recurrence, st.just("MONTHLY"), workday=st.sampled_from((1, -1))),
    st.builds(Recurrence, st.just("YEARLY"), days=DAYS, parity=st.sampled_from(("even", "odd"))),
)


@given(rule=RULES, start=st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_a_rule_falls_on_the_dates_that_its_text_says(rule: Recurrence, start: date) -> None:
    """Compared with dateutil, which reads the text, over four weeks from the first date."""
    first = next(day for step in range(400) if rule.matches(day := date.fromordinal(start.toordinal() + step)))
    moments = rrulestr(rule.text(), dtstart=datetime.combine(first, datetime.min.time()))
    end = date.fromordinal(first.toordinal() + 28)
    expected = {
        day for step in range(28) if rule.matches(day := date.fromordinal(first.toordinal() + step))
    }  # fmt: skip
    found = set()
    for moment in moments:
        if moment.date() >= end:
            break
        found.add(moment.date())
    assert found == expected


@pytest.mark.parametrize(("days", "expected"), [(7, False), (14, True)])
def test_the_interval(days: int, expected: bool) -> None:
    first = date(2026, 11, 24)
    rule = Recurrence("WEEKLY", 2, days=["TU"])
    assert rule.in_step(first, date.fromordinal(first.toordinal() + days)) is expected


def test_even_weeks_alone_say_no_days() -> None:
    assert not Recurrence("WEEKLY", parity="even").placed
    assert Recurrence("WEEKLY", parity="even", days=["TH"]).placed
