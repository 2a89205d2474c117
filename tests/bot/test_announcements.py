import asyncio
from itertools import product

import pytest

from bot import webhook
from bot.identity import Identity
from bot.menu import introduce
from bot.retry import REFUSED_SECONDS, BadTokenError, RetryPolicy, retry
from shared.command_menu import command_menu
from shared.contracts import CONTRACTS
from shared.contracts.base import Audience
from shared.i18n.translator import load_translators
from shared.telegram.client import TelegramClient
from shared.telegram.errors import FloodError, RefusedError, UnavailableError
from tests.bot.fake_telegram import fake_telegram
from tests.bot.updates import ASKED_FOR, BOT_ID, TOKEN

PUBLIC = [
    typed.name
    for contract in CONTRACTS
    for spec in contract.specs
    for typed in spec.typed
    if typed.audience is Audience.EVERYONE
]


async def test_the_bot_learns_its_name_and_shows_its_menu_in_every_language() -> None:
    translators, identity = load_translators(), Identity(BOT_ID)
    async with fake_telegram() as telegram, TelegramClient(TOKEN, telegram.url) as client:
        await introduce(client, identity, translators)
    assert identity.username == "bellhop_bot"
    told = telegram.of("setMyCommands")
    assert [call.get("language_code") for call in told] == [None, *list(translators.by_two_letters())[1:]]
    for call in told:
        assert [command["command"] for command in call["commands"]] == PUBLIC


def test_the_public_menu_leaves_out_what_is_the_staffs() -> None:
    assert {"book", "bookings", "start", "help", "language", "settings", "cancel"} <= set(PUBLIC)
    assert not {"today", "week", "admin"} & set(PUBLIC)


def test_descriptions_fit_and_differ() -> None:
    for speak, audience in product(load_translators().all(), Audience):
        menu = command_menu(speak, audience)
        descriptions = [entry["description"] for entry in menu]
        assert len(set(descriptions)) == len(descriptions) <= 100
        assert [entry["command"] for entry in command_menu(speak)] == [
            entry["command"] for entry in menu if entry["command"] in PUBLIC
        ]
        assert all(1 <= len(description) <= 256 for description in descriptions)


async def test_the_webhook_is_registered_with_its_secret() -> None:
    async with fake_telegram() as telegram, TelegramClient(TOKEN, telegram.url) as client:
        await webhook.register(client, "https://bellhop.example/", "s3cret")
    assert telegram.of("setWebhook") == [
        {
            "url": "https://bellhop.example/telegram/webhook",
            "secret_token": "s3cret",
            "allowed_updates": ASKED_FOR,
            "max_connections": 40,
            "drop_pending_updates": False,
        }
    ]


async def test_retrying_survives_everything_but_a_bad_token() -> None:
    troubles = [UnavailableError("502"), FloodError(9), RefusedError(400, "bad webhook")]
    waits: list[float] = []

    async def call() -> str:
        if troubles:
            raise troubles.pop(0)
        return "done"

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    assert await retry("setWebhook", call, sleep) == "done"
    assert waits[1:] == [9, REFUSED_SECONDS]
    assert 0 < waits[0] <= 0.5


def test_a_bad_token_is_hopeless() -> None:
    with pytest.raises(BadTokenError):
        RetryPolicy().seconds_after(RefusedError(401, "Unauthorized"))


def test_waits_have_a_ceiling() -> None:
    policy = RetryPolicy()
    waits = [policy.seconds_after(UnavailableError("x")) for _ in range(50)]
    assert max(waits) <= 30
    assert min(waits[10:]) >= 15
