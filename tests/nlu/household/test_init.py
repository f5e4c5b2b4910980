"""What is said of the help as a whole is found, and other talk is left alone."""

from __future__ import annotations

import pytest

from nlu import household


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        ("nl", "zet alles even stil tot ik bel", "pause"),
        ("nl", "ik lig in het ziekenhuis, zet de hulp maar stil", "pause_open"),
        ("nl", "ik word donderdag opgenomen en weet niet hoe lang het duurt", "pause_open"),
        ("nl", "waar blijft ze nou", "not_here"),
        ("nl", "ze is er nog niet", "not_here"),
        ("nl", "weet u al iets?", "news"),
        ("nl", "is het al geregeld", "news"),
        ("nl", "heeft ze al ja gezegd?", "news"),
        ("nl", "is het nu definitief", "news"),
        ("nl", "wel rekening houden met mijn gehoor", "remark"),
        ("nl", "de sleutel ligt onder de mat", "remark"),
        ("nl", "zeg haar dat ik slechthorend ben", "remark"),
        ("en", "is it definite?", "news"),
        ("en", "please bear in mind that I am deaf", "remark"),
        ("en", "the key is under the mat", "remark"),
        ("nl", "geen hulp tot ik weer thuis ben", "pause"),
        ("nl", "voorlopig even niemand alstublieft", "pause"),
        ("nl", "kan de hulp op pauze?", "pause"),
        ("nl", "ik ben weer thuis uit het ziekenhuis", "resume"),
        ("nl", "de hulp kan weer komen", "resume"),
        ("nl", "u mag alles weer laten beginnen", "resume"),
        ("nl", "graag weer schoonmaak zoals altijd", "usual"),
        ("nl", "doe maar net als vorige week", "usual"),
        ("nl", "hetzelfde als vorige keer", "usual"),
        ("nl", "ik wil haar eerst leren kennen", "meet"),
        ("nl", "kunnen we eerst kennismaken?", "meet"),
        ("nl", "spreekt die mevrouw ook Engels?", "about_language"),
        ("nl", "is hij een beetje te vertrouwen", "about_papers"),
        ("nl", "heeft ze wel een diploma?", "about_papers"),
        ("nl", "wat voor mens is het?", "about_person"),
        ("nl", "heeft Bianca ervaring?", "about_person"),
        ("nl", "wie raadt u mij aan?", "about_order"),
        ("nl", "dat is aardig van u", None),
        ("en", "does he speak Dutch?", "about_language"),
        ("en", "can I trust her in my house?", "about_papers"),
        ("en", "what's she like?", "about_person"),
        ("en", "which one is best?", "about_order"),
        ("en", "that is very nice of you", None),
        ("nl", "volgende week niet", None),
        ("nl", "van 1 tot en met 5 december geen hulp tot ik terug ben", None),
        ("nl", "elke dinsdag om tien uur wandelen", None),
        ("nl", "ik wil naar het ziekenhuis gebracht worden", None),
        ("en", "put everything on hold until I call", "pause"),
        ("en", "no visits please until I am home from hospital", "pause_open"),
        ("en", "I'm going into hospital on Friday", "pause_open"),
        ("en", "she hasn't turned up", "not_here"),
        ("en", "no sign of her", "not_here"),
        ("en", "has she answered yet?", "news"),
        ("en", "stop the help until I ring you", "pause"),
        ("en", "I am home again", "resume"),
        ("en", "the help can start again", "resume"),
        ("en", "same as last week please", "usual"),
        ("en", "cleaning as always", "usual"),
        ("en", "can we meet first?", "meet"),
        ("en", "I would like to get to know her first", "meet"),
        ("en", "not next week", None),
        ("en", "a ride to the hospital on Monday", None),
    ],
)
def test_what_is_meant(language: str, text: str, act: str | None) -> None:
    assert household.reader(language).read(text) == act


def test_all_that_can_be_meant_in_order() -> None:
    said = "can Maria come again, same as last week"
    assert household.reader("en").all(said) == ["resume", "usual"]
