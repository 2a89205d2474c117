"""Invitations in the chat: made by owners, accepted once, and in the business file afterwards."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import pytest

from shared.buttons import unpack
from shared.contracts.team import (
    AcceptInvitation,
    MakeInvitation,
    RevokeInvitation,
    ShowInvitation,
    ShowInvitations,
    ShowInvite,
    ShowTeam,
)
from shared.links import follow
from tests.kit.promises import Message
from tests.kit.rows import dump
from tests.worker.setup.test_setup import Chatter, stored
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, CARLA, OWNER, open_shop
from tests.worker.stage import BOSS, Stage, on_stage
from worker.business.export import write_document
from worker.db.engine import Sessions
from worker.outbox.message import Chat
from worker.people.promises import MENU
from worker.team.promises import LINK, NEWS

LINKED: Final = re.compile(r"https://t\.me/\w+\?start=(i[\w-]{22})")


@pytest.fixture
async def stage(sessions: Sessions) -> AsyncIterator[Stage]:
    async with on_stage(await open_shop(sessions)) as stage:
        await stage.meet(OWNER, ADMIN, ALICE, BEN, CARLA, BOSS)
        yield stage


def link_in(stage: Stage, person: int = OWNER) -> ShowInvitation:
    """Return what the newest link in a chat leads to."""
    found = [found for text in stage.texts(person) for found in LINKED.findall(text)]
    command = follow(found[-1])
    assert isinstance(command, ShowInvitation)
    return command


async def invite(stage: Stage, role: str = "admin", days: int = 7, specialist_id: int | None = None) -> str:
    """Have the owner invite somebody; return the code of the link."""
    stage.shop.clock.advance(timedelta(minutes=1))
    await stage.tap(MakeInvitation(role=role, days=days, specialist_id=specialist_id), OWNER)
    return link_in(stage).code


async def exported(stage: Stage) -> str:
    document = await stored(stage.shop.sessions)
    assert document is not None
    return write_document(document)


async def test_an_admin_is_invited_and_the_file_names_them(stage: Stage) -> None:
    owner = Chatter(stage, OWNER)
    await owner.send(ShowTeam())
    assert "Team\nAnna: owner" in stage.texts(OWNER)[-1] or "Telegram 1000: owner" in stage.texts(OWNER)[-1]
    assert "What will they be?" in await owner.press("Invite")
    assert "How long can it be used?" in await owner.press("Admin")
    async with stage.promising(Message(kind=LINK, to=Chat(OWNER)), of="team."):
        await owner.press("7 days")
    assert "invites you: admin." in stage.texts(OWNER)[-1]
    code = link_in(stage).code
    assert code not in str(await dump(stage.shop.sessions))
    guest = Chatter(stage, CARLA)
    assert "Barber & Co invites you to be its admin." in await guest.send(ShowInvitation(code=code))
    async with stage.promising(
        Message(kind=MENU, to=Chat(CARLA)),
        Message(kind=NEWS, to=Chat(OWNER)),
        Message(kind=NEWS, to=Chat(BOSS)),
    ):
        assert "You are admin of Barber & Co now." in await guest.press("Accept")
    assert f"admin: [{ADMIN}, {CARLA}]" in await exported(stage)
    assert "accepted the invitation: admin of Barber & Co." in stage.texts(OWNER)[-1]
    assert "accepted by Anna" in await owner.send(ShowInvitations())
    assert "Barber & Co\n" in await guest.press("Administration")
    assert "You are admin" in await guest.send(AcceptInvitation(code=code))


async def test_a_specialist_is_invited_by_name_and_a_new_one_too(stage: Stage) -> None:
    owner, guest = Chatter(stage, OWNER), Chatter(stage, CARLA)
    await owner.send(ShowInvite(role="specialist", anew=True))
    assert "What is the new specialist called?" in await owner.press("1 day")
    assert "That is no name" in await owner.say("Alice")
    assert "That is no name" in await owner.say("\N{PILE OF POO}" * 65)
    await owner.say("Carla")
    assert "specialist Carla" in stage.texts(OWNER)[-1]
    assert "its specialist Carla" in await guest.send(link_in(stage))
    assert "You are specialist Carla" in await guest.press("Accept")
    assert f"telegram_id: {CARLA}" in await exported(stage)
    assert await guest.press("Today")
    other = await invite(stage, "specialist", specialist_id=stage.shop.specialists["Alice"])
    assert other == link_in(stage).code  # Alice is somebody already: nothing new was made
    assert "has been used" in await Chatter(stage, BEN).send(AcceptInvitation(code=other))


async def test_nobody_comes_in_by_what_is_used_over_revoked_or_forged(stage: Stage) -> None:
    guest, owner = Chatter(stage, BEN), Chatter(stage, OWNER)
    used, over, revoked = await invite(stage), await invite(stage, days=1), await invite(stage)
    assert "You are admin" in await Chatter(stage, CARLA).send(AcceptInvitation(code=used))
    await owner.send(ShowInvitations())
    before = await exported(stage)
    message, data = owner.found("Revoke 1")
    assert (
        await stage.tap(unpack(data), OWNER, message)
    ).toast == "Revoked: the link opens nothing any more."
    assert (await stage.tap(unpack(data), OWNER, message)).toast == "This invitation is not open any more."
    assert (await stage.tap(RevokeInvitation(invitation_id=2**60), OWNER)).alert
    stage.shop.clock.advance(timedelta(days=2))
    for code, says in (
        (used, "has been used"),
        (over, "is over"),
        (revoked, "was taken back"),
        ("A" * 22, "There is no such invitation"),
        ("", "There is no such invitation"),
    ):
        for command in (ShowInvitation(code=code), AcceptInvitation(code=code)):
            assert says in await guest.send(command)
    assert await exported(stage) == before
    assert "not used in time" in await owner.send(ShowInvitations())


async def test_of_two_who_accept_at_the_same_moment_one_is_let_in(stage: Stage) -> None:
    code = await invite(stage)
    wishes = [await stage.tapped(AcceptInvitation(code=code), person) for person in (BEN, CARLA)]
    await asyncio.gather(*map(stage.run, wishes))
    said = [stage.answer(each).text for each in wishes]
    assert sorted("You are admin" in each for each in said) == [False, True], said
    document = await stored(stage.shop.sessions)
    assert document is not None
    assert len({BEN, CARLA} & {*document.roles.admin}) == 1


async def test_who_is_somebody_already_leaves_the_link_to_others(stage: Stage) -> None:
    code = await invite(stage)
    for person in (ADMIN, OWNER):
        assert "You are that here already" in await Chatter(stage, person).send(AcceptInvitation(code=code))
    assert "You are admin" in await Chatter(stage, CARLA).send(AcceptInvitation(code=code))
    owner = Chatter(stage, OWNER)
    await owner.send(MakeInvitation(role="specialist", days=1))
    await owner.say("Zoe")
    zoe = link_in(stage).code
    assert "You are another specialist" in await Chatter(stage, ALICE).send(AcceptInvitation(code=zoe))


async def test_forged_and_double_taps_make_nothing(stage: Stage) -> None:
    before = len(await stage.outbox(LINK))
    for forged in (
        MakeInvitation(role="boss", days=7),
        MakeInvitation(role="admin", days=8),
        MakeInvitation(role="specialist", days=7, specialist_id=2**60),
    ):
        await stage.tap(forged, OWNER)
    assert len(await stage.outbox(LINK)) == before
    await stage.tap(MakeInvitation(role="admin", days=7), OWNER)
    await stage.tap(MakeInvitation(role="admin", days=7), OWNER)
    assert len(await stage.outbox(LINK)) == before + 1
    for person in (ADMIN, ALICE, ANNA):
        for command in (MakeInvitation(role="owner", days=7), ShowInvitations(), ShowInvite()):
            assert "This is for owners." in (await stage.tap(command, person)).text
    assert "Owners invite people" in (await stage.tap(ShowTeam(), ADMIN)).text


async def test_there_is_an_end_to_open_invitations(stage: Stage) -> None:
    for _ in range(20):
        await invite(stage)
    answer = await stage.tap(MakeInvitation(role="owner", days=7), OWNER)
    assert answer.toast == "So many invitations are open already. Revoke some first."
    assert "20. admin: open until" in answer.text


async def test_invitations_are_spoken_of_in_russian(stage: Stage) -> None:
    stage.languages[CARLA] = "ru"
    code = await invite(stage)
    said = await Chatter(stage, CARLA).send(ShowInvitation(code=code))
    assert "приглашает" in said
