"""Who the help is for and where they live: asked once, the first time."""

from __future__ import annotations

from collections.abc import Sequence

from actions import handover, repair
from actions.drafts import OpenDraft
from actions.scene import Scene
from actions.topics import answers
from care.models import Address, Recipient
from care.needs import Need
from care.people import recipients_for, register_for_family, register_recipient
from care.places import find_address, read_address

TRIES = 3
"""So often an address is asked for before a person takes over."""


def begin(scene: Scene) -> None:
    """A new request begins: for whom it is, is open again where somebody else is mentioned in it."""
    scene.state["relative"] = scene.names_relative or scene.for_other
    scene.state["for_other"] = None
    scene.state["said_for_other"] = scene.for_other
    scene.state["said_for_self"] = scene.for_self
    scene.state["said_for_both"] = scene.for_both or (scene.for_self and scene.names_relative)
    if scene.for_self and not scene.names_relative:
        scene.state["name"], scene.state["address"] = scene.contact.name, None
    if scene.state["relative"]:
        scene.state["name"] = scene.state["address"] = None


def known(scene: Scene, draft: OpenDraft) -> bool:
    """Whether the recipient is known; when not, the next question about them was asked."""
    if draft.row.recipient_id is not None:
        return True
    recipients = recipients_for(scene.session, scene.contact, scene.now, "act")
    if scene.state.get("said_for_self") and not scene.state.get("said_for_both"):
        return _own(scene, draft, recipients)
    only_self = [recipient.contact_id for recipient in recipients] in ([], [scene.contact.id])
    if only_self and scene.state.get("for_other") is None and scene.state.get("said_for_other"):
        scene.state["for_other"] = True
    if scene.state.get("relative") and only_self and scene.state.get("for_other") is None:
        options = [scene.option("self"), scene.option("other")]
        scene.ask("for_self", "choice", "ask_for_self", options)
        return False
    if len(recipients) == 1 and not scene.state.get("for_other"):
        draft.row.recipient_id = recipients[0].id
        draft.save()
        return True
    others = [recipient for recipient in recipients if recipient.contact_id != scene.contact.id]
    if len(recipients) > 1 and len(others) == 1 and scene.state.get("said_for_other"):
        draft.row.recipient_id = others[0].id
        draft.save()
        return True
    if len(recipients) > 1:
        options = [
            {"value": str(recipient.id), "text": recipient.name, "like": "other" if recipient in others else "self"}
            for recipient in recipients
        ]
        scene.ask("for_whom", "choice", "ask_for_whom", options)
        return False
    return _who_and_where_known(scene, draft)


def _own(scene: Scene, draft: OpenDraft, recipients: Sequence[Recipient]) -> bool:
    """The help is for who is talking: as the recipient they are already, or as a new one."""
    own = [recipient for recipient in recipients if recipient.contact_id == scene.contact.id]
    if not own:
        return _who_and_where_known(scene, draft)
    draft.row.recipient_id = own[0].id
    draft.save()
    return True


def _who_and_where_known(scene: Scene, draft: OpenDraft) -> bool:
    """Register the recipient when both name and address were said; else ask for what is missing."""
    other = "_other" if scene.state.get("for_other") else ""
    if not scene.state.get("name"):
        scene.ask("name", "name", f"ask_name{other}")
    elif place := _place(scene):
        _register(scene, draft, place)
        return True
    else:
        name = scene.state["name"]
        scene.ask("address", "address", f"ask_address{other}", name=name)
    return False


def recipient(scene: Scene, draft: OpenDraft) -> Recipient:
    """The recipient of the draft; call only once `known`."""
    found = scene.session.get(Recipient, draft.row.recipient_id)
    assert found is not None  # noqa: S101 - a foreign key
    return found


@answers("for_whom")
def on_for_whom(scene: Scene) -> None:
    """Take the choice among several recipients."""
    draft = OpenDraft.find(scene)
    choice = scene.answer.get("choice")
    if draft is None or choice is None:
        repair.missed(scene)
        return
    draft.row.recipient_id = int(choice)
    draft.save()
    scene.settle()
    scene.go_on = True


@answers("for_self")
def on_for_self(scene: Scene) -> None:
    """Take the answer to whether the help is for the person talking."""
    choice = scene.answer.get("choice")
    if choice is None:
        repair.missed(scene)
        return
    scene.state["for_other"] = choice == "other"
    scene.settle()
    scene.go_on = True


@answers("name", "address")
def on_who_and_where(scene: Scene) -> None:
    """Take a name, an address, or both at once."""
    draft = OpenDraft.find(scene)
    if draft is None or not scene.answer:
        repair.missed(scene)
        return
    if "need" in scene.answer:
        draft.take([Need.from_json(scene.answer["need"])], draft.items[-1])
        draft.save()
        scene.settle()
        scene.go_on = True
        return
    if name := scene.answer.get("name"):
        scene.state["name"] = name
    if address := scene.answer.get("address"):
        _take_address(scene, draft, address)
    else:
        scene.settle()
        scene.go_on = True


def note(scene: Scene) -> None:
    """Keep a name and an address that were told before they were asked for."""
    if name := scene.answer.get("name"):
        scene.state["name"] = name
    if address := scene.answer.get("address"):
        said = {name: part for name, part in read_address(address).items() if part}
        scene.state["address"] = {**(scene.state.get("address") or {}), **said}


def _take_address(scene: Scene, draft: OpenDraft, text: str) -> None:
    """Look the address up, together with what was said of it before; ask again when it cannot be found."""
    said = {**(scene.state.get("address") or {}), **{name: part for name, part in read_address(text).items() if part}}
    scene.state["address"] = said
    if _place(scene) is None:
        _ask_again(scene, said)
        return
    draft.save()
    scene.settle()
    scene.go_on = True


def _place(scene: Scene) -> Address | None:
    """The address that was said so far, when it is one."""
    said = scene.state.get("address")
    return find_address(scene.session, **said) if said else None


def _register(scene: Scene, draft: OpenDraft, place: Address) -> None:
    """Make the person, or the one they arrange help for, a recipient living at this address."""
    register = register_for_family if scene.state.get("for_other") else register_recipient
    draft.row.recipient_id = register(scene.session, scene.contact, scene.state["name"], place, scene.now).id
    draft.save()


def _ask_again(scene: Scene, said: dict[str, str]) -> None:
    tries = int((scene.question or {}).get("tries", 1)) + 1
    other = "_other" if scene.state.get("for_other") else ""
    again = f"ask_address_again{other}"
    if tries > TRIES:
        handover.offer_call(scene, "address_unknown", "why_address")
    elif said.get("postcode") and not said.get("number"):
        scene.ask("address", "address", f"ask_house_number{other}", tries=tries, again=again)
    else:
        scene.ask("address", "address", again, tries=tries)
