"""Whoever was reminded says that they will be there; where a service asks for it, silence frees the time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from shared.contracts.booking import Move, Moving, ShowSummary
from shared.contracts.menu import ShowHome
from shared.contracts.reminders import ConfirmAttendance
from shared.contracts.staff import ConfirmForCustomer, ShowAgenda, ShowStaffCard, ShowVisitHistory
from tests.kit.promises import TimerSet
from tests.worker.placement.visits import visit_at
from tests.worker.shop import ALICE, ANNA, BEN, FILE, at
from tests.worker.stage import Stage
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.confirming.rules import TO_ANSWER, deadline, is_to_be_freed
from worker.db.models.booking import Booking, Mark, Status
from worker.db.models.catalogue import Service

DAY, HALF_A_DAY = timedelta(days=1), timedelta(hours=12)
START = at("10:00")
OTHERWISE = "Otherwise the time is given to others."


@asynccontextmanager
async def asking(stage: Stage) -> AsyncIterator[None]:
    """Let the shop free what is not confirmed twelve hours before; the tests share its business."""
    await _ask(stage, 720)
    yield
    await _ask(stage, None)


async def _ask(stage: Stage, minutes: int | None) -> None:
    async with stage.shop.sessions.begin() as session:
        here = Service.business_id == stage.shop.business_id
        await session.execute(update(Service).where(here).values(confirm_until=minutes))


async def status(stage: Stage, booking: int) -> str:
    return (await stage.shop.booking(booking)).status


async def test_what_is_not_confirmed_is_freed_as_was_said_and_both_sides_are_told(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    async with asking(stage):
        wish = stage.booking()
        shown = ShowSummary(service_id=wish.service_id, specialist_id=wish.specialist_id, start=START)
        assert f"by Tue, Nov 24, 22:00. {OTHERWISE}" in (await stage.tap(shown)).text
        booking = await stage.book()
        await stage.promised(TimerSet(kind="reminders.free", due=START - HALF_A_DAY))
        assert f"by Tue, Nov 24, 22:00. {OTHERWISE}" in "\n".join(stage.texts())
        await stage.advance_to(START - DAY)
        assert f"Please tap I'll be there by Tue, Nov 24, 22:00. {OTHERWISE}" in stage.texts()[-1]
        agenda = await stage.type(ShowAgenda(first=START.date()), ALICE)
        assert "❔ 10:00–10:45 Cut, Anna" in agenda
        assert "has not said yet" in agenda
        card = (await stage.tap(ShowStaffCard(booking_id=booking), ALICE)).text
        assert "Without their word the time is freed on Tue, Nov 24, 22:00." in card
        await stage.advance_to(START - HALF_A_DAY - timedelta(minutes=1))
        assert await status(stage, booking) == Status.CONFIRMED
        await stage.advance_to(START - HALF_A_DAY)
        await stage.advance(timedelta(seconds=5))
        assert await status(stage, booking) == Status.CANCELLED
        assert sum("so the time is given to others" in text for text in stage.texts()) == 1
        assert "did not say that they would be there" in "\n".join(stage.texts(ALICE))
        history = (await stage.tap(ShowVisitHistory(booking_id=booking), ALICE)).text
        assert "by itself: freed" in history
        await stage.meet(BEN)
        assert await stage.book(person=BEN) > booking


@pytest.mark.parametrize("how", ["reminder", "phone", "late", "moved"])
async def test_whoever_says_so_in_any_way_keeps_the_time(stage: Stage, how: str) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    async with asking(stage):
        booking = await stage.book()
        before = timedelta(minutes=1) if how == "moved" else timedelta()
        await stage.advance_to(START - DAY - before)
        if how == "reminder":
            await stage.tap(ConfirmAttendance(booking_id=booking, version=1))
        elif how == "phone":
            for _ in range(2):
                answer = await stage.tap(ConfirmForCustomer(booking_id=booking, version=1), ALICE)
            assert (answer.toast, "👍 The customer will be there." in answer.text) == ("Noted.", True)
            assert (await stage.events()).count("attending") == 1
        elif how == "late":
            async with stage.shop.sessions.begin() as session:
                (await session.get_one(Booking, (stage.shop.business_id, booking))).late_minutes = 5
        else:
            moving = Moving(booking_id=booking, version=1)
            alice = stage.shop.specialists["Alice"]
            await stage.tap(Move(moving=moving, specialist_id=alice, start=at("16:00")))
        await stage.advance_to(START - HALF_A_DAY)
        await stage.advance(timedelta(minutes=1))
        assert await status(stage, booking) == Status.CONFIRMED


async def test_whom_no_reminder_reached_keeps_the_time(stage: Stage) -> None:
    async with asking(stage):
        booking = await stage.book()
        await stage.telegram.post(f"/chats/{ANNA}/block")
        await stage.advance_to(START - DAY)
        assert (await stage.shop.booking(booking)).asked_at is None
        await stage.advance_to(START - HALF_A_DAY)
        await stage.advance(timedelta(minutes=1))
        assert await status(stage, booking) == Status.CONFIRMED


async def test_what_was_booked_before_the_service_asked_for_it_stays(stage: Stage) -> None:
    booking = await stage.book()
    async with asking(stage):
        await stage.advance_to(START - DAY)
        await stage.advance_to(START - HALF_A_DAY)
        await stage.advance(timedelta(minutes=1))
        assert await status(stage, booking) == Status.CONFIRMED


OFFSETS = st.integers(0, 3 * 1440).map(lambda minutes: timedelta(minutes=minutes))


@given(st.lists(OFFSETS, max_size=4), OFFSETS, OFFSETS)
def test_nobody_has_to_answer_who_is_not_asked_an_hour_before(
    reminders: list[timedelta], confirm_until: timedelta, ahead: timedelta
) -> None:
    now = START - ahead
    by = deadline(START, reminders, confirm_until, now)
    asked = [START - each for each in reminders if START - each > now]
    in_time = [moment for moment in asked if moment + TO_ANSWER <= START - confirm_until]
    assert by == (START - confirm_until if in_time else None)


@given(
    st.sampled_from(Status), st.sampled_from([None, *Mark]), st.sampled_from([False, True]),
    OFFSETS, OFFSETS, OFFSETS,
)  # fmt: skip
def test_only_the_silence_of_who_was_asked_in_time_frees_a_visit(
    status: Status, mark: Mark | None, attending: object, asked: timedelta, by: timedelta, ahead: timedelta,
) -> None:  # fmt: skip
    visit = visit_at(
        START, status=status, mark=mark, attending=attending, asked_at=START - asked,
        confirm_by=START - by, confirm_until=by,
    )  # fmt: skip
    now: datetime = START - ahead
    freed = is_to_be_freed(visit, now)
    silent = status is Status.CONFIRMED and mark is None and not attending
    assert freed == (silent and ahead > timedelta() and ahead <= by and asked >= by + timedelta(minutes=30))
    assert not is_to_be_freed(replace(visit, asked_at=None), now)


def test_a_file_that_asks_for_an_answer_and_for_no_reminder_is_refused() -> None:
    ask = b"reminders: [2h], confirm_until: 90m}"
    with pytest.raises(RefusedFileError, match="confirm_until"):
        read_document(FILE.replace(b"reminders: [24h, 2h]}", ask), "business.yaml")
    good = FILE.replace(b"reminders: [24h, 2h]}", b"reminders: [24h, 2h], confirm_until: 12h}")
    assert read_document(good, "business.yaml").services[0].confirm_until == 720
