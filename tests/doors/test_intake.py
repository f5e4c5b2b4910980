"""What comes in together is stored together: each once, in order, with its job, whatever else is in the batch."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import text as sql

from bot.doors.intake import Intake
from care.clock import Clock
from care.database import Database, DatabaseUnavailable
from care.inbox import Said
from channels import Incoming

ids = itertools.count()


def said(phone: str, text: str = "dag", outside_id: str | None = None, channel: str = "sms") -> Incoming:
    return Incoming(channel, outside_id or f"intake-{next(ids)}", phone, text)


@pytest.fixture
def intake(database: Database, clock: Clock) -> Iterator[Intake]:
    with database.begin() as session:
        session.execute(sql("DELETE FROM procrastinate_jobs"))
    made = Intake(database, clock)
    yield made
    made.close()


async def store(intake: Intake, *messages: Incoming) -> list[BaseException | None]:
    """Store them at the same moment; what came of each."""
    return await asyncio.gather(*(intake.store(message) for message in messages), return_exceptions=True)


def stored(database: Database, *phones: str) -> list[tuple[str, str, str]]:
    query = "SELECT channel, address, text FROM inbox WHERE address = ANY(:phones) ORDER BY id"
    with database.begin() as session:
        return [tuple(row) for row in session.execute(sql(query), {"phones": list(phones)})]


async def test_many_at_once_are_each_stored_with_a_job_in_order(intake: Intake, database: Database) -> None:
    phones = [f"+3161239{number:04d}" for number in range(40)]
    messages = [said(phone, text) for text in ("een", "twee", "drie") for phone in phones]
    assert set(await store(intake, *messages)) == {None}
    for phone in phones:
        assert [text for _, _, text in stored(database, phone)] == ["een", "twee", "drie"]
    with database.begin() as session:
        rows = session.execute(
            sql(
                "SELECT lock, min(contact_id) AS contact,"
                " array_agg((args->>'incoming_id')::bigint ORDER BY jobs.id) AS ids"
                " FROM procrastinate_jobs AS jobs JOIN inbox ON inbox.id = (args->>'incoming_id')::bigint GROUP BY lock"
            )
        ).all()
    assert len(rows) == len(phones)
    assert all(list(row.ids) == sorted(row.ids) and len(row.ids) == 3 for row in rows)
    assert all(row.lock == f"contact:{row.contact}" for row in rows)


async def test_the_same_message_counts_once_within_a_batch_and_after_it(intake: Intake, database: Database) -> None:
    phone = "+31612398001"
    same = said(phone, outside_id="intake-same")
    assert await store(intake, same, same, said(phone, "nog een"), same) == [None] * 4
    assert await store(intake, same) == [None]
    assert [text for _, _, text in stored(database, phone)] == ["dag", "nog een"]
    with database.begin() as session:
        assert session.scalar(sql("SELECT count(*) FROM procrastinate_jobs")) == 2


async def test_known_people_and_newcomers_by_several_channels_are_one_contact_each(
    intake: Intake, database: Database
) -> None:
    phone = "+31612398002"
    await store(intake, said(phone))
    await store(intake, said(phone, channel="whatsapp"), said("998877", channel="telegram"), said(phone))
    with database.begin() as session:
        query = sql("SELECT address, count(DISTINCT contact_id) FROM inbox WHERE address IN (:a, :b) GROUP BY address")
        assert dict(session.execute(query, {"a": phone, "b": "998877"}).all()) == {phone: 1, "998877": 1}
        doors = session.scalars(sql("SELECT channel FROM doors WHERE address = :a ORDER BY 1"), {"a": phone}).all()
        assert list(doors) == ["sms", "whatsapp"]


async def test_a_language_told_is_kept_when_none_was_known(intake: Intake, database: Database) -> None:
    def in_language(language: str) -> Incoming:
        return Incoming("telegram", f"intake-{next(ids)}", "998866", "hi", language=language)

    await store(intake, in_language("en"))
    await store(intake, in_language("nl"))
    with database.begin() as session:
        query = "SELECT language FROM contacts WHERE id = (SELECT contact_id FROM doors WHERE address = '998866')"
        assert session.scalar(sql(query)) == "en"


async def test_one_that_cannot_be_stored_does_not_hold_up_the_others(intake: Intake, database: Database) -> None:
    good, bad = "+31612398003", "no phone at all"
    outcome = await store(intake, said(good, "een"), said(bad), said(good, "twee"))
    assert [type(one) for one in outcome] == [type(None), ValueError, type(None)]
    assert [text for _, _, text in stored(database, good)] == ["een", "twee"]


async def test_signs_that_the_database_cannot_hold_are_left_out(intake: Intake, database: Database) -> None:
    phone = "+31612398004"
    assert await store(intake, said(phone, "a\0b 'c' \"d\" \\ 🙂 \u202e")) == [None]
    assert [text for _, _, text in stored(database, phone)] == ["ab 'c' \"d\" \\ 🙂 \u202e"]


async def test_without_a_database_whoever_sent_it_is_told(
    intake: Intake, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Database) -> None:
        raise DatabaseUnavailable("away")

    phone = "+31612398005"
    with monkeypatch.context() as patch:
        patch.setattr(Database, "begin", away)
        outcome = await store(intake, said(phone), said(phone))
    assert [type(one) for one in outcome] == [DatabaseUnavailable] * 2
    assert stored(database, phone) == []
    assert await store(intake, said(phone)) == [None], "and it goes on when the database is back"


async def test_closing_stores_what_waits(database: Database, clock: Clock) -> None:
    intake = Intake(database, clock)
    phone = "+31612398006"
    waiting = [asyncio.ensure_future(intake.store(said(phone, str(number)))) for number in range(30)]
    await asyncio.sleep(0)
    await asyncio.to_thread(intake.close)
    await asyncio.gather(*waiting)
    assert [text for _, _, text in stored(database, phone)] == [str(number) for number in range(30)]


async def test_the_floor_knows_who_waits_until_all_is_stored(
    intake: Intake, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[bool] = []
    monkeypatch.setattr("care.floor._LATE_SECONDS", -1.0)
    keep = Intake._store

    def store_and_look(self: Intake, messages: list[Said]) -> None:
        waiting.append(database.floor._is_late())
        keep(self, messages)

    monkeypatch.setattr(Intake, "_store", store_and_look)
    # The thread has the method already that it got when it was made.
    fresh = Intake(database, intake._clock)
    try:
        assert await store(fresh, said("+31612398009"), said("not a number")) != [None, None]
    finally:
        fresh.close()
    assert waiting
    assert all(waiting)
    assert not database.floor._is_late()
