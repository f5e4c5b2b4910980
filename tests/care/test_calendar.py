from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.calendar import to_ics
from care.catalogue import Catalogue
from care.clock import TZ

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)


@dataclass(frozen=True)
class Visit:
    visit: object = 17
    service: str = "stockings_on"
    start: datetime = datetime(2026, 11, 24, 8, 0, tzinfo=TZ)
    end: datetime = datetime(2026, 11, 24, 8, 15, tzinfo=TZ)
    status: str = "planned"
    helper: str | None = "Petra Wijnands"


def read(*visits: Visit, language: str = "nl") -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(to_ics(visits, now=NOW, name="Bezoeken", language=language))


def event(visit: Visit, language: str = "nl") -> icalendar.Event:
    (found,) = read(visit, language=language).walk("VEVENT")
    return found


def test_a_visit_reads_back_with_its_time_and_helper() -> None:
    found = event(Visit())
    assert found["UID"] == "visit-17@thuisbel"
    assert found.decoded("DTSTART") == Visit().start
    assert found.decoded("DTEND") == Visit().end
    assert found["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert found.decoded("DTSTAMP") == NOW.astimezone(timezone.utc)
    assert found["SUMMARY"] == "Afspraak: Petra Wijnands"


def test_the_calendar_has_what_rfc_5545_asks_and_the_rules_of_the_clock() -> None:
    calendar = read(Visit())
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert calendar["X-WR-CALNAME"] == "Bezoeken"
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Amsterdam"
    rules = zone.to_tz()
    moment = datetime(2024, 1, 1, 0, 30)
    while moment.year < 2040:
        skipped = moment.replace(tzinfo=TZ).astimezone(timezone.utc).astimezone(TZ).replace(tzinfo=None) != moment
        if not skipped and moment.month not in (3, 10):
            assert moment.replace(tzinfo=rules).utcoffset() == moment.replace(tzinfo=TZ).utcoffset()
        moment += timedelta(days=5)


def test_the_clock_changes_at_the_moments_of_the_law() -> None:
    (zone,) = read().walk("VTIMEZONE")
    (summer,), (winter,) = zone.walk("DAYLIGHT"), zone.walk("STANDARD")
    # The onset is told in the time of before it: two o'clock becomes three, three o'clock becomes two.
    assert summer.decoded("DTSTART") == datetime(1996, 3, 31, 2, 0)
    assert winter.decoded("DTSTART") == datetime(1996, 10, 27, 3, 0)
    assert (summer.decoded("TZOFFSETFROM"), summer.decoded("TZOFFSETTO")) == (timedelta(hours=1), timedelta(hours=2))
    assert (winter.decoded("TZOFFSETFROM"), winter.decoded("TZOFFSETTO")) == (timedelta(hours=2), timedelta(hours=1))
    assert summer["RRULE"].to_ical() == b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"
    assert winter["RRULE"].to_ical() == b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"


def test_lines_end_as_the_standard_asks_and_fold_at_75_octets() -> None:
    content = to_ics([Visit(helper="Één hele lange naam " * 8)], now=NOW, name="Bezoeken")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_no_visits_is_still_a_calendar_with_a_component() -> None:
    calendar = read()
    assert not calendar.walk("VEVENT")
    assert calendar.walk("VTIMEZONE")


@pytest.mark.parametrize(
    ("status", "written"),
    [
        ("requested", "TENTATIVE"),
        ("offered", "TENTATIVE"),
        ("planned", "CONFIRMED"),
        ("started", "CONFIRMED"),
        ("done", "CONFIRMED"),
        ("approved", "CONFIRMED"),
        ("disputed", "CONFIRMED"),
        ("skipped", "CANCELLED"),
        ("moved", "CANCELLED"),
        ("cancelled", "CANCELLED"),
        ("missed", "CANCELLED"),
        ("declined", "CANCELLED"),
    ],
)
def test_every_status_of_a_visit_has_one_in_the_calendar(status: str, written: str) -> None:
    assert event(Visit(status=status))["STATUS"] == written


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_summary_says_which_care_it_is(language: str) -> None:
    for service in Catalogue.load().services.values():
        summary = str(event(Visit(service=service.key, helper=None), language)["SUMMARY"])
        if service.reserved:
            assert summary == {"nl": "Afspraak", "en": "Visit"}[language]
        assert summary.lower() == service.neutral[language]


def test_visits_come_in_order_and_keep_their_uid_when_they_move() -> None:
    early, late = (
        Visit(visit=2),
        Visit(visit=1, start=Visit().start + timedelta(days=1), end=Visit().end + timedelta(days=1)),
    )
    assert [found["UID"] for found in read(late, early).walk("VEVENT")] == ["visit-2@thuisbel", "visit-1@thuisbel"]
    moved = Visit(start=Visit().start + timedelta(hours=2), end=Visit().end + timedelta(hours=2))
    assert event(moved)["UID"] == event(Visit())["UID"]


def test_the_hour_that_comes_twice_is_not_confused() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=TZ)
    second = first.replace(fold=1)
    starts = {event(Visit(start=start, end=start + timedelta(hours=5))).decoded("DTSTART") for start in (first, second)}
    assert {start.astimezone(timezone.utc) for start in starts} == {
        datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc),
        datetime(2026, 10, 25, 1, 30, tzinfo=timezone.utc),
    }


@pytest.mark.parametrize(
    ("visit", "language"),
    [(Visit(status="vanished"), "nl"), (Visit(start=Visit().start.replace(tzinfo=None)), "nl"), (Visit(), "fr")],
)
def test_what_cannot_be_written_is_refused(visit: Visit, language: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        to_ics([visit], now=NOW, name="Bezoeken", language=language)


@given(
    day=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
    length=st.integers(5, 24 * 60),
    helper=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=60),
)
def test_any_visit_reads_back_as_the_same_span_of_time(day: date, minute: int, length: int, helper: str) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=timezone.utc) + timedelta(minutes=minute)
    visit = Visit(start=start, end=start + timedelta(minutes=length), helper=helper)
    found = event(visit)
    assert found.decoded("DTSTART").astimezone(timezone.utc) == visit.start
    assert found.decoded("DTEND").astimezone(timezone.utc) == visit.end
    assert found["SUMMARY"] == f"Afspraak: {helper}"
