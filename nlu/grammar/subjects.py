"""Where a clause begins without a sign, since somebody is named who does something of their own."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.found import Found
from nlu.packs.pack import Pack

_ENDS = frozenset({"kept", "aside", "history", "stop", "gone"})
"""What a clause may well end with."""
_SIGNS = frozenset(",.;:!?()\n")


def subjects(found: Found, pack: Pack) -> list[int]:
    """Where the verb is second, the places of those who do something, directly behind a time or a service.

    "… om acht uur mijn broer doet het op zondag": neither is what the brother does, or the verb would stand before him.
    But in "iemand die elke dag mijn broer helpt" he is helped.
    """
    spoken = not any(word.text in _SIGNS for word in found.words[:-1])
    helped = [item.last for item in found.items if item.class_ in ("someone", "preference")]
    behind = [at for at in helped if at < len(found.words) and found.words[at].text in pack.task_words]
    told = told_subjects(found, pack) if spoken else []
    return told + [
        item.first
        for before, item, doing in zip(found.items, found.items[1:], found.items[2:], strict=False)
        if (before.class_, item.class_, doing.class_) in (("when", "person", "doing"), ("service", "person", "doing"))
        and before.last == item.first
        and item.last == doing.first
        and not any(at < item.first and not found.boundary(at, item.first) for at in behind)
    ]


def told_subjects(found: Found, pack: Pack) -> list[int]:
    """The same in what is spoken without signs, behind a word of no phrase: "… moet rusten onze dochter kan maandag".

    Not behind a word by which a clause goes on ("dat mijn dochter komt", "met mijn dochter").
    """
    covered = {at for item in found.items if item.class_ not in _ENDS for at in range(item.first, item.last)}
    goes_on = pack.task_words | pack.from_words | pack.until_words | pack.for_whom | pack.light
    return [
        item.first
        for item, follower in pairwise(found.items)
        if item.class_ == "person" and item.first > 0 and item.first - 1 not in covered
        and found.words[item.first - 1].text not in goes_on
        and (
            (follower.class_ == "doing" and follower.first == item.last)
            or (follower.class_ == "when" and follower.first == item.last + 1
                and found.words[item.last].text in pack.our_able)
        )
    ]  # fmt: skip
