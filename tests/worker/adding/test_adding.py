"""Staff book for somebody, with Telegram or without, by the customers' own flow."""

from asyncio import gather
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shared.buttons import unpack
from shared.contracts.adding import AskCustomer, AskNewCustomer, WriteNewCustomer
from shared.contracts.booking import (
    Book,
    BookedFor,
    Move,
    Moving,
    ShowServices,
    ShowSoonest,
    ShowSpecialists,
    ShowSummary,
)
from shared.contracts.chat import Say
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBookings
from shared.contracts.staff import AskCallOff, CallOff, ShowAgenda, ShowStaffCard, ShowVisitHistory
from shared.envelope import NOBODY, Actor
from tests.worker.shop import ALICE, ANNA, BEN, BOB, OWNER, at
from tests.worker.stage import Answer, Stage
from tests.worker.two_businesses import Two
from worker.adding.repository import write_down
from worker.adding.rules import Introduction
from worker.db.models.people import Person
from worker.outbox.message import Chat
from worker.people.__main__ import main
from worker.people.repository import forget, save_person, set_phone
from worker.privacy.repository import erase, export

MARIA = "Maria Schmidt 0151 12345678"
PHONE = "+4915112345678"


@pytest.fixture
async def salon(stage: Stage) -> Stage:
    """Everybody has started the bot."""
    await stage.meet(ALICE, BOB, OWNER, BEN)
    for person in (ALICE, BOB, OWNER, BEN):
        await stage.type(ShowHome(), person)
    return stage


async def press(stage: Stage, answer: Answer, label: str, person: int) -> Answer:
    """Tap the first button that holds this label under what was answered."""
    buttons = stage.buttons(answer.message, person)
    data = next(data for text, data in buttons.items() if label in text)
    return await stage.tap(unpack(str(data)), person, answer.message)


def newest(stage: Stage, person: int) -> Answer:
    message = stage.messages(person)[-1]
    return Answer(None, int(message["message_id"]), str(message["text"]))


async def say(stage: Stage, words: str, person: int) -> Answer:
    await stage.type(Say(text=words), person)
    return newest(stage, person)


async def without_telegram(stage: Stage, words: str = MARIA, person: int = ALICE) -> int:
    """Write somebody down; return their id."""
    await stage.tap(AskNewCustomer(), person)
    await say(stage, words, person)
    async with stage.shop.sessions() as session:
        business = Person.business_id == stage.shop.business_id
        return (await session.scalar(select(func.min(Person.id)).where(business))) or 0


async def say_whom(stage: Stage, words: str) -> Answer:
    """Let Alice look for whom a visit is."""
    await stage.tap(AskCustomer(), ALICE)
    return await say(stage, words, ALICE)


def booking(stage: Stage, customer: int, clock: str = "11:00", who: str | None = "Alice") -> Book:
    return stage.booking(clock, specialist=who).model_copy(update={"customer": BookedFor(person_id=customer)})


async def test_an_owner_books_for_somebody_new_by_the_customers_own_flow(salon: Stage) -> None:
    await salon.type(AskCustomer(), OWNER)
    services = await say(salon, MARIA, OWNER)
    assert f"For Maria Schmidt, {PHONE}" in services.text
    assert "What would you like to book?" in services.text
    specialists = await press(salon, services, "Cut", OWNER)
    back = await press(salon, specialists, "« Back", OWNER)
    assert f"For Maria Schmidt, {PHONE}" in back.text
    soonest = await press(salon, await press(salon, back, "Cut", OWNER), "Bob", OWNER)
    weeks = await press(salon, soonest, "Other days", OWNER)
    day = await press(salon, weeks, "25", OWNER)
    part = await press(salon, day, "Morning", OWNER)
    summary = await press(salon, part, "10:00", OWNER)
    assert summary.text.count("For Maria Schmidt") == 1
    done = await press(salon, summary, "Confirm", OWNER)
    assert done.toast == "Booked! The customer has no Telegram: nothing is sent to them."
    assert f"📞 {PHONE} (no Telegram)" in done.text
    assert [text for text in salon.texts(BOB) if "New visit" in text and PHONE in text]
    visit = await salon.newest()
    assert (visit.customer_id < 0, visit.status) == (True, "confirmed")
    await salon.promised(of="booking.")
    again = await salon.tap(booking(salon, visit.customer_id, "10:00", "Bob"), OWNER)
    assert (again.toast, f"Visit № {visit.id}" in again.text) == ("Booked already.", True)
    history = await salon.tap(ShowVisitHistory(booking_id=visit.id), OWNER)
    assert "staff, in the chat: booked" in history.text


async def test_a_customer_with_telegram_is_told_as_of_any_visit(salon: Stage) -> None:
    await salon.book("10:00")
    await salon.type(AskCustomer(), ALICE)
    services = await press(salon, newest(salon, ALICE), "Anna", ALICE)
    assert "Yoga" in str(salon.buttons(services.message, ALICE))
    soonest = await press(salon, services, "Cut", ALICE)
    assert "Who would you like" not in soonest.text
    back = await press(salon, soonest, "« Back", ALICE)
    assert "What would you like to book?" in back.text
    before = len(salon.texts(ANNA))
    done = await salon.tap(booking(salon, ANNA, "14:00"), ALICE)
    assert (done.toast, "14:00–14:45" in done.text) == ("Booked!", True)
    assert [text for text in salon.texts(ANNA)[before:] if "14:00–14:45" in text]
    assert "You have 2 visits ahead" in (await salon.tap(ShowBookings())).text
    assert [state for _, state in await salon.states("booking.reminder")] == ["pending"] * 4
    assert not [text for text in salon.texts(ALICE) if "New visit" in text and "14:00" in text]


async def test_specialists_add_to_their_own_calendar_alone(salon: Stage) -> None:
    customer = await without_telegram(salon)
    for who in ("Bob", None):
        refused = await salon.tap(booking(salon, customer, who=who), ALICE)
        assert (refused.toast, refused.alert) == ("You can add visits to your own calendar only.", True)
    whom = BookedFor(person_id=customer)
    cut, bob = salon.shop.services["Cut"], salon.shop.specialists["Bob"]
    for command in (
        ShowSpecialists(service_id=cut, customer=whom),
        ShowSoonest(service_id=cut, specialist_id=bob, customer=whom),
        ShowServices(customer=whom),
        ShowSummary(service_id=cut, start=at("11:00"), customer=whom),
    ):
        assert (await salon.tap(command, ALICE)).alert
    assert "Booked!" in str((await salon.tap(booking(salon, customer), ALICE)).toast)
    assert "Booked!" in str((await salon.tap(booking(salon, customer, "12:00", "Bob"), OWNER)).toast)
    assert len(await salon.shop.live()) == 2


async def test_customers_book_for_nobody_else(salon: Stage) -> None:
    customer = await without_telegram(salon)
    for whom in (customer, ANNA):
        refused = await salon.tap(booking(salon, whom), BEN)
        assert "This is for the people who work here." in refused.text
    for gone in (0, -999, 2**52):
        refused = await salon.tap(booking(salon, gone), OWNER)
        assert "is not known here any more" in str(refused.toast)
    assert not await salon.shop.live()


async def test_rules_and_constraints_are_those_of_customers(salon: Stage) -> None:
    customer = await without_telegram(salon)
    assert (await salon.tap(booking(salon, customer), ALICE)).toast
    taken = await salon.tap(booking(salon, ANNA), ALICE)
    assert (taken.alert, len(await salon.shop.live())) == (True, 1)
    assert "For Anna" in taken.text
    beside = await salon.tap(booking(salon, customer, "11:15", "Bob"), OWNER)
    assert beside.toast == "The customer has another visit at that time."
    assert "The customer has Cut with Alice 11:00–11:45" in beside.text
    assert "Book anyway" in salon.buttons(beside.message, OWNER)
    assert "Booked!" in str((await press(salon, beside, "Book anyway", OWNER)).toast)
    salon.shop.clock.advance(timedelta(days=9))
    assert (await salon.tap(booking(salon, customer, "15:00"), ALICE)).alert
    assert (await salon.shop.overlaps(), len(await salon.shop.live())) == (0, 2)


async def test_one_person_is_written_down_once_and_wrong_numbers_are_explained(salon: Stage) -> None:
    first = await without_telegram(salon)
    assert await without_telegram(salon, "maria schmidt +49 151 12345678", OWNER) == first
    assert await without_telegram(salon, "Paul Schmidt 0151 12345678", OWNER) < first
    async with salon.shop.sessions.begin() as session:
        await save_person(session, Actor(id=BEN, first_name="Ben", last_name="Wolf"))
        await set_phone(session, BEN, PHONE)
    await salon.tap(AskNewCustomer(), OWNER)
    services = await say(salon, "ben wolf 015112345678", OWNER)
    [cut] = [data for text, data in salon.buttons(services.message, OWNER).items() if text == "Cut"]
    assert unpack(str(cut)) == ShowSpecialists(
        service_id=salon.shop.services["Cut"], customer=BookedFor(person_id=BEN)
    )
    await salon.tap(AskNewCustomer(), ALICE)
    for words, said in {
        "Maria": "A phone number is missing beside the name.",
        "0151 12345679": "A name is missing beside the number.",
        "Maria 0151": "There is no such phone number.",
    }.items():
        asked = await say(salon, words, ALICE)
        assert said in asked.text
        assert "like “Maria +49" in asked.text
    assert "For Maria, +49" in (await say(salon, "Maria 0151 12345670", ALICE)).text


async def test_customers_are_found_by_name_and_number(salon: Stage) -> None:
    await without_telegram(salon)
    for typed in ("schmidt", "Maria Schmitd", "0151 12345678", "5678", "+49 151 123 456 78"):
        await salon.type(AskCustomer(), OWNER)
        found = await say(salon, typed, OWNER)
        assert f"Maria Schmidt · {PHONE}" in salon.buttons(found.message, OWNER), typed
    for typed in ("%", "_", "Zoe", "\\", "' OR 1=1"):
        await salon.type(AskCustomer(), OWNER)
        found = await say(salon, typed, OWNER)
        assert "No customer is called that" in found.text, typed
        assert "New customer" in salon.buttons(found.message, OWNER)


async def test_one_connection_writes_down_as_many_people_as_come(stage: Stage) -> None:
    async with stage.shop.sessions.begin() as session:
        people = [Introduction(f"Guest {number}", f"+4930123450{number}") for number in range(10)]
        numbers = {await write_down(session, each) for each in people}
        await session.rollback()
    assert len(numbers) == len(people), "PostgreSQL plans the sixth for all that follow"


async def test_of_a_long_name_the_number_is_still_to_be_seen(salon: Stage) -> None:
    await without_telegram(salon, f"{'Wolfe' * 12} 0151 12345678")
    found = await say_whom(salon, "12345678")
    [label] = [text for text in salon.buttons(found.message, ALICE) if "Wolfe" in text]
    assert label.endswith(f"… · {PHONE}")


async def test_nothing_is_ever_promised_to_who_has_no_telegram_and_staff_see_whom_to_call(
    salon: Stage,
) -> None:
    customer = await without_telegram(salon)
    await salon.tap(booking(salon, customer), ALICE)
    visit = await salon.newest()
    agenda = await salon.tap(ShowAgenda(first=at("11:00").date()), ALICE)
    assert "📞 has no Telegram: call them" in agenda.text
    assert [
        label for label in salon.buttons(agenda.message, ALICE) if "📞 11:00 · Cut · Maria Schmidt" in label
    ]
    move = Move(moving=Moving(booking_id=visit.id, version=1), start=at("15:00"))
    assert (await salon.tap(move, OWNER)).toast == "Moved! The customer has no Telegram: call them."
    question = await salon.tap(AskCallOff(booking_id=visit.id, version=2), OWNER)
    assert "The customer has no Telegram: call them." in question.text
    off = await salon.tap(CallOff(booking_id=visit.id, version=2), OWNER)
    assert off.toast == "Cancelled. The customer has no Telegram: call them."
    await salon.advance(timedelta(days=5))
    assert not [row for row in await salon.outbox() if row.chat_id is not None and row.chat_id <= 0]
    assert {row.state for row in await salon.outbox()} == {"sent"}
    card = await salon.tap(ShowStaffCard(booking_id=visit.id), ALICE)
    assert f"📞 {PHONE} (no Telegram)" in card.text
    assert Chat(customer).is_anybodys is False


async def test_who_has_no_telegram_is_exported_and_erased(salon: Stage) -> None:
    customer = await without_telegram(salon)
    await salon.tap(booking(salon, customer), ALICE)
    salon.shop.clock.advance(timedelta(days=4))
    async with salon.shop.sessions.begin() as session:
        kept = await export(session, customer)
        assert (kept["person"][0]["phone"], len(kept["visits"])) == (PHONE, 1)
        await erase(session, customer, salon.shop.clock.now())
        assert not await export(session, customer)
    gone = await salon.tap(booking(salon, customer, "12:00"), ALICE)
    assert "is not known here any more" in str(gone.toast)


async def test_who_has_no_telegram_is_forgotten_like_anybody(salon: Stage) -> None:
    customer = await without_telegram(salon)
    await salon.tap(booking(salon, customer), ALICE)
    visit = await salon.newest()
    years = timedelta(days=3650)
    async with salon.shop.sessions.begin() as session:
        await forget(session, salon.shop.clock.now() + years, 100)
        assert not await export(session, customer)
    assert (await salon.shop.booking(visit.id)).customer_id == NOBODY


async def test_two_of_the_staff_at_once_make_one_person_and_one_visit(salon: Stage) -> None:
    said = [salon.envelope(WriteNewCustomer(text=MARIA), person) for person in (ALICE, OWNER)]
    await gather(*map(salon.run, said))
    customer = await without_telegram(salon)
    taps = [await salon.tapped(booking(salon, whom), ALICE) for whom in (customer, ANNA, customer)]
    taps.append(await salon.tapped(salon.booking("11:00"), BEN))
    await gather(*map(salon.run, taps))
    assert (len(await salon.shop.live()), await salon.shop.overlaps()) == (1, 0)
    async with salon.shop.sessions() as session:
        own = (Person.business_id == salon.shop.business_id, Person.id < 0)
        assert await session.scalar(select(func.count()).select_from(Person).where(*own)) == 1


async def test_in_russian(salon: Stage) -> None:
    salon.languages[ALICE] = "ru"
    await salon.type(AskCustomer(), ALICE)
    assert "Кого записать?" in salon.texts(ALICE)[-1]
    services = await say(salon, "<b>Мария</b> 0151 12345678", ALICE)
    assert f"Клиент: <b>Мария</b>, {PHONE}" in services.text
    done = await salon.tap(booking(salon, await without_telegram(salon)), ALICE)
    assert "У клиента нет Telegram" in str(done.toast)


async def test_the_other_businesss_customers_are_not_known(two: Two) -> None:
    salon, barber = two.salon, two.barber
    await salon.meet(ALICE)
    await barber.meet(ALICE)
    customer = await without_telegram(barber)
    await salon.type(AskCustomer(), ALICE)
    assert "No customer is called that" in (await say(salon, "Schmidt", ALICE)).text
    whom = {"customer": BookedFor(person_id=customer)}
    gone = await salon.tap(salon.booking("11:00").model_copy(update=whom), ALICE)
    assert "is not known here any more" in str(gone.toast)
    assert not await salon.shop.live()


async def test_the_tool_takes_who_has_no_telegram(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "below zero" in capsys.readouterr().out
    for wrong in ("0", "-0", "--5", "x"):
        with pytest.raises(SystemExit):
            main(["export", wrong])


async def test_the_same_words_twice_and_two_devices_lose_nothing(salon: Stage) -> None:
    await salon.tap(AskNewCustomer(), ALICE)
    await salon.tap(AskNewCustomer(), ALICE)
    first = await say(salon, MARIA, ALICE)
    await salon.run(salon.envelope(WriteNewCustomer(text=MARIA), ALICE))
    await press(salon, first, "Cut", ALICE)
    async with salon.shop.sessions() as session:
        own = (Person.business_id == salon.shop.business_id, Person.id < 0)
        assert await session.scalar(select(func.count()).select_from(Person).where(*own)) == 1
