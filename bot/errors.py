"""What may go wrong in a way the person at the keyboard can mend."""

from __future__ import annotations


class UserError(Exception):
    """A mistake in what was asked, or a missing condition: the message says what to do; exit status 2."""
