"""'Earlier?' on a card: standing in the one line, being offered what frees up, and moving there or not."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from shared.buttons import unpack
from shared.contracts.booking import Move, Moving
from shared.contracts.cancelling import Cancel
from shared.contracts.earlier import AskEarlier, WantEarlier
from shared.contracts.own_visits import ShowBooking, ShowBookings
from shared.contracts.waitlist import ChangeWish, EndWish, ShowWish
from tests.kit.promises import Message
from tests.worker.shop import ANNA, BEN, CARLA, Shop, at
from tests.worker.stage import Answer, Stage
from tests.worker.waitlist import waiting
from tests.worker.waitlist.waiting import (
    GUEST,
    entries,
    fill,
    free,
    join,
    live,
    offers,
    open_for,
    settle,
)
from worker.db.models.catalogue import Service
from worker.outbox.message import Chat
from worker.privacy import repository as privacy
from worker.visits.repository import load
from worker.wishes.rules import MOST_DAYS, first_days

EARLIER = "An earlier time has come free"
DAY = date(2026, 11, 25)
TEN, FOUR = at("10:00"), at("16:00", 5)


@given(st.integers(-2, 400))
def test_first_days_are_some_of_those_before_the_visit(ahead: int) -> None:
    days = first_days(DAY, DAY + timedelta(days=ahead))
    assert days[0] == DAY
    assert days[-1] == max(DAY, DAY + timedelta(days=ahead))
    assert sorted(set(days)) == list(days)
    assert len(days) == min(max(ahead, 0), MOST_DAYS + 1) + 1


async def want(stage: Stage, booking: int, person: int, label: str = "Any earlier time") -> Answer:
    """Tap 'Earlier?' and what would suit: two taps."""
    asked = await stage.tap(AskEarlier(booking_id=booking), person)
    assert "Would you like to come earlier?" in asked.text
    answer = await stage.tap(unpack(str(stage.buttons(asked.message, person)[label])), person, asked.message)
    assert answer.toast == "You will be told here when an earlier time frees up."
    stage.shop.clock.advance(timedelta(seconds=1))
    return answer


async def later(shop: Shop, person: int, clock: str = "16:00", days: int = 5) -> int:
    return await shop.book(shop.wish("Cut", "Alice", clock, days), person)


async def standing(shop: Shop, booking: int) -> tuple[int | None, bool, bool]:
    """Return, where a service allows one move, how many are left, and what else is said of a visit."""
    async with shop.sessions() as session:
        await session.execute(update(Service).where(Service.business_id == 1).values(max_moves=1))
        visit = await load(session, booking)
    assert visit is not None
    return visit.moves_left, visit.explainable, visit.wants_earlier


async def answer(stage: Stage, person: int, label: str = "Take it") -> Answer:
    """Tap a button of the newest offer of an earlier time."""
    message = next(each for each in reversed(stage.messages(person)) if EARLIER in each.get("text", ""))
    number = int(message["message_id"])
    found = await stage.tap(unpack(str(stage.buttons(number, person)[label])), person, number)
    await settle(stage)
    return found


async def test_who_wants_to_be_earlier_stands_in_the_line_and_says_so_in_two_taps(stage: Stage) -> None:
    await fill(stage, "10:00")
    await join(stage, BEN)
    booking = await stage.book("16:00", 5)
    card = stage.messages()[-2]
    assert "Earlier?" in stage.buttons(card["message_id"])
    asked = await stage.tap(AskEarlier(booking_id=booking))
    labels = list(stage.buttons(asked.message))
    assert labels[0] == "Any earlier time"
    assert labels[-3] == "Earlier on the same day"
    assert labels[1:-3] == [
        "From Mon, Nov 23 on",
        "From Tue, Nov 24 on",
        "From Wed, Nov 25 on",
        "From Thu, Nov 26 on",
    ]
    wanted = await want(stage, booking, ANNA)
    assert "Before Fri, Nov 27, 16:00" in wanted.text
    assert "You are 2nd in line." in wanted.text
    shown = await stage.tap(ShowBooking(booking_id=booking))
    assert "🔔 Earlier?" in stage.buttons(shown.message)
    assert "You are 2nd in line." in (await stage.tap(AskEarlier(booking_id=booking))).text
    again = await stage.tap(WantEarlier(booking_id=booking, version=1, first_day=waiting.DAY))
    assert "You are 2nd in line." in again.text
    listed = await stage.tap(ShowBookings())
    assert "🔔 Before Fri, Nov 27, 16:00 · Cut" in stage.buttons(listed.message)
    entry = (await entries(stage.shop))[-1]
    assert (entry.booking_id, entry.first_day, entry.last_day) == (
        booking,
        at("10:00", 0).date(),
        FOUR.date(),
    )
    narrower = ChangeWish(entry_id=entry.id, first_day=FOUR.date(), last_day=at("10:00", 40).date(), part=1)
    assert "On Fri, Nov 27, before 16:00, in the morning" in (await stage.tap(narrower)).text
    from_then = narrower.model_copy(update={"first_day": waiting.DAY})
    assert "From Wed, Nov 25 on, before Fri, Nov 27, 16:00" in (await stage.tap(from_then)).text
    assert (await entries(stage.shop))[-1].last_day == FOUR.date()
    async with stage.shop.sessions() as session:
        assert (await privacy.export(session, ANNA))["wishes"][0]["booking_id"] == booking
    ended = await stage.tap(EndWish(entry_id=entry.id))
    assert ended.toast == "Your wish has ended."
    assert "Earlier?" in stage.buttons((await stage.tap(ShowBooking(booking_id=booking))).message)
    strangers = await stage.tap(AskEarlier(booking_id=booking), BEN)
    assert strangers.toast == "You have no such visit."


async def test_taking_it_moves_the_visit_and_its_old_time_goes_down_the_line(stage: Stage) -> None:
    """One chain for those who wait and those who would rather be earlier, as they asked."""
    [booked] = await fill(stage, "10:00")
    await open_for(stage.shop, "16:00", days=5)
    await stage.meet(BEN, CARLA)
    moving = await later(stage.shop, BEN)
    await want(stage, moving, BEN)
    [waits] = await join(stage, ANNA)
    await join(stage, CARLA, days=5)
    await free(stage, booked)
    assert await offers(stage.shop) == [(BEN, "open", TEN)]
    assert await live(stage.shop) == [(BEN, "held", TEN), (BEN, "confirmed", FOUR)]
    told = next(each["text"] for each in stage.messages(BEN) if EARLIER in each["text"])
    assert "In place of your visit on Fri, Nov 27, 16:00." in told
    assert "It is kept for you until 11:01." in told
    assert "offered to somebody before you" in (await stage.tap(ShowWish(entry_id=waits))).text
    moved_in = stage.promising(
        Message(kind="booking.card", to=Chat(BEN)),
        Message(kind="booking.calendar", to=Chat(BEN)),
        Message(kind="booking.reminder", due=TEN - timedelta(days=1)),
        Message(kind="booking.reminder", due=TEN - timedelta(hours=2)),
        of="booking",
    )
    async with moved_in:
        message = next(each for each in reversed(stage.messages(BEN)) if EARLIER in each.get("text", ""))
        command = unpack(str(stage.buttons(message["message_id"], BEN)["Take it"]))
        taken = await stage.tap(command, BEN, message["message_id"])
    assert taken.toast == "Moved!"
    assert taken.text.startswith("✅ Moved. See you then!")
    await settle(stage)
    assert await offers(stage.shop) == [(BEN, "taken", TEN), (CARLA, "open", FOUR)]
    assert await live(stage.shop) == [(BEN, "confirmed", TEN), (CARLA, "held", FOUR)]
    assert [each.outcome for each in await entries(stage.shop)] == ["moved", None, None]
    assert await standing(stage.shop, moving) == (1, False, False)
    again = await stage.tap(command, BEN)
    assert again.toast == "You have taken it already."
    assert await stage.shop.overlaps() == 0


async def test_declined_lapsed_or_passed_over_the_visit_stays(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await stage.meet(BEN, CARLA)
    for person, clock in ((BEN, "16:00"), (CARLA, "17:00")):
        await want(stage, await later(stage.shop, person, clock), person)
    await open_for(stage.shop, "10:00", specialist="Bob")
    await stage.shop.book(stage.shop.wish("Cut", "Bob", "10:00"), CARLA)
    visit = await stage.book("11:00", 5)
    await want(stage, visit, ANNA)
    await free(stage, booked)
    passed = await answer(stage, BEN, "No, thanks")
    assert passed.text == "You have passed this time on. Your wish stands."
    assert [(who, state) for who, state, _ in await offers(stage.shop)] == [(BEN, "declined"), (ANNA, "open")]
    [_, carlas, _] = await entries(stage.shop)
    assert "you have another visit then" in (await stage.tap(ShowWish(entry_id=carlas.id), CARLA)).text
    await stage.advance(timedelta(hours=3))
    await settle(stage)
    assert [state for _, state, _ in await offers(stage.shop)] == ["declined", "lapsed"]
    assert (ANNA, "confirmed", at("11:00", 5)) in await live(stage.shop)
    assert all(status == "confirmed" for _, status, _ in await live(stage.shop))


async def test_moved_or_cancelled_a_visit_wants_nothing_any_more_and_its_offer_goes_on(stage: Stage) -> None:
    first, second = await fill(stage, "10:00", "11:00")
    await stage.meet(BEN)
    bens, annas = await later(stage.shop, BEN), await later(stage.shop, ANNA, "17:00")
    await want(stage, bens, BEN)
    await want(stage, annas, ANNA)
    await free(stage, first)
    message = next(each for each in stage.messages(BEN) if EARLIER in each.get("text", ""))
    take = unpack(str(stage.buttons(message["message_id"], BEN)["Take it"]))
    move = Move(
        moving=Moving(booking_id=bens, version=1),
        specialist_id=stage.shop.specialists["Alice"],
        start=at("12:00", 6),
    )
    assert (await stage.tap(move, BEN)).toast == "Moved!"
    late = await stage.tap(take, BEN, message["message_id"])
    assert late.toast == "This time is not kept for you any more."
    await settle(stage)
    assert [(who, state) for who, state, _ in await offers(stage.shop)][:2] == [
        (BEN, "withdrawn"),
        (ANNA, "open"),
    ]
    assert [each.outcome for each in await entries(stage.shop)] == ["moved", None]
    assert (await stage.tap(Cancel(booking_id=annas, version=1))).toast == "Cancelled."
    await settle(stage)
    assert [(who, state) for who, state, _ in await offers(stage.shop)][1] == (ANNA, "withdrawn")
    assert [each.outcome for each in await entries(stage.shop)] == ["moved", "cancelled"]
    await free(stage, second)
    assert all(status == "confirmed" for _, status, _ in await live(stage.shop))


async def test_a_worker_that_dies_and_two_who_tap_at_once_leave_one_visit(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    [booked] = await fill(stage, "10:00")
    await stage.meet(BEN)
    moving = await later(stage.shop, BEN)
    await want(stage, moving, BEN)
    await free(stage, booked)
    before = await live(stage.shop)
    message = next(each for each in stage.messages(BEN) if EARLIER in each.get("text", ""))["message_id"]
    take = unpack(str(stage.buttons(message, BEN)["Take it"]))
    with monkeypatch.context() as broken:
        broken.setattr("worker.visits.promises.promise_calendar", waiting.dies)
        with pytest.raises(RuntimeError, match="killed"):
            await stage.tap(take, BEN, message)
    assert await live(stage.shop) == before
    assert await offers(stage.shop) == [(BEN, "open", TEN)]
    taps = [await stage.tapped(take, BEN, message) for _ in range(2)]
    cancelling = stage.envelope(Cancel(booking_id=moving, version=1), BEN)
    await asyncio.gather(*(stage.run(each) for each in [*taps, cancelling]))
    await settle(stage)
    left = [(who, status) for who, status, _ in await live(stage.shop) if who != GUEST]
    assert left in ([(BEN, "confirmed")], [])
    assert await stage.shop.overlaps() == 0


async def test_what_cannot_be_earlier_says_so(stage: Stage) -> None:
    booking = await stage.book("10:00", 3)
    await stage.advance_to(at("09:56", 3))
    card = await stage.tap(ShowBooking(booking_id=booking))
    assert "Earlier?" not in stage.buttons(card.message)
    none = await stage.tap(AskEarlier(booking_id=booking))
    assert none.toast == "No time before it can be booked any more."
    stale = await stage.tap(WantEarlier(booking_id=booking, version=2, first_day=waiting.DAY))
    assert stale.toast == "This visit has changed since. Here is how it stands now."
    assert await entries(stage.shop) == []
