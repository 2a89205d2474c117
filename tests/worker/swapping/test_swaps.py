"""Asking for a time that somebody has, agreeing or not: both visits are exchanged, or neither."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import Move, Moving
from shared.contracts.cancelling import Cancel
from shared.contracts.earlier import AskEarlier, WantEarlier
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.contracts.swapping import AcceptSwap, RequestSwap, ShowSwaps, WithdrawSwap
from tests.worker.placement.visits import visit_at
from tests.worker.shop import ALICE, ANNA, BEN, CARLA, Shop, at
from tests.worker.stage import Answer, Stage
from tests.worker.waitlist.waiting import dies, settle
from worker.db.models.booking import Booking, BookingEvent, Status
from worker.db.models.catalogue import Business, Service
from worker.db.models.swapping import Swap
from worker.privacy import repository as privacy
from worker.swapping.rules import fits
from worker.visits.repository import load

TEN, FOUR = at("10:00"), at("16:00", 5)
WOULD = "Somebody would like to swap times with you"


@dataclass(frozen=True)
class Pair:
    """Two visits of two customers with the same specialist."""

    stage: Stage
    annas: int
    bens: int

    async def ask(self) -> Answer:
        """Walk from the card to the question, and let it be sent."""
        stage = self.stage
        asked = await stage.tap(AskEarlier(booking_id=self.annas))
        days = await stage.tap(self.button(asked, "Swap with somebody"), message=asked.message)
        clocks = await stage.tap(self.button(days, "Wed, Nov 25"), message=days.message)
        found = await stage.tap(self.button(clocks, "10:00"), message=clocks.message)
        await settle(stage)
        return found

    def button(self, shown: Answer, label: str, person: int = ANNA) -> Command:
        return unpack(str(self.stage.buttons(shown.message, person)[label]))

    def question(self) -> tuple[int, str]:
        """Return the newest question to Ben."""
        found = next(each for each in reversed(self.stage.messages(BEN)) if WOULD in each.get("text", ""))
        return int(found["message_id"]), found["text"]

    async def answer(self, label: str) -> Answer:
        number, _ = self.question()
        command = unpack(str(self.stage.buttons(number, BEN)[label]))
        found = await self.stage.tap(command, BEN, number)
        await settle(self.stage)
        return found

    async def answer_stale(self) -> Answer:
        """Tap the first question's 'Yes, swap' once more."""
        async with self.stage.shop.sessions() as session:
            own = Swap.business_id == self.stage.shop.business_id
            number = (await session.scalars(select(Swap.id).where(own).order_by(Swap.id))).first()
        return await self.stage.tap(AcceptSwap(swap_id=number or 0), BEN)

    async def starts(self) -> tuple[datetime | None, datetime | None]:
        annas, bens = [await self.stage.shop.booking(each) for each in (self.annas, self.bens)]
        return annas.during.lower, bens.during.lower

    async def states(self) -> list[str]:
        async with self.stage.shop.sessions() as session:
            own = Swap.business_id == self.stage.shop.business_id
            return list(await session.scalars(select(Swap.state).where(own).order_by(Swap.id)))


@pytest.fixture
async def pair(stage: Stage) -> Pair:
    await stage.meet(BEN, CARLA, ALICE)
    await stage.type(ShowHome(), BEN)
    await stage.type(ShowHome(), ALICE)
    bens = await stage.book("10:00", person=BEN)
    return Pair(stage, await stage.book("16:00", 5), bens)


@given(st.sampled_from(Status), st.booleans(), st.integers(-60, 60))
def test_a_visit_fits_while_it_stands_when_it_was(status: Status, waived: bool, minutes: int) -> None:  # noqa: FBT001
    now = at("09:00")
    visit = visit_at(at("10:00"), status=status, waived=waived)
    stands = status is Status.CONFIRMED and not waived
    assert fits(visit, at("10:00"), now + timedelta(minutes=minutes)) == (stands and minutes < 60)
    assert not fits(visit, at("10:15"), now)


async def test_who_agrees_swaps_and_neither_learns_with_whom(pair: Pair) -> None:
    stage = pair.stage
    [anna_before, ben_before] = [await stage.shop.booking(each) for each in (pair.annas, pair.bens)]
    await stage.tap(WantEarlier(booking_id=pair.annas, version=1, first_day=TEN.date()))
    card = await stage.tap(ShowSwaps(booking_id=pair.annas))
    assert set(stage.buttons(card.message)) == {"Wed, Nov 25", "« Back"}
    asked = await pair.ask()
    assert asked.toast == "Asked. You will be told the answer."
    assert (
        "You asked for: Wed, Nov 25, 10:00\n↩️ Can be moved or cancelled until Tue, Nov 24, 10:00"
        in asked.text
    )
    assert "can answer until 11:00. Until then" in asked.text
    assert "You asked for" in (await stage.tap(ShowSwaps(booking_id=pair.annas))).text
    _, text = pair.question()
    assert "Your time: Wed, Nov 25, 10:00" in text
    assert "Their time: Fri, Nov 27, 16:00\n↩️ Can be moved or cancelled until Thu, Nov 26, 16:00" in text
    assert "Please answer by 11:00." in text
    assert "Anna" not in text
    assert (await stage.tap(AcceptSwap(swap_id=10**9), CARLA)).toast == "You were not asked this."
    swapped = await pair.answer("Yes, swap")
    assert swapped.toast == "Swapped!"
    assert "You have swapped times with somebody." in swapped.text
    assert "Fri, Nov 27, 16:00" in swapped.text
    assert await pair.starts() == (TEN, FOUR)
    told = next(each for each in reversed(stage.texts()) if "You have swapped times" in each)
    assert "Wed, Nov 25, 10:00" in told
    assert "Before: Fri, Nov 27, 16:00" in told
    await promised_for_the_new_times(pair, anna_before, ben_before)
    assert sum("Visit moved" in each for each in stage.texts(ALICE)) == 2
    again = await pair.answer_stale()
    assert again.toast == "This question is settled already."
    assert await pair.starts() == (TEN, FOUR)
    async with stage.shop.sessions() as session:
        for person in (ANNA, BEN):
            [swap] = (await privacy.export(session, person))["swaps"]
            assert not {ANNA, BEN} & set(swap.values())


async def promised_for_the_new_times(pair: Pair, *before: Booking) -> None:
    shop = pair.stage.shop
    for was in before:
        now = await shop.booking(was.id)
        assert (now.version, now.moved, now.status) == (was.version + 1, True, "confirmed")
        async with shop.sessions() as session:
            await session.execute(update(Service).where(Service.business_id == 1).values(max_moves=1))
            visit = await load(session, was.id)
            event = (
                await session.scalars(
                    select(BookingEvent)
                    .where(BookingEvent.business_id == 1, BookingEvent.booking_id == was.id)
                    .order_by(BookingEvent.id)
                )
            ).all()[-1]
        assert visit is not None
        assert (visit.moves_left, visit.explainable, visit.wants_earlier, visit.in_swap) == (1, *[False] * 3)
        assert (event.kind, event.actor_id) == ("moved", was.customer_id)
    reminders = [each for each in await pair.stage.outbox("booking.reminder") if each.state == "pending"]
    due = {(each.chat_id, each.due_at) for each in reminders}
    assert due == {
        (who, start - length)
        for who, start in ((ANNA, TEN), (BEN, FOUR))
        for length in (timedelta(days=1), timedelta(hours=2))
    }
    assert await shop.overlaps() == 0


async def test_what_cannot_be_swapped_offers_no_swap_nor_does_a_business_that_wants_none(pair: Pair) -> None:
    """Of a group a place is free or not for everybody; who asks by an old button reads that it cannot be."""
    stage = pair.stage
    group = await stage.book("12:00", 5, service="Yoga")
    asked = await stage.tap(AskEarlier(booking_id=group))
    assert "Would you like to come earlier?" in asked.text
    assert "Swap with somebody" not in stage.buttons(asked.message)
    refused = await stage.tap(ShowSwaps(booking_id=group))
    assert refused.toast == "This visit cannot be swapped for another time."
    await pair.ask()
    for name in ("earlier", "swaps"):
        card = await stage.tap(ShowBooking(booking_id=pair.annas))
        offered = "Earlier?" if name == "earlier" else "Swap with somebody"
        assert offered in stage.buttons(card.message)
        async with stage.shop.sessions.begin() as session:
            own = update(Business).where(Business.id == stage.shop.business_id)
            await session.execute(own.values({name: False}))
    card = await stage.tap(ShowBooking(booking_id=pair.annas))
    assert not {"Earlier?", "Swap with somebody"} & {*stage.buttons(card.message)}
    assert (await stage.tap(AskEarlier(booking_id=pair.annas))).toast == "Not offered any more."
    assert "not possible any more" in (await pair.answer("Yes, swap")).text
    async with stage.shop.sessions.begin() as session:
        own = update(Business).where(Business.id == stage.shop.business_id)
        await session.execute(own.values(earlier=True, swaps=True))


async def test_who_says_no_or_nothing_keeps_their_time_and_is_not_asked_again(pair: Pair) -> None:
    stage = pair.stage
    await pair.ask()
    assert (await pair.answer("No, thanks")).text == "You have kept your time."
    told = stage.texts()[-1]
    assert "Wed, Nov 25, 10:00 could not be swapped." in told
    assert "Your visit stays as it is: Fri, Nov 27, 16:00" in told
    none = await stage.tap(ShowSwaps(booking_id=pair.annas))
    assert "Nobody has a time just now" in none.text
    carlas = await stage.book("17:00", 5, person=CARLA)
    request = RequestSwap(booking_id=carlas, version=1, start=TEN)
    assert (await stage.tap(request, CARLA)).toast == "Asked. You will be told the answer."
    await settle(stage)
    number, _ = pair.question()
    await stage.advance(timedelta(hours=3))
    await settle(stage)
    assert stage.text(BEN, number) == "The time to answer is over. You have kept your time."
    assert "could not be swapped" in stage.texts(CARLA)[-1]
    assert await pair.states() == ["declined", "lapsed"]
    another = await stage.shop.book(stage.shop.wish("Cut", "Alice", "12:00", 6), ANNA)
    tired = await stage.tap(RequestSwap(booking_id=another, version=1, start=TEN))
    assert tired.toast == "This time cannot be swapped any more."
    assert await pair.starts() == (FOUR, TEN)


async def test_what_has_changed_meanwhile_is_not_swapped_and_nothing_is_lost(pair: Pair) -> None:
    stage = pair.stage
    await pair.ask()
    taken_back = await stage.tap(WithdrawSwap(booking_id=pair.annas))
    assert taken_back.toast == "Taken back."
    await settle(stage)
    assert "not possible any more" in stage.texts(BEN)[-1]
    later = Move(
        moving=Moving(booking_id=pair.annas, version=1),
        specialist_id=stage.shop.specialists["Alice"],
        start=at("12:00", 6),
    )
    carlas = await stage.book("17:00", 5, person=CARLA)
    await stage.tap(RequestSwap(booking_id=carlas, version=1, start=TEN), CARLA)
    await settle(stage)
    number, _ = pair.question()
    yes = unpack(str(stage.buttons(number, BEN)["Yes, swap"]))
    cancelled = await stage.tap(Cancel(booking_id=carlas, version=1), CARLA)
    assert cancelled.toast == "Cancelled."
    over = await stage.tap(yes, BEN, number)
    assert "This swap is not possible any more." in over.text
    await settle(stage)
    assert (await stage.tap(later)).toast == "Moved!"
    assert await pair.states() == ["withdrawn", "withdrawn"]
    assert await pair.starts() == (at("12:00", 6), TEN)


@pytest.mark.parametrize("clock", ["10:00", "10:15"])
async def test_who_is_elsewhere_then_by_now_gets_no_second_visit_by_a_swap(pair: Pair, clock: str) -> None:
    """The same visit at the same start, or one that shares a part of the time."""
    await pair.ask()
    await pair.stage.book(clock, specialist="Bob")
    over = await pair.answer("Yes, swap")
    assert "This swap is not possible any more." in over.text
    assert await pair.states() == ["withdrawn"]
    assert await pair.starts() == (FOUR, TEN)


async def test_killed_in_the_middle_or_tapped_at_once_both_are_exchanged_or_neither(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = pair.stage
    await pair.ask()
    number, _ = pair.question()
    yes = unpack(str(stage.buttons(number, BEN)["Yes, swap"]))
    for broken in ("worker.swapping.promises.promise_copies", "worker.exchanging.exchange.come_back"):
        with monkeypatch.context() as dying:
            dying.setattr(broken, dies)
            with pytest.raises(Exception):  # noqa: B017, PT011 - whatever kills it
                await stage.tap(yes, BEN, number)
        assert await pair.starts() == (FOUR, TEN)
        assert await pair.states() == ["open"]
    taps = [await stage.tapped(yes, BEN, number) for _ in range(2)]
    others = [
        stage.envelope(Cancel(booking_id=pair.annas, version=1), ANNA),
        stage.envelope(stage.booking("10:00"), CARLA),
        stage.envelope(stage.booking("16:00", 5), CARLA),
    ]
    await asyncio.gather(*(stage.run(each) for each in [*taps, *others]))
    await settle(stage)
    annas, bens = [await stage.shop.booking(each) for each in (pair.annas, pair.bens)]
    if annas.status == "confirmed":
        assert await pair.starts() == (TEN, FOUR)
    assert bens.status == "confirmed"
    assert {annas.during.lower, bens.during.lower} == {TEN, FOUR}
    assert await stage.shop.overlaps() == 0


async def test_only_times_that_could_be_swapped_are_shown(pair: Pair) -> None:
    stage, shop = pair.stage, pair.stage.shop
    await shop.book(shop.wish("Cut", "Bob", "16:00", 5), CARLA)
    await shop.book(shop.wish("Cut", "Bob", "09:00", 4), CARLA)
    carlas = await shop.book(shop.wish("Cut", "Alice", "09:00", 4), await stranger(shop))
    elsewhere = await shop.book(shop.wish("Cut", "Alice", "11:00", 4), CARLA)
    shown = await stage.tap(ShowSwaps(booking_id=pair.annas))
    assert set(stage.buttons(shown.message)) == {"Wed, Nov 25", "Thu, Nov 26", "« Back"}
    day = await stage.tap(pair.button(shown, "Thu, Nov 26"), message=shown.message)
    assert set(stage.buttons(day.message)) == {"09:00", "« Back"}, (carlas, elsewhere)
    assert (await stage.tap(ShowSwaps(booking_id=pair.annas), BEN)).toast == "You have no such visit."
    stale = await stage.tap(RequestSwap(booking_id=pair.annas, version=2, start=TEN))
    assert stale.toast == "This visit has changed since. Here is how it stands now."
    for booking, start in ((pair.annas, TEN), (elsewhere, at("09:00", 4))):
        person = ANNA if booking == pair.annas else CARLA
        await stage.tap(RequestSwap(booking_id=booking, version=1, start=start), person)
    assert await pair.states() == ["open"]


async def stranger(shop: Shop) -> int:
    [person] = await shop.crowd(1)
    return person
