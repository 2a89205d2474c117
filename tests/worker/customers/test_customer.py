"""A customer as staff see them: their visits, a note and a reason that only staff read."""

import pytest

from shared.buttons import unpack
from shared.contracts.chat import Say
from shared.contracts.customers import (
    AskBlockReason,
    AskStaffNote,
    BlockCustomer,
    ShowCustomer,
    UnblockCustomer,
    WriteStaffNote,
)
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import ShowStaffCard
from shared.envelope import NOBODY
from tests.worker.shop import ALICE, ANNA, BOB, OWNER, at
from tests.worker.stage import Answer, Stage
from worker.people.repository import forget_people
from worker.privacy.repository import erase, export


async def press(stage: Stage, answer: Answer, label: str, person: int = ALICE) -> Answer:
    """Tap the button with this label under what was answered."""
    data = stage.buttons(answer.message, person)[label]
    return await stage.tap(unpack(str(data)), person, answer.message)


async def say(stage: Stage, words: str, person: int = ALICE) -> str:
    """Answer the question that is open; return the newest message."""
    return await stage.type(Say(text=words), person)


@pytest.fixture
async def visit(stage: Stage) -> int:
    """Anna's visit with Alice."""
    await stage.meet(ALICE, BOB, OWNER)
    return await stage.book("10:00")


async def test_what_is_to_come_is_opened_from_the_customer_as_far_as_it_is_ones_own(
    stage: Stage, visit: int
) -> None:
    await stage.book("12:00", days=4)
    await stage.book("15:00", days=5, specialist="Bob")
    mine = await stage.tap(ShowCustomer(booking_id=visit), ALICE)
    labels = ["Wed, Nov 25, 10:00 · Cut", "Thu, Nov 26, 12:00 · Cut", "Fri, Nov 27, 15:00 · Cut"]
    assert [label for label in stage.buttons(mine.message, ALICE) if " · " in label] == labels[:2]
    all_of_them = await stage.tap(ShowCustomer(booking_id=visit), OWNER)
    assert [label for label in stage.buttons(all_of_them.message, OWNER) if " · " in label] == labels
    assert "Visit № " in (await press(stage, mine, labels[1])).text


async def test_a_note_is_on_both_cards_and_never_on_the_customers(stage: Stage, visit: int) -> None:
    card = await stage.tap(ShowStaffCard(booking_id=visit), ALICE)
    await press(stage, card, "Note")
    assert "Only staff read it" in stage.texts(ALICE)[-1]
    assert "For staff: Likes tea" in await say(stage, "Likes tea")
    for person in (ALICE, OWNER):
        assert "For staff: Likes tea" in (await stage.tap(ShowStaffCard(booking_id=visit), person)).text
    assert "tea" not in (await stage.tap(ShowBooking(booking_id=visit))).text
    assert not [text for text in stage.texts(ANNA) if "tea" in text]
    await stage.tap(AskStaffNote(booking_id=visit), OWNER)
    question = stage.messages(OWNER)[-1]
    assert "The note so far: Likes tea" in question["text"]
    remove = unpack(str(stage.buttons(question["message_id"], OWNER)["Remove the note"]))
    await stage.tap(remove, OWNER, question["message_id"])
    assert (await stage.person()).staff_note is None
    assert await stage.events() == ["booked", "staff_noted", "staff_noted"]


async def test_of_two_who_write_at_once_nobodys_words_are_lost(stage: Stage, visit: int) -> None:
    await stage.tap(AskStaffNote(booking_id=visit), ALICE)
    await stage.tap(AskStaffNote(booking_id=visit), OWNER)
    await say(stage, "Likes tea")
    asked = await say(stage, "Comes late", OWNER)
    assert "Somebody has changed the note meanwhile" in asked
    assert "The note so far: Likes tea" in asked
    assert (await stage.person()).staff_note == "Likes tea"
    await say(stage, "Likes tea, comes late", OWNER)
    assert (await stage.person()).staff_note == "Likes tea, comes late"


async def test_a_reason_is_the_staffs_and_goes_with_the_block(stage: Stage, visit: int) -> None:
    blocked = await stage.tap(BlockCustomer(booking_id=visit), ALICE)
    await press(stage, blocked, "Reason")
    assert "Why: Never comes" in await say(stage, "Never comes")
    told = await stage.tap(stage.booking("14:00"))
    assert (told.toast or "").startswith("Please call us:")
    assert not [text for text in stage.texts(ANNA) if "Never" in text]
    await stage.tap(UnblockCustomer(booking_id=visit), ALICE)
    assert (await stage.person()).blocked_reason is None
    await stage.tap(AskBlockReason(booking_id=visit), ALICE)
    await say(stage, "Too late")
    assert (await stage.person()).blocked_reason is None
    assert await stage.events() == ["booked", "blocked", "reasoned", "unblocked"]


async def test_what_staff_noted_is_exported_and_goes_with_the_person(stage: Stage, visit: int) -> None:
    await stage.tap(AskStaffNote(booking_id=visit), ALICE)
    await say(stage, "Likes tea")
    stage.shop.clock.advance(at("11:00") - stage.shop.clock.now())
    async with stage.shop.sessions.begin() as session:
        kept = await export(session, ANNA)
        assert kept["person"][0]["staff_note"] == "Likes tea"
        await erase(session, ANNA, stage.shop.clock.now())
        assert "Likes tea" not in str(await export(session, NOBODY))


async def test_nothing_is_noted_of_who_was_forgotten(stage: Stage, visit: int) -> None:
    stage.shop.clock.advance(at("11:00") - stage.shop.clock.now())
    async with stage.shop.sessions.begin() as session:
        await forget_people(session, [ANNA])
    await stage.tap(AskStaffNote(booking_id=visit), ALICE)
    await stage.tap(WriteStaffNote(booking_id=visit, seen=0), ALICE)
    card = await stage.tap(ShowStaffCard(booking_id=visit), ALICE)
    assert "Note" not in stage.buttons(card.message, ALICE)
    assert (await stage.person(NOBODY)).staff_note is None
