"""Every call that a contender makes, by kind: statements by PostgreSQL's own log, Redis calls by MONITOR.

Only counts are read here: both slow what they watch.
"""

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import asyncpg
from redis.asyncio import Redis

from shared.queue import enqueueing
from shared.queue import scripts as queue_scripts
from tests.benchmarks.contenders import Contender
from tests.benchmarks.system import Bench, Json
from worker.outbox import scripts as delivery_scripts

LINE = re.compile(r"^(?P<database>\w*)\|LOG:  (?:statement|execute [^:]*): (?P<sql>.*)")
SETTLED_SECONDS = 0.3
SCRIPTS = {
    hashlib.sha1(text.encode()).hexdigest(): f"{module.__name__.split('.')[1]} script {name}"  # noqa: S324 - as Redis names them
    for module in (enqueueing, queue_scripts, delivery_scripts)
    for name, text in vars(module).items()
    if name.isupper() and isinstance(text, str)
}


@dataclass
class Seen:
    """What happened while it was watched, by kind."""

    sql: Counter[str] = field(default_factory=Counter)
    redis: Counter[str] = field(default_factory=Counter)
    telegram: Counter[str] = field(default_factory=Counter)


@asynccontextmanager
async def watching(bench: Bench, each: Contender) -> AsyncIterator[Seen]:
    """Count a contender's calls for the length of the block."""
    seen = Seen()
    bot = bench.emulator.by_token[each.token].id
    before = bench.calls.listeners.get(bot)

    def called(call: Json) -> None:
        seen.telegram[call["method"]] += 1
        if before is not None:
            before(call)

    database, number = each.database_url.rpartition("/")[2], int(each.redis_url.rpartition("/")[2])
    log = bench.postgres.log
    await _log_statements(bench, "all")
    begin = log.stat().st_size
    async with Redis.from_url(each.redis_url) as client:
        monitoring = asyncio.create_task(_monitor(client, number, seen.redis))
        bench.calls.listeners[bot] = called
        try:
            yield seen
        finally:
            if before is not None:
                bench.calls.listeners[bot] = before
            await asyncio.sleep(SETTLED_SECONDS)
            monitoring.cancel()
            with suppress(asyncio.CancelledError):
                await monitoring
            await _log_statements(bench, "none")
            with log.open("rb") as file:
                file.seek(begin)
                seen.sql.update(_statements(file.read().decode(errors="replace"), database))


async def _log_statements(bench: Bench, which: str) -> None:
    """Have PostgreSQL log statements, in sessions that are open, too."""
    address = bench.postgres.url("postgres").replace("+asyncpg", "")
    connection = await asyncpg.connect(address, ssl=False)
    try:
        await connection.execute("ALTER SYSTEM SET log_line_prefix = '%d|'")
        await connection.execute(f"ALTER SYSTEM SET log_statement = '{which}'")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
    await asyncio.sleep(SETTLED_SECONDS)


def _statements(log: str, database: str) -> list[str]:
    """Read one database's statements, each on one line."""
    found: list[str] = []
    ours = False
    for line in log.splitlines():
        if match := LINE.match(line):
            ours = match["database"] == database
            if ours:
                found.append(match["sql"])
        elif ours and line.startswith("\t"):
            found[-1] += " " + line.strip()
        else:
            ours = False
    return [_short(statement) for statement in found]


def _short(sql: str) -> str:
    """Name a statement by what it does to which table."""
    words = " ".join(sql.replace(";", " ").split())
    first = words.partition(" ")[0].upper()
    if first in {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"}:
        return first
    if first == "WITH":
        return "WITH " + " + ".join(re.findall(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", words))
    tables = re.findall(r"(?:FROM|INTO|UPDATE|JOIN) (\w+)", words)
    return f"{first} {tables[0] if tables else ''}".strip() + (" + …" if len(set(tables)) > 1 else "")


async def _monitor(client: Redis, number: int, seen: Counter[str]) -> None:
    async with client.monitor() as monitor:
        async for entry in monitor.listen():
            if entry["client_type"] == "lua" or entry["db"] != number:
                continue
            seen[_call(entry["command"])] += 1


def _call(command: str) -> str:
    name, _, rest = command.partition(" ")
    if name.upper() in {"EVALSHA", "EVAL"}:
        return SCRIPTS.get(rest.partition(" ")[0], "a script")
    key = re.sub(r"[0-9a-f]{8,}|\d+", "…", rest.partition(" ")[0])
    return f"{name.upper()} {key}".strip()
