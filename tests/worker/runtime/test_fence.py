"""The fence: an update takes effect once, also where two workers run it at the same time."""

import asyncio

import pytest

from shared.contracts.menu import ShowHome
from shared.contracts.people import ChooseLanguage
from tests.worker.booking.outcomes import blocked
from tests.worker.shop import ANNA
from tests.worker.stage import Stage
from worker.runtime import repository


@pytest.mark.parametrize("commits", [True, False])
async def test_a_second_run_waits_for_the_firsts_end(stage: Stage, *, commits: bool) -> None:
    envelope = stage.envelope(ShowHome())

    async def run_again() -> bool:
        async with stage.shop.sessions.begin() as session:
            return not (await repository.claim_once(session, envelope)).repeated

    async with asyncio.timeout(20), asyncio.TaskGroup() as group, stage.shop.sessions() as first:
        assert not (await repository.claim_once(first, envelope)).repeated
        second = group.create_task(run_again())
        await blocked(stage.shop)
        await (first.commit() if commits else first.rollback())
    assert second.result() is not commits


async def test_who_asks_is_known_behind_the_fence(stage: Stage) -> None:
    await stage.type(ChooseLanguage(language="ru"))
    async with stage.shop.sessions() as session:
        facts = await repository.claim_once(session, stage.envelope(ShowHome()))
    assert facts.user is not None
    assert facts.business is not None
    assert (facts.user.id, facts.user.language) == (ANNA, "ru")
    assert (facts.roles, facts.specialist_id) == (frozenset(), None)
