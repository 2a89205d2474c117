from datetime import timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.booking import Move, Moving
from shared.contracts.reminders import ConfirmAttendance
from shared.contracts.staff import ShowAgenda
from tests.kit.business import BUSINESS_ID
from tests.worker.outbox.sending import Sending
from tests.worker.shop import ALICE, ANNA, at
from worker.db.models.booking import Status
from worker.db.models.delivery import State
from worker.people.repository import set_reachable
from worker.visits import promises, repository

TOMORROW = timedelta(hours=24)


async def reminded(replica: Sending) -> tuple[int, int]:
    """Book and be reminded a day before; return the booking's and the reminder's message's id."""
    booking_id = await replica.booked("10:00", days=3)
    await replica.until_due(at("10:00", 3) - TOMORROW)
    return booking_id, (await replica.chat())[-1]["message_id"]


def buttons(message: dict[str, object]) -> list[str]:
    rows = message["reply_markup"]["inline_keyboard"]  # type: ignore[index]
    return [button["text"] for row in rows for button in row]


async def test_a_reminder_comes_in_its_moment_and_can_be_answered(replica: Sending) -> None:
    booking_id, message_id = await reminded(replica)
    reminder = (await replica.chat())[-1]
    assert "coming up" in reminder["text"]
    assert buttons(reminder) == ["I'll be there", "Show the visit"]
    command = ConfirmAttendance(booking_id=booking_id, version=1)
    await replica.do(command, message_id=message_id)
    calm = next(each for each in await replica.chat() if each["message_id"] == message_id)
    assert "See you then" in calm["text"]
    assert buttons(calm) == ["Show the visit"]
    assert (await replica.shop.booking(booking_id)).attending_at == replica.shop.clock.now()
    assert (await replica.events(booking_id)).count("attending") == 1


async def test_a_second_tap_changes_nothing(replica: Sending) -> None:
    booking_id, message_id = await reminded(replica)
    command = ConfirmAttendance(booking_id=booking_id, version=1)
    await replica.do(command, message_id=message_id)
    before, first = await replica.chat(), (await replica.shop.booking(booking_id)).attending_at
    replica.shop.clock.advance(timedelta(minutes=1))
    await replica.do(command, message_id=message_id)
    assert await replica.chat() == before
    assert (await replica.shop.booking(booking_id)).attending_at == first
    assert (await replica.events(booking_id)).count("attending") == 1


async def test_a_reminder_of_an_earlier_version_explains_itself(replica: Sending) -> None:
    booking_id, message_id = await reminded(replica)
    async with replica.shop.sessions.begin() as session:
        table = type(await replica.shop.booking(booking_id))
        (await session.get_one(table, (BUSINESS_ID, booking_id))).version = 2
    stale = ConfirmAttendance(booking_id=booking_id, version=1)
    await replica.do(stale, message_id=message_id)
    assert (await replica.shop.booking(booking_id)).attending_at is None
    assert "changed since" in str((await replica.calls("answerCallbackQuery"))[-1]["params"])


async def test_a_stranger_cannot_confirm_it(replica: Sending) -> None:
    booking_id, _ = await reminded(replica)
    await replica.do(ConfirmAttendance(booking_id=booking_id, version=1), person=9, tap=False)
    assert (await replica.shop.booking(booking_id)).attending_at is None


async def test_after_the_start_there_is_nothing_to_confirm(replica: Sending) -> None:
    booking_id, message_id = await reminded(replica)
    replica.shop.clock.advance(TOMORROW)
    await replica.do(ConfirmAttendance(booking_id=booking_id, version=1), message_id=message_id)
    assert (await replica.shop.booking(booking_id)).attending_at is None


async def test_staff_see_who_said_they_will_be_there_until_it_is_moved(replica: Sending) -> None:
    booking_id = await replica.booked("10:00", days=3)
    await replica.do(ConfirmAttendance(booking_id=booking_id, version=1), tap=False)
    await replica.telegram.started(ALICE)
    day = ShowAgenda(first=at("10:00", 3).date())
    await replica.do(day, person=ALICE, tap=False)
    assert "👍" in (await replica.chat(ALICE))[-1]["text"]
    moving = Moving(booking_id=booking_id, version=1)
    alice = replica.shop.specialists["Alice"]
    await replica.do(Move(moving=moving, specialist_id=alice, start=at("11:00", 3)), tap=False)
    await replica.do(day, person=ALICE, tap=False)
    assert "👍" not in (await replica.chat(ALICE))[-1]["text"]
    assert (await replica.shop.booking(booking_id)).attending_at is None


async def test_the_last_reminder_does_not_ask_again(replica: Sending) -> None:
    booking_id, message_id = await reminded(replica)
    await replica.do(ConfirmAttendance(booking_id=booking_id, version=1), message_id=message_id)
    await replica.until_due(at("10:00", 3) - timedelta(hours=2))
    assert buttons((await replica.chat())[-1]) == ["Running late", "Show the visit"]


async def test_a_booking_made_inside_an_offset_skips_it(replica: Sending) -> None:
    await replica.booked("12:00", days=0)
    assert [row.due_at for row in await replica.rows(promises.REMINDER)] == [at("10:00", 0)]


@pytest.mark.parametrize("why", ["cancelled", "moved", "begun", "expired"])
async def test_a_reminder_is_checked_again_in_the_moment_of_sending(replica: Sending, why: str) -> None:
    booking_id = await replica.booked("10:00", days=3)
    row = (await replica.rows(promises.REMINDER))[0]
    table = type(await replica.shop.booking(booking_id))
    async with replica.shop.sessions.begin() as session:
        booking = await session.get_one(table, (BUSINESS_ID, booking_id))
        if why == "cancelled":
            booking.status = Status.CANCELLED
        if why == "moved":
            booking.during = booking.busy = Range(at("11:00", 3), at("11:45", 3))
            booking.version = 2
        if why in {"begun", "expired"}:
            late = await session.get_one(type(row), (BUSINESS_ID, row.id))
            late.expires_at = None if why == "begun" else at("09:00", 2)
    before = len(await replica.chat())
    await replica.until_due(at("10:00", 3) if why == "begun" else at("10:00", 3) - TOMORROW)
    states = {each.id: each.state for each in await replica.rows(promises.REMINDER)}
    assert states[row.id] == (State.EXPIRED if why in {"begun", "expired"} else State.VOID)
    assert len(await replica.chat()) == before
    assert replica.counted("deliveries_total", kind=promises.REMINDER, result=states[row.id]) >= 1


async def test_the_reminders_of_someone_who_blocked_the_bot_stop_and_go_on_later(replica: Sending) -> None:
    booking_id = await replica.booked("10:00", days=3)
    await replica.telegram.post(f"/chats/{ANNA}/block")
    await replica.until_due(at("10:00", 3) - TOMORROW)
    assert (await replica.events(booking_id)).count(repository.UNREACHABLE) == 1
    assert [row.state for row in await replica.rows(promises.REMINDER)] == [State.FAILED, State.PENDING]
    await replica.telegram.post(f"/chats/{ANNA}/unblock")
    async with replica.shop.sessions.begin() as session:
        await set_reachable(session, ANNA, reachable=True)
    await replica.until_due(at("10:00", 3) - timedelta(hours=2))
    assert [row.state for row in await replica.rows(promises.REMINDER)] == [State.FAILED, State.SENT]


async def test_nothing_is_tried_with_someone_who_is_known_to_be_out_of_reach(replica: Sending) -> None:
    booking_id = await replica.booked("10:00", days=3)
    async with replica.shop.sessions.begin() as session:
        await set_reachable(session, ANNA, reachable=False)
    before = len(await replica.calls("sendMessage"))
    await replica.until_due(at("10:00", 3) - TOMORROW)
    await replica.until_due(at("10:00", 3) - timedelta(hours=2))
    assert len(await replica.calls("sendMessage")) == before
    assert (await replica.events(booking_id)).count(repository.UNREACHABLE) == 1
    assert {row.state for row in await replica.rows(promises.REMINDER)} == {State.FAILED}


async def test_lateness_is_measured(replica: Sending) -> None:
    await reminded(replica)
    assert replica.counted("reminder_lateness_seconds_count") == 1
    assert replica.counted("reminder_lateness_seconds_sum") < 1
