"""What one worker cannot finish another one takes over, and what comes too late stays unsaid."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from shared.buttons import pack
from shared.contracts.booking import ShowServices
from shared.contracts.menu import ShowHelp
from shared.failpoints import Point
from tests.chaos.system import Part
from tests.chaos.telegram import card_number, text_of
from tests.chaos.test_failpoints import PATIENCE_SECONDS, Scene, arm, booked_once, dead, opened
from tests.prepared import data_directory
from tests.queueing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> AsyncIterator[Scene]:
    async with opened(data_directory(prepared), tmp_path_factory.mktemp("business"), workers=2) as found:
        yield found


async def logged(part: Part, words: str) -> None:
    """Wait until a worker says something."""

    async def said() -> bool:
        return words in part.process.output()

    await until(said, PATIENCE_SECONDS)


@pytest.mark.parametrize(
    "point",
    [Point.AFTER_CLAIM, Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEFORE_SEND, Point.BEFORE_FINISH],
)
async def test_a_living_worker_takes_over_what_a_dead_one_had(scene: Scene, point: Point) -> None:
    dying, living = scene.system.workers
    customer = await scene.customer()
    await arm(dying, point)
    living.process.pause()  # while it waits for a job, as often as not
    update_id = await customer.book()
    await dead(dying)
    living.process.resume()

    await booked_once(scene, customer.number, update_id)
    shown = (await scene.telegram.ask("GET", f"chats/{customer.number}"))["messages"]
    assert sum(card_number(message) is not None for message in shown) == 1
    assert sum("document" in message for message in shown) == 1


async def test_a_worker_that_was_stopped_past_its_lease_shows_nothing_over_what_is_newer(
    scene: Scene,
) -> None:
    frozen, living = scene.system.workers
    customer = await scene.customer()
    await arm(frozen, Point.BEFORE_SHOW, "pause:4")
    living.process.pause()
    await customer.tap(pack(ShowHelp()))
    await logged(frozen, '"failpoint"')
    frozen.process.pause()
    living.process.resume()

    def shows(words: str) -> bool:
        return words in text_of(scene.telegram.chats[customer.number].messages[customer.screen])

    chat = scene.telegram.chats[customer.number]
    assert await chat.wait(lambda _: shows("What I can do"), PATIENCE_SECONDS)
    await customer.tap(pack(ShowServices()))
    assert await chat.wait(lambda _: shows("book?"), PATIENCE_SECONDS)
    frozen.process.resume()
    await logged(frozen, "not shown: another worker has the job")
    shown = (await scene.telegram.ask("GET", f"chats/{customer.number}"))["messages"]
    [screen] = [text_of(one) for one in shown if one["message_id"] == customer.screen]
    assert "book?" in screen
