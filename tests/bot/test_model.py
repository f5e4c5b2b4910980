from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest

from bot import model
from bot.settings import ROOT, Settings


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A small copy of what the model is trained from."""
    for name, text in {
        "config.yml": "recipe: default.v1",
        "uv.lock": "rasa 3.6.21",
        "nlu/data/nl/book.yml": "voorbeelden",
        "nlu/reader.py": "code",
        "stories/book.yml": "regels",
        "bot/domain/core.yml": "intents: [book]\nresponses: {ask_time: [{text: Hoe laat?}], utter_x: [{text: Dag}]}",
        "care/catalogue.yml": "diensten",
        "care/booking.py": "boeken",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["config.yml", "uv.lock", "nlu/data/nl/book.yml", "nlu/reader.py", "stories/book.yml", "care/catalogue.yml"],
)
def test_the_key_changes_with_what_the_model_is_trained_from(sources: Path, name: str) -> None:
    before = model.model_key(sources)
    (sources / name).write_text("iets anders")
    assert model.model_key(sources) != before


def test_the_key_stays_when_nothing_of_it_changed(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = model.model_key(sources)
    (sources / "care/booking.py").write_text("anders boeken")
    (sources / "nlu/__pycache__").mkdir()
    (sources / "nlu/__pycache__/reader.cpython-310.pyc").write_bytes(b"\0")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "checkout"
    shutil.copytree(sources, elsewhere)
    os.utime(elsewhere / "config.yml", (0, 0))
    assert model.model_key(sources) == model.model_key(elsewhere) == before


@pytest.mark.parametrize(
    ("domain", "same"),
    [
        ("intents: [book]\nresponses: {ask_time: [{text: Welke tijd?}], utter_x: [{text: Dag}]}", True),
        ("intents: [book, skip]\nresponses: {utter_x: [{text: Dag}]}", False),
        ("intents: [book]\nresponses: {utter_x: [{text: Hallo}]}", False),
    ],
)
def test_our_own_sentences_need_no_training_but_the_rest_of_the_domain_does(
    sources: Path, domain: str, same: bool
) -> None:
    before = model.model_key(sources)
    (sources / "bot/domain/core.yml").write_text(domain)
    assert (model.model_key(sources) == before) is same


def test_a_renamed_file_changes_the_key(sources: Path) -> None:
    before = model.model_key(sources)
    (sources / "stories/book.yml").rename(sources / "stories/boek.yml")
    assert model.model_key(sources) != before


def test_a_model_that_is_there_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=tmp_path, cache=tmp_path)
    path = model.model_path(settings)
    path.parent.mkdir()
    path.write_bytes(b"a model")
    monkeypatch.setattr(model, "_train", lambda *_: pytest.fail("trained"))
    assert model.ensure_model(settings) == path


def test_a_model_is_trained_once_and_old_ones_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=tmp_path, cache=tmp_path)
    monkeypatch.setattr(model, "ROOT", tmp_path)
    (tmp_path / "config.yml").touch()
    (tmp_path / "models").mkdir()
    for number in range(6):
        old = tmp_path / "models" / f"old{number}.tar.gz"
        old.write_bytes(b"old")
        os.utime(old, (number, number))
    trained = []

    def train(_: Settings, path: Path) -> None:
        trained.append(path)
        path.write_bytes(b"new")

    monkeypatch.setattr(model, "_train", train)
    path = model.ensure_model(settings)
    assert model.ensure_model(settings) == path
    assert trained == [path]
    assert sorted(p.name for p in path.parent.glob("old*")) == ["old3.tar.gz", "old4.tar.gz", "old5.tar.gz"]


def test_without_a_checkout_the_model_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "ROOT", tmp_path)
    with pytest.raises(model.UserError, match=r"no config\.yml"):
        model.ensure_model(Settings(data=tmp_path, cache=tmp_path))


def test_a_failing_training_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=tmp_path, cache=tmp_path)
    monkeypatch.setattr(model, "ROOT", tmp_path)
    (tmp_path / "config.yml").touch()
    monkeypatch.setattr(model.sys, "executable", str(_failing_python(tmp_path)))
    with pytest.raises(model.UserError, match=r"training the model failed:\nno such intent"):
        model.ensure_model(settings)
    assert not list((tmp_path / "models").glob("*.tar.gz"))


def _failing_python(folder: Path) -> Path:
    script = folder / "python"
    script.write_text("#!/bin/sh\necho no such intent\nexit 3\n")
    script.chmod(0o755)
    return script


def test_the_steps_of_training_are_followed() -> None:
    assert model._follow(io.StringIO("step: een\nruis\nstep: twee\n")) == ["step: een", "ruis", "step: twee"]


def test_the_repository_has_what_the_model_is_made_from() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in model._source_files(ROOT)}
    assert names == {"config.yml", "stories", "bot", "nlu", "care", "uv.lock"}
