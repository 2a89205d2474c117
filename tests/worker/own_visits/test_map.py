"""'Map' on a card: the visit's place, and the way back."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from shared.contracts.booking import Move, Moving
from shared.contracts.own_visits import ShowBooking, ShowMap
from tests.worker.shop import ANNA, BEN, at
from tests.worker.stage import Stage
from worker.db.models.catalogue import Location


async def card_of(stage: Stage, booking: int) -> int:
    return (await stage.shop.booking(booking)).card_message_id or 0


async def test_the_map_comes_beside_the_card_which_goes_on_following(stage: Stage) -> None:
    booking = await stage.book("10:00")
    card = await card_of(stage, booking)
    assert "Map" in stage.buttons(card)
    before = stage.text(ANNA, card)
    await stage.tap(ShowMap(booking_id=booking), message=card)
    venue = stage.messages()[-1]["venue"]
    assert (venue["title"], venue["address"]) == ("Main street", "1 Main St")
    assert (venue["location"]["latitude"], venue["location"]["longitude"]) == (52.52, 13.4)
    assert stage.text(ANNA, card) == before
    await stage.tap(Move(moving=Moving(booking_id=booking, version=1), start=at("14:00")))
    assert "14:00–14:45" in stage.text(ANNA, card)


async def test_the_way_back_puts_the_card_in_the_maps_place(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.tap(ShowMap(booking_id=booking))
    venue = stage.messages()[-1]["message_id"]
    assert list(stage.buttons(venue)) == ["Show the visit"]
    await stage.tap(ShowBooking(booking_id=booking), message=venue)
    newest = stage.messages()[-1]
    assert "See you then!" in newest["text"]
    assert venue not in {message["message_id"] for message in stage.messages()}
    copies = (await stage.shop.booking(booking)).card_copies or []
    assert copies[-1] == newest["message_id"]
    assert venue not in copies


@pytest.fixture
async def unmapped(stage: Stage) -> AsyncIterator[Stage]:
    """A shop whose place has an address and no coordinates."""
    nowhere = {"latitude": None, "longitude": None}
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(Location).values(nowhere))
    yield stage
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(Location).values(latitude=52.52, longitude=13.4))


async def test_a_place_without_coordinates_has_no_map(unmapped: Stage) -> None:
    booking = await unmapped.book("10:00")
    assert "Map" not in unmapped.buttons(await card_of(unmapped, booking))
    answer = await unmapped.tap(ShowMap(booking_id=booking))
    assert answer.toast == "This place is not on the map."
    assert "See you then!" in answer.text


async def test_nobody_elses_visit_is_on_the_map(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.meet(BEN)
    answer = await stage.tap(ShowMap(booking_id=booking), BEN)
    assert answer.toast == "You have no such visit."
    assert not any("venue" in message for message in stage.messages(BEN))
