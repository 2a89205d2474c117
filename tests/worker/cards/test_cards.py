"""Every message that shows a booking follows it; what shows something else is left alone."""

from datetime import timedelta

from shared.contracts.booking import Move, Moving, StartMove
from shared.contracts.cancelling import AskCancel, Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking, ShowBookings
from shared.contracts.reminders import ConfirmAttendance
from tests.kit.business import BUSINESS_ID
from tests.kit.promises import Message, a_visit
from tests.worker.shop import ANNA, at
from tests.worker.stage import Stage
from worker.cards.follow import MOST
from worker.db.models.delivery import State
from worker.outbox.message import Chat
from worker.visits.promises import REFRESH

PAUSE = timedelta(seconds=2)


def moved(stage: Stage, booking: int, clock: str, version: int = 1) -> Move:
    moving = Moving(booking_id=booking, version=version)
    return Move(moving=moving, specialist_id=stage.shop.specialists["Alice"], start=at(clock))


async def show(stage: Stage, booking: int, message: int | None = None) -> int:
    """Show the card, in a message of its own unless told; return that."""
    return (await stage.tap(ShowBooking(booking_id=booking), message=message)).message


async def test_every_message_with_the_card_follows_a_move_and_a_cancellation(stage: Stage) -> None:
    booking = await stage.book("10:00")
    first = (await stage.newest()).card_message_id
    assert first is not None
    others = [await show(stage, booking) for _ in range(3)]
    answer = await stage.tap(moved(stage, booking, "14:00"), message=others[1])
    assert "14:00–14:45" in answer.text
    for message in (first, *others):
        assert stage.text(ANNA, message) == answer.text
    await stage.tap(Cancel(booking_id=booking, version=2), message=first)
    for message in (first, *others):
        assert "Cancelled" in stage.text(ANNA, message)


async def test_what_a_refusal_shows_follows_too(stage: Stage) -> None:
    booking = await stage.book("10:00")
    again = await stage.tap(stage.booking("10:00"))
    assert again.toast == "Booked already."
    await stage.tap(moved(stage, booking, "14:00"))
    assert "14:00–14:45" in stage.text(ANNA, again.message)


async def test_the_newest_few_follow_and_an_older_one_ends(stage: Stage) -> None:
    booking = await stage.book("10:00")
    first = (await stage.newest()).card_message_id
    assert first is not None
    newer = [await show(stage, booking) for _ in range(MOST)]
    assert (await stage.shop.booking(booking)).card_copies == newer
    await stage.advance(PAUSE)
    assert "no longer kept up to date" in stage.text(ANNA, first)
    assert set(stage.buttons(first)) == {"My bookings", "Menu"}
    followed = Message(kind=REFRESH, to=Chat(ANNA), about=a_visit(booking))
    async with stage.promising(*[followed] * (MOST - 1)):
        await stage.tap(moved(stage, booking, "14:00"), message=newer[0])
    assert "no longer kept up to date" in stage.text(ANNA, first)


async def test_a_message_that_shows_the_card_again_does_not_end(stage: Stage) -> None:
    booking = await stage.book("10:00")
    first = (await stage.newest()).card_message_id
    for _ in range(MOST):
        await show(stage, booking)
    await show(stage, booking, first)
    await stage.advance(PAUSE)
    assert "See you then!" in stage.text(ANNA, first or 0)
    states = [state for _, state in await stage.states("booking.retire")]
    assert sorted(states) == [State.SENT, State.VOID]


async def test_shown_twice_in_one_message_it_is_one_copy(stage: Stage) -> None:
    booking = await stage.book("10:00")
    message = await show(stage, booking)
    await show(stage, booking, message)
    assert ((await stage.shop.booking(booking)).card_copies or [])[1:] == [message]
    await stage.tap(moved(stage, booking, "14:00"), message=message)
    await stage.promised(Message(kind=REFRESH, to=Chat(ANNA), about=a_visit(booking)))


async def test_a_message_that_shows_something_else_by_now_is_left_alone(stage: Stage) -> None:
    booking = await stage.book("10:00")
    for away in (
        ShowBookings(),
        ShowHome(),
        AskCancel(booking_id=booking, version=1),
    ):
        message = await show(stage, booking)
        left = await stage.tap(away, message=message)
        assert message not in ((await stage.shop.booking(booking)).card_copies or [])
        assert left.text == stage.text(ANNA, message)
    shown = stage.text(ANNA, message)
    await stage.tap(moved(stage, booking, "14:00"))
    assert stage.text(ANNA, message) == shown


async def test_a_message_follows_the_booking_whose_card_it_shows_last(stage: Stage) -> None:
    one, other = await stage.book("10:00"), await stage.book("12:00")
    message = await show(stage, one)
    await show(stage, other, message)
    await stage.tap(moved(stage, one, "14:00"))
    assert "12:00–12:45" in stage.text(ANNA, message)
    await stage.tap(moved(stage, other, "16:00"))
    assert "16:00–16:45" in stage.text(ANNA, message)


async def test_a_card_that_had_to_be_sent_anew_follows(stage: Stage) -> None:
    booking = await stage.book("10:00")
    envelope = await stage.tapped(ShowBooking(booking_id=booking))
    await stage.client.call("deleteMessage", {"chat_id": ANNA, "message_id": envelope.reply_to.message_id})
    await stage.run(envelope)
    sent = stage.messages()[-1]["message_id"]
    await stage.tap(moved(stage, booking, "14:00"))
    assert "14:00–14:45" in stage.text(ANNA, sent)


async def test_a_booking_of_a_release_that_knew_one_message_still_has_that_one_follow(stage: Stage) -> None:
    booking = await stage.book("10:00")
    first = (await stage.newest()).card_message_id
    async with stage.shop.sessions.begin() as session:
        found = await session.get_one(type(await stage.newest()), (BUSINESS_ID, booking))
        found.card_copies = None
    await stage.tap(moved(stage, booking, "14:00"))
    assert "14:00–14:45" in stage.text(ANNA, first or 0)


async def reminded(stage: Stage) -> int:
    """Wait for the first reminder of a visit that can still be changed then; return its message."""
    await stage.advance_to(at("10:00") - timedelta(days=1))
    newest = stage.messages()[-1]
    assert "Your visit is coming up" in newest["text"]
    return int(newest["message_id"])


async def test_a_reminder_becomes_the_card_of_what_its_visit_became(stage: Stage) -> None:
    booking = await stage.book("10:00", service="Yoga")
    confirmed = (await stage.newest()).card_message_id
    reminder = await reminded(stage)
    assert (await stage.newest()).card_message_id == confirmed
    answer = await stage.tap(moved(stage, booking, "14:00"))
    assert "14:00–15:00" in answer.text
    assert stage.text(ANNA, reminder) == answer.text
    await stage.tap(Cancel(booking_id=booking, version=2))
    assert "Cancelled" in stage.text(ANNA, reminder)


async def test_what_thanked_for_an_answer_follows_too(stage: Stage) -> None:
    booking = await stage.book("10:00", service="Yoga")
    reminder = await reminded(stage)
    thanks = await stage.tap(ConfirmAttendance(booking_id=booking, version=1), message=reminder)
    assert "See you then!" in thanks.text
    await stage.tap(Cancel(booking_id=booking, version=1))
    assert "Cancelled" in stage.text(ANNA, reminder)


async def test_a_reminder_that_was_left_by_its_button_is_left_alone(stage: Stage) -> None:
    booking = await stage.book("10:00", service="Yoga")
    reminder = await reminded(stage)
    moving = Moving(booking_id=booking, version=1)
    month = await stage.tap(StartMove(moving=moving), message=reminder)
    await stage.tap(Cancel(booking_id=booking, version=1))
    assert stage.text(ANNA, reminder) == month.text


async def test_a_reminder_is_one_of_the_few_that_follow(stage: Stage) -> None:
    booking = await stage.book("10:00", service="Yoga")
    newer = [await show(stage, booking) for _ in range(MOST - 1)]
    first = (await stage.newest()).card_message_id
    reminder = await reminded(stage)
    assert (await stage.newest()).card_copies == [*newer, reminder]
    await stage.advance(PAUSE)
    assert "no longer kept up to date" in stage.text(ANNA, first or 0)


async def test_one_change_stays_within_what_a_chat_takes_at_once(stage: Stage) -> None:
    booking = await stage.book("10:00")
    for _ in range(MOST + 2):
        await show(stage, booking)
    await stage.advance(PAUSE)
    before = sum([await stage.calls(method) for method in ("sendMessage", "sendDocument", "editMessageText")])
    tap = await stage.tapped(moved(stage, booking, "14:00"))
    await stage.run(tap)
    after = sum([await stage.calls(method) for method in ("sendMessage", "sendDocument", "editMessageText")])
    assert after - before - 1 <= 9  # SEND_CHAT_BURST; one is the screen that was tapped
