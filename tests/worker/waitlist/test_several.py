"""A wish for several services in one visit: offered, held and taken as a whole, or not at all."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.buttons import unpack
from shared.contracts.booking import AddedServices, Book, ShowDay
from shared.contracts.line import OfferTime, ShowLine, ShowWaiting
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBookings
from shared.contracts.waitlist import ChangeWish, JoinWaitlist, ShowWish, TakeOffer
from tests.worker.booking.test_together import SALON, added, rows
from tests.worker.shop import ALICE, ANNA, BEN, BOB, CARLA, OWNER, at, open_shop
from tests.worker.stage import Answer, Stage, on_stage
from tests.worker.waitlist.waiting import (
    GUEST,
    answer,
    entries,
    free,
    offers,
    open_for,
    open_offer,
    settle,
)
from worker.db.engine import Sessions
from worker.placement import repository

TELL_ME = "Tell me if a place frees up"
TEN, LATER = at("10:00"), at("10:45")
HELD = [("Cut", "Alice", TEN, "offer"), ("Nails", "Bob", LATER, "offer")]


@pytest.fixture
async def salon(sessions: Sessions) -> AsyncIterator[Stage]:
    """Open a salon in which Alice has room for one cut, and Bob for nails after it, and nothing else."""
    async with on_stage(await open_shop(sessions, SALON)) as stage:
        await stage.meet(ALICE, BOB, BEN, CARLA, GUEST, OWNER)
        for each in (ALICE, BOB, OWNER, GUEST):
            await stage.type(ShowHome(), each)
        await open_for(stage.shop, "10:00", specialist="Alice")
        await open_for(stage.shop, "10:45", specialist="Bob")
        yield stage


def wish(stage: Stage, *services: str, who: str | None = None) -> JoinWaitlist:
    first, *others = services
    return JoinWaitlist(
        service_id=stage.shop.services[first],
        specialist_id=None if who is None else stage.shop.specialists[who],
        first_day=TEN.date(),
        last_day=TEN.date(),
        added=added(stage.shop, *others) if others else None,
    )


async def taken(stage: Stage) -> tuple[int, int]:
    """Have the cut and the nails be somebody's; return both visits."""
    shop = stage.shop
    cut = await shop.book(shop.wish("Cut", "Alice", "10:00"), GUEST)
    return cut, await shop.book(shop.wish("Nails", "Bob", "10:45"), GUEST)


async def both_freed(stage: Stage) -> Answer:
    """Let Anna wish for both and both come free; return the card of her wish."""
    cut, nails = await taken(stage)
    joined = await stage.tap(wish(stage, "Cut", "Nails"))
    await free(stage, cut)
    await free(stage, nails)
    return joined


async def test_on_a_day_without_room_for_all_of_it_one_wishes_for_the_whole(salon: Stage) -> None:
    await taken(salon)
    day = ShowDay(service_id=salon.shop.services["Cut"], day=TEN.date(), added=added(salon.shop, "Nails"))
    shown = await salon.tap(day)
    command = unpack(str(salon.buttons(shown.message)[TELL_ME]))
    assert command == wish(salon, "Cut", "Nails")
    joined = await salon.tap(command, message=shown.message)
    assert "Cut + Nails" in joined.text
    assert "You are 1st in line." in joined.text
    assert "Nothing with room for all of it has freed up yet." in joined.text
    assert (await salon.tap(command)).toast == "You are in line for this already."
    alone = await salon.tap(wish(salon, "Cut"))
    assert alone.toast == "You will be told here when a place frees up."
    assert [each.added for each in await entries(salon.shop)] == [[salon.shop.services["Nails"]], []]
    listed = await salon.tap(ShowBookings())
    assert "🔔 Wed, Nov 25 · Cut + Nails" in salon.buttons(listed.message)
    [entry, _] = await entries(salon.shop)
    week = ChangeWish(entry_id=entry.id, first_day=TEN.date(), last_day=TEN.date() + timedelta(days=6))
    assert "Nov 25" in (await salon.tap(week)).text


async def test_what_has_no_room_for_all_of_it_is_not_offered_and_the_whole_is(salon: Stage) -> None:
    cut, nails = await taken(salon)
    joined = await salon.tap(wish(salon, "Cut", "Nails"))
    await free(salon, cut)
    assert await offers(salon.shop) == []
    await free(salon, nails)
    assert await offers(salon.shop) == [(ANNA, "open", TEN)]
    assert await rows(salon.shop) == HELD
    offered = await open_offer(salon, ANNA)
    assert "Cut, Alice" in offered.text
    assert "10:00–11:15" in offered.text
    assert "➕ 10:45 Nails, Bob" in offered.text
    assert "💰 Together: €60" in offered.text
    assert joined.toast == "You will be told here when a place frees up."


async def test_taking_it_books_all_of_it_and_each_specialist_is_told(salon: Stage) -> None:
    await both_freed(salon)
    booked = await answer(salon, ANNA)
    assert booked.toast == "Booked!"
    assert "Nails" in booked.text
    assert await rows(salon.shop) == [
        ("Cut", "Alice", TEN, "confirmed"), ("Nails", "Bob", LATER, "part"),
    ]  # fmt: skip
    assert [each.customer_id for each in await salon.shop.live()] == [ANNA, 0]
    assert [each.outcome for each in await entries(salon.shop)] == ["taken"]
    await salon.advance(timedelta(minutes=10))
    await settle(salon)
    assert await rows(salon.shop) == [
        ("Cut", "Alice", TEN, "confirmed"), ("Nails", "Bob", LATER, "part"),
    ]  # fmt: skip
    for person, service in ((ALICE, "Cut"), (BOB, "Nails")):
        assert any(service in text and "Anna" in text for text in salon.texts(person)), salon.texts(person)
    visit = await salon.shop.booking((await salon.shop.visits())[0].id)
    await free(salon, visit.id)
    assert await rows(salon.shop) == []


async def test_declined_it_goes_on_to_those_who_wish_for_a_part_of_it(salon: Stage) -> None:
    await both_freed(salon)
    await salon.tap(wish(salon, "Cut", who="Alice"), BEN)
    await salon.tap(wish(salon, "Nails"), CARLA)
    await settle(salon)
    assert await offers(salon.shop) == [(ANNA, "open", TEN)]
    declined = await answer(salon, ANNA, "No, thanks")
    assert declined.text == "You have passed this time on. Your wish stands."
    found = await offers(salon.shop)
    assert sorted(found[1:]) == [(BEN, "open", TEN), (CARLA, "open", LATER)]
    assert sorted(await rows(salon.shop)) == sorted(HELD)


async def test_lapsed_it_goes_on_as_well_and_is_not_offered_to_its_customer_again(salon: Stage) -> None:
    await both_freed(salon)
    await salon.tap(wish(salon, "Cut", who="Alice"), BEN)
    await salon.advance(timedelta(hours=3))
    await settle(salon)
    assert await offers(salon.shop) == [(ANNA, "lapsed", TEN), (BEN, "open", TEN)]
    assert await rows(salon.shop) == HELD[:1]


async def test_who_is_first_in_line_is_first_whether_for_one_or_for_all(salon: Stage) -> None:
    cut, nails = await taken(salon)
    await salon.tap(wish(salon, "Nails"), BEN)
    joined = await salon.tap(wish(salon, "Cut", "Nails"))
    assert "2nd" in joined.text
    await free(salon, cut)
    await free(salon, nails)
    assert await offers(salon.shop) == [(BEN, "open", LATER)]
    await answer(salon, BEN, "No, thanks")
    assert (await offers(salon.shop))[1:] == [(ANNA, "open", TEN)]


async def test_who_is_named_does_what_they_do_and_others_the_rest(salon: Stage) -> None:
    cut, nails = await taken(salon)
    await salon.tap(wish(salon, "Cut", "Nails", who="Bob"), BEN)
    await salon.tap(wish(salon, "Cut", "Nails", who="Alice"))
    await free(salon, cut)
    await free(salon, nails)
    assert await offers(salon.shop) == [(ANNA, "open", TEN)]


async def test_what_is_booked_of_it_ends_the_wish_only_as_a_whole(salon: Stage) -> None:
    await both_freed(salon)
    [entry] = await entries(salon.shop)
    shop = salon.shop
    alone = Book(service_id=shop.services["Cut"], specialist_id=shop.specialists["Alice"], start=TEN)
    assert (await salon.tap(alone)).toast == "Booked!"
    await settle(salon)
    assert await rows(shop) == [("Cut", "Alice", TEN, "confirmed")]
    assert [state for _, state, _ in await offers(shop)] == ["lapsed"]
    shown = await salon.tap(ShowWish(entry_id=entry.id))
    assert "You have booked it meanwhile" not in shown.text
    await free(salon, (await salon.newest()).id)
    whole = alone.model_copy(update={"added": AddedServices(ids=(shop.services["Nails"],))})
    assert (await salon.tap(whole)).toast == "Booked!"
    shown = await salon.tap(ShowWish(entry_id=entry.id))
    assert "You have booked it meanwhile" in shown.text


async def test_what_is_not_held_as_a_whole_any_more_is_not_taken(salon: Stage) -> None:
    await both_freed(salon)
    offered = await open_offer(salon, ANNA)
    part = (await salon.shop.live())[1].id
    async with salon.shop.sessions.begin() as session:
        await repository.take_back(session, part)
    command = offered.command("Take it")
    assert isinstance(command, TakeOffer)
    told = await salon.tap(command, message=offered.message)
    assert told.toast == "This time is not kept for you any more."
    assert await rows(salon.shop) == []


async def test_it_counts_as_one_visit_of_those_that_somebody_may_have(salon: Stage) -> None:
    await both_freed(salon)
    for days in range(4, 8):
        await salon.book("12:00", days)
    full = await salon.tap(salon.booking("12:00", 8))
    assert full.toast != "Booked!"
    assert (await answer(salon, ANNA)).toast == "Booked!"


async def test_staff_see_the_whole_and_offer_it_by_hand(salon: Stage) -> None:
    cut, nails = await taken(salon)
    await salon.tap(wish(salon, "Cut", "Nails"))
    [entry] = await entries(salon.shop)
    await salon.shop.set_status(cut, "cancelled")
    refused = OfferTime(entry_id=entry.id, specialist_id=salon.shop.specialists["Bob"], start=TEN)
    assert (await salon.tap(refused, BOB)).toast == "This time is not free any more."
    await salon.shop.set_status(nails, "cancelled")
    for person in (ALICE, BOB, OWNER):
        line = await salon.tap(ShowLine(), person)
        assert "Cut + Nails" in line.text
        shown = await salon.tap(ShowWaiting(entry_id=entry.id), person)
        assert any("10:00" in label for label in salon.buttons(shown.message, person)), shown
    offered = await salon.tap(refused, BOB)
    assert offered.toast == "Offered."
    await settle(salon)
    assert await rows(salon.shop) == HELD
    assert (await answer(salon, ANNA)).toast == "Booked!"


async def test_who_does_nothing_of_it_does_not_see_it(salon: Stage) -> None:
    await taken(salon)
    await salon.tap(wish(salon, "Nails", "Cut", who="Bob"))
    assert "Nails + Cut" in (await salon.tap(ShowLine(), BOB)).text
    assert "Nails + Cut" not in (await salon.tap(ShowLine(), ALICE)).text, "Bob does the cut, too"
    [entry] = await entries(salon.shop)
    strange = await salon.tap(ShowWaiting(entry_id=entry.id), ALICE)
    assert strange.toast == "Nobody waits for that in your calendar."
