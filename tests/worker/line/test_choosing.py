"""Where the business has its staff choose, they are asked first to whom a freed time is offered."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.line import LapseChoice, LetLineDecide, ShowChoice
from shared.contracts.people import SetReachable
from shared.contracts.waitlist import OfferFreed
from tests.kit.promises import Message, TimerSet
from tests.worker.line.test_line import behind, come, line_of
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, BOB, CARLA, OWNER, at
from tests.worker.stage import Stage
from tests.worker.waitlist.waiting import (
    answer,
    fill,
    free,
    join,
    live,
    offers,
    run_timer,
    settle,
)
from worker.db.models.catalogue import Business
from worker.outbox.message import Chat

TEN = at("10:00")
QUESTION = "A time has come free: who is offered it?"


@pytest.fixture(autouse=True)
async def staff_choose(stage: Stage) -> AsyncIterator[None]:
    """Have the staff choose within half an hour; other tests find the shop as it was."""
    await _choose_within(stage, 30)
    yield
    await _choose_within(stage, None)


async def _choose_within(stage: Stage, minutes: int | None) -> None:
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(Business).values(choose_within=minutes))


async def choosing(stage: Stage) -> int:
    """Have a visit that others wish for; return it."""
    await come(stage)
    [booked] = await fill(stage, "10:00")
    return booked


def questions(stage: Stage, person: int) -> list[int]:
    return [each["message_id"] for each in stage.messages(person) if QUESTION in each.get("text", "")]


def candidate(stage: Stage, name: str, person: int = ALICE) -> Command:
    """Return what the button of somebody under the newest question leads to."""
    return behind(stage.buttons(questions(stage, person)[-1], person), name)


async def choose(stage: Stage, name: str, person: int = ALICE) -> str | None:
    asked = await stage.tap(candidate(stage, name, person), person)
    done = await stage.tap(behind(stage.buttons(asked.message, person), "Offer this time"), person)
    await settle(stage)
    return done.toast


async def test_the_staff_are_asked_and_whom_they_choose_is_offered_it(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA, BEN)
    await free(stage, booked)
    assert await offers(stage.shop) == []
    [question] = questions(stage, ALICE)
    text = stage.text(ALICE, question)
    assert "Wed, Nov 25, 10:00–10:45, Alice" in text
    assert "Where nobody chooses by 09:31, it goes to the first in line." in text
    assert questions(stage, ADMIN) == questions(stage, BOB) == []
    buttons = stage.buttons(question, ALICE)
    assert [each for each in buttons if " · " in each] == ["1. Anna · 10:00 · Cut", "2. Ben · 10:00 · Cut"]
    assert await choose(stage, "Ben") == "Offered."
    assert await offers(stage.shop) == [(BEN, "open", TEN)]
    await stage.advance(timedelta(minutes=40))
    await settle(stage)
    assert await offers(stage.shop) == [(BEN, "open", TEN)]


async def test_after_a_refusal_they_are_asked_again(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA, BEN, CARLA)
    await free(stage, booked)
    await choose(stage, "Carla")
    assert len(questions(stage, ALICE)) == 1
    await answer(stage, CARLA, "No, thanks")
    assert len(questions(stage, ALICE)) == 2
    assert "Carla" not in str(stage.buttons(questions(stage, ALICE)[-1], ALICE))
    assert await choose(stage, "Ben") == "Offered."
    assert (await answer(stage, BEN)).toast == "Booked!"
    assert await live(stage.shop) == [(BEN, "confirmed", TEN)]


async def test_where_nobody_chooses_the_line_goes_on_by_itself(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA, BEN)
    await free(stage, booked)
    await stage.advance(timedelta(minutes=35))
    await settle(stage)
    assert await offers(stage.shop) == [(ANNA, "open", TEN)]
    await answer(stage, ANNA, "No, thanks")
    assert await offers(stage.shop) == [(ANNA, "declined", TEN), (BEN, "open", TEN)]
    assert len(questions(stage, ALICE)) == 1
    stale = await stage.tap(ShowChoice(choice_id=1), ALICE)
    assert stale.toast == "This is settled already."


async def test_the_staff_may_leave_it_to_the_line(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA, BEN)
    await free(stage, booked)
    command = candidate(stage, "First in line")
    assert isinstance(command, LetLineDecide)
    strange = await stage.tap(command, BOB)
    assert strange.toast == "This is settled already."
    done = await stage.tap(command, ALICE)
    assert done.text == "It goes to the first in line."
    await settle(stage)
    assert await offers(stage.shop) == [(ANNA, "open", TEN)]
    again = await stage.tap(command, ADMIN)
    assert again.toast == "This is settled already."


async def test_what_waits_for_a_choice_stands_above_the_line(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA)
    await free(stage, booked)
    choice = behind(await line_of(stage, ADMIN), "❗ Free: Wed, Nov 25, 10:00 · Alice")
    shown = await stage.tap(choice, ADMIN)
    assert QUESTION in shown.text
    assert not [each for each in await line_of(stage, BOB) if "❗" in each]
    await stage.meet(CARLA)
    await stage.book("10:00", person=CARLA)
    gone = await stage.tap(choice, ADMIN)
    assert gone.toast == "Nobody in line can have this time any more."


async def test_of_a_choice_and_its_deadline_at_once_one_takes_effect(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA, BEN)
    await free(stage, booked)
    asked = await stage.tap(candidate(stage, "Ben"), ALICE)
    chosen = behind(stage.buttons(asked.message, ALICE), "Offer this time")
    choice = unpack(str(stage.buttons(questions(stage, ALICE)[-1], ALICE)["First in line"]))
    assert isinstance(choice, LetLineDecide)
    tapped = await stage.tapped(chosen, ALICE)
    lapsing = run_timer(stage, LapseChoice(choice_id=choice.choice_id))
    await asyncio.gather(stage.run(tapped), lapsing)
    await settle(stage)
    [(person, state, start)] = await offers(stage.shop)
    assert (person in {ANNA, BEN}, state, start) == (True, "open", TEN)
    assert len(await live(stage.shop)) == 1


async def test_at_night_the_staff_sleep_and_near_the_time_nobody_is_asked(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA)
    await stage.advance_to(at("23:00", 1))
    async with stage.promising(
        Message(kind="line.choose", to=Chat(ALICE), due=at("08:00", 2)),
        TimerSet(kind="line.lapse_choice", due=at("08:30", 2)),
        of="line.",
    ):
        await free(stage, booked)
    await stage.advance_to(at("08:31", 2))
    await settle(stage)
    assert await offers(stage.shop) == [(ANNA, "open", TEN)]


async def test_close_to_the_time_the_line_decides_at_once(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA)
    await stage.advance_to(at("09:52"))
    await stage.shop.set_status(booked, "cancelled")
    await run_timer(stage, freed(stage))
    assert questions(stage, ALICE) == []
    assert await offers(stage.shop) == [(ANNA, "open", TEN)]


def freed(stage: Stage) -> Command:
    return OfferFreed(specialist_id=stage.shop.specialists["Alice"], start=TEN, end=at("10:45"))


async def test_without_a_specialist_in_reach_the_managers_are_asked(stage: Stage) -> None:
    booked = await choosing(stage)
    await join(stage, ANNA)
    await stage.run(stage.envelope(SetReachable(reachable=False), ALICE))
    await free(stage, booked)
    assert questions(stage, ALICE) == []
    assert len(questions(stage, ADMIN)) == 1
    assert questions(stage, OWNER) == []
