"""More than one: services in a visit, visits in a series, places in a booking, times until both agree."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.client import ChatUser, Json, buttons, text_of
from tests.e2e import walk
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALICE = 1001
ASKED = "Beard trim"
"""It waits for an answer while one of these walks goes."""


def having(screen: Json, words: str) -> str:
    """Return the text of the first button that holds some words."""
    return next(text for text in buttons(screen) if words in f" {text}")


async def soonest(person: ChatUser, service: str, who: str) -> Json:
    """Go from /start to the soonest times."""
    return await walk.follow(person, await walk.open_menu(person), ["Book a visit", service, who])


async def book_soon(person: ChatUser, service: str = walk.HAIRCUT, who: str = "Alice") -> walk.Step:
    """Book the first of the soonest times; return the card."""
    times = await soonest(person, service, who)
    start, label = next(iter(walk.free_times(times).items()))
    return walk.Step(await walk.follow(person, times, [label, "Confirm"]), start)


async def test_two_services_are_one_visit_and_are_booked_again_together(stage: Stage) -> None:
    anna = await stage.customer()
    times = await soonest(anna, walk.HAIRCUT, "Alice")
    times = await walk.follow(anna, times, ["Add a service", "Beard trim"])
    assert "Haircut + Beard trim, Alice" in text_of(times)
    summary = await walk.tap(anna, times, next(iter(walk.free_times(times).values())))
    card = await walk.tap(anna, summary, "Confirm")
    assert "Together: €53" in text_of(card)
    own = await walk.tap(anna, card, "My bookings")
    assert "Haircut + Beard trim" in having(own, "Haircut")
    services = await walk.tap(anna, own, "Book a visit")
    assert "Once more: Haircut + Beard trim, Alice" in text_of(services)
    assert "Haircut + Beard trim" in text_of(await walk.tap(anna, services, "Book again"))


async def test_several_places_of_a_class_are_booked_at_once(stage: Stage) -> None:
    anna = await stage.customer()
    times = await soonest(anna, "Shaving class", "Chloé")
    summary = await walk.tap(anna, times, next(iter(walk.free_times(times).values())))
    summary = await walk.tap(anna, summary, "3")
    assert "€75" in text_of(summary)
    card = await walk.tap(anna, summary, "Confirm")
    assert "Shaving class × 3" in text_of(card)
    assert "Swap with somebody" not in buttons(await walk.tap(anna, card, "Earlier?"))


async def test_a_visit_is_repeated_and_the_later_ones_are_cancelled_together(stage: Stage) -> None:
    anna = await stage.customer()
    card = (await book_soon(anna)).screen
    times = await walk.follow(anna, card, ["Repeat", "Every 2 weeks"])
    table = await walk.tap(anna, times, having(times, " 2, until"))
    booked = await walk.tap(anna, table, having(table, "Confirm"))
    assert "booked." in text_of(booked)
    await anna.say("/bookings")
    own = await anna.wait_message("visits ahead")
    later = [text for text in buttons(own) if "Haircut" in text][1]
    card = await walk.tap(anna, own, later)
    asked = await walk.follow(anna, card, ["Cancel", "This and later"])
    gone = await walk.tap(anna, asked, having(asked, "Yes, cancel"))
    assert "cancelled." in text_of(gone)
    await anna.say("/bookings")
    await anna.wait_message("You have 1 visit ahead")


@pytest_asyncio.fixture(loop_scope="session")
async def agreeing(stage: Stage) -> AsyncIterator[Stage]:
    await stage.fetch("UPDATE service SET approval = true WHERE name = $1", ASKED)
    yield stage
    await stage.fetch("UPDATE service SET approval = false WHERE name = $1", ASKED)


async def test_a_specialist_proposes_another_time_and_the_customer_accepts(agreeing: Stage) -> None:
    alice = await agreeing.api.known_user(ALICE)
    await walk.open_menu(alice)
    anna = await agreeing.customer("Theodora")
    asked = await book_soon(anna, ASKED)
    request = await alice.wait_message("Theodora", button="Propose another time")
    times = await walk.tap(alice, request, "Propose another time")
    start, label = next(iter(walk.free_times(times).items()))
    assert start != asked.start
    summary = await walk.tap(alice, times, label)
    assert "Propose this time?" in text_of(summary)
    heard, _ = await walk.tap_and_hear(alice, summary, "Confirm")
    assert heard["text"] == "Proposed. You will be told the answer."
    proposal = await anna.wait_message("proposes this time in place of yours", button="Accept")
    card = await walk.tap(anna, proposal, "Accept")
    assert "See you then!" in text_of(card)
