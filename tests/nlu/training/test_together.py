"""Two processes learn what one would."""

from __future__ import annotations

from nlu.care_reader import CareReader
from nlu.training.learn import MOMENT, learn
from nlu.training.learn_danger import learn_danger
from nlu.training.together import learn_together
from nlu.training.written import written

TEXT = "kan er morgen iemand om tien uur komen wandelen, mijn man is net gevallen"


def test_two_processes_learn_what_one_would() -> None:
    sentences, care = written("nl")[::12], CareReader()
    acts, danger = learn_together(sentences, care, ())
    seen = care.read(TEXT, "nl", MOMENT)
    alone = learn(sentences, care, ())
    assert acts.predict(TEXT, seen.masked, seen.signals) == alone.predict(TEXT, seen.masked, seen.signals)
    assert danger.log_odds(TEXT) == learn_danger(sentences, ()).log_odds(TEXT)
