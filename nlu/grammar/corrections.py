"""What a message takes back: "on Monday, no Tuesday", "two hours, no make it three"."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.clocks import Clock
from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, When, is_day, is_time
from nlu.grammar.meaning import Sense
from nlu.grammar.putting_off import PutOff
from nlu.packs.pack import Pack

MOST_HOURS = 8
FAR = 11
"""So many words may stand between what is corrected and the correction."""
_ALONE = ("per", "until", "from", "lasting", "count")
"""What two phrases cannot both say of one need."""
_SAID = ("isaid", "noted", "mistaken")
"""Behind one of these it is said what should have been said."""
_DAYS = frozenset({"days", "date"})
NEAR = 5
"""So many words may stand between "no" and the day that is named again."""
_KEPT = frozenset({"every"})
"""What is still meant of a phrase that another takes the place of."""


class Corrections:
    """Finds what was said first and is no longer meant; it is added to `dropped`, by the id of its item."""

    def __init__(self, found: Found, pack: Pack, sense: Sense, dropped: set[int]) -> None:
        self.found = found
        self.pack = pack
        self.sense = sense
        self.dropped = dropped

    def take(self) -> None:
        """For "Monday, no Tuesday": what was said first is dropped."""
        used = PutOff(self.found, self.pack, self.sense, self.dropped).take()
        self._take_unfit_days()
        items = [item for item in self.found.items if id(item) not in self.dropped | used]
        self._take_wrong_lengths(items)
        for place, item in enumerate(items):
            if item.class_ == "not" and self._takes_back(items, place):
                item.class_ = "correction"
            said = any(other.class_ in _SAID for other in items[:place])
            if item.class_ != "correction" and not (item.class_ == "meant" and said):
                continue
            after = next((later for later in items[place + 1 : place + 4] if later.class_ in ("when", "service")), None)
            if after is None or any(other.class_ in ("not", "except") for other in items[place : items.index(after)]):
                # "The laundry I meant, not the windows": what comes is refused, not meant.
                continue
            for earlier in reversed(items[:place]):
                if earlier.class_ == "newneed" or item.first - earlier.last > FAR:
                    break
                if self._mended(earlier, after):
                    break

    def _take_unfit_days(self) -> None:
        """For "Every Tuesday, no hang on, Tuesday's the lunch club, every Wednesday": what is said of it tells why."""
        items = self.found.items
        days = [at for at, item in enumerate(items) if item.class_ == "when" and _DAYS & item.value.keys()]
        for first, again, new in zip(days, days[1:], days[2:], strict=False):
            between = items[first + 1 : again]
            turned = [one for one in between if one.class_ == "correction" or self._turns(one)]
            if not turned or not _names_again(items[first], items[again]) or not self._tells_why(again, new):
                continue
            if items[again].first - turned[-1].last > NEAR or items[new].first - items[again].last > FAR:
                continue
            self._replace(items[first], items[again], items[new])
            hours = [one for one in between if one.class_ == "when" and CLOCK_KEYS & one.value.keys()]
            said_anew = any(one.class_ == "when" and CLOCK_KEYS & one.value.keys() for one in items[new : new + 2])
            told = [one for one in items[again + 1 : new] if one.class_ in ("service", "particle", "correction")]
            self.dropped |= {id(one) for one in (*turned, *told, *(hours if said_anew else ()))}
            for one in (*turned, *told):
                if one.class_ in ("correction", "not"):
                    one.class_ = "aside"

    def _turns(self, item: Item) -> bool:
        """Whether an item is a "no" that takes something back."""
        words = {word.text for word in self.found.words[item.first : item.last]}
        return item.class_ == "not" and words <= self.pack.takes_back

    def _tells_why(self, again: int, new: int) -> bool:
        """Whether something is told of a day that was named again, before another day is named."""
        items = self.found.items
        day, follower = items[again], items[again + 1]
        own = self.found.words[day.last - 1].text not in self.pack.vocabulary
        beside = follower.first == day.last and follower.class_ in ("when", "service") and not own
        parted = any(self.found.boundary(at, at + 1) for at in range(day.last, items[new].first))
        words = any(word.text.isalpha() for word in self.found.words[day.last : items[new].first])
        joined = any(one.class_ in ("join", "newneed") for one in items[again:new])
        return parted and words and not (beside or joined)

    def _replace(self, first: Item, again: Item, new: Item) -> None:
        """Put the new days in the place of those that were named first, or of the one of them that was named again."""
        left = [day for day in first.value.get("days", ()) if day not in again.value.get("days", ())]
        if left and not set(left) & set(new.value.get("days", left)):
            new.value = {**new.value, "days": sorted({*left, *new.value["days"]}, key=WEEK.index)}
        kept = {key: value for key, value in first.value.items() if key not in _DAYS and key not in new.value}
        if "days" not in new.value:
            kept.pop("every", None)
        new.value = {**kept, **new.value}
        self.dropped |= {id(first), id(again)}
        first.class_ = again.class_ = "aside"
        self.sense.corrected = True

    def _take_wrong_lengths(self, items: list[Item]) -> None:
        """For "Two hours and not three hours": the length that is refused is dropped."""
        for refusal, length in pairwise(items):
            beside = refusal.class_ in ("not", "except", "instead") and length.first == refusal.last
            others = any(other.class_ == "when" and "dur" in other.value for other in items if other is not length)
            if beside and others and length.class_ == "when" and length.value.keys() <= {"dur", "each"}:
                self.dropped.add(id(length))

    def _mended(self, earlier: Item, after: Item) -> bool:
        """Put what is said after a correction in the place of what was said before it, when it can be."""
        if earlier.class_ != after.class_ or id(earlier) in self.dropped:
            return False
        if earlier.class_ == "when" and not _same_kind(earlier, after):
            mended = renumber(earlier.value, after.value)
            if mended is None:
                return False
            after.value = mended
        self.dropped.add(id(earlier))
        self.sense.corrected = True
        if earlier.class_ == "when":
            left = {key: earlier.value[key] for key in _KEPT & earlier.value.keys() if key not in after.value}
            if "every" in left and not is_day(after.value):
                del left["every"]
            after.value = {**left, **after.value}
        return True

    def _takes_back(self, items: list[Item], place: int) -> bool:
        """Whether a "no" stands between two phrases of a kind ("on Friday no Thursday"), so that it corrects."""
        words = {word.text for word in self.found.words[items[place].first : items[place].last]}
        if place == 0 and words <= self.pack.takes_back and len(items) > 1 and items[1].class_ == "when":
            # "No the 14th, not the 4th".
            return items[1].first == items[0].last and any(item.class_ in ("not", "except") for item in items[1:])
        if not 0 < place < len(items) - 1 or not words <= self.pack.takes_back:
            # "Every weekday. No need on Wednesdays.": that takes nothing back.
            return False
        before, after = items[place - 1], items[place + 1]
        if after.class_ == "when" and {"to", "renumber"} & after.value.keys() and after.first == items[place].last:
            return True
        beside = items[place].first - before.last <= 1 and after.first == items[place].last
        return beside and before.class_ == after.class_ == "when" and _same_kind(before, after)


def _names_again(first: Item, again: Item) -> bool:
    """Whether a phrase names only days that another has named."""
    key = "days" if "days" in again.value else "date"
    said, own = first.value.get(key, ()), again.value.get(key, ())
    return again.value.keys() <= {key, *_KEPT} and bool(own) and all(one in said for one in own)


def _same_kind(first: Item, second: Item) -> bool:
    """Whether the second can take the place of the first."""
    if first.class_ == "service":
        return True
    if "renumber" in second.value:
        return False
    return (
        (is_day(first.value) and is_day(second.value))
        or (is_time(first.value) and is_time(second.value))
        or ("dur" in first.value and "dur" in second.value)
        or any(key in first.value and key in second.value for key in _ALONE)
    )


def renumber(before: When, now: When) -> When | None:
    """For "Two hours, no make it three": what was said before, with the other number; None when there is none."""
    clock = now["times"][0].minutes if now.get("to") and len(now.get("times", ())) == 1 else None
    number = now.get("renumber") or (clock // 60 if clock is not None and not clock % 60 else None)
    if not number:
        return None
    if "dur" in before and (number <= MOST_HOURS or before["dur"][0] < 60):
        by = 60 if before["dur"][0] >= 60 else 1
        return {**before, "dur": [number * by, number * by]}
    if "per" in before:
        return {**before, "per": {**before["per"], "n": number}}
    if "count" in before:
        return {**before, "count": number}
    return {**before, "times": [Clock(number * 60)]} if "times" in before and number <= 12 else None
