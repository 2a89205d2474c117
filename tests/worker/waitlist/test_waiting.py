"""The waitlist in the chat: wishing, standing in line, being offered what frees up, taking it or not."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from shared.buttons import unpack
from shared.contracts.booking import Book, LeaveSummary, ShowDay, ShowSummary
from shared.contracts.cancelling import Cancel
from shared.contracts.own_visits import ShowBookings
from shared.contracts.people import SetReachable
from shared.contracts.waitlist import (
    ChangeWish,
    DeclineOffer,
    EndWish,
    JoinWaitlist,
    KeepWish,
    OfferFreed,
    ShowWish,
    TakeOffer,
)
from tests.kit.promises import Message, TimerSet
from tests.worker.shop import ALICE, ANNA, BEN, CARLA, at
from tests.worker.stage import Stage
from tests.worker.waitlist import waiting
from tests.worker.waitlist.waiting import (
    answer,
    entries,
    fill,
    free,
    join,
    live,
    offers,
    open_for,
    open_offer,
    settle,
    wish_for,
)
from worker.db.models.catalogue import ScheduleException, Service
from worker.db.models.waitlist import WaitlistEntry
from worker.outbox.message import Chat
from worker.waitlist.rules import MOST_WISHES

TELL_ME = "Tell me if a place frees up"
TEN = at("10:00")


async def wish_text(stage: Stage, entry: int, person: int = ANNA) -> str:
    return (await stage.tap(ShowWish(entry_id=entry), person)).text


async def test_on_a_full_day_one_wishes_in_a_tap_and_stands_in_line(stage: Stage) -> None:
    await fill(stage, "10:00")
    asked = wish_for(stage.shop)
    shown = await stage.tap(
        ShowDay(service_id=asked.service_id, specialist_id=asked.specialist_id, day=waiting.DAY)
    )
    assert shown.toast == "Fully booked"
    command = unpack(str(stage.buttons(shown.message)[TELL_ME]))
    assert command == asked
    [bens] = await join(stage, BEN)
    joined = await stage.tap(command, message=shown.message)
    assert "You are 2nd in line." in joined.text
    assert "Nothing has freed up yet." in joined.text
    again = await stage.tap(command)
    assert again.toast == "You are in line for this already."
    assert [each.customer_id for each in await entries(stage.shop)] == [BEN, ANNA]
    listed = await stage.tap(ShowBookings())
    assert "🔔 Wed, Nov 25 · Cut" in stage.buttons(listed.message)
    strange = await stage.tap(ShowWish(entry_id=bens))
    assert strange.toast == "You have no such wish, or it has ended."


async def test_a_service_without_any_time_is_wished_for_as_a_whole(stage: Stage) -> None:
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(Service).where(Service.business_id == 1).values(horizon=24 * 60))
    await open_for(stage.shop, "08:00", days=0)  # that is over
    await open_for(stage.shop, days=1)
    steam = {"service_id": stage.shop.services["Steam"], "specialist_id": stage.shop.specialists["Alice"]}
    try:
        shown = await stage.tap(waiting.soonest(**steam))
        command = unpack(str(stage.buttons(shown.message)[TELL_ME]))
    finally:
        async with stage.shop.sessions.begin() as session:
            await session.execute(
                update(Service).where(Service.business_id == 1).values(horizon=60 * 24 * 60)
            )
    assert isinstance(command, JoinWaitlist)
    assert (command.last_day - command.first_day).days == 1


async def test_what_frees_up_goes_down_the_line_until_somebody_takes_it(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    first, second, third = await join(stage, ANNA, BEN, CARLA)
    await free(stage, booked)
    assert await offers(stage.shop) == [(ANNA, "open", TEN)]
    assert await live(stage.shop) == [(ANNA, "held", TEN)]
    offered = (await open_offer(stage, ANNA)).text
    assert "It is kept for you until 11:01." in offered
    assert "↩️ Can be moved or cancelled until Tue, Nov 24, 10:00" in offered
    assert "A time is kept for you until 11:01" in await wish_text(stage, first)
    assert "offered to somebody before you" in await wish_text(stage, second, BEN)
    passed_on = await answer(stage, ANNA, "No, thanks")
    assert passed_on.text == "You have passed this time on. Your wish stands."
    assert "did not take it" in await wish_text(stage, first)
    lapsing = await open_offer(stage, BEN)
    await stage.advance(timedelta(hours=3))
    await settle(stage)
    assert stage.text(BEN, lapsing.message) == "This time is not kept for you any more. Your wish stands."
    assert [state for _, state, _ in await offers(stage.shop)] == ["declined", "lapsed", "open"]
    taken = await answer(stage, CARLA)
    assert taken.toast == "Booked!"
    assert taken.text.startswith("✅ Booked. See you then!")
    assert await live(stage.shop) == [(CARLA, "confirmed", TEN)]
    ended = {each.id: each.outcome for each in await entries(stage.shop)}
    assert ended == {first: None, second: None, third: "taken"}


async def test_taking_it_promises_what_a_booking_does_and_takes_effect_once(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA)
    await free(stage, booked)
    offered = await open_offer(stage, ANNA)
    async with stage.promising(
        Message(kind="booking.card", to=Chat(ANNA)),
        Message(kind="booking.calendar", to=Chat(ANNA)),
        Message(kind="booking.reminder", due=TEN - timedelta(days=1)),
        Message(kind="booking.reminder", due=TEN - timedelta(hours=2)),
        TimerSet(kind="visits.complete", due=at("10:45", 4)),
    ):
        await stage.tap(offered.command("Take it"), message=offered.message)
    again = await stage.tap(offered.command("Take it"), message=offered.message)
    assert again.toast == "You have taken it already."
    declined = await stage.tap(offered.command("No, thanks"))
    assert declined.toast == "You have taken it already."
    assert await live(stage.shop) == [(ANNA, "confirmed", TEN)]


@pytest.mark.parametrize("label", ["Take it", "No, thanks"])
async def test_an_offer_is_its_own_persons_alone(stage: Stage, label: str) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA)
    await free(stage, booked)
    command = (await open_offer(stage, ANNA)).command(label)
    await stage.meet(BEN)
    strange = await stage.tap(command, BEN)
    assert strange.toast == "This was not offered to you."
    unknown = await stage.tap(command.model_copy(update={"offer_id": 10**9}), BEN)
    assert unknown.toast == "This was not offered to you."
    assert await live(stage.shop) == [(ANNA, "held", TEN)]


async def test_pretix_681_and_1031_nothing_is_offered_when_it_cannot_be_booked_any_more(
    stage: Stage,
) -> None:
    """Vouchers for the waiting list were sent after the sale had closed, and after the event had begun."""
    [booked] = await fill(stage, "09:10", days=0)
    [entry] = await join(stage, ANNA, days=0)
    await stage.advance_to(at("09:06", 0))
    visit = await stage.shop.booking(booked)
    assert visit.during.lower is not None
    stage.shop.clock.advance(timedelta(seconds=1))
    command = OfferFreed(specialist_id=visit.specialist_id, start=at("09:10", 0), end=at("09:55", 0))
    await stage.shop.set_status(booked, "cancelled")
    await waiting.run_timer(stage, command)
    assert await offers(stage.shop) == []
    assert "too late to ask you" in await wish_text(stage, entry)
    await waiting.run_timer(stage, command.model_copy(update={"end": at("09:00", 0)}))
    assert await offers(stage.shop) == []


async def test_pretix_1163_and_1405_cancelling_what_came_of_an_offer_begins_anew_and_revives_nothing(
    stage: Stage,
) -> None:
    """The voucher became valid again and blocked the place, which nobody else was offered."""
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA, BEN)
    await free(stage, booked)
    offered = await open_offer(stage, ANNA)
    await answer(stage, ANNA)
    [visit] = await stage.shop.live()
    await free(stage, visit.id)
    assert [(who, state) for who, state, _ in await offers(stage.shop)] == [(ANNA, "taken"), (BEN, "open")]
    assert await live(stage.shop) == [(BEN, "held", TEN)]
    assert [each.outcome for each in await entries(stage.shop)] == ["taken", None]
    stale = await stage.tap(offered.command("Take it"), message=offered.message)
    assert "Cancelled" in stale.text
    assert await live(stage.shop) == [(BEN, "held", TEN)]


async def test_pretix_1238_as_many_are_asked_as_places_are_free(stage: Stage) -> None:
    """Sixty vouchers were sent at once where a number that blocked places was taken away."""
    people = await stage.shop.crowd(4)
    await stage.meet(*people)
    await open_for(stage.shop, "10:00", "10:15")
    yoga = stage.shop.wish("Yoga", "Alice", "10:00")
    booked = [await stage.shop.book(yoga, person) for person in people]
    await join(stage, ANNA, BEN, CARLA, service="Yoga")
    for booking in booked[:2]:
        await stage.tap(Cancel(booking_id=booking, version=1), people[booked.index(booking)])
    await settle(stage)
    asked = [(ANNA, "open", TEN), (BEN, "open", TEN)]
    assert await offers(stage.shop) == asked
    alice = stage.shop.specialists["Alice"]
    await waiting.run_timer(stage, OfferFreed(specialist_id=alice, start=TEN, end=at("11:00")))
    assert await offers(stage.shop) == asked


async def test_indico_6550_a_changed_wish_decides_nothing_again_that_is_decided(stage: Stage) -> None:
    """Who edited a series had its past and its cancelled occurrences decided anew."""
    [booked] = await fill(stage, "10:00")
    first, second = await join(stage, ANNA, BEN)
    await free(stage, booked)
    await answer(stage, ANNA, "No, thanks")
    wider = ChangeWish(entry_id=first, first_day=waiting.DAY, last_day=at("10:00", 5).date())
    widened = await stage.tap(wider)
    assert "Nov 25\u2009–\u200927" in widened.text
    assert "You are 2nd in line." in widened.text
    await answer(stage, BEN, "No, thanks")
    assert [(who, state) for who, state, _ in await offers(stage.shop)] == [
        (ANNA, "declined"),
        (BEN, "declined"),
    ]
    narrower = ChangeWish(entry_id=second, first_day=waiting.DAY, last_day=waiting.DAY, part=1)
    assert "You are 1st in line." in (await stage.tap(narrower, BEN)).text


async def test_librebooking_1220_what_is_offered_is_taken_for_everybody_on_every_way(stage: Stage) -> None:
    """What the page refused, another way in let through."""
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA)
    await free(stage, booked)
    await stage.meet(BEN, ALICE)
    refused = await stage.tap(stage.booking("10:00"), BEN)
    assert "has just been taken" in str(refused.toast)
    command = stage.booking("10:00", specialist=None)
    by_staff = await stage.tap(
        Book(**{**command.model_dump(), "specialist_id": stage.shop.specialists["Alice"]}), ALICE
    )
    assert "has just been taken" in str(by_staff.toast)
    assert (await answer(stage, ANNA)).toast == "Booked!"


async def test_nobody_is_woken_and_the_deadline_waits_for_the_morning(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA)
    await stage.advance_to(at("23:00", 1))
    async with stage.promising(
        Message(kind="waitlist.offer", to=Chat(ANNA), due=at("08:00", 2), expires=at("10:00", 2)),
        TimerSet(kind="waitlist.lapse", due=at("10:00", 2)),
    ):
        await free(stage, booked)
    assert await live(stage.shop) == [(ANNA, "held", TEN)]
    await stage.advance_to(at("08:00", 2))
    assert "It is kept for you until 10:00." in (await open_offer(stage, ANNA)).text


async def test_who_is_booked_then_has_too_many_or_is_out_of_reach_is_passed_over(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await open_for(stage.shop, "10:00", specialist="Bob")
    await stage.shop.book(stage.shop.wish("Cut", "Bob", "10:00"), BEN)
    for day in range(6, 11):
        await stage.shop.book(stage.shop.wish("Cut", "Bob", "12:00", day), CARLA)
    people = await stage.shop.crowd(2)
    first, second, _ = await join(stage, BEN, CARLA, *people[:1])
    await join(stage, people[1])
    await stage.type(SetReachable(reachable=False), people[0])
    await free(stage, booked)
    assert await offers(stage.shop) == [(people[1], "open", TEN)]
    assert "you have another visit then" in await wish_text(stage, first, BEN)
    assert "no more visits to book" in await wish_text(stage, second, CARLA)


async def test_who_blocks_the_bot_keeps_nobody_waiting(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA, BEN)
    await stage.telegram.post(f"/chats/{ANNA}/block")
    await free(stage, booked)
    assert [(who, state) for who, state, _ in await offers(stage.shop)] == [(ANNA, "lapsed"), (BEN, "open")]


async def test_one_person_is_offered_one_time_at_a_time(stage: Stage) -> None:
    bookings = await fill(stage, "10:00", "12:00")
    await join(stage, ANNA, BEN)
    for booking in bookings:
        await free(stage, booking)
    assert await offers(stage.shop) == [(ANNA, "open", TEN), (BEN, "open", at("12:00"))]
    await answer(stage, BEN, "No, thanks")
    assert len(await offers(stage.shop)) == 2
    await answer(stage, ANNA, "No, thanks")
    asked = [(who, start) for who, _, start in await offers(stage.shop)]
    assert asked == [(ANNA, TEN), (BEN, at("12:00")), (BEN, TEN)]


async def test_what_is_offered_stays_kept_for_who_only_looks_at_its_summary(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA)
    await free(stage, booked)
    await stage.meet(BEN)
    asked = stage.booking("10:00").model_dump(include={"service_id", "specialist_id", "start"})
    summary = await stage.tap(ShowSummary(**asked))
    assert "Confirm" in stage.buttons(summary.message)
    await stage.tap(LeaveSummary(**asked), message=summary.message)
    assert await live(stage.shop) == [(ANNA, "held", TEN)]
    assert "has just been taken" in str((await stage.tap(stage.booking("10:00"), BEN)).toast)
    assert (await answer(stage, ANNA)).toast == "Booked!"


async def test_an_offer_is_settled_by_booking_it_or_what_overlaps_it_by_another_way(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA, BEN)
    await free(stage, booked)
    offered = await open_offer(stage, ANNA)
    await stage.book("10:00")
    await settle(stage)
    assert "You have taken this time." in stage.text(ANNA, offered.message)
    assert await offers(stage.shop) == [(ANNA, "taken", TEN)]

    visit = (await stage.newest()).id
    await stage.shop.set_status(visit, "cancelled")
    alice = stage.shop.specialists["Alice"]
    await waiting.run_timer(stage, OfferFreed(specialist_id=alice, start=TEN, end=at("10:45")))
    to_ben = await open_offer(stage, BEN)
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(ScheduleException).values(minutes=[Range(600, 720)]))
    assert (await stage.tap(stage.booking("10:15"), BEN)).toast == "Booked!"
    await settle(stage)
    assert "This time is not kept for you any more." in stage.text(BEN, to_ben.message)
    assert await offers(stage.shop) == [(ANNA, "taken", TEN), (BEN, "lapsed", TEN)]


async def test_who_books_it_otherwise_is_left_alone_unless_they_say_to_keep_the_wish(stage: Stage) -> None:
    bookings = await fill(stage, "10:00", "12:00")
    [entry] = await join(stage, ANNA)
    await stage.shop.set_status(bookings[1], "cancelled")
    await stage.book("12:00")
    assert "You have booked it meanwhile" in await wish_text(stage, entry)
    await free(stage, bookings[0])
    assert await offers(stage.shop) == []
    kept = await stage.tap(KeepWish(entry_id=entry))
    assert "Nothing has freed up yet." in kept.text
    alice = stage.shop.specialists["Alice"]
    await waiting.run_timer(stage, OfferFreed(specialist_id=alice, start=TEN, end=at("10:45")))
    assert await offers(stage.shop) == [(ANNA, "open", TEN)]


async def test_who_ends_a_wish_passes_on_what_is_offered_of_it(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    first, _ = await join(stage, ANNA, BEN)
    await free(stage, booked)
    offered = await open_offer(stage, ANNA)
    ended = await stage.tap(EndWish(entry_id=first))
    await settle(stage)
    assert ended.toast == "Your wish has ended."
    assert "your wish has ended" in stage.text(ANNA, offered.message)
    assert [(who, state) for who, state, _ in await offers(stage.shop)] == [
        (ANNA, "withdrawn"),
        (BEN, "open"),
    ]
    stale = await stage.tap(offered.command("Take it"), message=offered.message)
    assert stale.toast == "This time is not kept for you any more."
    assert (await stage.tap(EndWish(entry_id=first))).toast == "You have no such wish, or it has ended."


async def test_a_round_that_fails_in_the_middle_is_made_once_by_the_next_try(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA, BEN)
    with monkeypatch.context() as broken:
        broken.setattr("worker.offers.promises.of_offer", waiting.dies)
        await free(stage, booked)
        assert await offers(stage.shop) == []
        assert await live(stage.shop) == []
        assert (stage.parts.registry.get_sample_value("bellhop_timers_faults_total") or 0) >= 1
    await stage.advance(timedelta(minutes=10))
    await settle(stage)
    assert [(who, state) for who, state, _ in await offers(stage.shop)] == [(ANNA, "open")]


async def test_what_nobody_can_wish_for_is_said(stage: Stage) -> None:
    asked = wish_for(stage.shop)
    past = asked.model_copy(update={"first_day": at("10:00", -2).date(), "last_day": at("10:00", -1).date()})
    assert (await stage.tap(past)).toast == "That day has passed"
    nobodys = asked.model_copy(update={"specialist_id": 10**6})
    assert (await stage.tap(nobodys)).toast == "Not offered any more."
    backwards = asked.model_copy(update={"last_day": at("10:00", -1).date()})
    assert (await stage.tap(backwards)).toast == "That day has passed"
    assert await entries(stage.shop) == []
    first, now = asked.first_day, stage.shop.clock.now()
    own = {"business_id": stage.shop.business_id, "customer_id": ANNA, "service_id": asked.service_id}
    times = [{"first_day": first + timedelta(days=number)} for number in range(1, MOST_WISHES + 1)]
    async with stage.shop.sessions.begin() as session:
        session.add_all(
            WaitlistEntry(**own, **each, last_day=each["first_day"], made_at=now, ranked_at=now)
            for each in times
        )
    full = await stage.tap(asked)
    assert full.toast == "You have many wishes already: end one of them first."
    assert isinstance(TakeOffer(offer_id=1), TakeOffer)
    assert (await stage.tap(DeclineOffer(offer_id=1))).toast == "This was not offered to you."
