"""Pausing all bookings: customers read why, whatever they tap; what is booked stands; staff sees it."""

import asyncio
from datetime import timedelta

from shared.contracts.admin import ShowAdmin
from shared.contracts.base import Command
from shared.contracts.booking import (
    BookAgain,
    Move,
    Moving,
    ShowDay,
    ShowMonth,
    ShowServices,
    ShowSoonest,
    ShowSpecialists,
    ShowSummary,
    StartMove,
)
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import Say, SkipQuestion
from shared.contracts.own_visits import ShowBooking
from shared.contracts.pausing import (
    LONGEST_PAUSE_TEXT,
    AskPauseText,
    PauseBookings,
    ResumeBookings,
    ShowPause,
    ShowPauseDays,
)
from shared.contracts.staff import ShowAgenda
from tests.doubles import ManualClock
from tests.worker.booking.outcomes import blocked
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, OWNER, at
from tests.worker.stage import Stage
from worker.business.apply import apply_document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.pause import NO_PAUSE, Pause
from worker.pausing import repository

USUAL = "We take no bookings here at the moment. Your visits stand, and you can still cancel them."
TODAY = at("10:00", 0).date()


async def resumed(stage: Stage) -> None:
    """Leave the shop as it was found: tests share its business."""
    async with stage.shop.sessions.begin() as session:
        await repository.write(session, NO_PAUSE)


async def kept(stage: Stage) -> Pause:
    async with stage.shop.sessions.begin() as session:
        return await repository.load_locked(session)


def newest(stage: Stage, person: int) -> dict[str, str | None]:
    return stage.buttons(stage.messages(person)[-1]["message_id"], person)


def wishes(stage: Stage, moving: Moving) -> list[Command]:
    """Return everything that leads a customer to a new time, from the first tap to the last."""
    cut, alice = stage.shop.services["Cut"], stage.shop.specialists["Alice"]
    known = {"service_id": cut, "specialist_id": alice}
    return [
        ShowServices(),
        ShowSpecialists(service_id=cut),
        ShowSoonest(**known),
        ShowMonth(**known),
        ShowDay(**known, day=at("10:00", 4).date()),
        ShowSummary(**known, start=at("12:00", 4)),
        stage.booking("12:00", 4),
        BookAgain(booking_id=moving.booking_id),
        StartMove(moving=moving),
        ShowSummary(**known, start=at("12:00", 4), moving=moving),
        Move(moving=moving, specialist_id=alice, start=at("12:00", 4)),
    ]


async def test_customers_read_the_text_whatever_they_tap_and_what_is_booked_stands(stage: Stage) -> None:
    await stage.meet(OWNER, ALICE)
    visit = await stage.book("10:00")
    promised = await stage.states("visits.reminder")
    try:
        paused = await stage.tap(PauseBookings(), OWNER)
        assert paused.toast == "Bookings are paused."
        assert "⏸ Bookings are paused until somebody resumes them." in paused.text
        for wish in wishes(stage, Moving(booking_id=visit, version=1)):
            answer = await stage.tap(wish)
            assert (answer.toast, answer.alert) == (USUAL, True), wish
            assert USUAL in answer.text, wish
        assert (await stage.newest()).id == visit
        assert await stage.states("visits.reminder") == promised
        assert "10:00" in await stage.type(ShowBooking(booking_id=visit))
        assert "⏸ Bookings are paused" in await stage.type(ShowAgenda(), ALICE)
        assert "⏸ Bookings are paused" in await stage.type(ShowAdmin(), OWNER)
        assert next(iter(newest(stage, OWNER))) == "Resume bookings"
        assert (await stage.tap(Cancel(booking_id=visit, version=1))).toast != USUAL
        assert (await stage.newest()).status == "cancelled"
        assert (await stage.tap(ResumeBookings(), OWNER)).toast == "Customers can book again."
        await stage.book("12:00", 4)
        assert "⏸" not in await stage.type(ShowAgenda(), ALICE)
    finally:
        await resumed(stage)


async def test_staff_go_on_booking_and_moving(stage: Stage) -> None:
    await stage.meet(OWNER, ALICE)
    visit = await stage.book("10:00")
    try:
        await stage.tap(PauseBookings(), OWNER)
        await stage.book("14:00", person=OWNER)
        alice = stage.shop.specialists["Alice"]
        moving = Moving(booking_id=visit, version=1)
        answer = await stage.tap(Move(moving=moving, specialist_id=alice, start=at("12:00", 4)), ALICE)
        assert answer.toast == "Moved!"
    finally:
        await resumed(stage)


async def test_it_ends_by_itself_on_its_day_and_no_day_that_has_come_is_taken(stage: Stage) -> None:
    await stage.meet(ADMIN)
    try:
        await stage.tap(ShowPauseDays(), ADMIN)
        for past in (TODAY, TODAY - timedelta(days=30)):
            refused = await stage.tap(PauseBookings(until=past), ADMIN)
            assert refused.toast == "That day has come already. Choose a later one."
        assert await kept(stage) == NO_PAUSE
        tomorrow = TODAY + timedelta(days=1)
        answer = await stage.tap(PauseBookings(until=tomorrow), ADMIN)
        assert "⏸ Bookings are paused until" in answer.text
        await stage.advance_to(at("00:00", 1) - timedelta(minutes=1))
        until = (
            "We take no bookings here until Mon, Nov 23. Your visits stand, and you can still cancel them."
        )
        assert await stage.type(ShowServices()) == until, "the sentence stands there once"
        stage.languages[ANNA] = "ru"
        assert "До пн, 23 нояб. мы не принимаем" in await stage.type(ShowServices())
        await stage.advance(timedelta(minutes=1))
        assert "не принимаем" not in await stage.type(ShowServices())
        offered = await stage.type(ShowPause(), ADMIN)
        assert "Pause bookings?" in offered
        assert USUAL in offered
    finally:
        await resumed(stage)


async def test_the_text_is_the_shops_own_and_stays_for_the_next_time(stage: Stage) -> None:
    await stage.meet(OWNER)
    try:
        await stage.tap(AskPauseText(), OWNER)
        assert "<Burst> pipe & water" in await stage.type(Say(text="<Burst>\n pipe & water"), OWNER)
        await stage.tap(PauseBookings(), OWNER)
        assert (await stage.tap(ShowServices())).toast == "<Burst> pipe & water"
        await stage.tap(AskPauseText(), OWNER)
        await stage.type(Say(text="😀" * LONGEST_PAUSE_TEXT), OWNER)
        assert len((await kept(stage)).text.encode("utf-16-le")) // 2 <= LONGEST_PAUSE_TEXT
        assert (await stage.tap(ShowServices())).alert
        await stage.tap(AskPauseText(), OWNER)
        await stage.tap(SkipQuestion(), OWNER)
        assert (await stage.tap(ShowServices())).toast == USUAL
    finally:
        await resumed(stage)


async def test_who_confirms_while_it_is_paused_has_the_visit_or_reads_the_text(stage: Stage) -> None:
    await stage.meet(OWNER, ADMIN, BEN)
    try:
        async with stage.shop.sessions.begin() as session:
            await repository.load_locked(session)
            await repository.write(session, Pause(paused=True))
            async with asyncio.TaskGroup() as group:
                confirming = group.create_task(stage.tap(stage.booking("10:00")))
                await blocked(stage.shop)
                await session.commit()
        assert confirming.result().toast == USUAL
        both = await asyncio.gather(
            stage.tap(PauseBookings(), ADMIN),
            stage.tap(ResumeBookings(), OWNER),
            *[stage.tap(stage.booking(clock), BEN) for clock in ("11:00", "13:00")],
        )
        assert {each.toast for each in both} <= {
            USUAL,
            "Booked!",
            "Bookings are paused.",
            "Customers can book again.",
        }
    finally:
        await resumed(stage)


async def test_a_file_carries_it(stage: Stage) -> None:
    await stage.meet(OWNER)
    shop = stage.shop
    try:
        until = TODAY + timedelta(days=3)
        await stage.tap(PauseBookings(until=until), OWNER)
        async with shop.sessions() as session:
            document = (await read_business(session)).document
        assert document is not None
        written = write_document(document)
        assert f"paused: true, paused_until: {until}" in written.replace("\n  ", ", ")
        await resumed(stage)
        await apply_document(
            shop.sessions, read_document(written.encode(), "shop"), ManualClock(shop.clock.now())
        )
        assert await kept(stage) == Pause(paused=True, until=until)
        told = (await stage.tap(ShowServices(), ANNA)).toast or ""
        assert told.startswith("We take no bookings here until Wed, Nov 25.")
    finally:
        await resumed(stage)
