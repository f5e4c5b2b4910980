"""A whole booking in Chromium on the trained model, on a phone, by keyboard only."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.brain import Brain
from bot.model import ensure_model
from bot.settings import Settings
from care.clock import Clock, local
from care.database import Database
from care.demo.loader import load_demo
from care.models import Inbox, Outbox, Series
from tests.browser.chromium import Page
from tests.browser.keyboard import Keyboard
from tests.browser.serving import Site

Violations = Callable[[Page], list[str]]
REQUEST = "elke dag om tien uur iemand voor een uurtje gezelschap"
ANSWERED = "document.querySelectorAll('#log li.ours').length > {} && !document.querySelector('#status').textContent"
THEIRS = "Array.from(document.querySelectorAll('#log li.theirs .text'), (text) => text.textContent)"
OURS = THEIRS.replace("theirs", "ours")


@pytest.fixture(scope="module")
def clock() -> Clock:
    """Monday 23 November 2026, nine in the morning."""
    return Clock(datetime(2026, 11, 23, 9))


@pytest.fixture(scope="module")
def brain(database: Database, clock: Clock) -> Iterator[Brain]:
    """The brain on the trained model, with the demo neighbourhood."""
    model = ensure_model(Settings.from_environment())
    with database.begin() as session:
        load_demo(session, local(datetime(2026, 11, 20, 9)))
    with warnings.catch_warnings():
        # Rasa's libraries warn of each other when they are imported.
        warnings.simplefilter("ignore")
        brain = Brain.load(model, database, clock)
    yield brain
    brain.close()


def answered(page: Page, before: int = 0) -> list[str]:
    """Wait for the answer; all of ours."""
    page.until(ANSWERED.format(before))
    return list(page.run(OURS))


def test_a_booking_by_keyboard_on_a_phone_with_a_reload_in_the_middle(
    page: Page, site: Site, violations: Violations
) -> None:
    page.open(site.url)
    keys = Keyboard(page)
    keys.go_to("a.skip")
    page.press("Enter")
    page.until("document.activeElement.id === 'text'")

    keys.write(REQUEST)
    ours = answered(page)
    assert "naam" in ours[-1]
    page.type("Mevrouw De")
    page.reload()
    assert page.run(THEIRS) == [REQUEST]
    assert page.run(OURS) == ours
    assert page.run("document.getElementById('text').value") == "Mevrouw De"
    keys.go_to("#text")
    page.press("End")
    keys.write(" Wit")
    ours = answered(page, len(ours))
    assert "straat" in ours[-1]
    keys.write("Lindelaan 24, 8259 BA")
    ours = answered(page, len(ours))
    assert "Wie mag er komen?" in ours[-1]
    page.reload()
    assert page.run(OURS) == ours
    assert violations(page) == []

    keys.go_to("button[name=choice][value='1']")
    keys.press_twice()
    ours = answered(page, len(ours))
    assert "Klopt dat?" in ours[-1]
    keys.go_to("button[name=choice][value='1']")
    keys.press_twice()
    ours = answered(page, len(ours))
    assert violations(page) == []
    assert page.run(THEIRS) == [REQUEST, "Mevrouw De Wit", "Lindelaan 24, 8259 BA", "1", "1"]
    _is_booked_once(site)


def _is_booked_once(site: Site) -> None:
    with site.database.begin() as session:
        heard = session.scalars(select(Inbox).where(Inbox.channel == "web")).all()
        assert len(heard) == 5
        assert all(row.error is None for row in heard)
        replies = session.scalars(select(Outbox.in_reply_to).where(Outbox.channel == "web")).all()
        assert set(replies) == {row.id for row in heard}
        series = session.scalars(select(Series).where(Series.status == "offered")).all()
        assert [row.service for row in series] == ["companionship"]
