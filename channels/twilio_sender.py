"""Sending by Twilio: text messages and WhatsApp.

On WhatsApp choices are shown as buttons where the installation has Content templates for them, and outside the window
of 24 hours nothing but approved templates may be sent (https://www.twilio.com/docs/api/errors/63016).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from channels.buttons import Buttons
from channels.messages import ChannelCapabilities, Outgoing, SendFailed
from channels.showing import length, with_numbers
from channels.twilio_http import NoAnswer, TwilioHttp
from channels.twilio_messages import WHATSAPP, reference_of

CONNECT_SECONDS, ANSWER_SECONDS = 3, 6
# Four text messages' worth: longer ones are dropped by some networks. WhatsApp: Twilio takes 1600, and the numbers of
# choices may still come below the text.
CAPABILITIES = {
    "sms": ChannelCapabilities(longest_text=600, plain=True),
    "whatsapp": ChannelCapabilities(longest_text=1400, window_hours=24, longest_button=20),
}
LONGEST_WITH_BUTTONS = 1024
MOST_BUTTONS, MOST_LISTED = 3, 10
_LOOK_BACK = 30
_UNSUBSCRIBED = 21610
_MAY_GET_BETTER = frozenset({401, 403, 404, 408, 425, 429})
"""Answers that are about our account or the moment, not about this message."""


def client(
    account_sid: str, auth_token: str, api_url: str | None = None, answer_seconds: float = ANSWER_SECONDS
) -> Client:
    """A client of Twilio's REST API. A call gives up after CONNECT_SECONDS or `answer_seconds`; none is repeated."""
    return Client(account_sid, auth_token, http_client=TwilioHttp(api_url, CONNECT_SECONDS, answer_seconds))


class TwilioSender:
    """Sends for one channel, `sms` or `whatsapp`, from one number."""

    def __init__(
        self,
        twilio: Client,
        channel: str,
        number: str,
        *,
        buttons: Buttons,
        status_url: str | None = None,
        contents: Mapping[str, str] | None = None,
    ) -> None:
        """`number` is ours in E.164; `status_url` is where Twilio tells what became of a message.

        `contents` are the ContentSids of WhatsApp templates: `buttons_2`, `buttons_3`, `list_4` and so on for choices,
        and the name of a text with its language (`helper_told_nl`) for what is sent outside the window.
        """
        self._twilio = twilio
        self._channel = channel
        self._number = number
        self._buttons = buttons
        self._status_url = status_url
        self._contents = dict(contents or {}) if channel == WHATSAPP else {}
        self.capabilities = replace(
            CAPABILITIES[channel], confirms=status_url is not None, looks_up=True, buttons=_most_choices(self._contents)
        )

    def send(self, message: Outgoing) -> str:
        """Send it; Twilio's id of the message. Raises SendFailed."""
        try:
            if message.unsure and (found := self._sent_before(message)):
                return found
            made = self._twilio.messages.create(
                to=self._address(message.address), from_=self._address(self._number), **self._content(message)
            )
        except TwilioRestException as error:
            raise _failure(error) from None
        except NoAnswer as error:
            raise SendFailed(str(error)) from None
        except TwilioException as error:
            raise SendFailed(type(error).__name__) from None
        return str(made.sid)

    def _address(self, number: str) -> str:
        return f"whatsapp:{number}" if self._channel == WHATSAPP else number

    def _content(self, message: Outgoing) -> dict[str, Any]:
        news = {}
        if self._status_url:
            news = {
                "status_callback": f"{self._status_url}?{urlencode({'of': reference_of(message.id, message.part)})}"
            }
        if not message.free:
            return {**news, **self._template(message)}
        if message.options:
            return {**news, **self._with_buttons(message)}
        return {**news, "body": message.text}

    def _template(self, message: Outgoing) -> dict[str, Any]:
        template = message.template or {}
        sid = self._contents.get(f"{template.get('name')}_{template.get('language')}")
        if sid is None:
            raise SendFailed("outside the window, and no template for it", final=True)
        values = {str(number): value for number, value in enumerate(_values(message), start=1)}
        return {"content_sid": sid, "content_variables": json.dumps(values, ensure_ascii=False)}

    def _with_buttons(self, message: Outgoing) -> dict[str, Any]:
        sid = self._contents.get(_choices_name(len(message.options)))
        if sid is None or length(message.text) > LONGEST_WITH_BUTTONS:
            return {"body": with_numbers(message.text, message.options)}
        values = {"1": message.text}
        for number, option in enumerate(message.options, start=1):
            token = self._buttons.token(message.id, option["key"], message.channel, message.address)
            values.update({str(2 * number): option["text"], str(2 * number + 1): token})
        return {"content_sid": sid, "content_variables": json.dumps(values, ensure_ascii=False)}

    def _sent_before(self, message: Outgoing) -> str | None:
        """Twilio's id of this message, when an attempt whose answer we missed did get through."""
        sent = self._twilio.messages.list(
            to=self._address(message.address), from_=self._address(self._number), limit=_LOOK_BACK, page_size=_LOOK_BACK
        )
        for known in sent:
            failed = known.status in ("failed", "undelivered", "canceled")
            if not failed and known.sid not in message.known_ids and _is(message, known.body or ""):
                return str(known.sid)
        return None


def _values(message: Outgoing) -> list[str]:
    """The values of a template: WhatsApp takes none that is empty or has more than one line."""
    given = (message.template or {}).get("values") or ()
    return ["; ".join(line.strip() for line in str(value).splitlines() if line.strip()) or "-" for value in given]


def _is(message: Outgoing, body: str) -> bool:
    """Whether this is what Twilio shows as the text of a message."""
    return body == message.text if message.free else all(value in body for value in _values(message))


def _choices_name(count: int) -> str:
    return f"buttons_{count}" if count <= MOST_BUTTONS else f"list_{count}"


def _most_choices(contents: Mapping[str, str]) -> int:
    """How many choices can be shown at most: fewer can be too, as far as there are templates for them."""
    return max((count for count in range(1, MOST_LISTED + 1) if _choices_name(count) in contents), default=0)


def _failure(error: TwilioRestException) -> SendFailed:
    reason = f"Twilio answered {error.status}, code {error.code}"
    if error.code == _UNSUBSCRIBED:
        return SendFailed(reason, refused="asked")
    return SendFailed(reason, final=error.status < 500 and error.status not in _MAY_GET_BETTER)
