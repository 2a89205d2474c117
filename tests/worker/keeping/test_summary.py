"""Whoever reaches the summary has the time kept for them; what becomes of it when they go on, or do not."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio
from sqlalchemy import update

from shared.buttons import unpack
from shared.contracts.booking import BookedFor, LeaveSummary, Moving, ShowSummary
from shared.contracts.menu import ShowHome
from tests.worker.booking.outcomes import taken
from tests.worker.shop import ALICE, ANNA, BEN, Shop, at, open_shop, placed
from tests.worker.stage import Answer, Stage, on_stage
from worker.db.engine import Sessions
from worker.db.models.booking import Booking, Status
from worker.db.models.catalogue import Service

FIVE = timedelta(minutes=5)
KEPT = "⏳ Kept for you until 09:05."


def summary(stage: Stage, clock: str = "10:00", service: str = "Cut", **more: object) -> ShowSummary:
    wish = stage.shop.wish(service, "Alice", clock)
    about = {"service_id": wish.service_id, "specialist_id": wish.specialist_id, "start": wish.start}
    return ShowSummary.model_validate({**about, **more})


async def tap(stage: Stage, answer: Answer, label: str, person: int = ANNA) -> Answer:
    """Tap a button of what was answered."""
    [data] = [data for text, data in stage.buttons(answer.message, person).items() if label in text]
    return await stage.tap(unpack(str(data)), person, answer.message)


async def holds(shop: Shop) -> list[Booking]:
    return [each for each in await shop.live() if each.status == Status.HELD]


async def test_the_summary_keeps_the_time_says_until_when_and_confirm_makes_it_a_visit(stage: Stage) -> None:
    await stage.meet(BEN)
    shown = await stage.tap(summary(stage))
    assert KEPT in shown.text
    other = await stage.tap(summary(stage), BEN)
    assert other.alert
    assert other.toast == (
        "Somebody is just booking that time. Please choose another one, or try again in a few minutes."
    )
    assert (await stage.tap(stage.booking(), BEN)).toast == other.toast
    assert (await tap(stage, shown, "Confirm")).toast == "Booked!"
    assert [(each.customer_id, each.status) for each in await stage.shop.live()] == [(ANNA, "confirmed")]
    assert (await stage.tap(summary(stage), BEN)).toast == (
        "Sorry, that time has just been taken. Please choose another one."
    )


async def test_a_hold_that_is_over_books_all_the_same_while_the_time_is_free(stage: Stage) -> None:
    await stage.meet(BEN)
    first, second = await stage.tap(summary(stage)), await stage.tap(summary(stage, "12:00", "Steam"))
    await stage.advance(FIVE)
    await stage.book("10:00", person=BEN)
    late = await tap(stage, first, "Confirm")
    assert late.toast == "Sorry, that time has just been taken. Please choose another one."
    assert (await tap(stage, second, "Confirm")).toast == "Booked!"


async def test_the_way_back_lets_the_time_go_and_shows_those_it_was_chosen_from(stage: Stage) -> None:
    for soonest in (False, True):
        shown = await stage.tap(summary(stage, soonest=soonest))
        assert len(await holds(stage.shop)) == 1
        back = await tap(stage, shown, "Back")
        assert ("Other days" in stage.buttons(back.message)) is soonest
        assert await holds(stage.shop) == []
    again = await stage.tap(unpack(str(stage.buttons(back.message).get("Other days"))), message=back.message)
    assert again.text


async def test_of_another_time_and_another_service_two_are_held_at_most(stage: Stage) -> None:
    for clock, service in (("10:00", "Cut"), ("11:00", "Cut"), ("13:00", "Steam"), ("15:00", "Yoga")):
        assert "Kept for you" in (await stage.tap(summary(stage, clock, service))).text
    assert [each.during.lower for each in await holds(stage.shop)] == [at("13:00"), at("15:00")]


async def test_a_visit_that_moves_has_its_new_time_kept(stage: Stage) -> None:
    visit = await stage.book()
    moving = Moving(booking_id=visit, version=1)
    shown = await stage.tap(summary(stage, "12:00", moving=moving))
    assert KEPT in shown.text
    near = await stage.tap(summary(stage, "10:20", moving=moving))  # it is in its own way there
    assert "Kept for you" not in near.text
    assert "Confirm" in stage.buttons(near.message)
    shown = await stage.tap(summary(stage, "12:00", moving=moving))
    assert (await tap(stage, shown, "Confirm")).toast == "Moved!"
    assert [(each.id, each.during.lower) for each in await stage.shop.live()] == [(visit, at("12:00"))]


async def test_staff_who_book_have_the_time_kept_for_their_customer(stage: Stage) -> None:
    await stage.meet(ALICE, BEN)
    await stage.type(ShowHome(), BEN)
    shown = await stage.tap(summary(stage, customer=BookedFor(person_id=BEN)), ALICE)
    assert "⏳ Kept for the customer until 09:05." in shown.text
    assert [each.customer_id for each in await holds(stage.shop)] == [BEN]
    assert "just booking" in str((await stage.tap(summary(stage))).toast)
    assert "Booked" in str((await tap(stage, shown, "Confirm", ALICE)).toast)
    assert [(each.customer_id, each.status) for each in await stage.shop.live()] == [(BEN, "confirmed")]


@pytest_asyncio.fixture
async def changed(sessions: Sessions) -> AsyncIterator[Stage]:
    """A shop of the test's own, which it may change."""
    async with on_stage(await open_shop(sessions)) as found:
        yield found


async def change(stage: Stage, **figures: int) -> None:
    async with stage.shop.sessions.begin() as session:
        cut = update(Service).where(Service.id == stage.shop.services["Cut"])
        await session.execute(cut.where(Service.business_id == stage.shop.business_id).values(figures))


async def test_a_service_that_holds_nothing_shows_its_summary_and_writes_nothing(changed: Stage) -> None:
    stage = changed
    await change(stage, hold=0)
    shown = await stage.tap(summary(stage))
    assert "Kept for you" not in shown.text
    assert await stage.shop.live() == []
    assert (await tap(stage, shown, "Confirm")).toast == "Booked!"


async def test_what_has_changed_since_is_asked_again_and_nothing_moves(changed: Stage) -> None:
    """The second summary shows what the refused move would have written, and writes nothing of it."""
    stage = changed
    visit = await stage.book()
    moving = Moving(booking_id=visit, version=1)
    shown = await stage.tap(summary(stage, "12:00", moving=moving))
    await change(stage, cancel_until=48 * 60)
    again = await tap(stage, shown, "Confirm")
    assert again.alert
    assert (await stage.shop.booking(visit)).during.lower == at("10:00")
    assert (await tap(stage, again, "Confirm")).toast == "Moved!"


async def test_a_summary_whose_worker_died_behind_the_commit_is_shown_by_the_next(stage: Stage) -> None:
    envelope = await stage.tapped(summary(stage))
    await stage.run(envelope)
    await stage.run(envelope)
    assert KEPT in stage.answer(envelope).text
    assert len(await holds(stage.shop)) == 1


async def test_nobody_lets_go_what_others_hold(stage: Stage) -> None:
    await stage.meet(BEN)
    await stage.tap(summary(stage))
    await stage.tap(LeaveSummary(**summary(stage).model_dump(exclude={"kind", "anyway"})), BEN)
    assert [each.customer_id for each in await holds(stage.shop)] == [ANNA]
    assert taken(await stage.shop.place(stage.shop.wish("Cut", "Alice", "10:00"), BEN))
    await stage.advance(FIVE)
    placed(await stage.shop.place(stage.shop.wish("Cut", "Alice", "10:00"), BEN))
