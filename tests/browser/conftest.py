"""Chromium, axe, and a web chat for them.

These tests are left out only where Chromium cannot be had: where it is not installed and `scripts/browser` cannot
install it. The continuous integration (`.ci/run`) sets CI, and there they fail instead.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator

import pytest

from bot.brain import Brain
from bot.settings import ROOT
from care.clock import Clock
from care.database import Database
from tests.bot.conftest import brain, clock, small_agent, small_model
from tests.browser.chromium import Chromium, Page, Visitor, find_chromium
from tests.browser.serving import Site, chat

__all__ = ["brain", "clock", "small_agent", "small_model"]

_AXE = ROOT / ".cache" / "axe" / "axe_playwright_python" / "axe.min.js"
_SWITCHES = (
    # Every name is this machine, so that pages of several sites can be served here.
    "--host-resolver-rules=MAP * 127.0.0.1",
    "--ignore-certificate-errors",
    # As browsers are that keep other sites' cookies out of frames.
    "--test-third-party-cookie-phaseout",
)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def _equipment() -> None:
    """What the browser tests need is there."""
    done = subprocess.run([ROOT / "scripts" / "browser"], capture_output=True, text=True, timeout=900)
    if done.returncode == 0:
        return
    why = f"no browser tests, because scripts/browser could not install what they need: {done.stderr.strip()}"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser(_equipment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """The browser of the run."""
    program = find_chromium()
    assert program
    browser = Chromium(program, tmp_path_factory.mktemp("chromium"), _SWITCHES)
    yield browser
    browser.close()


@pytest.fixture
def visitor(browser: Chromium) -> Iterator[Visitor]:
    """Somebody who was never here before."""
    visitor = browser.visitor()
    yield visitor
    visitor.leave()


@pytest.fixture
def stranger(browser: Chromium) -> Iterator[Visitor]:
    """Somebody else, with another browser."""
    stranger = browser.visitor()
    yield stranger
    stranger.leave()


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """An empty page on their phone."""
    return visitor.page()


@pytest.fixture
def site(brain: Brain, database: Database, clock: Clock) -> Iterator[Site]:
    """A web chat on the small model."""
    with chat(brain, database, clock) as site:
        yield site


@pytest.fixture(scope="session")
def violations(_equipment: None) -> Callable[[Page], list[str]]:
    """What axe finds on a page against WCAG 2.2, levels A and AA: the rule, and where."""
    source = _AXE.read_text(encoding="utf-8")
    # Not switched on by its tag alone.
    options = {"runOnly": _RULES, "rules": {"target-size": {"enabled": True}}}
    script = f"""axe.run({json.dumps(options)}).then((found) => found.violations.flatMap((rule) => rule.nodes.map(
        (node) => rule.id + ": " + node.target.join(" ") + ": " + node.failureSummary)))"""

    def look(page: Page) -> list[str]:
        scripted = page.scripted
        page.scripts(run=True)
        if not page.run("'axe' in window"):
            page.run(source)
        found = list(page.run(script))
        page.scripts(run=scripted)
        return found

    return look
