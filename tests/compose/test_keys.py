"""The secrets that the `keys` service makes, and what each of them opens in the real Redis and Valkey."""

import asyncio
import json
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from sandbox.ports import free_port
from sandbox.valkey import binary
from tests.bot import updates
from tests.bot.fake_telegram import fake_telegram
from tests.bot.updates import TOKEN
from tests.compose.files import OBSERVABILITY, SINGLE, Json, services
from tests.queueing import until
from tests.running import ROOT

VOLUMES = ("postgres", "database", "webhook", "redis", "queue", "exporter")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The volumes, filled for the first time."""
    for volume in VOLUMES:
        (tmp_path / volume).mkdir()
    make_keys(tmp_path)
    return tmp_path


def make_keys(directory: Path) -> str:
    done = subprocess.run(
        ["sh", "compose/keys/make-keys.sh"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KEYS_DIRECTORY": str(directory)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@asynccontextmanager
async def locked_server(keys: Path) -> AsyncIterator[int]:
    """Run a Valkey as Compose does, with the users of `keys`; the block is handed its port."""
    port = free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(keys), "--save", "")
    durable = ("--appendonly", "yes", "--appendfsync", "always")
    command = [str(binary()), *options, *durable, "--aclfile", str(keys / "redis/users.acl")]
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL)
    await until(partial(is_healthy, port))
    yield port
    process.terminate()
    await process.wait()


async def is_healthy(port: int) -> bool:
    """Ask as the container's health check does."""
    check = services(SINGLE)["redis"]["healthcheck"]["test"]
    user, password = check[check.index("--user") + 1], check[check.index("--pass") + 1]
    async with Redis(port=port, username=user, password=password) as asking:
        try:
            return bool(await asking.ping())
        except (RedisError, OSError):
            return False


@pytest.fixture
async def port(keys: Path) -> AsyncIterator[int]:
    async with locked_server(keys) as port:
        yield port


def test_what_is_there_stays(keys: Path) -> None:
    before = {path: path.read_text() for path in keys.rglob("*") if path.is_file()}
    assert make_keys(keys) == ""
    assert {path: path.read_text() for path in keys.rglob("*") if path.is_file()} == before
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in before)


@pytest.mark.parametrize("lost", VOLUMES)
def test_a_volume_that_is_lost_is_made_again_and_all_agree(keys: Path, lost: str) -> None:
    """PostgreSQL alone keeps what it was told: its password stays as long as anybody knows it."""
    before = (keys / "postgres/bellhop").read_text()
    for path in (keys / lost).iterdir():
        path.unlink()
    make_keys(keys)
    assert (keys / "postgres/bellhop").read_text() == (keys / "database/password").read_text() == before
    assert before in (keys / "database/url").read_text()
    for name, place in (("bellhop", "queue/url"), ("exporter", "exporter/redis.json")):
        password = (keys / "redis" / name).read_text()
        assert password in (keys / place).read_text()
        assert f"user {name} on >{password} " in (keys / "redis/users.acl").read_text()


def places(service: Json) -> list[str]:
    return [str(each).split(":")[1] for each in service.get("volumes", [])]


async def order(redis: Redis, *command: str) -> None:
    await redis.execute_command(*command)  # type: ignore[no-untyped-call]


def test_every_service_mounts_what_it_needs_and_no_more() -> None:
    mounted = {
        name: {place.removeprefix("/keys/") for place in places(service) if place.startswith("/keys/")}
        for name, service in services(SINGLE).items()
    }
    assert mounted == {
        "keys": set(VOLUMES),
        "dump": {"database"},
        "migrate": {"database"},
        "bot": {"webhook", "queue"},
        "worker": {"database", "webhook", "queue"},
        "bellhop": {"database", "webhook", "queue"},
        "postgres": {"postgres"},
        "redis": {"redis"},
        "caddy": set(),
        "backup": {"database"},
        "postgres-exporter": {"database"},
    }


async def test_who_has_no_password_may_ask_whether_it_lives_and_nothing_else(port: int) -> None:
    async with Redis(port=port) as nobody:
        for command in (("PING",), ("GET", "x"), ("SET", "bellhop:interactive", "x")):
            with pytest.raises(AuthenticationError):
                await order(nobody, *command)
    async with Redis(port=port, username="health", password="none") as asking:
        assert await asking.ping()
        for command in (("GET", "x"), ("SET", "bellhop:interactive", "x"), ("INFO",), ("ACL", "LIST")):
            with pytest.raises(NoPermissionError):
                await order(asking, *command)
    for name in ("bellhop", "default"):
        async with Redis(port=port, username=name, password="guessed") as guesser:
            with pytest.raises(AuthenticationError):
                await guesser.ping()


async def test_what_was_accepted_is_there_after_a_restart(keys: Path) -> None:
    """A transaction is read back as the default user: what that may not do would be left out, silently.

    So it is with every Redis; of Valkey's releases the newest reads all. Hence the rule by its letters too.
    """
    rules = (keys / "redis/users.acl").read_text().splitlines()
    assert rules[0] == "user default off resetpass allkeys allchannels +@all"
    password = (keys / "redis/bellhop").read_text()
    async with (
        locked_server(keys) as port,
        Redis(port=port, username="bellhop", password=password) as ours,
    ):
        async with ours.pipeline(transaction=True) as transaction:
            transaction.set("bellhop:one", 1)
            transaction.zadd("bellhop:interactive", {"job": 1})
            await transaction.execute()
        script = ours.register_script("redis.call('SET', KEYS[1], 1); redis.call('SET', KEYS[2], 2)")
        await script(keys=["bellhop:two", "arq:job:three"])
    async with (
        locked_server(keys) as port,
        Redis(port=port, username="bellhop", password=password) as ours,
    ):
        names = ("bellhop:one", "bellhop:interactive", "bellhop:two", "arq:job:three")
        assert [await ours.exists(name) for name in names] == [1, 1, 1, 1]


async def test_bot_and_worker_reach_their_keys_and_administer_nothing(port: int, keys: Path) -> None:
    password = (keys / "redis/bellhop").read_text()
    async with Redis(port=port, username="bellhop", password=password) as ours:
        assert await ours.set("bellhop:probe", 1)
        for command in (
            ("FLUSHALL",),
            ("KEYS", "*"),
            ("CONFIG", "SET", "maxmemory", "1"),
            ("SHUTDOWN",),
            ("REPLICAOF", "evil.example", "6379"),
            ("ACL", "SETUSER", "default", "on", "allkeys", "allcommands"),
            ("SET", "somebody-elses", "x"),
        ):
            with pytest.raises(NoPermissionError):
                await order(ours, *command)


async def test_the_exporter_reads_figures_and_no_key(port: int, keys: Path) -> None:
    environment = services(OBSERVABILITY)["redis-exporter"]["environment"]
    name, address = environment["REDIS_USER"], environment["REDIS_ADDR"]
    known = json.loads((keys / "exporter/redis.json").read_text())
    password = known[address]
    assert known == {address: password, address.replace("://", f"://{name}@"): password}
    async with Redis(port=port, username=name, password=password) as exporter:
        assert "used_memory" in await exporter.info("memory")
        assert "maxmemory" in await exporter.config_get("maxmemory")
        for command in (("GET", "bellhop:probe"), ("SET", "bellhop:probe", "x"), ("FLUSHALL",)):
            with pytest.raises(NoPermissionError):
                await order(exporter, *command)


async def test_bot_worker_and_doctor_work_with_what_they_are_given(
    port: int, keys: Path, own_database_url: str
) -> None:
    """A tap goes from Telegram through the queue and back, and nothing on its way is refused."""
    address = (keys / "queue/url").read_text().replace("@redis:6379", f"@127.0.0.1:{port}")
    async with fake_telegram() as telegram:
        variables = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "REDIS_URL": address,
            "DATABASE_URL": own_database_url,
            "BOT_PORT": str(free_port()),
            "WORKER_METRICS_PORT": "0",
        }
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", name, cwd=ROOT, env=variables, stdout=PIPE, stderr=PIPE
            )
            for name in ("bot", "worker")
        ]
        await telegram.offer(updates.message("/start", 5))
        await telegram.until(lambda: bool(telegram.of("sendMessage")))
        doctor = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "worker.doctor", "--json", cwd=ROOT, env=variables, stdout=PIPE
        )
        report, _ = await doctor.communicate()
        for process in processes:
            process.terminate()
        outputs = [b"".join(await process.communicate()) for process in processes]
    assert not any(b"NoPermission" in output or b"NOPERM" in output for output in outputs)
    checks = {each["name"]: each for each in json.loads(report)["checks"]}
    for name in ("Redis", "Redis version", "Redis memory", "Redis eviction", "workers", "queue"):
        assert checks[name]["level"] == "ok", checks[name]
