"""The calendar file: one per visit; when the visit moves or is off, one that tells calendars so."""

from datetime import timedelta

from shared.contracts.booking import Move, Moving
from shared.contracts.cancelling import Cancel
from tests.kit.promises import Message, a_visit
from tests.worker.shop import NOW, at
from tests.worker.stage import CLAIM_OVER, Stage
from worker.db.models.delivery import State
from worker.visits.promises import CALENDAR, WITHDRAW


def to(stage: Stage, booking: int, clock: str, version: int) -> Move:
    moving = Moving(booking_id=booking, version=version)
    return Move(moving=moving, specialist_id=stage.shop.specialists["Alice"], start=at(clock))


async def test_the_file_says_what_the_card_says(stage: Stage) -> None:
    booking = await stage.book("10:00")
    [calendar] = stage.calendars()
    [event] = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert str(event["UID"]) == str((await stage.shop.booking(booking)).calendar_uid)
    assert event.decoded("DTSTART") == at("10:00")
    assert event.decoded("DTEND") == at("10:45")
    assert event.decoded("DTSTAMP") == NOW
    assert str(event["SUMMARY"]) == "Cut, Barber & Co"
    assert str(event["LOCATION"]) == "Main street, 1 Main St"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert int(str(event["SEQUENCE"])) == 0
    assert "Alice" in str(event["DESCRIPTION"])


async def test_moving_replaces_the_file_under_the_same_uid_with_a_higher_sequence(stage: Stage) -> None:
    booking = await stage.book("10:00")
    [before] = stage.calendars()
    await stage.tap(to(stage, booking, "14:00", 1))
    [after] = stage.calendars()
    [first], [second] = before.walk("VEVENT"), after.walk("VEVENT")
    assert second["UID"] == first["UID"]
    assert int(str(second["SEQUENCE"])) == int(str(first["SEQUENCE"])) + 1
    assert second.decoded("DTSTART") == at("14:00")


async def test_cancelling_puts_a_file_that_takes_the_visit_out_in_the_place_of_the_old_one(
    stage: Stage,
) -> None:
    booking = await stage.book("10:00")
    [before] = stage.calendars()
    await stage.tap(Cancel(booking_id=booking, version=1))
    [after] = stage.calendars()
    [first], [last] = before.walk("VEVENT"), after.walk("VEVENT")
    assert (str(after["METHOD"]), str(last["STATUS"])) == ("CANCEL", "CANCELLED")
    assert last["UID"] == first["UID"]
    assert int(str(last["SEQUENCE"])) == 1
    assert "delete it there" in stage.texts()[-1]
    await stage.promised(Message(kind=WITHDRAW, about=a_visit(booking), state=State.SENT))


async def test_a_visit_that_moved_says_what_opening_its_file_does(stage: Stage) -> None:
    booking = await stage.book("10:00")
    assert stage.texts()[-1] == "For your calendar."
    await stage.tap(to(stage, booking, "14:00", 1))
    assert stage.texts()[-1] == "For your calendar. Open it to bring the visit up to date there, too."


async def test_a_file_that_the_customer_deleted_is_not_missed(stage: Stage) -> None:
    booking = await stage.book("10:00")
    message = (await stage.shop.booking(booking)).calendar_message_id
    await stage.client.call("deleteMessage", {"chat_id": 2001, "message_id": message})
    await stage.tap(to(stage, booking, "14:00", 1))
    await stage.tap(Cancel(booking_id=booking, version=2))
    assert [str(calendar["METHOD"]) for calendar in stage.calendars()] == ["CANCEL"]
    await stage.promised(*[Message(kind=CALENDAR, state=State.SENT)] * 3)


async def test_a_file_that_waits_is_not_sent_once_the_visit_is_off_and_then_none_takes_it_out(
    stage: Stage,
) -> None:
    await stage.fault("error", "sendDocument")
    booking = await stage.book("10:00")
    await stage.promised(Message(kind=CALENDAR, state=State.PENDING))
    await stage.tap(Cancel(booking_id=booking, version=1))
    await stage.advance(CLAIM_OVER)
    await stage.promised(*[Message(kind=CALENDAR, state=State.VOID)] * 2)
    assert stage.calendars() == []


async def test_a_file_is_sent_once_though_the_old_one_cannot_be_taken_away_now(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.fault("error", "deleteMessage")
    await stage.tap(to(stage, booking, "14:00", 1))
    await stage.advance(CLAIM_OVER)
    await stage.advance(timedelta(minutes=2))
    [left] = stage.calendars()
    assert left.walk("VEVENT")[0].decoded("DTSTART") == at("14:00")
    assert await stage.calls("sendDocument") == 2
