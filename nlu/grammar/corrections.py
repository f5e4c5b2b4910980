"""What a message takes back: "on Monday, no Tuesday", "two hours, no make it three"."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.attach import FULL_STOP
from nlu.grammar.clocks import Clock
from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, When, is_daily, is_day, is_time
from nlu.grammar.meaning import Sense, clauses
from nlu.grammar.putting_off import PutOff
from nlu.packs.pack import Pack

MOST_HOURS = 8
HOURS_OF_TWO = 2
SOON = 4
"""So many items further on what is meant begins at the latest."""
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
        self._take_refused_hours()
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
            after = self._instead_of_told(item) or self._meant(self._untold(items, place), 0) or self._away_then(item)
            if after is None and said and place == len(items) - 1 and items[place - 1].last == item.first:
                # "I said mornings, afternoons I meant".
                after, place = items[place - 1], place - 1
            if after is None:
                continue
            for earlier in reversed(items[:place]):
                if earlier.class_ == "newneed" or item.first - earlier.last > FAR:
                    break
                if self._mended(earlier, after):
                    break

    def _take_refused_hours(self) -> None:
        """For "No, not at ten, at eleven": of two hours with a comma between, behind "not", the second is meant."""
        for refusal, hours in pairwise(self.found.items):
            beside = refusal.class_ in ("not", "except") and refusal.last == hours.first and hours.class_ == "when"
            if not beside or hours.value.keys() != {"times"} or len(hours.value["times"]) != HOURS_OF_TWO:
                continue
            words = [word.text for word in self.found.words[hours.first : hours.last]]
            comma = words.index(",") if "," in words else 0
            first, second = words[:comma], words[comma + 1 :]
            if comma and len(first) == len(second) and (first[0] == second[0] or len(first) <= HOURS_OF_TWO):
                hours.value = {"times": hours.value["times"][1:]}
                self.sense.corrected = True

    def _refused_too(self, again: Item) -> bool:
        """For "Not tomorrow, and then Friday, no wait, not Friday either": that day is left out, too."""
        items = self.found.items
        behind = items[items.index(again) + 1 : items.index(again) + 2]
        if not behind or behind[0].class_ != "not" or behind[0].first != again.last:
            return False
        words = [word.text for word in self.found.words[behind[0].first : behind[0].last]]
        return len(words) > 1 and words[0] in self.pack.idle

    def _untold(self, items: list[Item], place: int) -> list[Item]:
        """A correction and what stands behind it, without what tells who comes then ("no, then the physio")."""
        told = [
            one
            for clause in clauses(self.found)
            if clause.has("doing") and clause.has("then") and not clause.has("request", "someone", "moveto")
            for one in clause.items
            if one.class_ != "correction"
        ]
        return [items[place], *(one for one in items[place + 1 :] if not any(one is other for other in told))]

    @staticmethod
    def _meant(items: list[Item], place: int) -> Item | None:
        """What is meant instead, soon behind a correction."""
        behind = items[place : place + SOON]
        at = next((at for at, one in enumerate(behind[1:], 1) if one.class_ in ("when", "service")), len(behind))
        # "The laundry I meant, not the windows": what comes is refused, not meant.
        refused = any(one.class_ in ("not", "except") for one in behind[:at])
        return behind[at] if at < len(behind) and not refused else None

    def _instead_of_told(self, correction: Item) -> Item | None:
        """For "Every Wednesday, no wait, on Wednesdays I play bridge, make it Thursdays": what is meant stands behind.

        The day that is only named again, to tell why it will not do, is dropped.
        """
        items = self.found.items
        place = items.index(correction)
        before = next((one for one in reversed(items[:place]) if one.class_ == "when" and is_day(one.value)), None)
        again = next((one for one in items[place + 1 : place + SOON] if one.class_ == "when"), None)
        if before is None or again is None or not _same_days(before, again):
            return None
        if self._refused_too(again):
            return None
        clause = next(part for part in clauses(self.found) if again in part.items)
        if not clause.has("self", "person", "away", "not", "doing"):
            return None
        for one in items[items.index(again) + 1 :]:
            if self.found.boundary(again.last, one.first) == FULL_STOP:
                break
            if one.class_ == "when" and is_day(one.value) and id(one) not in self.dropped:
                self.dropped.add(id(again))
                self.sense.whens.append((again, "told"))
                self.sense.apart = [own for own in self.sense.apart if own.first != again.first]
                self.sense.exceptions = [left for left in self.sense.exceptions if left[0] != again.first]
                return one
        return None

    def _away_then(self, correction: Item) -> Item | None:
        """For "Skip Thursday, or no, wait, it's Friday I'm away": the day that is told is the one to leave out."""
        place = self.found.items.index(correction)
        refused = any(one.class_ in ("not", "stop") for one in self.found.items[:place])
        told = {id(item) for item, role in self.sense.whens if role == "agent"}
        behind = self.found.items[place + 1 : place + SOON]
        return next((one for one in behind if id(one) in told), None) if refused else None

    def _take_unfit_days(self) -> None:
        """For "Every Tuesday, no hang on, Tuesday's the lunch club, every Wednesday": what is said of it tells why."""
        items = self.found.items
        days = [at for at, item in enumerate(items) if item.class_ == "when" and _DAYS & item.value.keys()]
        for first, again, new in zip(days, days[1:], days[2:], strict=False):
            between = items[first + 1 : again]
            turned = [one for one in between if one.class_ == "correction" or self._turns(one)]
            if self._refused_too(items[again]):
                continue
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
            mended = renumber(earlier.value, self._bare_number(after))
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

    def _bare_number(self, after: Item) -> When:
        """For "Two hours, or no, let's say three": the number, where it was taken for an hour; else what was said."""
        times = after.value["times"] if after.value.keys() == {"times"} else []
        if len(times) != 1 or not times[0].open or self.found.words[after.first].text not in self.pack.says:
            return after.value
        return {**after.value, "to": True}

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
        if after.first == items[place].last and _leaves_some(before, after):
            return False
        between = {word.text for word in self.found.words[items[place].last : after.first]}
        beside = items[place].first - before.last <= 1 and between <= self.pack.light | self.pack.says
        return beside and before.class_ == after.class_ == "when" and _same_kind(before, after)


def _leaves_some(before: Item, after: Item) -> bool:
    """Whether of more days some are left out: "every day, no Sundays"."""
    if before.class_ != "when" or after.class_ != "when" or after.value.keys() - _KEPT != {"days"}:
        return False
    said, out = before.value, set(after.value["days"])
    daily = is_daily(said)
    return daily or (bool(said.get("every")) and out < set(said.get("days", ())))


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
    if "renumber" in first.value and "times" in second.value:
        # "Can we do three, no wait half three".
        return True
    return (
        (is_day(first.value) and is_day(second.value))
        or (is_time(first.value) and is_time(second.value))
        or ("dur" in first.value and "dur" in second.value)
        or any(key in first.value and key in second.value for key in _ALONE)
    )


def _same_days(first: Item, second: Item) -> bool:
    """Whether a phrase names the same weekdays, or dates, as another."""
    if "days" in second.value:
        return bool(second.value["days"] == first.value.get("days"))
    days = [[spoken.get("day") for spoken in one.value.get("date", ())] for one in (first, second)]
    return bool(days[1]) and days[0] == days[1]


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
