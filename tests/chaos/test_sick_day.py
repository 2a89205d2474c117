"""A sick day while workers die: everybody is told once, and what is kept for somebody is kept for them alone.

`SEED` draws which workers are killed, and when: `SEED=8 python -m pytest tests/chaos/test_sick_day.py`.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from shared.buttons import unpack
from shared.contracts.rebooking import TakeAlternative
from tests.chaos.business import STAFF, where_it_is_noon
from tests.chaos.offers import Json, tap
from tests.chaos.system import ChaosSystem
from tests.chaos.telegram import buttons_of
from tests.chaos.test_failpoints import PATIENCE_SECONDS, Customer, Scene, opened
from tests.queueing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

SEED: Final = int(os.environ.get("SEED", "7"))
AFFECTED: Final = 30
AT_ONCE: Final = 6
MOST_OFFERED: Final = 3
FREE: Final = "UPDATE specialist SET telegram_id = NULL WHERE telegram_id = $1"
HAVE: Final = "UPDATE specialist SET telegram_id = $2 WHERE id = $1"
BOOK: Final = """
    INSERT INTO booking (
        business_id, service_id, specialist_id, customer_id, during, busy, status, price, currency
    )
    SELECT business.id, $1, $2, person, tstzrange(at, at + interval '10 min'),
        tstzrange(at, at + interval '15 min'), 'confirmed', numrange(10, 10, '[]'), 'EUR'
    FROM business, unnest($3::bigint[]) WITH ORDINALITY AS customer (person, place),
        LATERAL (SELECT $4::timestamptz + place * interval '20 min' AS at) AS moment
"""
TOLD: Final = "SELECT count(*) FROM outbox WHERE kind = 'rebooking.offer' AND chat_id = ANY($1::bigint[])"
KEPT: Final = """
    SELECT array_agg(alternative.hold_id ORDER BY alternative.hold_id) FROM alternative
    JOIN booking AS visit ON visit.id = alternative.booking_id
    JOIN booking AS hold ON hold.id = alternative.hold_id AND hold.status = 'held'
    WHERE visit.customer_id = $1
"""
TWICE: Final = """
    SELECT count(*) FROM booking AS one JOIN booking AS other
        ON one.id < other.id AND one.specialist_id = other.specialist_id AND one.busy && other.busy
    WHERE one.status IN ('confirmed', 'held') AND other.status IN ('confirmed', 'held')
"""
ELSEWHERE: Final = """
    SELECT count(*) = cardinality($1::bigint[]) FROM booking
    WHERE customer_id = ANY($1::bigint[]) AND status = 'confirmed'
        AND NOT (specialist_id = $2 AND lower(during) >= $3 AND lower(during) < $3 + interval '1 day')
"""
VISITS: Final = """
    SELECT count(*) FROM booking WHERE customer_id = ANY($1::bigint[]) AND status IN ('confirmed', 'held')
"""


@dataclass
class SickDay:
    """One specialist's full day, and whoever is booked then."""

    scene: Scene
    customers: Sequence[Customer]
    midnight: datetime

    @property
    def numbers(self) -> list[int]:
        """Who the customers are."""
        return [customer.number for customer in self.customers]

    async def say_ill(self) -> None:
        """Have the specialist say so, and apply what is shown of it."""
        person = {"id": STAFF, "is_bot": False, "first_name": "Grace", "language_code": "en"}
        telegram = self.scene.telegram
        await telegram.ask("PUT", f"users/{STAFF}", person)
        await telegram.ask("POST", f"chats/{STAFF}/messages", {"text": "/sick tomorrow"})
        message, data = await self._button(STAFF, "ill!:")
        await telegram.ask("POST", "updates", tap(person, message, "ill", data, 0))

    async def _button(self, person: int, prefix: str) -> tuple[int, str]:
        chat = self.scene.telegram.chats[person]
        assert await chat.wait(lambda _: bool(self._offering(person, prefix)), PATIENCE_SECONDS), person
        return self._offering(person, prefix)[-1]

    def _offering(self, person: int, prefix: str = "rbk!:") -> list[tuple[int, str]]:
        """Return the messages that have such a button, each with the first of them."""
        messages = self.scene.telegram.chats[person].messages
        found = {number: _with(prefix, message) for number, message in messages.items()}
        return [(number, data[0]) for number, data in found.items() if data]

    async def all_asked(self) -> None:
        """Wait until everybody is offered other times."""
        await asyncio.gather(*(self._button(each.number, "rbk!:") for each in self.customers))

    async def choose(self) -> None:
        """Have everybody take the first of what they are offered."""
        for customer in self.customers:
            message, data = self._offering(customer.number)[-1]
            customer.screen = message
            await customer.tap(data)

    def copies(self) -> int:
        """Count the messages that offer the same once more."""
        return sum(len(self._offering(each.number)) - 1 for each in self.customers)

    async def what_is_shown_is_kept(self) -> None:
        """Everybody's buttons are the times that are kept for them, and for nobody else."""
        seen: set[int] = set()
        for customer in self.customers:
            kept = await self.scene.fetch(KEPT, customer.number)
            message, _ = self._offering(customer.number)[-1]
            shown = _with("rbk!:", self.scene.telegram.chats[customer.number].messages[message])
            offered = [unpack(data) for data in shown]
            numbers = [each.alternative_id for each in offered if isinstance(each, TakeAlternative)]
            assert sorted(numbers) == kept
            assert 0 < len(numbers) <= MOST_OFFERED
            assert not seen & set(numbers)
            seen |= set(numbers)


def _with(prefix: str, message: Json) -> list[str]:
    return [data for data in buttons_of(message) if data.startswith(prefix)]


@asynccontextmanager
async def dying(system: ChaosSystem, random: Random) -> AsyncIterator[None]:
    """Kill one worker after the other for the length of the block, and let them all live afterwards."""

    async def strike() -> None:
        while True:
            await asyncio.sleep(random.uniform(0, 0.8))
            part = random.choice(system.workers)
            await system.kill(part, pause=random.uniform(0, 0.4))
            await part.up()

    striking = asyncio.create_task(strike())
    try:
        yield
    finally:
        striking.cancel()
        await asyncio.gather(striking, return_exceptions=True)
        for part in system.workers:
            if not part.process.running:
                part.start()


@asynccontextmanager
async def sick_day(directory: Path) -> AsyncIterator[SickDay]:
    """Fill tomorrow for one specialist."""
    zone = where_it_is_noon()
    tomorrow = datetime.now(ZoneInfo(zone)).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), ZoneInfo(zone))
    async with opened(directory, workers=2, zone=zone) as scene:
        customers: list[Customer] = []
        for _ in range(AFFECTED // AT_ONCE):
            customers += await asyncio.gather(*(scene.customer() for _ in range(AT_ONCE)))
        found = SickDay(scene, customers, midnight)
        await scene.fetch(FREE, STAFF)
        await scene.fetch(HAVE, scene.specialist, STAFF)
        morning = midnight + timedelta(hours=6)
        await scene.fetch(BOOK, scene.service, scene.specialist, found.numbers, morning)
        yield found


async def test_thirty_customers_are_told_once_and_keep_what_they_are_offered(tmp_path: Path) -> None:
    random = Random(SEED)  # noqa: S311 - a run is drawn
    async with sick_day(tmp_path) as day:
        system, fetch = day.scene.system, day.scene.fetch
        async with dying(system, random):
            await day.say_ill()
            await day.all_asked()
        assert await fetch(TOLD, day.numbers) == AFFECTED
        assert day.copies() <= len(system.faults)
        await day.what_is_shown_is_kept()
        async with dying(system, random):
            await day.choose()
            await until(
                lambda: fetch(ELSEWHERE, day.numbers, day.scene.specialist, day.midnight), PATIENCE_SECONDS
            )
        assert await fetch(VISITS, day.numbers) == AFFECTED
        assert await fetch(TWICE) == 0
        assert await fetch(TOLD, day.numbers) == AFFECTED
