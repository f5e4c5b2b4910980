"""A real Chromium, driven over its DevTools pipe (https://chromedevtools.github.io/devtools-protocol/)."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any

_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.05
_SWITCHES = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--accept-lang=nl",
)
_KEYS = {
    "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "End": ("End", 35, ""),
    " ": ("Space", 32, " "),
}
_SHIFT = 8
# Chromium reads commands from its file 3 and writes to its file 4.
_ON_3_AND_4 = """
import fcntl, os, sys
commands, answers = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 5) for number in sys.argv[1:3])
os.dup2(commands, 3)
os.dup2(answers, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""

Json = dict[str, Any]


def find_chromium() -> str | None:
    """The browser's program on PATH, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class ScriptFailed(AssertionError):
    """What was run in a page threw."""


class Chromium:
    """A browser with an empty profile of its own."""

    def __init__(self, program: str, folder: Path, switches: Sequence[str] = ()) -> None:
        """Start it; `folder` is for its profile and for what it logs."""
        command_out, self._to = os.pipe()
        self._from, answer_in = os.pipe()
        # Its sandbox needs a user who may make namespaces, which root in a container may not.
        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
        arguments = [program, *_SWITCHES, *sandbox, *switches, f"--user-data-dir={folder / 'profile'}"]
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-ISc", _ON_3_AND_4, str(command_out), str(answer_in), *arguments],
                pass_fds=(command_out, answer_in),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        os.close(command_out)
        os.close(answer_in)
        self._read = b""
        self._number = 0
        self.events: list[Json] = []
        try:
            self.user_agent = self.send("Browser.getVersion")["userAgent"]
        except (TimeoutError, EOFError):
            self.close()
            raise

    def close(self) -> None:
        """End it."""
        os.close(self._to)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)

    def send(self, method: str, session: str | None = None, **params: Any) -> Json:
        """Give a command, to the browser or to the page of a session, and wait for its result."""
        self._number += 1
        command: Json = {"id": self._number, "method": method, "params": params}
        if session:
            command["sessionId"] = session
        data = json.dumps(command).encode() + b"\0"
        while data:
            data = data[os.write(self._to, data) :]
        while True:
            message = self._next()
            if message.get("id") != self._number:
                self.events.append(message)
            elif "error" in message:
                raise ScriptFailed(f"{method}: {message['error']['message']}")
            else:
                return dict(message["result"])

    def _next(self) -> Json:
        until = monotonic() + _SECONDS
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - monotonic()))
            if not ready:
                raise TimeoutError("the browser does not answer")
            chunk = os.read(self._from, 1 << 16)
            if not chunk:
                raise EOFError("the browser has ended")
            self._read += chunk
        message, _, self._read = self._read.partition(b"\0")
        return dict(json.loads(message))

    def visitor(self) -> Visitor:
        """Somebody new, without cookies."""
        return Visitor(self, self.send("Target.createBrowserContext")["browserContextId"])


class Visitor:
    """Somebody with cookies of their own, who may have several pages open."""

    def __init__(self, browser: Chromium, context: str) -> None:
        self._browser = browser
        self._context = context

    def page(self, width: int = 390, height: int = 844) -> Page:
        """A new page on a screen of so many CSS pixels; by default a phone's."""
        target = self._browser.send("Target.createTarget", url="about:blank", browserContextId=self._context)
        return Page(self._browser, target["targetId"], width, height)

    def leave(self) -> None:
        """Close all their pages and forget them."""
        self._browser.send("Target.disposeBrowserContext", browserContextId=self._context)


class Frame:
    """A document in which scripts can be run."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self.browser = browser
        self.session = session

    def send(self, method: str, **params: Any) -> Json:
        """A DevTools command to this document."""
        return self.browser.send(method, self.session, **params)

    def run(self, script: str) -> Any:
        """The value of an expression, or what its promise gives; raises ScriptFailed when it throws."""
        result = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise ScriptFailed(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def until(self, script: str, seconds: float = _SECONDS) -> Any:
        """Wait until an expression is true; its value."""
        end = monotonic() + seconds
        while True:
            try:
                if value := self.run(script):
                    return value
            except ScriptFailed as failure:
                # While a page is being loaded the old one is gone.
                if monotonic() >= end:
                    raise AssertionError(f"never true: {script}") from failure
            assert monotonic() < end, f"never true: {script}; the page shows: {self.text()}"
            sleep(_LOOK_AGAIN_SECONDS)

    def text(self) -> str:
        """What can be read."""
        return str(self.run("document.body ? document.body.innerText : ''"))


class Page(Frame):
    """A page in a tab."""

    def __init__(self, browser: Chromium, target: str, width: int, height: int) -> None:
        session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        super().__init__(browser, session)
        self.scripted = True
        self.send("Page.enable")
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        self.send("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        self.size(width, height)

    def size(self, width: int, height: int = 844) -> None:
        """Another screen."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.send("Emulation.setDeviceMetricsOverride", **size)

    def media(self, **features: str) -> None:
        """What the browser says its owner prefers, such as prefers_contrast="more"."""
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.send("Emulation.setEmulatedMedia", features=wanted)

    def language(self, code: str) -> None:
        """The language its owner reads."""
        self.send("Emulation.setUserAgentOverride", userAgent=self.browser.user_agent, acceptLanguage=code)

    def scripts(self, *, run: bool) -> None:
        """Whether documents run their scripts from now on. Ours (`run`) do either way, but cannot wait for anything."""
        self.scripted = run
        self.send("Emulation.setScriptExecutionDisabled", value=not run)

    def before_every_page(self, script: str) -> None:
        """Run a script in every document before its own."""
        self.send("Page.addScriptToEvaluateOnNewDocument", source=script)

    def open(self, url: str) -> None:
        """Go to an address, and wait until it is there."""
        self.run("window.old = true")
        failure = self.send("Page.navigate", url=url).get("errorText")
        assert not failure, f"{url}: {failure}"
        self._loaded()

    def reload(self) -> None:
        """Load the page once more."""
        self.run("window.old = true")
        self.send("Page.reload")
        self._loaded()

    def _loaded(self) -> None:
        self.until("!window.old && document.readyState === 'complete'")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key and let it go."""
        code, number, text = _KEYS[key]
        event = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": _SHIFT if shift else 0}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **event)
        self.send("Input.dispatchKeyEvent", type="keyUp", **event)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.send("Input.insertText", text=text)

    def frames(self) -> list[Frame]:
        """The documents of other sites within this page; those of its own site are part of itself."""
        gone = {event["sessionId"] for event in self._events("Target.detachedFromTarget")}
        opened = [event["sessionId"] for event in self._events("Target.attachedToTarget")]
        return [Frame(self.browser, session) for session in opened if session not in gone]

    def _events(self, method: str) -> list[Json]:
        self.run("1")  # what the browser wanted to tell comes before its answer
        ours = [event for event in self.browser.events if event.get("sessionId") == self.session]
        return [event["params"] for event in ours if event["method"] == method]
