"""The search for a substitute, step by step: the recipient chooses, the substitute is asked, everybody is told.

A step is taken in somebody's turn or by the clock (`next_at` of the substitution); each leaves the search waiting for a
person or over, so that nobody believes a visit covered that is not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from actions import asking, repair
from actions.choosing import helper_choices
from actions.post import Post
from actions.scene import Json, Scene
from actions.substitute_words import moments, name_of, offer_lines, phone_for
from actions.topics import answers
from actions.upkeep import Upkeep, every_minute
from care import booking, circle, daily, substitutes
from care.clock import local
from care.matching import Offer
from care.models import Contact, Helper, Recipient, Series, Substitution, Visit
from care.visits import skip_visits

LEAVE_OUT = "leave_out"


# Steps ---------------------------------------------------------------------------------------------------------------


def go_on(post: Post, search: Substitution) -> None:
    """Take the next step: ask the recipient who may come, or the substitute they agreed to before."""
    visits = substitutes.lacking(post.session, search, post.now)
    if not visits:
        substitutes.close(post.session, search, "withdrawn", post.now)
        return
    if not daily.may_write(post.now, visits[0].starts):
        search.status, search.next_at = "looking", daily.quiet_until(post.now)
        post.session.flush()
        return
    offers = substitutes.candidates(post.session, search, visits, post.now)
    who = circle.decider(post.session, search.series, post.now)
    agreed = _agreed(post, search, offers)
    if not offers:
        _nobody(post, search, visits)
    elif who is None:
        _stuck(post, search, visits, "stuck_no_decider")
    elif agreed is not None:
        _tell(post, search, "substitute_agreed", visits, name=agreed.helper_name)
        _ask_substitute(post, search, agreed, visits)
    else:
        _ask_recipient(post, search, offers, visits, who)


def _agreed(post: Post, search: Substitution, offers: Sequence[Offer]) -> Offer | None:
    """The first offer of a helper who may come unasked."""
    unasked = {one.helper_id for one in substitutes.stand_ins(post.session, search.series.recipient) if one.unasked}
    return next((offer for offer in offers if offer.helper_id in unasked), None)


def _ask_recipient(
    post: Post, search: Substitution, offers: Sequence[Offer], visits: Sequence[Visit], who: Contact
) -> None:
    begins = visits[0].starts
    search.status, search.offers = "choosing", [offer.to_json() for offer in offers]
    search.next_at = daily.answer_by(post.now, begins, daily.CHOOSE_WITHIN)
    post.ask(
        who,
        "substitute_choice",
        "choice",
        "substitute_choose_again" if search.tried else "substitute_choose",
        choices=[*helper_choices(offers), (LEAVE_OUT, "option_leave_out")],
        about=_stage(search),
        series=search.series,
        keep={"substitution": search.id},
        absent=name_of(post, search.absent_id),
        visits=lambda words: moments(words, visits),
        offers=lambda words: offer_lines(words, offers),
    )
    post.session.flush()


def _ask_substitute(post: Post, search: Substitution, offer: Offer, visits: Sequence[Visit]) -> None:
    helper: Helper = post.session.get(Helper, offer.helper_id)
    begins = visits[0].starts
    search.status, search.offer, search.asked_id = "asking", offer.to_json(), helper.id
    search.next_at = until = daily.answer_by(post.now, begins, daily.ANSWER_WITHIN)
    missing = set(offer.missing_dates)
    asked = [visit for visit in visits if local(visit.starts).date() not in missing]
    address = search.series.recipient.address
    put = post.ask(
        helper.contact,
        "substitute",
        "yes_no",
        "substitute_ask",
        about=_stage(search),
        series=search.series,
        keep={"substitution": search.id},
        recipient=search.series.recipient.name,
        street=address.street,
        visits=lambda words: moments(words, asked),
        until=lambda words: words.moment(until),
    )
    post.session.flush()
    if put is None:
        # Who cannot be reached cannot come.
        _not_this_one(post, search)


def _not_this_one(post: Post, search: Substitution) -> None:
    """Who was asked does not come: on with the others."""
    assert search.asked_id is not None  # noqa: S101 - it is while somebody is asked
    search.tried = [*search.tried, search.asked_id]
    search.status, search.offer, search.asked_id = "looking", None, None
    post.session.flush()
    go_on(post, search)


def _nobody(post: Post, search: Substitution, visits: Sequence[Visit]) -> None:
    """Say it honestly: nobody can come; family and a coordinator know."""
    session, series = post.session, search.series
    substitutes.close(session, search, "nobody", post.now)
    helper: Helper = session.get(Helper, search.absent_id)
    coordinator = circle.coordinator_for(session, helper)
    relatives = circle.family(session, series.recipient, post.now)
    _tell(post, search, "substitute_nobody", visits, phone=phone_for(post, helper, coordinator))
    informed = {contact.id for contact in circle.told(session, series, post.now)}
    for contact, key in [(one, "substitute_nobody_family") for one in relatives] + [
        (coordinator, "substitute_nobody_coordinator"),
        (helper.contact, "substitute_nobody_helper"),
    ]:
        if contact is not None and contact.id not in informed:
            informed.add(contact.id)
            _notify(post, contact, key, search, visits)


def _stuck(post: Post, search: Substitution, visits: Sequence[Visit], key: str) -> None:
    """A person must help: the coordinator is told."""
    search.status, search.next_at = "stuck", None
    coordinator = circle.coordinator_for(post.session, post.session.get(Helper, search.absent_id))
    if coordinator is not None:
        _notify(post, coordinator, key, search, visits)
    post.session.flush()


# Answers -------------------------------------------------------------------------------------------------------------


@answers("substitute_choice")
def on_choice(scene: Scene) -> None:
    """Take the recipient's choice of a substitute, or that the visit may be left out."""
    question, answer = scene.question or {}, scene.answer
    # "Never mind, I shall manage" leaves the visits out.
    picked = LEAVE_OUT if answer.get("drop") else answer.get("choice")
    if picked is None and not ({"any", "none"} & answer.keys()) and not answer.get("yes"):
        repair.missed(scene)
        return
    search = _still_open(scene, question, "choosing", "stuck")
    if search is None:
        return
    offers = [Offer.from_json(offer) for offer in search.offers]
    visits = substitutes.lacking(scene.session, search, scene.now)
    if picked == LEAVE_OUT:
        substitutes.close(scene.session, search, "left_out", scene.now)
        skip_visits(scene.session, [visit.id for visit in visits], scene.contact, scene.now, "absent")
        scene.say("substitute_left_out")
    elif answer.get("none"):
        search.tried = [*search.tried, *(offer.helper_id for offer in offers)]
        scene.say("substitute_others")
        go_on(scene.post, search)
    else:
        offer = next((one for one in offers if str(one.helper_id) == str(picked)), offers[0])
        _ask_substitute(scene.post, search, offer, visits)
        if search.status == "asking":
            assert search.next_at is not None  # noqa: S101 - until then the answer is waited for
            assert search.asked_id is not None  # noqa: S101 - whose answer that is
            until = scene.words.moment(search.next_at, scene.today)
            # Another may be asked by now, when the one chosen cannot be reached.
            scene.say("substitute_asked", name=name_of(scene.post, search.asked_id), until=until)


def _still_open(scene: Scene, question: dict[str, object], *statuses: str) -> Substitution | None:
    """The search that a question is about, the question answered; None, and said so, when it is over or further on."""
    ask = asking.answered(scene)
    search = None if ask is None else substitutes.locked(scene.session, int(str(question["substitution"])))
    if search is not None and search.status in statuses and substitutes.lacking(scene.session, search, scene.now):
        return search
    scene.say("substitute_over")
    return None


@answers("substitute")
def on_substitute(scene: Scene) -> None:
    """Take a substitute's yes or no."""
    question = scene.question or {}
    if "yes" not in scene.answer:
        repair.missed(scene)
        return
    search = _still_open(scene, question, "asking")
    if search is None:
        return
    if not scene.answer["yes"]:
        scene.say("substitute_declined")
        _not_this_one(scene.post, search)
        return
    who = circle.decider(scene.session, search.series, scene.now)
    wanted = substitutes.lacking(scene.session, search, scene.now)
    try:
        new = substitutes.hand_over(scene.session, search, by=who or scene.contact, now=scene.now)
    except booking.SlotTaken:
        scene.say("substitute_taken")
        _not_this_one(scene.post, search)
        return
    if not new:
        # The visits were left out at this very moment.
        scene.say("substitute_over")
        return
    address = search.series.recipient.address
    scene.say(
        "substitute_thanks",
        recipient=search.series.recipient.name,
        address=f"{address.street} {address.number}",
        visits=moments(scene.words, new),
    )
    covered(scene.post, search, new, wanted, scene.contact.name or "")


def covered(post: Post, search: Substitution, new: Sequence[Visit], wanted: Sequence[Visit], name: str) -> None:
    """The substitute of this name makes the visits `new`: tell who is to know, and go on with what is left of those
    `wanted`.
    """
    _tell(post, search, "substitute_found", new, name=name, absent=name_of(post, search.absent_id))
    absent: Helper = post.session.get(Helper, search.absent_id)
    _notify(post, absent.contact, "substitute_found_helper", search, new, name=name)
    if len(new) < len(wanted):
        assert search.asked_id is not None  # noqa: S101 - the one who comes
        search.tried = [*search.tried, search.asked_id]
        search.status, search.offer, search.asked_id = "looking", None, None
        go_on(post, search)
        return
    helper_id = search.asked_id
    substitutes.close(post.session, search, "covered", post.now)
    known = {one.helper_id for one in substitutes.stand_ins(post.session, search.series.recipient)}
    who = circle.decider(post.session, search.series, post.now)
    if helper_id is not None and helper_id not in known and who is not None and not daily.is_quiet(post.now):
        post.ask(
            who,
            "stand_in",
            "yes_no",
            "stand_in_ask",
            about=str(search.id),
            keep={"recipient": search.series.recipient_id, "helper": helper_id, "who": name},
            name=name,
        )


@answers("stand_in")
def on_stand_in(scene: Scene) -> None:
    """Take the answer to whether this helper may come another time without being asked about first."""
    question = scene.question or {}
    if "yes" not in scene.answer:
        repair.missed(scene)
        return
    if asking.answered(scene) is None:
        scene.say("nothing_asked")
        return
    recipient = scene.session.get(Recipient, question["recipient"])
    helper = scene.session.get(Helper, question["helper"])
    unasked = bool(scene.answer["yes"])
    substitutes.name_stand_in(scene.session, recipient, helper, by=scene.contact, now=scene.now, unasked=unasked)
    scene.say("stand_in_yes" if unasked else "stand_in_no", name=question["who"])


# The helper is away or back ------------------------------------------------------------------------------------------


def decline_when_away(post: Post, search: Substitution, spans: Sequence[tuple[datetime, datetime]]) -> None:
    """Who was asked to come has said to be away then: that is a no."""
    visits = substitutes.lacking(post.session, search, post.now)
    if any(visit.starts < ends and starts < visit.ends for visit in visits for starts, ends in spans):
        substitutes.withdraw_asks(post.session, search, post.now)
        _not_this_one(post, search)


def take_back(post: Post, search: Substitution, back: Collection[int]) -> None:
    """The helper makes these visits again: what was asked about them is asked no more."""
    if substitutes.lacking(post.session, search, post.now):
        return
    _close_unneeded(post, search, "back")


def give_back(post: Post, search: Substitution, series: Series) -> list[Visit]:
    """A substitute does not come after all, with `series` of their own: the visits that lack a helper again.

    What was asked about the rest meanwhile is asked no more: the search begins anew with all of them, and a yes to the
    old question would be taken for that of whoever is asked next.
    """
    substitutes.withdraw_asks(post.session, search, post.now)
    asked = search.asked_id
    back = substitutes.give_back(post.session, search, series, post.now)
    _tell_unneeded(post, search, asked)
    return back


def _close_unneeded(post: Post, search: Substitution, status: str) -> None:
    """No substitute is needed any more: the questions are taken back, and who was asked is told."""
    substitutes.withdraw_asks(post.session, search, post.now)
    asked = search.asked_id
    substitutes.close(post.session, search, status, post.now)
    _tell_unneeded(post, search, asked)


def _tell_unneeded(post: Post, search: Substitution, asked: int | None) -> None:
    """Tell who was asked, if anybody was, that the question is withdrawn."""
    if asked is not None:
        helper: Helper = post.session.get(Helper, asked)
        post.notify(helper.contact, "substitute_unneeded", about=str(search.id), recipient=search.series.recipient.name)


def tell_back(post: Post, helper: Helper, visits: Sequence[Visit]) -> None:
    """Tell the recipients that their own helper comes after all."""
    by_series: dict[int, list[Visit]] = {}
    for visit in visits:
        by_series.setdefault(visit.series_id, []).append(visit)
    for series_id, group in by_series.items():
        for contact in circle.told(post.session, group[0].series, post.now):
            post.notify(
                contact,
                "helper_comes_after_all",
                about=str(series_id),
                due=daily.write_at(post.now, group[0].starts),
                name=helper.contact.name or "",
                visits=partial(moments, visits=group),
            )


# What the clock causes -----------------------------------------------------------------------------------------------


@every_minute
def go_on_in_time(upkeep: Upkeep) -> int:
    """Searches whose moment has come: begin after the quiet hours, or do without an answer that did not come."""
    found = substitutes.due(upkeep.session, upkeep.now)
    for search in found:
        post = upkeep.post(f"search:{search.id}:{search.status}:{len(search.tried)}")
        visits = substitutes.lacking(upkeep.session, search, upkeep.now)
        if not visits:
            _close_unneeded(post, search, "withdrawn")
        elif search.status == "asking":
            substitutes.withdraw_asks(upkeep.session, search, upkeep.now)
            helper = upkeep.session.get(Helper, search.asked_id)
            post.notify(helper.contact, "substitute_too_late", about=_stage(search))
            _not_this_one(post, search)
        elif search.status == "choosing":
            # The question stays: a late answer is welcome.
            _tell(post, search, "substitute_not_chosen", visits)
            _stuck(post, search, visits, "stuck_not_chosen")
        else:
            go_on(post, search)
    return len(found)


@every_minute
def end_what_is_settled(upkeep: Upkeep) -> int:
    """Searches whose visits were left out, ended or are over."""
    found = substitutes.empty(upkeep.session)
    for search in found:
        _close_unneeded(upkeep.post(f"search:{search.id}:over"), search, "withdrawn")
    return len(found)


@every_minute
def take_up_the_forgotten(upkeep: Upkeep) -> int:
    """Visits that were made without a helper, when the horizon moved: somebody is sought two weeks before."""
    visits = substitutes.not_looked_for(upkeep.session, upkeep.now)
    substitutes.open_for(upkeep.session, visits, upkeep.now)
    return len(visits)


# Telling -------------------------------------------------------------------------------------------------------------


def _stage(search: Substitution) -> str:
    """What tells the messages of one step of a search from those of another."""
    return f"{search.id}:{len(search.tried)}"


def _tell(post: Post, search: Substitution, key: str, visits: Sequence[Visit], **values: str) -> None:
    """Tell the recipient, and who arranged the help."""
    for contact in circle.told(post.session, search.series, post.now):
        _notify(post, contact, key, search, visits, **values)


def _notify(
    post: Post, contact: Contact, key: str, search: Substitution, visits: Sequence[Visit], **values: str
) -> None:
    told: Json = {"absent": name_of(post, search.absent_id), "recipient": search.series.recipient.name, **values}
    due = daily.write_at(post.now, visits[0].starts)
    post.notify(contact, key, about=_stage(search), due=due, visits=lambda words: moments(words, visits), **told)
