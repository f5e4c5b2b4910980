"""Needs that are made up, put into words in many ways, and read back."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from care.clock import TZ
from nlu.care_reader import CareReader
from tests.nlu.spoken import CODES, LANGUAGES, PARTS, WORDS, Meant, Parts, Speaker, meant

READER = CareReader()
BASE = datetime(2026, 11, 23, 9, 10, tzinfo=TZ)

days = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(
    lambda row: sorted(row, key=CODES.index)
)
rules = st.one_of(
    st.sampled_from((("daily", None), ("workdays", None), ("weekends", None), ("every_other_day", None))),
    days.map(lambda row: ("weekly", row)),
    st.tuples(days.map(lambda row: row[:1]), st.sampled_from((2, 3, 4, 6))).map(lambda pair: ("interval", pair)),
    st.tuples(st.sampled_from((1, 2, 3, 4, -1)), st.sampled_from(CODES)).map(lambda pair: ("nth", pair)),
    st.sampled_from((5, 10, 15, 20, 28)).map(lambda day: ("monthday", day)),
    st.sampled_from((2, 3)).map(lambda often: ("per_week", often)),
)
whens = st.one_of(
    st.just({}),
    st.tuples(st.integers(8, 17), st.sampled_from((0, 15, 30, 45))).map(lambda at: {"clock": at[0] * 60 + at[1]}),
    st.tuples(st.integers(8, 15), st.integers(1, 3)).map(lambda span: {"window": (span[0], span[0] + span[1])}),
    st.sampled_from(sorted(PARTS)).map(lambda part: {"part": part}),
)


@st.composite
def needs(draw: st.DrawFn, now: datetime) -> Parts:
    """Any need whose words have one meaning."""
    rule = draw(rules)
    begin = draw(st.one_of(st.none(), st.integers(8, 90).map(lambda ahead: now.date() + timedelta(days=ahead))))
    limit = draw(limits(begin or now.date(), rule))
    but = draw(exceptions(now, rule)) if not limit and begin is None else None
    minutes = draw(st.sampled_from((None, None, 20, 30, 45, 60, 90, 120)))
    service = draw(st.sampled_from(sorted(WORDS["nl"]["service"])))
    return Parts(service, rule, minutes=minutes, begin=begin, but=but, **draw(whens), **limit)


def limits(begin: date, rule: tuple[str, object]) -> st.SearchStrategy[dict[str, object]]:
    """An end, or none; "six times" beside "twice a week" says something else."""
    later = st.integers(35, 120).map(lambda ahead: begin + timedelta(days=ahead))
    kinds: list[st.SearchStrategy[dict[str, object]]] = [
        st.just({}),
        later.map(lambda day: {"until": day}),
        later.map(lambda day: {"through": day}),
        st.sampled_from((2, 3, 4, 6, 8)).map(lambda weeks: {"weeks": weeks}),
    ]
    if rule[0] != "per_week":
        kinds.append(st.sampled_from((3, 4, 6, 8, 10)).map(lambda count: {"count": count}))
    return st.one_of(kinds)


def exceptions(now: datetime, rule: tuple[str, object]) -> st.SearchStrategy[str | date | None]:
    """A weekday or a date that is left out, or nothing."""
    dates = st.integers(10, 60).map(lambda ahead: now.date() + timedelta(days=ahead))
    if rule[0] == "daily":
        return st.one_of(st.none(), st.sampled_from(CODES), dates)
    if rule[0] == "workdays":
        return st.one_of(st.none(), st.sampled_from(CODES[:5]), dates)
    return st.none() if rule[0] == "per_week" else st.one_of(st.none(), dates)


@settings(max_examples=500, deadline=None)
@given(
    data=st.data(),
    language=st.sampled_from(LANGUAGES),
    ahead=st.integers(0, 420),
    seed=st.integers(0, 10_000),
)
def test_a_need_in_words_is_read_back(data: st.DataObject, language: str, ahead: int, seed: int) -> None:
    now = BASE + timedelta(days=ahead)
    parts = data.draw(needs(now))
    wanted = meant(parts, now)
    if wanted is None:
        return
    text = Speaker(language, random.Random(seed)).say(parts)  # noqa: S311 - the choice of words, no secret
    assert read_back(text, language, now) == [(parts.service, wanted)], text


JOINS = {
    "nl": (", en ", " en ", ". ", ", en ook ", " plus ", " en verder "),
    "en": (", and ", " and ", ". ", ", and also ", " plus ", ", "),
}


@st.composite
def timed(draw: st.DrawFn, service: str) -> Parts:
    """A need that says both its days and its hours, so that it takes nothing over from another."""
    return Parts(service, draw(rules), minutes=draw(st.sampled_from((None, 30, 60, 90))), **draw(whens.filter(bool)))


@settings(max_examples=300, deadline=None)
@given(
    data=st.data(),
    language=st.sampled_from(LANGUAGES),
    services=st.lists(st.sampled_from(sorted(WORDS["nl"]["service"])), min_size=2, max_size=3, unique=True),
    ahead=st.integers(0, 420),
    seed=st.integers(0, 10_000),
)
def test_several_needs_in_words_are_read_back(
    data: st.DataObject, language: str, services: list[str], ahead: int, seed: int
) -> None:
    now = BASE + timedelta(days=ahead)
    pick = random.Random(seed)  # noqa: S311 - the choice of words, no secret
    speaker = Speaker(language, pick)
    row = [data.draw(timed(service)) for service in services]
    text = speaker.say(row[0]) + "".join(pick.choice(JOINS[language]) + speaker.say(parts) for parts in row[1:])
    assert read_back(text, language, now) == [(parts.service, meant(parts, now)) for parts in row], text


def read_back(text: str, language: str, now: datetime) -> list[tuple[str | None, Meant]]:
    """What the reader makes of a text: each service with its schedule."""
    read = READER.read(text, language, now)
    assert not read.contradiction, text
    return [
        (
            need.service,
            Meant(
                need.schedule.rrule or "once",
                need.schedule.dtstart or date.min,
                need.schedule.exdates,
                need.schedule.times,
                need.schedule.window,
                need.schedule.daypart,
                need.schedule.duration_minutes,
                need.schedule.times_per_period,
            ),
        )
        for need in read.needs
    ]
