"""Short runs of the same code as `make chaos`, `make chaos-outage`: they fail when a promise breaks."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chaos.outage import outage_plan
from tests.chaos.run import Plan, run
from tests.prepared import data_directory

SEED = 20_261_122
OFFERED = (
    *("wishes", "freed times offered", "requests answered", "charges of Telegram"),
    *("series at once", "visits of several services", "visits of a group by places"),
    *("swaps asked for", "bookings together"),
)


@pytest_asyncio.fixture
async def data(prepared: Path) -> AsyncIterator[Path]:
    directory = data_directory(prepared)
    yield directory
    await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)


@pytest.mark.timeout(360)
async def test_half_a_minute_of_chaos_breaks_no_promise(data: Path) -> None:
    verdict = await run(Plan(seconds=30, seed=SEED, rate=6, guests=5), data)
    assert verdict.ok, verdict.as_table()
    assert verdict.figures["bookings"] > 0
    assert len(verdict.figures["faults of processes"]) > 0
    for offered in OFFERED:
        assert verdict.figures[offered], f"{offered}: nobody came to it, so that nothing was shown"


@pytest.mark.timeout(240)
async def test_redis_and_postgresql_may_go_away(data: Path) -> None:
    verdict = await run(outage_plan(6, mode="webhook"), data)
    assert verdict.ok, verdict.as_table()
    assert verdict.figures["bookings"] > 0
    assert verdict.figures["updates accepted"] > 0
