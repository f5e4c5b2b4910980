"""From the items of a message to its meaning: what is wanted, what is left out, what is beside the point."""

from __future__ import annotations

from nlu.grammar.apart import Apart
from nlu.grammar.at_hours import with_part
from nlu.grammar.clocks import choose
from nlu.grammar.corrections import FAR, Corrections
from nlu.grammar.day_functions import beside
from nlu.grammar.days_lacking import wanted_then
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, TIME_KEYS, When, is_day
from nlu.grammar.hearing import DRIVES
from nlu.grammar.meaning import Clause, Sense, clauses, sentence_bounds
from nlu.grammar.ours import OF_THE_DAY
from nlu.grammar.pointing import begin_behind, count_dates, point
from nlu.grammar.refusals import Refusals
from nlu.grammar.relevance import ASIDE, COUNTS, HAD, OTHERS, Relevance, is_letter
from nlu.grammar.row import Row
from nlu.grammar.shifted import shifts
from nlu.grammar.telling import asks
from nlu.grammar.those import point_back
from nlu.grammar.whole import LIMIT_KEYS
from nlu.packs.pack import Pack

GUEST_NAMED = 3
"""Among so many words at the beginning of a sentence somebody is meant who was named before."""


class Reader:
    """Reads the items of one message; see `sense`."""

    def __init__(self, found: Found, pack: Pack) -> None:
        self.found = found
        self.pack = pack
        self.sense = Sense()
        self.dropped: set[int] = set()

    def read(self) -> Sense:
        """The sense of the message."""
        count_dates(self.found)
        begin_behind(self.found, self.pack)
        wanted_then(self.found, self.pack)
        row = clauses(self.found)
        self.sense.loose = self.found.loose
        self.sense.long = is_letter(self.found, row)
        point_back(self.found, row, self.pack.but_words)
        point(self.found.items)
        for item in self.found.items:
            if item.class_ == "feast":
                self.sense.tell(item)
        self._clause_limits()
        self._arrivals()
        self._leavings()
        self._guests()
        self.sense.purpose = any(self._purpose(item) for item in self.found.items)
        for clause, verdict in Relevance(self.found, self.pack, row).judge():
            if verdict != COUNTS:
                self.sense.beside.append((clause.start, clause.end))
            if verdict in (HAD, OTHERS) and not asks(clause):
                self._forget_who(clause)
            if verdict in (ASIDE, HAD):
                self._set_aside(clause, mentions=verdict == ASIDE and not self._so_that(clause))
                later = any(asks(part) for part in row if part.start >= clause.end)
                if verdict == HAD or (clause.has("history") and later and not asks(clause)):
                    # "The home care gives her the tablets": that is no wish for who comes.
                    self.dropped |= {id(item) for item in clause.items if item.class_ == "preference"}
            elif verdict == OTHERS:
                self._leave_to_others(clause)
        Corrections(self.found, self.pack, self.sense, self.dropped).take()
        Refusals(self.found, self.pack, self.sense, self.dropped).take()
        self._events()
        self._departures()
        self._days_before()
        self._shifted()
        self.sense.pieces = Row(self.found, self.pack, self.sense, self.dropped).build()
        return self.sense

    def _purpose(self, item: Item) -> bool:
        """Whether an item says what somebody is to come for in words that were not understood ("to tune a piano")."""
        if item.class_ != "purpose":
            return False
        return self.found.words[item.last - 1].text not in self.pack.no_purpose

    # --- clauses that are no request

    def _so_that(self, clause: Clause) -> bool:
        """For "Could somebody sit with mum, so I can go to the hairdresser": what that makes possible is not wanted."""
        first = clause.items[0] if clause.items else None
        said = self.found.words[first.first : first.last] if first is not None and first.class_ == "reason" else ()
        words = {word.text for word in said}
        # "The vicar comes on Friday, I must be washed by then": that is what is wanted.
        return bool(self.pack.why_words & words) and not words & self.pack.duties

    @staticmethod
    def _forget_who(clause: Clause) -> None:
        """For "The ladies who come are very kind": that is told of those who help, and no wish."""
        for item in clause.items:
            if item.class_ == "preference" and item.value.keys() == {"helper_gender"}:
                item.class_ = "aside"

    def _set_aside(self, clause: Clause, mentions: bool) -> None:
        for item in clause.items:
            if item.class_ in ("when", "service", "particle"):
                self.dropped.add(id(item))
                if item.class_ == "service" and mentions:
                    self.sense.mentioned.append((item.first, item.value))
                if item.class_ == "when" and item.value.keys() <= OF_THE_DAY:
                    self.sense.parts.append((item.value, self._services(clause)))
                if item.class_ == "when" and (is_day(item.value) or {"from", "from_period"} & item.value.keys()):
                    self.sense.tell(item)
                elif item.class_ == "when" and "until" in item.value:
                    self.sense.asides.append(item.value)
                    if mentions and clause.has("gone", "away", "absent"):
                        self.sense.told_ends.append(item.value)
                elif mentions and self._counted(item, clause):
                    # "The insurance gave me six times physio. On Mondays, please."
                    self.sense.counted = item.value

    def _counted(self, item: Item, clause: Clause) -> bool:
        """Whether an item says how often somebody is to come, beside what for."""
        beside = any(one.class_ == "service" and -1 <= one.first - item.last <= 1 for one in clause.items)
        return item.class_ == "when" and item.value.keys() == {"count"} and beside and not self.sense.long

    def _leave_to_others(self, clause: Clause) -> None:
        self.sense.other_agent = True
        for item in clause.items:
            if item.class_ in ("service", "particle"):
                self.dropped.add(id(item))
                if item.class_ == "service":
                    self.sense.done.append((item.first, item.value))
                if item.class_ == "service" and not any(one.class_ == "when" for one in clause.items):
                    # "My daughter gives me my drops but she's away. Could someone do them?"
                    self.sense.mentioned.append((item.first, item.value))
            elif item.class_ == "when":
                self.dropped.add(id(item))
                self.sense.whens.append((item, "agent"))
                if item.value.keys() <= OF_THE_DAY and not any(
                    other.class_ == "when" and other is not item for other in clause.items
                ):
                    self.sense.taken_parts.append(item.value["part"])
                if item.value.keys() == {"times"}:
                    self.sense.taken_hours += item.value["times"]
                if is_day(item.value):
                    gone = with_part(item, clause.items)
                    own = Apart(self._services(clause), [gone], first=item.first, others=True)
                    self.sense.apart.append(own)
                    self.sense.asides.append(item.value)
                    self.sense.exceptions.append((item.first, gone))
                elif "until" in item.value:
                    # "My sister does it until Sunday. After that, …".
                    self.sense.asides.append(item.value)

    def _services(self, clause: Clause) -> list[str]:
        """The services that a clause names; of a noun without its particle ("the stockings") all that it can be."""
        named = [item for item in clause.items if item.class_ in ("service", "away") and item.value is not True]
        keys = [key for item in named for key in item.value]
        if clause.has("particle"):
            return keys
        bare = {self.found.words[item.last - 1].text for item in named}
        for family, nouns in self.pack.particle_nouns.items():
            if nouns & set(keys) and not bare & self.pack.particles[family].keys():
                keys += sorted(nouns - set(keys))
        return keys

    def _clause_limits(self) -> None:
        """For "Until my husband comes home on the 12th": the date is the end, whatever is said between."""
        words = self.found.words
        row = clauses(self.found)
        for at, clause in enumerate(row):
            place = clause.start
            told = (
                row[at - 1] if at and not (clause.hard or clause.joined or row[at - 1].has("when", "request")) else None
            )
            if told is not None and {word.text for word in words[told.start : told.start + 2]} & self.pack.until_words:
                # "Until the plaster comes off, on 4 January, …".
                place = told.start
                if any(item.class_ == "when" and item.value.keys() == {"date"} for item in clause.items[:1]):
                    self.dropped |= {id(item) for item in told.items if item.class_ in ("service", "particle")}
            # "Somebody to look after the wound on the 13th": such an "after" says nothing of when.
            named = {at for item in clause.items if item.class_ == "service" for at in range(item.first, item.last)}
            for item in [item for item in clause.items if item.class_ == "when"]:
                before = [words[at].text for at in range(max(place, item.first - FAR), item.first) if at not in named]
                place = item.last
                if item.value.keys() != {"date"} or len(item.value["date"]) != 1:
                    continue
                if self.pack.until_words & set(before):
                    item.value = {"until": item.value["date"][0], "inclusive": False}
                elif self.pack.from_words & set(before) and self._comes_back():
                    item.value = {"from": item.value["date"]}

    def _comes_back(self) -> bool:
        """Whether something that is said comes back."""
        return any(
            item.class_ == "when" and (item.value.get("every") or {"freq", "per", "lasting"} & item.value.keys())
            for item in self.found.items
        )

    def _events(self) -> None:
        """For "The service starts at ten, so if they pick me up at quarter past nine": the hour that is asked for."""
        timed = [
            item
            for item in self.found.items
            if item.class_ == "when" and CLOCK_KEYS & item.value.keys() and id(item) not in self.dropped
        ]
        events = [item for item in timed if item.value.get("event")]
        for item in events if len(events) < len(timed) else ():
            item.value = {key: value for key, value in item.value.items() if key not in (*CLOCK_KEYS, "event")}
            if not is_day(item.value):
                self.dropped.add(id(item))

    def _days_before(self) -> None:
        """For "Tuesday and Wednesday my sister is here, from Thursday …": before it begins no day is left out."""
        begins = [
            item
            for item in self.found.items
            if item.class_ == "when"
            and id(item) not in self.dropped
            and set(item.value.get("from", [{}])[0]) == {"weekday"}
        ]
        for place, gone in [pair for pair in self.sense.exceptions if begins]:
            near = [item for item in begins if place < item.first < sentence_bounds(self.found, place)[1]]
            if near and gone.keys() <= {"days"}:
                self.sense.exceptions.remove((place, gone))
                self.sense.apart = [own for own in self.sense.apart if own.first != place]

    def _shifted(self) -> None:
        """For "Daily at eight and at nine, at the weekend an hour later": those days are no need of their own."""
        for item, shift in shifts(self.found):
            if id(item) in self.dropped:
                continue
            self.dropped.add(id(item))
            self.sense.whens.append((item, "plain"))
            self.sense.unknown_exception = self.sense.unknown_exception or shift is None
            self.sense.shifts += [shift] if shift is not None else []

    def _departures(self) -> None:
        """For "At eleven I see the specialist, I'd like to be picked up at ten": it is fetching that is asked for.

        Only where a lift, and nothing else, is asked for, and of two hours the earlier one says when to leave.
        """
        if any(item.value != [DRIVES] for item in self.found.items if item.class_ == "service"):
            return
        words = [word.text for word in self.found.words]
        timed = [
            (clause, item, [choose(clock) or 0 for clock in item.value.get("times", ())])
            for clause in clauses(self.found)
            for item in clause.items
            if item.class_ == "when" and CLOCK_KEYS & item.value.keys() and id(item) not in self.dropped
        ]
        leaving = [one for one in timed if self.pack.leaving & set(words[one[0].start : one[0].end])]
        if len(timed) != 2 or len(leaving) != 1 or len(leaving[0][2]) != 1:
            return
        back = any(self.pack.returning & set(words[clause.start : clause.end]) for clause, _, _ in timed)
        if back or (leaving[0][0].has("again") and leaving[0][0].joined):
            # "Fetched at half past one, home again at five": both are rides.
            return
        others = [item for clause, item, hours in timed if clause is not leaving[0][0] and hours > leaving[0][2]]
        for item in others:
            if item.value.keys() <= TIME_KEYS:
                self.dropped.add(id(item))
            else:
                item.value = {key: value for key, value in item.value.items() if key not in TIME_KEYS}

    def _arrivals(self) -> None:
        """For "My sister comes home on the 22nd and needs help every morning": that day is the first."""
        for clause in clauses(self.found) if self._comes_back() else ():
            for item in clause.items if clause.has("arrives") else ():
                if item.class_ == "when" and item.value.keys() == {"period"} and self._dated_too(clause, item):
                    # "I come home next week, the 24th, and then …": that day says more.
                    self.dropped.add(id(item))
                if item.class_ != "when" or item.value.keys() - {"date", "days"}:
                    continue
                days = [*item.value.get("date", ()), *({"weekday": name} for name in item.value.get("days", ()))]
                if len(days) == 1 and self._begins_apart(item, days[0]):
                    self.dropped.add(id(item))
                elif len(days) == 1:
                    item.value = {"from": days}

    def _dated_too(self, clause: Clause, period: Item) -> bool:
        """Whether a date, or from when on, is said in the sentence of an arrival besides."""
        start, end = sentence_bounds(self.found, clause.start + 1)
        return any(
            item.class_ == "when" and {"date", "from"} & item.value.keys() and item is not period
            for item in self.found.items
            if start <= item.first < end
        )

    def _leavings(self) -> None:
        """For "The nurse did it but she stops on Sunday": likely it is wanted from the next day on, which is asked."""
        for clause in clauses(self.found):
            stops = next((item for item in clause.items if item.class_ == "ceases"), None)
            if stops is None or clause.has("request", "someone", "not"):
                continue
            before = self.found.words[stops.first - 1].text if stops.first > clause.start else ""
            whens = [item for item in clause.items if item.class_ == "when"]
            said = whens[0].value if len(whens) == 1 and whens[0].value.keys() <= {"date", "days"} else {}
            days = [*said.get("date", ()), *({"weekday": name} for name in said.get("days", ()))]
            if len(days) != 1 or not before.isalpha() or before in self.pack.light:
                # "The leaves on Friday": nobody goes.
                continue
            whens[0].value = {"from": [beside(days[0], 1)], "unsure": "from", "of_all": True}
            for item in clause.items:
                if item.class_ == "preference":
                    item.class_ = "aside"
                elif item.class_ in ("service", "particle"):
                    self.dropped.add(id(item))
                    if item.class_ == "service":
                        self.sense.mentioned.append((item.first, item.value))

    def _guests(self) -> None:
        """For "Mum is staying with us from 7 to 20 December. She needs …": it is then that help is wanted."""
        row = clauses(self.found)
        for place, clause in enumerate(row):
            behind = next((part for part in row[place + 1 :] if part.hard), None)
            if behind is None or not behind.has("request") or clause.has("request", "someone", "service", "not"):
                continue
            words = [word.text for word in self.found.words[behind.start : behind.end] if word.text[0].isalpha()]
            if not (clause.has("person") and clause.has("doing") and self.pack.guests & set(words[:GUEST_NAMED])):
                continue
            for item in clause.items:
                keys = item.value.keys() if item.class_ == "when" else set[str]()
                if keys and keys <= LIMIT_KEYS and ("from" in keys or "from" in item.value.get("period", ())):
                    item.value = {**item.value, "of_all": True}

    def _begins_apart(self, arrival: Item, day: When) -> bool:
        """Whether it is said besides from when ("I come home on 5 April, so from the 6th"): in the same month then."""
        said = [
            item.value
            for item in self.found.items
            if item.class_ == "when" and "from" in item.value and item is not arrival
        ]
        for value in said:
            value["from"] = [
                {**one, "month": day["month"]} if "day" in one and "month" not in one and "month" in day else one
                for one in value["from"]
            ]
        return bool(said)


def sense(found: Found, pack: Pack) -> Sense:
    """The sense of a message's items."""
    return Reader(found, pack).read()
