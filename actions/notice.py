"""What it means to change a visit at short notice: said before it is done, not after."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from actions.scene import Scene
from care.clock import later
from care.models import Helper, Visit, col


def warn(scene: Scene, visit_ids: Collection[int]) -> None:
    """Say so when visits that are about to be left out, moved or cancelled begin within the notice of their helper.

    The hours are those of the catalogue, by service and kind of helper; who comes for free asks none.
    """
    query = select(Visit, Helper.kind).join(Helper, Helper.id == Visit.helper_id)
    query = query.where(col(Visit.id).in_(list(visit_ids)), Visit.status == "planned").order_by(Visit.starts)
    within = []
    for visit, kind in scene.session.execute(query):
        hours = scene.catalogue.service(visit.service).notice_hours.get(kind, 0)
        if scene.now < visit.starts < later(scene.now, timedelta(hours=hours)):
            within.append((visit, hours))
    if len(within) == 1:
        visit, hours = within[0]
        scene.say("notice_one", when=scene.words.moment(visit.starts, scene.today), hours=hours)
    elif within:
        scene.say("notice_many", n=len(within), hours=max(hours for _, hours in within))
