"""What is known of one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlu.grammar.chart import Stratum
from nlu.grammar.repair import Repair
from nlu.grammar.spelling import Slip


@dataclass(frozen=True)
class Pack:
    """One language: its layers of patterns, its spellings, and which words may be repaired."""

    language: str
    strata: tuple[Stratum, ...]
    spellings: Mapping[str, tuple[str, ...]]
    repair: Repair
    repair_calendar: Repair
    """Mends only towards the names of days and months, which have a capital where other words with one are names."""
    particles: Mapping[str, Mapping[str, str]]
    particle_nouns: Mapping[str, frozenset[str]]
    daily: frozenset[str]
    single: frozenset[str]
    events: frozenset[str]
    """Of these, in the plural, so many are wanted one after another ("six walks")."""
    vocabulary: frozenset[str]
    first_names: frozenset[str]
    for_whom: frozenset[str]
    comes: frozenset[str]
    goes: frozenset[str]
    us: frozenset[str]
    ourselves: frozenset[str]
    """Who writes, as the one for whom or with whom something is done."""
    pronouns: frozenset[str]
    """Whom or what something is done to, that was named before."""
    have_words: frozenset[str]
    """Before a service, with "but" behind it: that help is there already ("we've a nurse on Fridays, but …")."""
    had_already: frozenset[str]
    """Of help that is there: "I have the nurse on Mondays already"."""
    guests: frozenset[str]
    """Of whom it is said, behind who comes to stay, that they need help."""
    others: frozenset[str]
    """Those who do what is told of them ("they put drops in")."""
    returning: frozenset[str]
    """What tells of an hour that somebody comes home then."""
    homeward: frozenset[str]
    """With the hour behind it: then somebody is brought home ("a taxi at nine, home 11")."""
    leaving: frozenset[str]
    """What tells of an hour that somebody leaves then, or is fetched."""
    gets: frozenset[str]
    """What tells of help that others give somebody: it is there already ("krijgt", "heeft")."""
    our_verbs: frozenset[str]
    our_able: frozenset[str]
    oneself: frozenset[str]
    duties: frozenset[str]
    verb_second: bool
    hours_are_clocks: bool
    """Whether what is a length of hours may as well be the hour on the clock ("twee uur")."""
    takes_back: frozenset[str]
    contrasts: frozenset[str]
    """Between two days one of these says that only one of them is meant ("Friday, not Thursday")."""
    present: frozenset[str]
    """With these, and "not" behind them, somebody says that they are away."""
    says: frozenset[str]
    """With these begins a bare number that takes the place of another ("no, let's say three")."""
    suits: frozenset[str]
    """Beside a day: that day will do."""
    heads: Mapping[str, str]
    """What stands before a hyphen when words have their tail in common, with the whole word."""
    torn: frozenset[str]
    """Words that are meant when they stand torn in two, though both halves are words too."""
    pointers: frozenset[str]
    span_words: frozenset[str]
    evening_nights: tuple[str, ...]
    """Behind six o'clock and later hours these mean the evening ("six at night")."""
    need_words: frozenset[str]
    counting_words: frozenset[str]
    """Before a bare number and the name of several things: so many of them, and no hour ("for ten dinners")."""
    plural_endings: frozenset[str]
    span_nouns: frozenset[str]
    calls_off: frozenset[str]
    now_words: frozenset[str]
    until_words: frozenset[str]
    but_before: frozenset[str]
    """Words that mean "before" where they are written with accents."""
    from_words: frozenset[str]
    but_words: frozenset[str]
    articles: frozenset[str]
    short_days: Mapping[str, str]
    """Words that are a day in short as well ("sat"), where a capital or other such days say so."""
    only_short_days: frozenset[str]
    hour_words: frozenset[str]
    """Behind one of these four digits are an hour and its minutes ("2200 hours")."""
    dotted_days: frozenset[str]
    """Days in short that may be written with a stop ("ma. om tien uur")."""
    joins: frozenset[str]
    light: frozenset[str]
    idle: frozenset[str]
    openings: frozenset[str]
    other_words: frozenset[str]
    it_words: frozenset[str]
    """What was asked for before, as what somebody does on certain days."""
    being: frozenset[str]
    """Between a day and a thing: what there is that day ("Thursday is bingo")."""
    there: frozenset[str]
    """A clause that begins with one of these tells of a place that was named before."""
    task_words: frozenset[str]
    why_words: frozenset[str]
    beside_words: frozenset[str]
    """Beside "somebody" and from when to when one of these says that company is meant ("with me")."""
    help_words: frozenset[str]
    """Of somebody who is to help it is not known what they are to do."""
    unable: frozenset[str]
    months: frozenset[str]
    """Names of months: the dot of the number before one ends no sentence ("the 4. December")."""
    ordinals: Mapping[str, int]
    meant_twice: frozenset[str]
    late: tuple[str, ...]
    before_hour: Mapping[str, str]
    """Words that name a service only directly before an hour or a day, with that service."""
    verbs: frozenset[str]
    no_purpose: frozenset[str]
    endings: Mapping[str, str]
    absorbs: Mapping[str, frozenset[str]]
    beside: Mapping[str, tuple[str, frozenset[str], frozenset[str]]]
    """Words that name another service beside certain phrases or things: that service, the phrases, the things."""
    intimate: Mapping[str, tuple[str, str]]
    fillers: frozenset[str]
    abbreviations: frozenset[str]
    leading: frozenset[str]
    """Abbreviations that no sentence ends with ("exc.")."""
    clipped: Mapping[str, str]
    dropped: str
    elided: tuple[str, ...]
    slips: tuple[Slip, ...]
