"""Tests of what the blocks of a message share."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.attach import Block
from nlu.grammar.clocks import Clock
from nlu.grammar.frames import Frame
from nlu.grammar.sharing import contrast, go_on, inherit_days, other_days, pair_up
from tests.nlu.test_care_reader import NOW, READER, in_words

DAILY: dict[str, Any] = {"freq": "DAILY"}
MONDAY: dict[str, Any] = {"days": ["MO"], "every": True}
FRIDAY: dict[str, Any] = {"days": ["FR"], "every": True}
MORNING: dict[str, Any] = {"part": "morning"}
EIGHT: dict[str, Any] = {"times": [Clock(480)]}
TEN: dict[str, Any] = {"times": [Clock(600)]}
MAY: dict[str, Any] = {"day": 1, "month": 5}
UNTIL: dict[str, Any] = {"until": MAY, "inclusive": True}
FROM: dict[str, Any] = {"from": [MAY]}


def block(services: str, *said: dict[str, Any], **more: Any) -> Block:
    """A block with its services and all that is said of when."""
    frame = Frame({key: value for one in said for key, value in one.items()})
    return Block(services.split(), frame=frame, scheduled=bool(said), **more)


def said(*blocks: Block) -> list[dict[str, Any]]:
    """What is said of each, without the mark of a beginning that another says."""
    return [{key: value for key, value in one.frame.said.items() if key != "shared"} for one in blocks]


def needs(language: str, text: str) -> list[str]:
    return [in_words(need) for need in READER.read(text, language, NOW).needs]


# --- days


def test_days_are_those_of_the_need_before() -> None:
    row = [block("dressing", MONDAY, EIGHT), block("walk", TEN, boundary=1)]
    inherit_days(row)
    assert said(*row) == [{**MONDAY, **EIGHT}, {**MONDAY, **TEN}]


def test_without_a_schedule_the_times_are_those_before_too() -> None:
    row = [block("dressing", MONDAY, EIGHT), block("walk", boundary=1)]
    inherit_days(row)
    assert said(row[1]) == [{**MONDAY, **EIGHT}]


def test_days_of_its_own_stay() -> None:
    row = [block("dressing", MONDAY, EIGHT), block("walk", FRIDAY, boundary=1)]
    inherit_days(row)
    assert said(*row) == [{**MONDAY, **EIGHT}, FRIDAY]


def test_what_goes_with_days_goes_along_and_a_length_does_not() -> None:
    other = {"interval": 2, "then": True, "from": [MAY], "dur": [60, 60]}
    row = [block("dressing", {"freq": "WEEKLY", **other}), block("walk", TEN, boundary=1)]
    inherit_days(row)
    assert said(row[1]) == [{"freq": "WEEKLY", "interval": 2, "then": True, "from": [MAY], **TEN}]


def test_a_need_before_takes_days_that_come_later_in_its_sentence() -> None:
    row = [block("dressing", EIGHT), block("walk", TEN, MONDAY, boundary=1)]
    inherit_days(row)
    assert said(row[0]) == [{**EIGHT, **MONDAY}]


def test_a_need_takes_no_days_of_the_next_sentence() -> None:
    row = [block("dressing", EIGHT), block("walk", TEN, MONDAY, boundary=2)]
    inherit_days(row)
    assert said(row[0]) == [EIGHT]


def test_one_that_begins_a_sentence_shares_the_days_in_it() -> None:
    row = [block("garden", FRIDAY), block("on", EIGHT, boundary=2), block("off", TEN, DAILY, boundary=1)]
    inherit_days(row)
    assert said(row[1]) == [{**EIGHT, **DAILY}]
    row = [block("garden", FRIDAY), block("on", EIGHT, boundary=1), block("off", TEN, DAILY, boundary=1)]
    inherit_days(row)
    assert said(row[1]) == [{**EIGHT, **FRIDAY}]
    row = [block("garden", FRIDAY), block("on", EIGHT, boundary=2), block("off", TEN, DAILY, boundary=2)]
    inherit_days(row)
    assert said(row[1]) == [{**EIGHT, **FRIDAY}]


def test_days_before_a_later_service_are_of_that_one_only() -> None:
    for days, shared in ((MONDAY, {}), (DAILY, DAILY)):
        row = [block("stockings", EIGHT), block("bath", days, boundary=1, days_first=True)]
        inherit_days(row)
        assert said(row[0]) == [{**EIGHT, **shared}]
    for more in ({"boundary": 1}, {"days_first": True}):
        row = [block("stockings", EIGHT), block("bath", MONDAY, **more)]
        inherit_days(row)
        assert said(row[0]) == [{**EIGHT, **MONDAY}]
    row = [block("bath", EIGHT), block("bath", MONDAY, boundary=1, days_first=True)]
    inherit_days(row)
    assert said(row[0]) == [{**EIGHT, **MONDAY}]


def test_days_of_another_hour_are_not_those_of_a_part_of_the_day() -> None:
    later = {"after": Clock(600), "days": ["SU"]}
    for more, shared in (({}, {}), ({"names_service": True}, {"days": ["SU"]})):
        row = [block("on", MORNING, {"partly": True}), block("off", later, boundary=1, **more)]
        inherit_days(row)
        assert said(row[0]) == [{**MORNING, "partly": True, **shared}]
    row = [block("on", MORNING), block("off", later, boundary=1)]
    inherit_days(row)
    assert said(row[0]) == [{**MORNING, "days": ["SU"]}]


def test_an_end_is_of_both_when_it_is_said_last_or_of_the_same() -> None:
    row = [block("on", EIGHT), block("off", TEN, DAILY, UNTIL, boundary=1)]
    inherit_days(row)
    assert said(row[0]) == [{**EIGHT, **DAILY, **UNTIL}]
    row = [block("on", EIGHT, DAILY, UNTIL), block("off", TEN, boundary=1)]
    inherit_days(row)
    assert said(row[1]) == [{**TEN, **DAILY}]
    row = [block("on", EIGHT, DAILY, UNTIL), block("on", TEN, boundary=1)]
    inherit_days(row)
    assert said(row[1]) == [{**TEN, **DAILY, **UNTIL}]


def test_so_often_a_day_is_daily_at_the_times_that_are_said() -> None:
    twice = {"per": {"n": 2, "unit": "day"}}
    row = [block("eyes", twice, MORNING), block("eyes", {"part": "evening"}, boundary=1)]
    inherit_days(row)
    assert said(*row) == [{**MORNING, **DAILY}, {"part": "evening", **DAILY}]
    row = [block("eyes", twice), block("walk", boundary=1)]
    inherit_days(row)
    assert said(row[1]) == [twice]
    row = [block("eyes", {"per": {"n": 2, "unit": "week"}}), block("eyes", TEN, boundary=1)]
    inherit_days(row)
    assert said(*row) == [{"per": {"n": 2, "unit": "week"}}, TEN]


def test_what_is_unsure_or_left_out_is_so_for_both() -> None:
    for own, unsure in (((TEN,), {"phase"}), ((), {"phase", "dur"})):
        first, second = block("dressing", MONDAY), block("walk", *own, boundary=1)
        first.frame.unsure, first.exceptions = {"phase", "dur"}, [{"date": [MAY]}]
        inherit_days([first, second])
        assert (second.frame.unsure, second.exceptions) == (unsure, [{"date": [MAY]}])


# --- one after the other


@pytest.mark.parametrize(
    ("before", "begins"),
    [
        (UNTIL, [{"beside": MAY, "days": 1}]),
        ({"until": MAY, "inclusive": False}, [MAY]),
        ({"period": {"week": 1}}, [{"after_period": {"week": 1}}]),
        ({"lasting": {"n": 2, "unit": "week"}}, [{"in": 2, "unit": "week", "base": {"rel": 0}}]),
        ({"lasting": {"n": 2, "unit": "week"}, **FROM}, [{"in": 2, "unit": "week", "base": MAY}]),
    ],
)
def test_what_comes_then_begins_when_the_first_ends(before: dict[str, Any], begins: list[Any]) -> None:
    row = [block("walk", DAILY, before), block("walk", MONDAY, {"then": True})]
    go_on(row)
    assert row[1].frame.said["from"] == begins


def test_what_does_not_come_then_begins_by_itself() -> None:
    row = [
        block("walk", DAILY, UNTIL),
        block("walk", MONDAY),
        block("walk", MONDAY, {"then": True, "from": [{"day": 9}]}),
    ]
    go_on([row[0], row[1]])
    go_on([row[0], row[2]])
    assert "from" not in row[1].frame.said
    assert row[2].frame.said["from"] == [{"day": 9}]


def test_behind_what_begins_on_no_known_day_the_beginning_is_asked() -> None:
    lasting = {"lasting": {"n": 2, "unit": "week"}, "from_period": {"month": 3}}
    row = [block("walk", DAILY, lasting), block("walk", MONDAY, {"then": True})]
    go_on(row)
    assert "from" not in row[1].frame.said
    assert row[1].frame.unsure == {"from"}


# --- but on some days


WEEKEND: dict[str, Any] = {"days": ["SA", "SU"]}


def test_the_days_behind_but_are_left_out_before() -> None:
    row = [block("walk", DAILY, EIGHT), block("walk", WEEKEND, {"but": True})]
    contrast(row)
    assert row[0].exceptions == [WEEKEND]
    assert said(row[1]) == [{**WEEKEND, "but": True, "every": True}]


def test_another_hour_of_the_same_part_of_the_day_is_instead() -> None:
    row = [block("walk", DAILY, EIGHT, MORNING), block("walk", WEEKEND, TEN)]
    contrast(row)
    assert row[0].exceptions == [WEEKEND]


def test_behind_what_has_ended_nothing_is_left_out() -> None:
    row = [block("walk", DAILY, EIGHT, UNTIL), block("walk", WEEKEND, TEN, {"then": True})]
    contrast(row)
    assert row[0].exceptions == []


@pytest.mark.parametrize(
    ("before", "block_"),
    [
        (block("walk", DAILY), block("meals", WEEKEND, {"but": True})),
        (block("walk", DAILY), block("walk", WEEKEND)),
        (block("walk", DAILY), block("walk", EIGHT, {"but": True})),
        (block("walk", MONDAY), block("walk", WEEKEND, {"but": True})),
        (block("walk", WEEKEND), block("walk", WEEKEND, {"but": True})),
        (block("walk", DAILY, EIGHT), block("walk", WEEKEND, {"times": [Clock(780)]})),
        (block("walk", DAILY, EIGHT, MORNING), block("walk", WEEKEND, {"times": [Clock(13 * 60, open=False)]})),
        (block("walk", DAILY, EIGHT), block("walk", WEEKEND, {"times": [Clock(540), Clock(600)]})),
    ],
)
def test_other_days_are_wanted_besides(before: Block, block_: Block) -> None:
    contrast([before, block_])
    assert before.exceptions == []


@pytest.mark.parametrize("minutes", [600, 720])
def test_another_hour_near_by_is_instead(minutes: int) -> None:
    row = [block("walk", DAILY, EIGHT), block("walk", WEEKEND, {"times": [Clock(minutes, open=False)]})]
    contrast(row)
    assert row[0].exceptions == [WEEKEND]


def test_some_of_the_days_are_left_out() -> None:
    row = [block("walk", {"days": ["FR", "SA", "SU"]}), block("walk", WEEKEND, {"but": True})]
    contrast(row)
    assert row[0].exceptions == [WEEKEND]


def test_in_one_week_it_is_on_another_day() -> None:
    row = [block("walk", {"days": ["TH"]}), block("walk", {"days": ["FR"], "but": True, "period": {"week": 1}})]
    contrast(row)
    assert row[0].exceptions == [{"period": {"week": 1}}]
    assert row[0].frame.said["every"]
    assert "every" not in row[1].frame.said


@pytest.mark.parametrize(
    ("rest", "left"),
    [("days", ["TU", "WE", "TH", "SA", "SU"]), ("workdays", ["TU", "WE", "TH"])],
)
def test_the_other_days_are_those_not_named_before(rest: str, left: list[str]) -> None:
    row = [
        block("walk", MONDAY),
        block("meals", FRIDAY),
        block("garden", {"rest": rest}),
        block("bath", {"days": ["TU"]}),
    ]
    other_days(row)
    assert said(row[2]) == [{"days": left, "every": True}]


def test_where_all_days_were_named_the_other_ones_are_all() -> None:
    week = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    row = [block("walk", {"days": week}), block("garden", {"rest": "days"})]
    other_days(row)
    assert said(row[1]) == [{"days": week, "every": True}]


# --- pairs


def test_a_pair_at_two_times_is_one_at_each() -> None:
    row = [block("on off", MORNING, together=True), block("on off", {"part": "evening"})]
    pair_up(row)
    assert [one.services for one in row] == [["on"], ["off"]]


@pytest.mark.parametrize(
    "row",
    [
        [block("on off", MORNING), block("on off", TEN)],
        [block("on off", MORNING, together=True), block("walk bath", TEN)],
        [block("on", MORNING, together=True), block("on", TEN)],
        [block("on off bath", MORNING, together=True), block("on off bath", TEN)],
    ],
)
def test_what_is_no_pair_stays(row: list[Block]) -> None:
    before = [list(one.services) for one in row]
    pair_up(row)
    assert [one.services for one in row] == before


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en", "Stockings on every day at eight, and on Wednesdays a bath",
            ["stockings_on | FREQ=DAILY | from 2026-11-24 | at 08:00",
             "personal_care | FREQ=WEEKLY;BYDAY=WE | from 2026-11-25 | ask time"],
        ),
        (
            "nl", "Elke dag wandelen tot en met 4 december, daarna om de dag",
            ["walk | FREQ=DAILY;UNTIL=20261204 | from 2026-11-23 | ask time",
             "walk | FREQ=DAILY;INTERVAL=2 | from 2026-12-05 | ask time"],
        ),
        (
            "en", "A walk every morning at eight, but at the weekend at nine",
            ["walk | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | from 2026-11-24 | at 08:00 | between 07:00-12:00 | in morning",
             "walk | FREQ=WEEKLY;BYDAY=SA,SU | from 2026-11-28 | at 09:00"],
        ),
        (
            "nl", "Elke dag steunkousen aan en uit, 's morgens en 's avonds",
            ["stockings_on | FREQ=DAILY | from 2026-11-23 | between 07:00-12:00 | in morning",
             "stockings_off | FREQ=DAILY | from 2026-11-23 | between 18:00-23:00 | in evening"],
        ),
        (
            "en", "A walk on Mondays, the windows on Tuesdays, and on the other days cleaning",
            ["walk | FREQ=WEEKLY;BYDAY=MO | from 2026-11-30 | ask time",
             "windows | FREQ=WEEKLY;BYDAY=TU | from 2026-11-24 | ask time",
             "cleaning | FREQ=WEEKLY;BYDAY=WE,TH,FR,SA,SU | from 2026-11-25 | ask time"],
        ),
    ],
)  # fmt: skip
def test_a_message_shares_its_days(language: str, text: str, expected: list[str]) -> None:
    assert needs(language, text) == expected
