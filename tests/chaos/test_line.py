"""A short run of the same code as `make chaos-line`: it fails when somebody is passed over or asked twice."""

from pathlib import Path

import pytest

from tests.chaos.checks.line import LinePlan
from tests.chaos.line import run_line
from tests.chaos.test_smoke import data

__all__ = ["data"]


@pytest.mark.timeout(120)
async def test_a_line_holds_while_workers_are_killed(data: Path) -> None:
    verdict = await run_line(LinePlan(people=30, freed=8, seconds=6, workers=2), data)
    assert verdict.ok, verdict.as_table()
    assert verdict.figures["visits freed"] == verdict.figures["offers"]["taken"]
    assert verdict.figures["workers killed"] > 0
