"""What coordinators say of open requests."""

from __future__ import annotations

import pytest

from nlu import desk


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        ("nl", "open aanvragen", "requests"),
        ("nl", "Welke aanvragen staan er nog open?", "requests"),
        ("nl", "laat de openstaande verzoeken zien", "requests"),
        ("nl", "accepteer voor Fatima", "accept"),
        ("nl", "ja namens Wilma", "accept"),
        ("nl", "accepteer die van maandag maar voor Nicole", None),
        ("nl", "weiger het voor Wilma", "decline"),
        ("nl", "zeg nee voor Wilma", "decline"),
        ("nl", "Fatima is ziek tot donderdag", None),
        ("nl", "ja dat is goed", None),
        ("en", "open requests", "requests"),
        ("en", "which requests are still waiting?", "requests"),
        ("en", "accept for Fatima", "accept"),
        ("en", "please accept it on behalf of Wilma", "accept"),
        ("en", "decline for Wilma", "decline"),
        ("en", "Fatima is ill until Thursday", None),
    ],
)
def test_what_is_meant(language: str, text: str, act: str | None) -> None:
    assert desk.reader(language).read(text) == act
