"""Wherever a visit is chosen, more services can be added to it: again, by a link, by staff for somebody."""

from collections.abc import AsyncIterator

import pytest

from shared.contracts.booking import BookedFor, ShowDay, ShowServices, ShowSoonest, ShowTime
from shared.contracts.customers import ShowCustomer
from shared.contracts.menu import ShowHome
from tests.worker.booking.test_together import SALON, added, book, rows, tap
from tests.worker.shop import ALICE, ANNA, BOB, OWNER, at, open_shop
from tests.worker.stage import Answer, Stage, on_stage
from worker.db.engine import Sessions

MORE = "Add a service"


@pytest.fixture
async def salon(sessions: Sessions) -> AsyncIterator[Stage]:
    async with on_stage(await open_shop(sessions, SALON)) as stage:
        await stage.meet(ANNA, ALICE, BOB, OWNER)
        for person in (ALICE, BOB, OWNER):
            await stage.type(ShowHome(), person)
        yield stage


async def came_by(stage: Stage, link: ShowDay | ShowTime | ShowSoonest) -> Answer:
    """Open a link: what it leads to is a new message."""
    await stage.type(link)
    newest = stage.messages()[-1]
    return Answer(None, newest["message_id"], newest["text"])


async def test_what_was_had_last_is_offered_whole_and_can_become_more(salon: Stage) -> None:
    await book(salon, "10:00", "Cut", "Beard", who="Alice")
    services = await salon.tap(ShowServices())
    assert "↻ Once more: Cut + Beard, Alice" in services.text
    times = await tap(salon, services, "Book again")
    assert "Cut + Beard, Alice" in times.text
    more = await tap(salon, times, MORE)
    assert {*salon.buttons(more.message)} == {"Nails", "« Back", "Menu"}
    assert "Cut + Beard, Alice" in (await tap(salon, more, "Back")).text
    times = await tap(salon, await tap(salon, times, MORE), "Nails")
    assert "Cut + Beard + Nails, Alice" in times.text
    assert MORE not in salon.buttons(times.message), "nothing is left to add"


async def test_who_came_by_a_link_can_add_more_and_keeps_their_time(salon: Stage) -> None:
    shop = salon.shop
    what = {"service_id": shop.services["Cut"], "specialist_id": shop.specialists["Alice"]}
    day = await came_by(salon, ShowDay(day=at("10:00").date(), **what))
    assert "Cut + Beard, Alice" in (await tap(salon, await tap(salon, day, MORE), "Beard")).text
    summary = await came_by(salon, ShowTime(day=at("10:00").date(), clock=1000, **what))
    more = await tap(salon, summary, MORE)
    assert "Is this right?" in (await tap(salon, more, "Back")).text
    summary = await tap(salon, await tap(salon, summary, MORE), "Nails")
    assert "10:00–11:15" in summary.text
    assert (await tap(salon, summary, "Confirm")).toast == "Booked!"
    assert await rows(shop) == [
        ("Cut", "Alice", at("10:00"), "confirmed"), ("Nails", "Bob", at("10:45"), "part"),
    ]  # fmt: skip
    yoga = ShowTime(day=at("10:00").date(), clock=1200, service_id=shop.services["Yoga"])
    assert MORE not in salon.buttons((await came_by(salon, yoga)).message)


async def test_staff_book_several_services_for_somebody_in_their_own_calendar(salon: Stage) -> None:
    shop, anna = salon.shop, BookedFor(person_id=ANNA)
    what = {"service_id": shop.services["Cut"], "specialist_id": shop.specialists["Alice"]}
    times = await salon.tap(ShowSoonest(customer=anna, **what), ALICE)
    more = await tap(salon, times, MORE, ALICE)
    assert "For Anna" in more.text
    assert {*salon.buttons(more.message, ALICE)} == {"Beard", "« Back", "Menu"}, "what Alice does"
    times = await tap(salon, more, "Beard", ALICE)
    assert "Other time" not in salon.buttons(times.message, ALICE)
    wish = salon.booking("10:00").model_copy(update={"customer": anna})
    strange = wish.model_copy(update={"added": added(shop, "Nails")})
    assert (await salon.tap(strange, ALICE)).toast == "You can add visits to your own calendar only."
    booked = await salon.tap(wish.model_copy(update={"added": added(shop, "Beard")}), ALICE)
    assert booked.toast == "Booked!"
    assert "➕ 11:00 Beard, Alice" in booked.text
    assert "➕ 11:00 Beard, Alice" in salon.texts()[-2]
    whole = await salon.tap(ShowServices(customer=anna), OWNER)
    assert "↻ Once more: Cut + Beard, Alice" in whole.text
    times = await tap(salon, await tap(salon, whole, "Book again", OWNER), MORE, OWNER)
    assert "Nails" in salon.buttons(times.message, OWNER), "who manages books for everybody"
    visit = (await salon.shop.visits())[0].id
    for person in (OWNER, ALICE):
        card = await salon.tap(ShowCustomer(booking_id=visit), person)
        assert "Cut + Beard, Alice" in (await tap(salon, card, "Book again", person)).text
    assert (await salon.tap(strange.model_copy(update={"start": at("14:00")}), OWNER)).toast == "Booked!"
