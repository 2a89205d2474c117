"""What specialists see, and their customers beside them."""

from collections.abc import AsyncIterator, Callable
from datetime import date

from tests.client import ChatUser
from tests.e2e import walk
from tests.flow_pictures.cast import DORA, Cast, ask, booked_on, full_day, go
from tests.phone_pictures import ALICE, Scene

WEDDING = ("Wedding style", "Dora")


async def waiting(cast: Cast) -> AsyncIterator[Scene]:
    """Three wait for a day that is full, and its time frees up."""
    dora = await cast.dora()
    pia, kim, rosa, noah = [await cast.guest(name) for name in ("Pia", "Kim", "Rosa", "Noah")]
    card = await booked_on(pia, cast.day(1), *WEDDING)
    for each in (kim, rosa):
        await go(each, await full_day(each, cast.day(1), *WEDDING), "Tell me if a place frees up")
    full = await full_day(noah, cast.day(1), *WEDDING)
    yield Scene("customer-full-day", noah.number)
    await go(noah, full, "Tell me if a place frees up")
    yield Scene("customer-wish", noah.number)
    await dora.say("/waitlist")
    await dora.wait_message("Noah")
    yield Scene("specialist-line", DORA)
    await go(pia, card, "Cancel", "Yes, cancel")
    await kim.wait_message(button="Take it")
    yield Scene("customer-offer", kim.number)


async def choosing(cast: Cast) -> AsyncIterator[Scene]:
    """A specialist offers somebody a time by hand."""
    dora, zoe = await cast.dora(), await cast.guest("Zoe")
    other = await cast.guest("Yan")
    await booked_on(other, cast.day(2), *WEDDING)
    wish = await go(zoe, await full_day(zoe, cast.day(2), *WEDDING), "Tell me if a place frees up")
    await go(zoe, wish, "Any day")
    await dora.say("/waitlist")
    line = await dora.wait_message("Zoe")
    card = await go(dora, line, "Zoe")
    yield Scene("specialist-waiting", DORA)
    await walk.tap(dora, card, walk.keys(card)[0].text)
    yield Scene("specialist-offer", DORA)


async def falling_ill(cast: Cast) -> AsyncIterator[Scene]:
    """A specialist is ill tomorrow, and her customers are offered other times."""
    alice = await cast.alice()
    names = ("Ada", "Bea", "Cleo")
    guests = [await cast.guest(name) for name in names]
    for time, guest in enumerate(guests):
        await booked_on(guest, cast.day(1), "Haircut", "Alice", time=time)
    await book_by_phone(alice, cast.day(1), "Greta +49 151 12345678")
    await alice.say("/sick tomorrow")
    asked = await alice.wait_message(button="Apply")
    yield Scene("specialist-ill", ALICE)
    await go(alice, asked, "Apply")
    offers = [await guest.wait_message(button="Other times") for guest in guests]
    yield Scene("customer-other-times", guests[0].number)
    await walk.tap(guests[0], offers[0], walk.keys(offers[0])[0].text)
    await walk.tap(guests[1], offers[1], walk.keys(offers[1])[1].text)
    await alice.wait_edit("Resolved 2 of")
    yield Scene("specialist-resolved", ALICE)


async def book_by_phone(alice: ChatUser, day: date, whom: str) -> None:
    """Book for somebody who has no Telegram and is written down."""
    await alice.say("/add")
    await ask(alice, await alice.wait_message(button="New customer"), "New customer")
    await alice.wait_screen("phone")
    await alice.say(whom)
    screen = await alice.wait_screen("Greta")
    screen = await go(alice, screen, "Haircut")
    weeks = await go(alice, screen, "Other days")
    screen = await walk.open_day(alice, weeks, day)
    times = walk.free_times(screen)
    await go(alice, await walk.tap(alice, screen, times[max(times)]), "Confirm")


PARTS: tuple[Callable[[Cast], AsyncIterator[Scene]], ...] = (waiting, choosing, falling_ill)
