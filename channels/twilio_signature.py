"""Whether a request really comes from Twilio, and what its form says. Shared by the doors of messages and of the phone.

Twilio signs the address it called and every field of the form with the account's token
(https://www.twilio.com/docs/usage/security#validating-requests).
"""

from __future__ import annotations

from hmac import compare_digest
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"
MOST_FIELDS = 300
"""Fields of one form; Twilio's largest has about sixty."""

Form = ImmutableMultiDict[str, str]


class TwilioSignature:
    """Checks the signatures of one account."""

    def __init__(self, auth_token: str, public_url: str | None = None) -> None:
        """`public_url` is the address under which Twilio reaches us: behind a proxy the request shows another one.

        Without it the address in the request counts.
        """
        self._validator = RequestValidator(auth_token)
        self._public_url = public_url.rstrip("/") if public_url else None

    def signed_url(self, seen: str) -> str:
        """The address Twilio called, for a request that reached us under the address `seen`."""
        if self._public_url is None:
            return seen
        parts = urlsplit(seen)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self._public_url}{parts.path}{query}"

    def form(self, seen: str, body: bytes, signature: str | None) -> Form | None:
        """The fields of a request that Twilio signed; None for any other, whatever is wrong with it."""
        fields = read_form(body)
        if fields is None or not signature:
            return None
        return fields if self._is_signed(self.signed_url(seen), _Signed(fields), signature) else None

    def _is_signed(self, url: str, fields: _Signed, signature: str) -> bool:
        expected: str = self._validator.compute_signature(url, fields)
        if compare_digest(expected.encode(), signature.encode()):
            return True
        # Twilio sometimes signs the address with its port and sometimes without; the library tries both.
        return bool(self._validator.validate(url, fields, signature))


class _Signed(dict[str, list[str]]):
    """The values of each field, under the name by which the library asks first."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        for name, value in form.multi_items():
            self.setdefault(name, []).append(value)

    def getall(self, name: str) -> list[str]:
        """All values of a field."""
        return self[name]


def read_form(body: bytes) -> Form | None:
    """The fields of a form-encoded body, empty ones included (they are signed too); None when it is none."""
    try:
        # Wrong UTF-8 becomes a replacement character, and the signature no longer fits.
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return ImmutableMultiDict(pairs)
