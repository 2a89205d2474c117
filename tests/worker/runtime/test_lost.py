"""A command whose job another worker has by now: it neither changes nor shows anything any more."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

from shared.contracts.menu import ShowHome
from shared.contracts.people import ChooseLanguage
from shared.envelope import AnyCommand
from tests.worker.shop import ANNA
from tests.worker.stage import Stage
from worker.runtime.jobs.runner import JobContext


class Losing:
    """A lease that is lost after having been looked at so many times."""

    def __init__(self, looks: int) -> None:
        self._answers: Iterator[bool] = iter([True] * looks)

    async def is_valid(self) -> bool:
        return next(self._answers, False)

    def release_slot(self) -> AbstractContextManager[None]:
        return nullcontext()


async def run(stage: Stage, command: AnyCommand, looks: int) -> None:
    envelope = stage.envelope(command)
    context = JobContext(envelope.job_id, 0.0, Losing(looks))
    await stage.parts.job.run(context, envelope.model_dump(mode="json"))


@pytest.mark.parametrize("looks", [0, 1])
async def test_nothing_is_shown(stage: Stage, looks: int) -> None:
    before = stage.texts()
    await run(stage, ShowHome(), looks)
    assert stage.texts() == before


async def test_an_older_choice_does_not_replace_a_newer_one(stage: Stage) -> None:
    await stage.type(ChooseLanguage(language="ru"))
    await run(stage, ChooseLanguage(language="en"), looks=0)
    assert (await stage.person(ANNA)).language == "ru"


async def test_no_booking_is_made(stage: Stage) -> None:
    await run(stage, stage.booking(), looks=0)
    assert (await stage.events(), await stage.processed()) == ([], set())


async def test_what_was_committed_is_delivered(stage: Stage) -> None:
    await run(stage, stage.booking(), looks=1)
    assert await stage.events() == ["booked"]
    assert {state for kind, state in await stage.states() if kind in {"card", "calendar"}} == {"sent"}
