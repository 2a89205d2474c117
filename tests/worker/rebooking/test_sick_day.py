"""A sick day: who is hit is shown first, customers choose, those who watch see it, and it can be undone."""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from shared.buttons import unpack
from shared.contracts.absence import ShowTimeOff
from shared.contracts.base import DraftRef
from shared.contracts.booking import Book
from shared.contracts.editing import AnswerField
from shared.contracts.rebooking import ShowRebooking, TakeAlternative, UndoRebooking
from shared.contracts.sick import ApplyIll, SayIll
from shared.contracts.staff import ShowAgenda, ShowVisitHistory
from shared.contracts.waitlist import OfferFreed
from shared.failpoints import VARIABLE, Point, arm_failpoints
from tests.worker.approval.asking import ASKING, ask
from tests.worker.placement.visits import visit_at
from tests.worker.setup.test_setup import Chatter
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, BOB, CARLA, OWNER, Shop, at
from tests.worker.stage import CLAIM_OVER, Stage
from worker.alternatives.opening import is_hit
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.models.booking import Booking, Status
from worker.db.models.flows import Timer
from worker.db.models.people import Person
from worker.db.models.rebooking import Alternative
from worker.placement.placement import Booked

TOMORROW: Final = date(2026, 11, 23)
MOMENT: Final = timedelta(seconds=2)
TITLE: Final = "other times for customers"


async def holds(shop: Shop) -> list[Booking]:
    async with shop.sessions() as session:
        found = await session.scalars(
            select(Booking).where(Booking.status == Status.HELD).order_by(func.lower(Booking.during))
        )
        return list(found)


async def kept_for(shop: Shop, visit: int) -> list[int]:
    async with shop.sessions() as session:
        found = select(Alternative.hold_id).where(Alternative.booking_id == visit)
        return sorted(await session.scalars(found))


async def offered_to_the_line(shop: Shop) -> list[str]:
    """Return the stretches that are to be offered to whoever waits."""
    async with shop.sessions() as session:
        return list(await session.scalars(select(Timer.key).where(Timer.kind == OfferFreed.kind)))


async def ill(stage: Stage, person: int = ALICE, words: str = "tomorrow") -> Chatter:
    """Have somebody be ill, and their customers asked."""
    chatter = Chatter(stage, person)
    await chatter.send(SayIll(words=words))
    await chatter.press("Apply")
    await stage.advance(MOMENT)
    await stage.advance(MOMENT)
    return chatter


def card(stage: Stage, reader: int = ALICE) -> dict[str, Any]:
    """Return the one message that shows somebody how far it has come."""
    [found] = [each for each in stage.messages(reader) if TITLE in each.get("text", "")]
    return found


async def test_customers_choose_another_time_and_those_who_watch_see_it(stage: Stage) -> None:
    shop = stage.shop
    await Chatter(stage, OWNER).send(ShowAgenda())
    anna = await stage.book("10:00", days=1)
    await stage.book("14:00", days=1, person=BEN)
    alice = Chatter(stage, ALICE)
    assert "Alice is ill. On which day?" in await alice.send(SayIll())
    shown = await alice.press("Tomorrow")
    assert "Alice is ill: Mon, Nov 23" in shown
    assert "⚠️ 2 visits are hit:\n• 10:00–10:45 Cut, Anna" in shown
    assert "kept until 21:00." in shown, "twelve hours at most"
    assert await holds(shop) == []
    await alice.press("Apply")
    await stage.advance(MOMENT)

    offer = Chatter(stage, ANNA)
    assert "Alice cannot be there for your visit." in stage.texts(ANNA)[-1]
    message, _ = offer.found("Other times")
    buttons = [each for each in stage.buttons(message) if "·" in each]
    assert "Mon, Nov 23, 10:00 · Bob" in buttons, "the same time with somebody else"
    assert "Tue, Nov 24, 10:00 · Alice" in buttons, "the same specialist later"
    assert len(buttons) == 3
    assert len(await holds(shop)) == 6
    assert not isinstance(await shop.place(shop.wish("Cut", "Bob", "10:00", 1), CARLA), Booked)
    assert "Resolved 0 of 2." in card(stage)["text"]
    assert card(stage)["text"] == card(stage, OWNER)["text"], "those who manage see the same"

    _, take = offer.found("Mon, Nov 23, 10:00 · Bob")
    took = await stage.tap(unpack(take), ANNA, message)
    assert (took.toast, took.text.splitlines()[0]) == ("Moved!", "✅ Moved. See you then!")
    assert await kept_for(shop, anna) == []
    assert len(await holds(shop)) == 3, "the others are free again"
    assert len(await offered_to_the_line(shop)) == 3, "both others, and the time that the visit had"
    moved = await shop.booking(anna)
    assert (moved.specialist_id, moved.version, moved.waived) == (shop.specialists["Bob"], 2, False)
    assert await shop.overlaps() == 0
    await stage.advance(MOMENT)
    for reader in (ALICE, OWNER):
        shown = card(stage, reader)["text"]
        assert "Resolved 1 of 2." in shown
        assert "✅ Mon, Nov 23, 10:00 Cut, Anna → 10:00 (Bob)" in shown
    assert "Undo" not in stage.buttons(card(stage)["message_id"], ALICE)

    ben = Chatter(stage, BEN)
    await ben.walk("Cancel my visit", "Yes, cancel")
    await stage.advance(MOMENT)
    await stage.advance(MOMENT)
    assert "Resolved 2 of 2." in card(stage)["text"]
    assert "❌ Mon, Nov 23, 14:00 Cut, Anna: cancelled" in card(stage)["text"]
    assert await holds(shop) == []
    assert not [text for text in stage.texts(ALICE) if "Visit cancelled" in text], "the card says it"


async def test_who_does_not_answer_is_called_and_keeps_a_visit_that_stands_first(stage: Stage) -> None:
    shop = stage.shop
    visit = await stage.book("10:00", days=1)
    async with shop.sessions.begin() as session:
        (await session.get_one(Person, (shop.business_id, ANNA))).phone = "+4915112345678"
    await ill(stage)
    assert len(await holds(shop)) == 3
    await stage.advance(timedelta(hours=12))
    await stage.advance(MOMENT)
    assert await holds(shop) == []
    assert "The other times are no longer kept for you. We will call you." in stage.texts(ANNA)[-1]
    card = stage.texts(ALICE)[-1]
    assert "❗ Mon, Nov 23, 10:00 Cut, Anna: please call 📞 +4915112345678" in card
    [button] = [
        each for each in stage.buttons(stage.messages(ALICE)[-1]["message_id"], ALICE) if "📞" in each
    ]
    assert button == "📞 Mon, Nov 23, 10:00 · Cut · Anna"
    assert (await shop.booking(visit)).status == Status.CONFIRMED
    agenda = await Chatter(stage, ALICE).send(ShowAgenda(first=TOMORROW))
    assert "⚠️ Monday, November 23, 2026: nobody is there" in agenda
    await Chatter(stage, ANNA).press("Other times")
    assert "Mon 23, 09:00" in str(stage.messages(ANNA)[-1]), "with Bob; no deadline holds"
    reminders = await stage.states("booking.reminder")
    assert {state for _, state in reminders} == {"void"} or all(s != "sent" for _, s in reminders)


async def test_it_is_undone_while_nobody_has_chosen_and_customers_are_told(stage: Stage) -> None:
    shop = stage.shop
    visit = await stage.book("10:00", days=1)
    before = await shop.booking(visit)
    alice = await ill(stage)
    assert not isinstance(await shop.place(shop.wish("Cut", "Alice", "15:00", 1), BEN), Booked)
    kept = await kept_for(shop, visit)
    message, undo = alice.found("Undo")
    await alice.press("Undo")
    await stage.advance(MOMENT)
    assert await holds(shop) == []
    after = await shop.booking(visit)
    assert (after.version, after.status, after.waived) == (before.version, before.status, False)
    assert isinstance(await shop.place(shop.wish("Cut", "Alice", "15:00", 1), BEN), Booked)
    told = [text for text in stage.texts(ANNA) if "Alice will be there after all." in text]
    assert len(told) == 2, "the message that offered says so, and a new one"
    assert "Undone: the visits stand as they were." in card(stage)["text"]
    late = TakeAlternative(booking_id=visit, version=1, alternative_id=kept[0])
    assert (await stage.tap(late, ANNA)).toast == "This time is no longer kept for you."
    assert "cannot be undone" in str((await stage.tap(unpack(undo), ALICE, message)).toast)
    noted = (await stage.tap(ShowVisitHistory(booking_id=visit), ALICE)).text.splitlines()[-2:]
    assert [line.partition(", staff, in the chat: ")[2] for line in noted] == [
        "offered the customer other times: nobody is there",
        "took the offer of other times back",
    ]


async def test_who_has_no_telegram_or_cannot_be_written_to_is_listed_for_a_call_at_once(stage: Stage) -> None:
    shop = stage.shop
    async with shop.sessions.begin() as session:
        session.add(
            Person(
                business_id=shop.business_id, id=-5, first_name="Dora", phone="+4930123456", reachable=False
            )
        )
        (await session.get_one(Person, (shop.business_id, BEN))).reachable = False
    await shop.book(shop.wish("Cut", "Alice", "10:00", 1), -5)
    await shop.book(shop.wish("Cut", "Alice", "11:00", 1), BEN)
    blocked = await shop.book(shop.wish("Cut", "Alice", "12:00", 1), CARLA)
    await stage.telegram.post(f"/chats/{CARLA}/block")
    await ill(stage)
    await stage.advance(MOMENT)
    shown = card(stage)["text"]
    assert "❗ Mon, Nov 23, 10:00 Cut, Dora: please call 📞 +4930123456 (no Telegram)" in shown
    assert shown.count("please call") == 3
    assert await kept_for(shop, blocked) == []
    assert await holds(shop) == []


@pytest.mark.parametrize("status", Status)
def test_only_what_is_agreed_on_and_lies_ahead_is_hit(status: Status) -> None:
    visit = visit_at(at("10:00", 1), status=status)
    assert is_hit(visit, at("09:59", 1)) is (status is Status.CONFIRMED), "a request is answered or lapses"
    assert not is_hit(visit, at("10:00", 1))


async def test_two_taps_take_one_time_and_forged_ones_none(stage: Stage) -> None:
    shop = stage.shop
    visit = await stage.book("10:00", days=1)
    other = await stage.book("11:00", days=1, person=BEN)
    await ill(stage)
    first, second, _ = await kept_for(shop, visit)
    theirs = (await kept_for(shop, other))[0]
    take = TakeAlternative(booking_id=visit, version=1, alternative_id=first)
    assert "no such visit" in str((await stage.tap(take, BEN)).toast)
    assert (await stage.tap(take.model_copy(update={"alternative_id": theirs}))).alert
    assert (await stage.tap(take)).toast == "Moved!"
    again = await stage.tap(take.model_copy(update={"alternative_id": second}))
    assert (again.alert, again.toast) == (True, "This visit has changed since. Here is how it stands now.")
    assert (await shop.booking(visit)).version == 2
    for person in (ANNA, BOB):
        undo = await stage.tap(UndoRebooking(rebooking_id=1), person)
        assert undo.toast == "This is not there any more." or "people who work here" in undo.text
    assert "Resolved 1 of 2." in (await stage.tap(ShowRebooking(rebooking_id=1), ADMIN)).text
    ref = DraftRef(id=2**62, version=1)
    assert "already" in str((await stage.tap(ApplyIll(proposal=ref), ADMIN)).toast)


@pytest.mark.parametrize("words", ["yesterday", "1.1.2020", "x" * 300])
async def test_what_is_no_day_is_asked_again(stage: Stage, words: str) -> None:
    said = await Chatter(stage, ADMIN).send(SayIll(words=words, specialist_id=stage.shop.specialists["Bob"]))
    assert "On which day?" in said
    assert "not understood" in said or "over" in said


async def test_who_manages_says_for_whom_and_what_changed_meanwhile_is_shown_first(stage: Stage) -> None:
    await Chatter(stage, BOB).send(ShowAgenda())
    boss = Chatter(stage, ADMIN)
    assert "Who is ill?" in await boss.send(SayIll(words="tomorrow"))
    assert "No booked visit is hit." in await boss.press("Bob")
    await stage.book("10:00", days=1, specialist="Bob")
    shown = await boss.press("Apply")
    assert shown.startswith("Nothing was applied:")
    assert "• 10:00–10:45 Cut, Anna" in shown
    await boss.press("Apply")
    await stage.advance(MOMENT)
    for reader in (BOB, ADMIN):
        assert card(stage, reader)["text"].startswith(f"Bob: {TITLE}")
    assert stage.texts(OWNER) == []
    assert isinstance(stage.booking("10:00"), Book)
    assert at("10:00", 1).date() == TOMORROW


async def test_a_day_that_is_closed_already_changes_nothing(stage: Stage) -> None:
    alice = Chatter(stage, ALICE)
    assert "No booked visit is hit." in await alice.send(SayIll(words="tomorrow"))
    await alice.press("Apply")
    assert await alice.send(SayIll(words="tomorrow")) == "That changes nothing: it is so already."
    assert "Apply" not in stage.buttons(stage.messages(ALICE)[-1]["message_id"], ALICE)


async def test_time_off_and_other_hours_offer_others_too(stage: Stage) -> None:
    shop, alice, owner = stage.shop, Chatter(stage, ALICE), Chatter(stage, OWNER)
    await stage.book("10:00", days=1)
    await stage.book("17:00", days=2, person=BEN)
    await alice.send(ShowTimeOff())
    await alice.walk("Tomorrow", "Part of the day", "10:00", "11:00", "Offer other times")
    await stage.advance(MOMENT)
    offer = stage.buttons(stage.messages(ANNA)[-1]["message_id"])
    assert "Mon, Nov 23, 09:00 · Alice" in offer, "the rest of the day, too"
    assert "Resolved 0 of 1." in card(stage)["text"]
    await Chatter(stage, ANNA).press("Mon, Nov 23, 09:00 · Alice")
    await owner.send(
        AnswerField(
            section="specialists",
            number=shop.specialists["Alice"],
            field="hours",
            member="1",
            detail="minutes",
            value="09:00-17:00",
        )
    )
    assert "outside the new hours" in await owner.press("Done")
    await owner.press("Offer other times")
    [done] = [text for text in stage.texts(OWNER) if text.startswith("Done.")]
    assert "nobody is told" not in done
    await stage.advance(MOMENT)
    assert "Alice cannot be there for your visit." in stage.texts(BEN)[-1]
    assert [each for each in stage.texts(OWNER) if each.startswith(f"Alice: {TITLE}")]
    assert await shop.overlaps() == 0


async def test_who_could_be_offered_nothing_is_not_said_to_be(stage: Stage) -> None:
    shop, alice = stage.shop, Chatter(stage, ALICE)
    await apply_document(shop.sessions, read_document(ASKING, "business.yaml"), shop.clock)
    await ask(stage, days=1)
    await alice.send(ShowTimeOff())
    assert "It stays booked, and nobody is told" in await alice.walk("Tomorrow", "Day off")
    message, data = alice.found("Offer other times")
    applied = await stage.tap(unpack(data), ALICE, message)
    assert applied.toast == (
        "Applied. Nobody is offered other times: requests wait for their answer, and what has begun stays."
    )
    assert "1 visit is booked for which nobody is there:" in applied.text
    assert [text for text in stage.texts(ANNA) if "cannot be there" in text] == []


@pytest.mark.parametrize("point", [Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEFORE_SEND])
async def test_workers_that_die_on_the_way_keep_every_time_once_and_tell_everybody_once(
    stage: Stage, point: Point
) -> None:
    shop, guests = stage.shop, await stage.shop.crowd(12)
    await stage.meet(*guests)
    clocks = [f"{9 + number * 45 // 60}:{number * 45 % 60:02}" for number in range(12)]
    visits = [
        await shop.book(shop.wish("Steam", "Alice", clock, 1), guest)
        for clock, guest in zip(clocks, guests, strict=True)
    ]
    alice = Chatter(stage, ALICE)
    await alice.send(SayIll(words="tomorrow"))
    await alice.press("Apply")
    for _ in range(3):
        arm_failpoints({VARIABLE: f"{point}=error:1"}, "http://127.0.0.1")
        await stage.advance(MOMENT)
        arm_failpoints({VARIABLE: f"{point}=error:0"}, "http://127.0.0.1")
        await stage.advance(CLAIM_OVER)
    await stage.advance(CLAIM_OVER)
    kept = [await kept_for(shop, visit) for visit in visits]
    assert all(1 <= len(each) <= 3 for each in kept)
    assert sorted(hold for each in kept for hold in each) == sorted(hold.id for hold in await holds(shop))
    assert await shop.overlaps() == 0
    for guest in guests:
        assert sum("cannot be there" in text for text in stage.texts(guest)) == 1
    assert "Resolved 0 of 12." in card(stage)["text"]
