"""The shop's own words: written, previewed, said to customers in their language, taken back."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.contracts.menu import ShowHome
from shared.contracts.reminders import ConfirmAttendance
from tests.kit.business import BUSINESS_ID
from tests.worker.editing.chatting import Keeper, document
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, at, open_shop
from tests.worker.stage import on_stage
from worker.business.apply import plan_document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.db.engine import make_engine, make_sessions
from worker.own_texts.rules import MOST_FILLED

REMINDER = "Hi {name}, <b>bring</b> your towel to {place}!\n\nRing twice."


@pytest.fixture
async def keeper(own_database_url: str) -> AsyncIterator[Keeper]:
    """The owner, at a shop of their own."""
    engine = make_engine(own_database_url)
    async with on_stage(await open_shop(make_sessions(engine, BUSINESS_ID))) as stage:
        await stage.meet(OWNER, ALICE, ANNA, BEN)
        yield Keeper(stage)
    await engine.dispose()


async def test_a_welcome_is_written_previewed_said_and_taken_back(keeper: Keeper) -> None:
    stage = keeper.stage
    assert "Texts" in await keeper.open("Texts")
    assert "Customers whose language has no text" in await keeper.press("Welcome")
    asked = await keeper.press("English")
    assert "{name}: the customer’s first name" in asked
    assert "{business}: the name of your business" in asked
    assert "Back to ours" not in keeper.labels
    for wrong, said in (
        ("Hi {nam}!", "It has {nam}, which stands for nothing here; there is {name}, {business}."),
        ("Hi {name!", "It has a brace that belongs to nothing at '{name!'; there is {name}, {business}."),
        (
            "x" * (MOST_FILLED + 1),
            f"It has {MOST_FILLED + 1} characters once the longest names are filled in",
        ),
        ("{time}", "It has {time}, which stands for nothing here"),
    ):
        refused = await keeper.say(wrong)
        assert "does not fit here, and nothing was changed." in refused
        assert said in refused
    shown = await keeper.say("<b>Moin</b> {name} & friends!\n\n\n\nBook away.")
    assert "Welcome, English: — → <b>Moin</b> {name} & friends! Book away." in shown
    assert "As customers read it (English):\n<b>Moin</b> Anna & friends!\n\nBook away." in shown
    assert "Hello, Anna!" in await stage.type(ShowHome(), ANNA), "nothing changes before it is applied"
    assert "As customers read it" not in await keeper.press("Apply")
    assert await stage.type(ShowHome(), ANNA) == "<b>Moin</b> Anna & friends!\n\nBook away."
    stage.languages[BEN] = "ru"
    assert "Moin" in await stage.type(ShowHome(), BEN), "the business's own language is better than none"
    await keeper.open("Texts", "Welcome", "Русский")
    await keeper.say("Привет, {name}")
    await keeper.press("Apply")
    assert await stage.type(ShowHome(), BEN) == "Привет, Anna"
    await keeper.open("Texts", "Welcome", "✓ English")
    assert "→ —" in await keeper.press("Back to ours")
    await keeper.press("Apply")
    assert "Hello, Anna!" in await stage.type(ShowHome(), ANNA)
    await keeper.press("Undo")
    assert "Moin" in await stage.type(ShowHome(), ANNA)


async def test_a_reminder_says_the_shops_words_and_what_is_so(keeper: Keeper) -> None:
    stage = keeper.stage
    await keeper.open("Texts", "Reminder", "English")
    shown = await keeper.say(REMINDER)
    assert (
        "Hi Anna, <b>bring</b> your towel to Main street, 1 Main St!\n\nRing twice.\n\nCut, Alice\n🗓" in shown
    )
    await keeper.press("Apply")
    booking = await stage.book()
    visit = await stage.newest()
    await stage.advance_to(at("10:00") - timedelta(hours=2))
    said = stage.texts(ANNA)[-1]
    assert said.startswith(
        "Hi Anna, <b>bring</b> your towel to Main street, 1 Main St!\n\nRing twice.\n\nCut"
    )
    assert "10:00–10:45" in said
    assert "📍 Main street, 1 Main St" in said
    message = int(stage.messages(ANNA)[-1]["message_id"])
    assert "I'll be there" in " ".join(stage.buttons(message)).replace("’", "'")
    await stage.tap(ConfirmAttendance(booking_id=booking, version=visit.version), ANNA, message)
    after = stage.text(ANNA, message)
    assert "Ring twice." in after
    assert "See you then!" in after
    assert "10:00–10:45" in after


async def test_a_services_own_reminder_goes_first(keeper: Keeper) -> None:
    stage = keeper.stage
    await keeper.open("Services", "Cut", "Text of the reminder", "English")
    assert "Wash your hair, Anna.\n\nCut, Alice" in await keeper.say("Wash your hair, {name}.")
    await keeper.press("Apply")
    await keeper.open("Texts", "Reminder", "English")
    await keeper.say("See you.")
    await keeper.press("Apply")
    await stage.book()
    await stage.advance_to(at("10:00") - timedelta(hours=2))
    assert stage.texts(ANNA)[-1].startswith("Wash your hair, Anna.\n\nCut, Alice")


async def test_the_file_holds_what_was_tapped_and_takes_it_back_unchanged(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    await keeper.open("Texts", "After a visit", "English")
    shown = await keeper.say("How did {specialist} do?\n- “so so”: 'fine' #1")
    assert "How did Alice do?\n- “so so”: 'fine' #1\n\nCut, Alice" in shown
    assert "reads what you say" in shown
    await keeper.press("Apply")
    exported = write_document(await document(shop))
    assert "after_visit:\n    en: \"How did {specialist} do?\\n- “so so”: 'fine' #1\"" in exported
    again = read_document(exported.encode(), "x")
    assert (await plan_document(shop.sessions, again, shop.clock)).changes == []
    assert "late cancelling" in " ".join([await keeper.open("Texts"), *keeper.labels])
