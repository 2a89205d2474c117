"""A shop that offers everything that can be offered, and the people who come to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from tests.doubles import ManualClock
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, BOB, CARLA, NOW, OWNER, Shop
from tests.worker.stage import Stage, on_stage
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import Sessions

DORA, EMIL = 2004, 2005
CUSTOMERS: Final = (ANNA, BEN, CARLA, DORA, EMIL)
STAFF: Final = (ALICE, BOB, ADMIN, OWNER)
NAMES: Final = {
    ANNA: "Anna",
    BEN: "Ben",
    CARLA: "Carla",
    DORA: "Dora",
    EMIL: "Emil",
    ALICE: "Alice",
    BOB: "Bob",
    ADMIN: "Ada",
    OWNER: "Olga",
}
TOKEN: Final = "284685063:TEST:NjQ0ODQ5NjY4ZjQ0"
FILE: Final = b"""
business: {name: Barber & Co, timezone: Europe/Berlin, currency: EUR, language: en, contact: +49 30 1234567,
           ratings: specialist}
locations: [{name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.4}]
resources: [{name: Chair, count: 1}]
services:
  - {name: Cut, duration: 45m, price: 35, buffer_after: 10m, step: 15m, min_notice: 1h, cancel_until: 24h,
     horizon: 8d, reminders: [24h, 2h], max_moves: 2}
  - {name: Colour, duration: 90m, price: 80, step: 30m, min_notice: 2h, cancel_until: 2h,
     approval: {within: 12h}, horizon: 5d, reminders: [3h], again_after: 14d,
     questions: [{ask: "How long is your hair?", choices: [Short, Long], required: true}]}
  - {name: Shave, duration: 30m, price: 20, deposit: 5, step: 15m, min_notice: 30m, cancel_until: 1h,
     horizon: 3d, reminders: [1h], resources: [Chair]}
  - {name: Massage, duration: 60m, price: {from: 50}, step: 30m, min_notice: 1h, cancel_until: 1h,
     horizon: 4d, reminders: [26h, 2h], confirm_until: 1h, resources: [Chair], hold: 10m}
  - {name: Peeling, duration: 20m, step: 20m, min_notice: 0m, approval: true, horizon: 3d, reminders: [1h],
     questions: [{ask: "Your phone", type: phone}, {ask: "A picture of it?", type: photo},
                 {ask: "Postcode", pattern: "[0-9]{5}"}, {ask: "What else?", choices: [A, B], several: true}]}
  - {name: Yoga, duration: 60m, price: 15, step: 60m, min_notice: 0m, capacity: 3, cancel_until: 0m,
     horizon: 9d, reminders: [2h], hours: {mon-sun: ["16:00-18:00"]}}
specialists:
  - {name: Alice, telegram_id: 1001, services: [Cut, Colour, Shave, Yoga], max_per_day: 4,
     hours: {mon-sun: ["09:00-11:00", "16:00-17:00"]}}
  - {name: Bob, telegram_id: 1002, services: [Cut, Shave, Massage, Peeling],
     hours: {mon-fri: ["10:00-11:30"]}}
roles: {owner: [1000], admin: [1003]}
limits: {max_upcoming: 4, max_cancelled: 4, max_requests: 2}
"""


async def open_walked_shop(sessions: Sessions) -> Shop:
    """Apply the business file; nobody has come yet."""
    clock = ManualClock(NOW)
    await apply_document(sessions, read_document(FILE, "shop"), clock)
    return Shop(sessions, clock, {}, {})


@asynccontextmanager
async def on_walked_stage(shop: Shop) -> AsyncIterator[Stage]:
    """Open a stage on which deposits can be paid, and have everybody start the bot."""
    async with on_stage(shop, payment_provider_token=TOKEN) as stage:
        for number, name in NAMES.items():
            await stage.telegram.user(number, first_name=name)
        yield stage
