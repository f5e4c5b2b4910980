"""The draft: the request of a conversation while it is being completed, kept in the database.

Each of its items is a need with what was offered for it: `{"need", "offers", "offer", "seen", "any_days"}`. Items are
JSON throughout; a change is written back with `save`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from actions.scene import Scene
from actions.turn import Unknown
from care.mending import mend
from care.models import Draft, col
from care.needs import Need

Item = dict[str, Any]

# Built once: most turns ask it.
_OPEN = (
    select(Draft)
    .where(Draft.conversation_id == bindparam("conversation"), Draft.status == "open")
    .order_by(col(Draft.id).desc())
)


class OpenDraft:
    """The open draft of a conversation, with its items."""

    def __init__(self, scene: Scene, row: Draft) -> None:
        """Take the database row."""
        self._scene = scene
        self.row = row
        self.items: list[Item] = [dict(item) for item in row.needs]

    @classmethod
    def find(cls, scene: Scene) -> OpenDraft | None:
        """The conversation's open draft, if there is one."""
        turn = scene.turn
        row = turn.draft
        if isinstance(row, Unknown) or (row is not None and row.status != "open"):
            row = turn.draft = scene.session.scalars(_OPEN, {"conversation": turn.conversation.id}).first()
        return None if row is None else cls(scene, row)

    @classmethod
    def start(cls, scene: Scene) -> OpenDraft:
        """A new, empty draft."""
        now = scene.now
        row = Draft(
            contact_id=scene.contact.id,
            conversation_id=scene.turn.conversation.id,
            status="open",
            needs=[],
            created=now,
            updated=now,
        )
        scene.session.add(row)
        scene.session.flush()
        scene.turn.draft = row
        return cls(scene, row)

    def add(self, need: Need) -> Item:
        """Put a need into the draft."""
        item: Item = {"need": need.to_json(), "offers": [], "offer": None, "seen": [], "any_days": False}
        self.items.append(item)
        return item

    def set_need(self, item: Item, need: Need) -> None:
        """Change an item's need; what was offered for the old one is dropped."""
        item.update(need=need.to_json(), offers=[], offer=None, seen=[])

    def mend(self, item: Item, said: Need) -> bool:
        """Mend an item's need with what was said; False when that changes nothing."""
        old = need_of(item)
        need = mend(old, said, self._scene.now)
        if need == old:
            return False
        self.set_need(item, need)
        return True

    def take(self, needs: Sequence[Need], asked: Item | None = None) -> tuple[bool, list[Item]]:
        """Put what was said into the items it is about: that of its service, else one that has no service yet, else
        the one asked about; a service that is new becomes an item. Whether anything changed, and the new items.
        """
        changed, added = False, []
        for said in needs:
            item = self._item_for(said, asked)
            if item is None:
                added.append(self.add(said))
            else:
                changed |= self.mend(item, said)
        return changed or bool(added), added

    def _item_for(self, said: Need, asked: Item | None) -> Item | None:
        services = [need_of(item).service for item in self.items]
        if said.service is None:
            if asked is not None:
                return asked
            return self.items[0] if len(self.items) == 1 else None
        if said.service in services:
            return self.items[services.index(said.service)]
        return self.items[services.index(None)] if None in services else None

    def asked_item(self) -> Item:
        """The item that the open question is about; the first when it is about none."""
        place = (self._scene.question or {}).get("item", 0)
        return self.items[min(place, len(self.items) - 1)]

    def drop(self, item: Item) -> None:
        """Leave an item out."""
        self.items.remove(item)

    def save(self) -> None:
        """Write the items back."""
        self.row.needs = [dict(item) for item in self.items]
        self.row.updated = self._scene.now
        self._scene.session.flush()

    def close(self, status: str) -> None:
        """The draft is `booked` or `dropped`."""
        self.row.status = status
        self.save()


def need_of(item: Item) -> Need:
    """The need of an item."""
    return Need.from_json(item["need"])
