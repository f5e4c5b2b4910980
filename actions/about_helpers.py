"""What people ask of the helpers they may choose from: what they speak, what was checked, who they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

from babel import Locale
from sqlalchemy import select

from actions.choosing import offers_at_hand
from actions.scene import Scene
from care.catalogue import Catalogue
from care.clock import local
from care.eligibility import HeldProof, named
from care.matching import Offer
from care.models import Helper, Proof

OFFER, READ_BACK = "offer", "booking"


def taker(
    tell: Callable[[Scene, Sequence[Offer]], None], topics: Collection[str] = (OFFER, READ_BACK)
) -> Callable[[Scene], bool]:
    """What answers such a question about the helpers at hand, and then puts the open question again.

    Elsewhere than at these `topics` "who is that?" is about somebody else. Who asks about one of them by name has not
    chosen yet.
    """

    def take(scene: Scene) -> bool:
        offers = _meant(scene) if scene.topic() in topics else []
        if offers:
            tell(scene, offers)
            scene.ask_again()
        return bool(offers)

    return take


def _meant(scene: Scene) -> list[Offer]:
    """The offers that the question is about: that of the helper who is named in it, else all."""
    offers = offers_at_hand(scene)
    said = scene.turn.text.replace("?", " ").replace(",", " ").split()
    by_name = [offer for offer in offers if any(named(offer.helper_name, word) for word in said if word.istitle())]
    return by_name or offers


def tell_languages(scene: Scene, offers: Sequence[Offer]) -> None:
    """Say what each of them speaks, as they told us."""
    names = Locale(scene.words.language).languages
    for offer in offers:
        spoken = [names.get(code, code) for code in scene.session.get(Helper, offer.helper_id).languages]
        key = "about_languages" if spoken else "about_languages_unknown"
        scene.say(key, name=offer.helper_name, languages=scene.words.listed(spoken))


def tell_papers(scene: Scene, offers: Sequence[Offer]) -> None:
    """Say which papers of each were checked and are valid when they would first come."""
    names = Catalogue.load().proof_names
    for offer in offers:
        held = _valid(scene, offer, local(offer.first).date())
        proofs = scene.words.listed([names[kind][scene.words.language] for kind in held if kind in names])
        key = "about_papers" if proofs else "about_papers_none"
        scene.say(key, name=offer.helper_name, proofs=proofs)
    scene.say("about_meeting")


def _valid(scene: Scene, offer: Offer, day: date) -> list[str]:
    query = select(Proof).where(Proof.helper_id == offer.helper_id).order_by(Proof.id)
    proofs = scene.session.scalars(query).all()
    valid = [proof.kind for proof in proofs if HeldProof(proof.kind, proof.valid_from, proof.expires).valid_on(day)]
    return list(dict.fromkeys(valid))


def tell_person(scene: Scene, offers: Sequence[Offer]) -> None:
    """Say what each wrote about themselves; that is all we know of them as a person."""
    intros = [(offer.helper_name, scene.session.get(Helper, offer.helper_id).intro) for offer in offers]
    for name, intro in intros:
        if intro:
            scene.say("about_person", name=name, intro=intro)
    scene.say("about_no_more" if any(intro for _, intro in intros) else "about_nothing")
    scene.say("about_meeting")


def tell_order(scene: Scene, offers: Sequence[Offer]) -> None:
    """Say why the first is first: that is all the advice there is (`care.matching.match`)."""
    scene.say("about_order" if len(offers) > 1 else "about_order_one", name=offers[0].helper_name)
