"""The booking transaction alone, in one process over 8 connections, beside pgbench running the same SQL.

pgbench's script is made of what one booking really sent, with its own ids and times put in place of that
booking's: whatever the transaction becomes, pgbench runs the same.

`python -m tests.benchmarks.transaction DATABASE_URL COUNT FIRST` books and prints transactions a second.
"""

import asyncio
import json
import sys
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

import uvloop
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from sandbox.ports import LOOPBACK
from sandbox.postgres import OWNER
from sandbox.postgres_install import binaries, unprivileged_account
from shared.logs import configure_logs
from shared.starting import freeze_gc
from tests.benchmarks.child import run_child, run_program
from tests.benchmarks.deciding import BOT, Decider
from tests.benchmarks.pgbench import OURS, Script, wish
from tests.benchmarks.system import Bench
from tests.kit.business import BUSINESS_ID
from worker.db.engine import make_engine, make_sessions

CLIENTS = 8
PEOPLE = 1000
SECONDS = 90
ROUND = 10_000
"""Visits are kept apart by so many from round to round: ours first, then pgbench's."""


async def measure(bench: Bench) -> dict[str, Any]:
    """Let both take turns; each books at times of its own."""
    url = await bench.database()
    script = await _prepare(url)
    path = bench.directory / "booking.sql"
    path.write_text(script.text)
    path.chmod(0o644)
    rates: dict[str, list[float]] = {"bellhop": [], "pgbench": []}
    for number in range(bench.scale.rounds):
        first = 2 * number * ROUND + ROUND
        arguments = [url, str(bench.scale.transactions), str(first)]
        answer = await run_child("tests.benchmarks.transaction", arguments, SECONDS)
        rates["bellhop"].append(answer["a_second"])
        rates["pgbench"].append(await _pgbench(bench, url, str(path), first + ROUND))
    return {
        "connections": CLIENTS,
        "statements": script.statements,
        "a_second": {name: median(found) for name, found in rates.items()},
        "rounds": rates,
    }


async def _pgbench(bench: Bench, url: str, path: str, first: int) -> float:
    """Run the script; return transactions a second."""
    each = max(1, bench.scale.transactions // CLIENTS)
    program = str(binaries(unprivileged_account()) / "pgbench")
    where = ["-h", LOOPBACK, "-p", str(bench.postgres.port), "-U", OWNER]
    how = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-t", str(each), "-D", f"first={first}"]
    how += ["-D", "i=0", "-D", f"each={each}", "-f", path]
    output = await run_program([program, *where, *how, url.rpartition("/")[2]], SECONDS)
    [line] = [line for line in output.splitlines() if line.startswith("tps")]
    return float(line.split()[2])


async def _prepare(url: str) -> Script:
    """Let people in, book once, and make pgbench's script of what was sent."""
    engine = make_engine(url, pool_size=1)
    try:
        async with engine.begin() as connection:
            await connection.execute(
                text(
                    "INSERT INTO person (business_id, id, first_name, language_hint)"
                    " SELECT 1, :first + n, 'Quill', 'en' FROM generate_series(0, :people) AS n"
                ),
                {"first": OURS.person, "people": PEOPLE},
            )
            await connection.execute(text(f"ALTER TABLE booking ALTER COLUMN id RESTART WITH {OURS.booking}"))
        return await _capture(engine)
    finally:
        await engine.dispose()


async def _capture(engine: AsyncEngine) -> Script:
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:  # noqa: ANN401, FBT001 - SQLAlchemy's own signature
        batches = parameters if many and isinstance(parameters[0], tuple) else [parameters]
        sent.extend((statement, each) for each in batches)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    sample = wish(OURS.specialist - 1)
    reply = await Decider(make_sessions(engine, BUSINESS_ID)).decide(sample, OURS.person, OURS.update)
    if not reply.changed:
        raise RuntimeError(f"the visit was not booked: {reply.toast}")
    return Script.of(sent, sample.start, PEOPLE)


async def book(url: str, transactions: int, first: int) -> dict[str, Any]:
    """Book over and over on all connections."""
    engine = make_engine(url, pool_size=CLIENTS)
    decider, numbers = Decider(make_sessions(engine, BUSINESS_ID)), count(first)
    end = first + transactions

    async def go_on() -> None:
        while (number := next(numbers)) < end:
            reply = await decider.decide(
                wish(number), OURS.person + number % PEOPLE, OURS.update + BOT + number
            )
            if not reply.changed:
                raise RuntimeError(f"visit {number} was not booked: {reply.toast}")

    warm_up = wish(OURS.specialist - 1)
    await asyncio.gather(*(decider.decide(warm_up, OURS.person, OURS.update) for _ in range(CLIENTS)))
    began = perf_counter()
    await asyncio.gather(*(go_on() for _ in range(CLIENTS)))
    taken = perf_counter() - began
    await engine.dispose()
    return {"a_second": transactions / taken}


if __name__ == "__main__":
    configure_logs("ERROR", "console")
    address, how_many, begin = sys.argv[1:]
    freeze_gc()  # as a worker does once it has started
    sys.stdout.write(json.dumps(uvloop.run(book(address, int(how_many), int(begin)))))
