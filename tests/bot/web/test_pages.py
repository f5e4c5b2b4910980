"""Choosing how the page looks, over HTTP; the conversation itself is in test_gateway.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.gateway import Gateway, create_app
from care.clock import Clock
from care.database import Database

KEY = "a key for the tests only"
JSON = {"accept": "application/json"}


@pytest.fixture
def client(database: Database, clock: Clock) -> Iterator[TestClient]:
    gateway = Gateway(database, clock, KEY, None, lambda: True)
    with TestClient(create_app(gateway), follow_redirects=False) as client:
        yield client


def choose(client: TestClient, headers: dict[str, str] | None = None, **choice: str) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', client.get("/").text)[1]
    return client.post("/looks", data={"token": token, **choice}, headers=headers)


def attributes(client: TestClient) -> dict[str, str]:
    return dict(re.findall(r'data-(\w+)="(\w+)"', re.search(r"<html[^>]*>", client.get("/").text)[0]))


def test_a_choice_stays_in_this_browser(client: TestClient) -> None:
    assert attributes(client) == {"size": "normal", "aloud": "off"}
    answer = choose(client, size="large")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?choosing#looks")
    assert choose(client, JSON, contrast="high").status_code == 204
    assert attributes(client) == {"size": "large", "contrast": "high", "aloud": "off"}
    assert attributes(TestClient(client.app)) == {"size": "normal", "aloud": "off"}


def test_the_choices_are_open_after_one_of_them_and_else_closed(client: TestClient) -> None:
    assert '<details id="looks" >' in client.get("/").text
    assert '<details id="looks" open>' in client.get("/?choosing").text


def test_a_choice_of_another_site_or_without_our_token_is_refused(client: TestClient) -> None:
    assert choose(client, {"origin": "https://evil.example"}, size="large").status_code == 403
    assert choose(client, size="large", token="nonsense").status_code == 403
    assert attributes(client)["size"] == "normal"


@pytest.mark.parametrize("value", ["huge", "", "large;path=/", "large\r\nset-cookie: a=b"])
def test_what_does_not_exist_is_not_kept(client: TestClient, value: str) -> None:
    answer = choose(client, size=value)
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith("thuisbel-looks=normal.unset.off;")


def test_a_page_that_says_one_thing_looks_the_same(client: TestClient) -> None:
    choose(client, size="largest")
    page = client.get("/nothing", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert 'data-size="largest"' in page.text


def test_each_message_names_its_language(client: TestClient) -> None:
    texts = {"wie komt er morgen bij mij langs": "nl", "who is coming to see me tomorrow morning": "en"}
    for number, text in enumerate(texts):
        page = client.get("/").text
        token = re.search(r'name="token" value="([^"]+)"', page)[1]
        fields = {"token": token, "message_id": f"0123456789a{number}", "text": text}
        assert client.post("/say", data=fields, headers=JSON).status_code == 202
    messages = client.get("/messages", headers=JSON).json()["messages"]
    assert {message["text"]: message["language"] for message in messages} == texts
    for text, language in texts.items():
        assert f'<span class="text" lang="{language}">{text}</span>' in client.get("/").text
