"""From sentences to a trained danger classifier."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from nlu.acts.danger import DangerClassifier, DangerExample
from nlu.acts.text import cuts
from nlu.training.generate import Sentence, dangers, languages
from nlu.training.learn import SEED, enlarged, is_templated

EACH = {"emergency": 330, "calm": 36}
"""How many sentences a template of danger, and of what only sounds like it, gives: of the former there are few."""

LETTERS = 1000
"""How many long messages are put together in each language."""

_MADE_WEIGHT = 0.5
_LETTER_WEIGHT = 0.5
_LETTER_SENTENCES = (2, 12)
_JOINTS = (". ", ", ", " ", " en ", " and ", "\n")
_CLAUSE_WEIGHT = 1 / 3
_CLAUSE_WORDS = 3


def danger_examples(sentences: Iterable[Sentence]) -> Iterator[DangerExample]:
    """What the danger classifier learns from.

    The clauses of harmless sentences are learnt as read alone too, since danger is also looked for clause by clause.
    """
    for one in sentences:
        danger = one.act == "emergency"
        weight = _MADE_WEIGHT if is_templated(one) else 1.0
        yield DangerExample(one.text, danger, weight)
        parts = [] if danger else cuts(one.text)
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


def learn_danger(sentences: Sequence[Sentence], made: Sequence[Sentence] | None = None) -> DangerClassifier:
    """Train on the written sentences, those `made` from templates (by default all there are) and those of dangers."""
    rows = list(danger_examples(enlarged(sentences, made)))
    for language in languages():
        apart = list(dangers(language, each=EACH, seed=SEED))
        rows += danger_examples(apart)
        own = [one for one in (*sentences, *apart) if one.language == language and not is_templated(one)]
        rows += letters(own, LETTERS)
    return DangerClassifier.train(rows)
