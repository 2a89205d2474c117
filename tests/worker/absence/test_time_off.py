"""Time off in the chat: what follows is shown first, just that is applied, and it can be taken back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Final

import pytest

from shared.buttons import unpack
from shared.contracts.absence import (
    ApplyTimeOff,
    ProposeTimeOff,
    ShowTimeOff,
    ShowTimeOffDay,
    ShowTimeOffTimes,
    UndoTimeOff,
)
from shared.contracts.base import DraftRef
from shared.contracts.staff import CallOff, ShowAgenda, ShowStaffCard
from tests.kit.business import BUSINESS_ID
from tests.kit.promises import Message
from tests.worker.setup.test_setup import Chatter
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, BOB, CARLA, OWNER, Shop, open_shop
from tests.worker.stage import BOSS, Stage, on_stage
from worker.absence.promises import TIME_OFF_NOTICE
from worker.business.apply import plan_document
from worker.business.document import Document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.db.engine import make_engine, make_sessions
from worker.outbox.message import Chat
from worker.placement.placement import Booked

GONE: Final = "This has been applied, discarded or changed already."
WEDNESDAY: Final = date(2026, 11, 25)


@pytest.fixture
async def stage(own_database_url: str) -> AsyncIterator[Stage]:
    """A stage whose shop may be changed, with everybody who works there."""
    engine = make_engine(own_database_url)
    async with on_stage(await open_shop(make_sessions(engine, BUSINESS_ID))) as stage:
        await stage.meet(ALICE, BOB, OWNER, ADMIN, BOSS)
        yield stage
    await engine.dispose()


async def document(shop: Shop) -> Document:
    async with shop.sessions() as session:
        found = (await read_business(session)).document
    assert found is not None
    return found


async def dates(shop: Shop, specialist: int = 0) -> dict[date, object]:
    return {each.date: each.hours for each in (await document(shop)).specialists[specialist].exceptions}


async def assert_is_in_the_file(shop: Shop) -> None:
    file = write_document(await document(shop)).encode()
    assert (await plan_document(shop.sessions, read_document(file, "b.yaml"), shop.clock)).changes == []


async def test_a_part_of_a_day_over_a_booked_visit(stage: Stage) -> None:
    shop, alice = stage.shop, Chatter(stage, ALICE)
    visit = await stage.book("10:00")
    assert "Time off: Alice\nEverything is as usual." in await alice.send(ShowTimeOff())
    assert "Wed, Nov 25: 09:00–18:00\n1 visit is booked." in await alice.press("Wed, Nov 25")
    await alice.walk("Part of the day", "10:00")
    shown = await alice.press("12:00")
    assert "Wed, Nov 25: closes 10:00–12:00\n\n⚠️ 1 visit is booked for which nobody is there:" in shown
    assert "• Wed, Nov 25, 10:00–10:45 Cut, Anna (Alice)\nIt stays booked" in shown
    assert await dates(shop) == {}, "nothing is done before it is applied"

    message, apply = alice.found("Apply")
    applied = await alice.press("Apply")
    assert "closes 10:00–12:00" in applied
    assert await dates(shop) == {WEDNESDAY: ((540, 600), (720, 1080))}
    await assert_is_in_the_file(shop)
    assert (await stage.tap(unpack(apply), ALICE, message)).toast == GONE
    assert not isinstance(await shop.place(shop.wish("Cut", "Alice", "11:00"), BEN), Booked)
    assert isinstance(await shop.place(shop.wish("Cut", "Alice", "12:00"), BEN), Booked)
    [standing] = [each for each in await shop.live() if each.id == visit]
    assert standing.version == 1, "the visit stays as it is"
    early = await shop.place(shop.wish("Cut", "Alice", "09:00"), CARLA)
    assert isinstance(early, Booked)
    for asked in (ShowAgenda(first=WEDNESDAY), ShowAgenda(first=WEDNESDAY, days=7)):
        agenda = await alice.send(asked)
        assert "⚠️ Wednesday, November 25, 2026: nobody is there\n⚠️ 🌱 10:00–10:45 Cut, Anna\nWed" in agenda
        assert agenda.index("10:00–10:45") < agenda.index("09:00–09:45")
    card = await stage.tap(ShowStaffCard(booking_id=visit), ALICE)
    assert card.text.startswith("⚠️ Nobody is there then. Move the visit, or cancel it.\n\n")
    assert "Nobody is there" not in (await stage.tap(ShowStaffCard(booking_id=early.visit.id), ALICE)).text
    overview = await alice.send(ShowTimeOff())
    assert "• Wed, Nov 25: 09:00–10:00, 12:00–18:00" in overview
    assert "⚠️ 1 visit is booked for which nobody is there:" in overview
    alice.found("⚠️ Wed, Nov 25, 10:00 · Cut · Anna")

    assert "Wed, Nov 25: opens 10:00–12:00\n\nNo booked visit is hit." in await alice.press("Take back")
    await alice.press("Apply")
    assert await dates(shop) == {}
    assert "⚠️" not in await alice.send(ShowTimeOff())
    assert "⚠️" not in await alice.send(ShowAgenda(first=WEDNESDAY))
    assert "Nobody" not in (await stage.tap(ShowStaffCard(booking_id=visit), ALICE)).text


async def test_who_manages_goes_back_to_whose(stage: Stage) -> None:
    owner, alice = Chatter(stage, OWNER), Chatter(stage, ALICE)
    assert "Whose?" in await owner.send(ShowTimeOff())
    assert "Which day is it about?" in await owner.press("Bob")
    assert "Whose?" in await owner.press("« Back")
    await alice.send(ShowTimeOff())
    assert "« Back" not in stage.buttons(stage.messages(ALICE)[-1]["message_id"], ALICE)


async def test_a_holiday_and_undoing_it(stage: Stage) -> None:
    shop, alice = stage.shop, Chatter(stage, ALICE)
    await alice.send(ShowTimeOff())
    assert "Off from Thu, Nov 26. Until when" in await alice.walk("Thu, Nov 26", "Several days off")
    shown = await alice.press("30")
    assert "Thu, Nov 26 – Mon, Nov 30: closes 09:00–18:00\n\nNo booked visit is hit." in shown
    await alice.press("Discard")
    assert await dates(shop) == {}
    await alice.walk("Thu, Nov 26", "Several days off", "30")
    await alice.press("Apply")
    assert list((await dates(shop)).values()) == [()] * 5
    await assert_is_in_the_file(shop)
    message, undo = alice.found("Undo")
    assert "Thu, Nov 26 – Mon, Nov 30: opens 09:00–18:00" in await alice.press("Undo")
    assert await dates(shop) == {}
    assert (await stage.tap(unpack(undo), ALICE, message)).toast == "This cannot be undone any more."

    await alice.send(ShowTimeOff())
    await alice.walk("Tomorrow", "Other hours", "18:00", "20:00", "Apply")
    assert await dates(shop) == {date(2026, 11, 23): ((1080, 1200),)}
    assert isinstance(await shop.place(shop.wish("Cut", "Alice", "19:00", 1)), Booked)
    shown = await alice.press("Undo")
    assert "opens 09:00–18:00" in shown
    assert "• Mon, Nov 23, 19:00–19:45 Cut, Anna (Alice)" in shown, "a visit that would be hit is shown first"
    assert await dates(shop) != {}
    await alice.press("Apply")
    assert await dates(shop) == {}
    _, late = alice.found("Undo")
    shop.clock.advance(timedelta(minutes=6))
    assert (await stage.tap(unpack(late), ALICE)).toast == "This cannot be undone any more."


async def test_what_is_written_and_what_is_not_understood(stage: Stage) -> None:
    shop, alice = stage.shop, Chatter(stage, ALICE)
    await alice.send(ShowTimeOff())
    assert "Write a day" in await alice.press("Write it")
    assert "That is not understood" in await alice.say("next week")
    assert "That is not understood" in await alice.say("2026-12-24 22:00-02:00")
    shown = await alice.say("2026-12-24 - 2026-12-26")
    assert "Thu, Dec 24 – Sat, Dec 26: closes 09:00–18:00" in shown
    await alice.press("Apply")
    assert list(await dates(shop)) == [date(2026, 12, day) for day in (24, 25, 26)]
    await alice.send(ShowTimeOff())
    await alice.press("Write it")
    assert "That changes nothing" in await alice.say("25/12")
    await alice.send(ShowTimeOff())
    await alice.press("Write it")
    assert "Mon, Nov 23: closes 12:00–14:00" in await alice.say("tomorrow 12-14")
    for wrong in ("2026-11-21", "2026-12-26 - 2026-12-24", "2026-12-01 - 2028-12-01", "2035-01-01"):
        await alice.send(ShowTimeOff())
        await alice.press("Write it")
        assert "Those days cannot be chosen" in await alice.say(wrong), wrong
    await alice.send(ShowTimeOff())
    await alice.walk("Today", "Part of the day", "Write it")
    assert "That is not understood" in await alice.say("closed")
    assert "Sun, Nov 22: closes 11:00–12:00, 14:00–15:00" in await alice.say("11-12, 14:00-15:00")


async def test_of_many_visits_that_are_hit_it_says_how_many_more_there_are(stage: Stage) -> None:
    shop, alice = stage.shop, Chatter(stage, ALICE)
    for hour, guest in enumerate(await shop.crowd(9), start=9):
        await shop.book(shop.wish("Cut", "Alice", f"{hour}:00"), guest)
    await alice.send(ShowTimeOff())
    for said in (await alice.walk("Wed, Nov 25", "Day off", "Apply"), await alice.send(ShowTimeOff())):
        assert "9 visits are booked for which nobody is there:\nand 1 more" in said


async def test_it_is_read_in_the_readers_language(stage: Stage) -> None:
    alice = Chatter(stage, ALICE)
    stage.languages[ALICE] = "ru"
    await stage.book("10:00")
    assert "Выходные и часы: Alice\nВсё как обычно.\n\nО каком дне речь?" in await alice.send(ShowTimeOff())
    shown = await alice.walk("Ср, 25 нояб.", "Выходной")
    assert "Ср, 25 нояб.: закрывается 09:00–18:00\n\n⚠️ Без мастера остаётся 1 визит:" in shown
    assert "• Ср, 25 нояб., 10:00–10:45 Cut, Anna (Alice)\nЗаписи остаются" in shown
    assert "• Ср, 25 нояб.: закрыто" in await alice.walk("Применить", "« Назад")
    agenda = await alice.send(ShowAgenda(first=WEDNESDAY))
    assert agenda.startswith("⚠️ Среда, 25 ноября")
    assert ": принять некому\n⚠️ 🌱 10:00–10:45 Cut, Anna" in agenda


async def test_admins_say_it_for_anybody_and_each_is_told_what_others_did(stage: Stage) -> None:
    shop, boss = stage.shop, Chatter(stage, ADMIN)
    stage.languages[BOB] = "ru"
    await Chatter(stage, BOB).send(ShowTimeOff())
    assert "Whose?" in await boss.send(ShowTimeOff())
    await boss.walk("Bob", "Tomorrow", "Day off")
    async with stage.promising(Message(kind=TIME_OFF_NOTICE, to=Chat(BOB)), of="absence."):
        await boss.press("Apply")
    assert await dates(shop, 1) == {date(2026, 11, 23): ()}
    told = stage.texts(BOB)[-1]
    assert "Bob" in told
    assert "09:00–18:00" in told
    await Chatter(stage, OWNER).send(ShowTimeOff())
    await boss.send(ShowTimeOff())
    bob = Chatter(stage, BOB)
    stage.languages.clear()
    await bob.send(ShowTimeOff(specialist_id=shop.specialists["Alice"]))
    assert "Time off: Bob" in stage.texts(BOB)[-1], "nobody else's calendar, whatever a button says"
    await bob.walk("Take back", "Apply")
    assert await dates(shop, 1) == {}
    for reader in (ADMIN, OWNER):
        assert "Mon, Nov 23: opens 09:00–18:00\nChanged by Anna." in stage.texts(reader)[-1]
    foreign = ProposeTimeOff(
        specialist_id=shop.specialists["Alice"], how="off", first=WEDNESDAY, last=WEDNESDAY
    )
    assert "Time off: Bob" in (await stage.tap(foreign, BOB)).text


async def test_what_changed_meanwhile_is_shown_first(stage: Stage) -> None:
    shop = stage.shop
    off = ProposeTimeOff(specialist_id=shop.specialists["Alice"], how="off", first=WEDNESDAY, last=WEDNESDAY)
    first = await stage.tap(off, ALICE)
    assert "No booked visit is hit." in first.text
    await stage.book("15:00")
    apply = unpack(str(stage.buttons(first.message, ALICE)["Apply"]))
    again = await stage.tap(apply, ALICE, first.message)
    assert again.text.startswith("Nothing was applied:")
    assert "15:00–15:45 Cut, Anna" in again.text
    assert await dates(shop) == {}
    assert (await stage.tap(apply, ALICE)).toast == GONE, "the button of before"

    block = off.model_copy(update={"how": "block", "begins": 540, "ends": 600})
    other = await stage.tap(block, ADMIN)
    apply = unpack(str(stage.buttons(other.message, ADMIN)["Apply"]))
    assert (await stage.tap(apply, ALICE)).toast == GONE, "somebody else's"
    await stage.tap(apply, ADMIN, other.message)
    mine = unpack(str(stage.buttons(first.message, ALICE)["Apply"]))
    seen = await stage.tap(mine, ALICE, first.message)
    assert "closes 10:00–18:00" in seen.text, "what the admin has blocked meanwhile is closed already"
    await stage.tap(unpack(str(stage.buttons(first.message, ALICE)["Apply"])), ALICE, first.message)
    assert await dates(shop) == {WEDNESDAY: ()}


async def test_two_who_block_parts_of_a_day_at_once_and_a_customer_who_books_lose_nothing(
    stage: Stage,
) -> None:
    """Whoever is second is shown what stands by then, and has it applied; the visit stands, and is marked."""
    shop = stage.shop
    number = shop.specialists["Alice"]
    parts = {ALICE: (600, 660), ADMIN: (840, 900)}
    shown: dict[int, int] = {}
    for person, (begins, ends) in parts.items():
        part = ProposeTimeOff(
            specialist_id=number, how="block", first=WEDNESDAY, last=WEDNESDAY, begins=begins, ends=ends
        )
        shown[person] = (await stage.tap(part, person)).message

    async def apply(person: int) -> str:
        command = unpack(str(stage.buttons(shown[person], person)["Apply"]))
        return (await stage.tap(command, person, shown[person])).text

    booking = stage.tap(stage.booking("10:00"), ANNA)
    first, second, _ = await asyncio.gather(apply(ALICE), apply(ADMIN), booking)
    for person, said in ((ALICE, first), (ADMIN, second)):
        if said.startswith("Nothing was applied:"):
            assert "Apply" not in await apply(person)
    left = ((540, 600), (660, 840), (900, 1080))
    assert await dates(shop) == {WEDNESDAY: left}
    live = await shop.live()
    overview = await Chatter(stage, ALICE).send(ShowTimeOff())
    assert overview.count("⚠️ 1 visit is booked for which nobody is there:") == len(live)
    for visit in live:
        await stage.tap(CallOff(booking_id=visit.id, version=visit.version), ALICE)
        assert "⚠️" not in await Chatter(stage, ALICE).send(ShowTimeOff())


async def test_strangers_and_forged_buttons_change_nothing(stage: Stage) -> None:
    shop = stage.shop
    number = shop.specialists["Alice"]
    assert "for the people who work here" in await Chatter(stage, ANNA).send(ShowTimeOff())
    off = ProposeTimeOff(specialist_id=number, how="off", first=WEDNESDAY, last=WEDNESDAY)
    assert "for the people who work here" in (await stage.tap(off, ANNA)).text
    forged = [
        off.model_copy(update={"how": "restore"}),
        off.model_copy(update={"how": "nothing"}),
        off.model_copy(update={"how": "block"}),
        off.model_copy(update={"how": "hours", "begins": 100, "ends": 2**62}),
        off.model_copy(update={"how": "hours", "begins": 600, "ends": 600}),
        off.model_copy(update={"first": date(9998, 12, 31), "last": date(9998, 12, 31)}),
        off.model_copy(update={"first": date(1970, 1, 1)}),
        off.model_copy(update={"specialist_id": 2**62}),
        ShowTimeOff(specialist_id=2**62),
        ShowTimeOffTimes(specialist_id=number, how="x", day=WEDNESDAY, begins=2**62),
    ]
    for command in forged:
        answer = await stage.tap(command, ADMIN)
        assert answer.text not in {"", "screen"}, command
        assert "Apply" not in stage.buttons(answer.message, ADMIN), command
    past = ShowTimeOffDay(specialist_id=number, day=date(2026, 11, 21))
    assert (await stage.tap(past, ADMIN)).toast == "That day is over."
    ref = DraftRef(id=2**62, version=1)
    assert (await stage.tap(ApplyTimeOff(proposal=ref), ADMIN)).toast == GONE
    assert (await stage.tap(UndoTimeOff(proposal=ref), ADMIN)).toast == "This cannot be undone any more."
    assert await dates(shop) == {}
