"""From sentences to a trained danger classifier."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from nlu.acts.danger import DangerClassifier, DangerExample
from nlu.acts.text import cuts
from nlu.services.examples import framed, written
from nlu.training.generate import Sentence, dangers, with_noise
from nlu.training.learn import SEED, is_templated, templated

EACH = {"emergency": 330, "calm": 60}
"""How many sentences a template of danger, and of what only sounds like it, gives: of the former there are few."""

LETTERS = 1000
"""How many long messages are put together in each language."""

_MADE_WEIGHT = 0.5
_LETTER_WEIGHT = 0.5
_REQUEST_WEIGHT = 0.5
_LETTER_SENTENCES = (2, 12)
_JOINTS = (". ", ", ", " ", " en ", " and ", "\n")
_CLAUSE_WEIGHT = 1 / 3
_CLAUSE_WORDS = 3


def danger_examples(sentences: Iterable[Sentence], *, clauses: bool = True) -> Iterator[DangerExample]:
    """What the danger classifier learns from.

    With `clauses`, those of harmless sentences are learnt as read alone too, since danger is also looked for clause by
    clause.
    """
    for one in sentences:
        danger = one.act == "emergency"
        weight = _MADE_WEIGHT if is_templated(one) else 1.0
        yield DangerExample(one.text, danger, weight)
        parts = cuts(one.text) if clauses and not danger else []
        if len(parts) > 1:
            for part in parts:
                if len(part.split()) >= _CLAUSE_WORDS:
                    yield DangerExample(part, danger, weight * _CLAUSE_WEIGHT)


def letters(sentences: Sequence[Sentence], count: int, *, seed: int = SEED) -> Iterator[DangerExample]:
    """Long messages put together from the sentences of one language: half of them calm, half with a cry in the middle.

    Without them a long message would sound like danger for its length alone.
    """
    rng = random.Random(seed)  # noqa: S311 (sentences, not secrets)
    calm = [one.text for one in sentences if one.act != "emergency"]
    cries = [one.text for one in sentences if one.act == "emergency"]
    for at in range(count if calm and cries else 0):
        parts = rng.sample(calm, min(rng.randint(*_LETTER_SENTENCES), len(calm)))
        danger = at % 2 == 0
        if danger:
            parts.insert(rng.randrange(len(parts) + 1), rng.choice(cries))
        yield DangerExample(rng.choice(_JOINTS).join(parts), danger, _LETTER_WEIGHT)


def requests(language: str) -> Iterator[DangerExample]:
    """The examples of the services, bare and in a request, as harmless: they name bodies, beds and relatives too."""
    examples = written(language)
    for one in (*examples, *framed(examples, language)):
        yield DangerExample(one.text, False, _REQUEST_WEIGHT)


def _fewer(made: Iterable[Sentence]) -> list[Sentence]:
    """All made sentences of danger, and of the others every second one: they are many and alike."""
    kept, others = [], 0
    for one in made:
        others += one.act != "emergency"
        if one.act == "emergency" or others % 2 == 0:
            kept.append(one)
    return kept


def learn_danger(sentences: Sequence[Sentence], made: Sequence[Sentence] | None = None) -> DangerClassifier:
    """Train on the written sentences, those `made` from templates (by default all there are) and those of dangers.

    Of the dangers only those in a language of the written sentences.
    """
    others = [*with_noise(sentences, seed=SEED), *_fewer(templated() if made is None else made)]
    rows = [*danger_examples(sentences), *danger_examples(others, clauses=False)]
    for language in sorted({one.language for one in sentences}):
        apart = list(dangers(language, each=EACH, seed=SEED))
        rows += danger_examples(apart)
        rows += requests(language)
        own = [one for one in (*sentences, *apart) if one.language == language and not is_templated(one)]
        rows += letters(own, LETTERS)
    return DangerClassifier.train(rows)
