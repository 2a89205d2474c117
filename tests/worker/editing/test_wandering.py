"""An owner who taps and writes whatever comes to hand leaves a shop that is whole."""

from random import Random
from typing import Final

from sqlalchemy import func, select

from shared.buttons import unpack
from shared.contracts.admin import ShowAdmin
from tests.worker.editing.chatting import Keeper, document
from tests.worker.shop import ADMIN, OWNER
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.db.models.delivery import DeadCommand

SEED: Final = 1
STEPS: Final = 60
WORDS: Final = (
    *("9-18", "mon-fri 9-18", "closed", "14:00-13:00", "24/7", "mon-sun 20-4", "-", "+", "*", "", "0", "00"),
    *("30", "1h", "0m", "-5", "1e9", "from 30", "15-25", "free", "35,50 €", "€", "€ €", "NaN", "٣٥"),
    *(
        "Berlin",
        "Europe/Berlin",
        "EUR",
        "xxx",
        "2026-12-24",
        "31.02",
        "29 February",
        "24 Dec 0000",
        "9.9.9999",
    ),
    *("[1h, 2h]", "{a: b}", "[[[[", "&a [*a]", "!!python/object:os.system x", "yes", "no", "Cut", "Alice"),
    *(
        "{name}",
        "{0}",
        "%s",
        "<b>&",
        "\u202e\u200b",
        "👩‍👩‍👧‍👦" * 40,
        "x" * 1000,
        "a\nb",
        "52.52, 13.405",
        "9001",
    ),
)


async def wander(keeper: Keeper, random: Random) -> None:
    """Do one thing that the screen allows, or that it does not."""
    shown = [each for each in keeper.stage.messages(keeper.person) if "reply_markup" in each]
    buttons = [
        (int(message["message_id"]), button["callback_data"])
        for message in (shown[-1:] if random.random() < 0.8 else shown[-8:])
        for row in message["reply_markup"].get("inline_keyboard", ())
        for button in row
        if "callback_data" in button
    ]
    if not buttons or random.random() < 0.08:
        await keeper.send(ShowAdmin())
    elif random.random() < 0.35:
        await keeper.say(random.choice(WORDS))
    else:
        message, data = random.choice(buttons)
        await keeper.stage.tap(unpack(data), keeper.person, message)


async def test_two_who_do_anything_leave_a_whole_shop(keeper: Keeper) -> None:
    random, stage = Random(SEED), keeper.stage  # noqa: S311 - no secret
    await stage.book()
    keepers = [keeper, Keeper(stage, ADMIN)]
    for each in keepers:
        await each.send(ShowAdmin())
    for _ in range(STEPS):
        await wander(random.choice(keepers), random)
    async with stage.shop.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(DeadCommand)) == 0
    found = await document(stage.shop)
    assert read_document(write_document(found).encode(), "shop") == found
    assert found.roles.owner == (OWNER,)
