import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.addresses import base_environment
from shared.bot_settings import BotSettings
from shared.environment import ENV_FILE, InvalidSettingsError
from shared.environment_settings import EnvironmentSettings
from shared.settings import CommonSettings, WorkerSettings, load
from tests.running import ROOT

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


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory in which a process of ours reads `.env`, as it does outside of tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(ENV_FILE)
    return tmp_path


def test_a_file_in_the_working_directory_is_read(directory: Path) -> None:
    (directory / ".env").write_text(f"# mine\nBOT_TOKEN='{TOKEN}'\nADMIN_IDS=1,2\nLOG_LEVEL=\nOTHERS=x\n")
    settings = load(WorkerSettings)
    assert settings.bot_token.get_secret_value() == TOKEN
    assert (sorted(settings.admin_ids), settings.log_level) == ([1, 2], "INFO")


def test_the_environment_wins_over_that_file(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory / ".env").write_text(f"BOT_TOKEN={TOKEN}\nLOG_LEVEL=ERROR\nBOT_PORT=1\n")
    (directory / "token").write_text(TOKEN.replace("123", "321"))
    monkeypatch.setenv("BOT_TOKEN_FILE", "token")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("BOT_PORT", "")
    settings = load(BotSettings)
    assert (settings.bot_id, settings.log_level, settings.bot_port) == (321456789, "DEBUG", 1)


def test_that_file_may_name_files(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory / ".env").write_text("BOT_TOKEN_FILE=token\n")
    (directory / "token").write_text(TOKEN)
    assert load(CommonSettings).bot_id == 123456789
    monkeypatch.setenv("BOT_TOKEN", TOKEN.replace("123", "321"))
    assert load(CommonSettings).bot_id == 321456789


def test_that_file_may_have_another_name(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory / ".env").write_text("LOG_LEVEL=loud\n")
    (directory / "mine").write_text(f"BOT_TOKEN={TOKEN}\n")
    monkeypatch.setenv(ENV_FILE, "mine")
    assert load(CommonSettings).log_level == "INFO"
    (directory / "mine").unlink()
    assert refusal(CommonSettings).startswith(f"{ENV_FILE} names mine, which cannot be read: No such file")


def test_that_file_holds_text_or_is_none(directory: Path) -> None:
    (directory / ".env").write_bytes(b"\xff\xfe\x00")
    assert refusal(CommonSettings) == "The working directory holds .env, which holds no text"
    (directory / ".env").unlink()
    (directory / ".env").mkdir()  # some name their virtual environment so
    assert refusal(CommonSettings) == "BOT_TOKEN is not set."


POISON = "BOT_TOKEN=x\nLOG_LEVEL=loud\nBOT_PORT=-1\nDATABASE_URL=mysql://x\nREDIS_URL=x\nWORKER_QUEUES=all\n"
PROGRAM = """
from shared.bot_settings import BotSettings
from shared.settings import WorkerSettings, load
for kind in (BotSettings, WorkerSettings):
    assert load(kind).log_level == "INFO"
"""


def test_the_file_of_whoever_runs_the_tests_is_read_by_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(POISON)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    for kind in (BotSettings, WorkerSettings):
        assert load(kind).log_level == "INFO"
    for inherited in (os.environ, {**base_environment(), "BOT_TOKEN": TOKEN}):
        variables = {**inherited, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", PROGRAM], env=variables, check=True)


def test_a_token_that_is_none_is_refused_without_being_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "hunter2")
    with pytest.raises(InvalidSettingsError, match="BOT_TOKEN is not a bot token") as refused:
        load(CommonSettings)
    assert "hunter2" not in str(refused.value)


WRONG = {
    "ADMIN_IDS": (
        "1000,x",
        "has to be Telegram ids, which are whole numbers, separated by commas; 'x' is none",
    ),
    "BACKUP_METRICS_URL": ("backup", "has to be an address like http://backup:9102/metrics"),
    "BOT_MODE": ("push", "has to be one of: polling webhook"),
    "BOT_PORT": ("70000", "has to be a whole number from 1 to 65535"),
    "BOT_TOKEN": ("x", "is not a bot token: @BotFather gives one that looks like 7012345678:AAE…"),
    "DATABASE_POOL": ("0", "has to be a whole number from 1 up"),
    "DATABASE_URL": ("mysql://x", "must start with postgresql+asyncpg://"),
    "LOG_FORMAT": ("xml", "has to be one of: json console"),
    "LOG_LEVEL": ("loud", "has to be one of: DEBUG INFO WARNING ERROR"),
    "OTLP_ENDPOINT": ("collector", "has to be an address like http://collector:4318"),
    "REDIS_URL": ("x", "must be an address like redis://host:6379/0; rediss:// and unix:// work too"),
    "RETENTION_DAYS": ("-1", "has to be a whole number from 0 to 36500"),
    "SENTRY_DSN": ("x", "has to be an address like https://key@host/project"),
    "TELEGRAM_API_URL": ("api.telegram.org", "has to be an address like https://api.telegram.org"),
    "THROTTLE_PER_SECOND": ("0", "has to be a number above 0"),
    "TRUSTED_PROXIES": (
        "10.0.0.0/8,x",
        "has to be networks like 149.154.160.0/20, separated by commas; 'x' is none",
    ),
    "WORKER_LEASE_SECONDS": ("soon", "has to be a number from 0.5 up"),
    "WORKER_QUEUES": ("all", "has to be one of: interactive,delivery interactive delivery"),
}
ANYTHING = {"BOT_HOST", "WORKER_METRICS_HOST", "WEBHOOK_URL", "WEBHOOK_SECRET"}
"""What any text may be, or what is looked at in webhook mode alone."""
LIBRARYS = ("Input should", "unable to parse", "valid", "Value error", "pydantic")


def refusal(kind: type[EnvironmentSettings]) -> str:
    with pytest.raises(InvalidSettingsError) as refused:
        load(kind)
    return str(refused.value)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_wrong_is_said_in_our_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value, words = WRONG[name]
    kind = BotSettings if name.lower() in BotSettings.model_fields else WorkerSettings
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv(name, value)
    assert refusal(kind) == f"{name} {words}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMIN_IDS", "99999999999999999999"),
        ("ADMIN_IDS", "-100123"),
        ("SEND_PER_CHAT", "inf"),
        ("WATCHDOG_SECONDS", "1e400"),
        ("WORKER_LEASE_SECONDS", "nan"),
    ],
)
def test_a_number_that_nothing_can_hold_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each message to such a person, and each wait of that length, would fail for good."""
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv(name, value)
    assert refusal(WorkerSettings).startswith(f"{name} has to be ")


@pytest.mark.parametrize("kind", [BotSettings, WorkerSettings])
def test_every_setting_is_read_somewhere(kind: type[EnvironmentSettings]) -> None:
    files = (path for room in ("bot", "shared", "worker") for path in (ROOT / room).rglob("*.py"))
    read = {name for path in files for name in re.findall(r"\.(\w+)", path.read_text())}
    assert kind.model_fields.keys() - read == set()


@pytest.mark.parametrize("kind", [BotSettings, WorkerSettings])
def test_no_setting_at_all_is_refused_in_the_librarys_words(
    kind: type[EnvironmentSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = {name.upper() for name in kind.model_fields} - ANYTHING
    for name in checked:
        monkeypatch.setenv(name, "no, never")
    lines = refusal(kind).splitlines()
    assert {line.split()[0] for line in lines} == checked
    assert not [line for line in lines if any(words in line for words in LIBRARYS)]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "postgres://u@h/b", "must start with postgresql+asyncpg://"),
        ("DATABASE_URL", "postgresql+asyncpg://u@h:abc/b", "must look like postgresql+asyncpg://user"),
        ("DATABASE_URL", "postgresql+asyncpg://u@h:99999/b", "must look like postgresql+asyncpg://user"),
        ("DATABASE_URL", "postgresql+asyncpg://u:hush#x@h/b", "in a password, @ : / ? # are written"),
        ("DATABASE_URL", "postgresql+asyncpg://u:12#hush@h/b", "in a password, @ : / ? # are written"),
        ("DATABASE_URL", "postgresql+asyncpg://u@h", "names no database"),
        ("DATABASE_URL", "postgresql+asyncpg:///b", "names no host"),
        ("DATABASE_URL", "postgresql+asyncpg://u@h/b?sslmode=require", "has an option that is none of"),
        ("DATABASE_URL", "postgresql+asyncpg://u:12?hush@h/b", "has an option that is none of"),
        ("DATABASE_URL", "postgresql+asyncpg://u@h/b?ssl=yes", "has an ssl that is none of: disable allow"),
        ("REDIS_URL", "http://h:6379/0", "must be an address like redis://host:6379/0"),
        ("REDIS_URL", "redis://h:abc/0", "must be an address like redis://host:6379/0"),
        ("REDIS_URL", "redis://:12/hush@h/0", "names a database that is no number"),
        ("REDIS_URL", "redis://h/0?hush=1", "has an option that is none of"),
        ("REDIS_URL", "redis://h/0?db=x", "names a database that is no number"),
        ("REDIS_URL", "redis://", "must be an address like redis://host:6379/0"),
    ],
)
def test_an_address_with_a_slip_is_a_sentence_without_its_password(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv(name, value)
    said = refusal(WorkerSettings)
    assert words in said
    assert "hush" not in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql+asyncpg://bell%40hop:p%3Aw@db.example:5433/shop?ssl=require"),
        ("DATABASE_URL", "postgresql+asyncpg://bellhop@/shop?host=/var/run/postgresql"),
        ("DATABASE_URL", "postgresql+asyncpg://u@[::1]:5432/shop"),
        ("REDIS_URL", "rediss://:hush@redis.example:6380/1?ssl_cert_reqs=required"),
        ("REDIS_URL", "redis://redis:6379"),
        ("REDIS_URL", "unix:///run/valkey.sock?db=3"),
    ],
)
def test_addresses_of_every_kind_are_taken(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv(name, value)
    settings = load(WorkerSettings)
    assert value in {settings.database_url.get_secret_value(), settings.redis_url}


WEBHOOK = {"BOT_MODE": "webhook", "WEBHOOK_SECRET": "s3cret", "BOT_TOKEN": TOKEN}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://bot.example.com", "WEBHOOK_URL has to begin with https://: Telegram calls nothing else"),
        ("bot.example.com", "WEBHOOK_URL has to be an address like https://bot.example.com"),
        (
            "https://bot.example.com:8080",
            "WEBHOOK_URL has to be on port 443, 80, 88 or 8443: Telegram calls no other",
        ),
    ],
)
def test_a_webhook_that_telegram_would_not_call_is_refused(
    address: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**WEBHOOK, "WEBHOOK_URL": address}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)
    assert refusal(BotSettings) == sentence


def test_a_bot_api_server_of_ones_own_may_call_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**WEBHOOK, "WEBHOOK_URL": "http://bot:8080"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://telegram:8081")
    assert load(BotSettings).webhook_url == "http://bot:8080"
