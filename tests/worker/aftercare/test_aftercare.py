"""After a visit: how it was, once, and times to come again; nothing after one that was missed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from shared.contracts.aftercare import AskRatingWords, Rate, ShowRatings
from shared.contracts.chat import Say
from shared.contracts.menu import ShowHome
from shared.contracts.preferences import SetAfterVisits
from shared.contracts.staff import MarkNoShow, ShowStaffCard
from tests.worker.shop import ADMIN, ALICE, BEN, OWNER, at
from tests.worker.stage import Stage
from worker.db.models.catalogue import Business, Service

DAY = timedelta(days=1)
WORDS = "Great <b>cut</b>!"


@asynccontextmanager
async def wanting(stage: Stage, ratings: str = "specialist", again: int | None = None) -> AsyncIterator[None]:
    """Let the business want something after visits; the tests share it."""
    await _want(stage, ratings, again)
    yield
    await _want(stage, "specialist", None)


async def _want(stage: Stage, ratings: str, again: int | None) -> None:
    async with stage.shop.sessions.begin() as session:
        here = stage.shop.business_id
        await session.execute(update(Business).where(Business.id == here).values(ratings=ratings))
        of_here = update(Service).where(Service.business_id == here)
        await session.execute(of_here.values(again_after=again))


async def been(stage: Stage, *people: int) -> int:
    """Let Anna have been here, a day ago; these people work here and have the bot."""
    await stage.meet(*people)
    for person in people:
        await stage.type(ShowHome(), person)
    booking = await stage.book("10:00", days=1)
    await stage.advance_to(at("10:45", 2))
    await stage.advance(timedelta(seconds=1))
    return booking


def asked(stage: Stage, what: str = "How was it?") -> list[str]:
    return [text for text in stage.texts() if what in text]


@pytest.mark.parametrize(("ratings", "reader"), [("specialist", ALICE), ("owner", ADMIN)])
async def test_a_customer_says_once_how_it_was_and_who_is_to_read_it_does(
    stage: Stage, ratings: str, reader: int
) -> None:
    async with wanting(stage, ratings):
        booking = await been(stage, reader, OWNER, BEN)
        assert len(asked(stage)) == 1
        refused = await stage.tap(Rate(booking_id=booking, stars=6))
        assert refused.alert
        answer = await stage.tap(Rate(booking_id=booking, stars=4))
        assert (answer.toast, "★★★★☆" in answer.text) == ("Thank you!", True)
        assert (
            await stage.tap(Rate(booking_id=booking, stars=1))
        ).toast == "You have told us already. Thank you!"
        await stage.tap(AskRatingWords(booking_id=booking))
        await stage.run(stage.envelope(Say(text=WORDS)))
        assert "💬 Great <b>cut</b>!" in "\n".join(stage.texts())
        await stage.advance(timedelta(minutes=6))
        [told] = [text for text in stage.texts(reader) if "A visit was rated" in text]
        assert "★★★★☆ 4 of 5\n💬 Great <b>cut</b>!" in told
        card = (await stage.tap(ShowStaffCard(booking_id=booking), reader)).text
        assert "★★★★☆ 4 of 5" in card
        page = await stage.type(ShowRatings(), OWNER)
        assert "Alice: 4.0 of 5 (1)" in page
        assert WORDS in page
        assert await stage.type(ShowRatings()) == "This is for administrators."
        assert (await stage.tap(Rate(booking_id=booking, stars=1), BEN)).alert
        await stage.advance(10 * DAY)
        assert len(asked(stage)) == 1


async def test_nobody_is_asked_who_missed_it_or_wants_no_such_messages(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    missed = await stage.book("10:00", days=1)
    await stage.advance_to(at("10:30", 1))
    await stage.tap(MarkNoShow(booking_id=missed, version=1), ALICE)
    await stage.book("12:00", days=2)
    await stage.advance_to(at("10:46", 2))
    assert asked(stage) == []
    assert (await stage.tap(Rate(booking_id=missed, stars=5))).alert
    await stage.tap(SetAfterVisits(on=False))
    await stage.advance_to(at("12:46", 3))
    await stage.advance(timedelta(minutes=1))
    assert asked(stage) == []


@pytest.mark.parametrize("how", ["offered", "booked", "stopped"])
async def test_times_to_come_again_are_offered_near_the_day_unless_they_have_booked(
    stage: Stage, how: str
) -> None:
    async with wanting(stage, "nobody", again=14 * 1440):
        await been(stage)
        assert asked(stage) == []
        if how == "booked":
            await stage.book("10:00", days=20)
        if how == "stopped":
            await stage.tap(SetAfterVisits(on=False))
        await stage.advance_to(at("09:59", 12))
        assert asked(stage, "Time for the next visit?") == []
        await stage.advance_to(at("10:00", 12))
        await stage.advance(timedelta(seconds=1))
        found = [each for each in stage.messages() if "Time for the next visit?" in each.get("text", "")]
        assert len(found) == (how == "offered")
        if found:
            labels = list(stage.buttons(found[0]["message_id"]))
            assert labels[0] == "Mon 7, 09:00"
            assert labels[-2:] == ["Other days", "No such messages"]
        await stage.advance(30 * DAY)
        assert len(asked(stage, "Time for the next visit?")) == len(found)
