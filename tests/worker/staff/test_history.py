"""A visit's history: who did what, when, and through what, for those in whose calendar it is."""

from dataclasses import replace
from datetime import timedelta

from shared.buttons import unpack
from shared.contracts.customers import BlockCustomer
from shared.contracts.staff import CallOff, ShowStaffCard, ShowVisitHistory
from tests.worker.shop import ALICE, ANNA, BOB
from tests.worker.stage import Stage
from worker.cancelling.promises import of_calling_off
from worker.corrections.promises import of_corrections
from worker.reach.repository import note_unreachable
from worker.visits.repository import load


async def test_the_card_leads_to_who_did_what_and_when(stage: Stage) -> None:
    await stage.meet(ALICE)
    visit = await stage.book("10:00")
    stage.shop.clock.advance(timedelta(minutes=5))
    await stage.tap(BlockCustomer(booking_id=visit), ALICE)
    async with stage.shop.sessions.begin() as session:
        await note_unreachable(session, visit, stage.shop.clock.now())
    await stage.tap(CallOff(booking_id=visit, version=1), ALICE)
    card = await stage.tap(ShowStaffCard(booking_id=visit), ALICE)
    data = stage.buttons(card.message, ALICE)["History"]
    assert data is not None
    shown = await stage.tap(unpack(data), ALICE, card.message)
    assert shown.text.splitlines() == [
        f"History of visit № {visit}",
        "",
        "• Sun, Nov 22, 09:00, Anna, customer, in the chat: booked",
        "• Sun, Nov 22, 09:05, Anna, staff, in the chat: blocked the customer",
        "• Sun, Nov 22, 09:05, by itself: the customer could not be told",
        "• Sun, Nov 22, 09:05, Anna, staff, in the chat: cancelled",
    ]
    back = stage.buttons(shown.message, ALICE)["« Back"]
    assert back is not None
    assert unpack(back) == ShowStaffCard(booking_id=visit)


async def test_what_the_business_file_did_is_told_as_such(stage: Stage) -> None:
    await stage.meet(ALICE)
    visit, now = await stage.book("10:00"), stage.shop.clock.now()
    async with stage.shop.sessions.begin() as session:
        before = await load(session, visit)
        assert before is not None
        after = replace(before, business="Barbers", version=2)
        await of_corrections(session, [(before, after)], now)
        await of_calling_off(session, [after], "Sorry.", now)
    shown = await stage.tap(ShowVisitHistory(booking_id=visit), ALICE)
    assert shown.text.splitlines()[-2:] == [
        "• Sun, Nov 22, 09:00, the business file: brought up to date",
        "• Sun, Nov 22, 09:00, the business file: cancelled",
    ]


async def test_nobody_elses_calendar_tells_it(stage: Stage) -> None:
    await stage.meet(BOB)
    visit = await stage.book("10:00")
    for person in (BOB, ANNA):
        assert (await stage.tap(ShowVisitHistory(booking_id=visit), person)).toast == (
            "You have no such visit."
        )
