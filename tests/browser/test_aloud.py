"""Reading aloud. Chromium has no voices where these tests run, so a page is given some that note what they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.chromium import Page
from tests.browser.keyboard import Keyboard
from tests.browser.serving import Site
from tests.browser.talking import choose, say

# What of the Web Speech API the page uses; an utterance lasts until the test ends it.
VOICES = """
(() => {
  const voices = %s;
  const spoken = [];
  let queue = [];
  window.spoken = spoken;
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const begin = () => { if (queue.length) spoken.push({ text: queue[0].text, lang: queue[0].lang }); };
  window.finish = () => {
    const done = queue.shift();
    begin();
    if (done && done.onend) done.onend();
  };
  const synthesis = {
    getVoices: () => voices,
    speak(utterance) { queue.push(utterance); if (queue.length === 1) begin(); },
    cancel() { const left = queue; queue = []; for (const one of left) if (one.onerror) one.onerror(); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.speaking = () => queue.length;
})();
"""
DUTCH = "{lang: 'nl_NL', localService: true}"
ENGLISH = "{lang: 'en-US', localService: true}, {lang: 'en-GB', localService: true}"
FAR = "{lang: 'nl-NL', localService: false}"
BUTTONS = "Array.from(document.querySelectorAll('#log .read button'), (button) => button.textContent)"
SETTING = "document.querySelector('#looks [data-name=aloud]').checkVisibility()"
SPOKEN = "spoken.map((one) => one.text)"


@pytest.fixture
def talking(page: Page, site: Site) -> Callable[[str], Page]:
    """Open the page in a browser that has these voices."""

    def opened(voices: str) -> Page:
        page.before_every_page(VOICES % f"[{voices}]")
        page.open(site.url)
        page.run("document.getElementById('looks').open = true")
        return page

    return opened


def finish(page: Page) -> list[Any]:
    """Let the voices end one sentence after the other; all that was said."""
    while page.run("speaking()"):
        page.run("finish()")
    return list(page.run("spoken"))


def test_without_a_voice_there_is_nothing_to_press(page: Page, site: Site) -> None:
    page.open(site.url)
    assert page.run("speechSynthesis.getVoices().length") == 0
    page.run("document.getElementById('looks').open = true")
    say(page, "dag")
    assert page.run(BUTTONS) == []
    assert not page.run(SETTING)


@pytest.mark.parametrize(
    ("voices", "setting", "buttons"), [(DUTCH, True, 2), (FAR, False, 0), (ENGLISH, False, 0)], ids=str
)
def test_only_what_a_voice_of_the_device_can_read_has_a_button(
    talking: Callable[[str], Page], voices: str, setting: bool, buttons: int
) -> None:
    page = talking(voices)
    say(page, "dag")
    assert page.run(SETTING) is setting
    assert len(page.run(BUTTONS)) == buttons


def test_voices_may_come_later(talking: Callable[[str], Page]) -> None:
    page = talking("")
    say(page, "dag")
    assert not page.run(SETTING)
    page.run(f"speechSynthesis.getVoices().push({DUTCH}); speechSynthesis.onvoiceschanged()")
    assert page.run(SETTING)
    assert len(page.run(BUTTONS)) == 2


def test_one_message_is_read_on_request_in_its_language_and_can_be_stopped(talking: Callable[[str], Page]) -> None:
    page = talking(f"{DUTCH}, {ENGLISH}")
    say(page, "goedemorgen daar. komt er vandaag iemand bij mij langs?")
    assert page.run("spoken") == [], "off by default"
    keys = Keyboard(page)
    keys.go_to(".read button", back=True)
    keys.go_to("#log li.ours .read button", back=True)
    page.press("Enter")
    assert page.run("document.activeElement.textContent") == "Stop met voorlezen"
    assert finish(page) == [
        {"text": "U zei: goedemorgen daar.", "lang": "nl_NL"},
        {"text": "komt er vandaag iemand bij mij langs?.", "lang": "nl_NL"},
    ]
    assert set(page.run(BUTTONS)) == {"Lees voor"}
    page.press("Enter")
    page.press("Enter")
    assert page.run("speaking()") == 0
    page.press("Enter")
    page.press("Escape")
    assert page.run("speaking()") == 0
    assert set(page.run(BUTTONS)) == {"Lees voor"}


def test_an_english_message_on_a_dutch_page_is_read_by_a_british_voice(talking: Callable[[str], Page]) -> None:
    page = talking(f"{DUTCH}, {ENGLISH}")
    say(page, "is there somebody who comes to me tomorrow morning and what is the price of that")
    page.run("document.querySelector('#log li.ours .read button').click()")
    assert page.run("spoken")[0]["lang"] == "en-GB"
    assert page.run("document.querySelector('#log li.ours .text').lang") == "en"


def test_every_answer_is_read_when_wanted_one_after_the_other(talking: Callable[[str], Page]) -> None:
    page = talking(DUTCH)
    say(page, "dag")
    choose(page, {"aloud": "on"})
    page.reload()
    assert page.run("spoken") == [], "what was said before is not read again"
    say(page, "dag")
    assert [one["text"] for one in finish(page)] == ["U zei: dag.", "Dat was bericht 2."]
    say(page, "nog eens")
    assert page.run("speaking()") == 1
    say(page, "vraag")
    assert page.run(SPOKEN)[-1] == "Welke?", "who goes on has heard enough of the last answer"


def test_buttons_to_read_are_not_told_to_screen_readers_with_each_message(talking: Callable[[str], Page]) -> None:
    page = talking(DUTCH)
    say(page, "dag")
    assert page.run("document.querySelector('.read').getAttribute('aria-live')") == "off"
    names = page.run("Array.from(document.querySelectorAll('.read button'), (one) => one.getAttribute('aria-label'))")
    assert names == ["Lees voor, 09:00"] * 2
