"""The words by which a service is named: nouns that were only told of before, words that put it in the evening."""

from __future__ import annotations

from collections.abc import Collection

from nlu.grammar.found import Found, Item
from nlu.packs.pack import Pack

SHORTEST_VERB = 4
"""A shorter word ("on", "off") is no verb."""


def named_late(item: Item, found: Found, pack: Pack) -> bool:
    """Whether a service was named in words that put it in the evening ("help into bed")."""
    text = f" {' '.join(word.text for word in found.words[item.first : item.last])} "
    return any(f" {phrase} " in text or phrase == f"to{text.rstrip()}" for phrase in pack.late)


def told_of(item: Item, family: str, found: Found, pack: Pack, dropped: Collection[int]) -> bool:
    """Whether the noun of a verb was only told of before; of a bare "on" where its "off" is said behind it, too."""
    nouns = pack.particle_nouns[family]
    told = {
        key
        for other in found.items
        if other.class_ == "service" and other.first < item.first and id(other) in dropped
        for key in other.value
    }
    both = any(
        other.first > item.first
        and (
            (other.class_ == "particle" and other.value["family"] == family and other.value != item.value)
            or (other.class_ == "service" and set(other.value) < nouns and item.value["service"] not in other.value)
        )
        for other in found.items
    )
    verb = found.words[item.last - 1].text
    return (len(verb) >= SHORTEST_VERB or both) and bool(told & nouns)
