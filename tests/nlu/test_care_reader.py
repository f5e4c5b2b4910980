"""Tests of the care-request reader: tables of requests, generated needs that are read back, and any text at all."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from care.clock import TZ
from care.needs import Need
from nlu.care_reader import CareReader

NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)
READER = CareReader()
HERE = Path(__file__).parent


def rows(name: str, *languages: str) -> Iterator[Any]:
    for language in languages or ("nl", "en"):
        path = HERE / f"{name}_{language}.yml"
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield pytest.param(language, row, id=f"{language}: {row['say'][:60]}")


def in_words(need: Need) -> str:
    """A need as the tables write it."""
    fields = need.to_json()
    parts = [fields["service"] or "?", fields["rrule"] or "once", f"from {fields['dtstart'] or '?'}"]
    if fields["exdates"]:
        parts.append("not " + " ".join(fields["exdates"]))
    if fields["times"]:
        parts.append("at " + " ".join(fields["times"]))
    if fields["window"]:
        parts.append("between " + "-".join(fields["window"]))
    if fields["daypart"]:
        parts.append(f"in {fields['daypart']}")
    if fields["duration_minutes"]:
        parts.append(f"for {fields['duration_minutes']}")
    if fields["times_per_period"]:
        parts.append(f"times {fields['times_per_period']}")
    parts += [f"{name} {value}" for name, value in fields["preferences"].items()]
    if fields["ask"]:
        parts.append("ask " + " ".join(fields["ask"]))
    return " | ".join(parts)


@pytest.mark.parametrize(
    ("language", "row"),
    [row for name in ("needs", "constructions", "told", "shared", "lists", "pointing") for row in rows(name)],
)
def test_requests(language: str, row: dict[str, Any]) -> None:
    assert [in_words(need) for need in READER.read(row["say"], language, NOW).needs] == row["needs"]


@pytest.mark.parametrize(("language", "row"), rows("changes"))
def test_skips_and_changes(language: str, row: dict[str, Any]) -> None:
    readout = READER.read(row["say"], language, NOW)
    if "target" in row:
        found = readout.target.to_json()
        assert {name: value for name, value in found.items() if value} == row["target"]
    if "moved" in row:
        found = readout.change_target.to_json()
        assert {name: value for name, value in found.items() if value} == row["moved"]
    if "to" in row:
        assert [in_words(need) for need in readout.change_needs] == row["to"]


# --- needs that are generated, put into words, and read back

DAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SERVICES = {
    "nl": {"cleaning": "schoonmaak", "groceries": "boodschappen doen", "walk": "wandelen", "meals": "warm eten"},
    "en": {"cleaning": "cleaning", "groceries": "grocery shopping", "walk": "a walk", "meals": "a hot meal"},
}
WORDS: dict[str, dict[str, Any]] = {
    "nl": {
        "every": ("elke", "iedere"),
        "and": "en",
        "at": "om {}.{:02d} uur",
        "from": "van {} tot {} uur",
        "for": ("{} minuten", "{} minuten lang"),
        "interval": "elke {} weken op {}",
        "daily": ("elke dag", "dagelijks"),
    },
    "en": {
        "every": ("every", "each"),
        "and": "and",
        "at": "at {}:{:02d}",
        "from": "from {}:00 to {}:00",
        "for": ("for {} minutes", "{} minutes"),
        "interval": "every {} weeks on {}",
        "daily": ("every day", "daily"),
    },
}


def spoken(language: str, days: list[int], interval: int, pick: random.Random) -> str:
    """How often, in words."""
    words, names = WORDS[language], [DAYS[language][day] for day in days]
    row = ", ".join(names[:-1]) + (f" {words['and']} " if len(names) > 1 else "") + names[-1] if names else ""
    if not names:
        return str(pick.choice(words["daily"]))
    if interval > 1:
        return str(words["interval"]).format(interval, row)
    return f"{pick.choice(words['every'])} {row}"


@settings(max_examples=150, deadline=None)
@given(
    language=st.sampled_from(("nl", "en")),
    days=st.lists(st.integers(0, 6), max_size=4, unique=True).map(sorted),
    interval=st.sampled_from((1, 1, 2, 3)),
    hour=st.integers(7, 20),
    minute=st.sampled_from((0, 15, 30)),
    minutes=st.sampled_from((None, 20, 45, 90)),
    service=st.sampled_from(sorted(SERVICES["nl"])),
    seed=st.integers(0, 999),
)
def test_what_is_said_is_read_back(
    language: str, days: list[int], interval: int, hour: int, minute: int, minutes: int | None, service: str, seed: int
) -> None:
    pick = random.Random(seed)  # noqa: S311 - word order, no secret
    parts = [
        spoken(language, days, interval, pick),
        SERVICES[language][service],
        WORDS[language]["at"].format(hour, minute),
    ]
    pick.shuffle(parts)
    if minutes:
        parts.append(pick.choice(WORDS[language]["for"]).format(minutes))
    text = " ".join(parts[:3]) + "".join(f", {part}" for part in parts[3:])
    needs = READER.read(text, language, NOW).needs
    assert len(needs) == 1, text
    schedule = needs[0].schedule
    assert needs[0].service == service
    assert [(moment.hour, moment.minute) for moment in schedule.times] == [(hour, minute)]
    assert schedule.duration_minutes == minutes
    rule = "FREQ=DAILY" if not days else "FREQ=WEEKLY" + (f";INTERVAL={interval}" if interval > 1 else "")
    assert schedule.rrule == rule + (";BYDAY=" + ",".join(CODES[day] for day in days) if days else "")


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(("nl", "en")), start=st.integers(8, 15), length=st.integers(1, 4), day=st.integers(0, 6)
)
def test_spans_are_read_back(language: str, start: int, length: int, day: int) -> None:
    every, span = WORDS[language]["every"][0], WORDS[language]["from"].format(start, start + length)
    needs = READER.read(f"{SERVICES[language]['walk']} {every} {DAYS[language][day]} {span}", language, NOW).needs
    schedule = needs[0].schedule
    assert schedule.window is not None
    assert [edge.hour for edge in schedule.window] == [start, start + length]
    assert schedule.duration_minutes == 60 * length


# --- any text at all

MOST_SECONDS = 0.05
"""How long one message may take, of the processor."""

PIECES = st.sampled_from(
    "elke om de week maandag dinsdag 's ochtends behalve tot t/m 31 februari 99 uur half kwart voor een 24e niet "
    "kousen uit aan schoonmaak every other first Monday of the month until Christmas except at 25:99 for "
    "weeks in years 9999 "
    "twice a day not , . ; - / vanaf over from to between and of van naar instead in plaats van".split()
)


def seconds(text: str, language: str, now: datetime) -> float:
    """How long the processor works on a text."""
    start = process_time()
    READER.read(text, language, now)
    return process_time() - start


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join)),
    language=st.sampled_from(("nl", "en")),
    days=st.integers(0, 3000),
)
@example(text="the first to Monday", language="en", days=946)
@example(text="0001-01-01", language="nl", days=0)
def test_any_text_gives_a_readout_that_keeps_the_rules(text: str, language: str, days: int) -> None:
    now = NOW + timedelta(days=days)
    # The best of three: what counts is the work, not what else the machine does.
    assert min(seconds(text, language, now) for _ in range(3)) < MOST_SECONDS
    readout = READER.read(text, language, now)
    for need in (*readout.needs, *readout.change_needs):
        schedule = need.schedule
        assert need.to_json()
        if schedule.dtstart is not None:
            assert schedule.dtstart >= now.date()
        if schedule.rrule is not None and schedule.dtstart is not None:
            start = datetime.combine(schedule.dtstart, datetime.min.time())
            first = next(iter(rrulestr(schedule.rrule, dtstart=start)))
            assert first.date() == schedule.dtstart
    for need in readout.needs:
        assert need.service is not None or "service" in need.ask
        assert need.schedule.has_time() or "time" in need.ask


def test_a_whole_letter_holds_one_request() -> None:
    letter = (HERE / "letter_nl.txt").read_text(encoding="utf-8")
    assert len(letter) > 1200
    needs = READER.read(letter, "nl", NOW).needs
    assert [in_words(need) for need in needs] == [
        "cleaning | FREQ=WEEKLY;BYDAY=TU | from 2026-12-01 | between 09:00-12:00 | for 180"
    ]


def test_very_long_and_odd_texts() -> None:
    for text in ("", " ", "maandag " * 2000, "9" * 5000, "\x00\ud800 elke dag", "elke " * 1500):
        READER.read(text, "nl", NOW)
        READER.read(text, "en", NOW)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "30 februari pedicure om 11 uur"),
        ("nl", "vanaf 20 mei tot 6 mei hulp in de tuin"),
        ("nl", "elke ochtend om half acht 's avonds de kousen aan"),
        ("en", "on the 31st of November to the hairdresser"),
        ("en", "garden help starting the 20th of May until the 6th of May"),
        ("en", "twice a week, every day, an hour of company"),
        ("nl", "schoonmaak op 12 maart 2020 om tien uur"),
        ("en", "the garden on 12 March 2020 at ten"),
    ],
)
def test_what_cannot_be_is_a_contradiction(language: str, text: str) -> None:
    assert READER.read(text, language, NOW).contradiction


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "vanaf 1 december tot 6 januari elke dag hulp met douchen om acht uur"),
        ("nl", "'s morgens om 8 uur wassen en 's avonds om 8 uur weer uitkleden, elke dag"),
        ("en", "the tablets at noon and at bedtime, every single day"),
    ],
)
def test_what_can_be_is_none(language: str, text: str) -> None:
    assert not READER.read(text, language, NOW).contradiction
