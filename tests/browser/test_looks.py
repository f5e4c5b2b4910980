"""Large type and high contrast, by keyboard, kept by the browser, with and without scripts."""

from __future__ import annotations

import pytest

from tests.browser.chromium import Page, Visitor
from tests.browser.keyboard import Keyboard
from tests.browser.serving import Site
from tests.browser.talking import choose, say

LETTERS = "parseFloat(getComputedStyle(document.querySelector('#text')).fontSize)"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
INK = "getComputedStyle(document.body).color"
OURS = "getComputedStyle(document.documentElement).getPropertyValue('--ours')"
PRESSED = "Array.from(document.querySelectorAll('#looks [aria-pressed=true]'), (button) => button.value)"


def test_larger_letters_by_keyboard_for_this_browser_only(
    page: Page, site: Site, visitor: Visitor, stranger: Visitor
) -> None:
    page.open(site.url)
    assert page.run(LETTERS) == 20
    keys = Keyboard(page)
    keys.go_to("summary")
    page.press("Enter")
    keys.go_to("button[name=size][value=largest]")
    page.press("Enter")
    page.until(f"{LETTERS} === 32")
    assert page.run("document.activeElement.value") == "largest", "the focus stays where it was"
    page.until("performance.getEntriesByName(location.origin + '/looks').length")
    for later in (page, visitor.page()):
        later.open(site.url)
        assert later.run(LETTERS) == 32
        assert "largest" in later.run(PRESSED)
    other = stranger.page()
    other.open(site.url)
    assert other.run(LETTERS) == 20


def test_choices_made_in_quick_succession_are_all_kept(page: Page, site: Site) -> None:
    page.open(site.url)
    page.run(
        "for (const value of ['large', 'high', 'largest']) document.querySelector(`#looks [value=${value}]`).click()"
    )
    page.until("performance.getEntriesByName(location.origin + '/looks').length === 3")
    page.reload()
    assert page.run(PRESSED) == ["largest", "high", "off"]


def test_high_contrast_is_black_and_white(page: Page, site: Site) -> None:
    page.open(site.url)
    choose(page, {"contrast": "high"})
    assert (page.run(INK), page.run(BACKGROUND)) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    page.media(prefers_color_scheme="dark")
    assert (page.run(INK), page.run(BACKGROUND)) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")


def test_high_contrast_comes_by_itself_where_the_device_asks_for_it_unless_refused(page: Page, site: Site) -> None:
    page.open(site.url)
    usual = page.run(OURS)
    page.media(prefers_contrast="more")
    page.reload()
    assert page.run(OURS) == "#fff" != usual
    assert page.run(PRESSED) == ["normal", "high", "off"]
    choose(page, {"contrast": "normal"})
    assert page.run(OURS) == usual
    page.reload()
    assert page.run(OURS) == usual


def test_without_scripts_a_choice_is_a_form_and_the_choices_stay_open(page: Page, site: Site) -> None:
    page.scripts(run=False)
    page.open(site.url)
    assert page.run("document.querySelector('#looks [data-name=aloud]').checkVisibility()") is False
    for value, letters in (("large", 24), ("largest", 32)):
        page.run("document.getElementById('looks').open = true")
        page.run(f"document.querySelector('#looks [value={value}]').click()")
        page.until(f"document.readyState === 'complete' && {LETTERS} === {letters}")
        assert page.run("document.getElementById('looks').open")


def test_while_the_brain_works_the_page_shows_it_and_tells_screen_readers(page: Page, site: Site) -> None:
    page.open(site.url)
    shown = "document.getElementById('typing').checkVisibility()"
    status = "document.getElementById('status').textContent"
    assert not page.run(shown)
    assert page.run("document.getElementById('status').getAttribute('role')") == "status"
    with site.hold():
        page.run("document.getElementById('text').focus()")
        page.type("dag")
        page.press("Enter")
        page.until(f"{shown} && {status}")
        page.reload()
        assert page.run(shown)
        assert page.run(status)
    page.until(f"!{shown} && !{status}")
    assert page.run("document.querySelectorAll('#log li.ours').length") == 2


def test_a_status_is_told_once_however_long_it_takes(page: Page, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    page.open(site.url)
    page.run("""
        window.told = [];
        const status = document.getElementById("status");
        new MutationObserver(() => told.push(status.textContent)).observe(status, {childList: true});
    """)
    looked = "performance.getEntriesByName(location.origin + '/messages?wait=1').length"
    monkeypatch.setattr("bot.web.pages._ANSWER_WITHIN_SECONDS", 0.1)
    with site.hold():
        page.run("document.getElementById('text').focus()")
        page.type("dag")
        page.press("Enter")
        page.until(f"{looked} > 2")
    page.until("document.querySelectorAll('#log li.ours').length === 2")
    told = page.run("told")
    assert len(told) == 2
    assert told[0]
    assert told[1] == ""


def test_a_long_answer_is_shown_from_its_beginning(page: Page, site: Site) -> None:
    page.open(site.url)
    say(page, "dag")
    say(page, "iemand die mij elke ochtend komt helpen met opstaan en aankleden " * 10)
    top = "document.querySelector('#log li.ours:nth-last-child(2)').getBoundingClientRect().top"
    assert 0 <= page.run(top) < 20
