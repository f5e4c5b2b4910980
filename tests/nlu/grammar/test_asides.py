from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.clock import TZ
from nlu.care_reader import CareReader
from nlu.grammar.asides import CLAUSE_MARKS, as_said, spans, without_asides
from nlu.grammar.items import find
from nlu.packs import load

PACK = load("en")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)


class Hears:
    """Takes every part with one of these words in it for a tale, with these odds."""

    def __init__(self, **odds: float) -> None:
        self.odds = odds

    def log_odds(self, words: Sequence[str], masked: Sequence[str], language: str) -> float:
        assert len(masked) <= len(words)
        return next((odds for word, odds in self.odds.items() if word in words), -5.0)


def left(text: str, teller: Hears) -> str:
    whole = find(text, PACK)
    return as_said(without_asides(whole, teller, "en"), whole, text)


def test_sentences_end_at_stops_and_clauses_at_commas_outside_what_was_found() -> None:
    found = find("Well, I rise early. Insulin twice a day, half past seven and six!", PACK)
    assert [" ".join(word.text for word in found.words[slice(*span)]) for span in spans(found)] == [
        "well , i rise early .",
        "insulin twice a day , half past seven and six !",
    ]
    assert len(spans(found, CLAUSE_MARKS)) == 3


def test_a_sentence_that_only_tells_is_left_out_with_all_that_was_found_in_it() -> None:
    text = "I rise at seven. Could somebody do the windows on Friday at ten? My son lives in Leeds."
    assert left(text, Hears(rise=2.0, son=2.0)) == "Could somebody do the windows on Friday at ten?"
    found = without_asides(find(text, PACK), Hears(rise=2.0, son=2.0), "en")
    assert [item.value for item in found.items if item.class_ == "service"] == [["windows"]]
    assert all(0 <= item.first < item.last <= len(found.words) for item in found.items)
    assert found.left_out == (11, 2)


def test_a_clause_between_commas_needs_more() -> None:
    text = "The windows on Friday, I rise at seven anyway, at ten."
    assert left(text, Hears(rise=2.0)) == "The windows on Friday, at ten."
    assert left(text, Hears(rise=0.0)) == text


@pytest.mark.parametrize(
    ("text", "odds"),
    [
        ("My sister used to cook. Could somebody come on Tuesday?", {"used": 9.0}),
        ("Thursdays he rests. The windows please.", {"rests": 1.2}),
        ("Cleaning on Monday. But never before nine.", {"never": 0.0}),
        ("The boiler man calls on Monday. So no shower that day. Wednesday as always.", {"boiler": 9.0}),
        ("Lena marries on 14 May. Could somebody clean the day before?", {"marries": 9.0}),
        ("The windows on Friday at ten. Half an hour is quite enough.", {"quite": 0.9}),
        ("Eye drops please. Three times a day. From Monday on.", {"three": 9.0}),
        ("The windows on Friday. I see.", {"see": 9.0}),
        # What joins a schedule to what was said before, or asks for it, tells nothing either.
        ("The windows on Friday, and also every day, the dog.", {"every": 9.0}),
    ],
)
def test_what_may_carry_something_is_kept(text: str, odds: dict[str, float]) -> None:
    assert left(text, Hears(**odds)) == text


def test_what_is_pointed_to_only_from_a_tale_is_left_out_with_it() -> None:
    text = "Lena calls on Monday. Then we laugh a lot. The windows on Friday."
    assert left(text, Hears(calls=9.0, laugh=3.0)) == "The windows on Friday."


def test_an_exception_from_what_comes_back_is_sooner_kept_than_a_tale() -> None:
    text = "A walk every day at two. But Sundays we eat with the neighbours."
    assert left(text, Hears(neighbours=0.5)) == text
    assert left(text, Hears(neighbours=2.0)) == "A walk every day at two."
    done = "A walk every day at two. My neighbour does Sundays already."
    assert left(done, Hears(already=0.0)) == done
    assert left(done, Hears(already=0.5)) == "A walk every day at two."
    assert (
        left("A walk on Friday at two. My neighbour does Sundays already.", Hears(already=0.0))
        == "A walk on Friday at two."
    )


def test_a_colon_ends_a_clause_too() -> None:
    assert left("I taught Latin for years: a chat on Mondays please.", Hears(taught=2.0)) == "a chat on Mondays please."


def test_a_message_is_never_left_empty() -> None:
    assert left("I rise at seven. My son lives in Leeds.", Hears(rise=9.0, son=9.0)) in (
        "I rise at seven.",
        "My son lives in Leeds.",
    )


@pytest.mark.parametrize("text", ["", " ", "*", "?", "1", ",,", "Hello."])
def test_a_message_without_parts_to_weigh_stays_as_it_is(text: str) -> None:
    assert without_asides(find(text, PACK), Hears(), "en") == find(text, PACK)


@given(st.lists(st.sampled_from(["I rise at seven", "the windows", "on Friday", "*", ".", ",", "?", "\n"]), max_size=9))
def test_of_whatever_is_said_something_is_left_in_its_order(parts: list[str]) -> None:
    whole = find(" ".join(parts), PACK)
    kept = [word.start for word in without_asides(whole, Hears(rise=9.0, windows=9.0), "en").words]
    assert bool(kept) == bool(whole.words)
    assert kept == [word.start for word in whole.words if word.start in kept]


def test_the_reader_reads_what_is_left() -> None:
    text = "I rise at seven. Could somebody do the windows on Friday at ten?"
    whole, told = CareReader(), CareReader(teller=Hears(rise=2.0))
    (need,) = told.read(text, "en", NOW).needs
    assert [f"{moment:%H:%M}" for moment in need.schedule.times] == ["10:00"]
    assert told.read(text, "en", NOW).said == "Could somebody do the windows on Friday at ten?"
    assert whole.read(text, "en", NOW).said is None
