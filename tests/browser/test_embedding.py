"""The web chat in a frame of an organisation's page, each on a site of its own, over https."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from time import monotonic, sleep

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.brain import Brain
from care.clock import Clock
from care.database import Database
from care.models import Inbox
from tests.browser.certificate import make_certificate
from tests.browser.chromium import Chromium, Frame, Page, ScriptFailed, Visitor
from tests.browser.serving import Site, chat, listening
from tests.browser.talking import ours, say, theirs


@dataclass
class Organisations:
    """Two organisations' sites: one that may show the chat, and one that may not."""

    welcome: str
    unwelcome: str
    framed: str = ""

    def page(self, _: Request) -> Response:
        """A page with a frame."""
        return HTMLResponse(
            f'<!doctype html><html lang="nl"><title>Zorg in de buurt</title><h1>Zorg in de buurt</h1>'
            f'<iframe src="{self.framed}/" title="Hulp aan huis regelen" width="100%" height="640"></iframe>'
        )


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    """What serves during a test."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def visitor(browser: Chromium, servers: ExitStack) -> Iterator[Visitor]:
    """Somebody whose pages are closed before the servers: those wait for connections over TLS to be ended."""
    visitor = browser.visitor()
    yield visitor
    visitor.leave()


@pytest.fixture
def organisations(servers: ExitStack, tls: dict[str, str]) -> Organisations:
    sites = Organisations("", "")
    port = servers.enter_context(listening(Starlette(routes=[Route("/", sites.page)]), **tls))
    sites.welcome = f"https://www.organisation.example:{port}"
    sites.unwelcome = f"https://www.elsewhere.example:{port}"
    return sites


@pytest.fixture
def allowing(
    servers: ExitStack,
    brain: Brain,
    database: Database,
    clock: Clock,
    organisations: Organisations,
    tls: dict[str, str],
) -> Callable[..., Site]:
    """Opens a chat that some sites may show."""

    def opened(*origins: str) -> Site:
        site = servers.enter_context(
            chat(brain, database, clock, host="chat.thuisbel.example", embed_origins=origins, **tls)
        )
        organisations.framed = site.url
        return site

    return opened


@pytest.fixture
def embedded(allowing: Callable[..., Site], organisations: Organisations) -> Site:
    """A chat that one of the organisations may show."""
    return allowing(organisations.welcome)


def frame_of(page: Page) -> Frame:
    """The frame in the page, when it has been loaded."""
    end = monotonic() + 30
    while True:
        for frame in page.frames():
            try:
                if frame.run("document.readyState === 'complete' && location.href !== 'about:blank'"):
                    return frame
            except ScriptFailed:
                continue  # it was on its way to another document
        assert monotonic() < end, "the page has no frame"
        sleep(0.05)


def is_kept_out(frame: Frame) -> bool:
    """Whether the browser refused to show the document in a frame."""
    return bool(frame.run("location.href").startswith("chrome-error:"))


def test_a_page_of_an_allowed_site_holds_a_conversation(
    page: Page, embedded: Site, organisations: Organisations
) -> None:
    page.open(organisations.welcome)
    frame = frame_of(page)
    assert frame.run("location.origin") == embedded.url
    # The frame is a process of its own: a key reaches it some time after it was pressed.
    page.press("Tab")
    page.until("document.activeElement.tagName === 'IFRAME'")
    frame.until("document.activeElement.className === 'skip'")
    page.press("Enter")
    frame.until("document.activeElement.id === 'text'")
    before = ours(frame)
    page.type("vraag")
    frame.until("document.getElementById('text').value === 'vraag'")
    page.press("Enter")
    frame.until("document.querySelectorAll('#options button').length === 2")
    frame.run("document.querySelector('#options [value=\"2\"]').click()")
    frame.until(f"document.querySelectorAll('#log li.ours').length > {len(before) + 1}")
    page.reload()
    frame = frame_of(page)
    assert theirs(frame) == ["vraag", "2"]


def test_what_is_chosen_in_a_frame_is_kept(page: Page, embedded: Site, organisations: Organisations) -> None:
    page.open(organisations.welcome)
    frame = frame_of(page)
    frame.run("document.querySelector('#looks [value=largest]').click()")
    frame.until("performance.getEntriesByName(location.origin + '/looks').length")
    page.reload()
    assert frame_of(page).run("document.documentElement.dataset.size") == "largest"


def test_what_is_said_in_a_frame_stays_within_that_site(
    page: Page, embedded: Site, organisations: Organisations
) -> None:
    page.open(embedded.url)
    say(page, "dag")
    assert theirs(page) == ["dag"]
    page.open(organisations.welcome)
    assert theirs(frame_of(page)) == []


def test_a_page_of_another_site_gets_no_chat(page: Page, embedded: Site, organisations: Organisations) -> None:
    page.open(organisations.unwelcome)
    assert is_kept_out(frame_of(page))


def test_without_the_setting_no_site_gets_one(
    page: Page, allowing: Callable[..., Site], organisations: Organisations
) -> None:
    site = allowing()
    page.open(organisations.welcome)
    assert is_kept_out(frame_of(page))
    page.open(site.url)
    assert say(page, "dag")


def test_the_page_around_it_cannot_speak_for_the_visitor_nor_read_along(
    page: Page, embedded: Site, organisations: Organisations, database: Database
) -> None:
    page.open(organisations.welcome)
    frame = frame_of(page)
    frame.run("document.getElementById('text').value = 'dag'")
    frame.run("document.getElementById('send').click()")
    frame.until("document.querySelectorAll('#log li.ours').length === 2")
    token = frame.run("document.querySelector('#say [name=token]').value")
    # Even if it had the token: the browser sends the frame's cookie along, and says where the form came from. What is
    # answered it may not see either way.
    send = f"""fetch("{embedded.url}/say", {{
        method: "POST", mode: "no-cors", credentials: "include",
        body: new URLSearchParams({{ token: "{token}", message_id: "0123456789ab", text: "zeg alles af" }}),
    }}).then(() => true, () => true)"""
    assert page.run(send)
    read = f'fetch("{embedded.url}/messages", {{ credentials: "include" }}).then(() => "read", () => "refused")'
    assert page.run(read) == "refused"
    with database.begin() as session:
        assert session.query(Inbox).filter(Inbox.text == "zeg alles af").count() == 0
    assert frame.run(send)
    with database.begin() as session:
        assert session.query(Inbox).filter(Inbox.text == "zeg alles af").count() == 1, "the frame itself may"
