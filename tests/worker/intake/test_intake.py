"""What a service asks: one by one before the summary, changed on it, kept with the visit, read by staff."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import Book, BookedFor, Move, Moving, ShowSummary
from shared.contracts.chat import Say, SharedContact
from shared.contracts.intake import ChooseIntake
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import ShowStaffCard
from tests.kit.business import BUSINESS_ID
from tests.worker.shop import ALICE, ANNA, BEN, FILE, OWNER, Shop, at, open_shop
from tests.worker.stage import Stage, on_stage
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import make_engine, make_sessions
from worker.db.models.booking import BookingAnswer
from worker.db.models.flows import Draft
from worker.privacy.repository import erase, export

QUESTIONS = b"""reminders: [24h, 2h], questions: [
       {ask: "How long is your hair?", choices: [Short, "Long, straight"], required: true},
       {ask: "What else?", choices: [Wash, Dry], several: true},
       {ask: "Postcode?", pattern: "[0-9]{5}", hint: "Five digits, please", required: true},
       {ask: "Your phone", type: phone, first_visit: true},
       {ask: "A picture of it?", type: photo}]"""
ASKING = FILE.replace(b"reminders: [24h, 2h]", QUESTIONS, 1)
A_SECOND = timedelta(seconds=1)
PHOTO = "photo-id"


class Customer:
    """Somebody at the newest message of their chat."""

    def __init__(self, stage: Stage, person: int = ANNA) -> None:
        self.stage, self.person = stage, person

    @property
    def newest(self) -> dict[str, object]:
        return self.stage.messages(self.person)[-1]

    @property
    def said(self) -> str:
        return self.stage.texts(self.person)[-1]

    @property
    def labels(self) -> list[str]:
        return list(self.stage.buttons(int(str(self.newest["message_id"])), self.person))

    async def choose(self, clock: str = "10:00", **more: object) -> str:
        shop = self.stage.shop
        asked = ShowSummary(
            service_id=shop.services["Cut"], specialist_id=shop.specialists["Alice"], start=at(clock), **more
        )
        await self.stage.tap(asked, self.person)
        return self.said

    @property
    def keyboard(self) -> object:
        """What is below the input."""
        emulator = self.stage.telegram.emulator
        keyboard = emulator.world.chat(emulator.bot(None), self.person).keyboard
        return None if keyboard is None else keyboard["keyboard"]

    def button(self, label: str) -> Command:
        buttons = self.stage.buttons(int(str(self.newest["message_id"])), self.person)
        return unpack(next(str(data) for text, data in buttons.items() if label in text))

    async def press(self, label: str) -> str:
        message = int(str(self.newest["message_id"]))
        await self.stage.tap(self.button(label), self.person, message)
        return self.said

    async def say(self, **said: object) -> str:
        return await self.stage.type(Say(**said), self.person)

    async def answer_all(self, clock: str = "10:00") -> str:
        await self.choose(clock)
        await self.press("Short")
        await self.press("Wash")
        await self.press("Done")
        await self.say(text="10115")
        if "Your phone" in self.said:
            await self.say(contact=SharedContact(phone_number="4915112345678", user_id=self.person))
        return await self.say(photo=PHOTO)


@pytest.fixture
async def stage(own_database_url: str) -> AsyncIterator[Stage]:
    engine = make_engine(own_database_url)
    async with on_stage(await open_shop(make_sessions(engine, BUSINESS_ID), ASKING)) as found:
        await found.meet(BEN, ALICE, OWNER)
        await found.type(ShowHome(), ALICE)
        yield found
    await engine.dispose()


@pytest.fixture
def anna(stage: Stage) -> Customer:
    return Customer(stage)


async def answers(stage: Stage, booking: int) -> list[tuple[str, str]]:
    async with stage.shop.sessions() as session:
        rows = await session.scalars(select(BookingAnswer).order_by(BookingAnswer.place))
        return [(row.question, row.answer) for row in rows if row.booking_id == booking]


async def test_questions_come_one_by_one_and_the_answers_go_with_the_visit(anna: Customer) -> None:
    stage = anna.stage
    first = await anna.choose()
    assert first == "Question 1 of 5\nHow long is your hair?"
    assert anna.labels == ["Short", "Long, straight", "« Back", "Menu"]
    assert "Several are possible" in await anna.press("Short")
    await anna.press("Wash")
    await anna.press("Dry")
    await anna.press("✓ Wash")
    assert anna.labels == ["Wash", "✓ Dry", "Done", "Skip", "« Back", "Menu"]
    asked = await anna.press("Done")
    assert "Postcode?\nFive digits, please" in asked
    assert anna.newest["reply_markup"]["force_reply"] is True  # type: ignore[index]
    asked = await anna.say(text="10115")
    assert anna.keyboard == [[{"text": "Share my number", "request_contact": True}], [{"text": "Skip"}]]
    await anna.say(contact=SharedContact(phone_number="4915112345678", user_id=ANNA))
    assert "Send a photo." in anna.said
    summary = await anna.say(photo=PHOTO)
    assert summary.startswith("Is this right?")
    assert "❓ How long is your hair? Short\n❓ What else? Dry\n❓ Postcode? 10115\n" in summary
    assert "❓ Your phone +4915112345678\n❓ A picture of it? a photo" in summary
    await anna.press("Confirm")
    visit = (await stage.newest()).id
    assert (await answers(stage, visit))[-1] == ("A picture of it?", PHOTO)
    assert "❓ How long is your hair? Short" in stage.text(ANNA, (await stage.newest()).card_message_id or 0)
    assert "❓ Postcode? 10115" in stage.texts(ALICE)[-1]
    async with stage.shop.sessions() as session:
        assert not list(await session.scalars(select(Draft)))
    await stage.advance(A_SECOND)
    assert stage.texts()[-1] == "Thank you."
    assert not anna.keyboard


async def test_staff_read_the_answers_and_see_the_photo(anna: Customer) -> None:
    stage = anna.stage
    await anna.answer_all()
    await anna.press("Confirm")
    visit = (await stage.newest()).id
    alice = Customer(stage, ALICE)
    await stage.tap(ShowStaffCard(booking_id=visit), ALICE)
    assert "❓ Your phone +4915112345678" in alice.said
    assert f"Answers to visit № {visit}" in await alice.press("Answers")
    await alice.press("📷 A picture of it?")  # Telegram does not know the id: the words come without it
    assert alice.said == "A picture of it?"


async def test_an_answer_is_changed_on_the_summary(anna: Customer) -> None:
    await anna.answer_all()
    await anna.press("✏️ Postcode?")
    assert "❓ Postcode? 20095" in await anna.say(text="20095")
    await anna.press("✏️ How long")
    assert "❓ How long is your hair? Long, straight" in await anna.press("Long, straight")
    await anna.press("✏️ What else?")
    assert "What else?" not in (await anna.press("Skip")).split("Cancel")[0]
    await anna.press("Confirm")
    given = await answers(anna.stage, (await anna.stage.newest()).id)
    assert [answer for _, answer in given] == ["Long, straight", "20095", "+4915112345678", PHOTO]


async def test_nothing_is_booked_while_a_required_answer_lacks(anna: Customer) -> None:
    stage = anna.stage
    told = await stage.tap(stage.booking())
    assert told.toast == "Please answer this first: How long is your hair?"
    assert (told.alert, await stage.shop.live()) == (True, [])
    assert "Several are possible" in await anna.press("Short")
    await anna.press("Skip")
    assert "That does not fit" in await anna.say(text="none")
    assert "Five digits, please" in anna.said
    assert "That is too long: 250" in await anna.say(text="1" * 4_000)
    assert "as a text message" in await anna.say(photo=PHOTO)
    await anna.say(text="10115")
    assert "no such phone number" in await anna.say(text="12")
    stranger = SharedContact(phone_number="4915100000000", user_id=BEN)
    assert "somebody else" in await anna.say(contact=stranger)
    assert "share your number" in await anna.say(photo=PHOTO)
    await anna.say(text="0151 12345678")
    assert "Please send a photo" in await anna.say(text="no")
    await anna.stage.tap(anna_button(stage, "Skip"), ANNA)
    assert "❓ Your phone +4915112345678" in anna.said
    await anna.press("Confirm")
    assert len(await stage.shop.live()) == 1


async def test_a_number_that_is_none_leaves_the_keyboard_for_the_next_try(anna: Customer) -> None:
    stage = anna.stage
    await anna.choose()
    await anna.press("Short")
    await anna.press("Skip")
    await anna.say(text="10115")
    keyboard = anna.keyboard
    assert "no such phone number" in await anna.say(text="12")
    stranger = SharedContact(phone_number="4915100000000", user_id=BEN)
    for said in ({"contact": stranger}, {"photo": PHOTO}, {"text": "13"}):
        await anna.say(**said)
        await stage.advance(A_SECOND)
        assert anna.keyboard == keyboard
    assert "Thank you." not in stage.texts()
    assert "Send a photo." in await anna.say(text="Skip")
    await stage.advance(A_SECOND)
    assert stage.texts()[-1] == "Thank you."
    assert not anna.keyboard


def anna_button(stage: Stage, label: str) -> Command:
    """Find the newest button of that name in the chat."""
    for message in reversed(stage.messages()):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if button["text"] == label:
                    return unpack(button["callback_data"])
    raise AssertionError(label)


async def test_a_typed_choice_counts_and_what_is_none_is_asked_again(anna: Customer) -> None:
    await anna.choose()
    assert "none of the choices" in await anna.say(text="bald")
    assert anna.labels[:2] == ["Short", "Long, straight"]
    assert "What else?" in await anna.say(text="long, straight")
    assert "Postcode?" in await anna.say(text="dry, wash")
    assert "How long is your hair?" in await anna.press("« Back") or "What else?" in anna.said


async def test_next_time_answers_are_offered_again_and_first_visits_are_over(anna: Customer) -> None:
    await anna.answer_all()
    await anna.press("Confirm")
    await anna.choose("14:00")
    assert anna.said.startswith("Question 1 of 4")
    await anna.press("As last time: Short")
    await anna.press("As last time: Wash")
    await anna.press("As last time: 10115")
    await anna.press("As last time")
    assert "❓ A picture of it? a photo" in anna.said
    await anna.press("Confirm")
    assert len(await answers(anna.stage, (await anna.stage.newest()).id)) == 4


async def test_another_time_keeps_what_was_answered_and_moving_asks_nothing(anna: Customer) -> None:
    stage = anna.stage
    await anna.answer_all()
    assert "Is this right?" in await anna.choose("11:00")
    await anna.press("Confirm")
    visit = await stage.newest()
    moving = Moving(booking_id=visit.id, version=visit.version)
    assert "Move the visit?" in await anna.choose("15:00", moving=moving)
    await stage.tap(Move(moving=moving, start=at("15:00")))
    assert len(await answers(stage, visit.id)) == 5
    assert "❓ Postcode? 10115" in (await stage.tap(ShowBooking(booking_id=visit.id))).text


async def test_the_owner_asks_something_else_meanwhile(anna: Customer) -> None:
    """A button of before answers no question that took the place of its own."""
    stage = anna.stage
    await anna.choose()
    old = anna.button("Short")
    assert isinstance(old, ChooseIntake)
    message = int(str(anna.newest["message_id"]))
    await anna.press("Short")
    await anna.press("Skip")
    await anna.say(text="10115")
    other = ASKING.replace(
        b"questions: [", b'questions: [{ask: "Dogs?", choices: [No, Yes], required: true},'
    )
    await apply_document(stage.shop.sessions, read_document(other, "x.yaml"), stage.shop.clock)
    assert "Dogs?" in await anna.choose()
    stale = await stage.tap(old, ANNA, message)
    assert "not open any more" in str(stale.toast)
    await anna.choose()
    await anna.press("Yes")
    assert "Your phone" in anna.said  # what was answered before is not asked again


async def test_staff_may_leave_all_of_it_out(stage: Stage) -> None:
    owner = Customer(stage, OWNER)
    summary = await owner.choose(customer=BookedFor(person_id=BEN))
    assert "For Ben" in summary
    await owner.press("✏️ Postcode?")
    await owner.say(text="10115")
    assert "For Ben" in owner.said
    assert "❓ Postcode? 10115" in owner.said
    await owner.press("Confirm")
    visit = await stage.newest()
    assert (visit.customer_id, await answers(stage, visit.id)) == (BEN, [("Postcode?", "10115")])
    assert "❓ Postcode? 10115" in owner.said
    book = Book(service_id=visit.service_id, specialist_id=visit.specialist_id, start=at("13:00"))
    await stage.tap(book.model_copy(update={"customer": BookedFor(person_id=BEN)}), OWNER)
    assert len(await stage.shop.live()) == 2


async def test_the_second_of_two_confirms_finds_the_visit(anna: Customer) -> None:
    await anna.answer_all()
    confirm = anna.button("Confirm")
    await anna.press("Confirm")
    again = await anna.stage.tap(confirm, ANNA)
    assert again.toast == "Booked already."
    assert len(await anna.stage.shop.live()) == 1


async def test_answers_are_exported_and_erased_with_the_person(anna: Customer) -> None:
    shop: Shop = anna.stage.shop
    await anna.answer_all()
    await anna.press("Confirm")
    visit = (await anna.stage.newest()).id
    async with shop.sessions.begin() as session:
        written = await export(session, ANNA)
        assert {row["answer"] for row in written["answers"]} >= {"10115", PHOTO}
    await shop.set_status(visit, "done")
    async with shop.sessions.begin() as session:
        await erase(session, ANNA, shop.clock.now())
    assert await answers(anna.stage, visit) == []
