"""The corruptions by which the scorer tests itself: what each must make worse, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks.readings.compare import Span, iso_date
from benchmarks.readings.figures import ACTS, ACTS_WITH_EFFECT, DAY, Json
from benchmarks.readings.judge import asks

NEEDS_WORSE = frozenset({"need_precision", "need_recall", "need_f1"})
ROW_WORSE = frozenset({"exact_rate", "wrong_without_asking_rate"})

SELFTEST_ROWS: tuple[Json, ...] = tuple(
    {"now": "2026-11-23T09:00:00", "text": "(self-test)", "needs": [], **row}
    for row in (
        {"id": "1", "lang": "nl", "act": "book", "needs": [
            {"service": "companionship", "rrule": "FREQ=DAILY", "dtstart": "2026-11-23", "duration_minutes": 60},
            {"service": "stockings_on", "rrule": "FREQ=DAILY", "dtstart": "2026-11-23",
             "window": ["07:00", "12:00"], "daypart": "morning"}]},
        {"id": "2", "lang": "en", "act": "book", "needs": [
            {"service": "groceries", "rrule": None, "dtstart": "2026-11-26", "window": ["14:00", "16:00"]}]},
        {"id": "3", "lang": "nl", "act": "book", "needs": [
            {"service": "medication", "times": ["08:00", "20:00"], "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA",
             "dtstart": "2026-11-23"}]},
        {"id": "4", "lang": "en", "act": "book", "needs": [
            {"service": "night_waking", "rrule": "FREQ=WEEKLY", "dtstart": "2026-11-23", "window": ["22:00", "07:00"],
             "duration_minutes": 540, "times_per_period": 3}]},
        {"id": "5", "lang": "en", "act": "book", "needs": [
            {"service": "walk", "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "dtstart": "2026-11-25",
             "daypart": "afternoon", "window": ["12:00", "18:00"],
             "preferences": {"helper_gender": "female", "helper_name": "Maria"}}]},
        {"id": "6", "lang": "nl", "act": "book", "needs": [
            {"service": "physio", "rrule": "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270531", "dtstart": "2026-11-30",
             "exdates": ["2027-03-29", "2027-05-17"]}]},
        {"id": "7", "lang": "nl", "act": "book", "needs": [
            {"service": None, "rrule": "FREQ=DAILY", "dtstart": "2026-11-23", "ask": ["service"]}]},
        {"id": "8", "lang": "nl", "act": "skip",
         "target": {"from": "2026-11-30", "until": "2026-12-06", "scope": "period"}},
        {"id": "9", "lang": "en", "act": "skip", "target": {"dates": ["2026-11-27"], "scope": "once"}},
        {"id": "10", "lang": "en", "act": "change", "target": {"service": "personal_care", "scope": "series"},
         "needs": [{"service": "personal_care", "rrule": "FREQ=WEEKLY;BYDAY=WE", "dtstart": "2026-11-25"}]},
        {"id": "11", "lang": "nl", "act": "clarify", "ask": ["time"]},
        {"id": "12", "lang": "en", "act": "out_of_scope"},
        {"id": "13", "lang": "nl", "act": "emergency"},
        {"id": "14", "lang": "nl", "act": "book", "needs": [
            {"service": "toileting", "rrule": "FREQ=DAILY", "dtstart": "2026-11-23", "times": [at]}
            for at in ("09:30", "15:00")]},
    )
)  # fmt: skip

Spoiler = Callable[[Json, Json], "Json | str | None"]
"""Changes a row of EXPECTED and its answer, and gives what is to stand in ANSWERS: an object, a line, or nothing."""


@dataclass(frozen=True)
class Trial:
    """A named corruption: the rows it can be done to, and the figures that must become worse, these and no others."""

    name: str
    suits: Callable[[Json], bool]
    spoil: Spoiler
    worse: frozenset[str] = frozenset()


def change(path: str, value: object, lenient: str = "") -> Spoiler:
    """A spoiler that sets one field of the answer (`needs.0.service`), and may make fields lenient in the row."""

    def spoil(row: Json, answer: Json) -> Json:
        holder: Any = answer
        *way, last = path.split(".")
        for step in way:
            holder = holder[int(step) if isinstance(holder, list) else step]
        holder[int(last) if isinstance(holder, list) else last] = value
        row["lenient"] = [*row.get("lenient", []), *lenient.split()]
        return answer

    return spoil


def trials() -> list[Trial]:
    """The corruptions of the self-test."""

    def needs(row: Json) -> list[Json]:
        return row.get("needs") or []

    def scored(row: Json) -> bool:
        return not row.get("lenient")

    def plain(row: Json) -> bool:
        return scored(row) and row["act"] == "book" and bool(needs(row)) and not asks(row)

    def first(*names: str) -> Callable[[Json], bool]:
        return lambda row: plain(row) and all(needs(row)[0].get(name) for name in names)

    def act(*names: str) -> Callable[[Json], bool]:
        return lambda row: scored(row) and row["act"] in names and not asks(row)

    def target(name: str) -> Callable[[Json], bool]:
        return lambda row: act("skip", "cancel", "change")(row) and bool((row.get("target") or {}).get(name))

    def asking(row: Json) -> bool:
        return scored(row) and row["act"] == "book" and bool(needs(row)) and asks(row)

    def service(name: str) -> Callable[[Json], bool]:
        return lambda row: plain(row) and needs(row)[0].get("service") == name

    def twins(row: Json) -> bool:
        keys = [(need.get("service"), need.get("rrule"), need.get("dtstart")) for need in needs(row)]
        return plain(row) and len(set(keys)) < len(keys)

    def window_alone(row: Json) -> bool:
        return first("window")(row) and not needs(row)[0].get("daypart")

    def window_no_times(row: Json) -> bool:
        return first("window", "daypart")(row) and not needs(row)[0].get("times")

    def error_row(row: Json, _: Json) -> Json:
        return {"id": row["id"], "error": "bad line"}

    def next_day(_: Json, answer: Json) -> Json:
        need = answer["needs"][0]
        need["dtstart"] = str(iso_date(need["dtstart"]) + timedelta(days=1))
        need["rrule"] = None
        return answer

    def drop_need(_: Json, answer: Json) -> Json:
        answer["needs"].pop()
        return answer

    def extra_need(_: Json, answer: Json) -> Json:
        answer["needs"].append({"service": "garden", "rrule": None, "dtstart": "2026-12-01"})
        return answer

    def bad_copy_first(_: Json, answer: Json) -> Json:
        answer["needs"] = [answer["needs"][0] | {"times": ["03:33"]}, *reversed(answer["needs"])]
        return answer

    def reverse_needs(_: Json, answer: Json) -> Json:
        answer["needs"].reverse()
        return answer

    def other_family_member(row: Json, answer: Json) -> Json:
        row["needs"][0]["service"], answer["needs"][0]["service"] = "med_reminder", "med_administer"
        return answer

    def book_instead(_: Json, answer: Json) -> Json:
        return answer | {"act": "book", "needs": [{"service": None, "rrule": None, "dtstart": "2026-11-30"}]}

    def trim_window(_: Json, answer: Json) -> Json:
        span = Span.of(answer["needs"][0]["window"])
        end = (span.end - (span.end - span.start) // 10) % DAY
        answer["needs"][0] |= {"window": [answer["needs"][0]["window"][0], f"{end // 60:02}:{end % 60:02}"]}
        return answer

    def move_window(_: Json, answer: Json) -> Json:
        span = Span.of(answer["needs"][0]["window"])
        bounds = [(bound + DAY // 2) % DAY for bound in (span.start, span.end)]
        answer["needs"][0] |= {"daypart": None, "window": [f"{bound // 60:02}:{bound % 60:02}" for bound in bounds]}
        return answer

    def rewrite_rule(_: Json, answer: Json) -> Json:
        answer["needs"][0]["rrule"] = "RRULE:BYDAY=SU,SA,FR,TH,WE,TU,MO;INTERVAL=1;FREQ=WEEKLY;UNTIL=20991231T225959Z"
        return answer

    def ask_nothing(_: Json, answer: Json) -> Json:
        for holder in (answer, *answer["needs"]):
            holder["ask"] = []
        return answer

    def clarify(_: Json, answer: Json) -> Json:
        return answer | {"act": "clarify", "ask": ["time"]}

    def lenient(names: str, spoil: Spoiler) -> Spoiler:
        def both(row: Json, answer: Json) -> Json | str | None:
            row["lenient"] = names.split()
            return spoil(row, answer)

        return both

    def error_beside_reading(_: Json, answer: Json) -> Json:
        return answer | {"error": "late"}

    unanswered = frozenset({"act_accuracy", "need_recall", "need_f1"}) | ROW_WORSE
    act_worse = frozenset({"act_accuracy", "exact_rate"})
    need_worse = NEEDS_WORSE | ROW_WORSE
    times, window, duration, aim = (
        frozenset({f"{name}_accuracy"}) | ROW_WORSE for name in ("times", "window", "duration", "target")
    )
    everyone_else = act(*(ACTS - ACTS_WITH_EFFECT - {"emergency"}))
    daily = lambda row: plain(row) and needs(row)[0].get("rrule") == "FREQ=DAILY"  # noqa: E731
    several = lambda row: plain(row) and len(needs(row)) > 1 and not twins(row)  # noqa: E731
    return [
        Trial("answer missing", plain, lambda row, answer: None, unanswered),
        Trial("error row", plain, error_row, unanswered),
        Trial("error beside a reading", plain, error_beside_reading, unanswered),
        Trial("line is not JSON", plain, lambda row, answer: '{"id": ', unanswered),
        Trial("act wrong", plain, change("act", "list_visits"), act_worse | ROW_WORSE),
        Trial("act wrong, but it asks", plain, clarify, act_worse),
        Trial(
            "skip read as a booking",
            act("skip"),
            book_instead,
            act_worse | ROW_WORSE | {"need_precision", "need_f1", "false_booking_rate"},
        ),
        Trial("skip read as a booking of nothing", act("skip"), change("act", "book"), act_worse | ROW_WORSE),
        Trial("emergency missed", act("emergency"), change("act", "help"), act_worse | {"emergency_recall"}),
        Trial("false alarm", everyone_else, change("act", "emergency"), act_worse | {"emergency_false_alarm_rate"}),
        Trial("service wrong", first("service"), change("needs.0.service", "live_in"), need_worse),
        Trial("service wrong, but it asks", asking, change("needs.0.service", "live_in"), NEEDS_WORSE | {"exact_rate"}),
        Trial("medication read as one of its family", service("medication"), change("needs.0.service", "med_reminder")),
        Trial("the wrong one of the medication family", service("medication"), other_family_member, need_worse),
        Trial("a day later", first("dtstart"), next_day, need_worse),
        Trial("exception forgotten", first("exdates"), change("needs.0.exdates", []), need_worse),
        Trial("rule written otherwise", daily, rewrite_rule),
        Trial(
            "times_per_period forgotten",
            first("times_per_period"),
            change("needs.0.times_per_period", None),
            need_worse,
        ),
        Trial("need forgotten", several, drop_need, ROW_WORSE | {"need_recall", "need_f1"}),
        Trial("need too many", plain, extra_need, ROW_WORSE | {"need_precision", "need_f1"}),
        Trial("needs in another order", several, reverse_needs),
        Trial("needs that differ in time only, in another order", twins, reverse_needs),
        Trial("one of two alike forgotten", twins, drop_need, ROW_WORSE | {"need_recall", "need_f1"}),
        Trial("a third alike, at a wrong time", twins, bad_copy_first, ROW_WORSE | {"need_precision", "need_f1"}),
        Trial("clock time wrong", first("times"), change("needs.0.times", ["03:33"]), times),
        Trial("clock time forgotten", first("times"), change("needs.0.times", None), times),
        Trial("clock time invented", window_alone, change("needs.0.times", ["14:00"]), times),
        Trial("window moved", first("window"), move_window, window),
        Trial("window forgotten", window_alone, change("needs.0.window", None), window),
        Trial("window a tenth shorter", window_alone, trim_window),
        Trial("day part without its window", window_no_times, change("needs.0.window", None)),
        Trial("window without its day part", window_no_times, change("needs.0.daypart", None)),
        Trial("duration wrong", first("duration_minutes"), change("needs.0.duration_minutes", 17), duration),
        Trial(
            "preference forgotten",
            first("preferences"),
            change("needs.0.preferences", None),
            frozenset({"preferences_accuracy"}),
        ),
        Trial("preference too many", first("preferences"), change("needs.0.preferences.helper_kind", "volunteer")),
        Trial("target period begins wrong", target("from"), change("target.from", "2026-11-23"), aim),
        Trial("target period has no end", target("until"), change("target.until", None), aim),
        Trial("target date wrong", target("dates"), change("target.dates", ["2026-11-23"]), aim),
        Trial("target scope guessed", target("scope"), change("target.scope", None), aim),
        Trial(
            "target service wrong",
            target("service"),
            change("target.service", "garden"),
            frozenset({"target_service_accuracy"}),
        ),
        Trial("nothing asked where it was due", asking, ask_nothing, frozenset({"asked_when_due"})),
        Trial("malformed: act", plain, change("act", ["book"]), act_worse | ROW_WORSE),
        Trial("malformed: needs", plain, change("needs", "none"), ROW_WORSE | {"need_recall", "need_f1"}),
        Trial("malformed: need", plain, change("needs.0", None), need_worse),
        Trial("malformed: rrule", plain, change("needs.0.rrule", "FREQ=SOMETIMES"), need_worse),
        Trial("malformed: INTERVAL=0", plain, change("needs.0.rrule", "FREQ=DAILY;INTERVAL=0"), need_worse),
        Trial("malformed: dtstart", first("dtstart"), change("needs.0.dtstart", "morgen"), need_worse),
        Trial("malformed: exdates", plain, change("needs.0.exdates", ["kerst"]), need_worse),
        Trial("malformed: times", first("times"), change("needs.0.times", "tien"), times),
        Trial("malformed: window", first("window"), change("needs.0.window", ["10:00"]), window),
        Trial("malformed: target", target("scope"), change("target", 3), aim),
        Trial("lenient act", plain, change("act", "greet", "act")),
        Trial("lenient needs", plain, change("needs", [], "needs")),
        Trial("lenient service", first("service"), change("needs.0.service", "live_in", "service")),
        Trial("lenient dates", first("dtstart"), lenient("dates", next_day)),
        Trial("lenient exdates", first("exdates"), change("needs.0.exdates", [], "exdates")),
        Trial(
            "lenient times_per_period",
            first("times_per_period"),
            change("needs.0.times_per_period", None, "times_per_period"),
        ),
        Trial("lenient times", first("times"), change("needs.0.times", ["03:33"], "times")),
        Trial("lenient window", first("window"), lenient("daypart", move_window)),
        Trial(
            "lenient duration", first("duration_minutes"), change("needs.0.duration_minutes", 17, "duration_minutes")
        ),
        Trial("lenient preferences", first("preferences"), change("needs.0.preferences", None, "preferences")),
        Trial("lenient target", target("scope"), change("target.scope", None, "target")),
        Trial("lenient scope", target("scope"), change("target.scope", None, "scope")),
        Trial("lenient ask", asking, lenient("ask", ask_nothing)),
        Trial("lenient times, act wrong", first("times"), change("act", "help", "times"), act_worse | ROW_WORSE),
    ]
