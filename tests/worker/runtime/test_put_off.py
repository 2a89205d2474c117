"""A thousand taps at Telegram's limit: each is decided once, answered once and shown once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import batched

import pytest
from prometheus_client import CollectorRegistry

from shared.clock import SystemClock
from shared.contracts.booking import ShowServices
from shared.envelope import Actor, Envelope, ReplyTo
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.settings import WorkerSettings
from shared.telegram.client import TelegramClient
from tests.kit.wiring import TOKEN
from tests.queueing import until
from tests.worker.counting import Trips, count_statements
from tests.worker.stage import Stage
from worker.replica import Connections, Replica

TAPS = 1000
A_SECOND = 200
FLOODS = 20
"""So many views Telegram is not ready for."""
TOGETHER = 50
FIRST = 500_000
ASKED = "SELECT business."
"""How the statement begins with which every decision begins."""


async def tapped(stage: Stage, number: int) -> Envelope:
    """Let somebody who has written to the bot tap under a message of their own."""
    person = FIRST + number
    await stage.telegram.user(person)
    await stage.telegram.post(f"/chats/{person}/messages", text="/start")
    envelope = await stage.tapped(ShowServices(), person)
    return Envelope(
        bot_id=1_000_000_001,
        update_id=person,
        received_at=datetime.now(UTC),
        actor=Actor(id=person, first_name="Q"),
        reply_to=ReplyTo(**envelope.reply_to.model_dump()),
        command=envelope.command,
    )


@pytest.mark.timeout(180)
async def test_a_thousand_taps_at_the_limit(stage: Stage, shop_url: str, valkey_url: str) -> None:
    settings = WorkerSettings(
        bot_token=TOKEN, database_url=shop_url, redis_url=valkey_url, send_per_second=A_SECOND
    )
    registry, trips = CollectorRegistry(), Trips()
    envelopes = [
        envelope
        for numbers in batched(range(TAPS), TOGETHER)
        for envelope in await asyncio.gather(*(tapped(stage, number) for number in numbers))
    ]
    before = len(await stage.telegram.get("/calls", method="editMessageText"))
    redis, blocking = connect(valkey_url), connect(valkey_url, answer_seconds=None)
    telegram = TelegramClient(stage.telegram.token, stage.telegram.url)

    def done(result: str = "done") -> float:
        labels = {"kind": ShowServices.kind, "result": result}
        return registry.get_sample_value("bellhop_commands_total", labels) or 0

    async def all_done() -> bool:
        return done() == TAPS

    async with Connections(settings, redis, blocking, telegram) as connections:
        ways = connections.database
        for sessions in (ways.writing, ways.reading, connections.delivery):
            count_statements(sessions.kw["bind"], trips)
        replica = Replica(settings, connections, registry)
        await stage.fault("flood", "editMessageText", retry_after=1, count=FLOODS)
        queue = ArqCommandQueue(redis, SystemClock())
        for some in batched(envelopes, TOGETHER):
            await queue.put_all(some)
        async with asyncio.TaskGroup() as group:
            group.create_task(replica.run())
            await until(all_done, seconds=120)
            replica.stop()

    edits = await stage.telegram.get("/calls", method="editMessageText")
    shown = Counter(call["params"]["chat_id"] for call in edits[before:] if call["status"] == HTTPStatus.OK)
    answered = Counter(
        call["params"]["callback_query_id"]
        for call in await stage.telegram.get("/calls", method="answerCallbackQuery")
    )
    assert done("put_off") >= FLOODS, "no view was put off"
    assert sum(statement.startswith(ASKED) for statement in trips.sql) == TAPS
    assert set(answered.values()) == {1}
    assert len(answered) == TAPS
    assert set(shown.values()) == {1}
    assert len(shown) == TAPS
