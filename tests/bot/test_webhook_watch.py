"""What Telegram cannot deliver is seen by asking Telegram: nothing of it arrives here."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.metrics import BotMetrics
from bot.retry import BadTokenError
from bot.webhook_watch import EVERY_SECONDS, WebhookWatch
from shared.telegram.client import TelegramClient
from tests.bot.fake_telegram import failure, fake_telegram
from tests.bot.updates import TOKEN

OURS = "https://bellhop.example/telegram/webhook"
REFUSED = "Wrong response from the webhook: 403 Forbidden"


def answer(**info: object) -> Callable[[], web.Response]:
    return lambda: web.json_response({"ok": True, "result": {"url": OURS, **info}})


async def watch(*answers: Callable[[], web.Response]) -> tuple[dict[str, float], list[Any], list[float]]:
    """Let it ask so often; return its figures, what it logged as an error, and its waits."""
    registry, waits = CollectorRegistry(), list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == len(answers):
            raise asyncio.CancelledError

    async with fake_telegram() as telegram, TelegramClient(TOKEN, telegram.url) as client:
        telegram.script("getWebhookInfo", *answers)
        with structlog.testing.capture_logs() as lines, suppress(asyncio.CancelledError):
            await WebhookWatch(client, "https://bellhop.example/", BotMetrics(registry), sleep=sleep).run()
    figures = {
        name: registry.get_sample_value(f"bellhop_webhook_{name}") or 0.0
        for name in ("registered", "pending_updates", "last_error_timestamp_seconds")
    }
    return figures, [line for line in lines if line["log_level"] == "error"], waits


async def test_a_webhook_that_works() -> None:
    figures, errors, waits = await watch(answer(pending_update_count=2))
    assert figures == {"registered": 1, "pending_updates": 2, "last_error_timestamp_seconds": 0}
    assert (errors, waits) == ([], [EVERY_SECONDS])


async def test_what_telegram_cannot_deliver_is_said_once_with_its_reason() -> None:
    first, again = (answer(last_error_date=at, last_error_message=REFUSED) for at in (100, 160))
    figures, errors, _ = await watch(first, first, again)
    assert figures["last_error_timestamp_seconds"] == 160
    assert [line["reason"] for line in errors] == [REFUSED, REFUSED]


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/telegram/webhook"])
async def test_a_webhook_that_is_somebody_elses(url: str) -> None:
    figures, errors, _ = await watch(answer(url=url))
    assert figures["registered"] == 0
    assert "another process" in errors[0]["event"]


async def test_a_telegram_that_is_away_is_waited_for() -> None:
    figures, _, waits = await watch(failure(502, "Bad Gateway"), answer())
    assert figures["registered"] == 1
    assert waits[-1] == EVERY_SECONDS


async def test_a_token_that_was_revoked_ends_it() -> None:
    with pytest.raises(BadTokenError):
        await watch(failure(401, "Unauthorized"), answer())
