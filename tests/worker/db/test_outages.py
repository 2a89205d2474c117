"""Which failures are waited out: as the real drivers raise them."""

import asyncio
import errno
import socket
import struct
from pathlib import Path

import pytest
from asyncpg import Connection, exceptions
from asyncpg.exceptions import (
    AdminShutdownError,
    InterfaceError,
    InternalClientError,
    PostgresError,
    QueryCanceledError,
    UndefinedTableError,
)
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from shared.telegram.errors import AmbiguousError, FloodError, RefusedError, UnavailableError
from worker.db.engine import Sessions, make_engine
from worker.db.outages import asked_pause, is_outage


async def refuse_with(state: str) -> asyncio.Server:
    """Serve a PostgreSQL that refuses every connection with an SQLSTATE."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        body = f"SFATAL\0VFATAL\0C{state}\0Mrefused\0\0".encode()
        writer.write(b"E" + struct.pack("!I", len(body) + 4) + body)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(refuse, "127.0.0.1", 0)


# Starting up, too many connections, shutting down, wrong password, no such database (yet).
@pytest.mark.parametrize("state", ["57P03", "53300", "57P01", "28P01", "3D000"])
async def test_a_database_that_does_not_let_us_in_is_an_outage(state: str) -> None:
    server = await refuse_with(state)
    port = server.sockets[0].getsockname()[1]
    engine = make_engine(f"postgresql+asyncpg://a:b@127.0.0.1:{port}/c?ssl=disable")
    async with server:
        with pytest.raises(Exception, match="refused") as raised:
            await engine.connect()
    await engine.dispose()
    assert is_outage(raised.value)


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (InterfaceError("connection is closed"), True),
        (InternalClientError("got result for unknown protocol state 3"), True),
        (AdminShutdownError("terminating connection"), True),
        (QueryCanceledError("statement timeout"), False),
        (UndefinedTableError("no such table"), False),
    ],
    ids=repr,
)
def test_what_fails_while_a_connection_is_prepared_comes_as_the_driver_says_it(
    error: Exception, *, outage: bool
) -> None:
    assert is_outage(error) == outage


async def test_a_database_that_is_not_there_is_an_outage() -> None:
    engine = make_engine("postgresql+asyncpg://a:b@127.0.0.1:1/c?ssl=disable")
    with pytest.raises(ConnectionRefusedError) as raised:
        await engine.connect()
    assert is_outage(raised.value)


async def test_a_connection_that_is_cut_in_the_middle_is_an_outage(sessions: Sessions) -> None:
    async with sessions() as session, sessions() as other:
        pid = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DBAPIError) as raised:
            await session.execute(text("SELECT 1"))
        await session.invalidate()
    assert is_outage(raised.value)


async def test_a_connection_out_of_step_is_an_outage(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def out_of_step(*_: object, **__: object) -> None:
        raise InternalClientError("got result for unknown protocol state 3")

    monkeypatch.setattr(Connection, "prepare", out_of_step)
    async with sessions() as session:
        with pytest.raises(DBAPIError) as raised:
            await session.execute(text("SELECT 1"))
    monkeypatch.undo()
    assert is_outage(raised.value)


async def test_a_statement_that_takes_too_long_is_its_own_fault(sessions: Sessions) -> None:
    async with sessions() as session:
        await session.execute(text("SET statement_timeout = 10"))
        with pytest.raises(DBAPIError) as raised:
            await session.execute(text("SELECT pg_sleep(10)"))
        await session.invalidate()
    assert not is_outage(raised.value)


WAITED_OUT = {
    "08000": "connection_exception",
    "08001": "sqlclient_unable_to_establish_sqlconnection",
    "08003": "connection_does_not_exist",
    "08004": "sqlserver_rejected_establishment_of_sqlconnection",
    "08006": "connection_failure",
    "08007": "transaction_resolution_unknown",
    "08P01": "protocol_violation",
    "25006": "read_only_sql_transaction",
    "25P03": "idle_in_transaction_session_timeout",
    "28000": "invalid_authorization_specification",
    "28P01": "invalid_password",
    "3D000": "invalid_catalog_name",
    "40000": "transaction_rollback",
    "40001": "serialization_failure",
    "40002": "transaction_integrity_constraint_violation",
    "40003": "statement_completion_unknown",
    "40P01": "deadlock_detected",
    "53000": "insufficient_resources",
    "53100": "disk_full",
    "53200": "out_of_memory",
    "53300": "too_many_connections",
    "53400": "configuration_limit_exceeded",
    "55P03": "lock_not_available",
    "57000": "operator_intervention",
    "57P01": "admin_shutdown",
    "57P02": "crash_shutdown",
    "57P03": "cannot_connect_now",
    "57P04": "database_dropped",
    "57P05": "idle_session_timeout",
    "58000": "system_error",
    "58030": "io_error",
    "58P01": "undefined_file",
    "58P02": "duplicate_file",
    "58P03": "file_name_too_long",
}


async def failure_with(sessions: Sessions, state: str) -> DBAPIError:
    async with sessions() as session:
        with pytest.raises(DBAPIError) as raised:
            await session.execute(text(f"DO $$ BEGIN RAISE 'it failed' USING ERRCODE = '{state}'; END $$"))
    return raised.value


async def test_of_all_states_that_the_driver_knows_just_these_are_waited_out(sessions: Sessions) -> None:
    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type)]
    known = {kind.sqlstate: kind for kind in kinds if issubclass(kind, PostgresError) and kind.sqlstate}
    assert {state for state, kind in known.items() if is_outage(kind("it failed"))} == WAITED_OUT.keys()
    assert {state for state in known if is_outage(await failure_with(sessions, state))} == WAITED_OUT.keys()


async def test_a_server_that_only_reads_is_an_outage(sessions: Sessions) -> None:
    async with sessions() as session:
        await session.execute(text("SET TRANSACTION READ ONLY"))
        with pytest.raises(DBAPIError, match="read-only") as raised:
            await session.execute(text("DELETE FROM booking"))
    assert is_outage(raised.value)


async def test_a_lock_that_is_not_free_in_time_is_an_outage(sessions: Sessions) -> None:
    async with sessions() as session, sessions() as other:
        await other.execute(text("LOCK TABLE booking"))
        await session.execute(text("SET LOCAL lock_timeout = 10"))
        with pytest.raises(DBAPIError, match="lock timeout") as raised:
            await session.execute(text("DELETE FROM booking"))
    assert is_outage(raised.value)


async def test_a_socket_that_is_not_there_is_an_outage(tmp_path: Path) -> None:
    engine = make_engine(f"postgresql+asyncpg://a:b@/c?host={tmp_path}")
    with pytest.raises(FileNotFoundError) as raised:
        await engine.connect()
    assert is_outage(raised.value)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        socket.gaierror(-2, "Name or service not known"),
        OSError(errno.EHOSTUNREACH, "Connect call failed"),
        OSError("Multiple exceptions: refused, unreachable"),
    ],
    ids=str,
)
def test_what_cannot_be_reached_is_an_outage(error: OSError) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [FileNotFoundError(errno.ENOENT, "No such file", "a.po"), PermissionError(13, "no", "x"), OSError("odd")],
    ids=str,
)
def test_a_file_that_is_not_there_is_not(error: OSError) -> None:
    assert not is_outage(error)


@pytest.mark.parametrize("sql", ["SELECT nonsense", "SELECT 1/0", "INSERT INTO booking DEFAULT VALUES"])
async def test_a_command_that_is_wrong_is_its_own_fault(sessions: Sessions, sql: str) -> None:
    async with sessions() as session:
        with pytest.raises((DBAPIError, IntegrityError)) as raised:
            await session.execute(text(sql))
    assert not is_outage(raised.value)


def test_telegram() -> None:
    refused = RefusedError(400, "Bad Request")
    assert all(map(is_outage, [UnavailableError("502"), AmbiguousError("cut"), FloodError(3)]))
    assert is_outage(RefusedError(401, "Unauthorized"))
    assert not is_outage(refused)
    assert is_outage(ExceptionGroup("", [FloodError(3), ConnectionResetError()]))
    assert not is_outage(ExceptionGroup("", [FloodError(3), refused]))
    assert asked_pause(ExceptionGroup("", [FloodError(3), FloodError(7), ConnectionResetError()])) == 7
