"""Friends who book places of a group together: all who have joined are booked at once, or nobody is."""

import asyncio
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.cancelling import Cancel
from shared.contracts.gathering import BookGathering, LeaveGathering
from shared.envelope import NOBODY
from tests.kit.promises import TimerSet
from tests.worker.gathering.company import DAN, HALF_AN_HOUR, OVER, Company
from tests.worker.shop import ALICE, ANNA, BEN, CARLA, at
from tests.worker.waitlist.waiting import settle
from worker.db.models.booking import BookingEvent, Status
from worker.placement.placement import Booked


async def test_when_the_last_has_joined_all_are_booked_with_one_word_to_the_staff(company: Company) -> None:
    stage, shop = company.stage, company.stage.shop
    await company.change(price=Range(12.5, 12.5, bounds="[]"), cancel_until=120)
    asked = await company.ask()
    assert "If neither happens in time, nobody is booked." in asked.text
    assert [each for each in company.buttons(ANNA, asked.message) if each.isdigit()] == ["2", "3", "4"]
    begun = await company.press(asked.message, "3")
    company.card = begun.message
    assert begun.toast == "The places are kept. Send the link to your friends."
    assert await company.places() == [(NOBODY, "gathering"), (NOBODY, "gathering"), (ANNA, "gathering")]
    assert "1 of 3 joined: Anna" in company.seen(ANNA)
    assert "or when you book for them" in company.seen(ANNA)
    assert company.share().startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2F")
    told = await company.open(BEN)
    for words in ("Anna invites you", "Yoga", "€12.50", "10:00–11:00", "1 of 3", "until 09:30", "Anna sees"):
        assert words in told
    assert "until Wed, Nov 25, 08:00" in told
    assert (await company.join(BEN)).toast == "You have joined."
    assert "2 of 3 joined: Anna, Ben" in company.seen(ANNA)
    assert "You come along with Anna" in company.seen(BEN)
    assert "or when Anna waits for nobody else" in company.seen(BEN)
    assert "2 of 3 joined." in company.seen(BEN)
    assert "Booked" not in "".join(stage.texts(ALICE))
    assert (await company.join(CARLA)).toast == "Booked!"
    people = (ANNA, BEN, CARLA)
    assert await company.places() == [(each, Status.CONFIRMED) for each in people]
    for person in people:
        assert "You are booked together." in company.seen(person)
        assert "✅ Booked. See you then!" in stage.texts(person)[-2]
        assert "€12.50" in stage.texts(person)[-2]
        assert len(stage.calendars(person)) == 1
    [told] = [each for each in stage.texts(ALICE) if "Booked together" in each]
    assert "Yoga, Anna" in told
    assert "With: Ben, Carla" in told
    async with shop.sessions() as session:
        events = (await session.scalars(select(BookingEvent).order_by(BookingEvent.id))).all()
    assert [(each.kind, each.actor_id) for each in events] == [("booked", person) for person in people]
    assert [state for _, state in await stage.states("booking.reminder")] == ["pending"] * 6
    assert await company.states() == ["booked"]


async def test_afterwards_each_visit_lives_alone(company: Company) -> None:
    stage = company.stage
    await company.begin(2)
    await company.join(BEN)
    visit = next(each for each in await stage.shop.live() if each.customer_id == BEN)
    cancelled = await stage.tap(Cancel(booking_id=visit.id, version=visit.version), BEN)
    assert cancelled.toast == "Cancelled."
    assert await company.places() == [(ANNA, Status.CONFIRMED)]
    late = await company.stage.tap(LeaveGathering(gathering_id=1), ANNA)
    assert late.toast == "This booking together is over."
    assert await company.places() == [(ANNA, Status.CONFIRMED)]


async def test_of_two_who_join_the_last_place_at_once_one_wins_and_the_other_reads_it(
    company: Company,
) -> None:
    await company.begin(2)
    await company.open(BEN)
    await company.open(CARLA)
    taps = [
        await company.stage.tapped(company.join_command(each), each, company.messages[each])
        for each in (BEN, CARLA)
    ]
    await asyncio.gather(*map(company.stage.run, taps))
    await settle(company.stage)
    toasts = [company.stage.answer(each).toast for each in taps]
    assert sorted(map(str, toasts)) == ["All places are taken.", "Booked!"]
    assert len(await company.places()) == 2
    assert await company.stage.shop.overlaps() == 0


async def test_who_opens_the_link_twice_has_one_place(company: Company) -> None:
    await company.begin(3)
    await company.open(DAN)
    await company.join(BEN)
    assert "You come along with Anna" in await company.open(BEN)
    assert "Booking together" in await company.stage.type(company.link(), ANNA)
    assert await company.places() == [(NOBODY, "gathering"), (ANNA, "gathering"), (BEN, "gathering")]
    await company.press(company.card, "Book for the 2 who have joined")
    late = await company.press(company.messages[DAN], "Join", DAN)
    assert late.toast == "All places are taken."
    assert "You can still book by yourself" in late.text


async def test_at_the_deadline_all_is_let_go_and_everybody_is_told_once_with_other_times(
    company: Company,
) -> None:
    stage = company.stage
    await company.begin(4)
    await company.join(BEN)
    await company.open(DAN)
    yoga = stage.shop.wish("Yoga", "Alice", "10:00")
    assert not isinstance(await stage.shop.place(yoga, CARLA), Booked)
    stage.shop.clock.advance(HALF_AN_HOUR)
    assert isinstance(await stage.shop.place(yoga, CARLA), Booked), "no timer has run"
    await settle(stage)
    assert await company.places() == [(CARLA, Status.CONFIRMED)]
    assert await company.states() == ["lapsed"]
    for person in (ANNA, BEN):
        assert OVER in company.seen(person)
        told = [each for each in stage.messages(person) if OVER in each.get("text", "")][-1]
        assert int(told["message_id"]) not in {company.card, company.messages.get(person)}
        labels = list(company.buttons(person, int(told["message_id"])))
        assert "Other times" in labels
        assert len(labels) == 5
        assert sum(OVER in each for each in stage.texts(person)) == 2
    assert OVER not in "".join(stage.texts(CARLA))
    await stage.advance(HALF_AN_HOUR)
    assert sum(OVER in each for each in stage.texts(BEN)) == 2
    assert "Booked together" not in "".join(stage.texts(ALICE))
    closed = await company.press(company.messages[DAN], "Join", DAN)
    assert closed.toast == "This booking together is over."
    assert OVER in closed.text


async def test_the_places_are_kept_no_longer_than_the_notice_and_not_at_all_where_it_is_near(
    company: Company,
) -> None:
    stage = company.stage
    await company.change(min_notice=60)
    await stage.advance_to(at("08:40"))
    await company.begin(2)
    assert "until 09:00" in company.seen(ANNA)
    await company.press(company.card, "Call it off")
    await stage.advance(timedelta(minutes=16))
    near = await company.begin(2)
    assert near.toast == "It begins too soon for friends to join. Please book for yourself."
    assert await company.states() == ["called_off"]
    assert await company.places() == [(ANNA, "summary")]


async def test_who_leaves_is_free_and_their_place_is_anothers(company: Company) -> None:
    stage = company.stage
    await company.begin(3)
    await company.join(BEN)
    left = await company.press(company.messages[BEN], "Leave", BEN)
    assert left.toast == "You have left."
    assert "Nothing is booked for you" in left.text
    assert await company.places() == [(NOBODY, "gathering"), (NOBODY, "gathering"), (ANNA, "gathering")]
    assert "1 of 3 joined: Anna" in company.seen(ANNA)
    again = await stage.tap(LeaveGathering(gathering_id=1), BEN)
    assert again.toast == "This booking together is not yours, or you have left it."
    await company.join(CARLA)
    assert (await company.join(BEN)).toast == "Booked!"
    assert await company.places() == [(each, Status.CONFIRMED) for each in (ANNA, BEN, CARLA)]


async def test_the_organizer_books_for_those_who_have_joined_and_the_rest_is_offered_to_others(
    company: Company,
) -> None:
    stage = company.stage
    await company.begin(4)
    assert not [each for each in company.buttons(ANNA, company.card) if each.startswith("Book for")]
    await company.join(BEN)
    stale = BookGathering(gathering_id=1, joined=2)
    await company.join(CARLA)
    refused = await stage.tap(stale)
    assert refused.toast == "Somebody has joined or left meanwhile. Please look again."
    assert (await stage.tap(BookGathering(gathering_id=1, joined=3), BEN)).toast == (
        "This booking together is not yours, or you have left it."
    )
    async with stage.promising(TimerSet(kind="waitlist.offer_freed"), of="waitlist."):
        await stage.tap(BookGathering(gathering_id=1, joined=3))
    await settle(stage)
    assert await company.places() == [(each, Status.CONFIRMED) for each in (ANNA, BEN, CARLA)]
    assert "You are booked together." in company.seen(CARLA)


async def test_what_is_called_off_is_told_to_the_others_with_the_next_free_times(company: Company) -> None:
    stage = company.stage
    await company.begin(3)
    await company.join(BEN)
    off = await company.press(company.card, "Call it off")
    assert off.toast == "Called off."
    assert "Anna has called it off: nobody is booked." in off.text
    assert "Anna has called it off" in company.seen(BEN)
    told = stage.messages(BEN)[-1]
    assert "Anna has called it off: nobody is booked." in told["text"]
    assert "Other times" in company.buttons(BEN, int(told["message_id"]))
    assert sum("called it off" in each for each in stage.texts(ANNA)) == 1
    assert await company.places() == []
    assert await company.states() == ["called_off"]
