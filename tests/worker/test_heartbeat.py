"""A replica's sign of life: there while it runs, and gone when it stops."""

import asyncio

from shared.queue import keys
from shared.queue.connection import connect
from tests.queueing import until
from worker.heartbeat import Heartbeat, replica_name


async def test_a_replica_that_stops_takes_itself_out(valkey_url: str) -> None:
    async with connect(valkey_url) as redis:

        async def alive() -> bool:
            return await redis.zscore(keys.REPLICAS, replica_name()) is not None

        beating = asyncio.ensure_future(Heartbeat(redis).beat_for_ever())
        await until(alive)
        beating.cancel()
        await asyncio.wait({beating})
        assert beating.cancelled()
        assert not await redis.exists(keys.REPLICAS)


async def test_replicas_are_counted_by_one_clock_whatever_the_machines_say(valkey_url: str) -> None:
    async with connect(valkey_url) as redis:
        seconds, _ = await redis.time()
        await redis.zadd(keys.REPLICAS, {"another": seconds - 5, "gone": seconds - 60})
        heartbeat = Heartbeat(redis)
        await heartbeat.beat()
        assert heartbeat.replicas == 2
        assert abs(float(await redis.zscore(keys.REPLICAS, replica_name())) - seconds) < 5
