import asyncio
import json
import logging
from io import StringIO

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.logs import configure_logs
from worker.db.engine import Sessions

TOKEN = "123456789:" + "AAF" + "x" * 32
NAME, PHONE, TEXT = "Anastasia Petrowna", "+49 151 23456789", "my back hurts since Tuesday"
HOSTILE = f"{NAME} {PHONE} {TEXT} https://api.telegram.org/bot{TOKEN}/sendMessage"


class Log:
    """Everything this process logs, as it would be written on standard output."""

    def __init__(self, form: str) -> None:
        structlog.reset_defaults()
        configure_logs("DEBUG", form)
        self._stream = StringIO()
        (handler,) = logging.getLogger().handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(self._stream)

    def __call__(self) -> str:
        return self._stream.getvalue()


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Log:
    return Log(getattr(request, "param", "json"))


def fail() -> None:
    raise ValueError(HOSTILE)


def clean(log: str) -> bool:
    told = log + log.encode().decode("unicode_escape", errors="replace")
    return not any(part in told for part in (NAME, PHONE, TEXT, TOKEN, TOKEN.partition(":")[2]))


def test_an_error_is_told_by_place_and_type(written: Log) -> None:
    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError(f"while serving {NAME}") from error
    except RuntimeError:
        structlog.get_logger().exception("it broke", update_id=7)
    log = written()
    line = json.loads(log)
    assert (line["event"], line["update_id"], line["level"]) == ("it broke", 7, "error")
    first, *_, last = line["exception"].splitlines()
    assert first.endswith("in test_an_error_is_told_by_place_and_type")
    assert "builtins.ValueError" in line["exception"].splitlines()
    assert last == "builtins.RuntimeError"
    assert clean(log)


def test_so_is_each_error_of_a_group(written: Log) -> None:
    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(fail))

    try:
        asyncio.run(run())
    except* ValueError:
        structlog.get_logger().exception("it broke")
    log = written()
    assert "ExceptionGroup" in log
    assert "builtins.ValueError" in log
    assert clean(log)


def test_what_is_about_a_machine_is_told_in_full(written: Log) -> None:
    try:
        raise ConnectionRefusedError(111, "Connection refused")
    except OSError:
        structlog.get_logger().exception("no way")
    assert "Connection refused" in written()


async def test_what_postgresql_refuses_is_told_by_its_code(written: Log, sessions: Sessions) -> None:
    try:
        async with sessions.begin() as session:
            await session.execute(text("SELECT 'Anna'::int"))
    except DBAPIError:
        structlog.get_logger().exception("it failed")
    told = json.loads(written().splitlines()[-1])["exception"]
    assert "InvalidTextRepresentationError: SQLSTATE 22P02 in pg_strtoint32_safe\n" in told
    assert told.endswith("DBAPIError: SQLSTATE 22P02")
    assert "Anna" not in told


def test_tokens_are_taken_out_of_every_field(written: Log) -> None:
    structlog.get_logger().info(f"calling {TOKEN}", address=f"https://api.telegram.org/bot{TOKEN}/getMe")
    log = written()
    assert TOKEN not in log
    assert log.count("<token>") == 2


def test_other_libraries_are_written_in_the_same_form(written: Log) -> None:
    logging.getLogger("somebody").warning("one\nvalue=%s", NAME)
    try:
        fail()
    except ValueError:
        logging.getLogger("somebody").exception("two")
    log = written()
    assert [json.loads(line)["event"] for line in log.splitlines()] == ["one", "two"]
    assert clean(log)


def test_a_forgotten_tasks_error_is_not_quoted(written: Log) -> None:
    async def run() -> None:
        asyncio.get_running_loop().call_exception_handler(
            {
                "message": "Task exception was never retrieved",
                "exception": ValueError(HOSTILE),
                "task": HOSTILE,
            }
        )

    asyncio.run(run())
    log = written()
    assert "Task exception was never retrieved" in log
    assert clean(log)


@pytest.mark.parametrize("written", ["json", "console"], indirect=True)
def test_in_both_forms(written: Log) -> None:
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("it broke", address=TOKEN)
    assert "it broke" in written()
    assert clean(written())
