"""Reminders: promised with the booking, true when they are sent, void when they are not."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.booking import Move, Moving
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from tests.kit.promises import Message
from tests.worker.shop import ANNA, NOW, at
from tests.worker.stage import Stage
from worker.db.models.booking import Booking
from worker.db.models.delivery import Outbox, State
from worker.outbox.message import Chat
from worker.visits.promises import REMINDER

DAY, TWO_HOURS = timedelta(days=1), timedelta(hours=2)


def reminder(due: datetime, expires: datetime, state: str = State.PENDING) -> Message:
    return Message(kind=REMINDER, to=Chat(ANNA), due=due, expires=expires, state=state)


def both(start: datetime, state: str = State.PENDING) -> list[Message]:
    """Return the reminders a day and two hours before a visit; each is of use until the next."""
    return [reminder(start - DAY, start - TWO_HOURS, state), reminder(start - TWO_HOURS, start, state)]


def sent(stage: Stage) -> int:
    return sum("Your visit is coming up" in text for text in stage.texts())


async def test_reminders_are_promised_with_the_visit(stage: Stage) -> None:
    await stage.book("10:00")
    await stage.promised(*both(at("10:00")))


async def test_a_visit_booked_inside_an_offset_skips_it(stage: Stage) -> None:
    await stage.book("17:00", days=0)
    start = at("17:00", 0)
    await stage.promised(reminder(start - TWO_HOURS, start))


async def test_a_service_without_reminders_is_booked_without_any(stage: Stage) -> None:
    await stage.book("10:00", service="Steam")
    assert (await stage.newest()).status == "confirmed"
    await stage.promised(of=REMINDER)


async def test_a_visit_within_the_last_hours_has_none(stage: Stage) -> None:
    await stage.book("10:30", days=0)
    await stage.promised(of=REMINDER)


async def test_a_reminder_comes_when_it_is_due_and_once(stage: Stage) -> None:
    await stage.book("10:00")
    await stage.advance_to(at("10:00") - DAY - timedelta(seconds=5))
    assert sent(stage) == 0
    await stage.advance_to(at("10:00") - DAY)
    assert sent(stage) == 1
    newest = stage.messages()[-1]
    for piece in ("Cut", "Alice", "10:00–10:45", "1 Main St"):
        assert piece in newest["text"]
    assert "too late to move or cancel" in newest["text"]
    assert set(stage.buttons(newest["message_id"])) == {"I'll be there", "Show the visit"}
    await stage.advance(timedelta(hours=1))
    assert sent(stage) == 1
    await stage.advance_to(at("10:00") - TWO_HOURS)
    assert sent(stage) == 2


async def test_cancelling_voids_the_reminders(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.tap(Cancel(booking_id=booking, version=1))
    await stage.promised(*both(at("10:00"), State.VOID))
    await stage.advance_to(at("10:00") - timedelta(minutes=30))
    assert sent(stage) == 0


async def test_moving_voids_the_reminders_and_promises_new_ones(stage: Stage) -> None:
    booking = await stage.book("10:00")
    moving = Moving(booking_id=booking, version=1)
    async with stage.promising(*both(at("14:00"))):
        await stage.tap(Move(moving=moving, start=at("14:00")))
    await stage.promised(*both(at("10:00"), State.VOID), *both(at("14:00")))
    await stage.advance_to(at("10:00") - DAY)
    assert sent(stage) == 0
    await stage.advance_to(at("14:00") - DAY)
    assert sent(stage) == 1


async def test_a_reminder_is_looked_at_again_in_the_moment_of_sending(stage: Stage) -> None:
    booking = await stage.book("10:00")
    async with stage.shop.sessions.begin() as session:
        later = Range(at("11:00"), at("11:45"))
        moved = update(Booking).where(Booking.id == booking).values(version=2, during=later, busy=later)
        await session.execute(moved)
    await stage.advance_to(at("10:00") - DAY)
    assert sent(stage) == 0
    start = at("10:00")
    looked_at = Message(kind=REMINDER, expires=start - TWO_HOURS, state=State.VOID)
    await stage.promised(looked_at, reminder(start - TWO_HOURS, start))


async def test_a_reminder_of_a_visit_that_is_off_is_not_sent(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.shop.set_status(booking, "cancelled")
    await stage.advance_to(at("10:00") - DAY)
    assert sent(stage) == 0


async def test_what_comes_too_late_is_dropped_and_counted(stage: Stage) -> None:
    await stage.book("10:00")
    await stage.advance_to(at("10:00") - TWO_HOURS)
    await stage.promised(*[Message(kind=REMINDER, state=each) for each in (State.EXPIRED, State.SENT)])
    assert sent(stage) == 1
    assert stage.figure("bellhop_deliveries_total", kind="booking.reminder", result="expired") == 1


async def test_after_the_visit_nothing_comes(stage: Stage) -> None:
    await stage.book("10:00")
    await stage.advance_to(at("11:00"))
    await stage.promised(*[Message(kind=REMINDER, state=State.EXPIRED)] * 2)
    assert sent(stage) == 0


async def test_a_reminder_speaks_the_customers_language(stage: Stage) -> None:
    stage.languages[ANNA] = "ru"
    await stage.type(ShowHome())
    await stage.tap(stage.booking("10:00"))
    before = len(stage.texts())
    await stage.advance_to(at("10:00") - DAY)
    [reminder] = stage.texts()[before:]
    assert "Your visit" not in reminder
    assert "10:00" in reminder


async def test_every_row_is_due_in_the_future_when_it_is_promised(stage: Stage) -> None:
    await stage.book("10:00")
    rows: list[Outbox] = list(await stage.outbox())
    assert rows
    assert all(row.due_at > NOW for row in rows)
