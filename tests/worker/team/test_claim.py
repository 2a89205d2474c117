"""The link to an empty database: who opens it first is the owner, and sets the shop up."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.contracts.menu import ShowHome
from shared.contracts.setup import ShowSetup
from shared.contracts.team import AcceptInvitation, ShowInvitation
from shared.links import follow
from tests.worker.doctor.fake_telegram import TOKEN, fake_telegram
from tests.worker.setup.test_setup import Chatter, stored
from tests.worker.shop import ANNA, BEN, CARLA, open_shop, reopen_shop
from tests.worker.stage import Stage, on_stage
from worker.command_line import UsageError
from worker.db.engine import Sessions
from worker.doctor.claim import claim


@pytest.fixture
async def empty(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """A bot without a shop, to which nobody of ADMIN_IDS comes."""
    async with fake_telegram() as telegram, on_stage(await reopen_shop(sessions)) as stage:
        monkeypatch.setenv("BOT_TOKEN", TOKEN)
        monkeypatch.setenv("TELEGRAM_API_URL", telegram.url)
        await stage.meet(BEN, CARLA)
        yield stage


async def code_of_claim(stage: Stage) -> str:
    link = await claim(stage.shop.sessions, stage.shop.clock)
    address, _, payload = link.partition("?start=")
    assert address == "https://t.me/bell_bot"
    command = follow(payload)
    assert isinstance(command, ShowInvitation)
    return command.code


async def test_who_opens_it_is_led_into_the_set_up_and_owns_the_shop(empty: Stage) -> None:
    code = await code_of_claim(empty)
    owner, stranger = Chatter(empty, BEN), Chatter(empty, CARLA)
    assert "being set up" in await owner.start()
    assert "you are its owner" in await owner.send(ShowInvitation(code=code))
    assert "There is no shop here yet" in await owner.press("Accept")
    for command in (ShowInvitation(code=code), AcceptInvitation(code=code)):
        assert "has been used" in await stranger.send(command)
    assert "being set up" in await stranger.send(ShowSetup())
    assert "What is your shop called?" in await owner.press("Set it up")
    assert "Where is it?" in await owner.say("Ben's")
    await owner.say("Berlin")
    await owner.walk("Barber", "Skip", "I do: Anna", "Mo–Fr")
    await owner.press("Skip")
    assert "Customers find you here" in await owner.press("Apply")
    document = await stored(empty.shop.sessions)
    assert document is not None
    assert document.roles.owner == (BEN,)
    with pytest.raises(UsageError, match="a shop already"):
        await code_of_claim(empty)


async def test_of_two_at_the_same_moment_one_becomes_the_owner(empty: Stage) -> None:
    code = await code_of_claim(empty)
    wishes = [await empty.tapped(AcceptInvitation(code=code), person) for person in (BEN, CARLA)]
    await asyncio.gather(*map(empty.run, wishes))
    said = [empty.answer(each).text for each in wishes]
    assert sorted("There is no shop here yet" in each for each in said) == [False, True], said


async def test_a_new_link_ends_the_one_before_and_what_was_accepted_by_it(empty: Stage) -> None:
    first = await code_of_claim(empty)
    wrong, right = Chatter(empty, CARLA), Chatter(empty, BEN)
    await wrong.send(AcceptInvitation(code=first))
    assert "There is no shop here yet" in await wrong.start()
    second, third = await code_of_claim(empty), await code_of_claim(empty)
    assert "being set up" in await wrong.start()
    assert "was taken back" in await right.send(ShowInvitation(code=second))
    assert "There is no shop here yet" in await right.send(AcceptInvitation(code=third))
    assert "There is no such invitation" in await wrong.send(AcceptInvitation(code="a" * 22))


async def test_it_gives_nothing_once_there_is_a_shop(empty: Stage) -> None:
    code = await code_of_claim(empty)
    await open_shop(empty.shop.sessions)
    guest = Chatter(empty, ANNA)
    for command in (ShowInvitation(code=code), AcceptInvitation(code=code)):
        assert "has been set up already" in await guest.send(command)
    assert "Administration" not in str(empty.messages(ANNA)[-1])
    assert await guest.send(ShowHome())
