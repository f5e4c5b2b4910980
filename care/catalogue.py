"""The catalogue: which services there are, what people call them, and who may do them.

The entries live in `catalogue.yml`; this module reads them once and refuses a file that could let the wrong person do
an act, or that lacks a language. Nothing here knows of people or visits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

LANGUAGES = ("nl", "en")
HELPER_KINDS = ("volunteer", "freelancer", "organisation")
HIGHEST_LEVEL = 5

FILE = Path(__file__).with_name("catalogue.yml")

# The same safe loader in C where there is one: the file is read at every start.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_REQUIRED = {"names", "words", "kinds", "level", "default_minutes", "source"}
_ALLOWED = _REQUIRED | {"neutral", "reserved", "ask", "goes_with", "variants", "notice_hours", "lead_hours"}
_SECTIONS = {"version", "neutral", "proofs", "sources", "services"}
_MORE_SECTIONS = _SECTIONS | {"notice_hours", "lead_hours"}
_BY_KIND = ("notice_hours", "lead_hours")
_LONGEST_NOTICE = 24 * 28


class CatalogueError(ValueError):
    """The catalogue file is not right; the sentence names the entry and what is wrong with it."""


@dataclass(frozen=True)
class Service:
    """One catalogue entry.

    `names` (as said to the person), `neutral` (without health words, for messages sent unasked) and `words` (what
    people call it, lower case, whole words and phrases) are by language, `nl` and `en`. `kinds` are the helper kinds
    that may do it; `proofs` gives per kind the proofs that must be valid on the day of every visit. `level` is the
    lowest level of skill of a professional (0 = none, 1 to 5 as in Dutch care). `default_minutes` is used when no
    duration was said.
    `reserved` marks reserved and risky acts and bodily care, which a volunteer is never offered for. `ask` names what
    must be asked beyond the usual. `variants` are the services of a family; `family` is the family a variant is of.
    `notice_hours` gives, per kind of helper, how long beforehand a visit must be called off; later it may be charged.
    `lead_hours` gives, per kind, how long before its first visit somebody must be asked.
    `goes_with` are services to suggest beside it. `source` is the rule or reference behind who may do it.
    """

    key: str
    names: Mapping[str, str]
    neutral: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    kinds: tuple[str, ...]
    level: int
    proofs: Mapping[str, tuple[str, ...]]
    default_minutes: int
    source: str
    reserved: bool = False
    ask: tuple[str, ...] = ()
    goes_with: tuple[str, ...] = ()
    family: str | None = None
    variants: tuple[str, ...] = ()
    notice_hours: Mapping[str, int] = field(default_factory=dict)
    lead_hours: Mapping[str, int] = field(default_factory=dict)

    def missing_proofs(self, kind: str, held: Collection[str]) -> tuple[str, ...]:
        """Which proofs a helper of `kind` who holds `held` still lacks for this service; () when none.

        A diploma of a higher level stands for a lower one. Raises ValueError when the kind may not do the service.
        """
        if kind not in self.proofs:
            raise ValueError(f"a helper of kind {kind!r} may not do {self.key!r}")
        return tuple(proof for proof in self.proofs[kind] if not (proofs_that_satisfy(proof) & set(held)))


@dataclass(frozen=True)
class Catalogue:
    """All services by key, in the order of the file, with the names of the proofs and the texts of the sources."""

    services: Mapping[str, Service]
    proof_names: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, str]

    @classmethod
    def load(cls, path: Path | None = None) -> Catalogue:
        """The catalogue of the product, or of the file `path`; read once per file and process.

        Raises CatalogueError when the file does not hold a valid catalogue, OSError when it cannot be read.
        """
        return _load(path or FILE)

    def service(self, key: str) -> Service:
        """The service with this key; raises KeyError with a plain sentence when there is none."""
        try:
            return self.services[key]
        except KeyError:
            raise KeyError(f"the catalogue has no service {key!r}") from None

    def done_by(self, kind: str) -> tuple[Service, ...]:
        """The services that helpers of this kind may do."""
        return tuple(service for service in self.services.values() if kind in service.kinds)


def proofs_that_satisfy(proof: str) -> frozenset[str]:
    """The proofs any of which will do where `proof` is asked: a diploma of that level or of a higher one."""
    stem, _, level = proof.partition("_")
    if stem == "diploma" and level.isdigit():
        return frozenset(f"diploma_{higher}" for higher in range(int(level), HIGHEST_LEVEL + 1))
    return frozenset({proof})


@cache
def _load(path: Path) -> Catalogue:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, see there
    except yaml.YAMLError as error:
        raise CatalogueError(f"{path.name} is not valid YAML: {error}") from error
    return read_catalogue(content)


def read_catalogue(content: object) -> Catalogue:
    """The catalogue in `content` (a catalogue file as parsed from YAML); raises CatalogueError when it is not valid."""
    top = _mapping(content, "the catalogue")
    _keys(top, "the catalogue", required=_SECTIONS, allowed=_MORE_SECTIONS)
    if top["version"] != 1:
        raise CatalogueError(f"the catalogue has version {top['version']!r}; this program reads version 1")
    proof_names = {
        proof: _texts(names, f"proof {proof!r}") for proof, names in _mapping(top["proofs"], "'proofs'").items()
    }
    sources = {key: _text(text, f"source {key!r}") for key, text in _mapping(top["sources"], "'sources'").items()}
    neutral = _texts(top["neutral"], "'neutral'")
    hours = {name: _hours(top.get(name, {}), f"'{name}'") for name in _BY_KIND}
    entries = _mapping(top["services"], "'services'")
    families = _families(entries)
    services = {
        key: _service(
            key, entry, neutral=neutral, proofs=proof_names, sources=sources, family=families.get(key), hours=hours
        )
        for key, entry in entries.items()
    }
    _check_links(services)
    _check_words(services.values())
    return Catalogue(MappingProxyType(services), MappingProxyType(proof_names), MappingProxyType(sources))


def _families(entries: Mapping[str, Any]) -> dict[str, str]:
    """The family of every variant."""
    families: dict[str, str] = {}
    for key, entry in entries.items():
        for variant in _strings(_mapping(entry, f"service {key!r}").get("variants", []), f"'variants' of {key!r}"):
            if variant in families:
                raise CatalogueError(f"service {variant!r} is a variant of both {families[variant]!r} and {key!r}")
            families[variant] = key
    return families


def _service(
    key: str,
    entry: Any,
    *,
    neutral: Mapping[str, str],
    proofs: Collection[str],
    sources: Collection[str],
    family: str | None,
    hours: Mapping[str, Mapping[str, int]],
) -> Service:
    where = f"service {key!r}"
    fields = _mapping(entry, where)
    _keys(fields, where, required=_REQUIRED, allowed=_ALLOWED)
    by_kind = _kinds(fields["kinds"], where, proofs)
    reserved = fields.get("reserved", False)
    if not isinstance(reserved, bool):
        raise CatalogueError(f"'reserved' of {where} must be true or false, not {reserved!r}")
    if reserved and "volunteer" in by_kind:
        raise CatalogueError(f"{where} is a reserved act: a volunteer may not do it")
    level = _number(fields["level"], f"'level' of {where}", lowest=0, highest=HIGHEST_LEVEL)
    _check_level(where, level, by_kind)
    if fields["source"] not in sources:
        raise CatalogueError(f"{where} has the unknown source {fields['source']!r}")
    words = _by_language(fields["words"], f"'words' of {where}")
    return Service(
        key=key,
        names=_texts(fields["names"], f"'names' of {where}"),
        neutral=_texts(fields["neutral"], f"'neutral' of {where}") if "neutral" in fields else neutral,
        words=MappingProxyType({name: _words(words[name], f"'words' ({name}) of {where}") for name in LANGUAGES}),
        kinds=tuple(kind for kind in HELPER_KINDS if kind in by_kind),
        level=level,
        proofs=MappingProxyType(by_kind),
        default_minutes=_number(fields["default_minutes"], f"'default_minutes' of {where}", lowest=5, highest=1440),
        source=fields["source"],
        reserved=reserved,
        ask=_strings(fields.get("ask", []), f"'ask' of {where}"),
        goes_with=_strings(fields.get("goes_with", []), f"'goes_with' of {where}"),
        family=family,
        variants=_strings(fields.get("variants", []), f"'variants' of {where}"),
        **{
            name: MappingProxyType({**hours[name], **_hours(fields.get(name, {}), f"'{name}' of {where}")})
            for name in _BY_KIND
        },
    )


def _hours(content: Any, where: str) -> dict[str, int]:
    """Hours by kind of helper."""
    hours = _mapping(content, where)
    _keys(hours, where, required=set(), allowed=set(HELPER_KINDS))
    return {kind: _number(number, where, lowest=0, highest=_LONGEST_NOTICE) for kind, number in hours.items()}


def _kinds(content: Any, where: str, known_proofs: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The proofs asked of each kind that may do the service."""
    kinds = _mapping(content, f"'kinds' of {where}")
    if not kinds:
        raise CatalogueError(f"{where} names no kind of helper that may do it")
    by_kind: dict[str, tuple[str, ...]] = {}
    for kind, asked in kinds.items():
        if kind not in HELPER_KINDS:
            raise CatalogueError(f"{where} has the unknown helper kind {kind!r}; known are {', '.join(HELPER_KINDS)}")
        by_kind[kind] = _strings(asked, f"the proofs of {kind} in {where}")
        for proof in by_kind[kind]:
            if proof not in known_proofs:
                raise CatalogueError(f"{where} asks {kind} for the unknown proof {proof!r}")
    return by_kind


def _check_level(where: str, level: int, by_kind: Mapping[str, Collection[str]]) -> None:
    """From level 2 on there is a diploma for it, and every professional must show it, or a higher register (BIG)."""
    enough = proofs_that_satisfy(f"diploma_{level}") | {"big"}
    for kind, asked in by_kind.items():
        if level >= 2 and kind != "volunteer" and not enough & set(asked):
            raise CatalogueError(f"{where} is of level {level} but asks {kind} for no proof of that level")


def _check_links(services: Mapping[str, Service]) -> None:
    for service in services.values():
        for name, links in (("goes_with", service.goes_with), ("variants", service.variants)):
            for link in links:
                if link not in services:
                    raise CatalogueError(f"'{name}' of service {service.key!r} names the unknown service {link!r}")
                if link == service.key:
                    raise CatalogueError(f"'{name}' of service {service.key!r} names itself")
        if service.variants and "variant" not in service.ask:
            raise CatalogueError(f"service {service.key!r} is a family, so its 'ask' must name 'variant'")
        if service.family and service.variants:
            raise CatalogueError(f"service {service.key!r} is a variant and a family at once")


def _check_words(services: Iterable[Service]) -> None:
    """A word that means two services would be a guess between them."""
    owners: dict[tuple[str, str], str] = {}
    for service in services:
        for language, words in service.words.items():
            for word in words:
                owner = owners.setdefault((language, word), service.key)
                if owner != service.key:
                    raise CatalogueError(
                        f"the word {word!r} ({language}) stands for both {owner!r} and {service.key!r}"
                    )


def _mapping(content: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(content, Mapping) or not all(isinstance(key, str) for key in content):
        raise CatalogueError(f"{where} must be a mapping with names as keys")
    return content


def _keys(content: Mapping[str, Any], where: str, *, required: set[str], allowed: set[str]) -> None:
    if missing := sorted(required - content.keys()):
        raise CatalogueError(f"{where} lacks {', '.join(missing)}")
    if unknown := sorted(content.keys() - allowed):
        raise CatalogueError(f"{where} has the unknown field {', '.join(unknown)}")


def _by_language(content: Any, where: str) -> Mapping[str, Any]:
    fields = _mapping(content, where)
    _keys(fields, where, required=set(LANGUAGES), allowed=set(LANGUAGES))
    return fields


def _texts(content: Any, where: str) -> Mapping[str, str]:
    return MappingProxyType({name: _text(text, where) for name, text in _by_language(content, where).items()})


def _text(content: Any, where: str) -> str:
    if not isinstance(content, str) or not content.strip():
        raise CatalogueError(f"{where} must be a text, not {content!r}")
    return content.strip()


def _strings(content: Any, where: str) -> tuple[str, ...]:
    # YAML reads a bare `no` or `on` as a truth value, hence the check on every element.
    if not isinstance(content, list) or not all(isinstance(item, str) and item.strip() for item in content):
        raise CatalogueError(f"{where} must be a list of texts, not {content!r}")
    if len(set(content)) != len(content):
        raise CatalogueError(f"{where} names something twice")
    return tuple(content)


def _words(content: Any, where: str) -> tuple[str, ...]:
    words = _strings(content, where)
    if not words:
        raise CatalogueError(f"{where} is empty")
    for word in words:
        if word != " ".join(word.lower().split()):
            raise CatalogueError(f"{where}: {word!r} must be in lower case with single spaces")
    return words


def _number(content: Any, where: str, *, lowest: int, highest: int) -> int:
    if not isinstance(content, int) or isinstance(content, bool) or not lowest <= content <= highest:
        raise CatalogueError(f"{where} must be a whole number from {lowest} to {highest}, not {content!r}")
    return content
