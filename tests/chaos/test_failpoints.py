"""A process that dies at any boundary, once, leaves a booking that is there once, shown once."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from shared.failpoints import Point
from tests.chaos.business import LATER, write_business
from tests.chaos.faults import BOT_POINTS
from tests.chaos.offers import Json, Kind, Slot, packed, tap
from tests.chaos.system import ChaosSystem, Part, chaos_system
from tests.chaos.telegram import Telegram, card_number, followed, text_of
from tests.prepared import data_directory
from tests.queueing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

PATIENCE_SECONDS = 40.0
BOOKINGS = "SELECT count(*) FROM booking WHERE customer_id = $1"
PROCESSED = "SELECT count(*) FROM processed_update WHERE update_id = $1"
DELIVERED = """
    SELECT count(*) = 0 FROM outbox
    WHERE chat_id = $1 AND state = 'pending' AND kind <> 'booking.reminder'
"""
# A message that was sent and not noted is sent again: that is the promise.
AMBIGUOUS = frozenset({Point.AFTER_SEND, Point.BEFORE_MARK_SENT})


@dataclass
class Scene:
    """One system for all points, each with a customer and a time of its own."""

    system: ChaosSystem
    telegram: Telegram
    service: int
    specialist: int
    numbers: "count[int]"

    async def customer(self) -> "Customer":
        """Let somebody new come and ask what there is to book."""
        number = next(self.numbers)
        person = {"id": number, "is_bot": False, "first_name": "Ada", "language_code": "en"}
        await self.telegram.ask("PUT", f"users/{number}", person)
        chat = self.telegram.chats[number]
        await self.telegram.ask("POST", f"chats/{number}/messages", {"text": "/book"})
        assert await chat.wait(lambda now: any("book?" in text_of(one) for one in now.messages.values()), 20)
        return Customer(self, number, person, max(chat.messages))

    async def fetch(self, sql: str, *arguments: object) -> Any:  # noqa: ANN401 - one value of any type
        url = self.system.sandbox.addresses.database_url.replace("+asyncpg", "")
        connection = await asyncpg.connect(url, ssl=False)
        try:
            return await connection.fetchval(sql, *arguments)
        finally:
            await connection.close()


@dataclass
class Customer:
    """Somebody with a message to tap under."""

    scene: Scene
    number: int
    person: Json
    screen: int
    taps: "count[int]" = field(default_factory=lambda: count(1))

    async def tap(self, data: str) -> int:
        """Tap a button with this data; return the update's id."""
        body = tap(self.person, self.screen, f"tap-{self.number}-{next(self.taps)}", data, 0)
        return int((await self.scene.telegram.ask("POST", "updates", body))["update_id"])

    async def book(self) -> int:
        """Tap on 'Confirm' of a time that is nobody else's."""
        start = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
        start += timedelta(days=3, hours=self.number - 900_001)
        return await self.tap(packed(Kind.BOOK, Slot(self.scene.service, self.scene.specialist, start), None))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> AsyncIterator[Scene]:
    async with opened(data_directory(prepared), tmp_path_factory.mktemp("business"), workers=1) as found:
        yield found


@asynccontextmanager
async def opened(data: Path, directory: Path, workers: int) -> AsyncIterator[Scene]:
    """Run a system with customers to come; its data are thrown away."""
    business = write_business(directory / "business.yaml", "UTC")
    async with (
        chaos_system(data, business, workers=workers, mode="polling", environment={}) as system,
        followed(system.sandbox.addresses.client_api) as telegram,
    ):
        scene = Scene(system, telegram, 0, 0, count(900_001))
        scene.service = await scene.fetch("SELECT id FROM service WHERE name = $1", LATER)
        scene.specialist = await scene.fetch("SELECT id FROM specialist WHERE name = $1", f"{LATER} 1")
        yield scene
    await asyncio.to_thread(shutil.rmtree, data, ignore_errors=True)


async def arm(part: Part, point: Point, action: str = "kill") -> None:
    await part.process.stop()
    part.start(armed=f"{point}={action}:1")
    await part.up()


async def booked_once(scene: Scene, number: int, update_id: int) -> None:
    """Wait until a customer's booking is made and shown; it is there once, by that update."""
    await until(lambda: scene.fetch(BOOKINGS, number), PATIENCE_SECONDS)
    await until(lambda: scene.fetch(DELIVERED, number), PATIENCE_SECONDS)
    assert await scene.fetch(BOOKINGS, number) == 1
    assert await scene.fetch(PROCESSED, update_id) == 1


async def dead(part: Part) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await part.process.wait() == -9, part.process.explain_exit()


@pytest.mark.parametrize("point", [point for point in Point if point is not Point.BEFORE_SHOW])
async def test_a_death_at_any_boundary_books_once(scene: Scene, point: Point) -> None:
    customer = await scene.customer()
    number = customer.number
    part = scene.system.bot if point in BOT_POINTS else scene.system.workers[0]

    await arm(part, point)
    if point is Point.AFTER_CLAIM_ROWS:  # what cannot be sent at once is the poller's
        fault = {"kind": "error", "method": "editMessageText", "chat_id": number, "count": 1}
        await scene.telegram.ask("POST", "faults", fault)
    update_id = await customer.book()
    await dead(part)
    part.start()

    await booked_once(scene, number, update_id)
    await part.up()
    shown = (await scene.telegram.ask("GET", f"chats/{number}"))["messages"]
    assert sum(card_number(message) is not None for message in shown) == 1
    files = sum("document" in message for message in shown)
    assert files == 1 or (files == 2 and point in AMBIGUOUS)
