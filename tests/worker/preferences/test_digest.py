"""News of visits come together at chosen hours, in none that are quiet, and the evening before."""

from datetime import timedelta

import pytest

from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome, ShowSettings
from shared.contracts.preferences import SetDigest, SetEvening, SetQuietHours, ShowDigest, TellAtOnce
from tests.kit.promises import TimerSet
from tests.worker.shop import ADMIN, ALICE, ANNA, at
from tests.worker.stage import Stage
from worker.db.models.delivery import State
from worker.notices.promises import NOTICE

SIX = 18 * 60


async def open_with(stage: Stage, *people: int) -> None:
    await stage.meet(*people)
    for person in people:
        await stage.type(ShowHome(), person)


def told(stage: Stage, what: str, person: int = ALICE) -> list[str]:
    return [text for text in stage.texts(person) if what in text]


async def states(stage: Stage) -> list[str]:
    return [row.state for row in await stage.outbox(NOTICE)]


async def test_news_of_other_days_come_together_at_the_chosen_hour_and_those_of_today_at_once(
    stage: Stage,
) -> None:
    await open_with(stage, ALICE)
    page = await stage.tap(SetDigest(minute=SIX, on=True), ALICE)
    assert page.toast == "Done."
    assert "together at 18:00" in await stage.type(ShowSettings(), ALICE)
    first = await stage.book("10:00")
    await stage.book("12:00")
    await stage.book("14:00", days=0)
    assert len(told(stage, "New visit")) == 1
    await stage.tap(Cancel(booking_id=first, version=1))
    await stage.advance_to(at("17:59", 0))
    assert len(told(stage, "New visit")) == 1
    await stage.book("15:00", days=2)
    await stage.fault("error", "sendMessage", chat_id=ALICE, status=500)
    await stage.advance_to(at("18:00", 0))
    for _ in range(3):
        await stage.advance(timedelta(minutes=1))
    [digest] = told(stage, "pieces of news")
    assert digest.startswith("🗞 2 pieces of news")
    assert "12:00, Cut, Anna" in digest
    assert "15:00, Cut, Anna" in digest
    assert "10:00" not in digest
    assert len(told(stage, "Visit cancelled")) == 0
    assert set(await states(stage)) == {State.SENT, State.VOID}
    newest = [each for each in stage.messages(ALICE) if "pieces of news" in each["text"]][-1]
    assert len(stage.buttons(newest["message_id"], ALICE)) == 2
    await stage.advance(timedelta(days=1))
    assert len(told(stage, "pieces of news")) == 1


async def test_whoever_wants_news_at_once_again_gets_what_waits(stage: Stage) -> None:
    await open_with(stage, ALICE)
    await stage.tap(SetDigest(minute=SIX, on=True), ALICE)
    await stage.book("10:00")
    await stage.tap(TellAtOnce(), ALICE)
    await stage.advance(timedelta(seconds=1))
    assert len(told(stage, "New visit")) == 1
    assert await states(stage) == [State.SENT]


async def test_no_more_than_four_hours_and_none_that_no_button_offers(stage: Stage) -> None:
    await open_with(stage, ALICE)
    for hour in range(8, 12):
        await stage.tap(SetDigest(minute=hour * 60, on=True), ALICE)
    refused = await stage.tap(SetDigest(minute=SIX, on=True), ALICE)
    assert (refused.toast, refused.alert) == ("More than 4 a day are hardly fewer messages.", True)
    for minute in (7, 10**9, SIX + 1):
        await stage.tap(SetDigest(minute=minute, on=True), ALICE)
        await stage.tap(SetQuietHours(begin=minute, end=0), ALICE)
        await stage.tap(SetEvening(minute=minute), ALICE)
    shown = await stage.type(ShowSettings(), ALICE)
    assert "together at 08:00, 09:00, 10:00, 11:00" in shown
    assert "Quiet hours: none\nEvening summary: none" in shown
    assert (await stage.tap(ShowDigest())).text == "This is for the people who work here."


async def test_in_quiet_hours_news_wait_for_their_end(stage: Stage) -> None:
    await open_with(stage, ALICE)
    await stage.tap(SetQuietHours(begin=9 * 60, end=12 * 60), ALICE)
    await stage.advance_to(at("09:30", 0))
    await stage.book("10:00")
    assert told(stage, "New visit") == []
    await stage.book("12:30", days=0)
    assert len(told(stage, "New visit")) == 1
    await stage.advance_to(at("12:00", 0))
    assert len(told(stage, "New visit")) == 2


@pytest.mark.parametrize("person", [ALICE, ADMIN])
async def test_the_evening_before_tomorrows_visits_come_once_and_of_none_nothing(
    stage: Stage, person: int
) -> None:
    await open_with(stage, person)
    await stage.tap(SetEvening(minute=20 * 60), person)
    await stage.promised(TimerSet(kind="preferences.send_evening", due=at("20:00", 0)))
    await stage.book("10:00", days=2)
    await stage.advance_to(at("20:00", 0))
    await stage.advance(timedelta(seconds=1))
    assert told(stage, "tomorrow", person) == []
    await stage.advance_to(at("20:00", 1))
    await stage.advance(timedelta(seconds=1))
    [summary] = told(stage, "🌙 1 visit tomorrow", person)
    assert "🌱 ❔ 10:00–10:45 Cut, Anna" in summary or "🌱 10:00–10:45 Cut, Anna" in summary
    await stage.tap(SetEvening(), person)
    await stage.advance_to(at("20:00", 2))
    await stage.advance(timedelta(seconds=1))
    assert len(told(stage, "tomorrow", person)) == 1
    assert "Evening summary" not in await stage.type(ShowSettings(), ANNA)
