"""Updates accepted a second by one front end, until it can take no more.

64 connections, each with one request on its way, made by hand: no client library takes the server's core.
No worker runs; the monolith answers while it accepts, because it has nowhere to put what it accepts.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from statistics import median
from typing import Any, cast

from redis.asyncio import Redis

from bot.app import SECRET_HEADER
from bot.webhook import PATH
from sandbox.addresses import base_environment
from sandbox.emulator.config import CALLBACK_ANSWER_SECONDS
from sandbox.emulator.world import Callback
from sandbox.errors import ProcessStoppedError
from sandbox.loopback import answers
from sandbox.options import PROJECT
from sandbox.ports import LOOPBACK, free_port
from sandbox.process import ManagedProcess, Program
from shared.buttons import pack
from tests.benchmarks.contenders import READY_SECONDS, SECRET, Contender, contenders
from tests.benchmarks.crowd import crowd
from tests.benchmarks.system import Bench

CONNECTIONS = 64
PEOPLE = 10_000
"""So many that nobody comes too often for the throttle."""
FIRST_UPDATE = 1_000_000_000
FLOORS = {"floor: arq": "arq", "floor: one Redis call": "redis"}
FLOOR_REDIS = 8
OK = b"HTTP/1.1 200"


class Caller(asyncio.Protocol):
    """One connection that posts again as soon as it is answered."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        self._requests = requests
        self._transport: asyncio.Transport | None = None
        self._answer = b""
        self.accepted = 0
        self.refused = 0
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by its methods alone
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        """Count the answer once it is whole, and post the next one."""
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        if head.startswith(OK):
            self.accepted += 1
        else:
            self.refused += 1
        self._answer = b""
        if self._transport is not None:
            self._transport.write(next(self._requests))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's own signature
        """Stop."""
        self.lost = True

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


def _itself(caller: Caller) -> Caller:
    return caller


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def requests(bench: Bench, name: str, port: int) -> Iterator[bytes]:
    """Make updates without end: taps on a day, each with an id of its own."""
    people = crowd(bench, name)
    message_ids = {number: person.message_id for number, person in people.people.items()}
    numbers = count(bench.made.setdefault("next update", FIRST_UPDATE))
    known = list(message_ids)
    for number in numbers:
        bench.made["next update"] = number + 1
        person = known[number % len(known)] if name == "monolith" else FIRST_UPDATE + number % PEOPLE
        if name == "monolith":  # it answers while it accepts, and Telegram knows only taps that were made
            callback = Callback(str(number), people.bot.id, person, message_ids[person], time.time())
            bench.emulator.world.add_callback(callback, CALLBACK_ANSWER_SECONDS)
        body = json.dumps(_update(number, person, message_ids.get(person, 1), pack(people.look()))).encode()
        head = [f"POST {PATH} HTTP/1.1", f"Host: {LOOPBACK}:{port}", "Content-Type: application/json"]
        head += [f"{SECRET_HEADER}: {SECRET}", f"Content-Length: {len(body)}", "\r\n"]
        yield "\r\n".join(head).encode() + body


def _update(number: int, person: int, message_id: int, data: str) -> dict[str, Any]:
    user = {"id": person, "is_bot": False, "first_name": f"Quill{person}", "language_code": "en"}
    chat = {"id": person, "type": "private", "first_name": user["first_name"]}
    message = {"message_id": message_id, "date": int(time.time()), "chat": chat, "text": "Choose a day."}
    query = {"id": str(number), "from": user, "message": message, "chat_instance": "1", "data": data}
    return {"update_id": number, "callback_query": query}


async def post_busily(requests_: Iterator[bytes], port: int, seconds: float) -> tuple[float, int, int]:
    """Post over all connections; return answers a second, how many were taken, and how many refused."""
    loop = asyncio.get_running_loop()
    callers = [Caller(requests_) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for caller in callers:
        await loop.create_connection(partial(_itself, caller), LOOPBACK, port)
    await asyncio.sleep(seconds)
    taken = sum(caller.accepted for caller in callers)
    rate = taken / (time.perf_counter() - began)
    for caller in callers:
        caller.close()
    return rate, taken, sum(caller.refused for caller in callers)


@asynccontextmanager
async def floor(bench: Bench, kind: str) -> AsyncIterator[int]:
    """Run a bare route for the length of the block; hands over its port."""
    port = free_port()
    environment = base_environment() | {"BOT_PORT": str(port), "REDIS_URL": bench.valkey.url(FLOOR_REDIS)}
    argv = [sys.executable, "-m", "tests.benchmarks.peers.floors", kind]
    log = bench.directory / "logs" / f"floor-{kind}.log"
    process = ManagedProcess(Program(f"floor {kind}", argv, log, environment, PROJECT)).start()
    try:
        await process.wait_ready(lambda: answers(f"http://{LOOPBACK}:{port}/ready"), seconds=READY_SECONDS)
        yield port
    finally:
        await process.kill()


async def measure(bench: Bench) -> dict[str, Any]:
    """Measure the front ends and the floors in turn, round by round."""
    fronts = await contenders(bench, workers=0)
    rates: dict[str, list[float]] = {}
    async with floor(bench, "arq") as arq, floor(bench, "redis") as redis:
        floors = dict(zip(FLOORS, (arq, redis), strict=True))
        for _ in range(bench.scale.rounds):
            for each in fronts:
                rates.setdefault(each.name, []).append(await _front(bench, each))
            for name, port in floors.items():
                url = bench.valkey.url(FLOOR_REDIS)
                rates.setdefault(name, []).append(await _one(bench, name, port, url))
    return {
        "connections": CONNECTIONS,
        "a_second": {name: median(found) for name, found in rates.items()},
        "rounds": rates,
    }


async def _front(bench: Bench, each: Contender) -> float:
    rate = await _one(bench, each.name, each.addresses.bot, each.redis_url)
    if each.name == "monolith":  # what hung up meanwhile is still being answered
        await asyncio.sleep(1)
    return rate


async def _one(bench: Bench, name: str, port: int, redis_url: str) -> float:
    """Post for a while; what was accepted has to be in Redis, where it goes there."""
    known = name if name in bench.scale.contenders else "bellhop"
    rate, taken, refused = await post_busily(requests(bench, known, port), port, bench.scale.accept_seconds)
    if refused:
        bench.notes.append(f"{name} refused {refused} of {taken + refused} updates")
    if name != "monolith":
        async with Redis.from_url(redis_url) as client:
            kept = int(await client.dbsize())
        if kept < taken:
            raise ProcessStoppedError(f"{name} accepted {taken} updates and kept {kept}")
    await bench.flush(redis_url)
    return rate
