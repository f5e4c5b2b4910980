"""Days that begin a line or an entry of a list: "ma: douchen", "elke week ma wassen, di boodschappen"."""

from __future__ import annotations

from nlu.grammar.chart import Chart, Edge
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import TIME_KEYS
from nlu.grammar.spelling import HARD_STOPS
from nlu.packs.pack import Pack

BULLETS = frozenset("-–—*•·")
LINE_HEADS = frozenset({":", "-", "–", "—", "="})
"""What stands behind the days that a line is about."""
FEWEST_LINES = 2
"""So many lines or entries must begin with a day."""
_ENTRY_SIGNS = frozenset({",", ":", "("})
_HOUR_OR_LENGTH = TIME_KEYS | {"dur", "each", "partly", "adverb"}
"""What may be said of a day before what is wanted then ("za 1 uurtje boodschappen")."""
_HEADS_LIST = frozenset(
    {"freq", "interval", "parity", "period", "from", "from_period", "until", "inclusive", "lasting"}
)
"""What may be said before the first day of a list: how often, in which weeks, from when until when."""
_ABOUT = frozenset({"service", "nothing", "someone", "particle"})
"""What can be wanted on a day."""


def days_of_lines(found: Found, chart: Chart) -> None:
    """Add the days that a line of a list begins with in short ("ma: douchen", "zo 11.00 wandelen").

    Words such as "zo" and "do" are words of their own as well: only where another line begins with a day, too.
    """
    starts = [place for place in range(len(found.words)) if _begins_line(found, place)]
    short = {place: _longest_days(chart, place) for place in starts}
    days = [place for place in starts if short[place] or "weekday" in chart.at[place]]
    if len(days) < FEWEST_LINES:
        return
    for place, edge in short.items():
        item = next((item for item in found.items if item.first <= place < item.last), None)
        if edge is None or (item is not None and (item.first < place or item.class_ != "when")):
            continue
        if item is None and _heads(found, edge.end):
            at = sum(other.first < place for other in found.items)
            found.items.insert(at, Item("when", {"days": list(edge.value)}, place, edge.end))
        elif item is not None and item.value.keys() == {"times"}:
            # "zo 11.00" is no "at about eleven".
            item.value = {"days": list(edge.value), **item.value}


def _heads(found: Found, place: int) -> bool:
    """Whether something that can be wanted on a day, or a sign that it follows, stands at a place."""
    if any(item.class_ in ("service", "nothing") and item.first == place for item in found.items):
        return True
    return place < len(found.words) and found.words[place].text in LINE_HEADS


def _begins_line(found: Found, place: int) -> bool:
    """Whether a word is the first of a line or sentence, a sign of a list apart."""
    at = place - 1
    while at >= 0 and found.words[at].text in BULLETS:
        at -= 1
    return at < 0 or found.words[at].text in HARD_STOPS


def _longest_days(chart: Chart, place: int) -> Edge | None:
    """The days in short that begin at a place."""
    edges = [edge for edge in chart.at[place].get("anydays", ()) if "weekday_short" in chart.at[place]]
    return max(edges, key=lambda edge: edge.end, default=None)


def days_of_entries(found: Found, chart: Chart, pack: Pack) -> None:
    """Add the days in short that begin the entries of a list within a line ("elke week ma wassen, di boodschappen").

    Only where two entries begin with a day and say what is wanted then: "ma wassen" alone is rather about a mother.
    """
    entries = []
    for place in range(len(found.words)):
        edge = _longest_days(chart, place)
        taken = edge is not None and any(item.first < edge.end and place < item.last for item in found.items)
        if edge is None or taken or not (_begins_entry(found, place) or _ends_entry(found, edge)):
            continue
        # "ma. wassen, di. boodschappen": the dot of what is shortened ends no sentence.
        end = edge.end + (found.words[edge.end : edge.end + 1] != [] and found.words[edge.end].text == ".")
        if _ends_entry(found, edge):
            entries.append((edge, edge.end))
        elif _wanted_at(found, end, pack):
            entries.append((edge, end))
    whens = [item for item in found.items if item.class_ == "when"]
    # "Ma t/m vr eten en di ook de was": a day of a range may well be named again.
    named = {day for item in whens if not item.value.get("range") for day in item.value.get("days", ())}
    ranged = {day for item in whens if item.value.get("range") for day in item.value["days"]}
    own = {day for edge, _ in entries for day in edge.value}
    weeks = {item.last for item in whens if {"parity", "period"} & item.value.keys()}
    told_apart = bool(entries) and all(edge.start in weeks for edge, _ in entries)
    if not entries or own & named or (len(own | named | ranged) < FEWEST_LINES and not told_apart):
        return
    found.items += [Item("when", {"days": list(edge.value)}, edge.start, end) for edge, end in entries]
    found.items.sort(key=lambda item: item.first)


def _begins_entry(found: Found, place: int) -> bool:
    """Whether a word stands at the beginning of an entry: behind a sign, "and", or what says how often."""
    if not place or found.words[place - 1].text in HARD_STOPS | _ENTRY_SIGNS:
        return True
    before = next((item for item in found.items if item.last == place), None)
    return before is not None and (
        before.class_ == "join" or (before.class_ == "when" and before.value.keys() <= _HEADS_LIST)
    )


def _ends_entry(found: Found, edge: Edge) -> bool:
    """Whether days stand at the end of an entry, directly behind a service: "koken ma wo vr; boodschappen do"."""
    behind = found.words[edge.end].text if edge.end < len(found.words) else ";"
    before = next((item for item in found.items if item.last == edge.start), None)
    colon = edge.start > 1 and found.words[edge.start - 1].text == ":"
    if colon:
        before = next((item for item in found.items if item.last == edge.start - 1), None)
    return behind in HARD_STOPS | _ENTRY_SIGNS and before is not None and before.class_ == "service"


def _wanted_at(found: Found, place: int, pack: Pack) -> bool:
    """Whether what is wanted begins at a place, articles apart."""
    begins = {
        item.first
        for item in found.items
        if item.class_ in _ABOUT or (item.class_ == "when" and item.value.keys() <= _HOUR_OR_LENGTH)
    }
    passed = pack.light | pack.idle | LINE_HEADS
    while place not in begins and place < len(found.words) and found.words[place].text in passed:
        place += 1
    return place in begins
