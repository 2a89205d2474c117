from pathlib import Path

import pytest

from shared.settings import CommonSettings, InvalidSettingsError, load

TOKEN = f"123456789:{'x' * 35}"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "token"
    monkeypatch.delenv("BOT_TOKEN", raising=False)
    monkeypatch.setenv("BOT_TOKEN_FILE", str(path))
    return path


def test_a_setting_is_read_from_a_file(file: Path) -> None:
    file.write_text(f"{TOKEN}\n")
    assert load(CommonSettings).bot_token.get_secret_value() == TOKEN


def test_the_environment_wins_over_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(TOKEN)
    monkeypatch.setenv("BOT_TOKEN", TOKEN.replace("123", "321"))
    assert load(CommonSettings).bot_id == 321456789


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(InvalidSettingsError, match=f"BOT_TOKEN_FILE names {file}, which cannot be read"):
        load(CommonSettings)


def test_a_file_that_holds_no_text_is_named(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidSettingsError, match=f"BOT_TOKEN_FILE names {file}, which holds no text"):
        load(CommonSettings)


def test_a_token_that_is_none_is_refused_without_being_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "hunter2")
    with pytest.raises(InvalidSettingsError, match="BOT_TOKEN is not a bot token") as refused:
        load(CommonSettings)
    assert "hunter2" not in str(refused.value)
