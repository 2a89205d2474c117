"""A place that is corrected, a specialist who changes places: each card, file and reminder says the truth."""

from typing import Final

import pytest
from sqlalchemy import select

from shared.contracts.booking import Move, Moving
from tests.worker.branches import BRANCHES
from tests.worker.outbox.overtaking import overtaken
from tests.worker.outbox.sending import sending
from tests.worker.shop import ANNA, BEN, CARLA, Shop, at, placed
from tests.worker.stage import Stage
from worker.business.apply import UNSAID, apply_document
from worker.business.document import LocationEntry
from worker.business.plan import ChangePlan, Choices
from worker.business.reader import read_document
from worker.business.zones import Constant
from worker.corrections.promises import CORRECTED as CORRECTION
from worker.corrections.rules import is_elsewhere
from worker.db.models.catalogue import Location
from worker.db.models.delivery import State
from worker.outbox import writer
from worker.visits import promises
from worker.visits.repository import load

CUSTOMERS: Final = (ANNA, BEN, CARLA, 2004, 2005)
TOLD: Final = "the place of your visit has changed"
CORRECTED: Final = BRANCHES.replace(b"1 Main St", b"7 River Rd").replace(
    b"latitude: 52.52", b"latitude: 52.5"
)


LONDON: Final = CORRECTED.replace(b"Europe/Berlin", b"Europe/London")
RENAMED: Final = b"name: Barber & Co,", b"name: Barbers,"


async def write(shop: Shop, content: bytes, choices: Choices = UNSAID) -> ChangePlan:
    return await apply_document(shop.sessions, read_document(content, "b.yaml"), shop.clock, choices)


async def apply(stage: Stage, content: bytes) -> ChangePlan:
    plan = await write(stage.shop, content)
    await stage.parts.poller.run_once()
    return plan


def hits(plan: ChangePlan) -> list[str]:
    return [f"№ {hit.visit.number} {hit.why}" for hit in plan.hits]


async def place_of(stage: Stage, booking: int) -> str:
    location = (await stage.shop.booking(booking)).location_id
    async with stage.shop.sessions() as session:
        row = await session.scalars(
            select(Location.name).where(
                Location.business_id == stage.shop.business_id, Location.id == location
            )
        )
        return row.one()


async def test_five_visits_follow_a_corrected_address_and_each_customer_is_told_once(branches: Stage) -> None:
    stage = branches
    await stage.meet(*CUSTOMERS)
    for number, person in enumerate(CUSTOMERS):
        await stage.book(f"{10 + number}:00", person=person)
    plan = await apply(stage, CORRECTED)
    assert hits(plan) == [f"№ {number} at 'Main street', which is elsewhere now" for number in range(1, 6)]
    for person in CUSTOMERS:
        texts = stage.texts(person)
        assert sum(TOLD in text for text in texts) == 1
        assert not any("1 Main St" in text for text in texts)
        assert sum("📍 Main street, 7 River Rd" in text for text in texts) == 2  # the card, and what tells
        [calendar] = stage.calendars(person)
        [event] = calendar.walk("VEVENT")
        assert (event["sequence"], str(event["location"])) == (1, "Main street, 7 River Rd")
        assert event["geo"].to_ical() == "52.5;13.4"
    assert "✅ Booked. See you then!" in "".join(stage.texts(ANNA))
    assert (await apply(stage, CORRECTED)).hits == []
    await stage.advance_to(at("08:00"))
    for person in CUSTOMERS[:1]:
        assert "coming up" in stage.texts(person)[-1]
        assert "📍 Main street, 7 River Rd" in stage.texts(person)[-1]
    reminders = await stage.states("booking.reminder")
    assert sorted(reminders) == [("reminder", "pending")] * 4 + [("reminder", "sent")]


async def test_a_visit_elsewhere_hears_nothing(branches: Stage) -> None:
    await branches.book("10:00", 4)
    assert (await apply(branches, CORRECTED)).hits == []
    assert not any(TOLD in text for text in branches.texts())
    assert (await branches.newest()).version == 1


async def test_an_address_that_is_spelled_otherwise_is_corrected_without_a_word(branches: Stage) -> None:
    """It is the same place: the card follows, and nobody is told."""
    await branches.book("10:00")
    plan = await apply(branches, BRANCHES.replace(b"1 Main St", b"1 MAIN ST"))
    assert hits(plan) == []
    assert "📍 Main street, 1 MAIN ST" in "".join(branches.texts())
    assert not any(TOLD in text for text in branches.texts())
    assert len(branches.calendars()) == 1


async def test_a_place_with_a_new_name_is_the_same_place(branches: Stage) -> None:
    """Its row stays, and so do the visits; cards say the new name, and nobody is told."""
    await branches.book("10:00")
    renamed = BRANCHES.replace(b"{name: Main street,", b"{name: Old town, was: Main street,")
    plan = await apply(branches, renamed.replace(b"mon-wed: Main street", b"mon-wed: Old town"))
    assert hits(plan) == []
    assert "📍 Old town, 1 Main St" in "".join(branches.texts())
    assert not any(TOLD in text for text in branches.texts())


@pytest.mark.parametrize(
    ("before", "after", "elsewhere"),
    [
        (LocationEntry(name="A", address="1 Main St"), LocationEntry(name="B", address="1 main  st"), False),
        (LocationEntry(name="A", address="1 Main St"), LocationEntry(name="A", address="2 Main St"), True),
        (LocationEntry(name="A", address="1 Main St"), LocationEntry(name="A"), True),
        (LocationEntry(name="A", latitude=1.0, longitude=1.0),
         LocationEntry(name="B", latitude=1.0, longitude=1.1), True),
        (LocationEntry(name="Main street"), LocationEntry(name="Main Street"), False),
        (LocationEntry(name="Main street"), LocationEntry(name="Side street"), True),
    ],
)  # fmt: skip
def test_a_place_is_another_one_by_what_people_know_of_it(
    before: LocationEntry, after: LocationEntry, *, elsewhere: bool
) -> None:
    assert is_elsewhere(before, after) == elsewhere


async def test_visits_follow_their_specialist_to_another_place(branches: Stage) -> None:
    """On Wednesdays Alice is at the other place now: who comes then is told, who comes on Thursday is not."""
    stage = branches
    await stage.meet(BEN)
    wednesday, thursday = await stage.book("10:00", 3), await stage.book("10:00", 4, person=BEN)
    moved = BRANCHES.replace(b"mon-wed: Main street, thu-sun", b"mon-tue: Main street, wed-sun")
    plan = await apply(stage, moved)
    assert hits(plan) == [f"№ {wednesday} with 'Alice', now at 'Side street' instead of 'Main street'"]
    assert await place_of(stage, wednesday) == await place_of(stage, thursday) == "Side street"
    assert sum(TOLD in text for text in stage.texts()) == 1
    assert not any(TOLD in text for text in stage.texts(BEN))
    assert not any("Main St" in text for text in stage.texts())
    version = (await stage.shop.booking(wednesday)).version
    await stage.tap(Move(moving=Moving(booking_id=wednesday, version=version), start=at("12:00")))
    assert "✅ Moved. See you then!" in "".join(stage.texts())


async def test_visits_stay_at_a_place_that_is_no_longer_offered(branches: Stage) -> None:
    """Where the file says nothing of a specialist's places, nobody is moved with the list."""
    stage = branches
    implicit = BRANCHES.replace(b"    locations: {mon-wed: Main street, thu-sun: Side street}\n", b"")
    await apply(stage, implicit)
    booking = await stage.book("10:00")
    without = implicit.replace(
        b"  - {name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.4}\n", b""
    )
    plan = await apply(stage, without)
    assert hits(plan) == [f"№ {booking} at 'Main street', which is no longer offered: they stay there"]
    assert await place_of(stage, booking) == "Main street"
    assert not any(TOLD in text for text in stage.texts())
    assert "Map" in stage.buttons((await stage.newest()).card_message_id or 0)


async def test_a_change_that_comes_before_the_card_is_on_the_card(branches: Stage) -> None:
    """Whoever could not be sent the card and the file yet gets both, once, as the visit is now."""
    shop = branches.shop
    async with shop.sessions.begin() as session:
        visit = await load(session, placed(await shop.place_in(session, shop.wish("Cut", "Alice", "10:00"))))
        assert visit is not None
        shown = [promises.card_of(visit), *promises.calendar_of(visit)]
        await writer.enqueue(session, shown, shop.clock.now())
    await apply(branches, BRANCHES.replace(*RENAMED))
    [card] = [text for text in branches.texts() if "№" in text]
    assert "Barbers" in card
    [calendar] = branches.calendars()
    assert "Barbers" in str(calendar.walk("VEVENT")[0]["summary"])


async def test_what_people_have_to_hear_is_not_lost_in_a_change_of_which_they_do_not(branches: Stage) -> None:
    await branches.book("10:00")
    await write(branches.shop, CORRECTED)
    await apply(branches, CORRECTED.replace(*RENAMED))
    assert sum(TOLD in text for text in branches.texts()) == 1
    assert all("7 River Rd" in text and "Barbers" in text for text in branches.texts() if "№" in text)


async def test_a_change_that_was_taken_back_is_not_told(branches: Stage) -> None:
    await branches.book("10:00")
    await write(branches.shop, CORRECTED)
    await apply(branches, BRANCHES)
    assert not any(TOLD in text for text in branches.texts())
    assert await states(branches) == [State.VOID, State.VOID]


async def test_who_moves_a_visit_has_seen_where_it_is(branches: Stage) -> None:
    booking = await branches.book("10:00")
    await write(branches.shop, CORRECTED)
    await branches.tap(Move(moving=Moving(booking_id=booking, version=2), start=at("12:00")))
    await branches.parts.poller.run_once()
    assert not any(TOLD in text for text in branches.texts())
    assert all("✅ Moved" in text and "7 River Rd" in text for text in branches.texts() if "№" in text)
    assert await states(branches) == [State.VOID]


async def test_a_correction_takes_no_reminder_that_is_due(branches: Stage) -> None:
    await branches.book("10:00")
    branches.shop.clock.advance(at("08:00") - branches.shop.clock.now())
    await apply(branches, BRANCHES.replace(*RENAMED))
    assert sum("coming up" in text for text in branches.texts()) == 1


async def test_what_was_just_being_told_is_not_told_again_with_the_next_change(
    branches: Stage, valkey_url: str
) -> None:
    """Of the place they hear in the first message, of the clock in the second; all show both at the end."""
    shop = branches.shop
    types = overtaken(CORRECTION, lambda: write(shop, LONDON, Choices(constant=Constant.INSTANT)))
    async with sending(shop, valkey_url, messages=types) as replica:
        await replica.booked("10:00")
        await write(shop, CORRECTED)
        while any(
            row.state == State.PENDING for row in await replica.rows() if row.kind != promises.REMINDER
        ):
            await replica.poller.run_once()
        sent = [call["params"]["text"] for call in await replica.calls("sendMessage")]
        assert [[word in text for word in (TOLD, "our clock was wrong")] for text in sent[-2:]] == [
            [True, False],
            [False, True],
        ]
        assert sum("№" in text for text in sent) == 3
        shown = [message["text"] for message in await replica.chat() if "№" in message.get("text", "")]
        assert len(shown) == 3
        assert all("7 River Rd" in text and "09:00–09:45" in text for text in shown)


async def test_a_file_that_was_overtaken_while_it_was_sent_does_not_stay(
    branches: Stage, valkey_url: str
) -> None:
    shop = branches.shop
    types = overtaken(promises.CALENDAR, lambda: write(shop, CORRECTED))
    async with sending(shop, valkey_url, messages=types) as replica:
        await replica.booked("10:00")
        for _ in range(4):
            await replica.poller.run_once()
        files = [message for message in await replica.chat() if "document" in message]
        assert [message["deleted"] for message in files] == [True, False]
        async with replica.telegram.http.get(f"/client/files/{files[1]['document']['file_id']}") as answer:
            assert b"7 River Rd" in await answer.read()


async def states(stage: Stage) -> list[str]:
    return [state for _, state in await stage.states(CORRECTION)]
