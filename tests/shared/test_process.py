"""How a process ends where it cannot do its work: with a sentence and an exit code, and no traceback."""

import asyncio
import os
import signal

import pytest

from shared.process import BAD_SETTINGS, FAILED, CannotRunError, PortTakenError, run_process, stop_on_signals
from shared.settings import CommonSettings
from tests.bot.updates import TOKEN

IN_VAIN = CannotRunError("Nobody is there.")


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")


def raising(error: Exception) -> int:
    def work(_: CommonSettings) -> None:
        raise error

    return run_process("bot", CommonSettings, work)


def test_work_that_is_done_is_success() -> None:
    given: list[CommonSettings] = []
    assert run_process("bot", CommonSettings, given.append) == 0
    assert given[0].bot_token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    "error",
    [
        IN_VAIN,
        ExceptionGroup("tasks", [IN_VAIN]),
        ExceptionGroup("tasks", [ExceptionGroup("more", [IN_VAIN]), CannotRunError("Nobody is there.")]),
    ],
)
def test_work_that_is_in_vain_says_why_once(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(error) == FAILED
    assert capsys.readouterr().err == "Nobody is there.\n"


def test_a_taken_port_says_what_to_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(PortTakenError("bot", "127.0.0.1", 80, "Permission denied", "BOT_PORT")) == FAILED
    assert capsys.readouterr().err == (
        "The bot cannot listen on 127.0.0.1 port 80: Permission denied. "
        "Change BOT_PORT, or stop what listens there.\n"
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BOT_TOKEN", "", "BOT_TOKEN is not set.\n"),
        ("BELLHOP_FAILPOINTS", "nonsense", "BELLHOP_FAILPOINTS"),
    ],
)
def test_what_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    assert run_process("bot", CommonSettings, lambda _: pytest.fail("it began to work")) == BAD_SETTINGS
    assert capsys.readouterr().err.startswith(sentence)


def test_a_defect_is_nobodys_to_explain() -> None:
    with pytest.raises(ZeroDivisionError):
        raising(ZeroDivisionError())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_work(number: signal.Signals) -> None:
    stopped = asyncio.Event()
    stop_on_signals(stopped.set)
    os.kill(os.getpid(), number)
    await stopped.wait()
