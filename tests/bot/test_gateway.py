from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from bot.brain import Brain
from bot.gateway import Gateway, create_app
from bot.jobs import Worker
from bot.web.limits import LARGEST_BODY, RateLimit
from bot.web.pages import _ANSWER_WITHIN_SECONDS as ANSWER_WITHIN
from bot.web.pages import Pages
from care import outbox
from care.clock import Clock
from care.database import Database, DatabaseUnavailable
from care.models import Contact, Door, Inbox, Outbox

KEY = "a key for the tests only"
JSON = {"accept": "application/json"}


@pytest.fixture
def gateway(database: Database, clock: Clock) -> Gateway:
    return Gateway(database, clock, KEY, None, lambda: True)


@pytest.fixture
def client(gateway: Gateway) -> Iterator[TestClient]:
    with TestClient(create_app(gateway), follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def _at_work(database: Database, brain: Brain) -> Iterator[None]:
    worker = Worker(database, brain.handle)
    worker.start()
    yield
    worker.stop()


def form(page: str) -> dict[str, str]:
    """The hidden fields of the writing form."""
    writing = page[page.index('action="/say"') :]
    return {
        name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', writing)[1])
        for name in ("token", "message_id")
    }


def said(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<li class="(\w+)".*?<span class="text" lang="\w+">(.*?)</span>', page, re.S)
    return [(who, html.unescape(text)) for who, text in found]


def say(client: TestClient, text: str, **more: Any) -> Any:
    fields = {**form(client.get("/").text), "text": text, **more.pop("fields", {})}
    return client.post("/say", data=fields, **more)


def inbox_count(database: Database) -> int:
    with database.begin() as session:
        return session.query(Inbox).count()


# The conversation


@pytest.mark.usefixtures("_at_work")
def test_without_a_script_a_message_is_sent_and_its_answer_stands_on_the_page(client: TestClient) -> None:
    answer = say(client, "dag")
    assert (answer.status_code, answer.headers["location"]) == (303, "/#end")
    assert said(client.get("/").text) == [("theirs", "dag"), ("ours", "U zei: dag."), ("ours", "Dat was bericht 1.")]


@pytest.mark.usefixtures("_at_work")
def test_history_survives_a_reload_and_a_new_process(client: TestClient, database: Database, clock: Clock) -> None:
    say(client, "dag")
    anew = TestClient(create_app(Gateway(database, clock, KEY, None, lambda: True)), cookies=client.cookies)
    assert said(anew.get("/").text)[0] == ("theirs", "dag")


@pytest.mark.usefixtures("_at_work")
def test_the_script_gets_the_conversation_and_what_is_shown_counts_as_delivered(
    client: TestClient, database: Database
) -> None:
    assert say(client, "vraag", headers=JSON).status_code == 202
    talk = client.get("/messages?wait=1", headers=JSON).json()
    assert talk["awaiting"] is False
    [theirs, ours] = talk["messages"]
    assert (theirs["ours"], theirs["text"]) == (False, "vraag")
    assert ours["options"] == [{"key": "1", "text": "De ene"}, {"key": "2", "text": "De andere"}]
    with database.begin() as session:
        assert session.get(Outbox, int(ours["id"][1:])).status == "delivered"


@pytest.mark.usefixtures("_at_work")
def test_options_are_buttons_that_send_their_key(client: TestClient) -> None:
    say(client, "vraag")
    page = client.get("/").text
    assert re.findall(r'<button name="choice" value="(\d)" lang="nl"', page) == ["1", "2"]
    client.post("/say", data={**form(page), "text": "", "choice": "2"})
    assert ("theirs", "2") in said(client.get("/").text)
    assert 'name="choice"' not in client.get("/").text


def test_who_waits_for_an_answer_that_does_not_come_is_told_so_after_a_while(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.pages._ANSWER_WITHIN_SECONDS", 0.2)
    say(client, "dag", headers=JSON)
    started = time.monotonic()
    assert client.get("/messages?wait=1", headers=JSON).json()["awaiting"] is True
    assert time.monotonic() - started >= 0.2


def test_nobody_waits_for_a_brain_that_is_not_there(database: Database, clock: Clock) -> None:
    client = TestClient(create_app(Gateway(database, clock, KEY, None, lambda: False)))
    started = time.monotonic()
    say(client, "dag", headers=JSON)
    assert client.get("/messages?wait=1", headers=JSON).json()["awaiting"] is True
    assert time.monotonic() - started < ANSWER_WITHIN


async def test_many_who_wait_do_not_hold_up_others(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.pages._ANSWER_WITHIN_SECONDS", 60.0)
    gateway.said_limit = gateway.seen_limit = RateLimit(burst=1000, per_minute=1000)
    transport = httpx.ASGITransport(app=create_app(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as visitor:
        fields = form((await visitor.get("/")).text)
        await visitor.post("/say", data={**fields, "text": "dag"}, headers=JSON)
        # More than there are threads for what may block.
        waiting = [asyncio.create_task(visitor.get("/messages?wait=1", timeout=60)) for _ in range(60)]
        await asyncio.sleep(0.5)
        answer = await visitor.post("/say", data={**fields, "text": "hallo"}, headers=JSON)
        assert answer.status_code == 202
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def test_two_visitors_do_not_see_each_other(client: TestClient, gateway: Gateway) -> None:
    say(client, "een geheim", headers=JSON)
    other = TestClient(create_app(gateway))
    assert "geheim" not in other.get("/").text
    assert other.get("/messages", headers=JSON).json()["messages"] == []


def test_the_same_form_sent_twice_counts_once(client: TestClient, database: Database) -> None:
    fields = {**form(client.get("/").text), "text": "dag"}
    before = inbox_count(database)
    for _ in range(3):
        assert client.post("/say", data=fields, headers=JSON).status_code == 202
    assert inbox_count(database) == before + 1


def test_a_reminder_stands_on_the_page_when_it_is_due(client: TestClient, database: Database, clock: Clock) -> None:
    say(client, "dag", headers=JSON)
    visitor = client.app.state.gateway.visitors.of(_request(client))
    with database.begin() as session:
        contact = (
            session.query(Contact).join(Door, Door.contact_id == Contact.id).filter(Door.address == visitor.id).one()
        )
        due = clock.now() + timedelta(hours=1)
        outbox.put(session, contact=contact, channel="web", text="Straks komt Maria.", now=clock.now(), due=due)
    assert "Maria" not in client.get("/").text
    clock.move(due)
    assert said(client.get("/").text)[-1] == ("ours", "Straks komt Maria.")


def _request(client: TestClient) -> Any:
    from starlette.requests import Request

    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


# What is shown


def test_what_people_write_is_shown_as_text(client: TestClient) -> None:
    say(client, "<script>alert(1)</script>", headers=JSON)
    page = client.get("/").text
    assert "<script>alert" not in page
    assert ("theirs", "<script>alert(1)</script>") in said(page)


def test_the_page_is_made_for_keyboard_and_screen_reader(client: TestClient) -> None:
    page = client.get("/").text
    assert '<html lang="nl"' in page
    assert re.search(r'class="skip" href="#text"', page)
    assert 'role="log" aria-live="polite"' in page
    assert '<label for="text">' in page
    assert "<noscript>" not in page
    assert not re.search(r"<script(?![^>]* src=)", page), "no inline script: the policy would block it"
    assert " style=" not in page
    assert " onclick=" not in page


def test_while_an_answer_is_awaited_the_page_without_script_has_a_link_to_look_again(client: TestClient) -> None:
    assert "<noscript>" not in client.get("/").text
    say(client, "dag", headers=JSON)
    page = client.get("/").text
    assert re.search(r'<noscript><a href="/\?again=[\w-]+#end">[^<]+</a></noscript>', page)
    assert "refresh" not in page, "it would throw away what is being written"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("nl-NL,nl;q=0.9,en;q=0.8", "nl"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.5", "en"), ("ja", "nl"), ("", "nl")],
)
def test_the_page_speaks_the_browsers_language(client: TestClient, wanted: str, language: str) -> None:
    assert f'<html lang="{language}"' in client.get("/", headers={"accept-language": wanted}).text


def test_the_language_can_be_switched_and_stays(client: TestClient, database: Database) -> None:
    token = form(client.get("/").text)["token"]
    assert client.post("/language", data={"token": token, "language": "en"}).status_code == 303
    assert '<html lang="en"' in client.get("/", headers={"accept-language": "nl"}).text
    say(client, "hello", headers=JSON)
    with database.begin() as session:
        last = session.query(Inbox).order_by(Inbox.id.desc()).first()
        assert last.payload == {"language": "en"}


def test_an_unknown_language_changes_nothing(client: TestClient) -> None:
    token = form(client.get("/").text)["token"]
    client.post("/language", data={"token": token, "language": "xx"})
    assert '<html lang="nl"' in client.get("/").text


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    words = Pages()._words
    assert words["nl"].keys() == words["en"].keys()
    assert {"title", "send", "skip", "error_expired"} <= words["nl"].keys()


# What is refused


@pytest.mark.parametrize("token", ["", "nonsense", None])
def test_a_form_without_our_token_is_refused(client: TestClient, database: Database, token: str | None) -> None:
    before = inbox_count(database)
    fields = {"token": token} if token is not None else {"token": form(TestClient(client.app).get("/").text)["token"]}
    answer = say(client, "dag", fields=fields)
    assert answer.status_code == 403
    assert inbox_count(database) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_a_form_from_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert say(client, "dag", headers=headers).status_code == 403


def test_our_own_origin_and_the_public_one_are_taken(database: Database, clock: Clock) -> None:
    gateway = Gateway(database, clock, KEY, "https://thuisbel.example", lambda: True)
    client = TestClient(create_app(gateway), base_url="https://testserver")
    for origin in ("https://testserver", "https://thuisbel.example"):
        assert say(client, f"dag {origin}", headers={**JSON, "origin": origin}).status_code == 202


@pytest.mark.parametrize("cookie", ["nonsense", "eyJpZCI6IngifQ.bad-signature", ""])
def test_a_forged_cookie_is_nobody(client: TestClient, cookie: str) -> None:
    assert client.get("/messages", headers={**JSON, "cookie": f"thuisbel={cookie}"}).status_code == 403


def test_a_cookie_of_another_installation_is_nobody(client: TestClient, database: Database, clock: Clock) -> None:
    client.get("/")
    other = TestClient(create_app(Gateway(database, clock, "another key entirely", None, lambda: True)))
    other.cookies = client.cookies
    assert other.get("/messages", headers=JSON).status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(database: Database, clock: Clock) -> None:
    gateway = Gateway(database, clock, KEY, "https://thuisbel.example", lambda: True)
    cookie = TestClient(create_app(gateway)).get("/").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" in cookie


def test_who_asks_too_much_has_to_wait(gateway: Gateway, clock: Clock) -> None:
    gateway.said_limit = RateLimit(burst=2, per_minute=1)
    client = TestClient(create_app(gateway))
    answers = [say(client, f"bericht {number}", headers=JSON).status_code for number in range(4)]
    assert answers == [202, 202, 429, 429]


@pytest.mark.parametrize(("text", "status"), [("", 422), ("   ", 422), ("x" * 4001, 422), ("x" * 4000, 202)])
def test_what_is_no_message_is_refused(client: TestClient, text: str, status: int) -> None:
    assert say(client, text, headers=JSON).status_code == status


def test_a_body_too_large_is_refused_said_or_not(client: TestClient) -> None:
    large = b"x" * (LARGEST_BODY + 1)
    header = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/say", content=large, headers=header).status_code == 413
    chunks = (large[start : start + 8192] for start in range(0, len(large), 8192))
    assert client.post("/say", content=chunks, headers=header).status_code == 413


@pytest.mark.parametrize(
    "path",
    ["/channels/twilio/messages", "/channels/twilio/voice", "/channels/telegram", "/docs", "/openapi.json", "/nothing"],
)
def test_what_is_not_open_is_not_found(client: TestClient, path: str) -> None:
    assert client.post(path).status_code == 404
    assert client.get(path).status_code == 404


def test_every_answer_carries_the_headers_that_protect_it(client: TestClient) -> None:
    for path in ("/", "/health", "/static/chat.js", "/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


# Health


def test_it_is_up_at_once_and_ready_when_everything_is(database: Database, clock: Clock) -> None:
    warm = [False]
    client = TestClient(create_app(Gateway(database, clock, KEY, None, lambda: warm[0])))
    assert client.get("/health").status_code == 200
    assert (client.get("/ready").status_code, client.get("/ready").json()["brain"]) == (503, False)
    warm[0] = True
    assert client.get("/ready").status_code == 200


def test_without_the_database_it_is_not_ready_and_says_so_kindly(
    client: TestClient, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/")

    def gone(_: Database) -> Any:
        raise DatabaseUnavailable("The database cannot be reached.")

    monkeypatch.setattr(Database, "begin", gone)
    assert client.get("/ready").json() == {"brain": True, "database": False}
    assert client.get("/ready").status_code == 503
    page = client.get("/")
    assert page.status_code == 503
    assert "112" in page.text
    assert client.get("/health").status_code == 200
