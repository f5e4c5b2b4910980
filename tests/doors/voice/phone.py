"""The other side of a call: plays what Twilio and the caller do, and hears what is said."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as Xml

from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from tests.doors.voice import twiml

TOKEN = "the token of the tests"
BASE = "http://testserver"
PATH = "/channels/twilio/voice"
OURS = "+31850000001"
_calls = itertools.count(1)


class Phone:
    """A phone that calls us. `log` is the transcript of the call."""

    def __init__(self, client: TestClient, number: str, called: str = OURS) -> None:
        self._client = client
        self.number, self.called = number, called
        self.sid = f"CA{next(_calls):032x}"
        self.log: list[str] = []
        self.waits = 0
        self.document = Xml.Element("Response")

    def post(self, url: str, **fields: str) -> Any:
        """One request as Twilio makes it, signed."""
        form = {
            "CallSid": self.sid,
            "AccountSid": "AC0",
            "From": self.number,
            "To": self.called,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            **fields,
        }
        where = urljoin(BASE, url)
        signature = RequestValidator(TOKEN).compute_signature(where, form)
        return self._client.post(where, data=form, headers={"X-Twilio-Signature": signature})

    def call(self) -> str:
        """Begin the call."""
        return self._go(PATH, CallStatus="ringing")

    def press(self, keys: str) -> str:
        """Press keys, at whatever length we were asked for."""
        gather = self.gather()
        most = gather.get("numDigits")
        assert most is None or len(keys) <= int(most), f"only {most} keys are waited for: {self.transcript()}"
        self.log.append(f"[keys] {keys}")
        return self._go(gather.get("action", ""), Digits=keys)

    def say(self, text: str, confidence: float | None = 0.93) -> str:
        """Say something, heard with some confidence."""
        self.log.append(f"[caller] {text}")
        told = {} if confidence is None else {"Confidence": str(confidence)}
        return self._go(self.gather().get("action", ""), SpeechResult=text, **told)

    def silence(self) -> str:
        """Say and press nothing."""
        self.log.append("[caller] …")
        return self._go(self.gather().get("action", ""))

    def dialled(self, outcome: str) -> str:
        """What became of connecting."""
        [dial] = self.document.iter("Dial")
        self.log.append(f"[connecting] {outcome}")
        return self._go(dial.get("action", ""), DialCallStatus=outcome)

    def hang_up(self) -> Any:
        return self.post(PATH, CallStatus="completed")

    def _go(self, url: str, **fields: str) -> str:
        """Follow the TwiML until somebody is waited for, connected, or gone; what was said."""
        said = []
        for _ in range(20):
            response = self.post(url, **fields)
            assert response.status_code == 200, response.text
            assert response.headers["content-type"].startswith("text/xml")
            self.document = twiml.check(response.text)
            said += ["".join(say.itertext()) for say in self.document.iter("Say")]
            verbs = [child.tag for child in self.document]
            if verbs[-1] == "Redirect" and "Gather" not in verbs:
                self.waits += 1
                url, fields = self.document[-1].text or "", {}
                continue
            break
        text = " / ".join(said)
        self.log.append(f"[bot] {text}")
        return text.lower()

    def gather(self) -> Xml.Element:
        found = self.document.find("Gather")
        assert found is not None, f"nobody listens: {self.transcript()}"
        return found

    @property
    def over(self) -> bool:
        return self.document.find("Hangup") is not None

    @property
    def connected_to(self) -> str | None:
        return self.document.findtext("Dial/Number")

    def transcript(self) -> str:
        return "\n".join(self.log)
