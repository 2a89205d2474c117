"""What customers see on the ways that are theirs."""

from collections.abc import AsyncIterator, Callable

from tests.client import ChatUser, Json, buttons, text_of
from tests.e2e import walk
from tests.flow_pictures.cast import Cast, booked, booked_on, choose, go, labelled, soonest
from tests.phone_pictures import ALICE, Scene


async def holding(cast: Cast) -> AsyncIterator[Scene]:
    """A time is kept while somebody looks at the summary."""
    anna = await cast.guest("Anna")
    await choose(anna, "Haircut", "Alice", time=1)
    yield Scene("customer-held", anna.number)
    lea = await cast.guest("Lea")
    await choose(lea, "Haircut", "Add a service", "Beard trim", "Anyone", time=1)
    yield Scene("customer-several", lea.number)
    mia = await cast.guest("Mia")
    summary = await choose(mia, "Shaving class", "Chloé", time=1)
    summary = await go(mia, summary, "3")
    yield Scene("customer-places", mia.number)


async def asking(cast: Cast) -> AsyncIterator[Scene]:
    """Somebody asks for a time, and is proposed another one."""
    alice, eric = await cast.alice(), await cast.guest("Eric")
    await go(eric, await choose(eric, "Colour", "Alice", time=1), "Confirm")
    yield Scene("customer-asked", eric.number)
    request = await alice.wait_message(button="Propose another time")
    yield Scene("specialist-request", ALICE)
    times = await go(alice, request, "Propose another time")
    summary = await walk.tap(alice, times, list(walk.free_times(times).values())[-1])
    await walk.tap(alice, summary, labelled(summary, "Confirm"))
    await eric.wait_message(button="Other times")
    yield Scene("customer-proposed", eric.number)


async def answering(cast: Cast) -> AsyncIterator[Scene]:
    """A service asks something first; another one asks for money."""
    fay = await cast.guest("Fay")
    times = await soonest(fay, "First visit", "Alice")
    await fay.press_only(list(walk.free_times(times).values())[1], times)
    await fay.wait_screen("How long is your hair?")
    yield Scene("customer-question", fay.number)
    oli = await cast.guest("Oli")
    await go(oli, await choose(oli, "The full works", "Boris", time=1), "Confirm")
    await oli.wait_event("message", lambda event: "invoice" in event["message"])
    yield Scene("customer-invoice", oli.number)


async def running_late(cast: Cast) -> AsyncIterator[Scene]:
    """Somebody has a visit today and is late; somebody else is reminded."""
    gus = await cast.guest("Gus")
    card = await booked(gus, "Haircut", "Alice")
    alice = await cast.alice()
    await go(gus, card, "Running late", "+10")
    yield Scene("customer-late", gus.number)
    await alice.wait_message("Gus")
    yield Scene("specialist-late", ALICE)
    ben = await cast.guest("Ben")
    await booked(ben, "Haircut", "Alice", time=2)
    await cast.database.execute(
        "UPDATE outbox SET due_at = now() WHERE kind = 'booking.reminder' AND chat_id = $1", ben.number
    )
    await ben.wait_message(button="I'll be there")
    yield Scene("customer-reminder", ben.number)


async def repeating(cast: Cast) -> AsyncIterator[Scene]:
    """Somebody comes every week; on one of the dates somebody else was faster."""
    hal, ida = await cast.guest("Hal"), await cast.guest("Ida")
    await booked_on(ida, cast.day(15), "Beard trim", "Boris", time=-1)
    await booked_on(hal, cast.day(1), "Beard trim", "Boris", time=-1)
    table = await go(hal, await only_visit(hal), "Repeat", "Every week", "4, until")
    yield Scene("customer-series", hal.number)
    await go(hal, table, "Instead", "Confirm 4 visits")
    await hal.wait_event("message", lambda event: "document" in event["message"])
    yield Scene("customer-series-booked", hal.number)


async def coming_together(cast: Cast) -> AsyncIterator[Scene]:
    """Friends book a class together."""
    vic, wanda = await cast.guest("Vic"), await cast.guest("Wanda")
    summary = await choose(vic, "Shaving class", "Chloé", time=1)
    card = await go(vic, summary, "Book together", "3")
    await open_link(wanda, text_of(card))
    invited = await wanda.wait_message(button="Join")
    yield Scene("customer-invited", wanda.number)
    await go(wanda, invited, "Join")
    await vic.wait_edit("Wanda")
    yield Scene("customer-together", vic.number)


async def only_visit(person: ChatUser) -> Json:
    """Go to the card of somebody's only visit by the command that lists them."""
    await person.say("/bookings")
    listed = await person.wait_message(button="Menu")
    return await walk.tap(person, listed, buttons(listed)[0])


async def open_link(person: ChatUser, text: str) -> None:
    """Open the link to the bot that a text ends with."""
    await person.say(f"/start {text.rpartition('start=')[2].split()[0]}")


async def swapping(cast: Cast) -> AsyncIterator[Scene]:
    """Somebody would rather have somebody else's time, who agrees."""
    tom, uma = await cast.guest("Tom"), await cast.guest("Uma")
    await booked_on(tom, cast.day(4), "Wedding style", "Dora")
    await booked_on(uma, cast.day(6), "Wedding style", "Dora")
    times = await go(tom, await only_visit(tom), "Earlier?", "Swap with somebody")
    yield Scene("customer-swap", tom.number)
    day = await walk.tap(tom, times, buttons(times)[0])
    await walk.tap(tom, day, "10:00")
    question = await uma.wait_message(button="Yes, swap")
    yield Scene("customer-swap-asked", uma.number)
    await go(uma, question, "Yes, swap")
    await tom.wait_message("You have swapped")
    await tom.wait_event("message", lambda event: "document" in event["message"])
    yield Scene("customer-swapped", tom.number)


PARTS: tuple[Callable[[Cast], AsyncIterator[Scene]], ...] = (
    holding,
    asking,
    answering,
    running_late,
    repeating,
    coming_together,
    swapping,
)
