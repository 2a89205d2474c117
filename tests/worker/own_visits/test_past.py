"""'Past visits', and what a visit's messages become once it has been: the way to book it again."""

from datetime import timedelta

from shared.buttons import unpack
from shared.contracts.booking import BookAgain, ShowSummary
from shared.contracts.cancelling import Cancel
from shared.contracts.own_visits import ShowBooking, ShowBookings, ShowPast
from tests.worker.shop import ANNA, BEN, at
from tests.worker.stage import Stage
from worker.own_visits.promises import OVER

A_DAY = timedelta(days=1)


async def been(stage: Stage, count: int) -> list[int]:
    """Book visits on days in a row, each when the one before has been; let a day pass."""
    booked = []
    for days in range(3, count + 3):
        booked.append(await stage.book("10:00", days))
        await stage.advance_to(at("10:45", days))
    await stage.advance(A_DAY)
    return booked


async def test_past_visits_are_listed_the_latest_first_and_lead_to_booking_again(stage: Stage) -> None:
    await stage.meet(BEN)
    none = await stage.tap(ShowPast())
    assert none.text == "You have not been here yet."
    cancelled = await stage.book("16:00")
    await stage.tap(Cancel(booking_id=cancelled, version=1))
    await stage.book("12:00", person=BEN)
    first, second = await been(stage, 2)
    coming = await stage.book("10:00", days=9)
    bookings = await stage.tap(ShowBookings())
    assert {"Past visits", "Book a visit", "Menu"} < set(stage.buttons(bookings.message))
    listed = await stage.tap(ShowPast(), message=bookings.message)
    labels = ["Thu, Nov 26, 10:00 · Cut", "Wed, Nov 25, 10:00 · Cut"]
    assert list(stage.buttons(listed.message)) == [*labels, "My bookings", "Menu"]
    assert unpack(stage.buttons(listed.message)[labels[0]] or "") == ShowBooking(booking_id=second)
    assert coming not in {first, second}
    card = await stage.tap(ShowBooking(booking_id=second), message=listed.message)
    again = await stage.tap(BookAgain(booking_id=second), message=card.message)
    assert "Cut, Alice" in again.text
    times = [unpack(data or "") for data in stage.buttons(again.message).values()]
    assert sum(isinstance(each, ShowSummary) for each in times) == 3


async def test_many_past_visits_come_in_pages(stage: Stage) -> None:
    await been(stage, 9)
    first = await stage.tap(ShowPast())
    assert {"1 / 2", "›"} < set(stage.buttons(first.message))
    last = await stage.tap(ShowPast(page=7), message=first.message)
    assert next(iter(stage.buttons(last.message))) == "Wed, Nov 25, 10:00 · Cut"


async def test_a_year_that_is_not_this_one_is_named(stage: Stage) -> None:
    await been(stage, 1)
    await stage.advance_to(at("10:00", days=45))
    assert "Wed, Nov 25, 2026, 10:00 · Cut" in stage.buttons((await stage.tap(ShowPast())).message)


async def test_a_day_later_the_messages_of_a_visit_offer_to_book_it_again(stage: Stage) -> None:
    booking = await stage.book("10:00")
    card = (await stage.shop.booking(booking)).card_message_id or 0
    copy = (await stage.tap(ShowBooking(booking_id=booking))).message
    before = len(stage.messages())
    await stage.advance_to(at("08:00"))
    reminders = len(stage.messages()) - before
    await stage.advance_to(at("10:45"))
    await stage.advance(A_DAY)
    await stage.advance(timedelta(seconds=1))
    *_, reminder, asked = stage.messages()
    for message in (card, copy, reminder["message_id"]):
        assert stage.text(ANNA, message).startswith("🏁 This visit is over")
        assert list(stage.buttons(message)) == ["Book again", "My bookings", "Menu"]
    assert "How was it?" in asked["text"]
    assert len(stage.messages()) == before + reminders + 1
    assert [row.state for row in await stage.outbox(OVER)] == ["sent"] * 3


async def test_a_card_that_is_gone_comes_back_nowhere(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.advance_to(at("10:45"))
    for message in stage.messages():
        await stage.client.call("deleteMessage", {"chat_id": ANNA, "message_id": message["message_id"]})
    await stage.advance(A_DAY)
    await stage.advance(timedelta(seconds=1))
    assert ["How was it?" in each["text"] for each in stage.messages()] == [True]
    assert (await stage.shop.booking(booking)).status == "done"
