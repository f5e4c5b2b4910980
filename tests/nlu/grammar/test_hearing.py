"""Tests of what the clauses of a message sound like."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nlu.grammar.attach import Piece
from nlu.grammar.hearing import LONGEST, Hearing
from nlu.grammar.items import find
from nlu.grammar.sense import sense
from nlu.packs import load


class Ear:
    """A guesser that knows what texts with certain words sound like, and keeps what it was asked about."""

    def __init__(self, heard: Mapping[str, Mapping[str, float]]) -> None:
        self.heard = heard
        self.asked: list[str] = []

    def likely(self, text: str, language: str) -> Mapping[str, float]:
        self.asked.append(text)
        odds = next((odds for words, odds in self.heard.items() if words in text), {})
        return {**odds, "none": 1.0 - sum(odds.values())}


def hearing(text: str, ear: Ear | None, language: str = "en") -> tuple[Hearing, list[Piece]]:
    pack = load(language)
    found = find(text, pack)
    meant = sense(found, pack)
    return Hearing(found, meant, pack, ear), meant.pieces


def mended(text: str, heard: Mapping[str, Mapping[str, float]], language: str = "en") -> list[Piece]:
    listener, pieces = hearing(text, Ear(heard), language)
    return listener.mend(pieces)


def services(text: str, heard: Mapping[str, Mapping[str, float]], language: str = "en") -> list[list[str]]:
    """The services in the row of a message, in order."""
    return [piece.value for piece in mended(text, heard, language) if piece.kind == "S"]


KITE = "A walk on Mondays, and on Fridays a kite mended in the hall"


def test_without_a_guesser_nothing_is_heard() -> None:
    listener, pieces = hearing(KITE, None)
    assert listener.mend(pieces) == pieces


def test_where_no_word_names_a_service_nothing_is_listened_to() -> None:
    ear = Ear({"kite": {"odd_jobs": 0.9}})
    listener, pieces = hearing("On Fridays a kite mended in the hall", ear)
    assert listener.mend(pieces) == pieces
    assert ear.asked == []


# --- a service that no word names


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        (KITE, "en", "kite"),
        ("Op maandag wandelen, en op vrijdag een kapstok verhangen in de gang", "nl", "kapstok"),
    ],
)
def test_a_clause_that_surely_sounds_like_a_service_asks_for_it(text: str, language: str, words: str) -> None:
    assert services(text, {words: {"odd_jobs": 0.66}}, language) == [["walk"], ["odd_jobs"]]
    assert services(text, {words: {"odd_jobs": 0.64}}, language) == [["walk"]]


def test_what_sounds_like_no_service_asks_for_none() -> None:
    assert services(KITE, {}) == [["walk"]]


def test_what_is_heard_stands_where_it_was_said() -> None:
    row = mended(KITE, {"kite": {"odd_jobs": 0.9}})
    assert [piece.kind for piece in row] == ["S", "T", "T", "S"]
    row = mended("A walk on Mondays, and a kite mended in the hall on Fridays", {"kite": {"odd_jobs": 0.9}})
    assert [piece.kind for piece in row] == ["S", "T", "S", "T"]


def test_what_is_heard_takes_over_the_cut_before_its_clause() -> None:
    row = mended("A walk on Mondays, and a kite mended in the hall on Fridays", {"kite": {"odd_jobs": 0.9}})
    assert [(piece.boundary, piece.joined) for piece in row] == [(0, False), (0, False), (1, True), (0, False)]


def test_a_service_that_is_named_elsewhere_is_not_heard_again() -> None:
    assert services(KITE, {"kite": {"walk": 0.9}}) == [["walk"]]


@pytest.mark.parametrize("rest", ["thanks", "for us to do it"])
def test_too_few_unread_words_ask_for_nothing(rest: str) -> None:
    assert services(f"A walk on Mondays, and on Fridays {rest}", {rest: {"odd_jobs": 0.9}}) == [["walk"]]


def test_a_clause_without_a_time_or_somebody_asks_for_nothing() -> None:
    assert services("A walk on Mondays, and a kite mended in the hall", {"kite": {"odd_jobs": 0.9}}) == [["walk"]]


def test_of_a_long_clause_it_is_not_sure_what_it_sounds_like() -> None:
    few, many = (
        "A walk on Mondays, and on Fridays a kite" + "".join(f" {chr(97 + at) * 6}" for at in range(count - 2))
        for count in (LONGEST, LONGEST + 1)
    )
    assert services(few, {"kite": {"odd_jobs": 0.9}}) == [["walk"], ["odd_jobs"]]
    assert services(many, {"kite": {"odd_jobs": 0.9}}) == [["walk"]]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("A walk every day, my daughter comes on Fridays painting the hall", "en", "hall"),
        ("Elke dag wandelen, mijn dochter doet het op vrijdag in de lange gang", "nl", "gang"),
    ],
)
def test_what_others_do_is_not_listened_to(text: str, language: str, words: str) -> None:
    listener, pieces = hearing(text, Ear({words: {"odd_jobs": 0.9}}), language)
    assert listener.sense.beside
    assert "X" in [piece.kind for piece in pieces]
    assert [piece.value for piece in listener.mend(pieces) if piece.kind == "S"] == [["walk"]]


def test_somebody_who_is_just_there_does_what_was_named_just_before() -> None:
    told = "Cleaning, and on Fridays a quiet voice around"
    assert services(told, {"quiet": {"companionship": 0.9}}) == [["cleaning"]]
    assert services(told, {"quiet": {"odd_jobs": 0.9}}) == [["cleaning"], ["odd_jobs"]]
    timed = "Cleaning on Mondays, and on Fridays a quiet voice around"
    assert services(timed, {"quiet": {"companionship": 0.9}}) == [["cleaning"], ["companionship"]]


# --- services that words name


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [("the windows every Monday at nine", "en", "windows"), ("elke maandag om negen uur de ramen", "nl", "ramen")],
)
def test_a_clause_that_sounds_like_another_than_its_word_names(text: str, language: str, words: str) -> None:
    assert services(text, {words: {"cleaning": 0.86, "windows": 0.03}}, language) == [["cleaning"]]
    assert services(text, {words: {"cleaning": 0.84, "windows": 0.03}}, language) == [["windows"]]
    assert services(text, {words: {"cleaning": 0.86, "windows": 0.05}}, language) == [["windows"]]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("a walk with the shopping every Monday", "en", "walk"),
        ("elke maandag wandelen met de boodschappen", "nl", "wandelen"),
    ],
)
def test_of_two_services_the_one_hardly_heard_is_dropped(text: str, language: str, words: str) -> None:
    assert services(text, {words: {"groceries": 0.7, "walk": 0.09}}, language) == [["groceries"]]
    assert services(text, {words: {"groceries": 0.7, "walk": 0.11}}, language) == [["walk"], ["groceries"]]
    assert services(text, {words: {"groceries": 0.6, "walk": 0.09}}, language) == [["walk"], ["groceries"]]
    assert services(text, {words: {}}, language) == [["walk"], ["groceries"]]


def test_two_named_services_with_days_of_their_own_are_both_wanted() -> None:
    heard = {"mopping": {"cleaning": 0.95}}
    assert services("mopping on Tuesdays the laundry on Thursdays", heard) == [["cleaning"], ["laundry"]]
    assert services("mopping the laundry on Thursdays", heard) == [["cleaning"]]


def test_two_named_services_do_not_give_way_to_a_third() -> None:
    assert services("a walk with the shopping every Monday", {"walk": {"cleaning": 0.99}}) == [["walk"], ["groceries"]]


def test_behind_a_cut_another_may_be_wanted_besides() -> None:
    listener, pieces = hearing("a walk with the shopping every Monday", Ear({"walk": {"groceries": 0.9}}))
    pieces[1].boundary = 1
    assert [piece.value for piece in listener.mend(pieces) if piece.kind == "S"] == [["walk"], ["groceries"]]


def test_what_separated_a_dropped_service_separates_the_next() -> None:
    row = mended("Cleaning on Fridays. A walk with the shopping every Monday", {"walk with": {"groceries": 0.9}})
    assert [(piece.value, piece.boundary) for piece in row if piece.kind == "S"] == [
        (["cleaning"], 0),
        (["groceries"], 2),
    ]


def test_variants_of_a_family_count_as_the_family() -> None:
    listener, _ = hearing("", Ear({"": {"med_reminder": 0.3, "med_hand_over": 0.3, "med_administer": 0.3}}))
    assert listener.odds("her tablets")["medication"] == pytest.approx(0.9)
    pills = "A walk on Mondays, and on Fridays whatever sits in the box"
    assert services(pills, {"box": {"med_reminder": 0.4, "med_hand_over": 0.4}}) == [["walk"], ["medication"]]


# --- services of sentences that only tell


REMARKS = [
    ("Cleaning every Monday. My garden is big.", "en", "garden"),
    ("Elke maandag schoonmaken. De tuin is groot.", "nl", "tuin"),
]


@pytest.mark.parametrize(("text", "language", "words"), REMARKS)
def test_a_sentence_that_only_tells_asks_only_for_what_it_sounds_like(text: str, language: str, words: str) -> None:
    assert services(text, {words: {"garden": 0.49}}, language) == [["cleaning"]]
    assert services(text, {words: {"garden": 0.51}}, language) == [["cleaning"], ["garden"]]


@pytest.mark.parametrize(
    "text",
    ["My garden is big.", "Cleaning, please. My garden is big.", "Cleaning every Monday. I would like my garden done."],
)
def test_a_sentence_asks_where_no_other_does_or_where_it_wishes(text: str) -> None:
    assert ["garden"] in services(text, {})


@pytest.mark.parametrize(
    ("text", "language"),
    [("Cleaning and the garden. Both every Monday.", "en"), ("Schoonmaken en de tuin. Allebei elke maandag.", "nl")],
)
def test_what_is_said_of_both_makes_a_bare_sentence_ask(text: str, language: str) -> None:
    # What comes behind stands in a sentence of its own, with a service of its own.
    assert services(f"{text[:-1]} wandelen." if language == "nl" else f"{text[:-1]} walk.", {}, language)[:2] == [
        ["cleaning"],
        ["garden"],
    ]


# --- services of clauses that only tell why


REASONS = [
    ("Cleaning every Monday, my stockings pinch", "en", "pinch"),
    ("Elke maandag schoonmaken, de steunkousen knellen", "nl", "knellen"),
]


@pytest.mark.parametrize(("text", "language", "words"), REASONS)
def test_a_clause_that_tells_why_asks_only_for_what_it_sounds_like(text: str, language: str, words: str) -> None:
    assert services(text, {words: {"stockings_on": 0.49}}, language) == [["cleaning"]]
    assert services(text, {words: {"stockings_on": 0.51}}, language) == [["cleaning"], ["stockings_on"]]


@pytest.mark.parametrize(
    "text",
    [
        "Cleaning every Monday, stockings",
        "Cleaning every Monday and my stockings pinch",
        "Cleaning, my stockings pinch",
        "Every Monday, my stockings pinch",
        "Cleaning every Monday, I would like my stockings pinched",
        "Cleaning every Monday, my stockings pinch on Fridays",
    ],
)
def test_a_clause_that_adds_to_a_list_or_wishes_tells_no_reason(text: str) -> None:
    assert ["stockings_on"] in services(text, {})


# --- what is listened to


@pytest.mark.parametrize(
    ("text", "language", "heard"),
    [
        ("polish the windows every Monday, except Easter Monday", "en", "polish the windows ,"),
        ("polish the windows every Monday, preferably a woman", "en", "polish the windows ,"),
        ("elke maandag de ramen lappen, liefst een vrouw", "nl", "de ramen lappen ,"),
    ],
)
def test_when_and_who_are_not_listened_to(text: str, language: str, heard: str) -> None:
    listener, _ = hearing(text, None, language)
    assert listener.text(0, len(listener.found.words)) == heard


def test_the_word_that_joins_a_clause_is_not_listened_to() -> None:
    ear = Ear({})
    listener, pieces = hearing(KITE, ear)
    listener.mend(pieces)
    assert ear.asked == ["a walk", "a kite mended in the hall"]


def test_who_watches_at_night_is_not_heard_to_sit_with_the_dying() -> None:
    pieces = mended("elke nacht iemand om te waken", {"waken": {"palliative_presence": 0.99}}, "nl")
    assert [piece.value for piece in pieces if piece.kind == "S"] == [["night_waking"]]
