"""'Say why' on a visit that was cancelled: asked once, read by whoever would have waited."""

import pytest

from shared.contracts.cancelling import AskCancelReason, Cancel, WriteCancelReason
from shared.contracts.chat import Say
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import CallOff, ShowVisitHistory
from tests.worker.shop import ALICE, ANNA, BEN
from tests.worker.stage import Stage
from worker.notices.promises import NOTICE

WHY, WORDS = "Say why", "Ill, <sorry> & bye"


@pytest.fixture
async def working(stage: Stage) -> Stage:
    """A stage whose specialist uses the bot."""
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    return stage


async def cancelled(stage: Stage) -> int:
    booking = await stage.book("10:00")
    await stage.tap(Cancel(booking_id=booking, version=1))
    return booking


async def test_the_specialist_reads_why_once(working: Stage) -> None:
    booking = await cancelled(working)
    card = (await working.shop.booking(booking)).card_message_id or 0
    assert next(iter(working.buttons(card))) == WHY
    await working.tap(AskCancelReason(booking_id=booking), message=card)
    assert "Why did you cancel?" in working.texts()[-1]
    thanks = await working.type(Say(text=WORDS))
    assert thanks == "Thank you for telling us."
    notice = working.texts(ALICE)[-1]
    assert notice.startswith("💬 Why a visit was cancelled")
    assert f"💬 {WORDS}" in notice
    assert WHY not in working.buttons(card)
    history = await working.tap(ShowVisitHistory(booking_id=booking), ALICE)
    assert f"said why: {WORDS}" in history.text
    async with working.promising(of=NOTICE):
        again = await working.tap(AskCancelReason(booking_id=booking))
        assert again.toast == "There is nothing to explain."
        await working.run(working.envelope(WriteCancelReason(booking_id=booking, reason="again")))
    assert (await working.events()).count("explained") == 1


async def test_nobody_explains_what_stands_or_what_the_business_called_off(working: Stage) -> None:
    standing = await working.book("10:00")
    called_off = await working.book("12:00")
    await working.tap(CallOff(booking_id=called_off, version=1), ALICE)
    for booking in (standing, called_off):
        card = await working.tap(ShowBooking(booking_id=booking))
        assert WHY not in working.buttons(card.message)
        assert (
            await working.tap(AskCancelReason(booking_id=booking))
        ).toast == "There is nothing to explain."
    await working.meet(BEN)
    assert (await working.tap(AskCancelReason(booking_id=standing), BEN)).toast == "You have no such visit."
    assert "explained" not in await working.events()


async def test_it_is_asked_in_the_readers_language(working: Stage) -> None:
    booking = await cancelled(working)
    working.languages[ANNA] = "ru"
    await working.tap(AskCancelReason(booking_id=booking))
    assert "Почему вы отменили" in working.texts()[-1]
