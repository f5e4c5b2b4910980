"""Addresses as people say them, and as the gazetteer has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from care.models import Place
from care.places import find_address, normal_postcode, read_address


@pytest.mark.parametrize(
    ("text", "street", "number", "postcode", "town"),
    [
        ("Kerkstraat 12", "Kerkstraat", "12", None, None),
        ("kerkstraat 12a, 1234 AB Dorp", "kerkstraat", "12a", "1234 AB", "Dorp"),
        ("1234ab 12", None, "12", "1234 AB", None),
        ("1234AB nummer 12", None, "12", "1234 AB", None),
        ("number 12 Church Street", "Church Street", "12", None, None),
        ("12 Church Street, Dorp", "Church Street", "12", None, "Dorp"),
        ("Kerkstraat 12 1234 AB Dorp aan de Rijn", "Kerkstraat", "12", "1234 AB", "Dorp aan de Rijn"),
        ("ik woon op de Kerkstraat 12 in Dorp", "Kerkstraat", "12", None, "Dorp"),
        ("I live at 12 Kerkstraat in Dorp", "Kerkstraat", "12", None, "Dorp"),
        ("my address is Kerkstraat 12, 1234 ab", "Kerkstraat", "12", "1234 AB", None),
        ("nou eh Kerkstraat 12 alsjeblieft", "Kerkstraat", "12", None, None),
        ("1234 ab, 24-2", None, "24-2", "1234 AB", None),
        ("2e Kerkstraat 5 bis", "2e Kerkstraat", "5bis", None, None),
        ("Plein 1944 12", "Plein 1944", "12", None, None),
        ("Laan van Verre 1234 in Den Haag", "Laan van Verre", "1234", None, "Den Haag"),
        ("'s-Gravenweg 7", "'s-Gravenweg", "7", None, None),
        ("huisnummer 24 op de Lindelaan", "Lindelaan", "24", None, None),
        ("24", None, "24", None, None),
        ("", None, None, None, None),
    ],
)
def test_reading(text: str, street: str | None, number: str | None, postcode: str | None, town: str | None) -> None:
    assert read_address(text) == {"street": street, "number": number, "postcode": postcode, "town": town}


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    fields = read_address(text)
    assert set(fields) == {"street", "number", "postcode", "town"}
    assert all(part is None or part.strip() for part in fields.values())


@given(st.sampled_from(["1234AB", "1234 ab", " 1234  Ab "]))
def test_postcodes_are_written_one_way(text: str) -> None:
    assert normal_postcode(text) == "1234 AB"


@pytest.fixture
def gazetteer(session: Session) -> Session:
    rows = [
        ("8259 AA", "Kerkstraat", "Merelwoude", 1, 79),
        ("8259 AB", "Kerkstraat", "Merelwoude", 80, 160),
        ("8259 BA", "Lindelaan", "Merelwoude", 1, 86),
        ("9999 ZA", "Kerkstraat", "Andersdorp", 1, 40),
        ("8259 DA", "Stationsweg", "Merelwoude", 1, 115),
        ("8259 DE", "Stationsplein", "Merelwoude", 1, 115),
    ]
    for postcode, street, town, first, last in rows:
        session.add(
            Place(
                postcode=postcode,
                street=street,
                town=town,
                number_from=first,
                number_to=last,
                latitude=52.0,
                longitude=5.0,
            )
        )
    session.flush()
    return session


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("8259ba 24", ("Lindelaan", "24", "8259 BA", "Merelwoude")),
        ("lindelaan 24", ("Lindelaan", "24", "8259 BA", "Merelwoude")),
        ("Lindenlaan 24b, Merelwoude", ("Lindelaan", "24b", "8259 BA", "Merelwoude")),
        ("linde laan 24", ("Lindelaan", "24", "8259 BA", "Merelwoude")),
        ("Kerkstraat 100 in Merelwoude", ("Kerkstraat", "100", "8259 AB", "Merelwoude")),
        ("kerkstraad 12 merelwoudde", ("Kerkstraat", "12", "8259 AA", "Merelwoude")),
        ("Kerkstraat 12, Andersdorp", ("Kerkstraat", "12", "9999 ZA", "Andersdorp")),
        ("Merelwoude, Lindelaan 24", ("Lindelaan", "24", "8259 BA", "Merelwoude")),
        ("Kerkstraat 100", ("Kerkstraat", "100", "8259 AB", "Merelwoude")),
    ],
)
def test_finding(gazetteer: Session, said: str, found: tuple[str, ...]) -> None:
    address = find_address(gazetteer, **read_address(said))
    assert address is not None
    assert (address.street, address.number, address.postcode, address.town) == found


@pytest.mark.parametrize(
    "said",
    [
        "Kerkstraat 12",  # in two towns
        "Kerkstraat 200 Merelwoude",  # no such number
        "Lindelaan",  # no number
        "Stations 12",  # two streets are as much like it
        "Dennenlaan 12",
        "1111 AA 3",
        "Lindelaan 24 in Verweggistan",
        "24",
    ],
)
def test_what_is_not_known_or_could_be_several_is_not_guessed(gazetteer: Session, said: str) -> None:
    assert find_address(gazetteer, **read_address(said)) is None
