"""Calling somebody: a message of the outbox is read out to who answers the phone.

For people without a mobile. Twilio calls, and asks our door what to say when somebody answers; see `twilio_voice.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twilio.base.exceptions import TwilioException, TwilioRestException

from channels.messages import ChannelCapabilities, Outgoing, SendFailed
from channels.twilio_voice import RING_SECONDS, Script

if TYPE_CHECKING:
    from twilio.rest import Client

# Read out by our own door, whole: there is nothing to split.
CAPABILITIES = ChannelCapabilities(longest_text=100_000, buttons=9, spoken=True)
UNDER_WAY = frozenset({"queued", "initiated", "ringing", "in-progress"})
_LOOK_BACK = 5
_MAY_GET_BETTER = frozenset({401, 403, 404, 408, 425, 429})
"""Answers that are about our account or the moment, not about this call."""


class CallSender:
    """Calls people from one number."""

    capabilities = CAPABILITIES

    def __init__(self, twilio: Client, number: str, script: Script) -> None:
        """`number` is ours in E.164; `script` must know our public address.

        The client must have time-outs of its own, of ten seconds together at most.
        """
        self._twilio = twilio
        self._number = number
        self._script = script

    def send(self, message: Outgoing) -> str:
        """Have Twilio call; its id of the call. Raises SendFailed."""
        url = self._script.url(about=message.key)
        try:
            if message.unsure and (found := self._calling_already(message)):
                return found
            made = self._twilio.calls.create(
                to=message.address,
                from_=self._number,
                url=url,
                method="POST",
                status_callback=url,
                status_callback_event=["completed"],
                status_callback_method="POST",
                timeout=RING_SECONDS,
                # An answering machine must not hear who comes when.
                machine_detection="Enable",
            )
        except TwilioRestException as error:
            reason = f"Twilio answered {error.status}, code {error.code}"
            raise SendFailed(reason, final=error.status < 500 and error.status not in _MAY_GET_BETTER) from None
        except TwilioException as error:
            raise SendFailed(type(error).__name__) from None
        return str(made.sid)

    def _calling_already(self, message: Outgoing) -> str | None:
        """Twilio's id of a call to this person that is under way, made by an attempt whose answer we missed."""
        calls = self._twilio.calls.list(to=message.address, from_=self._number, limit=_LOOK_BACK, page_size=_LOOK_BACK)
        return next((str(call.sid) for call in calls if call.status in UNDER_WAY), None)
