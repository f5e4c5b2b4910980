"""Tests of days in short that are words of their own too ("ma", "zo", "sat", "thus")."""

from __future__ import annotations

import pytest

from nlu.grammar.spelling import respell
from nlu.packs import load
from nlu.tokens import tokenise


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("nl", "de ramen di. en vr. om tien uur", "de ramen dinsdag en vrijdag om tien uur"),
        ("nl", "kan er ma iemand koken", "kan er maandag iemand koken"),
        ("nl", "de pillen van ma. elke dag", "de pillen van ma . elke dag"),
        ("nl", "van ma. t/m za. koken", "van maandag t/m zaterdag koken"),
        ("nl", "koken voor ma", "koken voor ma"),
        ("nl", "elke eerste ma van de maand", "elke eerste maandag van de maand"),
        ("nl", "zo gaat het goed", "zo gaat het goed"),
        ("nl", "elke dag behalve zo. en za. graag", "elke dag behalve zondag en zaterdag graag"),
        ("nl", "Het gaat zo. elke dag de hond", "het gaat zo . elke dag de hond"),
        ("nl", "Kom op do. Dank u", "kom op donderdag . dank u"),
        ("nl", "wo 3 uur", "wo 3 uur"),
        ("nl", "vr 12 maart en vr mijn man", "vrijdag 12 maart en vr mijn man"),
        ("en", "on Mons. and Thus at ten", "on mondays . and thursdays at ten"),
        ("en", "on Tues. and Fri. at ten", "on tuesday and friday at ten"),
        ("en", "he sat. can somebody come on Sat. at ten", "he sat . can somebody come on saturday at ten"),
        ("en", "he sat in the sun, thus he was red", "he sat in the sun , thus he was red"),
        ("en", "not Easter Mon or Whit Sun", "not easter monday or whit sunday"),
        ("en", "this fris walk, and Wed's as well", "this friday's walk , and wednesday's as well"),
        ("en", "mons, tues and thus", "mondays , tuesdays and thursdays"),
    ],
)
def test_a_day_in_short_is_a_day_beside_what_says_so(language: str, text: str, meant: str) -> None:
    assert " ".join(word.text for word in respell(text, tokenise(text), load(language))) == meant
