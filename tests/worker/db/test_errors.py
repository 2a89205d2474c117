"""What the log says of a failure: its SQLSTATE, the server's own words, and nothing that a person wrote."""

import pytest
from asyncpg import exceptions
from redis.exceptions import OutOfMemoryError, ResponseError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.kit.business import BUSINESS_ID
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.errors import cause_of


async def raised(sessions: Sessions, *statements: str) -> DBAPIError:
    """Run statements in one transaction and return what the last one raises, as the driver passes it on."""
    async with sessions() as session:
        *before, last = statements
        for statement in before:
            await session.execute(text(statement))
        with pytest.raises(DBAPIError) as caught:
            await session.execute(text(last))
    return caught.value


async def test_a_server_that_only_reads_is_named_with_its_state(sessions: Sessions) -> None:
    error = await raised(sessions, "SET TRANSACTION READ ONLY", "CREATE TABLE t (id int)")
    assert cause_of(error) == (
        "ReadOnlySQLTransactionError 25006: cannot execute CREATE TABLE in a read-only transaction"
    )


async def test_what_a_statement_quotes_stays_out_of_the_log(sessions: Sessions) -> None:
    error = await raised(sessions, "SELECT 'Ada Lovelace'::integer")
    assert cause_of(error) == "InvalidTextRepresentationError 22P02"


async def test_a_server_that_is_not_there_is_named() -> None:
    engine = make_engine("postgresql+asyncpg://nobody:hush@127.0.0.1:1/none")
    with pytest.raises(OSError) as caught:  # noqa: PT011 - whatever of it
        async with make_sessions(engine, BUSINESS_ID)() as session:
            await session.execute(text("SELECT 1"))
    await engine.dispose()
    assert cause_of(caught.value).startswith("ConnectionRefusedError")
    assert "hush" not in cause_of(caught.value)


def test_a_full_disk_is_named_through_what_wraps_it() -> None:
    full = exceptions.DiskFullError('could not extend file "base/5/16384": No space left on device')
    outer = DBAPIError("INSERT …", {}, Exception())
    outer.__cause__ = full
    outer.orig = full
    assert cause_of(outer) == f"DiskFullError 53100: {full}"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), True),
        (OutOfMemoryError("command not allowed when used memory > 'maxmemory'."), True),
        (ResponseError("unknown command 'GTE', with args beginning with: 'Ada'"), False),
    ],
)
def test_redis_is_quoted_where_it_speaks_of_itself(error: Exception, *, said: bool) -> None:
    assert (str(error) in cause_of(error)) is said
    assert type(error).__name__ in cause_of(error)
