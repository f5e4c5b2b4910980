"""What people do themselves, and what they cannot, beside what they ask for: "but I do Sundays"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When, is_daily, is_day, is_time
from nlu.grammar.hearing import DRIVES, FAMILY, PRESENCE, ROLES
from nlu.grammar.meaning import Clause
from nlu.grammar.telling import asks, dated, has_need, says_day, says_when
from nlu.packs.pack import Pack

FEWEST = 3
"""Who does it, what they do, and when."""
OF_THE_DAY = frozenset({"part", "partly", "adverb"})
"""What a phrase says that names only a part of the day."""
FEWEST_LETTERS = 4
"""A shorter word that no phrase took names nothing of its own."""


def by_us(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """Whether who writes does it on days that are named: "daily, but I do Sundays"; "I drive him on Mondays"."""
    if _by_oneself(clause, row, found, pack) or _verb_first(clause, row, found, pack):
        return True
    if _other_part(clause, row, found, pack) or _hour_of_theirs(clause, row, found, pack):
        return True
    items = [item for item in clause.items if item.class_ not in ("but", "so", "join")]
    if len(items) < FEWEST or items[0].class_ != "self":
        return False
    subject, verb = items[:2]
    spoken = [word.text for word in found.words[subject.first : verb.first + 1]]
    whens = [item for item in items[2:] if item.class_ == "when"]
    if spoken[1:-1] and set(spoken[1:-1]) <= pack.our_able and _some_of_all(whens, row, clause):
        # "Lunch every day, I can do Saturdays"; without the "every day" it would be when it suits them.
        spoken = [spoken[0], spoken[-1]]
    if len(spoken) != FEWEST - 1:
        return False
    days = any(("days" in item.value and item.value.get("every")) or "rest" in item.value for item in whens)
    ours = spoken[0] in pack.us
    # "We walk on Tuesdays, could a volunteer come with us at two?" is for Tuesdays.
    served = verb.class_ == "service" and _asked_beside(clause, row)
    if ours and served and spoken[-1] in pack.our_verbs:
        return bool(whens)
    return (ours and verb.class_ == "doing" and days) or (spoken[-1] in pack.verbs and served and bool(whens))


def _other_part(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "We can do the evenings, but mornings at half eight she needs somebody": they do that part themselves."""
    said = [item for item in clause.items if item.class_ not in ("but", "so", "join")]
    if [item.class_ for item in said] != ["self", "doing", "when"] or said[2].value.keys() - {"part", "partly"}:
        return False
    between = {word.text for word in found.words[said[0].last : said[1].first]}
    ours = found.words[said[0].first].text in pack.us and between <= pack.our_able
    asked = [item.value for part in row if part is not clause for item in part.items if item.class_ == "when"]
    return ours and any(said[2].value["part"] != value.get("part", said[2].value["part"]) for value in asked)


def _some_of_all(whens: Sequence[Item], row: Sequence[Clause], clause: Clause) -> bool:
    """Whether these are only some of the days that another clause asks for."""
    days = {day for item in whens for day in item.value.get("days", ())}
    others = [item.value for part in row if part is not clause for item in part.items if item.class_ == "when"]
    return bool(days) and any(is_daily(said) or days < set(said.get("days", ())) for said in others)


def _by_oneself(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "at the weekend I do the drops myself": then nobody need come, unless it is then that it is asked."""
    words = {word.text for word in found.words[clause.start : clause.end]}
    days = any(item.class_ == "when" and "days" in item.value for item in clause.items) or _other_hour(clause, row)
    somebody = clause.has("self", "person") or words & pack.us
    things = sum(item.class_ == "self" for item in clause.items) > 1
    does = things or clause.has("service", "particle", "doing")
    if not (days and somebody and words & pack.oneself and does):
        return False
    return not _asked_then(clause, row)


def _other_hour(clause: Clause, row: Sequence[Clause]) -> bool:
    """Whether a clause names an hour and nothing else of when, and a later one another hour."""
    whens = [item.value for item in clause.items if item.class_ == "when"]
    if not whens or any(when.keys() != {"times"} for when in whens):
        return False
    own = [clock for when in whens for clock in when["times"]]
    later = [one.value for part in row if part.start >= clause.end for one in part.items if one.class_ == "when"]
    return any(clock not in own for when in later for clock in when.get("times", ()))


def _verb_first(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "in het weekend doen wij de kousen", where the verb stands before who does it.

    And for "dinsdags doe ik het": without a service, where nothing else is said that it could be about.
    """
    words = [word.text for word in found.words]
    doing = [item for item in clause.items if item.class_ == "doing"]
    ours = any(pack.us & set(words[item.first : item.last + 1]) for item in doing)
    whens = [item.value for item in clause.items if item.class_ == "when"]
    days = any("days" in said or said.keys() <= OF_THE_DAY for said in whens)
    others = [part for part in row if part is not clause]
    wanted = any(part.has("service", "someone") for part in others) and any(part.has("when") for part in others)
    if not (pack.verb_second and ours and days and wanted):
        return False
    if clause.has("service"):
        return _asked_beside(clause, row)
    # "Zaterdags doe ik het": what was asked for in the sentences before.
    timed = any(item.class_ == "when" and is_time(item.value) and "part" not in item.value for item in clause.items)
    it = bool(pack.it_words & set(words[clause.start : clause.end])) and not timed
    named = any(part.has("service") for part in row if part.start < clause.start)
    return (it and named) or (_says_no_more(clause, found, pack) and not _asked_then(clause, row))


def _says_no_more(clause: Clause, found: Found, pack: Pack) -> bool:
    """Whether no word of a clause, apart from those that name nothing, was left over by the phrases in it."""
    covered = {at for item in clause.items for at in range(item.first, item.last)}
    rest = [found.words[at].text for at in range(clause.start, clause.end) if at not in covered]
    known = pack.light | pack.idle | pack.oneself
    return not any(len(word) >= FEWEST_LETTERS and word.isalpha() and word not in known for word in rest)


def only_can(clause: Clause, found: Found, pack: Pack) -> bool:
    """For "Friday evening my niece can": a verb of being able, and nothing else that was not understood."""
    covered = {at for item in clause.items for at in range(item.first, item.last)}
    words = [found.words[at].text for at in range(clause.start, clause.end) if at not in covered]
    rest = {word for word in words if word.isalpha()}
    return bool(rest) and rest <= pack.our_able and not clause.has("service", "self")


def _asked_then(clause: Clause, row: Sequence[Clause]) -> bool:
    """Whether it is just then that somebody is asked for, behind a clause."""
    return any(part.has("then") and asks(part) for part in row if part.start > clause.start)


def why_one_must(clause: Clause, row: Sequence[Clause], sentence: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """Whether a clause only tells what somebody has to do, where a need is asked for besides.

    "…, because I have to go to the hospital"; "The physio at three, please. I must be at the bank in the morning."
    """
    asked = [item for item in clause.items if item.class_ == "request"]
    spoken = {" ".join(word.text for word in found.words[item.first : item.last]) for item in asked}
    if not asked or not spoken <= pack.duties or clause.has("someone") or not clause.has("self"):
        return False
    why = clause.items[0].class_ == "reason"
    beside = [part for part in (sentence if why else row) if part is not clause and (why or part not in sentence)]
    own, others = _services([clause]), _services(beside)
    if why:
        return has_need(beside) and not own & others
    if not own and clause.start > sentence[0].start and not clause.joined and _asks_dated(sentence, clause):
        # "On weekdays at seven a hand with that, please, I have to be at work at eight."
        return True
    if (
        own
        and (own <= others or not others)
        and clause.has("aside")
        and any(asks(part) and says_day([part]) for part in beside)
    ):
        # "The doctor says I must walk every day. Could somebody go with me on Mondays?"
        return True
    # "On Monday I must go to a funeral. Could somebody be with him then?"
    behind = [part for part in beside if part.start >= clause.end]
    then = any(part.has("then") and asks(part) and part.has("service") and not says_day([part]) for part in behind)
    # "On Friday I must go to hospital. Could somebody sit with him from one to four?": it is of that day, too.
    then = then or (own == {DRIVES} and _sits_in(beside, clause))
    # "I have to have injections and can't. Could a nurse come at ten?": the nurse comes for what was told.
    role = (
        bool(others)
        and (not own or others <= ROLES)
        and all(others & pack.absorbs.get(key, frozenset()) == others for key in own)
    )
    return (then and not own & others) or (role and dated(beside))


def _asks_dated(sentence: Sequence[Clause], clause: Clause) -> bool:
    """Whether a sentence asks for help on certain days before a clause of it."""
    before = [part for part in sentence if part.start < clause.start]
    return dated(list(before)) and any(asks(part) or part.has("service") for part in before)


def _sits_in(row: Sequence[Clause], told: Clause) -> bool:
    """Whether behind what is told somebody is asked for who sits with somebody else, at an hour and on no day."""
    behind = [part for part in row if part.start >= told.end]
    asked = any(asks(part) and _services([part]) <= PRESENCE and part.has("service") for part in behind)
    timed = any(says_when(item) for part in behind for item in part.items)
    return asked and timed and not says_day(behind) and not _services(behind) - PRESENCE


def _services(row: Sequence[Clause]) -> set[str]:
    """The services that clauses name."""
    return {key for part in row for item in part.items if item.class_ == "service" for key in item.value}


def unable(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "I can't sit up every night. Could somebody on Saturday?": how often it is that somebody cannot.

    Or what: "…, and after that I can't cook. A hot meal at six, please."; "I mustn't lift, so the shopping on Fridays."
    """
    cannot = _cannot(clause, found, pack)
    often = any(item.class_ == "when" and "freq" in item.value for item in clause.items)
    own, behind = _services([clause]), [part for part in row if part.start >= clause.end]
    others = [part for part in row if part is not clause and asks(part)]
    if cannot and often and any(says_day([part]) for part in others):
        return True
    apart = [part for part in behind if asks(part) and _services([part]) - own and any(map(says_when, part.items))]
    if cannot and often and own and apart:
        # "Getting up early every day is beyond me, could somebody help me dress at half past seven?"
        return True
    ours = any(pack.us & {word.text for word in found.words[one.first : one.last]} for one in clause.items)
    whens = [item.value.keys() for item in clause.items if item.class_ == "when"]
    bare = (clause.has("self") or ours) and not clause.has("when", "request", "someone")
    if cannot and bare and own and behind and behind[0].has("so") and not behind[0].hard:
        return bool(_services(behind[:1]) - own)
    # "In the evening she won't take her tablets. Somebody at eight to hand them to her."
    only_part = all(keys <= OF_THE_DAY for keys in whens)
    told = clause.has("not", "except") and (clause.has("self", "person", "doing") or ours) and only_part
    if not told or clause.has("request", "someone"):
        return False
    whole = clause.hard and (not behind or behind[0].hard) and not whens
    if own and whole and clause.has("self") and _dated_need(behind):
        # "I can't lift anything any more. The bins have to go to the road on Tuesday at five."
        return True
    return any(_kin(own) & _kin(_services([part])) and any(map(says_when, part.items)) for part in behind)


def _dated_need(row: Sequence[Clause]) -> bool:
    """Whether some clause names a service and when."""
    return any(part.has("service") and any(map(says_when, part.items)) for part in row)


def _kin(services: set[str]) -> set[str]:
    """Services, the variants of a family as the family."""
    return {FAMILY.get(key, key) for key in services}


def acts_by_role(item: Item, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """Whether a nurse does something already, where something is asked: "the district nurse does his jab at seven"."""
    if not set(item.value) <= ROLES or not any(map(asks, row)):
        return False
    verbs = [one for one in found.items if one.first == item.last and one.class_ in ("doing", "service")]
    words = {found.words[at].text for one in verbs for at in (one.first, one.last - 1)}
    # Who comes at an hour may be wanted then.
    return bool(verbs) and not words & pack.comes and (verbs[0].class_ == "doing" or bool(words & pack.verbs))


_COMES = frozenset({("service", "doing"), ("doing", "service"), ("visitword", "doing")})
"""Who comes already, and the verb."""


def habit(
    clause: Clause, sentence: Sequence[Clause], sentences: Sequence[Sequence[Clause]], found: Found, pack: Pack
) -> bool:
    """For "The nurse comes on Fridays. Could I have …": who comes already, when another sentence asks with a day.

    The service stands beside the verb: it is who comes, or where somebody goes.
    """
    if clause.has("not", "except"):
        return False
    items = clause.items
    comes = any(
        (one.class_, other.class_) in _COMES
        and found.words[(one if one.class_ == "doing" else other).first].text in pack.comes
        for one, other in pairwise(items)
    )
    goes = any(part.has("person", "self", "away") for part in sentence) and any(
        found.words[at].text in pack.goes for at in range(clause.start, clause.end)
    )
    others = [other for other in sentences if any(map(asks, other))]
    timed = any(item.class_ == "when" and is_day(item.value) for item in items)
    # "The carers come at eight and again at twelve."
    helped = comes and clause.has("visitword") and any(item.class_ == "when" for item in items)
    # "The district nurse comes for the insulin": so she does, whenever that is.
    timed = timed or (comes and any(item.class_ == "service" and set(item.value) <= ROLES for item in items[:1]))
    # "Every morning at eight the nurse comes for the jab. After that I'd like help with dressing."
    said = any(other[0].has("andthen") or says_day(other) for other in others)
    return (comes or goes) and ((clause.has("service") and timed) or helped) and said


def told_before_so(clause: Clause, sentence: Sequence[Clause]) -> bool:
    """For "My husband is dying and I stay with him, so who does the shopping?": what is told first is why.

    Only where it says no when, and "so" is followed by somebody who is wanted for something else; or where what
    follows says both what is wanted and on which day ("Tuesday I have my hair done, so Thursday for the cleaning").
    """
    place = next(at for at, part in enumerate(sentence) if part is clause)
    behind = next((at for at, part in enumerate(sentence[place + 1 :], place + 1) if part.has("so")), None)
    if behind is None or asks(clause) or not clause.has("person", "self"):
        return False
    wanted = sentence[behind:]
    if clause.has("when"):
        whole = any(asks(part) for part in wanted) and bool(_services(wanted)) and says_day(wanted)
        return whole and clause.has("service") and not clause.has("not", "except")
    asked = any(part.has("someone") for part in wanted)
    return asked and bool(_services(wanted)) and not _services([clause]) & _services(wanted)


def why_not_then(clause: Clause, sentence: Sequence[Clause], sentences: Sequence[Sequence[Clause]]) -> bool:
    """For "Mornings are no good, I take a water pill at eight. A lift on Friday, please": that tells why not then."""
    place = next(at for at, part in enumerate(sentence) if part is clause)
    before = sentence[place - 1] if place else None
    if before is None or asks(clause) or clause.joined or not clause.has("self") or clause.has("not", "so", "but"):
        return False
    refused = before.has("not") and before.has("when") and not (asks(before) or before.has("service", "self", "person"))
    others = [other for other in sentences if other is not sentence]
    return refused and any(_services(other) and says_day(other) for other in others)


def comes_then_so(clause: Clause, sentences: Sequence[Sequence[Clause]]) -> bool:
    """For "Wednesdays the physio comes at eleven. So the shower before": who comes is told, what follows is wanted."""
    behind = next((other for other in sentences if other[0].start >= clause.end), None)
    if behind is None or asks(clause) or not clause.has("when") or not behind[0].items:
        return False
    comes = any(
        (one.class_, other.class_) == ("service", "doing") and one.last == other.first
        for one, other in pairwise(clause.items)
    )
    others = _services(behind)
    return comes and behind[0].items[0].class_ == "so" and bool(others) and not others & _services([clause])


def hour_before_so(clause: Clause, sentence: Sequence[Clause]) -> bool:
    """For "I have breakfast at eight, so a quarter to eight, please": the first hour only tells why."""
    place = next(at for at, part in enumerate(sentence) if part is clause)
    follower = sentence[place + 1] if place + 1 < len(sentence) else None
    if follower is None or not follower.items or follower.items[0].class_ != "so" or asks(clause):
        return False
    whens = [[item.value for item in part.items if item.class_ == "when"] for part in (clause, follower)]
    told = bool(whens[0]) and all(said.keys() == {"times"} for said in whens[0])
    return told and clause.has("self", "person") and not clause.has("service", "not") and _hours(whens[1])


def _hours(whens: Sequence[When]) -> bool:
    return any("times" in said for said in whens)


def _cannot(clause: Clause, found: Found, pack: Pack) -> bool:
    """Whether a clause says that somebody is not able to, or may not."""
    refusing = [item for item in clause.items if item.class_ in ("not", "stop")]
    if not pack.verb_second:
        return any(found.words[item.first].text in pack.unable for item in refusing)
    # "Elke dag koken lukt niet meer": the verb stands before the "not", or between.
    return bool(refusing) and any(word.text in pack.unable for word in found.words[clause.start : clause.end])


def _asked_beside(clause: Clause, row: Sequence[Clause]) -> bool:
    """Whether another clause says both what is wanted and on which day."""
    return any(says_day([part]) and part.has("service", "someone") for part in row if part is not clause)


def _hour_of_theirs(clause: Clause, row: Sequence[Clause], found: Found, pack: Pack) -> bool:
    """For "om acht uur doet zij het": at that hour of several somebody is there, where the verb is second."""
    kinds = [item.class_ for item in clause.items]
    if not pack.verb_second or not clause.hard or kinds not in (["when", "doing", "self"], ["when", "doing", "person"]):
        return False
    hour, verb = clause.items[:2]
    it = bool(pack.it_words & {word.text for word in found.words[verb.first : clause.end]})
    hours = [item.value["times"] for part in row for item in part.items if "times" in _value(item)]
    several = any(len(times) > 1 and hour.value["times"][0] in times for times in hours if "times" in hour.value)
    return it and hour.value.keys() == {"times"} and several


def _value(item: Item) -> When:
    """What a schedule phrase says, nothing of another item."""
    return item.value if item.class_ == "when" else {}
