"""Roles are taken away in the chat: what follows is shown first, nobody is stranded, an owner stays."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBookings
from shared.contracts.team import MakeInvitation, ShowMember, ShowTaking, ShowTeam, TakeAway
from tests.kit.promises import Message
from tests.worker.setup.test_setup import Chatter, stored
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, BOB, CARLA, OWNER, open_shop
from tests.worker.stage import BOSS, Stage, on_stage
from worker.business.apply import apply_document
from worker.business.document import Document
from worker.business.membership import NotJoined, with_role
from worker.db.engine import Sessions
from worker.outbox.message import Chat
from worker.people.promises import MENU
from worker.team.promises import NEWS


@pytest.fixture
async def stage(sessions: Sessions) -> AsyncIterator[Stage]:
    async with on_stage(await open_shop(sessions)) as stage:
        await stage.meet(OWNER, ADMIN, ALICE, BOB, BEN, CARLA, BOSS)
        for person in (ADMIN, ALICE, BOSS):
            await stage.type(ShowHome(), person)
        yield stage


async def document_of(stage: Stage) -> Document:
    found = await stored(stage.shop.sessions)
    assert found is not None
    return found


async def also_owner(stage: Stage, person: int) -> None:
    document = with_role(await document_of(stage), "owner", person)
    assert not isinstance(document, NotJoined)
    await apply_document(stage.shop.sessions, document, stage.shop.clock)


async def test_an_admin_is_one_no_more(stage: Stage) -> None:
    owner = Chatter(stage, OWNER)
    assert "Alice (Anna): specialist" in await owner.send(ShowTeam())
    assert "Anna: admin" in await owner.send(ShowMember(person_id=ADMIN))
    assert "They do not see others' visits" in await owner.press("Not an admin any more")
    assert "Anna: admin" in await owner.press("Discard")
    await owner.press("Not an admin any more")
    async with stage.promising(
        Message(kind=MENU, to=Chat(ADMIN)),
        Message(kind=NEWS, to=Chat(BOSS)),
        Message(kind=NEWS, to=Chat(ADMIN)),
    ):
        assert "admin" not in await owner.press("Apply")
    assert (await document_of(stage)).roles.admin == ()
    assert "You are not admin of Barber & Co any more." in stage.texts(ADMIN)[-1]
    assert "Anna is not admin of Barber & Co any more." in stage.texts(BOSS)[-1]
    assert "This is for administrators." in (await stage.tap(ShowTeam(), ADMIN)).text
    again = await stage.tap(TakeAway(what="admin", person_id=ADMIN), OWNER)
    assert "Team" in again.text


async def test_nobody_leaves_whom_customers_still_expect(stage: Stage) -> None:
    alice = stage.shop.specialists["Alice"]
    booked = await stage.book()
    owner = Chatter(stage, OWNER)
    await owner.send(ShowMember(specialist_id=alice))
    said = await owner.press("Does not work here any more")
    assert "These visits are still to come." in said
    assert "Wed, Nov 25, 10:00 · Cut · Anna" in str(stage.messages(OWNER)[-1])
    forged = await stage.tap(TakeAway(what="place", specialist_id=alice), OWNER)
    assert forged.toast == "There are visits that are still to come."
    assert "These visits are still to come." in forged.text
    assert len((await document_of(stage)).specialists) == 2
    await stage.shop.set_status(booked, "cancelled")
    await owner.send(ShowTaking(what="place", specialist_id=alice))
    assert "Alice" not in await owner.press("Apply")
    assert [each.name for each in (await document_of(stage)).specialists] == ["Bob"]
    assert "Menu" in str(stage.messages(ALICE)[-1])
    assert await stage.type(ShowBookings(), ANNA)


async def test_a_specialist_can_stay_without_the_chat_and_come_back(stage: Stage) -> None:
    alice, owner = stage.shop.specialists["Alice"], Chatter(stage, OWNER)
    await stage.book()
    await owner.send(ShowTaking(what="chat", specialist_id=alice))
    assert "Alice: specialist, not in this chat" in await owner.press("Apply")
    assert (await document_of(stage)).specialists[0].telegram_id is None
    assert (await stage.tap(TakeAway(what="chat", specialist_id=alice), OWNER)).toast == (
        "They are not that any more."
    )
    await stage.tap(MakeInvitation(role="specialist", days=1, specialist_id=alice), OWNER)
    assert "invites you: specialist Alice" in stage.texts(OWNER)[-1]


async def test_the_last_owner_stays_and_two_who_remove_each_other_leave_one(stage: Stage) -> None:
    owner = Chatter(stage, OWNER)
    said = await owner.send(ShowTaking(what="owner", person_id=OWNER))
    assert "The last owner stays. Invite another owner first." in said
    assert "Apply" not in str(stage.messages(OWNER)[-1]), "nothing is offered that would be refused"
    for person in (OWNER, BOSS):
        answer = await stage.tap(TakeAway(what="owner", person_id=OWNER), person)
        assert answer.toast == "The last owner stays. Invite another owner first."
    await also_owner(stage, CARLA)
    await owner.send(ShowTaking(what="owner", person_id=OWNER))
    owner.found("Apply")
    wishes = [
        await stage.tapped(TakeAway(what="owner", person_id=other), person)
        for person, other in ((OWNER, CARLA), (CARLA, OWNER))
    ]
    await asyncio.gather(*map(stage.run, wishes))
    left = (await document_of(stage)).roles.owner
    assert len(left) == 1
    assert {*left} < {OWNER, CARLA}


async def test_owners_alone_take_away_and_forged_wishes_change_nothing(stage: Stage) -> None:
    before = await document_of(stage)
    for person in (ADMIN, ALICE, BEN):
        for command in (TakeAway(what="owner", person_id=OWNER), ShowMember(person_id=OWNER)):
            assert "This is for owners." in (await stage.tap(command, person)).text
    for forged in (
        TakeAway(what="everything", person_id=OWNER),
        TakeAway(what="admin", person_id=BEN),
        TakeAway(what="admin"),
        TakeAway(what="place", specialist_id=2**60),
        TakeAway(what="place", person_id=OWNER),
        TakeAway(what="owner", specialist_id=stage.shop.specialists["Alice"]),
        ShowTaking(what="place", specialist_id=2**60),
        ShowTaking(what="place", person_id=OWNER),
        ShowMember(person_id=BEN),
    ):
        assert "Anna" in (await stage.tap(forged, OWNER)).text, forged
    assert await document_of(stage) == before
