import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio
import structlog

from bot.polling import Polling
from bot.retry import REFUSED_SECONDS, BadTokenError
from shared.envelope import Envelope
from shared.queue.port import Receipt
from shared.telegram.client import TelegramClient
from tests.bot import updates
from tests.bot.fake_telegram import Answer, FakeTelegram, failure, fake_telegram, text
from tests.bot.kit import Kit
from tests.bot.updates import ASKED_FOR, TOKEN, Json


@dataclass
class Loop:
    """A polling loop against a Telegram of its own; its waits are written down and take no time."""

    telegram: FakeTelegram
    polling: Polling
    kit: Kit
    waits: list[float] = field(default_factory=list)
    on_wait: Callable[[], Awaitable[None]] | None = None

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if self.on_wait is not None:
            await self.on_wait()
        await asyncio.sleep(0)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.ensure_future(self.polling.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until_confirmed(self, update_id: int) -> None:
        await self.telegram.until(lambda: self.telegram.confirmed >= update_id)

    @property
    def queued(self) -> list[int]:
        return [envelope.update_id for envelope in self.kit.memory.envelopes]


@pytest_asyncio.fixture
async def loop() -> AsyncIterator[Loop]:
    kit = Kit(burst=1000)
    async with fake_telegram() as telegram, TelegramClient(TOKEN, telegram.url) as client:
        waiting: list[Loop] = []

        async def sleep(seconds: float) -> None:
            await waiting[0].sleep(seconds)

        polling = Polling(client, kit.ingest, kit.metrics, kit.clock, sleep=sleep)
        made = Loop(telegram, polling, kit)
        waiting.append(made)
        yield made


def starts(*update_ids: int) -> list[Json]:
    return [updates.message("/start", update_id) for update_id in update_ids]


async def test_the_webhook_goes_first_and_nothing_pending_is_thrown_away(loop: Loop) -> None:
    async with loop.running():
        await loop.telegram.offer(*starts(1))
        await loop.until_confirmed(1)
    assert loop.telegram.calls[0] == ("deleteWebhook", {"drop_pending_updates": False})
    first = loop.telegram.of("getUpdates")[0]
    assert first == {
        "timeout": 0,
        "limit": 100,
        "allowed_updates": ASKED_FOR,
    }


async def test_updates_are_queued_in_order_then_confirmed(loop: Loop) -> None:
    async with loop.running():
        await loop.telegram.offer(*starts(*range(5, 155)))
        await loop.until_confirmed(154)
    assert loop.queued == list(range(5, 155))


async def test_a_batch_goes_to_the_queue_in_one_call(loop: Loop) -> None:
    put_all, calls = loop.kit.memory.put_all, []

    async def watched(envelopes: Sequence[Envelope]) -> list[Receipt]:
        calls.append([envelope.update_id for envelope in envelopes])
        return await put_all(envelopes)

    loop.kit.memory.put_all = watched  # type: ignore[method-assign]
    await loop.telegram.offer(*starts(*range(100)))
    async with loop.running():
        await loop.until_confirmed(99)
    assert calls == [list(range(100))]


async def test_nothing_is_confirmed_before_it_is_queued(loop: Loop) -> None:
    late: list[int] = []
    put = loop.kit.memory.put

    async def watched(envelope):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - the port's own
        late.extend(u for u in [envelope.update_id] if u <= loop.telegram.confirmed)
        return await put(envelope)

    loop.kit.memory.put = watched  # type: ignore[method-assign]
    async with loop.running():
        await loop.telegram.offer(*starts(*range(30)))
        await loop.until_confirmed(29)
    assert (loop.queued, late) == (list(range(30)), [])


async def test_an_outage_within_a_batch_loses_nothing_and_keeps_the_order(loop: Loop) -> None:
    put = loop.kit.memory.put
    confirmed_meanwhile: list[int] = []

    async def fails_after_three(envelope):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - the port's own
        if len(loop.kit.memory.envelopes) == 3 and len(loop.waits) < 4:
            loop.kit.memory.down = True
        return await put(envelope)

    async def comes_back() -> None:
        confirmed_meanwhile.append(loop.telegram.confirmed)
        if len(loop.waits) == 4:
            loop.kit.memory.down = False

    loop.kit.memory.put = fails_after_three  # type: ignore[method-assign]
    loop.on_wait = comes_back
    await loop.telegram.offer(*starts(*range(8)))
    async with loop.running():
        await loop.until_confirmed(7)
    assert loop.queued == list(range(8))
    assert confirmed_meanwhile == [-1] * 4
    assert loop.waits == sorted(loop.waits)
    assert loop.kit.counted("message", "unavailable") == 4


async def test_what_cannot_be_understood_is_stepped_over(loop: Loop) -> None:
    broken: list[Json] = [{"update_id": 2, "message": {"text": "x"}}, {"update_id": 3}]
    await loop.telegram.offer(*starts(1), *broken, *starts(4))
    async with loop.running():
        await loop.until_confirmed(4)
    assert loop.queued == [1, 4]
    assert loop.kit.counted("message", "dropped") + loop.kit.counted("unknown", "invalid") == 2


async def test_an_update_nobody_can_read_does_not_block_those_behind_it(loop: Loop) -> None:
    def aloud(batch: list[Json]) -> str:
        deep = '{"update_id": 3, "message": ' + "[" * 5_000 + "]" * 5_000 + "}"
        written = [deep if update["update_id"] == 3 else json.dumps(update) for update in batch]
        return '{"ok": true, "result": [' + ",".join(written) + "]}"

    loop.telegram.reads_aloud = aloud
    await loop.telegram.offer(*starts(*range(1, 7)))
    async with loop.running():
        await loop.until_confirmed(6)
    assert loop.queued == [1, 2, 4, 5, 6]
    assert loop.kit.counted("unknown", "invalid") == 1


async def test_updates_without_a_number_do_not_spin_the_loop(loop: Loop) -> None:
    seen = asyncio.Event()

    async def on_wait() -> None:
        seen.set()
        loop.telegram.pending.clear()

    loop.on_wait = on_wait
    await loop.telegram.offer({"message": {}})
    async with loop.running(), asyncio.timeout(10):
        await seen.wait()
    assert loop.waits[0] > 0


async def test_an_offset_is_named_once_for_numbers_may_jump_down(loop: Loop) -> None:
    batch = json.dumps({"ok": True, "result": starts(1000)})
    loop.telegram.script("getUpdates", text(batch), text('{"ok": true, "result": []}'))
    async with loop.running():
        await loop.telegram.offer(*starts(5))
        await loop.until_confirmed(5)
    assert loop.queued == [1000, 5]
    offsets = [call.get("offset") for call in loop.telegram.of("getUpdates")]
    assert offsets[:4] == [None, 1001, None, 6]


@pytest.mark.parametrize(
    "answer",
    [
        failure(502, "Bad Gateway"),
        failure(500, "Internal Server Error"),
        failure(400, "Bad Request: strange"),
        text("not JSON at all"),
        text('{"ok": true, "result": ['),
        text('{"ok": true, "result": "nothing"}'),
    ],
)
async def test_the_loop_survives(loop: Loop, answer: Answer) -> None:
    loop.telegram.script("getUpdates", answer, answer)
    loop.telegram.script("deleteWebhook", failure(500, "Internal Server Error"))
    await loop.telegram.offer(*starts(1))
    async with loop.running():
        await loop.until_confirmed(1)
    assert loop.queued == [1]
    assert len(loop.waits) >= 3


async def test_waits_grow_and_a_success_makes_them_short_again(loop: Loop) -> None:
    loop.telegram.script("getUpdates", *[failure(502, "Bad Gateway")] * 6)
    await loop.telegram.offer(*starts(1))
    async with loop.running():
        await loop.until_confirmed(1)
        assert len(loop.waits) == 6
        for wait, full in zip(loop.waits, (0.5, 1, 2, 4, 8, 16), strict=True):
            assert full / 2 <= wait <= full
        loop.telegram.script("getUpdates", failure(502, "Bad Gateway"))
        await loop.telegram.offer(*starts(2))
        await loop.until_confirmed(2)
        await loop.telegram.offer(*starts(3))
        await loop.until_confirmed(3)
    assert len(loop.waits) == 7
    assert loop.waits[6] <= 0.5


async def test_a_flood_is_waited_out(loop: Loop) -> None:
    loop.telegram.script("getUpdates", failure(429, "Too Many Requests: retry after 17", retry_after=17))
    await loop.telegram.offer(*starts(1))
    async with loop.running():
        await loop.until_confirmed(1)
    assert loop.waits == [17]


async def test_a_rival_is_named_and_given_time(loop: Loop) -> None:
    loop.telegram.script("getUpdates", failure(409, "Conflict: terminated by other getUpdates request"))
    await loop.telegram.offer(*starts(1))
    with structlog.testing.capture_logs() as lines:
        async with loop.running():
            await loop.until_confirmed(1)
    assert loop.waits == [REFUSED_SECONDS]
    (named,) = [line for line in lines if line["log_level"] == "error"]
    assert "another process polls" in named["event"]
    assert loop.kit.value("bellhop_polling_conflicts_total") == 1
    assert loop.kit.value("bellhop_polling_last_conflict_timestamp_seconds") > 0


@pytest.mark.parametrize("status", [401, 404])
async def test_a_bad_token_ends_the_loop(loop: Loop, status: int) -> None:
    loop.telegram.script("getUpdates", failure(status, "Unauthorized"))
    with pytest.raises(BadTokenError, match="BOT_TOKEN"):
        await loop.polling.run()


async def test_the_loop_says_whether_it_works(loop: Loop) -> None:
    heard = [loop.polling.working]
    async with loop.running():
        await loop.telegram.until(lambda: len(loop.telegram.of("getUpdates")) == 2)
    heard.append(loop.polling.working)
    now = loop.kit.clock.now().timestamp()
    assert loop.kit.value("bellhop_polling_last_success_timestamp_seconds") == now
    loop.kit.clock.advance(timedelta(minutes=1))
    assert [*heard, loop.polling.working] == [False, True, False]


async def test_a_batch_too_large_to_read_is_taken_one_by_one(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.telegram.client.LARGEST_ANSWER", 100_000)
    first, second, last = starts(1, 2, 3)
    second["x"] = "x" * 150_000
    await loop.telegram.offer(first, second, last)
    async with loop.running():
        await loop.until_confirmed(3)
    assert loop.queued == [1, 3]
