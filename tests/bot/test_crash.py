"""Killed with -9 at every step of a booking, an acceptance, a refusal, a lapse and a substitution.

Nothing is lost, nothing double. See `killing.py`.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from actions import upkeep
from actions.requesting import TOPIC
from bot.brain import Brain
from bot.model import ensure_model
from bot.settings import Settings
from care.clock import Clock, local
from care.database import Database
from care.demo.loader import load_demo
from tests.bot.killing import AFTER_COMMIT, AT_COMMIT, BEGIN, STRIDE, House, handling, more, prove


@pytest.fixture(scope="module")
def brain(database: Database) -> Iterator[Brain]:
    """A brain on a database with the demo neighbourhood in it."""
    with database.begin() as session:
        load_demo(session, local(BEGIN - timedelta(days=3)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        brain = Brain.load(ensure_model(Settings.from_environment()), database, Clock(BEGIN))
    yield brain
    brain.close()


@pytest.fixture(scope="module")
def house(database: Database, brain: Brain) -> House:
    return House(database, brain)


def test_a_booking(house: House) -> None:
    phone = "+31612000001"
    house.say(phone, "elke maandag om twee uur wandelen", "Anna Klap, Lindelaan 20, 8259 BA", "1")
    number = house.message(phone, "ja")
    assert house.killed_at(AT_COMMIT, handling(number, house))
    before, after = prove(house, handling(number, house))
    assert more(before, after, "series") == {("offered",): 1}
    assert more(before, after, "asks") == {(TOPIC, "open"): 1}
    # The answer to the recipient, and the question to the helper.
    assert after["outbox"][0][0] - before["outbox"][0][0] == 2


def test_an_acceptance(house: House) -> None:
    phone = "+31612000004"
    house.say(phone, "elke donderdag om twee uur wandelen", "Anna Klip, Lindelaan 28, 8259 BA", "1", "ja")
    number = house.message(house.asked(TOPIC), "ja dat kan")
    assert house.killed_at(AT_COMMIT, handling(number, house))
    before, after = prove(house, handling(number, house))
    assert more(before, after, "series") == {("offered",): -1, ("active",): 1}
    assert set(more(before, after, "visits")) == {("offered",), ("planned",)}
    assert after["outbox"][0][0] - before["outbox"][0][0] == 2


def test_a_refusal(house: House) -> None:
    phone = "+31612000002"
    house.say(phone, "elke dinsdag om twee uur wandelen", "Anna Klop, Lindelaan 22, 8259 BA", "1", "ja")
    number = house.message(house.asked(TOPIC), "nee dat lukt niet")
    assert house.killed_at(AT_COMMIT, handling(number, house))
    before, after = prove(house, handling(number, house))
    assert more(before, after, "series") == {("offered",): -1, ("declined",): 1}
    assert more(before, after, "asks")[("next_offer", "open")] == 1
    assert after["outbox"][0][0] - before["outbox"][0][0] == 2


def test_the_end_of_the_time(house: House) -> None:
    phone = "+31612000003"
    house.say(phone, "elke woensdag om twee uur wandelen", "Anna Klep, Lindelaan 26, 8259 BA", "1", "ja")
    later = local(BEGIN) + timedelta(days=1, hours=2)

    def keep_up(database: Database) -> int:
        return upkeep.run(database.begin, later)

    before = house.counts()
    step = 1
    while house.killed_at(step, keep_up):
        step += STRIDE
    after = house.counts()
    assert not house.killed_at(AFTER_COMMIT, keep_up)
    assert house.counts() == after, "done twice"
    # Each piece of upkeep has a transaction of its own, so what was done before a kill stays, and is not done again.
    waiting = dict(before["series"])["offered"]
    assert more(before, after, "series") == {("offered",): -waiting, ("declined",): waiting}
    assert more(before, after, "asks")[("next_offer", "open")] == waiting
    assert after["outbox"][0][0] == after["outbox"][0][1] or None in after["outbox"][0]


SEEK = "substitute"


def proven(house: House, phone: str, said: str) -> tuple[dict, dict, Counter]:
    """Kill the handling of a message at its steps: before, after, and what was written, each once."""
    since = house.last_written()
    number = house.message(phone, said)
    assert house.killed_at(AT_COMMIT, handling(number, house))
    before, after = prove(house, handling(number, house))
    written = house.written(since)
    return before, after, Counter(written)


def test_an_illness_a_choice_and_a_yes(house: House) -> None:
    phone, helper = "+31612000005", house.phone_of("Maria de Bruin")
    coordinator = house.phone_of("Ans Wieringa")
    house.say(phone, "elke dag om tien uur een uur gezelschap van Maria de Bruin", "Ida Ziek, Lindelaan 24, 8259 BA")
    house.say(phone, "Maria", "ja")
    house.say(helper, "ja dat kan")

    before, after, written = proven(house, helper, "ik ben ziek tot donderdag")
    assert more(before, after, "visits") == {("planned",): -3, ("requested",): 3}
    assert more(before, after, "searches") == {("choosing",): 1}
    assert more(before, after, "absences") == {(): 1}
    expected = {(helper, "reply"): 1, (phone, "substitute_choose"): 1, (coordinator, "absence_coordinator"): 1}
    assert written == expected

    before, after, written = proven(house, phone, "1")
    other = house.asked(SEEK)
    assert more(before, after, "searches") == {("choosing",): -1, ("asking",): 1}
    assert more(before, after, "visits") == {}
    assert written == {(phone, "reply"): 1, (other, "substitute_ask"): 1}

    before, after, written = proven(house, other, "ja hoor")
    assert more(before, after, "searches") == {("asking",): -1, ("covered",): 1}
    assert more(before, after, "visits") == {("requested",): -3, ("moved",): 3, ("planned",): 3}
    assert more(before, after, "series") == {("active",): 1}
    told = {(phone, "substitute_found"): 1, (helper, "substitute_found_helper"): 1, (phone, "stand_in_ask"): 1}
    assert written == {(other, "reply"): 1, **told}


def test_an_absence_a_no_and_no_answer(house: House) -> None:
    phone, helper = "+31612000006", house.phone_of("Wilma Groot")
    house.say(phone, "elke dag om elf uur een uur gezelschap van Wilma Groot", "Ida Weg, Lindelaan 26, 8259 BA")
    house.say(phone, "Wilma", "ja")
    house.say(helper, "ja dat kan", "woensdag kan ik niet")

    before, after, written = proven(house, helper, "ja")
    assert more(before, after, "visits") == {("planned",): -1, ("requested",): 1}
    assert (written[helper, "reply"], written[phone, "substitute_choose"]) == (1, 1)
    house.say(phone, "1")
    other = house.asked(SEEK)

    before, after, written = proven(house, other, "nee dat lukt niet")
    assert more(before, after, "searches") == {("asking",): -1, ("choosing",): 1}
    assert more(before, after, "visits") == {}
    assert written == {(other, "reply"): 1, (phone, "substitute_choose_again"): 1}
    house.say(phone, "1")
    third = house.asked(SEEK)
    assert third != other

    # Nobody answers in time: the search goes on by itself, or says that there is nobody.
    since, later = house.last_written(), local(BEGIN) + timedelta(hours=5)
    before = house.counts()

    def keep_up(database: Database) -> int:
        return upkeep.run(database.begin, later)

    step = 1
    while house.killed_at(step, keep_up):
        step += STRIDE
    after = house.counts()
    assert not house.killed_at(AFTER_COMMIT, keep_up)
    assert house.counts() == after, "done twice"
    written = Counter(house.written(since))
    assert written[third, "substitute_too_late"] == 1
    assert more(before, after, "visits") == {}
    assert written[phone, "substitute_choose_again"] + written[phone, "substitute_nobody"] == 1
    assert set(written.values()) == {1}
