"""Which clauses of a message are a request, and which only tell: of the past, of others, of how somebody lives."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.absence import helper_gone, lacking, well_then
from nlu.grammar.already import done_themselves, is_had, is_so
from nlu.grammar.doings import Doings
from nlu.grammar.found import Found
from nlu.grammar.frames import is_day
from nlu.grammar.hearing import DRIVES
from nlu.grammar.meaning import Clause
from nlu.grammar.ours import (
    comes_then_so,
    habit,
    hour_before_so,
    told_before_so,
    unable,
    why_not_then,
    why_one_must,
)
from nlu.grammar.telling import (
    as_well,
    asked_later,
    asks,
    calls_off,
    date_of_it,
    dated,
    day_of_somebody,
    excepted_of_others,
    goes_on_with_things,
    granted,
    had,
    has_but_asks,
    has_need,
    heads_list,
    keeps_hours,
    like_before,
    like_had,
    moves,
    never_before,
    of_all,
    on_other_days,
    only_of_the_day,
    only_told,
    only_whens,
    others_do,
    says_day,
    says_hour,
    says_how_often,
    says_when,
)
from nlu.grammar.whole import LIMIT_KEYS
from nlu.packs.pack import Pack

COUNTS, ASIDE, OTHERS, HAD = "counts", "aside", "others", "had"
_DATED = frozenset({"date", "period", "days", "from", "from_period"})
_BESIDE_LIMITS = frozenset({"when", "request", "someone", "self", "whole", "both", "join"})
"""What may stand beside from when or until when in a clause that says nothing else."""
SOON = 2
"""So many clauses behind what is told it is asked for help then."""
LETTER_SENTENCES, LETTER_WORDS = 4, 60
"""A message of so many sentences and words is a letter: what is only mentioned in it does not count."""


def is_letter(found: Found, row: Sequence[Clause]) -> bool:
    """Whether a message is so long that not every service and time in it is asked for."""
    words, sentences = found.left_out
    sentences += sum(clause.hard for clause in row)
    return len(found.words) + words >= LETTER_WORDS and sentences >= LETTER_SENTENCES


class Relevance:
    """Judges the clauses of one message."""

    def __init__(self, found: Found, pack: Pack, row: Sequence[Clause]) -> None:
        """`row` are all clauses of the message, in order."""
        self.found = found
        self.pack = pack
        self.row = row
        self.doings = Doings(found, pack, row)
        self.strict = is_letter(found, row) and any(asks(clause) for clause in row)
        self.covered = {at for item in found.items for at in range(item.first, item.last)}
        self.sentences: list[list[Clause]] = []
        for clause in row:
            if clause.hard or not self.sentences:
                self.sentences.append([])
            self.sentences[-1].append(clause)

    def judge(self) -> list[tuple[Clause, str]]:
        """Every clause with what it is: COUNTS, ASIDE (tells only), HAD (that help is there already),
        or OTHERS (somebody of their own does it then).
        """
        judged: list[tuple[Clause, str]] = []
        wanted_before = True
        for sentence in self.sentences:
            wanted = any(asks(clause) for clause in sentence)
            theirs = done_themselves(sentence, self.found, self.pack)
            for clause in sentence:
                verdict = HAD if clause in theirs else self._verdict(clause, sentence, wanted)
                if verdict == OTHERS and self.strict and not (wanted or wanted_before):
                    verdict = ASIDE
                before = judged[-1][1] if judged else COUNTS
                if before == OTHERS and (
                    like_before(clause) or (clause.joined and self.doings.begins_with_verb(clause))
                ):
                    # "Mondays he is at the club and Fridays at our daughter's"; "… and takes the old paper away".
                    verdict = OTHERS
                if before == ASIDE and judged[-1][0].has("history") and date_of_it(clause, self.sentences):
                    # "It's my birthday soon, on 5 December, …": the day of what is told.
                    verdict = ASIDE
                if before == OTHERS and verdict == COUNTS and as_well(clause):
                    # "Tuesdays we eat out. Sundays too."
                    verdict = OTHERS
                if before == OTHERS and verdict == COUNTS and excepted_of_others(clause):
                    # "Our daughter rings us every evening, except Thursdays. On Thursdays …"
                    verdict = ASIDE
                if before == HAD and like_had(clause):
                    # "The cleaner comes on Tuesdays and the gardener on Fridays".
                    verdict = HAD
                if judged and judged[-1][0].has("note") and goes_on_with_things(clause):
                    # "… that we have a dog and a cat".
                    verdict = judged[-1][1]
                judged.append((clause, verdict))
                if verdict == OTHERS and clause.joined and len(judged) > 1 and only_whens(judged[-2][0]):
                    # "The morning and the evening I do myself".
                    judged[-2] = (judged[-2][0], OTHERS)
            wanted_before = wanted
        return self._not_nothing(judged)

    def _not_nothing(self, judged: list[tuple[Clause, str]]) -> list[tuple[Clause, str]]:
        """When nothing at all is left to count, a clause with both a service and a day was a request after all."""
        if any(verdict == COUNTS and clause.has("service", "when") for clause, verdict in judged):
            return judged
        return [
            (clause, COUNTS)
            if verdict in (ASIDE, HAD) and clause.has("service") and any(map(says_when, clause.items))
            else (clause, verdict)
            for clause, verdict in judged
        ]

    def _verdict(self, clause: Clause, sentence: list[Clause], wanted: bool) -> str:
        requested = asks(clause)
        if granted(clause) or (clause.has("ceases", "person") and any(map(of_all, clause.items))):
            return COUNTS
        if clause.has("history") and not requested and not calls_off(clause):
            return ASIDE
        if not requested and unable(clause, self.row, self.found, self.pack):
            return ASIDE
        if clause.has("note") and not requested:
            # "Please bear in mind that we have a dog."
            return HAD
        goes_on = has_but_asks(clause, self.row, self.found, self.pack.have_words)
        if goes_on or is_had(clause, sentence, self.sentences, self.found, self.pack):
            return HAD
        if well_then(clause, self.row, self.found, self.pack):
            return ASIDE
        if self._help_then(clause) or helper_gone(clause) or never_before(clause):
            return ASIDE
        if is_so(clause, self.sentences, self.found, self.pack):
            return ASIDE
        if day_of_somebody(clause, self.row, self.found) or others_do(clause, self.row, self.found, self.pack.others):
            return ASIDE
        if lacking(clause, self.row, self.found, self.pack) or heads_list(clause, self.found):
            return COUNTS
        begins = clause.hard or asked_later(clause, self.sentences)
        if clause.has("absent") and begins and not clause.has("service") and not requested:
            return ASIDE
        if self.doings.tells(clause):
            return OTHERS
        if (clause.has("whole", "both") and clause.has("when")) or any(map(of_all, clause.items)):
            # "All of it for four weeks, the doctor says."
            return COUNTS
        if self._tells_why(clause, sentence):
            return ASIDE
        if self._limits(clause, wanted):
            return COUNTS
        if self.strict and not requested and only_told(sentence, wanted) and not self._noted(clause, sentence):
            return ASIDE
        timed = any(says_when(item) or says_how_often(item) for part in sentence for item in part.items)
        if not timed and (self.strict or self._lasted(sentence, wanted)):
            # A service in a sentence of a letter that says no day, no hour and not how often.
            return ASIDE
        if not wanted and had(clause, self.found, self.pack.had_already):
            return HAD
        if (not wanted or on_other_days(clause, sentence)) and habit(
            clause, sentence, self.sentences, self.found, self.pack
        ):
            return HAD
        if (
            not self.strict
            and not self._of_both(clause)
            and (self._story(clause, sentence, wanted) or self._remark(clause, sentence))
        ):
            return ASIDE
        return COUNTS

    def _limits(self, clause: Clause, wanted: bool) -> bool:
        """Whether a clause names no service, but from or until when ("From Monday they'll need a good deal").

        Where nothing is asked it must say nothing else: then it is told of no one, however long the message is.
        """
        whens = [item.value.keys() for item in clause.items if item.class_ == "when"]
        if clause.has("service") or not any(LIMIT_KEYS & keys for keys in whens):
            return False
        if wanted:
            return True
        beside = any(item.class_ not in _BESIDE_LIMITS for item in clause.items)
        if beside or not all(keys <= LIMIT_KEYS for keys in whens):
            return False
        last = clause.items[-1].last
        # "…, starting tomorrow, the house too": what a comma parts off is said apart.
        parted = [word.text for word in self.found.words[last : last + 1]] == [","]
        rest = set(range(clause.start, last if parted else clause.end)) - self.covered
        return not any(self.found.words[at].text.isalpha() for at in rest)

    def _help_then(self, clause: Clause) -> bool:
        """For "On Tuesdays I'm at the club, could someone sit with her then?": it is just then that help is wanted."""
        place = next(at for at, part in enumerate(self.row) if part is clause)
        later = self.row[place + 1 : place + 1 + SOON]
        asked = next((part for part in later if asks(part)), None)
        if asked is None or not clause.has("away") or not asked.has("then") or clause.has("service"):
            return False
        named = any(item.class_ == "when" and is_day(item.value) and "freq" not in item.value for item in asked.items)
        return not named and not any(part.has("not", "except") for part in later)

    def _lasted(self, sentence: list[Clause], wanted: bool) -> bool:
        """Whether a sentence tells how long something took ("I used to take the bus, but you wait an hour for it")."""
        others = any(any(asks(part) for part in other) for other in self.sentences if other is not sentence)
        told = any(part.has("history") for part in sentence) and not any(part.has("service") for part in sentence)
        return others and told and not wanted and any(part.has("when") for part in sentence)

    def _tells_why(self, clause: Clause, sentence: list[Clause]) -> bool:
        """Whether a clause only tells why somebody is wanted, or what else there is that day."""
        reason = bool(clause.items) and clause.items[0].class_ == "reason" and not asks(clause)
        # "Not the 30th we've visitors": that day is left out, whatever there is then.
        engaged = clause.has("appointment") and self._elsewhere(clause) and not calls_off(clause)
        must = why_one_must(clause, self.row, sentence, self.found, self.pack)
        told = told_before_so(clause, sentence) or comes_then_so(clause, self.sentences)
        told = told or hour_before_so(clause, sentence)
        told = told or why_not_then(clause, sentence, self.sentences)
        return reason or engaged or must or told or self._occasion(clause, sentence)

    def _occasion(self, clause: Clause, sentence: list[Clause]) -> bool:
        """For "It's my ninetieth on Saturday, so could I have a cleaner on Thursday": the day only tells why."""
        place = next(at for at, part in enumerate(sentence) if part is clause)
        follower = sentence[place + 1] if place + 1 < len(sentence) else None
        if follower is None or not follower.items or follower.items[0].class_ != "so" or not asks(follower):
            return False
        if asks(clause) or clause.has("service", "not") or not self._tells(clause, 1):
            return False
        return any(part.has("service", "someone") and any(map(says_when, part.items)) for part in sentence[place + 1 :])

    def _of_both(self, clause: Clause) -> bool:
        """Whether a service is told of before "could someone come for both?": then it is asked for after all."""
        if not clause.has("service"):
            return False
        last = max(item.last for item in clause.items)
        return any(item.class_ == "both" and item.first >= last for item in self.found.items)

    def _story(self, clause: Clause, sentence: list[Clause], wanted: bool) -> bool:
        """Whether a clause stands in a sentence that only tells, while another sentence asks.

        "I get a new knee in March. From then on help with getting up."; a bare "The windows." is no story.
        """
        if wanted or not clause.has("service", "when") or any(part.has("correction") for part in sentence):
            return False
        if self._from_now_on(clause) and any(map(says_when, clause.items)):
            # "The cleaning is on Tuesdays now. From now on that may be every other Tuesday.": so it shall be.
            return False
        if any(map(moves, sentence)):
            # "Tomorrow's shower. Could that go to Friday?": so it shall be.
            return False
        if any((part.has("not", "except") and part.has("when")) or part.has("same_time") for part in sentence):
            # "Not on Sunday.": that is an exception. "And on the 29th, same times.": that is wanted, too.
            return False
        if all(map(self._bare, sentence)) and (
            any(part.has("newneed", "andthen") for part in sentence) or keeps_hours(sentence)
        ):
            # "Secondly a bulb to be changed, tomorrow at eleven."; "Winding the clocks, every Monday at nine."
            return False
        others = [other for other in self.sentences if other is not sentence]
        asked = any(any(asks(part) for part in other) or has_need(other) for other in others)
        bare = not any(part.has("service") for part in sentence)
        tells = any(self._tells(part, 1) if bare else self._tells(part) for part in sentence)
        if not asked or not (tells or (bare and any(part.has("doing") for part in sentence))):
            return False
        timed = any(says_when(item) for part in sentence for item in part.items)
        if any(part.has("service") for part in sentence):
            return not timed
        dated = any(item.class_ == "when" and _DATED & item.value.keys() for part in sentence for item in part.items)
        if not dated and any(part.has("self", "person") for part in sentence) and only_of_the_day(sentence):
            # "In this weather we sit out late in the evenings. Could the drops go to ten from 1 May?"
            return any(says_hour(other) for other in others)
        return dated and any(says_day(other) for other in others)

    def _from_now_on(self, clause: Clause) -> bool:
        """Whether a clause says how it shall be from now on; "always" may as well say how it is."""
        said = [item for item in clause.items if item.class_ == "from_now_on"]
        words = {word.text for item in said for word in self.found.words[item.first : item.last]}
        return bool(words - self.pack.idle)

    def _elsewhere(self, clause: Clause) -> bool:
        """Whether an appointment is only told of: another clause says both what is wanted and on which day."""
        if clause.has("service"):
            return False
        others = [part for part in self.row if part is not clause and part.has("service")]
        if all(item.value == [DRIVES] for part in others for item in part.items if item.class_ == "service"):
            # "I'm at the hairdresser's on the 19th at eleven. And on the 25th to the optician": both are rides.
            return False
        return any(item.class_ == "when" and is_day(item.value) for part in others for item in part.items)

    def _remark(self, clause: Clause, sentence: list[Clause]) -> bool:
        """Whether a clause only remarks on a need that another clause of its sentence asks for."""
        if clause.joined or not clause.has("service") or asks(clause) or any(map(says_when, clause.items)):
            return False
        others = [part for part in sentence if part is not clause and part.has("service")]
        asked = any(asks(part) or any(map(says_when, part.items)) for part in others)
        return asked and clause is not sentence[0] and self._tells(clause)

    def _tells(self, clause: Clause, words: int = 4) -> bool:
        """Whether a clause has somebody who does or is something, in words that are no part of a request.

        So many `words` that were not understood are needed where nobody is named.
        """
        # "Only on weekdays, mind.": that tells nothing.
        somebody = clause.has("self", "person", "history", "isaid", "not")
        idle = self.pack.light if words > 1 or somebody else self.pack.light | self.pack.idle
        rest = [
            word.text
            for at, word in enumerate(self.found.words[clause.start : clause.end], clause.start)
            if at not in self.covered and word.text[0].isalpha() and word.text not in idle
        ]
        return len(rest) >= (min(words, 2) if somebody else words)

    def _noted(self, clause: Clause, sentence: list[Clause]) -> bool:
        """Whether a clause is part of a need that is jotted down without a subject, whatever is told behind it.

        "A walk on Tuesdays at three, he was at sea."; "The post, I can't read small print, Fridays at eleven."
        """
        if self._bare(clause) and clause.items and clause.items[0].class_ == "so" and has_need([clause]):
            # "I can't get to the shops, so the shopping every Tuesday."
            return True
        first = next((part for part in sentence if part.items), clause)
        if not (self._bare(first) and self._bare(clause)):
            return False
        bare = [part for part in sentence if self._bare(part)]
        if first.has("service", "when"):
            return has_need(bare)
        # "And for the telephone, as I can't work it, on Tuesday 2 March at ten": what it is called is not known.
        return dated(bare) and not any(part.has("doing", "appointment", "service") for part in sentence)

    def _bare(self, clause: Clause) -> bool:
        """Whether nobody does anything in a clause, and it tells of no past."""
        return not clause.has("self", "history", "isaid", "away") and not any(map(self.doings.acts, clause.items))
