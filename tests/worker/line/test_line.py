"""The staff look at who waits, offer a time by hand, and take somebody off the line."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.line import (
    AskOffer,
    AskRemoval,
    OfferTime,
    RemoveWish,
    RemoveWithWord,
    ShowLine,
    ShowWaiting,
)
from shared.contracts.menu import ShowHome
from shared.contracts.staff import ShowVisitHistory
from tests.kit.promises import Message, TimerSet
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, BOB, CARLA, at
from tests.worker.stage import Stage
from tests.worker.waitlist.waiting import (
    answer,
    entries,
    fill,
    join,
    live,
    offers,
    open_for,
    open_offer,
    settle,
)
from worker.db.models.booking import BookingEvent
from worker.db.models.waitlist import WaitlistOffer
from worker.outbox.message import Chat

TEN, ELEVEN = at("10:00"), at("11:00")


async def opens(stage: Stage, *clocks: str) -> None:
    """Let Alice be free just then on the day, before the staff."""
    await open_for(stage.shop, *clocks)
    await come(stage)


async def come(stage: Stage) -> None:
    """Let the staff be here, and tell customers apart by name."""
    stage.names |= {BEN: "Ben", CARLA: "Carla"}
    await stage.meet(ALICE, BOB, ADMIN)
    for person in (ALICE, BOB, ADMIN):
        await stage.type(ShowHome(), person)


def offer(stage: Stage, entry: int, clock: str = "10:00") -> OfferTime:
    return OfferTime(entry_id=entry, specialist_id=stage.shop.specialists["Alice"], start=at(clock))


async def line_of(stage: Stage, person: int) -> dict[str, str | None]:
    """Let one of the staff look at the line; return the buttons."""
    await stage.type(ShowLine(), person)
    return stage.buttons(int(stage.messages(person)[-1]["message_id"]), person)


def behind(buttons: dict[str, str | None], words: str) -> Command:
    [found] = [data for label, data in buttons.items() if words in label]
    return unpack(str(found))


async def test_each_of_the_staff_sees_who_waits_for_their_calendar(stage: Stage) -> None:
    await opens(stage, "10:00")
    assert "Nobody waits." in await stage.type(ShowLine(), ADMIN)
    [annas] = await join(stage, ANNA)
    [bens] = await join(stage, BEN, specialist=None)
    shown = await stage.type(ShowLine(), ADMIN)
    assert "Anna: Cut, Alice\n🔔 Wed, Nov 25\nPlace 1 in line, since Sun, Nov 22" in shown
    assert "Ben: Cut, anyone who is free\n🔔 Wed, Nov 25\nPlace 2 in line" in shown
    assert behind(await line_of(stage, ALICE), "Anna") == ShowWaiting(entry_id=annas)
    bobs = await line_of(stage, BOB)
    assert behind(bobs, "Ben") == ShowWaiting(entry_id=bens)
    assert not [label for label in bobs if "Anna" in label]
    assert (await stage.tap(ShowWaiting(entry_id=annas), BOB)).toast == (
        "Nobody waits for that in your calendar."
    )
    strange = await stage.tap(offer(stage, bens), BOB)
    assert strange.toast == "You can offer times of your own calendar."
    assert await offers(stage.shop) == []


async def test_a_time_that_fits_is_offered_as_the_line_would(stage: Stage) -> None:
    await opens(stage, "10:00", "11:00")
    [first, second] = await join(stage, ANNA, BEN)
    card = await stage.tap(ShowWaiting(entry_id=second), ALICE)
    assert "Ben" in card.text
    assert "These times would fit:" in card.text
    ask = behind(stage.buttons(card.message, ALICE), "Wed, Nov 25, 10:00")
    assert ask == AskOffer(**offer(stage, second).model_dump(exclude={"kind"}))
    asked = await stage.tap(ask, ALICE)
    assert "It is kept for them until 11:01." in asked.text
    command = behind(stage.buttons(asked.message, ALICE), "Offer this time")
    async with stage.promising(
        Message(kind="waitlist.offer", to=Chat(BEN)),
        TimerSet(kind="waitlist.lapse"),
    ):
        done = await stage.tap(command, ALICE)
    assert done.toast == "Offered."
    assert "A time is kept for them until 11:01." in done.text
    assert await live(stage.shop) == [(BEN, "held", TEN)]
    async with stage.shop.sessions() as session:
        assert (await session.scalars(select(WaitlistOffer.by_staff))).all() == [True]
    assert (await answer(stage, BEN)).toast == "Booked!"
    await history_says(stage, (await stage.shop.visits())[0].id, ALICE)
    assert [each.outcome for each in await entries(stage.shop)] == [None, "taken"]
    assert "Place 1 in line" in (await stage.tap(ShowWaiting(entry_id=first), ALICE)).text


async def history_says(stage: Stage, visit: int, who: int) -> None:
    """Look into the history of a visit for who offered its time."""
    async with stage.shop.sessions() as session:
        noted = select(BookingEvent.actor_id).where(BookingEvent.kind == "offered")
        assert (await session.scalars(noted)).all() == [who]
    shown = await stage.tap(ShowVisitHistory(booking_id=visit), who)
    assert "staff, in the chat: offered the customer Wed, Nov 25, 10:00, which had come free" in shown.text


async def test_what_was_declined_goes_to_the_first_in_line(stage: Stage) -> None:
    await opens(stage, "10:00")
    [_, second] = await join(stage, ANNA, BEN)
    await stage.tap(offer(stage, second), ADMIN)
    await answer(stage, BEN, "No, thanks")
    assert await offers(stage.shop) == [(BEN, "declined", TEN), (ANNA, "open", TEN)]
    again = await stage.tap(offer(stage, second), ADMIN)
    assert again.toast == "This time is not free any more."
    assert "offered Wed, Nov 25, 10:00: declined" in await stage.type(ShowLine(), ADMIN)


async def test_nobody_is_offered_two_at_once_nor_the_same_twice(stage: Stage) -> None:
    await opens(stage, "10:00", "11:00")
    [entry] = await join(stage, ANNA)
    await stage.tap(offer(stage, entry), ALICE)
    second = await stage.tap(offer(stage, entry, "11:00"), ADMIN)
    assert second.toast == "A time is offered to them already."
    await answer(stage, ANNA, "No, thanks")
    twice = await stage.tap(offer(stage, entry), ADMIN)
    assert twice.toast == "That was offered to them before."
    card = await stage.tap(ShowWaiting(entry_id=entry), ALICE)
    assert not [label for label in stage.buttons(card.message, ALICE) if "10:00" in label]
    assert [state for _, state, _ in await offers(stage.shop)] == ["declined"]


async def test_who_has_another_visit_then_or_booked_meanwhile_is_not_offered_it(stage: Stage) -> None:
    await opens(stage, "10:00", "11:00")
    [annas, bens] = await join(stage, ANNA, BEN)
    await stage.shop.book(stage.shop.wish("Cut", "Bob", "10:00"), ANNA)
    await stage.shop.book(stage.shop.wish("Cut", "Alice", "11:00"), CARLA)
    busy = await stage.tap(offer(stage, annas), ALICE)
    assert busy.toast == "They have another visit then."
    gone = await stage.tap(offer(stage, bens, "11:00"), ALICE)
    assert gone.toast == "This time is not free any more."
    await stage.book("10:00", person=BEN)
    has_it = await stage.tap(offer(stage, bens), ALICE)
    assert has_it.toast == "They have booked such a visit meanwhile."
    assert await offers(stage.shop) == []


async def test_of_two_who_offer_one_time_at_once_the_first_is_heard(stage: Stage) -> None:
    await opens(stage, "10:00")
    [annas, bens] = await join(stage, ANNA, BEN)
    both = [
        await stage.tapped(offer(stage, annas), ALICE),
        await stage.tapped(offer(stage, bens), ADMIN),
    ]
    await asyncio.gather(*map(stage.run, both))
    toasts = sorted(str(stage.answer(each).toast) for each in both)
    assert toasts == ["Offered.", "This time is not free any more."]
    assert [state for _, state, _ in await offers(stage.shop)] == ["open"]
    assert len(await live(stage.shop)) == 1


async def test_of_one_person_offered_twice_at_once_one_offer_stands(stage: Stage) -> None:
    await opens(stage, "10:00", "11:00")
    [entry] = await join(stage, ANNA)
    both = [
        await stage.tapped(offer(stage, entry), ALICE),
        await stage.tapped(offer(stage, entry, "11:00"), ADMIN),
    ]
    await asyncio.gather(*map(stage.run, both))
    toasts = sorted(str(stage.answer(each).toast) for each in both)
    assert toasts == ["A time is offered to them already.", "Offered."]
    assert len(await live(stage.shop)) == 1


async def test_at_night_they_are_told_in_the_morning_and_too_late_is_too_late(stage: Stage) -> None:
    await opens(stage, "10:00")
    [entry] = await join(stage, ANNA)
    await stage.advance_to(at("23:00", 2))
    asked = await stage.tap(AskOffer(**offer(stage, entry).model_dump(exclude={"kind"})), ALICE)
    assert "They are told in the morning: Wed, Nov 25, 08:00." in asked.text
    await stage.advance_to(at("09:57"))
    late = await stage.tap(offer(stage, entry), ALICE)
    assert late.toast == "It is too late to ask anybody about this time."
    assert await live(stage.shop) == []


async def test_who_is_taken_off_the_line_reads_why(stage: Stage) -> None:
    await opens(stage, "10:00")
    [entry] = await join(stage, ANNA)
    await stage.tap(offer(stage, entry), ALICE)
    offered = await open_offer(stage, ANNA)
    question = await stage.tap(AskRemoval(entry_id=entry), ALICE)
    assert "Removed" not in question.text
    async with stage.promising(Message(kind="line.removed", to=Chat(ANNA)), of="line."):
        await stage.type(RemoveWithWord(entry_id=entry, word="We are closed then."), ALICE)
    await settle(stage)
    told = next(each for each in reversed(stage.texts()) if "not in line any more" in each)
    assert told.endswith("Barber & Co has ended your wish:\nCut, Wed, Nov 25\n💬 We are closed then.")
    assert "your wish has ended" in stage.text(ANNA, offered.message)
    assert await live(stage.shop) == []
    assert [each.outcome for each in await entries(stage.shop)] == ["removed"]
    again = await stage.tap(RemoveWish(entry_id=entry), ADMIN)
    assert again.toast == "Nobody waits for that in your calendar."


async def test_a_page_holds_a_few_and_leads_to_the_others(stage: Stage) -> None:
    await fill(stage, "10:00")
    await stage.meet(ADMIN)
    people = await stage.shop.crowd(8)
    stage.names |= {person: f"Guest {person}" for person in people}
    await join(stage, *people)
    stage.shop.clock.advance(timedelta(minutes=1))
    first = await line_of(stage, ADMIN)
    assert len([label for label in first if "Guest" in label]) == 6
    rest = await stage.tap(behind(first, "›"), ADMIN)
    assert len([label for label in stage.buttons(rest.message, ADMIN) if "Guest" in label]) == 2
    assert behind(stage.buttons(rest.message, ADMIN), "‹") == ShowLine()
