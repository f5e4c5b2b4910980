"""Which service each block of a message is about: by its words, by what it sounds like, or by the block beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nlu.grammar.attach import FULL_STOP, Block
from nlu.grammar.clocks import NOON
from nlu.grammar.found import Found
from nlu.grammar.hearing import FAMILY, FEWEST_LETTERS, NONE, ROLES, Guesser, Hearing
from nlu.grammar.meaning import Sense, asked_behind, clauses, sentence_bounds
from nlu.packs.pack import Pack

BELIEVED = 0.75
"""From this probability on a guess names a block that no word has named …"""
LIKELY = 0.4
"""… and from this on it names it too, but is asked …"""
BELIEVED_BESIDE = 0.85
"""… and this is needed when the block may as well go on with the service of the block before."""
SOUNDS = 0.2
"""… and from this on, asked too, when it stands apart from all that was named."""
OVERRULES, OVERRULED = 0.85, 0.06
"""A guess so sure wins from a word's service that it holds so unlikely."""
_TELLING = ("self", "person", "history", "doing", "away", "not", "except", "correction", "reason")
"""A clause with one of these tells something, or takes something back."""
LATE = 20 * 60
"""Who comes from such an hour on, in minutes, until a morning hour stays for the night."""
SHORT_MESSAGE = 30
"""A message of so many words is guessed at as a whole when its sentence tells nothing."""


class Namer:
    """Names the blocks of one message."""

    def __init__(self, found: Found, sense: Sense, pack: Pack, guesser: Guesser | None) -> None:
        """Without a guesser only words name a service."""
        self.found = found
        self.sense = sense
        self.language = pack.language
        self.guesser = guesser
        self.light = pack.light
        self.pointers = pack.pointers
        self.other_words = pack.other_words
        self.help_words = pack.help_words
        self.beside_words = pack.beside_words
        self.idle = pack.light | pack.no_purpose | pack.idle
        self.hearing = Hearing(found, sense, pack, guesser)
        words = {" ".join(word.text for word in found.words[item.first : item.last]) for item, _ in sense.services}
        self.intimate = dict(pack.intimate[text] for text in words & pack.intimate.keys())

    def name(self, blocks: list[Block]) -> None:
        """Give every block its service, where it can be known."""
        if len(blocks) == 1 and len(blocks[0].services) == 1:
            self._overrule(blocks[0])
        if "helper_gender" in self.sense.preferences:
            for block in blocks:
                # A woman rather than a man "for the washing": of the body, not of the clothes.
                block.services = [self.intimate.get(key, key) for key in block.services]
        named = any(block.services for block in blocks)
        before: list[str] = []
        for place, block in enumerate(blocks):
            if not block.services:
                self._fill(block, blocks, place, named, before)
            before = block.services or before

    def _fill(self, block: Block, blocks: list[Block], place: int, named: bool, before: list[str]) -> None:
        """Name a block without a service; a block beside another may go on with that one's."""
        guess, odds = self._guess(blocks, place)
        taken_over = self._near(block, [*self.sense.mentioned, *self.sense.done]) if self._points_at(block) else []
        if taken_over:
            # "My grandson reads me the paper, but he is leaving. Who can take that over on Tuesdays?"
            block.services = taken_over
            return
        if self._points_at(block):
            block.frame.unsure.add("service")
        if guess is not None and odds >= (BELIEVED_BESIDE if named else BELIEVED):
            block.services = [guess]
            return
        if block.task:
            # "Somebody to tune the piano, and somebody for the shopping": that is another need, and no shopping.
            block.frame.unsure.add("service")
            block.services = [guess] if guess is not None and odds >= LIKELY else []
            return
        told = blocks[place - 1] if place and not blocks[place - 1].frame.scheduled else None
        if told is not None and guess in told.services and odds >= SOUNDS:
            # "My blood pressure has to be watched. Three times a week somebody to take it.": that is the same.
            block.services = list(told.services)
            return
        if named and self._stands_apart(blocks, place):
            # A sentence of its own between others, in words that no phrase took: hardly the same once more.
            block.frame.unsure.add("service")
            if guess is not None and odds >= SOUNDS:
                block.services = [guess]
                return
        mention = self._mention(block)
        if mention and (block.someone or self._points_back(block)):
            block.services = mention
            return
        done = self._near(block, self.sense.done) if block.someone and not (named or before) else []
        if done:
            # "My daughter helps me shower on Mondays, for Thursdays I'd like somebody from you.": likely with that.
            block.services = done
            if not self._points_at(block):
                block.frame.unsure.add("service")
            return
        said = block.frame.said
        timed = "dur" in said or "span" in said
        alone = block.frame.has_day or not (named or before)
        lasting = "dur" in said or ("span" in said and self._beside(block))
        if block.someone and lasting and not self.sense.purpose and alone and self._only_somebody(block):
            # Somebody for an hour is company, or with me from ten to one; of one who comes from ten to one it is asked.
            block.services = [] if by_night(said) or self._in_place(block) else [self._presence(block, blocks, place)]
        own = named and not block.frame.said.get("then") and self._own_task(block)
        if own and not block.services:
            # "A hand with the jam making on Wednesday, and the cleaning on Thursday": it is no cleaning.
            block.frame.unsure.add("service")
        elif not block.services and before:
            block.services = list(before)
        elif not block.services and self._points_at(block):
            # "We can't lift him any more. Help with that daily, and a cleaner on Mondays": it is no cleaning.
            block.frame.unsure.add("service")
        elif not block.services and named and not timed:
            follower = next((later for later in blocks[place:] if later.services), None)
            block.asked_behind = asked_behind(self.found, block.place) is not None
            block.services = list(follower.services[:1]) if follower else []
        if block.someone and block.services and self._tells_more(blocks, place):
            # "Somebody for the rockery on Wednesday, and a lift on Friday": that is hardly the same.
            block.frame.unsure.add("service")
        if guess is not None and (not block.services or not named) and odds >= LIKELY:
            # Likely, but not sure: kept, and asked.
            block.services = [guess]
            block.frame.unsure.add("service")

    def _only_somebody(self, block: Block) -> bool:
        """Whether the sentence of a block asks for somebody, and not for help: of that it is not known which.

        "Every Tuesday I need help from nine to eleven. Will you find somebody?" Help with what is named is another's.
        """
        start, end = sentence_bounds(self.found, block.place)
        end = min(end, max(block.last, block.place + 1))
        named = {at for item in self.found.items if item.class_ == "service" for at in range(item.first, item.last)}
        words = enumerate(self.found.words[start:end], start)
        return not any(word.text in self.help_words and at not in named for at, word in words)

    def _beside(self, block: Block) -> bool:
        """Whether somebody is to be with one ("somebody with me there", "to be with him"), or on a day that is told.

        "Monday is my birthday, can somebody come then?"; "Can somebody come at Christmas?"
        """
        if self.sense.told or any("holiday" in one for one in block.frame.said.get("date", ())):
            return True
        start, end = sentence_bounds(self.found, block.place)
        return any(word.text in self.beside_words for word in self.found.words[start:end])

    def _in_place(self, block: Block) -> bool:
        """For "My carer is on leave; could somebody else come from ten to twelve?": what they do is not known."""
        behind = [item.last for item in self.found.items if item.class_ == "someone" and item.first <= block.last]
        return any(word.text in self.other_words for at in behind for word in self.found.words[at - 1 : at + 1])

    def _own_task(self, block: Block) -> bool:
        """Whether the clause of a block names something to be done in words that no phrase took, and tells nothing."""
        clause = next((part for part in clauses(self.found) if part.start <= block.place < part.end), None)
        if clause is None or clause.has(*_TELLING) or asked_behind(self.found, block.place):
            return False
        covered = {at for item in clause.items if item.class_ != "purpose" for at in range(item.first, item.last)}
        words = [self.found.words[at].text for at in range(clause.start, clause.end) if at not in covered]
        return any(len(word) >= FEWEST_LETTERS and word.isalpha() and word not in self.idle for word in words)

    def _stands_apart(self, blocks: Sequence[Block], place: int) -> bool:
        """Whether a block has a sentence of its own, with words in it that no phrase took."""
        after = blocks[place + 1].boundary if place + 1 < len(blocks) else FULL_STOP
        begins = not place or blocks[place].boundary == FULL_STOP
        return begins and after == FULL_STOP and self._tells_more(blocks, place)

    def _points_back(self, block: Block) -> bool:
        """Whether a block stands behind "that must be": what was told of just before."""
        start, end = sentence_bounds(self.found, block.place)
        return any(item.class_ == "meant" and start <= item.first <= block.place < end for item in self.found.items)

    def _points_at(self, block: Block) -> bool:
        """Whether a block asks for help "with that": with what was told just before, whatever comes behind."""
        _, end = sentence_bounds(self.found, block.place)
        end = min(end, max(block.last, block.place + 1))
        return any(
            item.class_ == "someone"
            and block.place <= item.first < end
            and self.found.words[item.last - 1].text in self.pointers
            for item in self.found.items
        )

    def _bounds(self, blocks: Sequence[Block], place: int) -> tuple[int, int]:
        """From where until before where the sentence of a block goes, without what stands before the block in it."""
        start, end = sentence_bounds(self.found, blocks[place].place)
        if place and blocks[place].boundary != FULL_STOP:
            start = max(start, blocks[place].place)
        return start, end

    def _tells_more(self, blocks: Sequence[Block], place: int) -> bool:
        """Whether a block between others says what somebody is to come for, in words that no phrase took."""
        covered = {at for item in self.found.items for at in range(item.first, item.last)}
        start, end = self._bounds(blocks, place)
        end = min(end, blocks[place + 1].place) if place + 1 < len(blocks) else end
        words = enumerate(self.found.words[start:end], start)
        return len(blocks) > 1 and any(
            at not in covered and word.text.isalpha() and word.text not in self.idle for at, word in words
        )

    def _presence(self, block: Block, blocks: Sequence[Block], place: int) -> str:
        """Company, or somebody in the place of who cares otherwise ("so that mum can rest")."""
        _, end = sentence_bounds(self.found, block.place)
        if place + 1 < len(blocks):
            end = min(end, max(blocks[place + 1].place, block.place + 1))
        odds = self.hearing.odds(self.hearing.text(block.place, end))
        return "respite" if odds.get("respite", 0.0) > odds.get("companionship", 0.0) else "companionship"

    def _mention(self, block: Block) -> list[str]:
        """A service told of just before: "She can't do the cleaning any more; for that we need someone on Thursday"."""
        return self._near(block, self.sense.mentioned)

    def _near(self, block: Block, named: Sequence[tuple[int, list[str]]]) -> list[str]:
        """The last of these services that stands before a block, in its sentence or the one before."""
        start, _ = sentence_bounds(self.found, block.place)
        before, _ = sentence_bounds(self.found, max(start - 2, 0))
        near = [value for place, value in named if before <= place < block.place]
        return list(near[-1]) if near else []

    def _guess(self, blocks: Sequence[Block], place: int) -> tuple[str | None, float]:
        """The service that the words of a block sound most like, and how likely it is."""
        found: tuple[str | None, float] = (None, 0.0)
        for text in self._texts(blocks, place) if self.guesser is not None else ():
            best, odds = self._likeliest(text)
            if best != NONE and odds > found[1]:
                found = (best, odds)
            if odds >= BELIEVED:
                break
        return found

    def _likeliest(self, text: str) -> tuple[str, float]:
        """The likeliest service of a text; the variants of a family count as the family."""
        odds = self.hearing.odds(text)
        best = max(odds, key=lambda key: odds[key], default=NONE)
        return best, odds.get(best, 0.0)

    def _overrule(self, block: Block) -> None:
        """Replace a service named by a word when the whole sentence surely asks for another.

        The sentence is the one of the word: "We go to a wedding on the 20th. Someone to stay with mum that day?"
        """
        own = block.services[0]
        named = [item.first for item, value in self.sense.services if own in value]
        start, end = sentence_bounds(self.found, next(iter(named), block.place))
        text = self.hearing.text(start, end)
        if not text:
            return
        likely = self.hearing.likely(text)
        best, odds = next(iter(likely.items()), (NONE, 0.0))
        kin = FAMILY.get(best, best) == FAMILY.get(own, own) or self.hearing.says_more(own, best)
        if best not in {NONE, *ROLES} and not kin and odds >= OVERRULES and likely.get(own, 0.0) <= OVERRULED:
            block.services = [FAMILY.get(best, best)]

    def _texts(self, blocks: Sequence[Block], place: int) -> list[str]:
        """What to guess from, the narrowest first: the sentence of a block up to the next block, or the message."""
        words = self.found.words
        start, end = self._bounds(blocks, place)
        if place + 1 < len(blocks):
            end = min(end, max(blocks[place + 1].place, start + 1))
        texts = [self.hearing.text(start, end)]
        if len(blocks) == 1 and len(words) <= SHORT_MESSAGE and (start, end) != (0, len(words)):
            texts.append(self.hearing.text(0, len(words)))
        return [text for text in texts if text]


def by_night(said: Mapping[str, Any]) -> bool:
    """Whether somebody is wanted for the night: to sleep or to stay awake must be asked."""
    start = said["span"][0] if "span" in said else None
    late = start is not None and not start.open and start.minutes >= LATE and said["span"][1].minutes <= NOON
    return late or said.get("part") in ("night", "bedtime")
