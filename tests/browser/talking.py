"""Saying something on a page, and choosing how it looks."""

from __future__ import annotations

from tests.browser.chromium import Page

_IDLE = "!document.querySelector('#status').textContent"
_KEPT = "performance.getEntriesByName(location.origin + '/looks').length"
_TEXTS = "Array.from(document.querySelectorAll('#log li.{} .text'), (text) => text.textContent)"


def theirs(page: Page) -> list[str]:
    """What the visitor said, as the page shows it."""
    return list(page.run(_TEXTS.format("theirs")))


def ours(page: Page) -> list[str]:
    """What we said, as the page shows it."""
    return list(page.run(_TEXTS.format("ours")))


def answers(page: Page, after: int) -> list[str]:
    """Wait until there are more than so many messages of ours and none is awaited; all of ours."""
    page.until(f"document.querySelectorAll('#log li.ours').length > {after} && {_IDLE}")
    return ours(page)


def say(page: Page, text: str) -> list[str]:
    """Write, press Enter, and wait for the answer; all messages of ours."""
    before = len(ours(page))
    page.run("document.getElementById('text').focus()")
    page.type(text)
    page.press("Enter")
    return answers(page, before)


def choose(page: Page, looks: dict[str, str]) -> None:
    """Press the buttons of the looks, and wait until each choice is kept."""
    page.run("document.getElementById('looks').open = true")
    for name, value in looks.items():
        before = page.run(_KEPT)
        page.run(f"document.querySelector('#looks [name={name}][value={value}]').click()")
        page.until(f"{_KEPT} > {before}")
