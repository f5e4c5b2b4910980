"""Tests of the chart: what patterns find, lists, and the best row of phrases."""

from __future__ import annotations

from nlu.grammar.chart import Chart, ListRule, Stratum, fill
from nlu.grammar.patterns import Node, Pattern, steps


def stratum(rules: dict[str, dict[str, object]], *lists: ListRule) -> Stratum:
    root = Node()
    for class_, patterns in rules.items():
        for pattern, template in patterns.items():
            root.add(Pattern(class_, steps(pattern, {}), template))
    return Stratum(root, lists)


def test_layers_build_on_each_other_and_lists_grow() -> None:
    chart = Chart("elke maandag en vrijdag".split(), {})
    chart.run(stratum({"day": {"maandag": "MO", "vrijdag": "FR"}}, ListRule("day", "days", (("en",), (",",)))))
    chart.run(stratum({"when": {"elke {days}": {"days": "$days"}}}))
    cover = chart.best_cover({"when": 1.0}, frozenset())
    assert [(edge.start, edge.end, edge.value) for edge in cover] == [(0, 4, {"days": ["MO", "FR"]})]


def test_the_longest_phrase_wins_over_two_short_ones() -> None:
    chart = Chart("een half uur".split(), {})
    chart.run(stratum({"when": {"een": 1, "half uur": 2, "een half uur": 3}}))
    assert [edge.value for edge in chart.best_cover({"when": 1.0}, frozenset())] == [3]


def test_a_function_may_reject_a_phrase() -> None:
    functions = {"small": lambda n: n if n < 5 else None}
    for number, found in ((3, 1), (7, 0)):
        chart = Chart(["nu"], functions)
        chart.add("number", 0, 1, number)
        chart.run(stratum({"when": {"{number}": {"call": "small", "n": "$number"}}}))
        assert len(chart.best_cover({"when": 1.0}, frozenset())) == found


def test_fill_nests() -> None:
    assert fill([{"a": "$x"}, "b"], {"x": 1}, {}) == [{"a": 1}, "b"]
    assert fill({"a": "$x"}, {"x": None}, {}) is None
