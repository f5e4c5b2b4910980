"""The care-request reader: from the text of one message to needs, targets and what must be asked.

It reads a message in every way at once (as a booking, as leaving out, as a change); which of these it is, another
part decides. See `nlu/grammar/` for how, and `nlu/packs/` for the words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial

from care.clock import local
from care.needs import Need
from nlu.grammar.asides import Teller, as_said, without_asides
from nlu.grammar.changes import Change, read_change
from nlu.grammar.courtesies import without_courtesies
from nlu.grammar.dashed import dates_with_dashes
from nlu.grammar.dates import Calendar
from nlu.grammar.found import Found
from nlu.grammar.hearing import Guesser
from nlu.grammar.items import find
from nlu.grammar.masks import mask
from nlu.grammar.meaning import Sense
from nlu.grammar.naming import Namer
from nlu.grammar.needs import build
from nlu.grammar.occasions import in_their_month
from nlu.grammar.refused import called_off
from nlu.grammar.sense import sense
from nlu.grammar.signals import jots_down, looks_after, moves_visit, signals, swaps_days
from nlu.grammar.targets import read_ending, read_target
from nlu.packs import LANGUAGES, load
from nlu.packs.pack import Pack
from nlu.reading import Target


@dataclass(frozen=True)
class CareReadout:
    """What a message says of care and time.

    `needs` reads it as a booking; `target` as leaving out visits, `end_target` as ending help; `change` as a change
    or correction, read when it is first asked for (`change_target` is the visit meant, `change_needs` the new
    schedule, and `ask` what must be asked of the whole when it is not a booking). `contradiction` says that the
    message contradicts itself, `clash` that its days do, `called_off` that it calls off what it names,
    `moves_visit` that a long letter asks to change a visit, `delayed` that nobody need come before an hour,
    `jotted` that needs with their days are all it says, `left_behind` that what lives at home is to be looked after,
    `swaps` that one day is to take the place of another.
    `signals` help to decide which act it is. `masked` is the message in normal spelling, with class words for
    times, services and names; `said` is its text without the sentences that only tell, if there are such.
    """

    needs: tuple[Need, ...] = ()
    contradiction: bool = False
    clash: bool = False
    called_off: bool = False
    signals: Mapping[str, bool] = field(default_factory=dict)
    masked: str = ""
    said: str | None = None
    moves_visit: bool = False
    delayed: bool = False
    jotted: bool = False
    left_behind: bool = False
    swaps: bool = False
    as_change: Callable[[], Change] = Change
    as_target: Callable[[], Target] = Target
    as_ending: Callable[[Target], Target] = replace

    @cached_property
    def target(self) -> Target:
        """The visits that are left out, if the message leaves out any: most do not, so it is read when asked for."""
        return self.as_target()

    @cached_property
    def end_target(self) -> Target:
        """The help that is ended, if the message ends any."""
        return self.as_ending(self.target)

    @cached_property
    def change(self) -> Change:
        """The message as a change or correction: most are neither, and it takes a tenth of the reading."""
        return self.as_change()

    @property
    def change_target(self) -> Target:
        """The visit that a change is about."""
        return self.change.target

    @property
    def change_needs(self) -> tuple[Need, ...]:
        """The schedule that a change asks for."""
        return tuple(self.change.needs)

    @property
    def ask(self) -> tuple[str, ...]:
        """What must be asked of a change."""
        return tuple(self.change.ask)


class CareReader:
    """Reads messages in Dutch and English."""

    def __init__(self, guesser: Guesser | None = None, teller: Teller | None = None) -> None:
        """Load the language packs; raises nlu.packs.PackError when one cannot be used.

        `guesser` tells which service a request is about that no word of the packs names; without it that is asked.
        `teller` tells which sentences only tell; without it all are read.
        """
        self._guesser = guesser
        self._teller = teller
        self._packs: dict[str, Pack] = {language: load(language) for language in LANGUAGES}

    def read(self, text: str, language: str, now: datetime) -> CareReadout:
        """What `text` says, in `language` (`nl` or `en`), seen from `now` (naive means local, Europe/Amsterdam).

        Reads at most nlu.tokens.MAX_CHARACTERS characters. Raises KeyError for another language.
        """
        pack = self._packs[language]
        moment = local(now)
        whole = find(text, pack)
        found = without_courtesies(whole)
        if self._teller is not None:
            found = without_asides(found, self._teller, language)
        said = None if found is whole else as_said(found, whole, text)
        calendar = Calendar(moment.date())
        dates_with_dashes(found, calendar)
        in_their_month(found, calendar)
        meant = sense(found, pack)
        readout = self._readout(found, meant, pack, moment, Namer(found, meant, pack, self._guesser))
        return replace(readout, said=said)

    @staticmethod
    def _readout(found: Found, meant: Sense, pack: Pack, now: datetime, namer: Namer) -> CareReadout:
        built = build(meant, pack, now, namer)
        return CareReadout(
            needs=tuple(built.needs),
            contradiction=built.contradiction and not found.has("move", "instead", "better"),
            clash=built.clash,
            called_off=called_off(found, pack),
            signals=signals(found, meant),
            moves_visit=meant.long and moves_visit(found),
            delayed=any("delayed" in item.value for item in found.items if item.class_ == "when"),
            masked=mask(found),
            jotted=jots_down(found, pack),
            left_behind=looks_after(found, pack),
            swaps=swaps_days(found),
            as_change=partial(read_change, found, meant, pack, now),
            as_target=partial(read_target, found, meant, pack, Calendar(now.date())),
            as_ending=partial(read_ending, found=found, pack=pack),
        )
