"""Language packs: what people say, as data. A folder per language with the same files; `load` reads one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from care.catalogue import Catalogue
from nlu.grammar.chart import ListRule, Stratum
from nlu.grammar.patterns import Node, Pattern, steps
from nlu.grammar.repair import Repair
from nlu.grammar.sounds import Sounds
from nlu.grammar.spelling import Slip
from nlu.packs.pack import Pack
from nlu.tokens import tokenise

FOLDER = Path(__file__).parent
LANGUAGES = ("nl", "en")

CATALOGUE_WEIGHT = -0.2
"""A word of the catalogue gives way to the same words in a pack."""

FOREIGN_WEIGHT = -0.4
FOREIGN_LENGTH = 5
"""Words of the other language are taken from this length on."""
FOREIGN_CLASSES = (
    "weekday", "weekday_plural", "part", "parts", "partly", "part_phrase", "holiday", "holiday_evening", "dayset",
    "month", "plain_number",
)  # fmt: skip
"""What people name in the other language within a sentence: days and parts of the day, as they name services."""

NAMED_BY_HELPER = 0.6
"""How much "the cleaning lady" is rather a service than a lady."""

CUES_THAT_REPAIR = frozenset({"except", "someone", "from_now_on", "history", "person", "request"})
"""Of the cues only these lend their words to the repair of misspellings: the others are too common words."""


_PATTERN_SIGNS = frozenset("{}()[]|<>")


class PackError(ValueError):
    """A language pack that cannot be used; the sentence says which file and why."""


def words_of(phrase: str) -> str:
    """A phrase as the tokeniser would cut it, with spaces between."""
    return " ".join(token.text for token in tokenise(phrase))


@cache
def load(language: str) -> Pack:
    """The pack of a language (`nl` or `en`); read once per process. Raises PackError when it cannot be used."""
    folder = FOLDER / language
    if not folder.is_dir():
        raise PackError(f"there is no language pack {language!r}")
    files = {path.stem: _parse(path) for path in sorted(folder.glob("*.yml"))}
    missing = {"words", "spelling", "grammar", "cues", "people", "services"} - files.keys()
    if missing:
        raise PackError(f"the language pack {language!r} lacks {', '.join(sorted(missing))}")
    return _Builder(language, files).build()


def _parse(path: Path) -> Any:
    # The loader in C is ten times as fast; it is as safe.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506


class _Builder:
    """Makes a Pack of the files of a folder."""

    def __init__(self, language: str, files: Mapping[str, Any]) -> None:
        self.language = language
        self.files = files
        self.macros: dict[str, str] = dict(files["grammar"].get("pieces") or {})
        self.repairable: set[str] = set()
        self.vocabulary: set[str] = set()
        self.times: set[str] = set()
        self.guard = frozenset(str(files["spelling"]["guard"]).split())

    def build(self) -> Pack:
        spelling = self.files["spelling"]
        strata = (
            self.words(),
            *(self.layer(layer) for layer in self.files["grammar"]["layers"]),
            self.services(),
            self.names(),
            self.people(),
            self.cues(),
        )
        services = self.files["services"]
        spellings = {wrong: tuple(right.split()) for wrong, right in spelling["spellings"].items() if " " not in wrong}
        compounds = {
            word: tuple(part for said in parts for part in spellings.get(said, (said,)))
            for word, parts in self.compounds(spelling.get("compounds") or ())
        }
        self.repairable |= compounds.keys()
        self.repairable |= {wrong for wrong, right in spellings.items() if len(wrong) >= 7 and len(right) > 1}
        self.repairable |= set(str(spelling.get("unlike") or "").split())
        self.repairable -= set(str(spelling.get("seldom") or "").split())
        particles = {
            family: {str(word): key for word, key in table.items() if word != "nouns"}
            for family, table in (services.get("particles") or {}).items()
        }
        calendar = {
            phrase
            for kind in ("weekday", "weekday_plural", "month")
            for listed in self.files["words"][kind].values()
            for phrase in phrases(listed)
            if phrase.isalpha()
        }
        articles = frozenset(phrases(self.files["words"]["article"][1]))
        numbers = {phrase for listed in self.files["words"]["plain_number"].values() for phrase in phrases(listed)}
        return Pack(
            language=self.language,
            strata=strata,
            spellings={**compounds, **spellings},
            repair=Repair(
                self.repairable,
                [*self.guard, *self.vocabulary, *spellings],
                [*self.times, *compounds],
                Sounds(spelling.get("sounds") or {}),
            ),
            repair_calendar=Repair(
                calendar, [*self.guard, *self.vocabulary, *spellings], calendar, Sounds(spelling.get("sounds") or {})
            ),
            particles=particles,
            particle_nouns={
                family: frozenset(phrases(table["nouns"]))
                for family, table in (services.get("particles") or {}).items()
            },
            daily=frozenset(phrases(services["daily"])),
            events=frozenset(phrases(services.get("events", ""))),
            single=frozenset(phrases(services.get("single", ""))),
            vocabulary=frozenset(self.vocabulary),
            first_names=frozenset(phrases(self.files["people"].get("first_names", ""))),
            for_whom=frozenset(phrases(self.files["people"]["for_whom"])),
            comes=frozenset(phrases(self.files["people"].get("comes", ""))),
            goes=frozenset(phrases(self.files["people"].get("goes", ""))),
            us=frozenset(phrases(self.files["people"].get("us", ""))),
            ourselves=frozenset(phrases(self.files["people"].get("ourselves", ""))),
            pronouns=frozenset(phrases(self.files["people"].get("pronouns", ""))),
            have_words=frozenset(phrases(self.files["people"].get("have_words", ""))),
            had_already=frozenset(phrases(self.files["people"].get("had_already", ""))),
            guests=frozenset(phrases(self.files["people"].get("guests", ""))),
            others=frozenset(phrases(self.files["people"].get("others", ""))),
            returning=frozenset(phrases(self.files["people"].get("returning", ""))),
            homeward=frozenset(phrases(self.files["people"].get("homeward", ""))),
            leaving=frozenset(phrases(self.files["people"].get("leaving", ""))),
            gets=frozenset(phrases(self.files["people"].get("gets", ""))),
            our_verbs=frozenset(phrases(self.files["people"].get("our_verbs", ""))),
            our_able=frozenset(phrases(self.files["people"].get("our_able", ""))),
            oneself=frozenset(phrases(self.files["people"].get("oneself", ""))),
            duties=frozenset(phrases(self.files["people"].get("duties", ""))),
            verb_second=bool(self.files["people"].get("verb_second")),
            hours_are_clocks=bool(self.files["people"].get("hours_are_clocks")),
            takes_back=frozenset(phrases(spelling["takes_back"])),
            contrasts=frozenset(phrases(spelling["contrasts"])),
            present=frozenset(phrases(spelling.get("present", ""))),
            says=frozenset(phrases(spelling.get("says", ""))),
            suits=frozenset(phrases(spelling.get("suits", ""))),
            heads={str(head): str(word) for head, word in (spelling.get("heads") or {}).items()},
            torn=frozenset(phrases(spelling.get("torn", ""))),
            pointers=frozenset(phrases(spelling.get("pointers", ""))),
            span_words=frozenset(phrases(spelling.get("span_words", ""))),
            evening_nights=tuple(phrases(spelling.get("evening_nights", ""))),
            need_words=frozenset(phrases(spelling.get("need_words", ""))),
            counting_words=frozenset(phrases(spelling.get("counting_words", ""))),
            plural_endings=frozenset(phrases(spelling.get("plural_endings", ""))),
            span_nouns=frozenset(phrases(spelling.get("span_nouns", ""))),
            calls_off=frozenset(phrases(spelling["calls_off"])),
            now_words=frozenset(phrases(spelling.get("now_words", ""))),
            until_words=frozenset(phrases(spelling.get("until_words", ""))),
            but_before=frozenset(phrases(spelling.get("but_before", ""))),
            but_words=frozenset(phrases(spelling.get("but_words", ""))),
            from_words=frozenset(phrases(spelling.get("from_words", ""))),
            other_words=frozenset(phrases(spelling.get("other_words", ""))),
            it_words=frozenset(phrases(spelling.get("it_words", ""))),
            being=frozenset(phrases(spelling.get("being", ""))),
            there=frozenset(phrases(spelling.get("there", ""))),
            task_words=frozenset(phrases(spelling.get("task_words", ""))),
            why_words=frozenset(phrases(spelling.get("why_words", ""))),
            beside_words=frozenset(phrases(spelling.get("beside_words", ""))),
            help_words=frozenset(phrases(spelling.get("help_words", ""))),
            openings=frozenset(phrases(spelling.get("openings", ""))),
            unable=frozenset(phrases(spelling.get("unable", ""))),
            short_days=dict(spelling.get("short_days") or {}),
            hour_words=frozenset(phrases(spelling.get("hour_words", ""))),
            dotted_days=frozenset(phrases(spelling.get("dotted_days", ""))),
            only_short_days=frozenset(phrases(spelling.get("only_short_days", ""))),
            joins=frozenset(phrases(spelling.get("joins", ""))),
            light=frozenset(phrases(spelling.get("light", ""))),
            idle=frozenset(phrases(spelling.get("idle", ""))),
            months=frozenset(phrase for said in self.files["words"]["month"].values() for phrase in phrases(said)),
            ordinals={
                phrase: place for place, listed in self.files["words"]["ordinal"].items() for phrase in phrases(listed)
            },
            verbs=frozenset(phrases(services.get("verbs", ""))),
            meant_twice=articles | numbers | frozenset(phrases(spelling.get("said_twice", ""))),
            late=tuple(phrases(services.get("late", ""))),
            before_hour={
                word: key for key, listed in (services.get("before_hour") or {}).items() for word in phrases(listed)
            },
            no_purpose=frozenset(phrases(spelling.get("no_purpose", ""))),
            endings={
                ending: key for key, listed in (services.get("endings") or {}).items() for ending in phrases(listed)
            },
            beside={
                word: (str(said["means"]), frozenset(phrases(said["with"])), frozenset(phrases(said.get("things", ""))))
                for words, said in (services.get("beside") or {}).items()
                for word in phrases(words)
            },
            absorbs={key: frozenset(phrases(listed)) for key, listed in (services.get("absorbs") or {}).items()},
            intimate={
                phrase: (str(pair["instead_of"]), key)
                for key, pair in (services.get("intimate") or {}).items()
                for phrase in phrases(pair["words"])
            },
            articles=articles,
            fillers=frozenset(phrases(spelling.get("fillers", ""))),
            leading=frozenset(phrases(spelling.get("leading", ""))),
            abbreviations=frozenset(phrases(spelling.get("abbreviations", ""))),
            clipped=spelling.get("clipped") or {},
            dropped=spelling.get("dropped") or "",
            elided=tuple(phrases(spelling.get("elided", ""))),
            slips=tuple(Slip(entry) for entry in spelling.get("beside") or ()),
        )

    def rule(
        self, node: Node, class_: str, pattern: str, template: Any, weight: float = 0.0, repair: bool = True
    ) -> None:
        added = Pattern(class_, steps(str(pattern), self.macros), template, weight)
        self.vocabulary |= added.words
        if repair:
            self.repairable |= added.words
        node.add(added)

    def words(self) -> Stratum:
        root = Node()
        for class_, meanings in self.files["words"].items():
            for value, listed in meanings.items():
                for phrase in phrases(listed):
                    self.rule(root, class_, words_of(phrase.lstrip("=")), value, repair=phrase[0] != "=")
        self.foreign_words(root)
        return Stratum(root)

    def foreign_words(self, root: Node) -> None:
        """Add the days and parts of the day of the other languages, where the word is none of this language."""
        for other in LANGUAGES:
            if other == self.language:
                continue
            words = _parse(FOLDER / other / "words.yml")
            for class_ in FOREIGN_CLASSES:
                for value, listed in words[class_].items():
                    for phrase in phrases(listed):
                        if phrase[0] != "=" and self.foreign(phrase):
                            self.rule(root, class_, words_of(phrase), value, FOREIGN_WEIGHT, repair=False)

    def foreign(self, phrase: str) -> bool:
        """Whether a phrase of another language can be taken for nothing else in this one."""
        first = phrase.split()[0]
        own = first in self.vocabulary or first in self.guard
        return len(phrase) >= FOREIGN_LENGTH and not own and (" " in phrase or len(first) >= FOREIGN_LENGTH)

    def layer(self, layer: Mapping[str, Any]) -> Stratum:
        root = Node()
        lists = tuple(
            ListRule(rule["of"], rule["as"], tuple(tuple(str(join).split()) for join in rule["join"]))
            for rule in layer.get("lists") or ()
        )
        for class_, rules in layer.items():
            if class_ == "lists":
                continue
            for rule in rules:
                for pattern, template in rule.items() if isinstance(rule, dict) else ((rule, None),):
                    if template != {"call": "nothing"}:
                        weight = template.get("weight", 0.0) if isinstance(template, dict) else 0.0
                        self.rule(root, class_, pattern, _without_weight(template), weight)
        return Stratum(root, lists)

    def services(self) -> Stratum:
        root = Node()
        # All that is known so far is of days and hours.
        self.times |= self.repairable
        services = self.files["services"]
        for key, listed in services["services"].items():
            for pattern in phrases(listed):
                self.rule(root, "service", self.owned(_tidy(pattern)), key.split())
        for service in Catalogue.load().services.values():
            for phrase in service.words[self.language]:
                self.rule(root, "service", words_of(phrase), [service.key], CATALOGUE_WEIGHT)
        self.foreign_services(root)
        for family, table in (services.get("particles") or {}).items():
            for particle, key in table.items():
                if particle != "nouns":
                    self.rule(root, "particle", particle, {"family": family, "service": key}, -0.3, repair=False)
        return Stratum(root)

    def owned(self, pattern: str) -> str:
        """A pattern in which what is called somebody's own ("my post") may as well be another's ("her post")."""
        owners = phrases(self.files["services"].get("owners", ""))
        choice = f"({'|'.join(owners)})"
        return " ".join(choice if word in owners[:1] else word for word in pattern.split())

    def foreign_services(self, root: Node) -> None:
        """Add what services are called in the other languages: people mix them."""
        for other in LANGUAGES:
            if other == self.language:
                continue
            named = [(service.key, service.words[other]) for service in Catalogue.load().services.values()]
            listed = _parse(FOLDER / other / "services.yml")["services"]
            named += [(key, tuple(phrases(words))) for key, words in listed.items() if " " not in key]
            for key, words in named:
                for phrase in words:
                    if not _PATTERN_SIGNS & set(phrase) and self.foreign(phrase):
                        self.rule(root, "service", words_of(phrase), [key], FOREIGN_WEIGHT, repair=False)

    def names(self) -> Stratum:
        root = Node()
        sirs = "|".join(phrases(self.files["people"]["sir"]))
        self.rule(root, "called", "{name}", "$name")
        self.rule(root, "called", f"({sirs}) {{name}}", {"call": "titled", "name": "$name"})
        for stem, value in self.languages():
            self.rule(root, "language_stem", words_of(stem), value)
        return Stratum(root)

    def languages(self) -> Iterator[tuple[str, str]]:
        """What a helper may be wished to speak, as it is said, with its code."""
        for value, listed in self.files["people"]["language_stem"].items():
            for stem in phrases(listed):
                yield stem, value

    def people(self) -> Stratum:
        root = Node()
        people = self.files["people"]
        wishes: dict[str, dict[str, str]] = {}
        for class_ in ("helper_gender", "helper_kind"):
            for value, listed in people[class_].items():
                for pattern in phrases(listed):
                    # "Vrijwilligster" says both that she is a woman and that she is a volunteer.
                    wishes.setdefault(_tidy(pattern), {})[class_] = value
        for pattern, values in wishes.items():
            self.rule(root, "preference", pattern, values, 0.1)
        for pattern in phrases(people["not_gender"]):
            self.rule(root, "aside", _tidy(pattern), True, 0.4)
        for pattern in people["language_said"]:
            self.rule(root, "preference", _tidy(pattern), {"helper_language": "$language_stem"}, 0.2)
        for joined in people.get("language_joined") or ("{}sprekend", "{}sprekende", "{}talig", "{}talige"):
            for stem, value in self.languages():
                self.rule(root, "preference", joined.format(stem), {"helper_language": value}, 0.2)
        for pattern in people["name_cue"]:
            slot = "first_name" if "{first_name}" in pattern else "called"
            self.rule(root, "preference", _tidy(pattern), {"helper_name": f"${slot}"}, 0.2, repair=False)
        for pattern in phrases(people["not_name"]):
            self.rule(root, "aside", pattern.replace("{name}", "{called}"), True, 0.4, repair=False)
        return Stratum(root)

    def cues(self) -> Stratum:
        root = Node()
        for class_, listed in self.files["cues"].items():
            for pattern in phrases(listed):
                value = "$service" if "{service}" in pattern else True
                weight = NAMED_BY_HELPER if class_ == "service" else 0.0
                self.rule(root, class_, _tidy(pattern), value, weight, repair=class_ in CUES_THAT_REPAIR)
        return Stratum(root)

    @staticmethod
    def compounds(tables: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The words that are written as one, with the two that they are."""
        for table in tables:
            for head in phrases(table["heads"]):
                for tail, meaning in table["tails"].items():
                    yield head + tail, (head, meaning)


def phrases(listed: object) -> list[str]:
    """The phrases of an entry, which a pack lists between semicolons."""
    return [phrase.strip() for phrase in str(listed).split(";") if phrase.strip()]


def _without_weight(template: Any) -> Any:
    """A template without its weight: that is of the phrase, not of what it means."""
    if isinstance(template, dict):
        return {name: part for name, part in template.items() if name != "weight"}
    return template


def _tidy(pattern: str) -> str:
    """A pattern with a space round each comma and hyphen, as the tokeniser cuts them."""
    for sign in ",-":
        pattern = pattern.replace(sign, f" {sign} ")
    return " ".join(pattern.split())
