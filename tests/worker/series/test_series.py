"""A visit repeats: what is free is shown, all that is chosen is booked in one go, and each lives alone."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import select, update

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import Moving, ShowSummary
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.contracts.series import AskMoveLater, AskSeries, AskSeriesLength, ShowSeries
from shared.contracts.staff import ShowStaffCard, ShowVisitHistory
from tests.worker.shop import ALICE, ANNA, BEN, FILE, OWNER, at, open_shop
from tests.worker.stage import CLAIM_OVER, Answer, Stage, on_stage
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import Sessions
from worker.db.models.booking import Booking, BookingAnswer
from worker.db.models.catalogue import Service
from worker.privacy.repository import export


def labels(stage: Stage, message: int, person: int = ANNA) -> list[str]:
    return list(stage.buttons(message, person))


def behind(stage: Stage, message: int, label: str, person: int = ANNA) -> Command:
    """Return what the button asks for whose text holds a label."""
    [data] = [data for text, data in stage.buttons(message, person).items() if label in f" {text}"]
    return unpack(str(data))


async def press(stage: Stage, message: int, label: str, person: int = ANNA) -> Answer:
    return await stage.tap(behind(stage, message, label, person), person, message)


async def table(stage: Stage, visit: int, weeks: str, length: int, person: int = ANNA) -> Answer:
    """Walk from a card to the table of a series."""
    card = ShowBooking(booking_id=visit) if person in {ANNA, BEN} else ShowStaffCard(booking_id=visit)
    message = (await stage.tap(card, person)).message
    await press(stage, message, "Repeat", person)
    await press(stage, message, weeks, person)
    return await press(stage, message, f" {length}, until", person)


async def test_a_table_shows_what_is_free_and_all_that_is_chosen_is_booked_at_once(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    shop = stage.shop
    visit = await stage.book("10:00", 3)
    async with shop.sessions.begin() as session:
        answer = {"business_id": shop.business_id, "booking_id": visit, "place": 1}
        session.add(BookingAnswer(**answer, question="How long?", type="text", answer="Long"))
    await shop.book(shop.wish("Cut", "Alice", "10:00", 10), BEN)
    await shop.book(shop.wish("Cut", "Bob", "10:15", 17))
    shown = await table(stage, visit, "Every week", 4)
    assert "Every week" in shown.text
    assert "❌ Wed, Dec 2, 10:00: not free" in shown.text
    assert "❌ Wed, Dec 9, 10:00: you have another visit then" in shown.text
    assert "✅ Wed, Dec 16, 10:00\n✅ Wed, Dec 23, 10:00" in shown.text
    instead = await press(stage, shown.message, "Instead: Wed, Dec 2, 09:05")
    assert "✅ Wed, Dec 2, 09:05 instead of Wed, Dec 2, 10:00" in instead.text
    left_out = await press(stage, shown.message, "✅ Wed, Dec 16")
    assert "▫️ Wed, Dec 16, 10:00: left out" in left_out.text
    before = len(await stage.outbox("booking.reminder"))
    confirm = behind(stage, shown.message, "Confirm 2 visits")
    answered = await stage.tap(confirm, message=shown.message)
    assert answered.toast == "Booked!"
    assert "✅ 2 visits are booked." in answered.text
    first, second = (each for each in await shop.visits() if each.series_id == visit and each.id != visit)
    assert [first.during.lower, second.during.lower] == [at("09:05", 10), at("10:00", 31)]
    assert labels(stage, shown.message) == ["Wed, Dec 2, 09:05", "Wed, Dec 23, 10:00", "Menu"]
    assert [len(each.events) for each in stage.calendars()] == [1, 2]
    assert len(await stage.outbox("booking.reminder")) - before == 4
    notices = [text for text in stage.texts(ALICE) if "New visits that repeat" in text]
    assert len(notices) == 1
    assert "Wed, Dec 2, 09:05" in notices[0]
    assert "Wed, Dec 23, 10:00" in notices[0]
    async with shop.sessions() as session:
        copied = await session.scalars(select(BookingAnswer.booking_id).order_by(BookingAnswer.booking_id))
        assert list(copied) == [visit, first.id, second.id]
    told = await stage.tap(ShowVisitHistory(booking_id=first.id), ALICE)
    assert "Anna, customer, in the chat: booked" in told.text
    async with shop.sessions() as session:
        kept = await export(session, ANNA)
    assert [each["series_id"] for each in kept["visits"]] == [visit, None, visit, visit]
    assert [each["answer"] for each in kept["answers"]] == ["Long"] * 3
    again = await stage.tap(confirm)
    assert again.alert
    assert len([each for each in await shop.visits() if each.series_id == visit]) == 3
    await lives_alone(stage, first)


async def lives_alone(stage: Stage, visit: Booking) -> None:
    """One visit of a series is cancelled as any other, and its calendar hears of it."""
    message = (await stage.tap(ShowBooking(booking_id=visit.id))).message
    cancelled = await stage.tap(Cancel(booking_id=visit.id, version=1), message=message)
    assert cancelled.toast == "Cancelled."
    assert stage.calendars()[-1]["method"] == "CANCEL"
    assert len([each for each in await stage.shop.visits() if each.series_id == visit.series_id]) == 2


async def test_if_one_is_taken_meanwhile_nothing_is_booked_and_the_table_says_which(stage: Stage) -> None:
    shop = stage.shop
    visit = await stage.book("10:00", 3)
    shown = await table(stage, visit, "Every 2 weeks", 3)
    confirm = behind(stage, shown.message, "Confirm 3 visits")
    await shop.book(shop.wish("Cut", "Alice", "10:10", 31), BEN)
    async with stage.promising():
        refused = await stage.tap(confirm, message=shown.message)
    assert refused.alert
    assert "nothing is booked yet" in str(refused.toast)
    assert "❌ Wed, Dec 23, 10:00: has just been taken" in refused.text
    assert len(await shop.visits()) == 2
    assert (await press(stage, shown.message, "Confirm 2 visits")).toast == "Booked!"
    assert len(await shop.visits()) == 4


async def test_a_price_that_changed_is_said_and_what_is_asked_for_is_not_repeated(sessions: Sessions) -> None:
    async with on_stage(await open_shop(sessions)) as stage:
        visit = await stage.book("10:00", 3)
        shown = await table(stage, visit, "Every week", 2)
        await change(stage, price=None)
        refused = await press(stage, shown.message, "Confirm 2 visits")
        assert "The price has changed since you looked." in str(refused.toast)
        assert len(await stage.shop.visits()) == 1
        assert (await press(stage, shown.message, "Confirm 2 visits")).toast == "Booked!"
        await change(stage, approval=True)
        message = (await stage.tap(ShowBooking(booking_id=visit))).message
        assert not any("Repeat" in each for each in labels(stage, message))
        for command in (AskSeries(booking_id=visit), ShowSeries(booking_id=visit, weeks=1, count=2)):
            assert (await stage.tap(command)).toast == "This visit cannot be repeated here."
        await change(stage, approval=False)
        for forged in ({"weeks": 0, "count": 2}, {"weeks": 1, "count": 10**9}):
            asked = ShowSeries(booking_id=visit, **forged)
            assert (await stage.tap(asked)).toast == "This visit cannot be repeated here."


async def test_a_series_counts_as_one_where_its_service_says_how_long_it_may_be(sessions: Sessions) -> None:
    limits = b"limits: {max_upcoming: 1}\nservices:"
    file = FILE.replace(b"services:", limits, 1).replace(b"Cut, duration", b"Cut, max_series: 4, duration")
    async with on_stage(await open_shop(sessions, file)) as stage:
        visit = await stage.book("10:00", 3)
        shown = await table(stage, visit, "Every week", 5)
        assert shown.text.count("✅") == 3
        assert shown.text.count("too many visits") == 2
        assert (await press(stage, shown.message, "Confirm 3 visits")).toast == "Booked!"
        assert (await stage.tap(stage.booking("12:00", 4))).alert
        longer = await table(stage, visit, "Every week", 6)
        assert longer.text.count("✅") == 0
        await stage.tap(Cancel(booking_id=visit, version=1))
        last = (await stage.shop.visits())[-1].id
        longer = await table(stage, last, "Every week", 2)
        assert longer.text.count("✅") == 1


async def change(stage: Stage, **values: object) -> None:
    """Have the service be otherwise."""
    async with stage.shop.sessions.begin() as session:
        cut = Service.id == stage.shop.services["Cut"]
        await session.execute(update(Service).where(cut).values(**values))


async def test_limits_and_the_horizon_bind_customers_and_clocks_may_change(stage: Stage) -> None:
    await stage.meet(OWNER)
    await stage.type(ShowHome(), OWNER)
    shop = stage.shop
    visit = await stage.book("10:00", 3)
    limited = await table(stage, visit, "Every week", 5)
    assert limited.text.count("✅") == 4
    assert "❌ Wed, Dec 30, 10:00: too many visits" in limited.text
    offered = await stage.tap(AskSeriesLength(booking_id=visit, weeks=4))
    assert [label.partition(",")[0] for label in stage.buttons(offered.message)][:-2] == ["1", "2"]
    assert "Can be booked until Thu, Jan 21" in offered.text
    beyond = await stage.tap(ShowSeries(booking_id=visit, weeks=4, count=3))
    assert "❌ Wed, Feb 17, 2027, 10:00: too far ahead" in beyond.text
    assert "Can be booked until" in beyond.text
    by_staff = await table(stage, visit, "Every week", 6, OWNER)
    assert by_staff.text.count("✅") == 6
    booked = await press(stage, by_staff.message, "Confirm 6 visits", OWNER)
    assert booked.toast == "Booked!"
    assert "6 visits are booked." in booked.text
    assert "6 visits are booked." in stage.texts()[-2]
    shop.clock.advance(datetime(2027, 3, 20, 9, tzinfo=UTC) - shop.clock.now())
    summer = await stage.book("15:00", 122)
    shown = await table(stage, summer, "Every week", 2)
    assert (await press(stage, shown.message, "Confirm 2 visits")).toast == "Booked!"
    starts = [each.during.lower for each in await shop.visits() if each.series_id == summer]
    assert starts == [datetime(2027, 3, 24, 14, tzinfo=UTC), datetime(2027, 3, 31, 13, tzinfo=UTC),
                      datetime(2027, 4, 7, 13, tzinfo=UTC)]  # fmt: skip


async def test_of_two_crossing_series_one_is_booked_and_the_other_reads_why(stage: Stage) -> None:
    await stage.meet(BEN)
    anna = await stage.book("10:00", 3)
    ben = await stage.book("10:00", 10, BEN)
    taps = []
    for person, visit, weeks, length in ((ANNA, anna, "Every 2 weeks", 2), (BEN, ben, "Every week", 3)):
        shown = await table(stage, visit, weeks, length, person)
        confirm = behind(stage, shown.message, f"Confirm {length} visits", person)
        taps.append(await stage.tapped(confirm, person, shown.message))
    await asyncio.gather(*map(stage.run, taps))
    toasts = [str(stage.answer(each).toast) for each in taps]
    assert sum(each == "Booked!" for each in toasts) == 1, toasts
    assert sum("nothing is booked yet" in each for each in toasts) == 1, toasts
    assert await stage.shop.overlaps() == 0
    assert len(await stage.shop.visits()) in {4, 5}


async def test_whoever_dies_in_between_leaves_it_to_the_next(stage: Stage) -> None:
    visit = await stage.book("10:00", 3)
    shown = await table(stage, visit, "Every week", 2)
    await stage.fault("error", "editMessageText", status=500)
    await stage.tap(behind(stage, shown.message, "Confirm 2 visits"), message=shown.message)
    assert len(await stage.shop.visits()) == 3
    await stage.advance(CLAIM_OVER)
    assert "2 visits are booked." in stage.text(ANNA, shown.message)
    assert [len(each.events) for each in stage.calendars()] == [1, 2]


async def test_calcom_16387_a_third_date_that_is_taken_books_nothing_and_tells_nobody(stage: Stage) -> None:
    """There the first dates alone were checked: who read an error had bookings, and mails about them."""
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    visit = await stage.book("10:00", 3)
    shown = await table(stage, visit, "Every week", 4)
    confirm = behind(stage, shown.message, "Confirm 4 visits")
    taken = await stage.shop.book(stage.shop.wish("Cut", "Alice", "10:00", 24), BEN)
    told = stage.texts(ALICE)
    async with stage.promising():
        refused = await stage.tap(confirm, message=shown.message)
    assert (refused.alert, "nothing is booked yet" in str(refused.toast)) == (True, True)
    assert "❌ Wed, Dec 16, 10:00: has just been taken" in refused.text
    assert {each.id for each in await stage.shop.visits()} == {visit, taken}
    assert stage.texts(ALICE) == told
    assert (await stage.shop.booking(visit)).series_id is None
    assert (await press(stage, shown.message, "Confirm 3 visits")).toast == "Booked!"
    assert len(await stage.shop.visits()) == 5


async def test_what_changes_for_a_series_reaches_calendars_in_one_file(stage: Stage) -> None:
    """Also after later ones were moved together: they have no files of their own any more."""
    shop = stage.shop
    first, *_ = await a_series(stage)
    moving = Moving(booking_id=first, version=1)
    wish = {"service_id": shop.services["Cut"], "specialist_id": shop.specialists["Alice"]}
    summary = await stage.tap(ShowSummary(**wish, start=at("11:00", 3), moving=moving))
    await press(stage, summary.message, "This and later")
    assert (await press(stage, summary.message, "Move 4 visits")).toast == "Moved!"
    for change in ((b"name: Barber & Co,", b"name: Barbers,"), (b"1 Main St", b"7 River Rd")):
        document = read_document(FILE.replace(*change), "b.yaml")
        await apply_document(shop.sessions, document, shop.clock)
        await stage.parts.poller.run_once()
    assert [len(each.events) for each in stage.calendars()] == [3, 4, 4, 4]
    assert {str(each["location"]) for each in stage.calendars()[-1].events} == {"Main street, 7 River Rd"}


async def a_series(stage: Stage, count: int = 3, person: int = ANNA) -> list[int]:
    """Book a visit and let it repeat every week; return the visits in order."""
    visit = await stage.book("10:00", 3, person)
    shown = await table(stage, visit, "Every week", count, person)
    assert (await press(stage, shown.message, f"Confirm {count} visits", person)).toast == "Booked!"
    return [each.id for each in await stage.shop.visits() if each.series_id == visit]


async def test_this_and_later_are_cancelled_at_once_and_told_of_once(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    first, second, third, fourth = await a_series(stage)
    message = (await stage.tap(ShowBooking(booking_id=second))).message
    await press(stage, message, "Cancel")
    asked = await press(stage, message, "This and later")
    assert "Cancel these visits?" in asked.text
    assert asked.text.count("🗓") == 3
    yes = behind(stage, message, "Yes, cancel 3 visits")
    await stage.tap(Cancel(booking_id=third, version=1))
    stale = await stage.tap(yes, message=message)
    assert "nothing is cancelled yet" in str(stale.toast)
    assert [each.id for each in await stage.shop.visits()] == [first, second, fourth]
    before = len(stage.texts(ALICE))
    assert (await press(stage, message, "Yes, cancel 2 visits")).toast == "Cancelled."
    assert [each.id for each in await stage.shop.visits()] == [first]
    assert "❌ 2 visits are cancelled." in stage.text(ANNA, message)
    assert stage.calendars()[-1]["method"] == "CANCEL"
    assert len(stage.calendars()[-1].events) == 2
    [notice] = stage.texts(ALICE)[before:]
    assert "Visits that repeat are cancelled" in notice
    waiting = [row.subject_id for row in await stage.outbox("booking.reminder") if row.state == "pending"]
    assert waiting == [first, first]
    again = await stage.tap(yes)
    assert (again.alert, again.toast) == (True, "This visit is cancelled already.")


async def test_staff_cancel_this_and_later_and_the_customer_reads_one_message(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    first, second, third = await a_series(stage, 2)
    card = await stage.tap(ShowStaffCard(booking_id=second), ALICE)
    await press(stage, card.message, "Cancel", ALICE)
    await press(stage, card.message, "This and later", ALICE)
    before = stage.texts()
    done = await press(stage, card.message, "Yes, cancel 2 visits", ALICE)
    assert (done.toast, "2 visits are cancelled." in done.text) == ("Cancelled.", True)
    told = [text for text in stage.texts() if text not in before]
    assert ["Barber & Co has cancelled your visits." in text for text in told] == [True, False]
    assert [each.id for each in await stage.shop.visits()] == [first]
    assert (await stage.shop.booking(third)).status == "cancelled"


async def test_this_and_later_move_together_and_what_cannot_stays(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    shop = stage.shop
    first, second, third, fourth = await a_series(stage)
    moving = Moving(booking_id=second, version=1)
    wish = {"service_id": shop.services["Cut"], "specialist_id": shop.specialists["Alice"]}
    summary = await stage.tap(ShowSummary(**wish, start=at("10:30", 11), moving=moving))
    asked = await press(stage, summary.message, "This and later")
    assert "✅ Wed, Dec 2, 10:00 → Thu, Dec 3, 10:30" in asked.text
    assert asked.text.count("✅") == 3
    before = len(stage.texts(ALICE))
    again = behind(stage, summary.message, "Move 3 visits")
    await shop.book(shop.wish("Cut", "Alice", "10:40", 18), BEN)
    changed = await stage.tap(again, message=summary.message)
    assert "nothing is moved yet" in str(changed.toast)
    assert "❌ Wed, Dec 9, 10:00 stays: it cannot be moved to Thu, Dec 10, 10:30" in changed.text
    assert (await press(stage, summary.message, "Move 2 visits")).toast == "Moved!"
    starts = {each.id: each.during.lower for each in await shop.visits() if each.series_id == first}
    assert starts == {first: at("10:00", 3), second: at("10:30", 11), third: at("10:00", 17),
                      fourth: at("10:30", 25)}  # fmt: skip
    assert "✅ 2 visits are moved." in stage.text(ANNA, summary.message)
    assert [event["sequence"] for event in stage.calendars()[-1].events] == [1, 1]
    [notice] = stage.texts(ALICE)[before:]
    assert "Visits that repeat are moved" in notice
    waiting = [row.subject_id for row in await stage.outbox("booking.reminder") if row.state == "pending"]
    assert Counter(waiting) == dict.fromkeys([first, second, third, fourth], 2)
    assert await shop.overlaps() == 0


async def test_a_series_moves_by_its_own_distance_and_staff_move_it_too(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    shop = stage.shop
    first, second, third = await a_series(stage, 2)
    moving = Moving(booking_id=first, version=1)
    asked = await stage.tap(AskMoveLater(moving=moving, start=at("10:00", 10)), ALICE)
    done = await press(stage, asked.message, "Move 3 visits", ALICE)
    assert (done.toast, "3 visits are moved." in done.text) == ("Moved!", True)
    starts = {each.id: each.during.lower for each in await shop.visits()}
    assert starts == {first: at("10:00", 10), second: at("10:00", 17), third: at("10:00", 24)}
    assert any("Barber & Co has moved your visits." in text for text in stage.texts())
    alone = await stage.book("12:00", 3)
    refused = await stage.tap(AskMoveLater(moving=Moving(booking_id=alone, version=1), start=at("12:00", 4)))
    assert refused.toast == "This visit can be moved by itself only."
