"""A season that is closed: whoever finds nothing reads when it is open again."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio
from sqlalchemy import delete, insert

from shared.contracts.booking import ShowMonth, ShowSoonest
from tests.worker.stage import Stage
from worker.business.when import parse_validity
from worker.db.models.catalogue import ScheduleException
from worker.db.models.periods import SpecialistPeriod

WINTER = "11-01 to 03-31"
AGAIN = "The next open day is Thu, Apr 1, 2027, and can be booked from Sun, Jan 31, 2027 on."


@pytest_asyncio.fixture
async def alice(stage: Stage) -> AsyncIterator[dict[str, int]]:
    """Yield the key of Alice's calendar, and have what was written there go afterwards."""
    key = {"business_id": stage.shop.business_id, "specialist_id": stage.shop.specialists["Alice"]}
    yield key
    async with stage.shop.sessions.begin() as session:
        for each in (SpecialistPeriod, ScheduleException):
            await session.execute(delete(each).where(each.business_id == stage.shop.business_id))


async def close(stage: Stage, alice: dict[str, int], season: str) -> None:
    """Close a calendar for a season of every year."""
    period = {**alice, "place": 1, "validity": parse_validity(season).as_json(), "minutes": []}
    async with stage.shop.sessions.begin() as session:
        await session.execute(insert(SpecialistPeriod).values(period))


def asked(stage: Stage) -> dict[str, int | None]:
    wish = stage.shop.wish("Cut", "Alice", "10:00")
    return {"service_id": wish.service_id, "specialist_id": wish.specialist_id}


@pytest.mark.parametrize("command", [ShowSoonest, ShowMonth])
async def test_a_closed_season_names_the_next_open_day_and_nothing_to_wait_for(
    stage: Stage, alice: dict[str, int], command: type[ShowSoonest | ShowMonth]
) -> None:
    await close(stage, alice, WINTER)
    answer = await stage.tap(command.model_validate(asked(stage)))
    assert AGAIN in answer.text
    assert "Tell me if a place frees up" not in stage.buttons(answer.message)


async def test_a_holiday_behind_the_season_is_no_open_day(stage: Stage, alice: dict[str, int]) -> None:
    await close(stage, alice, WINTER)
    off = {**alice, "day": date(2027, 4, 1), "minutes": []}
    async with stage.shop.sessions.begin() as session:
        await session.execute(insert(ScheduleException).values(off))
    answer = await stage.tap(ShowSoonest.model_validate(asked(stage)))
    assert "The next open day is Fri, Apr 2, 2027" in answer.text


@pytest.mark.parametrize("season", ["11-01 to 12-31", "01-01 to 12-31"])
async def test_what_opens_in_time_or_never_names_no_day(
    stage: Stage, alice: dict[str, int], season: str
) -> None:
    await close(stage, alice, season)
    assert "next open day" not in (await stage.tap(ShowSoonest.model_validate(asked(stage)))).text
