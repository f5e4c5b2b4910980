"""The phone: what Twilio tells of a call, and the TwiML that says what happens next in it.

Fields and verbs as in https://www.twilio.com/docs/voice/twiml. Nothing here knows what is talked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import phonenumbers
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

CHANNEL = "voice"
PATH = "/channels/twilio/voice"
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""The states of a call that has ended."""
MACHINE = "machine"

LONGEST_HEARD = 1000
"""Characters of one utterance; Twilio listens for at most a minute."""
MOST_STEPS = 500
SILENCE_SECONDS = 8
"""How long we wait for somebody to begin: older people think before they speak."""
RING_SECONDS = 25

# Twilio limits: 500 hints of 100 characters each.
MOST_HINTS = 100
LONGEST_HINT = 60

_CALL_ID = re.compile(r"[A-Za-z0-9_-]{3,64}")
_DIGITS = re.compile(r"[0-9*#]{1,40}")
_MARK = re.compile(r"[\w:,.-]{1,200}")
# What Twilio puts in From when the number is withheld: words on a keypad (ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN …).
_WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"})


@dataclass(frozen=True)
class Step:
    """One request of a call.

    `call` is Twilio's id of it, `caller` the other side's number in E.164 (None when withheld), `called` ours. `number`
    counts the answers of the person, 0 being the beginning; the same call and number twice is one step. `kind` is
    `begin`, `digits`, `text`, `silence`, `dialled` (somebody was connected, or not: `outcome`) or `over`. `confidence`
    is how sure the speech recognition is, from 0 to 1, or None when it does not tell. `waited` counts how often the
    caller was asked to wait for this step. `about` names the message that we called them for.
    """

    call: str
    caller: str | None
    called: str
    number: int = 0
    kind: str = "begin"
    text: str = ""
    confidence: float | None = None
    waited: int = 0
    about: str | None = None
    outcome: str = ""
    machine: bool = False


def read_step(form: Mapping[str, str], query: Mapping[str, str]) -> Step | None:
    """The step that a signed form and the address it was sent to tell of; None when it makes no sense."""
    call = form.get("CallSid", "")
    number, waited = _count(query.get("step", "0")), _count(query.get("wait", "0"))
    about = query.get("about")
    if not _CALL_ID.fullmatch(call) or number is None or waited is None:
        return None
    if about is not None and not _MARK.fullmatch(about):
        return None
    outgoing = form.get("Direction", "inbound").startswith("outbound")
    theirs, ours = (
        (form.get("To", ""), form.get("From", "")) if outgoing else (form.get("From", ""), form.get("To", ""))
    )
    kind, text, confidence = _said(form, query, number)
    return Step(
        call=call,
        caller=_phone(theirs),
        called=ours.strip()[:40],
        number=number,
        kind=kind,
        text=text,
        confidence=confidence,
        waited=waited,
        about=about,
        outcome=form.get("DialCallStatus", ""),
        machine=form.get("AnsweredBy", "").startswith(MACHINE),
    )


def _said(form: Mapping[str, str], query: Mapping[str, str], number: int) -> tuple[str, str, float | None]:
    if form.get("CallStatus", "") in OVER:
        return "over", "", None
    if "dialled" in query:
        return "dialled", "", None
    if number == 0:
        return "begin", "", None
    digits = form.get("Digits", "").strip()
    if _DIGITS.fullmatch(digits):
        return "digits", digits, None
    heard = "".join(c for c in form.get("SpeechResult", "") if unicodedata.category(c) not in ("Cc", "Cs"))
    heard = " ".join(heard.split())[:LONGEST_HEARD]
    if not heard:
        return "silence", "", None
    return "text", heard, _confidence(form.get("Confidence", ""))


def _count(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal()) or len(text) > 4 or int(text) > MOST_STEPS:
        return None
    return int(text)


def _confidence(text: str) -> float | None:
    """The confidence, or None: some recognisers tell none, or 0 for everything."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 < found <= 1 else None


def _phone(text: str) -> str | None:
    """A phone number in E.164; None for a withheld one and for callers that have none (SIP, an app)."""
    text = text.strip()
    if text in _WITHHELD or not text.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def outside_id(step: Step) -> str:
    """The id under which a step is taken in: the same request twice is one message."""
    return f"{step.call}:{step.number}"


# What we answer ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Speech:
    """How we sound: a voice of Twilio's for each language, and the speed in percent of the voice's own."""

    voices: Mapping[str, str] = field(default_factory=lambda: {"nl": "Polly.Laura-Neural", "en": "Polly.Amy-Neural"})
    rate_percent: int = 90


@dataclass(frozen=True)
class Said:
    """Something to say, in one language."""

    text: str
    language: str


@dataclass(frozen=True)
class Listening:
    """How to listen for the answer: words to expect, and how many keys make an answer (None: ended by #)."""

    language: str
    hints: Sequence[str] = ()
    digits: int | None = None


class Script:
    """Writes TwiML. `base` is our address without the path, or empty for addresses relative to the call's own."""

    def __init__(self, speech: Speech, base: str = "") -> None:
        """Speak as `speech` says."""
        self._speech = speech
        self._base = base.rstrip("/")

    def url(self, **query: str | int | None) -> str:
        """Our address, with what is asked for; what is None is left out."""
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        return f"{self._base}{PATH}?{asked}" if asked else f"{self._base}{PATH}"

    def ask(self, said: Sequence[Said], listening: Listening, next_url: str) -> str:
        """Say something and wait for keys or speech, which may come in the middle of it."""
        response = VoiceResponse()
        gather = Gather(
            input="dtmf speech",
            action=next_url,
            method="POST",
            language=LOCALES[listening.language],
            timeout=SILENCE_SECONDS,
            speech_timeout="auto",
            barge_in=True,
            # Without this, silence would end the call.
            action_on_empty_result=True,
            num_digits=listening.digits,
            finish_on_key="#",
            hints=_hints(listening.hints),
        )
        for one in said:
            self._say(gather, one)
        response.append(gather)
        response.redirect(next_url, method="POST")
        return str(response)

    def wait(self, said: Said, next_url: str) -> str:
        """Say something while we think, and come back for the answer."""
        response = VoiceResponse()
        self._say(response, said)
        response.redirect(next_url, method="POST")
        return str(response)

    def end(self, *said: Said) -> str:
        """Say something, if anything, and end the call."""
        response = VoiceResponse()
        for one in said:
            self._say(response, one)
        response.hangup()
        return str(response)

    def connect(self, said: Sequence[Said], number: str, next_url: str, caller_id: str | None) -> str:
        """Say something and connect to `number` (E.164); afterwards Twilio asks `next_url` how to go on."""
        response = VoiceResponse()
        for one in said:
            self._say(response, one)
        dial = Dial(action=next_url, method="POST", timeout=RING_SECONDS, caller_id=caller_id, answer_on_bridge=True)
        dial.number(number)
        response.append(dial)
        return str(response)

    def _say(self, parent: VoiceResponse | Gather, said: Said) -> None:
        locale = LOCALES[said.language]
        for place, sentence in enumerate(lines_for_the_ear(said.text)):
            if place:
                parent.pause(length=1)
            say = parent.say(voice=self._speech.voices[said.language], language=locale)
            say.prosody(sentence, rate=f"{self._speech.rate_percent}%")


def _hints(words: Sequence[str]) -> str | None:
    """Words to expect as one attribute: no commas within, none twice, not too many."""
    clean = ("".join(c if _sayable(c) and c.isprintable() and c not in ',"<>' else " " for c in word) for word in words)
    clean = (" ".join(word.split())[:LONGEST_HINT] for word in clean)
    kept = list(dict.fromkeys(word for word in clean if word))[:MOST_HINTS]
    return ", ".join(kept) or None


# Signs that a voice would read out, or stumble over.
_SILENT = re.compile(r"[()\u2018\u201c\u201d\"«»*_#|<>\[\]{}~^]")
_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_DASHES = re.compile(r"\s+[\u2013\u2014-]\s+|\s*…\s*")


def lines_for_the_ear(text: str) -> list[str]:
    """The text as lines that can be said: no brackets, quotes, emoji or control characters; a line is a breath."""
    lines = []
    for raw in text.splitlines():
        line = _BRACKETS.sub(r", \1,", raw)
        line = _DASHES.sub(", ", line)
        line = _SILENT.sub("", line).replace("\u2019", "'")
        line = "".join(" " if unicodedata.category(c) in ("Zs", "Cc") else c for c in line if _sayable(c))
        # An apostrophe that closes a quotation; those within words and before "s" are said.
        line = re.sub(r"(?<=\w)'(?!\w)", "", line)
        line = re.sub(r"\s+([,.;:?!])", r"\1", " ".join(line.split()))
        line = re.sub(r",+(?=[.,:;?!])", "", line).strip(" ,")
        if line:
            lines.append(line)
    return lines


def _sayable(character: str) -> bool:
    return unicodedata.category(character) not in ("So", "Sk", "Cs", "Co", "Cn", "Cf")
