"""What keeps friends from booking together: who they are, what has changed meanwhile, whose link it is."""

import pytest
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.gathering import JoinGathering, ShowGathering, ShowJoined
from shared.contracts.own_visits import ShowBookings
from shared.envelope import NOBODY
from tests.worker.gathering.company import A_MINUTE, DAN, HALF_AN_HOUR, OVER, Company
from tests.worker.shop import ANNA, BEN, CARLA, at
from tests.worker.waitlist.waiting import dies, settle
from worker.db.models.booking import Status
from worker.gathering import promises
from worker.people.repository import set_blocked
from worker.privacy.repository import erase, export
from worker.together.repository import remove_gatherings


async def test_who_is_elsewhere_blocked_or_has_enough_ahead_cannot_join(company: Company) -> None:
    shop = company.stage.shop
    await company.begin(2)
    await company.open(BEN)
    elsewhere = await shop.book(shop.wish("Cut", "Bob", "10:15"), BEN)
    met = await company.press(company.messages[BEN], "Join", BEN)
    assert met.toast == "You have another visit at that time."
    await shop.set_status(elsewhere, "cancelled")
    for days in range(4, 9):
        await shop.book(shop.wish("Cut", "Bob", "10:15", days), BEN)
    assert "You have 5 visits ahead" in str((await company.press(company.messages[BEN], "Join", BEN)).toast)
    await company.open(CARLA)
    async with shop.sessions.begin() as session:
        await set_blocked(session, CARLA, shop.clock.now())
    blocked = await company.press(company.messages[CARLA], "Join", CARLA)
    assert "Please call us" in str(blocked.toast)
    assert (NOBODY, "gathering") in await company.places()
    await company.open(DAN)
    booked = await shop.book(shop.wish("Yoga", "Alice", "10:00"), DAN)
    assert (await company.press(company.messages[DAN], "Join", DAN)).toast == "Booked already."
    await shop.set_status(booked, "cancelled")
    assert (await company.join(DAN)).toast == "Booked!"


async def test_what_one_has_joined_counts_as_a_visit_and_stands_in_the_way_of_others(
    company: Company,
) -> None:
    stage, shop = company.stage, company.stage.shop
    await company.begin(3)
    await company.join(BEN)
    again = await company.choose(person=BEN)
    assert again.toast == (
        "You have joined a booking together at that time. Leave it first, or wait for what comes of it."
    )
    for days in range(4, 8):
        await shop.book(shop.wish("Cut", "Bob", "10:15", days), BEN)
    refused = await stage.tap(stage.booking("10:15", 9, specialist="Bob"), BEN)
    assert "You have 5 visits ahead" in str(refused.toast)
    begun = await company.ask("12:00")
    assert begun.toast == "You have a booking together under way: it is under “My bookings”."
    await stage.tap(ShowBookings())
    listed = next(
        label for label in company.buttons(ANNA, stage.messages()[-1]["message_id"]) if "👥" in label
    )
    assert listed == "👥 Wed, Nov 25, 10:00 · Yoga"
    shown = await stage.tap(ShowJoined(gathering_id=1))
    await settle(stage)
    assert "The link for your friends" in stage.text(ANNA, shown.message)
    for _ in range(2):
        await stage.advance(HALF_AN_HOUR)
        await company.begin(2, "12:00")
    await stage.advance(HALF_AN_HOUR)
    often = await company.ask("12:00")
    assert often.toast == "You have kept places for friends often today. Please call us to book."


async def test_of_who_is_blocked_meanwhile_the_place_is_free_and_an_organizers_end_ends_it(
    company: Company,
) -> None:
    shop = company.stage.shop
    await company.begin(3)
    await company.join(BEN)
    async with shop.sessions.begin() as session:
        await set_blocked(session, BEN, shop.clock.now())
    assert (await company.join(CARLA)).toast == "You have joined."
    assert "2 of 3 joined: Anna, Carla" in company.seen(ANNA)
    await company.open(DAN)
    async with shop.sessions.begin() as session:
        await set_blocked(session, ANNA, shop.clock.now())
    await company.press(company.messages[DAN], "Join", DAN)
    assert "Anna has called it off: nobody is booked." in company.seen(CARLA)
    assert await company.places() == []


async def test_who_is_erased_leaves_and_with_the_organizer_it_ends(company: Company) -> None:
    stage, shop = company.stage, company.stage.shop
    await company.begin(3)
    await company.join(BEN)
    async with shop.sessions() as session:
        assert [each["place"] for each in (await export(session, BEN))["joined"]] == [2]
        assert len((await export(session, ANNA))["gathered"]) == 1
    async with shop.sessions.begin() as session:
        await erase(session, BEN, shop.clock.now())
    assert (await company.join(CARLA)).toast == "You have joined."
    assert "2 of 3 joined: Anna, Carla" in company.seen(ANNA)
    async with shop.sessions.begin() as session:
        await erase(session, ANNA, shop.clock.now())
    await settle(stage)
    assert "nobody is booked" in stage.texts(CARLA)[-1]
    assert "Anna" not in stage.texts(CARLA)[-1]
    assert await company.places() == []
    async with shop.sessions.begin() as session:
        assert await remove_gatherings(session, shop.clock.now() + A_MINUTE, 10) == 1


async def test_where_the_specialist_is_away_by_then_nobody_is_booked(company: Company) -> None:
    stage, _shop = company.stage, company.stage.shop
    await company.begin(2)
    await company.open(BEN)
    await company.close_on(at("10:00").date())
    refused = await company.press(company.messages[BEN], "Join", BEN)
    assert refused.toast is not None
    assert await company.places() == [(NOBODY, "gathering"), (ANNA, "gathering")]
    await stage.advance(HALF_AN_HOUR)
    assert OVER in stage.texts()[-1]


async def test_who_is_booked_for_after_a_sick_day_reads_that_it_cannot_be(company: Company) -> None:
    stage, _shop = company.stage, company.stage.shop
    await company.begin(3)
    await company.join(BEN)
    await company.close_on(at("10:00").date())
    await company.press(company.card, "Book for the 2 who have joined")
    assert "The time cannot be booked any more: nobody is booked." in company.seen(ANNA)
    assert "The time cannot be booked any more: nobody is booked." in stage.texts(BEN)[-1]
    assert await company.states() == ["impossible"]
    assert await company.places() == []


async def test_while_the_shop_has_paused_nobody_joins_or_is_booked(company: Company) -> None:
    stage, _shop = company.stage, company.stage.shop
    await company.begin(3)
    await company.join(BEN)
    await company.open(CARLA)
    await company.pause(paused=True)
    for person, message, label in (
        (CARLA, company.messages[CARLA], "Join"),
        (ANNA, company.card, "Book for the 2 who have joined"),
    ):
        assert "We take no bookings here" in str((await company.press(message, label, person)).toast)
    await stage.advance(HALF_AN_HOUR)
    assert await company.places() == []
    assert await company.states() == ["lapsed"]


@pytest.mark.parametrize("asks", [{"approval": True}, {"deposit": "5"}])
async def test_what_is_paid_or_agreed_on_first_is_not_booked_together(
    company: Company, asks: dict[str, object]
) -> None:
    asked = await company.ask()
    await company.change(**asks)
    refused = await company.press(asked.message, "2")
    assert "This cannot be booked together" in str(refused.toast)
    assert await company.states() == []


async def test_a_price_that_has_changed_is_shown_before_anybody_is_held_to_it(company: Company) -> None:
    await company.change(price=Range(10, 10, bounds="[]"))
    await company.begin(2)
    await company.open(BEN)
    await company.change(price=Range(20, 20, bounds="[]"))
    changed = await company.press(company.messages[BEN], "Join", BEN)
    assert changed.toast == "The price has changed since you looked. Is it all right now?"
    assert "€20" in changed.text
    assert await company.places() == [(NOBODY, "gathering"), (ANNA, "gathering")]
    assert (await company.press(company.messages[BEN], "Join", BEN)).toast == "Booked!"


async def test_a_worker_that_is_killed_while_it_books_all_books_nobody(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    await company.begin(2)
    await company.open(BEN)
    with monkeypatch.context() as killed:
        killed.setattr(promises, "of_booking", dies)
        with pytest.raises(RuntimeError):
            await company.press(company.messages[BEN], "Join", BEN)
    assert await company.places() == [(NOBODY, "gathering"), (ANNA, "gathering")]
    assert (await company.join(BEN)).toast == "Booked!"
    assert await company.places() == [(ANNA, Status.CONFIRMED), (BEN, Status.CONFIRMED)]


async def test_a_link_that_was_guessed_leads_nowhere(company: Company) -> None:
    await company.begin(2)
    forged = ShowGathering(number=1, code="A" * 22)
    assert await company.stage.type(forged, BEN) == "This invitation is over. Ask your friend for a new one."
    tapped = await company.stage.tap(JoinGathering(number=1, code="A" * 22), BEN)
    assert "This invitation is over." in tapped.text
