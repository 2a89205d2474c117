"""Two places: where each specialist works by weekday, what customers choose, and where a visit is."""

import pytest
import pytest_asyncio
from sqlalchemy import select

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import (
    Book,
    Move,
    Moving,
    ShowDay,
    ShowMonth,
    ShowSpecialists,
    ShowSummary,
)
from shared.contracts.own_visits import ShowMap
from tests.kit.business import BUSINESS_ID
from tests.worker.shop import ANNA, at
from tests.worker.stage import Stage
from worker.db.models.catalogue import Location


@pytest_asyncio.fixture
async def places(branches: Stage) -> dict[str, int]:
    async with branches.shop.sessions() as session:
        rows = await session.execute(
            select(Location.name, Location.id).where(Location.business_id == BUSINESS_ID)
        )
        return {row.name: row.id for row in rows}


async def follow(stage: Stage, message: int, label: str) -> Command:
    data = stage.buttons(message)[label]
    assert data is not None
    return unpack(data)


async def test_a_place_is_chosen_and_everything_says_it(branches: Stage, places: dict[str, int]) -> None:
    """From the choice of a place to the card, its map, its calendar file and its reminder."""
    stage, cut = branches, branches.shop.services["Cut"]
    asked = await stage.tap(ShowSpecialists(service_id=cut))
    assert "Where would you like to go?" in asked.text
    assert "Side street: 2 Side St" in asked.text
    who = await stage.tap(await follow(stage, asked.message, "Side street"), message=asked.message)
    assert {"Anyone", "Alice", "Bob"} <= stage.buttons(who.message).keys()
    soonest = await stage.tap(await follow(stage, who.message, "Alice"), message=asked.message)
    month = await stage.tap(await follow(stage, soonest.message, "Other days"), message=asked.message)
    days = stage.buttons(month.message)
    assert "26" in days
    assert "·25·" in days  # a Wednesday, on which Alice is at the other place
    parts = await stage.tap(await follow(stage, month.message, "26"), message=asked.message)
    [morning] = [label for label in stage.buttons(parts.message) if label.startswith("Morning")]
    times = await stage.tap(await follow(stage, parts.message, morning), message=asked.message)
    for screen in (soonest, month, parts, times):
        assert "📍 Side street" in screen.text
    summary = await stage.tap(await follow(stage, times.message, "10:00"), message=asked.message)
    assert "📍 Side street, 2 Side St" in summary.text
    await stage.tap(await follow(stage, summary.message, "Confirm"), message=asked.message)
    booked = await stage.newest()
    assert booked.location_id == places["Side street"]
    assert "📍 Side street, 2 Side St" in stage.text(ANNA, booked.card_message_id or 0)
    [calendar] = stage.calendars()
    [event] = calendar.walk("VEVENT")
    assert (str(event["location"]), event["geo"].to_ical()) == ("Side street, 2 Side St", "52.6;13.5")
    await stage.tap(ShowMap(booking_id=booked.id))
    assert stage.messages()[-1]["venue"]["address"] == "2 Side St"
    await stage.advance_to(at("08:00", 4))
    assert "📍 Side street, 2 Side St" in stage.texts()[-1]


async def test_where_there_is_no_choice_nothing_is_asked(branches: Stage, places: dict[str, int]) -> None:
    asked = await branches.tap(ShowSpecialists(service_id=branches.shop.services["Shave"]))
    assert "Who would you like to go to?" in asked.text
    await branches.book("10:00", service="Shave", specialist="Bob")
    assert (await branches.newest()).location_id == places["Side street"]


@pytest.mark.parametrize(("days", "place"), [(3, "Main street"), (4, "Side street")])
async def test_a_visit_is_where_its_specialist_is_that_weekday(
    branches: Stage, places: dict[str, int], days: int, place: str
) -> None:
    await branches.book("10:00", days)
    assert (await branches.newest()).location_id == places[place]


async def test_a_moved_visit_takes_the_place_of_its_new_time_and_the_summary_says_so(
    branches: Stage, places: dict[str, int]
) -> None:
    stage = branches
    booking = await stage.book("10:00", 3)
    moving = Moving(booking_id=booking, version=1)
    alice = stage.shop.specialists["Alice"]
    wish = ShowSummary(
        service_id=stage.shop.services["Cut"], specialist_id=alice, start=at("10:00", 4), moving=moving
    )
    summary = await stage.tap(wish)
    assert "📍 Side street, 2 Side St" in summary.text
    assert "Before it was at: Main street" in summary.text
    confirm = await follow(stage, summary.message, "Confirm")
    assert isinstance(confirm, Move)
    await stage.tap(confirm, message=summary.message)
    moved = await stage.newest()
    assert moved.location_id == places["Side street"]
    assert "📍 Side street, 2 Side St" in stage.text(ANNA, summary.message)


async def test_anyone_is_whoever_works_at_the_place_of_the_summary(
    branches: Stage, places: dict[str, int]
) -> None:
    """On a Wednesday Alice is at the one place and Bob at the other: the summary's place is had."""
    stage, cut = branches, branches.shop.services["Cut"]
    for name, who in (("Main street", "Alice"), ("Side street", "Bob")):
        wish = ShowSummary(service_id=cut, start=at("12:00"), location_id=places[name])
        summary = await stage.tap(wish)
        assert f"📍 {name}" in summary.text
        confirm = await follow(stage, summary.message, "Confirm")
        assert isinstance(confirm, Book)
        assert (confirm.start, confirm.location_id) == (at("12:00"), places[name])
        if who == "Alice":  # the same customer may have the visit at a start once
            continue
        await stage.tap(confirm, message=summary.message)
        booked = await stage.newest()
        assert (booked.specialist_id, booked.location_id) == (stage.shop.specialists[who], places[name])


async def test_a_summary_whose_place_nobody_chose_pins_the_one_it_says(
    branches: Stage, places: dict[str, int]
) -> None:
    cut = branches.shop.services["Cut"]
    summary = await branches.tap(ShowSummary(service_id=cut, start=at("12:00")))
    assert "📍 Main street" in summary.text
    confirm = await follow(branches, summary.message, "Confirm")
    assert isinstance(confirm, Book)
    assert (confirm.start, confirm.location_id) == (at("12:00"), places["Main street"])


async def test_a_place_where_nobody_does_it_leads_back_to_what_there_is(
    branches: Stage, places: dict[str, int]
) -> None:
    shave, main = branches.shop.services["Shave"], places["Main street"]
    stale: list[Command] = [
        ShowSpecialists(service_id=shave, location_id=main),
        ShowMonth(service_id=shave, location_id=main),
        ShowDay(service_id=shave, day=at("10:00").date(), location_id=main),
        Book(service_id=shave, start=at("10:00"), location_id=main),
    ]
    for command in stale:
        assert (await branches.tap(command)).toast == "Not offered any more.", command
