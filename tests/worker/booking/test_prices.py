"""What people read of a price, and what is kept of it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.contracts.booking import ShowServices
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from tests.doubles import ManualClock
from tests.worker.shop import ALICE, NOW, Shop, open_shop
from tests.worker.stage import Stage, on_stage
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import Sessions

FILE = """\
business: {name: Barber & Co, timezone: Europe/Berlin, currency: BHD, language: en}
services:
  - {name: Unsaid, duration: 30m, min_notice: 0m}
  - {name: Gift, duration: 30m, price: free, min_notice: 0m}
  - {name: Exact, duration: 30m, price: 3.675, min_notice: 0m}
  - {name: Open, duration: 30m, price: {from: 5.25}, min_notice: 0m}
  - {name: Between, duration: 30m, price: {from: 15, to: 25}, min_notice: 0m}
  - {name: Legs, category: Wax, duration: 30m, price: 7, min_notice: 0m}
  - {name: Legs, category: Laser, duration: 30m, price: 9, min_notice: 0m}
specialists:
  - {name: Alice, telegram_id: 1001, services: [Unsaid, Gift, Exact, Open, Between, Wax/Legs, Laser/Legs],
     hours: {mon-sun: ["09:00-18:00"]}}
"""


@pytest_asyncio.fixture
async def priced(sessions: Sessions) -> AsyncIterator[Stage]:
    async with on_stage(await open_shop(sessions, FILE.encode())) as stage:
        await stage.meet(ALICE)
        await stage.run(stage.envelope(ShowHome(), ALICE))
        yield stage


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


async def test_each_kind_of_price_is_something_else_on_the_list(priced: Stage) -> None:
    listed = plain((await priced.tap(ShowServices())).text)
    said = {
        "Unsaid": "30 min",
        "Gift": "30 min, free",
        "Exact": "30 min, BHD 3.675",
        "Open": "30 min, from BHD 5.250",
        "Between": "30 min, BHD 15 – BHD 25",
    }
    for name, price in said.items():
        assert f"{name}: {price}\n" in f"{listed}\n"


@pytest.mark.parametrize(
    ("service", "line"),
    [
        ("Unsaid", None),
        ("Gift", "🏷 Free"),
        ("Exact", "🏷 BHD 3.675"),
        ("Open", "🏷 From BHD 5.250"),
        ("Between", "🏷 BHD 15 – BHD 25"),
    ],
)
async def test_what_was_said_is_on_the_card_and_in_the_notice_and_stays_agreed(
    priced: Stage, service: str, line: str | None
) -> None:
    booking = await priced.book(service=service)
    card, notice = plain(await shown(priced, booking)), plain(priced.texts(ALICE)[-1])
    await reprice(priced.shop)
    for text in (card, notice, plain(await shown(priced, booking))):
        said = [each[each.index("🏷") :] for each in text.splitlines() if "🏷" in each]
        assert said == ([line] if line else [])


async def shown(stage: Stage, booking: int) -> str:
    return (await stage.tap(ShowBooking(booking_id=booking))).text


async def reprice(shop: Shop) -> None:
    """Have everything cost something else."""
    file = FILE.replace("3.675", "4").replace("free", "1").replace("from: 5.25", "from: 6")
    file = file.replace("15, to: 25", "16, to: 26").replace(
        "Unsaid, duration: 30m", "Unsaid, duration: 30m, price: 2"
    )
    await apply_document(shop.sessions, read_document(file.encode(), "b.yaml"), ManualClock(NOW))


async def test_services_of_one_name_are_told_apart_wherever_they_are_read(priced: Stage) -> None:
    listed = (await priced.tap(ShowServices())).text
    assert "Wax: Legs" in listed
    assert "Laser: Legs" in listed
    booking = await priced.book(service="Legs")
    for text in (await shown(priced, booking), priced.texts(ALICE)[-1]):
        assert "Laser: Legs" in text
    [calendar] = priced.calendars()
    assert str(calendar.walk("VEVENT")[0]["SUMMARY"]) == "Laser: Legs, Barber & Co"
