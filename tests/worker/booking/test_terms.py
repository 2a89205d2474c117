"""Where a specialist takes another time, or another price, it is theirs that people read and get."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from shared.contracts.booking import Book, Move, Moving, ShowServices, ShowSpecialists, ShowSummary
from tests.worker.shop import at, open_shop
from tests.worker.stage import Stage, on_stage
from worker.db.engine import Sessions
from worker.price import Price
from worker.slots.answer import find_answer
from worker.slots.arguments import Question

FILE = b"""
business: {name: Barber & Co, timezone: Europe/Berlin, currency: EUR, language: en}
services:
  - {name: Colour, duration: 30m, price: 50, step: 30m, min_notice: 0m}
  - {name: Cut, duration: 30m, price: 20, min_notice: 0m}
specialists:
  - {name: Alice, services: [{name: Colour, duration: 90m, price: {from: 70}}, Cut],
     hours: {mon-sun: ["09:00-12:00"]}}
  - {name: Bob, services: [Colour, Cut], hours: {mon-sun: ["09:00-11:00"]}}
"""


@pytest_asyncio.fixture
async def salon(sessions: Sessions) -> AsyncIterator[Stage]:
    async with on_stage(await open_shop(sessions, FILE)) as stage:
        yield stage


async def test_lists_say_what_it_is_with_whom(salon: Stage) -> None:
    services = (await salon.tap(ShowServices())).text
    assert "• Colour: 30 min – 1 h 30 min, from €50\n" in f"{services}\n"
    assert "• Cut: 30 min, €20\n" in f"{services}\n"
    colour = (await salon.tap(ShowSpecialists(service_id=salon.shop.services["Colour"]))).text
    assert colour.splitlines()[-2:] == ["• Alice: 1 h 30 min, from €70", "• Bob: 30 min, €50"]
    cut = (await salon.tap(ShowSpecialists(service_id=salon.shop.services["Cut"]))).text
    assert "Alice" not in cut


@pytest.mark.parametrize(
    ("specialist", "end", "price"),
    [("Alice", "10:30", "From €70"), ("Bob", "09:30", "€50"), (None, "10:30", "From €70")],
)
async def test_the_summary_and_the_card_say_what_it_is_with_whoever_does_it(
    salon: Stage, specialist: str | None, end: str, price: str
) -> None:
    wish = salon.shop.wish("Colour", specialist, "09:00")
    asked = ShowSummary(service_id=wish.service_id, specialist_id=wish.specialist_id, start=wish.start)
    summary = (await salon.tap(asked)).text
    card = (await salon.tap(Book(**asked.model_dump(include={"service_id", "specialist_id", "start"})))).text
    for text in (summary, card):
        assert f"09:00–{end}" in text
        assert f"🏷 {price}\n" in f"{text}\n"
    assert (await salon.newest()).during.upper == at(end)


async def test_a_longer_visit_needs_the_room_and_keeps_it(salon: Stage) -> None:
    question = Question("Colour", None, date(2026, 11, 25), date(2026, 11, 25), explain=False, json=True)
    async with salon.shop.sessions() as session:
        found = (await find_answer(session, question, salon.shop.clock)).slots
    offered = {(f"{slot.start:%H:%M}", f"{slot.end:%H:%M}", *slot.specialists) for slot in found}
    assert {each for each in offered if "Alice" in each} == {
        ("09:00", "10:30", "Alice"),
        ("09:30", "11:00", "Alice"),
        ("10:00", "11:30", "Alice"),
        ("10:30", "12:00", "Alice"),
    }
    assert ("10:30", "11:00", "Bob") in offered
    late = salon.booking("11:00", service="Colour", specialist="Alice")
    assert (await salon.tap(late)).alert


async def test_a_visit_that_goes_to_someone_else_takes_their_time_and_keeps_its_price(salon: Stage) -> None:
    booking = await salon.book("09:00", service="Colour", specialist="Bob")
    moving = Moving(booking_id=booking, version=1)
    move = Move(moving=moving, specialist_id=salon.shop.specialists["Alice"], start=at("10:00"))
    assert (await salon.tap(move)).toast == "Moved!"
    moved = await salon.newest()
    assert moved.during.upper == at("11:30")
    price = Price.of(moved.price)
    assert price is not None
    assert price.is_exact
