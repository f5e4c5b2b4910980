from __future__ import annotations

from pathlib import Path

import yaml

from bot.rasa_agent import our_actions
from bot.rasa_domain import rasa_domain
from bot.settings import ROOT
from nlu.reading import ACTS


def test_the_files_become_one_domain_without_our_sentences(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        'version: "3.1"\nintents: [book]\nactions: [action_book]\nresponses: {ask_a: [{text: a}]}\n'
    )
    (tmp_path / "b.yml").write_text("intents: [skip]\nsession_config: {session_expiration_time: 0}\n")
    (tmp_path / "c.yml").write_text("responses: {utter_c: [{text: c}], say_c: [{text: cc}]}\n")
    (tmp_path / "empty.yml").write_text("# nothing yet\n")
    assert rasa_domain(tmp_path) == {
        "version": "3.1",
        "intents": ["book", "skip"],
        "actions": ["action_book"],
        "session_config": {"session_expiration_time": 0},
        "responses": {"utter_c": [{"text": "c"}]},
    }


def test_our_domain_has_an_action_for_every_rule() -> None:
    domain = rasa_domain()
    assert set(ACTS) <= set(domain["intents"])
    assert set(domain["actions"]) >= {f"action_{intent}" for intent in domain["intents"]}


def test_every_rule_ends_with_its_one_action() -> None:
    # The agent predicts nothing after an action of ours: a second one in a rule would never be run.
    rules = [rule for path in (ROOT / "stories").glob("*.yml") for rule in yaml.safe_load(path.read_text())["rules"]]
    assert rules
    for rule in rules:
        assert [next(iter(step)) for step in rule["steps"]] == ["intent", "action"], rule["rule"]


def test_every_action_of_the_domain_is_there_to_be_called() -> None:
    assert {action().name() for action in our_actions()} == set(rasa_domain()["actions"])
