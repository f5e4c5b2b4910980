from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import phonenumbers
import pytest
from haversine import Unit, haversine
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from care import models
from care.catalogue import HELPER_KINDS, Catalogue
from care.clock import local
from care.database import Database
from care.demo.loader import load_demo
from care.demo.neighbourhood import DemoError, Helper, Neighbourhood, house, neighbourhood
from care.models import col
from care.people import recipients_for

LONG_AFTER = date(2029, 6, 1)
"""A day on which demo proofs must still be good: nobody should have to mend the demo every year."""


@pytest.fixture
def whole() -> Neighbourhood:
    return neighbourhood()


def valid(helper: Helper, day: date) -> set[str]:
    return {kind for kind, expires in helper.proofs.items() if expires is None or expires >= day}


def able(whole: Neighbourhood, key: str, kind: str) -> list[Helper]:
    """The helpers of a kind who offer the service and hold every proof for it."""
    service = Catalogue.load().service(key)
    return [
        helper
        for helper in whole.helpers
        if helper.kind == kind
        and key in helper.services
        and not service.missing_proofs(kind, valid(helper, LONG_AFTER))
    ]


def covers(helper: Helper, weekday: int, start: int, end: int) -> bool:
    """Whether a helper is free from minute `start` to `end` of the weekday (minutes may pass midnight)."""
    for span in helper.spans:
        opens = span.start.hour * 60 + span.start.minute
        closes = span.end.hour * 60 + span.end.minute
        closes += 0 if closes > opens else 24 * 60
        if span.weekday == weekday and opens <= start and end <= closes:
            return True
    return False


def reaches(helper: Helper, place: tuple[float, float]) -> bool:
    return haversine((helper.house.latitude, helper.house.longitude), place, unit=Unit.METERS) <= helper.reach_m


def test_its_size_is_that_of_a_neighbourhood(whole: Neighbourhood) -> None:
    kinds = Counter(helper.kind for helper in whole.helpers)
    assert sum(kinds.values()) >= 45
    assert set(kinds) == set(HELPER_KINDS)
    assert kinds["organisation"] >= 5
    assert len(whole.recipients) >= 6
    assert {helper.gender for helper in whole.helpers} == {"female", "male"}
    assert {"nl", "en", "tr", "ar"} <= {language for helper in whole.helpers for language in helper.languages}
    assert len({helper.name for helper in whole.helpers}) == len(whole.helpers)


@pytest.mark.parametrize("key", sorted(Catalogue.load().services))
def test_every_service_is_done_by_every_kind_that_may(whole: Neighbourhood, key: str) -> None:
    for kind in Catalogue.load().service(key).kinds:
        assert able(whole, key, kind), kind


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("companionship", 9 * 60, 12 * 60),
        ("companionship", 14 * 60, 17 * 60),
        ("companionship", 18 * 60, 21 * 60),
        ("stockings_on", 7 * 60, 9 * 60),
        ("stockings_off", 20 * 60, 22 * 60),
        ("med_reminder", 18 * 60, 21 * 60),
        ("med_hand_over", 18 * 60, 22 * 60),
        ("med_administer", 18 * 60, 22 * 60),
        ("medication", 7 * 60, 9 * 60),
        ("eye_drops", 8 * 60, 8 * 60 + 15),
        ("eye_drops", 22 * 60, 22 * 60 + 15),
        ("personal_care", 8 * 60, 10 * 60),
        ("personal_care", 20 * 60, 22 * 60),
        ("cleaning", 9 * 60, 13 * 60),
        ("cleaning", 14 * 60, 17 * 60),
        ("groceries", 10 * 60, 12 * 60),
        ("meals", 12 * 60, 13 * 60),
        ("meals", 17 * 60, 18 * 60),
        ("transport", 10 * 60, 12 * 60),
        ("walk", 14 * 60, 15 * 60),
        ("wound_care", 9 * 60, 10 * 60),
        ("injection", 7 * 60 + 30, 8 * 60),
        ("night_waking", 22 * 60, 31 * 60),
        ("night_sleep_in", 23 * 60, 31 * 60),
        ("respite", 13 * 60, 17 * 60),
        ("pedicure", 10 * 60, 11 * 60),
        ("hairdresser", 10 * 60, 11 * 60),
        ("physio", 10 * 60, 11 * 60),
        ("exercise", 10 * 60, 11 * 60),
        ("nursing", 9 * 60, 10 * 60),
    ],
)
def test_every_house_has_the_choice_of_three_on_every_day(whole: Neighbourhood, key: str, start: int, end: int) -> None:
    helpers = [helper for kind in Catalogue.load().service(key).kinds for helper in able(whole, key, kind)]
    steady = [helper for helper in helpers if all(covers(helper, weekday, start, end) for weekday in range(7))]
    for stretch in whole.stretches:
        near = [helper for helper in steady if reaches(helper, (stretch.latitude, stretch.longitude))]
        assert len(near) >= 3, stretch.street


def test_some_proofs_have_run_out_so_that_it_can_be_seen_they_are_not_offered(whole: Neighbourhood) -> None:
    lacking = {
        helper.name: helper.kind
        for helper in whole.helpers
        for key in helper.services
        if Catalogue.load().service(key).missing_proofs(helper.kind, valid(helper, date(2026, 1, 1)))
    }
    assert set(lacking) == {"Kees Vroom", "Ruud Tiemens"}


def test_volunteers_are_free_and_professionals_have_a_price(whole: Neighbourhood) -> None:
    for helper in whole.helpers:
        assert (helper.hourly_cents is None) == (helper.kind == "volunteer"), helper.name
        assert helper.hourly_cents is None or 2000 <= helper.hourly_cents <= 10_000
        assert helper.currency == (None if helper.kind == "volunteer" else "EUR")


def test_all_phones_are_valid_and_kept_for_fiction(whole: Neighbourhood) -> None:
    phones = [whole.organisation.phone, whole.organisation.coordinator_phone]
    phones += [helper.phone for helper in whole.helpers]
    for recipient in whole.recipients:
        phones += [recipient.phone, *(one.phone for one in recipient.family)]
    assert len(set(phones)) == len(phones)
    for phone in phones:
        number = phonenumbers.parse(phone)
        assert phonenumbers.is_valid_number(number), phone
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == phone
        # The Swedish regulator keeps 070-174 06 05 to 99 for fiction: no real person can be called by the demo.
        assert 46_701_740_605 <= int(phone) <= 46_701_740_699


def test_the_map_is_one_small_town(whole: Neighbourhood) -> None:
    spots = [(stretch.latitude, stretch.longitude) for stretch in whole.stretches]
    assert max(haversine(one, other) for one in spots for other in spots) < 4 * 2**0.5
    postcodes = [stretch.postcode for stretch in whole.stretches]
    assert len(set(postcodes)) == len(postcodes)
    for postcode in postcodes:
        digits, _, letters = postcode.partition(" ")
        assert 1000 <= int(digits) <= 9999
        assert len(letters) == 2
        assert letters.isupper()
        # These three are never given out.
        assert letters not in ("SA", "SD", "SS")
    for stretch in whole.stretches:
        assert stretch.last - stretch.first >= 40
        for other in whole.stretches:
            if stretch is not other and stretch.street == other.street:
                assert stretch.last < other.first or other.last < stretch.first


def test_the_house_for_a_newcomer_is_empty(whole: Neighbourhood) -> None:
    lived_in = {(one.house.street, one.house.number) for one in (*whole.helpers, *whole.recipients)}
    assert (whole.newcomer.street, whole.newcomer.number) not in lived_in


def test_a_house_that_is_not_there_is_refused(whole: Neighbourhood) -> None:
    with pytest.raises(DemoError, match="Kerkstraat 999"):
        house("Kerkstraat", "999", whole.town, whole.stretches)
    assert house("Kerkstraat", "100a", whole.town, whole.stretches).postcode == "8259 AB"


def contents(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    return {
        table.name: sorted(session.scalars(text(f'SELECT row::text FROM "{table.name}" AS row')))  # noqa: S608
        for table in models.metadata.sorted_tables
    }


def test_loading_twice_changes_nothing(session: Session, now: datetime) -> None:
    first = load_demo(session, now)
    before = contents(session)
    session.expire_all()
    second = load_demo(session, now + timedelta(days=40))
    assert second == first
    assert contents(session) == before
    assert len(before["helpers"]) == len(first["helpers"])
    assert len(before["places"]) == len(neighbourhood().stretches)


def test_the_line_it_writes_is_that_of_the_contract(session: Session, now: datetime) -> None:
    line = load_demo(session, now)
    assert set(line) == {"town", "street", "number", "postcode", "recipients", "helpers"}
    assert {type(line[name]) for name in ("town", "street", "number", "postcode")} == {str}
    for phone in line["recipients"]:
        contact = session.scalars(select(models.Contact).where(models.Contact.phone == phone)).one()
        assert recipients_for(session, contact, now)[0].contact_id == contact.id
    for helper in line["helpers"]:
        assert set(helper) == {"name", "phone", "kind", "gender", "services"}
        assert helper["services"]
    assert "medication" in next(one for one in line["helpers"] if one["name"] == "Petra Wijnands")["services"]


def test_what_people_changed_meanwhile_stays(session: Session, now: datetime) -> None:
    load_demo(session, now)
    contact = session.scalars(select(models.Contact).where(models.Contact.name == "Maria de Bruin")).one()
    helper = session.scalars(select(models.Helper).where(models.Helper.contact_id == contact.id)).one()
    contact.name, contact.language = "Maria Jansen", "en"
    helper.max_distance_m, helper.active = 1500, False
    session.add(models.Absence(helper_id=helper.id, starts=now, ends=now + timedelta(days=7)))
    session.query(models.HelperService).filter_by(helper_id=helper.id, service="meals").delete()
    session.query(models.Availability).filter_by(helper_id=helper.id, weekday=6).delete()
    session.flush()
    before = contents(session)
    load_demo(session, now)
    assert contents(session) == before


def test_someone_who_called_before_the_demo_came_is_the_same_contact(session: Session, now: datetime) -> None:
    phone = neighbourhood().helpers[0].phone
    session.add(models.Contact(phone=phone, name="Mies", language="en", created=now))
    session.flush()
    load_demo(session, now)
    contact = session.scalars(select(models.Contact).where(models.Contact.phone == phone)).one()
    assert (contact.name, contact.language, contact.roles) == ("Mies", "en", ["helper"])


def test_family_may_do_what_their_mandate_says(session: Session, now: datetime) -> None:
    load_demo(session, now)

    def reach(name: str, what: str) -> list[str]:
        contact = session.scalars(select(models.Contact).where(models.Contact.name == name)).one()
        return [recipient.name for recipient in recipients_for(session, contact, now, what)]

    assert reach("Marijke van Loon", "act") == ["Riet van Loon"]
    assert reach("Sjoerd Jansma", "see") == ["Cor Jansma"]
    assert reach("Sjoerd Jansma", "act") == []
    assert reach("Hanneke Meinders", "see") == []
    mandate = session.scalars(select(models.Mandate).order_by(col(models.Mandate.id))).first()
    assert mandate is not None
    assert local(mandate.valid_from).hour == 0


def test_employees_belong_to_the_one_organisation(session: Session, now: datetime) -> None:
    load_demo(session, now)
    organisation = session.scalars(select(models.Organisation)).one()
    count = select(func.count()).select_from(models.Helper).where(models.Helper.organisation_id == organisation.id)
    assert session.scalar(count) >= 5
    assert organisation.coordinator_id is not None
    assert "verzonnen" in organisation.name


@pytest.fixture
def emptied(database: Database) -> Iterator[Database]:
    """The database of the module, emptied again afterwards: this test commits."""
    yield database
    tables = ", ".join(f'"{table.name}"' for table in models.metadata.sorted_tables if table.name != "audit")
    with database.begin() as session:
        session.execute(text(f"TRUNCATE {tables} CASCADE"))


def test_two_who_load_at_once_load_once(emptied: Database, now: datetime) -> None:
    def load(_: int) -> int:
        with emptied.begin() as session:
            return len(load_demo(session, now)["helpers"])

    with ThreadPoolExecutor(3) as pool:
        counts = set(pool.map(load, range(3)))
    with emptied.begin() as session:
        assert counts == {session.scalar(select(func.count()).select_from(models.Helper))}
