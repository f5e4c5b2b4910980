"""Who is calling? A number on a display can be forged, and a phone can be borrowed: it opens nothing by itself.

Who comes, where and when is only told or changed in a call after the caller has named the house number of somebody they
may see (once a call). Helpers, who have none, get a code by SMS. After too many wrong answers a person takes over, and
calls back: that reaches the real owner of the number. Emergencies, a person, and asking for help as somebody new are
always open.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from num2words import num2words
from sqlalchemy import func, select

from actions import handover, repair
from actions.phone.keypad import PROOF
from actions.phone.numbers import is_mobile
from actions.scene import Scene
from actions.topics import answers
from care import asks, audit, outbox
from care.models import Audit, Helper
from care.people import recipients_for

Json = dict[str, Any]

TOPIC = PROOF
OPEN_TO_ALL = frozenset(
    "action_emergency action_human action_repeat action_help action_greet action_goodbye action_silence"
    " action_out_of_scope action_clarify action_not_understood action_complaint action_answer action_confirm"
    " action_deny action_back".split()
)
"""What a call does for anybody. Every other action, those to come included, waits for the proof."""
YES_OR_NO = frozenset({"action_confirm", "action_deny"})
"""Who calls with a yes or a no may mean what we asked them by another door."""
TRIES = 3
TRIES_A_DAY = 6
A_DAY = timedelta(days=1)
WRONG = "phone_proof_wrong"
_HIGHEST = 999
_MOST_WORDS = 5
"""Words of one number: "nine hundred and ninety nine"."""
_MOST_FIGURES = 6
_AN_ARTICLE_FROM = 3


def wanted(scene: Scene, action: str) -> bool:
    """Whether the caller must still show who they are before this action."""
    if scene.turn.call is None or is_proven(scene.state):
        return False
    if action == scene.topic() and _is_what_we_called_for(scene):
        return False
    if action in OPEN_TO_ALL and not (action in YES_OR_NO and scene.question is None and _is_asked(scene)):
        return False
    if recipients_for(scene.session, scene.contact, scene.now) or _is_helper(scene):
        return True
    # Nothing is known of this caller: there is nothing to open, now or with what they tell in this call.
    set_proven(scene.state)
    return False


def is_proven(state: Any) -> bool:
    """Whether the caller of this conversation has shown who they are."""
    return bool(state.get("proven"))


def set_proven(state: Any) -> None:
    """From here on this call may hear and change what is theirs."""
    state["proven"] = True


def ask(scene: Scene) -> None:
    """Ask for the proof, and keep what was said to be done after it."""
    before = scene.question if scene.topic() != TOPIC else (scene.question or {}).get("before")
    kept: Json = {"said": scene.turn.text, "before": before}
    if scene.state.get("proof_failed") or _wrong_today(scene) >= TRIES_A_DAY:
        _give_up(scene)
    elif recipients_for(scene.session, scene.contact, scene.now):
        scene.ask(TOPIC, "proof", "proof_house_number", **kept)
    elif is_mobile(scene.contact.phone):
        code = f"{secrets.randbelow(9000) + 1000}"
        key = scene.key("proof_code")
        text = scene.words.say("proof_code_text", code=code)
        outbox.put(scene.session, contact=scene.contact, channel="sms", text=text, now=scene.now, kind="code", key=key)
        scene.state["proof_code"] = code
        scene.ask(TOPIC, "proof", "proof_code", **kept)
    else:
        _give_up(scene)


def check(scene: Scene, text: str) -> bool | None:
    """Hold an answer against what only the person knows; None when there is no number in it."""
    number = number_in(text, scene.words.language)
    if number is None:
        return None
    if number in _right_numbers(scene):
        set_proven(scene.state)
        return True
    audit.record(scene.session, WRONG, now=scene.now, who=scene.contact, success=False)
    question = scene.question or {}
    tries = int(question.get("tries", 1)) + 1
    if tries > TRIES or _wrong_today(scene) >= TRIES_A_DAY:
        scene.state["proof_failed"] = True
        scene.settle()
        _give_up(scene)
    else:
        scene.question = {**question, "tries": tries}
        scene.say("proof_wrong")
        scene.ask_again()
    return False


def _right_numbers(scene: Scene) -> set[int]:
    if code := scene.state.get("proof_code"):
        return {int(code)}
    found = set()
    for recipient in recipients_for(scene.session, scene.contact, scene.now):
        if leading := re.match(r"\d+", recipient.address.number):
            found.add(int(leading[0]))
    return found


def _give_up(scene: Scene) -> None:
    scene.say("proof_failed")
    handover.call_me(scene, "why_proof")


def _wrong_today(scene: Scene) -> int:
    since: datetime = scene.now - A_DAY
    scene.session.flush()
    query = select(func.count()).where(Audit.what == WRONG, Audit.who_id == scene.contact.id, Audit.happened > since)
    return int(scene.session.scalar(query))


def _is_helper(scene: Scene) -> bool:
    return scene.session.scalar(select(Helper.id).where(Helper.contact_id == scene.contact.id)) is not None


def _is_what_we_called_for(scene: Scene) -> bool:
    """Whether the open question is what we called for: a call of ours reaches the number itself, not a forged one."""
    call, ask = scene.turn.call, (scene.question or {}).get("ask")
    if call is None or call.about is None or ask is None:
        return False
    return bool(ask == scene.state.get("about_ask"))


def _is_asked(scene: Scene) -> bool:
    return asks.newest_open(scene.session, scene.contact) is not None


@answers(TOPIC)
def on_proof(scene: Scene) -> None:
    """Take an answer without a number in it: ask once more, in the usual way."""
    repair.missed(scene)


def number_in(text: str, language: str) -> int | None:
    """The number that a text tells, in figures ("14", "1 4") or in words ("veertien", "one hundred and five").

    Of several the first counts, unless they are single figures said in a row: nobody may guess by naming many.
    """
    words = _number_words(language)
    # An accent tells "één" from "een"; who is asked for a number means the number by either.
    spoken = re.findall(r"[0-9]+|[^\W\d_]+", _unaccented(text.lower()))
    in_a_sentence = len(spoken) > _AN_ARTICLE_FROM
    found: list[str] = []
    while spoken:
        length = next((n for n in range(min(len(spoken), _MOST_WORDS), 0, -1) if "".join(spoken[:n]) in words), 0)
        said = words.get("".join(spoken[:length]))
        if spoken[0].isascii() and spoken[0].isdecimal():
            found.append(spoken[0][:_MOST_FIGURES])
        elif said and not (in_a_sentence and said == "1"):
            # In a sentence "een" is no number: "ik wil een mens".
            found.append(said)
        del spoken[: length or 1]
    if len(found) > 1 and all(len(figure) == 1 for figure in found):
        found = ["".join(found)[:_MOST_FIGURES]]
    return int(found[0]) if found else None


@lru_cache(maxsize=2)
def _number_words(language: str) -> dict[str, str]:
    """The words for 1 to 999, written as one, in figures."""
    found: dict[str, str] = {}
    for number in range(_HIGHEST, 0, -1):
        said = _unaccented(num2words(number, lang=language))
        for way in (said, said.replace(" and ", " ")):
            found["".join(way.replace("-", " ").split())] = str(number)
    return found


def _unaccented(text: str) -> str:
    return text.replace("é", "e").replace("ë", "e")
