"""What a message leaves out or refuses: days behind "except", an hour or a service that another takes the place of."""

from __future__ import annotations

from nlu.grammar.absence import uncovered
from nlu.grammar.already import done_otherwise, needless
from nlu.grammar.apart import Apart
from nlu.grammar.at_hours import with_hour
from nlu.grammar.days_lacking import named_again, nobody_then, of_who_waits, tells_why, unable_then, wanted_again
from nlu.grammar.days_out import PART_OF_DAY, explained, kept_again, only_time, other_days, part_before, settled_behind
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import is_day, is_time
from nlu.grammar.meaning import Sense, clauses, sentence_bounds
from nlu.grammar.tasks import own_hour
from nlu.packs.pack import Pack

NEAR = 6
"""So many words may stand between a day and the "not" that is said of it."""
_GOES_ON = frozenset({"but", "so", "reason", "newneed"})
_OF_THE_VISIT = frozenset({"when", "preference", "not", "except"})
"""Beside one of these it is not the service that is refused."""
_SENTENCE_ENDS = frozenset(".,;!?\n")
_SIGNS = frozenset(",.;:!?()\n")
_TELLS = frozenset({"away", "person", "self", "doing", "history"})
"""What stands before the day in an exception that is told."""


class Refusals:
    """Finds what is left out; it is noted in the sense, and added to `dropped` by the id of its item."""

    def __init__(self, found: Found, pack: Pack, sense: Sense, dropped: set[int]) -> None:
        self.found = found
        self.pack = pack
        self.sense = sense
        self.dropped = dropped

    def take(self) -> None:
        """Find all that is left out, in the order in which it tells."""
        self._negations()
        self._not_then()
        self._nothing_then()
        self._explained()
        self._busy_then()
        for item in kept_again(self.found, self.sense.exceptions):
            self.dropped.add(id(item))
            self.sense.whens.append((item, "plain"))
        for item in settled_behind(self.found, self.pack):
            self.dropped.add(id(item))
            self.sense.whens.append((item, "not"))
            self.sense.unknown_exception = True
        # "On Sundays my brother is here, then only the mornings": what is left out is not known.
        self.sense.unknown_exception = self.sense.unknown_exception or self.found.has("only_then")

    def _negations(self) -> None:
        """Days behind "except" or beside "not" are exceptions."""
        items = self.found.items
        for place, item in enumerate(items):
            if item.class_ == "except" and self._another_hour(place):
                # "Mondays at ten, except on the 30th at two".
                item.class_ = "but"
            elif item.class_ == "except":
                self._excepted(place)
                self._refuse_time(place)
                self._refuse_service(place)
            elif item.class_ == "not":
                self._negated(place)
                self._contrasted(place)
                self._refuse_service(place)
                self._unneeded(place)
                self._needless(item)
                self._refuse_time(place)

    def _another_hour(self, place: int) -> bool:
        """Whether a date behind "except" has an hour of its own, where another was said before."""
        day, hour = [*self.found.items[place + 1 : place + 3], None, None][:2]
        if day is None or hour is None or hour.first - day.last > NEAR or not only_time(hour):
            return False
        dated = day.class_ == "when" and day.value.keys() == {"date"} and not self.found.boundary(day.last, hour.first)
        before = [item for item in self.found.items[:place] if item.class_ == "when"]
        if not dated or "times" not in hour.value or not any("times" in item.value for item in before):
            return False
        # "Except that on the 30th the shopping's at two": of which need that is, is not known for sure.
        self.sense.unknown_exception = self.sense.unknown_exception or hour.first != day.last
        return True

    def _excepted(self, place: int) -> None:
        items = self.found.items
        taken = told = renewed = False
        end = items[place].last
        for step in range(place + 1, len(items)):
            item = items[step]
            strength = self.found.boundary(end, item.first)
            if strength == 2 or item.first - end > NEAR:
                break
            end = item.last
            if item.class_ in ("join", "except", "soft", "either", "instead") or (item.class_ == "aside" and not taken):
                # "Not on Tuesdays and not on Fridays".
                renewed = taken and item.class_ in ("except", "instead")
                continue
            if not taken and item.class_ in _TELLS:
                # "Except when I am at my sister's on Thursdays".
                told = True
                continue
            if not taken and item.class_ == "when" and item.value.keys() <= {"part", "partly", "adverb"}:
                # "Except on the evenings that I play bridge, Tuesday and Thursday".
                self.dropped.add(id(item))
                continue
            if told and item.class_ == "service" and not strength:
                self.dropped.add(id(item))
                continue
            if item.class_ != "when" or not is_day(item.value) or (taken and self._starts_need(step, strength)):
                break
            if not taken and strength and self._starts_need(step, strength):
                # "Only not when it rains, and on Monday the laundry".
                break
            if not taken and item.value.get("interval", 1) > 1 and "days" in item.value:
                # "Except every other Sunday": which of them is not known.
                self.dropped.add(id(item))
                self.sense.whens.append((item, "not"))
                self.sense.unknown_exception = taken = True
                continue
            marker = items[place] if not taken else None
            if "freq" in item.value or (taken and item.value.get("every") and not renewed):
                break
            self._except(item, marker)
            taken, renewed = True, False
        if not taken:
            known = len(self.sense.exceptions)
            self._negated(place)
            if len(self.sense.exceptions) == known and self._leaves_out(place):
                self.sense.unknown_exception = True

    def _leaves_out(self, place: int) -> bool:
        """Whether "except" stands before something that was not understood ("except when my sister stays")."""
        items = self.found.items
        if self.found.words[items[place].first].text not in self.pack.but_words:
            return False
        follower = items[place + 1] if place + 1 < len(items) else None
        if follower is None:
            return True
        between = self.found.words[items[place].last : follower.first]
        beside = all(word.text in self.pack.light for word in between) or follower.class_ in ("aside", "weather")
        return not beside or follower.class_ not in ("service", "preference", "when", "aside", "weather", "nth_named")

    def _starts_need(self, place: int, strength: int) -> bool:
        """Whether a day behind an exception begins something new: a service follows it."""
        items = self.found.items
        follower = items[place + 1] if place + 1 < len(items) else None
        if follower is not None and follower.class_ == "join" and place + 2 < len(items):
            # "Daily except on Sunday, and on Saturday also a meal".
            words = {word.text for word in self.found.words[follower.first : follower.last]}
            follower = items[place + 2] if words <= self.pack.idle else follower
        if "date" in items[place].value and any("date" in when for _, when in self.sense.exceptions) and not strength:
            # "Except on the 25th and 1 January the stockings".
            return False
        return (bool(strength) and "until" in items[place].value) or (
            follower is not None and follower.class_ in ("service", "someone", "request")
        )

    def _negated(self, place: int) -> None:
        items = self.found.items
        marker = items[place]
        clause = next((part for part in clauses(self.found) if marker in part.items), None)
        if clause is None:
            return
        near = [
            item
            for item in clause.items
            if item.class_ == "when" and is_day(item.value) and "freq" not in item.value
            and (0 <= marker.first - item.last <= NEAR or 0 <= item.first - marker.last <= 2)
        ]  # fmt: skip
        if nobody_then(clause, self.found):
            self.dropped |= {id(item) for item in named_again(clause, self.found)}
            return
        if unable_then(clause, self.found, self.pack) or of_who_waits(marker, clause) or tells_why(marker, clause):
            return
        if uncovered(clause, near, self.sense, self.found):
            self.dropped |= {id(item) for item in near}
            for item in near:
                if "days" in item.value:
                    self.sense.tell_again(item)
            return
        near = [item for item in near if not wanted_again(item, clause, self.found)]
        behind = [item for item in near if item.first == marker.last]
        # "The hairdresser tomorrow won't do can she come the day after": directly before the "not" it is that day.
        before = [item for item in near if item.last == marker.first]
        for item in (behind or before or near)[-1:]:
            self._except(item, marker)
            self._or_else(item)

    def _or_else(self, item: Item) -> None:
        """For "Never on Monday or Tuesday", "not the 24th and not the 25th": the second is left out as well."""
        items = self.found.items
        place = items.index(item)
        for link, follower in zip(items[place + 1 :: 2], items[place + 2 :: 2], strict=False):
            beside = link.class_ in ("either", "instead") and link.first == item.last and follower.first == link.last
            if not beside or follower.class_ != "when" or not is_day(follower.value):
                return
            self._except(follower)
            item = follower

    def _refuse_service(self, place: int) -> None:
        """For "Not the garden, the windows": a service directly behind "not" is none when another is named."""
        items = self.found.items
        refused = items[place + 1] if place + 1 < len(items) else None
        if refused is None or refused.class_ != "service" or id(refused) in self.dropped:
            return
        if [one.class_ for one in items[max(place - 2, 0) : place]] in (["self", "doing"], ["person", "doing"]):
            # "We have a cleaner, but she does no windows": so they are still to be done.
            return
        between = self.found.words[items[place].last : refused.first]
        unable = self.found.words[items[place].first].text in self.pack.unable
        # "And not the cooking either", "en ook niet bij het koken".
        only = all(word.text in self.pack.idle for word in self.found.words[items[place].first : items[place].last - 1])
        bare = (items[place].class_ == "except" or only) and all(
            word.text in self.pack.light | self.pack.for_whom for word in between
        )
        meant = [
            item
            for item in items
            if item.class_ == "service" and item is not refused and id(item) not in self.dropped
            and not set(item.value) & set(refused.value)
        ]  # fmt: skip
        if bare and self._hour_apart(refused):
            return
        if bare and not unable and meant and self.found.boundary(items[place].last, refused.first) == 0:
            self.dropped.add(id(refused))
            before = items[place - 1] if place else None
            if before is not None and before.class_ == "when" and before.last == items[place].first:
                # "At the weekend no walk": of the other needs it says nothing.
                self.sense.apart.append(Apart(list(refused.value), [before.value], first=before.first))
                self.sense.services.append((refused, refused.value))

    def _hour_apart(self, service: Item) -> bool:
        """For "All of it at ten except the cooking, that at five": the cooking is wanted, at another hour."""
        start, _ = sentence_bounds(self.found, service.first)
        whole = any(item.class_ == "whole" and start <= item.first < service.first for item in self.found.items)
        return whole and own_hour(service, self.found)

    def _unneeded(self, place: int) -> None:
        """For "She doesn't need washing", "no need for a cleaner": a service that is not needed, where another is.

        With a day it is an exception ("she doesn't need washing on Sundays").
        """
        items = self.found.items
        marker, words = items[place], self.found.words
        end = next((item.first for item in items[place + 1 :] if item.class_ in _GOES_ON), len(words))
        behind = [item for item in items[place + 1 :] if item.first < end]
        asked = [item for item in behind[:1] if item.class_ == "request" and item.first == marker.last]
        said = {word.text for item in (marker, *asked) for word in words[item.first : item.last]}
        start = max(marker.last, *(item.last for item in asked), 0)
        stop = next((at for at in range(start, end) if words[at].text in _SENTENCE_ENDS), end)
        behind = [item for item in behind if start <= item.first < stop]
        refused = [item for item in behind if item.class_ == "service" and id(item) not in self.dropped]
        if not said & self.pack.need_words or not refused or any(item.class_ in _OF_THE_VISIT for item in behind):
            return
        keys = {key for item in refused for key in item.value}
        others = [item for item in items if item.class_ == "service" and item not in refused]
        named = [item for item in others if id(item) not in self.dropped]
        # "I don't need a cleaner, I need a navvy!": what is needed must be asked.
        again = any(item.class_ == "request" and item.first >= stop for item in items)
        if any(not keys & set(item.value) for item in named) or (again and not named):
            self.dropped |= {id(item) for item in refused}
            self.dropped |= done_otherwise(stop, keys, self.found)

    def _needless(self, marker: Item) -> None:
        """Drop what is named and not wanted; of visits that stand it may be the one that is left out."""
        for item in needless(marker, self.found, self.pack):
            self.dropped.add(id(item))
            self.sense.services += [(item, item.value)] if item.class_ == "service" else []

    def _refuse_time(self, place: int) -> None:
        """For "Mornings, not evenings": a time of day directly behind "not" is none when another is named."""
        items = self.found.items
        behind = items[place + 1 :]
        if behind and behind[0].class_ == "request" and behind[0].first == items[place].last:
            # "I don't want the mornings".
            place, behind = place + 1, behind[1:]
        refused = behind[0] if behind else None
        if refused is None or not only_time(refused) or not self._directly(items[place], refused):
            refused = part_before(items[place], self.found, self.pack)
        if refused is None:
            return
        others = [item for item in items if item is not refused and id(item) not in self.dropped]
        if any(item.class_ == "when" and (is_time(item.value) or "dur" in item.value) for item in others):
            self.dropped.add(id(refused))
            self.sense.whens.append((refused, "not"))
        elif refused.value.keys() <= PART_OF_DAY:
            # "On Tuesdays, not in the morning": when then must be asked.
            self.dropped.add(id(refused))
            self.sense.whens.append((refused, "not"))
            self.sense.unknown_exception = True

    def _directly(self, marker: Item, item: Item) -> bool:
        """Whether an item stands directly behind another, or nothing but an article between."""
        between = {word.text for word in self.found.words[marker.last : item.first]}
        return not between or (marker.class_ == "request" and between <= self.pack.light)

    def _contrasted(self, place: int) -> None:
        """For "Not every other week but every week": what stands behind "not" does not count."""
        items = self.found.items
        if place + 2 >= len(items):
            return
        refused, follower = items[place + 1], items[place + 2]
        beside = refused.class_ == "when" and refused.first == items[place].last
        if beside and (follower.class_ == "but" or other_days(refused, follower)):
            self.dropped.add(id(refused))
            self.sense.whens.append((refused, "not"))

    def _not_then(self) -> None:
        """For "On Thursdays I go to the day centre, so not then": the day that was told is left out."""
        row = clauses(self.found)
        for at, clause in enumerate(row[1:], 1):
            # "…, dan dus niet": "so" begins a clause of its own.
            alone = at > 1 and all(item.class_ == "then" for item in row[at - 1].items) and clause.has("so")
            before = row[at - 2] if alone else row[at - 1]
            then = alone or clause.has("then", "those")
            if not clause.has("not") or not then or clause.has("when", "request"):
                continue
            so = bool(clause.items) and clause.items[0].class_ == "so"
            elsewhere = before.has("away") or (before.has("doing") and not before.has("service"))
            if clause.has("service") and not (so and elsewhere):
                continue
            # "Every day but Sunday, since there is no paper then": which days are left out was said already.
            told = [item for item in before.items if item.class_ == "when" and is_day(item.value)]
            told = [item for item in told if not self._says_but(item)]
            if not told or before.has("request", "someone"):
                continue
            for item in before.items:
                if item.class_ in ("service", "particle"):
                    self.dropped.add(id(item))
            for item in told:
                if id(item) in self.dropped and (item.first, item.value) not in self.sense.exceptions:
                    # "Wednesday is the card club, so not then": told of only, but left out.
                    self.dropped.discard(id(item))
                self._except(item)
            if so:
                # "My doctor comes on Thursday at four, so the walk can't be then".
                self.dropped |= {id(item) for item in before.items if item.class_ == "when"}

    def _says_but(self, item: Item) -> bool:
        """Whether a phrase says itself which days are left out."""
        return bool(self.pack.but_words & {word.text for word in self.found.words[item.first : item.last]})

    def _nothing_then(self) -> None:
        """For "Mon: nothing", "Thu: day centre, nothing needed": the day is left out, whatever is told of it."""
        for nothing in [item for item in self.found.items if item.class_ == "nothing"]:
            start, end = sentence_bounds(self.found, nothing.first)
            behind = [item.first for item in self.found.items if item.class_ == "but" and item.first > nothing.first]
            inside = [item for item in self.found.items if start <= item.first < min([end, *behind])]
            days = [item for item in inside if item.class_ == "when" and is_day(item.value)]
            beside = [item for item in days if item.last == nothing.first]
            if len(days) > 1 and beside and self._own_entry(beside[0], nothing):
                # "Thu: nothing, Fri: shower at nine".
                self._except(beside[0])
                continue
            if len(days) != 1:
                continue
            self.dropped |= {id(item) for item in inside if item.class_ in ("service", "particle")}
            # "No help needed with washing on Thursday": of visits that stand these are meant.
            named = [item for item in inside if item.class_ == "service" and item.first >= nothing.last]
            self.sense.services += [(item, item.value) for item in named]
            self._except(days[0])

    def _own_entry(self, day: Item, nothing: Item) -> bool:
        """Whether a day and that nothing is wanted then are all that stands between two signs."""
        words = self.found.words
        before, behind = day.first - 1, nothing.last
        return (before < 0 or words[before].text in _SIGNS) and (behind >= len(words) or words[behind].text in _SIGNS)

    def _explained(self) -> None:
        """For "Except Sundays, on Sundays she eats with us": what is told of days left out asks for nothing."""
        for clause in explained(self.found, self.pack, self.sense.exceptions, self.dropped):
            self.dropped |= {id(item) for item in clause.items if item.class_ in ("when", "service", "particle")}

    def _busy_then(self) -> None:
        """For "Not the first Friday, I have my hair done then": what is done on days left out is not asked for."""
        items = self.found.items
        for then in [item for item in items if item.class_ == "then"]:
            start, _ = sentence_bounds(self.found, then.first)
            out = [place for place, _ in self.sense.exceptions if start <= place < then.first]
            begin = max((clause.start for clause in clauses(self.found) if clause.start <= then.first), default=0)
            between = [item for item in items if out and max(out[-1] + 1, begin) <= item.first < then.first]
            between = [item for item in between if item.class_ != "when" or id(item) not in self.dropped]
            tells = any(item.class_ in ("self", "person", "away", "doing") for item in between)
            asks = any(item.class_ in ("request", "someone", "when", "join", "so", "but") for item in between)
            if tells and not asks:
                self.dropped |= {id(item) for item in between if item.class_ in ("service", "particle")}

    def _except(self, item: Item, marker: Item | None = None) -> None:
        if id(item) in self.dropped:
            return
        if "yearly" in item.value.get("period", ()) and marker is not None:
            # "This year I don't need the snow cleared": of what else is asked for that says nothing for sure.
            self.sense.whens, self.sense.unknown_exception = [*self.sense.whens, (item, "not")], True
            self.dropped.add(id(item))
            return
        if "parity" in item.value and "days" not in item.value:
            # "Every Monday, except in the even weeks": it is asked.
            self.sense.unknown_exception = True
        said, hour = with_hour(self.found, item, marker) if marker is not None else (item.value, None)
        for refused in (item, *([hour] if hour is not None else [])):
            self.dropped.add(id(refused))
            self.sense.whens.append((refused, "not"))
        self.sense.exceptions.append((item.first, said))
        before = [one for one in self.found.items if one.last == item.first and one.class_ == "when"]
        if "from" in item.value.get("period", ()):
            # "Not in the autumn holidays from the 17th to the 25th": what the dates say need not be known otherwise.
            self.dropped |= {id(one) for one in before if one.value == {"period": {"unknown": True}}}
