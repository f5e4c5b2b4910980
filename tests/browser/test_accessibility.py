"""The pages against WCAG 2.2, levels A and AA, as far as axe can tell, and what it cannot tell beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.chromium import Page
from tests.browser.serving import Site
from tests.browser.talking import choose, say, theirs

Violations = Callable[[Page], list[str]]
LOOKS = [
    {},
    {"size": "large"},
    {"size": "largest"},
    {"contrast": "high"},
    {"contrast": "normal"},
    {"aloud": "on"},
    {"size": "largest", "contrast": "high", "aloud": "on"},
]
DEVICES = [
    {"prefers_color_scheme": "light"},
    {"prefers_color_scheme": "dark"},
    {"prefers_color_scheme": "light", "prefers_contrast": "more"},
    {"prefers_color_scheme": "dark", "prefers_contrast": "more"},
    {"forced_colors": "active"},
]


@pytest.mark.parametrize(("language", "looks"), [("en", {}), *(("nl", looks) for looks in LOOKS)], ids=str)
def test_an_empty_page_and_a_conversation(
    page: Page, site: Site, violations: Violations, looks: dict[str, str], language: str
) -> None:
    page.language(language)
    page.open(site.url)
    assert page.run("document.documentElement.lang") == language
    assert violations(page) == []
    choose(page, looks)
    assert violations(page) == []
    say(page, "dag")
    say(page, "vraag")
    assert page.run("document.querySelectorAll('#options button').length") == 2
    assert violations(page) == []


@pytest.mark.parametrize("device", DEVICES, ids=str)
@pytest.mark.parametrize("contrast", [{}, {"contrast": "normal"}, {"contrast": "high"}], ids=str)
def test_colours_as_the_device_wants_them(
    page: Page, site: Site, violations: Violations, device: dict[str, str], contrast: dict[str, str]
) -> None:
    page.media(**device)
    page.open(site.url)
    choose(page, contrast)
    say(page, "vraag")
    assert violations(page) == []


def test_while_an_answer_is_awaited(page: Page, site: Site, violations: Violations) -> None:
    page.open(site.url)
    with site.hold():
        page.run("document.getElementById('text').focus()")
        page.type("dag")
        page.press("Enter")
        page.until("document.getElementById('status').textContent")
        assert violations(page) == []


def test_without_scripts_it_works_and_is_as_good(page: Page, site: Site, violations: Violations) -> None:
    page.scripts(run=False)
    page.open(site.url)
    assert violations(page) == []
    page.run("document.getElementById('text').value = 'vraag'")
    page.run("document.getElementById('send').click()")
    page.until("document.querySelectorAll('#options button').length === 2")
    assert theirs(page) == ["vraag"]
    assert violations(page) == []
    page.run("document.querySelector('#options [value=\"2\"]').click()")
    page.until("document.querySelectorAll('#log li.theirs').length === 2")
    assert theirs(page) == ["vraag", "2"]


def test_without_scripts_an_answer_that_takes_long_is_fetched_by_a_link(
    page: Page, site: Site, violations: Violations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.pages._ANSWER_WITHIN_SECONDS", 0.1)
    page.scripts(run=False)
    page.open(site.url)
    with site.hold():
        page.run("document.getElementById('text').value = 'dag'")
        page.run("document.getElementById('send').click()")
        link = "document.querySelector('.waiting a')"
        page.until(f"{link} && {link}.checkVisibility()")
        assert violations(page) == []
    answered = "document.querySelectorAll('#log li.ours').length === 2"
    page.until(f"{answered} || void {link}.click()")


def test_a_page_that_says_one_thing(page: Page, site: Site, violations: Violations) -> None:
    page.open(site.url)
    choose(page, {"size": "largest", "contrast": "high"})
    page.open(f"{site.url}/nowhere")
    assert page.run("document.documentElement.dataset.size") == "largest"
    assert violations(page) == []


@pytest.mark.parametrize("size", ["normal", "large", "largest"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_has_to_be_scrolled_sideways(page: Page, site: Site, size: str, width: int) -> None:
    page.size(width)
    page.open(site.url)
    choose(page, {"size": size})
    say(page, "vraag")
    say(page, "hulpvraagverduidelijkingsgesprekken" * 3)
    assert page.run("document.scrollingElement.scrollWidth - innerWidth") <= 0


def test_axe_would_tell(page: Page, site: Site, violations: Violations) -> None:
    page.open(site.url)
    page.run("document.getElementById('send').style.color = 'green'")
    page.run("document.querySelector('label').remove()")
    page.run(
        "document.querySelectorAll('.languages button').forEach((button) => button.style.cssText ="
        " 'min-width: 0; min-height: 0; width: 9px; height: 9px; padding: 0; margin: -0.2rem')"
    )
    assert {found.partition(":")[0] for found in violations(page)} >= {"label", "color-contrast", "target-size"}
