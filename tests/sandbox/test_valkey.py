from pathlib import Path

from redis.asyncio import Redis

from sandbox.valkey import ValkeyServer


async def test_what_it_answered_survives_a_kill(tmp_path: Path) -> None:
    server = await ValkeyServer(tmp_path / "valkey").start()
    try:
        async with Redis.from_url(server.url()) as redis:
            await redis.set("visit", "kept")
        await server.kill()
        assert server.pid is None
        assert not await server.answers()
        await server.start()
        async with Redis.from_url(server.url()) as redis:
            assert await redis.get("visit") == b"kept"
            assert (await redis.config_get("appendfsync"))["appendfsync"] == "always"
            assert (await redis.config_get("maxmemory-policy"))["maxmemory-policy"] == "noeviction"
        await server.restart()
        assert await server.answers()
    finally:
        await server.stop()


async def test_every_test_gets_an_empty_one(valkey_url: str) -> None:
    async with Redis.from_url(valkey_url) as redis:
        assert await redis.dbsize() == 0
        await redis.set("left", "over")


async def test_and_so_does_the_next(valkey_url: str) -> None:
    await test_every_test_gets_an_empty_one(valkey_url)
