from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.secret import installation_key
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", cache=tmp_path / "cache")


def test_a_key_is_made_once_and_only_for_its_owner(settings: Settings) -> None:
    key = installation_key(settings)
    assert len(key) >= 32
    assert installation_key(settings) == key
    assert stat.S_IMODE((settings.data / "key").stat().st_mode) == 0o600
    assert [path.name for path in settings.data.iterdir()] == ["key"]


def test_a_key_given_is_used_and_none_is_kept(settings: Settings) -> None:
    assert installation_key(replace(settings, key="g" * 20)) == "g" * 20
    assert not settings.data.exists()


def test_a_damaged_key_is_told(settings: Settings) -> None:
    settings.data.mkdir()
    (settings.data / "key").write_text("kort")
    with pytest.raises(UserError, match="damaged"):
        installation_key(settings)


def test_a_folder_that_cannot_be_written_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="cannot be read or made"):
        installation_key(settings)
