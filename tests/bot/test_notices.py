import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from bot.metrics import BotMetrics
from bot.notices import TAPS_AT_ONCE, RefusedUpdate, ThrottleNotifier
from shared.i18n.translator import load_translators
from shared.telegram.errors import RefusedError
from tests.bot.kit import NOON, Roomy
from tests.doubles import ManualClock


class Grumpy:
    """Refuses the first call and takes the next."""

    def __init__(self, first: Exception) -> None:
        self.refusal = first
        self.heard: list[tuple[str, Mapping[str, Any] | None, float]] = []
        self.first = asyncio.Event()
        self.second = asyncio.Event()

    async def call(
        self, method: str, parameters: Mapping[str, Any] | None = None, *, answer_seconds: float = 0
    ) -> bool:
        self.heard.append((method, parameters, answer_seconds))
        if len(self.heard) == 1:
            self.first.set()
            raise self.refusal
        self.second.set()
        return True


@pytest.mark.parametrize("first", [RefusedError(400, "Bad Request: query is too old"), KeyError("odd")])
async def test_a_refused_notice_does_not_end_the_next(first: Exception) -> None:
    telegram = Grumpy(first)
    notifier = ThrottleNotifier(
        telegram, Roomy(), load_translators(), BotMetrics(CollectorRegistry()), ManualClock(NOON)
    )
    task = asyncio.ensure_future(notifier.run())
    for tap, heard in (("tap0", telegram.first), ("tap1", telegram.second)):
        notifier.refuse(RefusedUpdate(7, 1, tap, "en"), notice=False)
        await asyncio.wait_for(heard.wait(), 5)
    assert not task.done()
    assert not task.cancelling()
    task.cancel()
    assert telegram.heard == [
        ("answerCallbackQuery", {"callback_query_id": tap}, 5.0) for tap in ("tap0", "tap1")
    ]


class Counting:
    """Counts the taps that are answered."""

    def __init__(self) -> None:
        self.answered: Counter[str] = Counter()
        self.last = asyncio.Event()

    async def call(
        self, _: str, parameters: Mapping[str, Any] | None = None, *, answer_seconds: float = 0
    ) -> bool:
        assert parameters is not None
        assert answer_seconds
        self.answered[parameters["callback_query_id"]] += 1
        if parameters["callback_query_id"] == "last":
            self.last.set()
        return True


async def test_a_flood_of_taps_becomes_no_flood_of_calls() -> None:
    telegram, registry = Counting(), CollectorRegistry()
    notifier = ThrottleNotifier(
        telegram, Roomy(), load_translators(), BotMetrics(registry), ManualClock(NOON)
    )
    for number in range(3 * TAPS_AT_ONCE):
        notifier.refuse(RefusedUpdate(7, number, "flood", "en"), notice=False)
    notifier.refuse(RefusedUpdate(7, 1000, "told", "en"), notice=True)
    notifier.refuse(RefusedUpdate(8, 1001, "last", "en"), notice=False)
    task = asyncio.ensure_future(notifier.run())
    await asyncio.wait_for(telegram.last.wait(), 5)
    task.cancel()
    assert telegram.answered == {"flood": TAPS_AT_ONCE, "told": 1, "last": 1}
    assert registry.get_sample_value("bellhop_notices_skipped_total") == 2 * TAPS_AT_ONCE


class Crowded(Roomy):
    """Has no leave to give until the limit has room again."""

    async def acquire(self, chat_id: int) -> str | None:
        return None if chat_id == 7 else await super().acquire(chat_id)


async def test_a_message_that_the_limit_has_no_room_for_is_left_out_and_counted() -> None:
    telegram, registry = Grumpy(KeyError()), CollectorRegistry()
    notifier = ThrottleNotifier(
        telegram, Crowded(), load_translators(), BotMetrics(registry), ManualClock(NOON)
    )
    task = asyncio.ensure_future(notifier.run())
    notifier.refuse(RefusedUpdate(7, 1, None, "en"), notice=True)
    notifier.refuse(RefusedUpdate(8, 2, None, "en"), notice=True)
    await asyncio.wait_for(telegram.first.wait(), 5)
    task.cancel()
    assert [method for method, _, _ in telegram.heard] == ["sendMessage"]
    assert registry.get_sample_value("bellhop_notices_skipped_total") == 1
