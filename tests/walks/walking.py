"""A walk from its first step to its last, with the checks in between."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.kit.business import BUSINESS_ID
from tests.kit.engines import engine_to
from tests.walks.checks import check_all
from tests.walks.checks.exports import check_export
from tests.walks.checks.looking import rows
from tests.walks.faults import errors_kept
from tests.walks.shop import on_walked_stage, open_walked_shop
from tests.walks.walk import Walk
from worker.db.engine import make_sessions

STEPS_BETWEEN: Final = 20
"""After so many steps everything is looked at."""

_COUNTED: Final = """
    SELECT kind AS what, count(*) FROM booking_event GROUP BY 1
    UNION ALL SELECT 'offer ' || state, count(*) FROM waitlist_offer GROUP BY 1
    UNION ALL SELECT 'deposit ' || state, count(*) FROM payment GROUP BY 1 ORDER BY 1
"""

type Tell = Callable[[str], None]


async def walk_through(
    url: str, empty: AsyncEngine, *, seed: int, steps: int, tell: Tell = lambda _: None
) -> tuple[Walk, list[str]]:
    """Walk in an empty database; return the walk and what was found, each thing once.

    `empty` is another one, for what the shop exports in the end. `tell` is told of each step and finding.
    """
    async with engine_to(url) as engine:
        shop = await open_walked_shop(make_sessions(engine, BUSINESS_ID))
        async with on_walked_stage(shop) as stage:
            with errors_kept() as log:
                walk = Walk(stage, seed, log)
                return walk, await _walk(walk, empty, steps, tell)


async def _walk(walk: Walk, empty: AsyncEngine, steps: int, tell: Tell) -> list[str]:
    found: list[str] = []
    await walk.begin()
    for number in range(1, steps + 1):
        tell(f"{number:5} {await walk.step()}")
        if number % STEPS_BETWEEN == 0 or number == steps:
            await walk.settle()
            _note(found, await check_all(walk), tell)
    _note(found, await check_export(walk, empty), tell)
    tell(f"What came of it: {await _come_of(walk)}")
    return found


async def _come_of(walk: Walk) -> str:
    """Count what happened to visits, and what became of offers and deposits."""
    counted = await rows(walk, _COUNTED)
    return ", ".join(f"{row['count']} {row['what']}" for row in counted)


def _note(found: list[str], findings: list[str], tell: Tell) -> None:
    for each in findings:
        if each not in found:
            found.append(each)
            tell(f"FOUND {each}")
