"""What the words of a message are about: concepts with the same names in every language, kept as data (`concepts/`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from nlu.acts.files import read_yaml
from nlu.acts.text import words

_FOLDER = Path(__file__).parent / "concepts"


@cache
def _lexicon() -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """Whole words with their concepts, and the beginnings of words with theirs; all languages together."""
    whole: dict[str, list[str]] = {}
    begins = []
    for path in sorted(_FOLDER.glob("*.yml")):
        for concept, listed in read_yaml(path).items():
            for word in str(listed).split():
                stem = "".join(words(word.rstrip("*")))
                if word.endswith("*"):
                    begins.append((stem, concept))
                elif concept not in whole.setdefault(stem, []):
                    whole[stem].append(concept)
    return {word: tuple(concepts) for word, concepts in whole.items()}, tuple(begins)


@lru_cache(maxsize=20_000)
def concepts_of(word: str) -> tuple[str, ...]:
    """The concepts of one word in its plain form; none when nothing is known of it."""
    whole, begins = _lexicon()
    found = whole.get(word, ())
    return found + tuple(concept for stem, concept in begins if word.startswith(stem) and concept not in found)


def concept_grams(found: Sequence[str]) -> set[str]:
    """The concepts in the words of a message, and which follows which."""
    rows = [concepts for word in found if (concepts := concepts_of(word))]
    grams = {concept for concepts in rows for concept in concepts}
    grams.update(f"{one}>{other}" for left, right in pairwise(rows) for one in left for other in right)
    if rows:
        grams.update(f"^{concept}" for concept in rows[0])
        grams.update(f"{concept}$" for concept in rows[-1])
    unknown = sum(not concepts_of(word) for word in found)
    grams.add(f"#{4 * unknown // max(len(found), 1)}")
    return grams
