"""Visits as an RFC 5545 calendar, for the calendar program of the recipient or the family."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Protocol, TypeVar

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from care.catalogue import Catalogue
from care.clock import TZ, local

PRODUCT = "-//Thuisbel//Visits//NL"

_STATUS = {
    "requested": "TENTATIVE",
    "offered": "TENTATIVE",
    "planned": "CONFIRMED",
    "started": "CONFIRMED",
    "done": "CONFIRMED",
    "approved": "CONFIRMED",
    "disputed": "CONFIRMED",
    "skipped": "CANCELLED",
    "moved": "CANCELLED",
    "cancelled": "CANCELLED",
    "missed": "CANCELLED",
    "declined": "CANCELLED",
}
Zone = TypeVar("Zone", TimezoneDaylight, TimezoneStandard)


class Line(Protocol):
    """What the calendar needs of a visit: `start` and `end` are aware; `service` is a key of the catalogue."""

    @property
    def visit(self) -> object:
        """What identifies the visit for good."""

    @property
    def service(self) -> str:
        """The key of the service."""

    @property
    def start(self) -> datetime:
        """When it begins."""

    @property
    def end(self) -> datetime:
        """When it ends."""

    @property
    def status(self) -> str:
        """The status of the visit, as in the contract."""

    @property
    def helper(self) -> str | None:
        """The name of the helper."""


def to_ics(lines: Iterable[Line], *, now: datetime, name: str, language: str = "nl") -> bytes:
    """The visits as a calendar called `name`, in UTF-8; `now` (aware) is the moment it was made.

    A visit keeps its UID, so that a calendar program sees a change as a change. Summaries name the helper and a neutral
    label in `language` (`nl` or `en`): calendars are shared and shown on locked screens, so no service is named. Times
    are local with the rules of Europe/Amsterdam beside them. Raises ValueError for a naive moment, a status or language
    that does not exist, and KeyError for a service that the catalogue has not.
    """
    visits = sorted(lines, key=lambda line: (line.start, str(line.visit)))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(TZ))
    # Also without visits: RFC 5545 wants at least one component in a calendar.
    calendar.add_component(_timezone())
    for visit in visits:
        calendar.add_component(_event(visit, now, language))
    return bytes(calendar.to_ical())


def _timezone() -> Timezone:
    """The rules of Europe/Amsterdam: those of the European Union since 1996 (directive 2000/84/EC).

    Written out, because the library's own list of changes holds for some years only and puts the change of March an
    hour late (RFC 5545 3.6.5: the onset is in the local time of before it).
    """
    zone = Timezone()
    zone.add("tzid", str(TZ))
    summer, winter = datetime(1996, 3, 31, 2), datetime(1996, 10, 27, 3)  # noqa: DTZ001 - an onset has no time zone
    zone.add_component(_rules(TimezoneDaylight(), "CEST", summer, month=3, before=1, after=2))
    zone.add_component(_rules(TimezoneStandard(), "CET", winter, month=10, before=2, after=1))
    return zone


def _rules(part: Zone, name: str, onset: datetime, *, month: int, before: int, after: int) -> Zone:
    """One half of the rules: from the last Sunday of `month` on the clock is `after` hours ahead of UTC."""
    part.add("dtstart", onset)
    part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
    part.add("tzoffsetfrom", timedelta(hours=before))
    part.add("tzoffsetto", timedelta(hours=after))
    part.add("tzname", name)
    return part


def _event(visit: Line, now: datetime, language: str) -> Event:
    if visit.status not in _STATUS:
        raise ValueError(f"a visit has no status {visit.status!r}")
    label = _label(visit.service, language)
    event = Event()
    event.add("uid", f"visit-{visit.visit}@thuisbel")
    event.add("dtstamp", _aware(now).astimezone(timezone.utc))
    event.add("dtstart", _written(visit.start))
    event.add("dtend", _written(visit.end))
    event.add("summary", f"{label}: {visit.helper}" if visit.helper else label)
    event.add("status", _STATUS[visit.status])
    event.add("transp", "TRANSPARENT" if _STATUS[visit.status] == "CANCELLED" else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _label(service: str, language: str) -> str:
    labels = Catalogue.load().service(service).neutral
    if language not in labels:
        raise ValueError(f"there are no labels in the language {language!r}")
    return labels[language][:1].upper() + labels[language][1:]


def _written(moment: datetime) -> datetime:
    """Local time, except in the hour that comes twice: there only UTC tells which one is meant (RFC 5545 3.3.5)."""
    here = local(_aware(moment))
    ambiguous = here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset()
    return here.astimezone(timezone.utc) if ambiguous else here


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment in a calendar must be aware of its time zone")
    return moment
