"""How often a customer may move a visit, why they moved it late, and what is said once it is too late."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.contracts.booking import Move, Moving, StartMove
from shared.contracts.cancelling import AskCancel, AskCancelReason, Cancel
from shared.contracts.chat import Say
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import ShowVisitHistory
from tests.kit.business import BUSINESS_ID
from tests.worker.shop import ALICE, ANNA, FILE, at, open_shop
from tests.worker.stage import Answer, Stage, on_stage
from worker.db.engine import make_engine, make_sessions

STRICT = FILE.replace(b"cancel_until: 24h,", b"cancel_until: 24h, move_until: 1h, max_moves: 2,", 1).replace(
    b"language: en}", b'language: en, contact: "+49 30 1", late_text: "Half the price is due then."}'
)
OFTEN = "This visit has been moved as often as it can be here. Please contact us: +49 30 1"
LATE = "Half the price is due then."


@pytest.fixture
async def stage(own_database_url: str) -> AsyncIterator[Stage]:
    engine = make_engine(own_database_url)
    async with on_stage(await open_shop(make_sessions(engine, BUSINESS_ID), STRICT)) as found:
        await found.meet(ALICE)
        await found.type(ShowHome(), ALICE)
        yield found
    await engine.dispose()


async def move(stage: Stage, booking: int, clock: str, person: int = ANNA, days: int = 3) -> Answer:
    version = (await stage.shop.booking(booking)).version
    moving = Moving(booking_id=booking, version=version)
    return await stage.tap(Move(moving=moving, start=at(clock, days)), person)


async def test_a_visit_is_moved_as_often_as_its_service_says_and_by_staff_more_often(stage: Stage) -> None:
    booking = await stage.book("10:00")
    card = (await stage.newest()).card_message_id or 0
    for clock in ("11:00", "12:00"):
        assert (await move(stage, booking, clock)).toast == "Moved!"
    assert OFTEN in stage.text(ANNA, card)
    assert "Move" not in stage.buttons(card)
    assert "Cancel" in stage.buttons(card)
    refused = await move(stage, booking, "13:00")
    assert (refused.toast, refused.alert) == (OFTEN, True)
    version = (await stage.shop.booking(booking)).version
    started = await stage.tap(StartMove(moving=Moving(booking_id=booking, version=version)))
    assert started.toast == OFTEN
    assert (await move(stage, booking, "14:00", ALICE)).toast == "Moved!"
    assert (await stage.shop.booking(booking)).during.lower == at("14:00")


async def test_who_moves_late_may_say_why_and_the_specialist_reads_it(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await move(stage, booking, "11:00")
    shown = await stage.tap(ShowBooking(booking_id=booking))
    assert "Say why" not in stage.buttons(shown.message)  # three days ahead nobody has to
    await stage.advance_to(at("10:00") - timedelta(hours=3))
    assert (await move(stage, booking, "15:00")).toast == "Moved!"
    shown = await stage.tap(ShowBooking(booking_id=booking))
    assert "Say why" in stage.buttons(shown.message)
    await stage.tap(AskCancelReason(booking_id=booking))
    assert "Why did you move the visit so late?" in stage.texts()[-1]
    assert await stage.type(Say(text="The train")) == "Thank you for telling us."
    notice = stage.texts(ALICE)[-1]
    assert notice.startswith("💬 Why a visit was moved late")
    assert "💬 The train" in notice
    history = await stage.tap(ShowVisitHistory(booking_id=booking), ALICE)
    assert "said why: The train" in history.text
    again = await stage.tap(AskCancelReason(booking_id=booking))
    assert again.toast == "There is nothing to explain."


async def test_nobody_explains_what_staff_moved(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.advance_to(at("10:00") - timedelta(hours=3))
    await move(stage, booking, "15:00", ALICE)
    shown = await stage.tap(ShowBooking(booking_id=booking))
    assert "Say why" not in stage.buttons(shown.message)


async def test_the_owners_text_stands_on_the_card_once_it_is_too_late_to_cancel(stage: Stage) -> None:
    booking = await stage.book("10:00")
    card = (await stage.tap(ShowBooking(booking_id=booking))).text
    assert LATE not in card
    await stage.advance_to(at("10:00") - timedelta(hours=3))
    for command in (AskCancel(booking_id=booking, version=1), Cancel(booking_id=booking, version=1)):
        late = await stage.tap(command)
        assert "too late to cancel" in str(late.toast)
        assert "Please contact us: +49 30 1" in late.text
        assert LATE in late.text
