"""Who may help: a helper as matching sees them, and the hard rules apart from time. Pure: no database, no clock."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz

from care.catalogue import Service
from care.needs import Preferences
from care.outlook import NEVER, Diary
from care.weeks import Fit

DAYS_A_WEEK_AT_HOME = 3
"""Regeling dienstverlening aan huis: a private person may employ someone on at most three days a week."""
_SAME_NAME = 85


@dataclass(frozen=True)
class HeldProof:
    """A proof a helper holds, valid from `valid_from` to `expires`, both included (None: for good)."""

    kind: str
    valid_from: date
    expires: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether it is valid on the day."""
        return self.valid_from <= day and (self.expires is None or day <= self.expires)


class Candidate(NamedTuple):
    """A helper as matching sees them. `distance_m` is from the recipient's house, as the crow flies.

    `met` is how many visits they already made to the recipient; `load_minutes` how much they are booked in the coming
    weeks. `hourly_cents` is None for volunteers. `also` are services of the same request, at the same time of day, that
    they offer too; `comes` are the visits (start, end in minutes of the day) for which they were chosen in it already.
    `is_recipient`: they are the very person who needs the help.
    """

    helper_id: int
    name: str
    kind: str
    distance_m: int
    max_distance_m: int
    services: frozenset[str]
    diary: Diary = NEVER
    gender: str | None = None
    languages: frozenset[str] = frozenset()
    organisation: str | None = None
    hourly_cents: int | None = None
    currency: str | None = None
    proofs: tuple[HeldProof, ...] = ()
    met: int = 0
    load_minutes: int = 0
    also: frozenset[str] = frozenset()
    comes: tuple[tuple[int, int], ...] = ()
    is_recipient: bool = False


def may(candidate: Candidate, service: Service, wanted: Preferences) -> bool:
    """The hard rules apart from time: service, kind, distance, who was asked for, and nobody helps themselves."""
    return (
        not candidate.is_recipient
        and service.key in candidate.services
        and candidate.kind in service.kinds
        and candidate.distance_m <= candidate.max_distance_m
        and wanted.helper_kind in (None, candidate.kind)
        and wanted.helper_gender in (None, candidate.gender)
        and (wanted.helper_language is None or wanted.helper_language in candidate.languages)
        and (wanted.helper_name is None or named(candidate.name, wanted.helper_name))
        and not any(named(candidate.name, name) for name in wanted.not_named)
    )


def named(name: str, said: str) -> bool:
    """Whether a helper's name is the one that was said, give or take a letter: whole, or some of its words in a row.

    "Anna", "de Boer" and "Anna de Boer" are all Anna de Boer.
    """
    spoken, words = " ".join(said.casefold().split()), name.casefold().split()
    runs = (" ".join(words[start:end]) for start, end in combinations(range(len(words) + 1), 2))
    return bool(spoken) and any(fuzz.ratio(spoken, run) >= _SAME_NAME for run in runs)


def ever_proven(candidate: Candidate, service: Service) -> bool:
    """Whether the candidate holds, or once held, all proofs: a quick look before the long one."""
    return not service.missing_proofs(candidate.kind, frozenset([proof.kind for proof in candidate.proofs]))


def proven(candidate: Candidate, service: Service, days: Sequence[date]) -> bool:
    """Whether all proofs are valid on every one of these days, which are in order."""
    first, last = days[0], days[-1]
    throughout, partly = set(), False
    for proof in candidate.proofs:
        if proof.valid_on(first) and proof.valid_on(last):
            throughout.add(proof.kind)
        elif proof.valid_from <= last and (proof.expires is None or first <= proof.expires):
            partly = True
    if not partly:
        return not service.missing_proofs(candidate.kind, throughout)
    # What is held changes only where a proof begins or runs out.
    turns = {0, *(bisect_left(days, proof.valid_from) for proof in candidate.proofs)}
    turns |= {bisect_right(days, proof.expires) for proof in candidate.proofs if proof.expires is not None}
    held = (
        {proof.kind for proof in candidate.proofs if proof.valid_on(days[turn])} for turn in turns if turn < len(days)
    )
    return not any(service.missing_proofs(candidate.kind, kinds) for kinds in held)


def contract_for(candidate: Candidate, fit: Fit) -> str | None:
    """The form of contract; None when none is lawful.

    A freelancer registered as an entrepreneur (`kvk`) works on assignment (7:400 BW). Without it they can only be
    employed by the household (Regeling dienstverlening aan huis), on at most three days a week.
    """
    if candidate.kind != "freelancer":
        return candidate.kind
    if any(proof.kind == "kvk" and proof.valid_on(fit.days[-1]) for proof in candidate.proofs):
        return "assignment"
    return "home_service" if fit.days_a_week <= DAYS_A_WEEK_AT_HOME else None
