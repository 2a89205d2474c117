"""A small business in a database of the test's own, on a Sunday morning that stands still."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import Actor
from tests.doubles import ManualClock
from tests.kit.business import business_of
from tests.kit.emptying import Emptier
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import Sessions
from worker.db.models.booking import LIVE, Booking, Status
from worker.db.models.catalogue import Service, Specialist
from worker.people.repository import save_person
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, BookingRequest, NotBooked, place
from worker.placement.rules import Barred
from worker.visits.repository import load

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ANNA, BEN, CARLA = 2001, 2002, 2003
CROWD = 2100
"""The first of them; there may be hundreds."""
ALICE, BOB, OWNER, ADMIN = 1001, 1002, 1000, 1003

FILE = b"""
business: {name: Barber & Co, timezone: Europe/Berlin, currency: EUR, language: en}
locations: [{name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.4}]
services:
  - {name: Cut, duration: 45m, price: 35, buffer_after: 10m, step: 5m, min_notice: 0m, cancel_until: 24h,
     horizon: 60d, reminders: [24h, 2h]}
  - {name: Steam, duration: 30m, buffer_before: 15m, step: 5m, min_notice: 0m, reminders: []}
  - {name: Yoga, duration: 60m, step: 15m, min_notice: 0m, capacity: 4, cancel_until: 0m}
  - {name: Dance, duration: 60m, step: 15m, min_notice: 0m, capacity: 4}
specialists:
  - {name: Alice, telegram_id: 1001, services: [Cut, Steam, Yoga, Dance], hours: {mon-sun: ["09:00-18:00"]}}
  - {name: Bob, telegram_id: 1002, services: [Cut], hours: {mon-sun: ["09:00-18:00"]}}
roles: {owner: [1000], admin: [1003]}
"""


def at(clock: str, days: int = 3) -> datetime:
    """Return the instant of a time of day in Berlin; three days ahead is Wednesday, November 25."""
    hour, minute = map(int, clock.split(":"))
    return NOW.replace(hour=0) + timedelta(days=days, hours=hour - 1, minutes=minute)


def placed(outcome: Booked | NotBooked | Barred) -> int:
    """Return the id of a visit that has to have found its time."""
    assert isinstance(outcome, Booked), outcome
    return outcome.visit.id


@dataclass(frozen=True)
class OpenedShop:
    """The shop's database, and what takes out of it all but the business file and three customers."""

    url: str
    emptier: Emptier
    services: Mapping[str, int]
    specialists: Mapping[str, int]


@dataclass(frozen=True)
class Shop:
    """The business, by names."""

    sessions: Sessions
    clock: ManualClock
    services: dict[str, int]
    specialists: dict[str, int]

    @property
    def business_id(self) -> int:
        return business_of(self.sessions)

    def wish(self, service: str, specialist: str | None, clock: str, days: int = 3) -> BookingRequest:
        doer = None if specialist is None else self.specialists[specialist]
        return BookingRequest(self.services[service], doer, at(clock, days))

    def about(self, customer: int = ANNA, **more: object) -> dict[str, Any]:
        status = {"status": Status.CONFIRMED, "currency": "EUR"}
        return {"business_id": self.business_id, "customer_id": customer, **status, **more}

    async def place(
        self, wish: BookingRequest, customer: int = ANNA, moving: int | None = None
    ) -> Booked | NotBooked | Barred:
        """Place a visit in a transaction of its own, as staff do: nobody's limits hold."""
        async with self.sessions.begin() as session:
            return await self.place_in(session, wish, customer, moving)

    async def place_in(
        self, session: AsyncSession, wish: BookingRequest, customer: int = ANNA, moving: int | None = None
    ) -> Booked | NotBooked | Barred:
        what = NewVisit(customer, "EUR") if moving is None else await load(session, moving)
        assert what is not None
        wish, now = replace(wish, anyway=True), self.clock.now()
        return await place(session, wish, now, what, limited=False)

    async def book(self, wish: BookingRequest, customer: int = ANNA) -> int:
        """Place a visit that has to find its time; return its id."""
        return placed(await self.place(wish, customer))

    async def crowd(self, count: int) -> list[int]:
        """Let so many more people in; return who they are."""
        people = list(range(CROWD, CROWD + count))
        async with self.sessions.begin() as session:
            for number in people:
                await save_person(session, Actor(id=number, first_name="Guest"))
        return people

    async def booking(self, booking_id: int) -> Booking:
        async with self.sessions() as session:
            return await session.get_one(Booking, (self.business_id, booking_id))

    async def visits(self) -> list[Booking]:
        """Return the visits that stand, without what is only held."""
        return [each for each in await self.live() if each.status != Status.HELD]

    async def live(self) -> list[Booking]:
        async with self.sessions() as session:
            rows = await session.scalars(
                select(Booking)
                .where(Booking.business_id == self.business_id, Booking.status.in_(LIVE))
                .order_by(func.lower(Booking.during))
            )
            return list(rows)

    async def set_status(self, booking_id: int, status: str) -> None:
        async with self.sessions.begin() as session:
            (await session.get_one(Booking, (self.business_id, booking_id))).status = status

    async def overlaps(self) -> int:
        """Count the pairs of live visits of which at most one can happen, without the constraints' help."""
        pairs = text("""
            WITH live AS (SELECT * FROM booking WHERE status IN ('held', 'pending', 'confirmed'))
            SELECT count(*) FROM live a JOIN live b ON a.id < b.id
              AND a.specialist_id = b.specialist_id AND a.busy && b.busy
            WHERE a.seats && b.seats OR a.service_id <> b.service_id OR lower(a.during) <> lower(b.during)
        """)
        async with self.sessions() as session:
            return int((await session.execute(pairs)).scalar_one())


async def open_shop(sessions: Sessions, file: bytes = FILE) -> Shop:
    """Apply the business file and let three customers in."""
    await apply_document(sessions, read_document(file, "business.yaml"), ManualClock(NOW))
    return await reopen_shop(sessions)


async def reopen_shop(sessions: Sessions) -> Shop:
    """Let three customers into the shop that is there."""
    async with sessions.begin() as session:
        for number, name in ((ANNA, "Anna"), (BEN, "Ben"), (CARLA, "Carla")):
            await save_person(session, Actor(id=number, first_name=name))
        own = select(Service).where(Service.business_id == business_of(sessions)).order_by(Service.id)
        services = {row.name: row.id for row in await session.scalars(own)}
        who = select(Specialist).where(Specialist.business_id == business_of(sessions))
        specialists = {row.name: row.id for row in await session.scalars(who)}
    return Shop(sessions, ManualClock(NOW), services, specialists)
