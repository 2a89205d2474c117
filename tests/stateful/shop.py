"""A shop of few hours, so that people are in each other's way; nothing is asked before a visit is booked."""

from typing import Final

from tests.doubles import ManualClock
from tests.worker.shop import NOW, Shop
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import Sessions

CUT, COLOUR, MASSAGE, YOGA = range(1, 5)
"""The services by the numbers of their rows, in the order of the file."""
ALICES, BOBS = 1, 2
"""The same of who does them."""
FILE: Final = b"""
business: {name: Barber & Co, timezone: Europe/Berlin, currency: EUR, language: en, contact: +49 30 1234567}
locations: [{name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.4}]
resources: [{name: Chair, count: 1}]
services:
  - {name: Cut, duration: 45m, price: 35, buffer_after: 10m, step: 15m, min_notice: 0m, cancel_until: 0m,
     horizon: 8d, reminders: [24h, 2h], resources: [Chair]}
  - {name: Colour, duration: 60m, price: 80, step: 30m, min_notice: 1h, cancel_until: 0m, horizon: 5d,
     approval: {within: 12h}, reminders: [3h]}
  - {name: Massage, duration: 60m, price: {from: 50}, step: 30m, min_notice: 1h, cancel_until: 1h,
     horizon: 4d, reminders: [26h, 2h], confirm_until: 1h, hold: 10m}
  - {name: Yoga, duration: 60m, price: 15, step: 60m, min_notice: 0m, capacity: 3, cancel_until: 0m,
     horizon: 9d, reminders: [2h], hours: {mon-sun: ["16:00-18:00"]}}
specialists:
  - {name: Alice, telegram_id: 1001, services: [Cut, Colour, Yoga], max_per_day: 4,
     hours: {mon-sun: ["09:00-11:00", "16:00-17:00"]}}
  - {name: Bob, telegram_id: 1002, services: [Cut, Massage], hours: {mon-sun: ["10:00-11:30"]}}
roles: {owner: [1000], admin: [1003]}
limits: {max_upcoming: 6, max_cancelled: 20, max_requests: 3}
"""


async def open_narrow_shop(sessions: Sessions) -> Shop:
    """Apply the business file; nobody has come yet."""
    clock = ManualClock(NOW)
    await apply_document(sessions, read_document(FILE, "shop"), clock)
    return Shop(sessions, clock, {}, {})
