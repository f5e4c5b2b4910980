"""What is said to be polite ("if it's not too much trouble", "no need to ring back"): it is left out before reading.

Its "no" and "not" leave out no visit and call none off, and the act is judged without them as well.
"""

from __future__ import annotations

from nlu.grammar.found import Found, only

CARRIES = ("when", "service")
"""A message that says nothing but politeness beside none of these stays whole."""


def without_courtesies(found: Found) -> Found:
    """The message without what is said to be polite, where something of care or time is left."""
    polite = [item for item in found.items if item.class_ == "courtesy"]
    if not polite or not any(item.class_ in CARRIES for item in found.items):
        return found
    spans, first = [], 0
    for item in polite:
        spans.append((first, item.first))
        first = item.last
    return only(found, [*spans, (first, len(found.words))])
