"""A customer's card: all their visits, booking again as last time, and the number they are called by."""

from datetime import timedelta

import pytest

from shared.buttons import unpack
from shared.contracts.chat import Say
from shared.contracts.customers import (
    AskPhone,
    ShowCustomer,
    ShowCustomerVisits,
    WritePhone,
)
from shared.contracts.staff import (
    CallOff,
    MarkDone,
    MarkNoShow,
    ShowStaffCard,
)
from shared.envelope import NOBODY
from tests.worker.shop import ALICE, ANNA, BEN, BOB, OWNER, at
from tests.worker.stage import Answer, Stage
from worker.people.repository import forget_people

PHONE = "+4915112345678"


@pytest.fixture
async def visit(stage: Stage) -> int:
    """Anna's visit with Alice, 10:00 to 10:45."""
    await stage.meet(ALICE, BOB, BEN, OWNER)
    return await stage.book("10:00")


async def press(stage: Stage, answer: Answer, label: str, person: int = ALICE) -> Answer:
    """Tap the first button that holds this label under what was answered."""
    buttons = stage.buttons(answer.message, person)
    data = next(data for text, data in buttons.items() if label in text)
    return await stage.tap(unpack(str(data)), person, answer.message)


async def test_all_visits_stand_there_with_what_came_of_them(stage: Stage, visit: int) -> None:
    missed = await stage.book("11:00")
    off = await stage.book("12:00")
    await stage.book("13:00", specialist="Bob")
    await stage.tap(CallOff(booking_id=off, version=1), ALICE)
    stage.shop.clock.advance(at("11:30") - stage.shop.clock.now())
    await stage.tap(MarkDone(booking_id=visit, version=1), ALICE)
    await stage.tap(MarkNoShow(booking_id=missed, version=1), ALICE)
    await stage.advance(timedelta(days=3))
    card = await stage.tap(ShowCustomer(booking_id=visit), ALICE)
    visits = await press(stage, card, "Visits")
    labels = [label for label in stage.buttons(visits.message, ALICE) if "Cut" in label]
    day = "Wed, Nov 25"
    assert labels == [f"❌ {day}, 12:00 · Cut", f"🚷 {day}, 11:00 · Cut", f"✅ {day}, 10:00 · Cut"]
    assert "✅ done" in visits.text
    assert "🚷 did not come" in visits.text
    assert "❌ cancelled" in visits.text
    assert f"Visit № {visit}" in (await press(stage, visits, "10:00")).text
    all_of_them = await stage.tap(ShowCustomerVisits(booking_id=visit), OWNER)
    assert len([label for label in stage.buttons(all_of_them.message, OWNER) if "Cut" in label]) == 4
    assert (await stage.tap(ShowCustomerVisits(booking_id=visit), BOB)).toast == "You have no such visit."
    assert (await stage.tap(ShowCustomerVisits(booking_id=visit, page=99), ALICE)).text == visits.text


async def test_staff_book_again_as_last_time(stage: Stage, visit: int) -> None:
    soonest = await press(stage, await stage.tap(ShowCustomer(booking_id=visit), ALICE), "Book again")
    assert "For Anna" in soonest.text
    assert "Cut" in soonest.text
    assert "Alice" in soonest.text
    first = next(label for label in stage.buttons(soonest.message, ALICE) if "," in label)
    done = await press(stage, await press(stage, soonest, first), "Confirm")
    assert done.toast == "Booked!"
    booked = await stage.newest()
    assert (booked.customer_id, booked.id > visit) == (ANNA, True)


async def test_a_number_is_noted_and_a_wrong_one_asked_for_again(stage: Stage, visit: int) -> None:
    card = await stage.tap(ShowCustomer(booking_id=visit), ALICE)
    await press(stage, card, "Phone")
    assert "Like this: +49" in stage.texts(ALICE)[-1]
    again = await stage.type(Say(text="a horse"), ALICE)
    assert "There is no such phone number." in again
    assert f"📞 {PHONE}" in await stage.type(Say(text="(0151) 123 456 78"), ALICE)
    assert (await stage.person()).phone == PHONE
    assert f"📞 {PHONE}" in (await stage.tap(ShowStaffCard(booking_id=visit), OWNER)).text
    assert "no Telegram" not in (await stage.tap(ShowStaffCard(booking_id=visit), OWNER)).text
    for person in (BOB, BEN):
        await stage.run(stage.envelope(WritePhone(booking_id=visit, phone="0151 12345679"), person))
    assert (await stage.person()).phone == PHONE
    assert not [text for text in stage.texts(ANNA) if PHONE in text]
    assert await stage.events() == ["booked", "phoned"]


async def test_of_who_was_forgotten_nothing_is_offered(stage: Stage, visit: int) -> None:
    stage.shop.clock.advance(at("11:00") - stage.shop.clock.now())
    async with stage.shop.sessions.begin() as session:
        await forget_people(session, [ANNA])
    for command in (AskPhone(booking_id=visit), ShowCustomerVisits(booking_id=visit)):
        card = await stage.tap(command, ALICE)
        assert not {"Visits", "Book again", "Phone"} & stage.buttons(card.message, ALICE).keys()
    await stage.run(stage.envelope(WritePhone(booking_id=visit, phone="0151 12345679"), ALICE))
    assert (await stage.person(NOBODY)).phone is None
