"""From sentences to a trained danger classifier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nlu.acts.danger import DangerClassifier, DangerExample
from nlu.acts.text import cuts
from nlu.training.generate import Sentence, dangers, languages
from nlu.training.learn import SEED, enlarged, is_templated

EACH = {"emergency": 330, "calm": 36}
"""How many sentences a template of danger, and of what only sounds like it, gives: of the former there are few."""

_MADE_WEIGHT = 0.5
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


def learn_danger(sentences: Sequence[Sentence], made: Sequence[Sentence] | None = None) -> DangerClassifier:
    """Train on the written sentences, those `made` from templates (by default all there are) and those of dangers."""
    apart = [one for language in languages() for one in dangers(language, each=EACH, seed=SEED)]
    return DangerClassifier.train(list(danger_examples([*enlarged(sentences, made), *apart])))
