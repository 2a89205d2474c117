"""Who runs: Bellhop and what people would use instead, each with a bot, a database and a Redis of its own."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bot.webhook import PATH
from sandbox.addresses import Addresses, bot_environment, worker_environment
from sandbox.emulator.world import Webhook
from sandbox.errors import ProcessStoppedError
from sandbox.loopback import answers
from sandbox.options import PROJECT
from sandbox.ports import LOOPBACK, HeldPorts
from sandbox.process import ManagedProcess, Program
from tests.benchmarks.system import SENDS_PER_SECOND, Bench, token

AS_SHIPPED = Path(__file__).with_name("as_shipped")
"""On every contender's path: without what is there for the tests alone."""
SECRET = "benchmark"
MOST_WORKERS = 4
READY_SECONDS = 60
NUMBERS = {"bellhop": 0, "monolith": 1, "stock arq": 2}
PEERS = {"monolith": "tests.benchmarks.peers.monolith", "stock arq": "tests.benchmarks.peers.stock_arq"}


@dataclass
class Contender:
    """One way to answer taps: a front end, and workers where it has some."""

    name: str
    bench: Bench
    database_url: str
    redis_url: str
    sends_per_second: int
    ports: HeldPorts = field(init=False, default_factory=lambda: HeldPorts(1 + MOST_WORKERS))
    front: ManagedProcess = field(init=False)
    pool: list[ManagedProcess] = field(init=False)
    addresses: Addresses = field(init=False)

    def __post_init__(self) -> None:
        telegram = int(self.bench.telegram_url.rpartition(":")[2])
        bot, *workers = self.ports.numbers
        self.addresses = Addresses(telegram, bot, tuple(workers), self.database_url, self.redis_url)
        self.front, self.pool = self._make()

    @property
    def token(self) -> str:
        """Its bot's token."""
        return token(NUMBERS[self.name])

    @property
    def webhook_url(self) -> str:
        """Where its updates are posted."""
        return f"{self.addresses.bot_url}{PATH}"

    @property
    def running(self) -> list[ManagedProcess]:
        """Its processes that run."""
        return [process for process in (self.front, *self.pool) if process.running]

    def _make(self) -> tuple[ManagedProcess, list[ManagedProcess]]:
        front = bot_environment(self.addresses, self.token, "webhook", SECRET)
        if self.name == "bellhop":
            bot = self._process("bot", ["bot"], front)
            limits = {"SEND_PER_SECOND": str(self.sends_per_second)}
            return bot, [
                self._process(
                    f"worker-{number}",
                    ["worker"],
                    worker_environment(self.addresses, self.token, port) | limits,
                )
                for number, port in enumerate(self.addresses.workers, start=1)
            ]
        both = front | {"DATABASE_URL": self.database_url}
        module = PEERS[self.name]
        if self.name == "monolith":
            return self._process("bot", [module], both), []
        return self._process("bot", [module, "bot"], both), [
            self._process("worker", [module, "worker"], both)
        ]

    def _process(self, name: str, module: list[str], environment: dict[str, str]) -> ManagedProcess:
        log = self.bench.directory / "logs" / f"{self.name.replace(' ', '-')}-{name}.log"
        argv = [sys.executable, "-m", *module]
        environment = {**environment, "PYTHONPATH": str(AS_SHIPPED)}
        if name.startswith("worker"):
            environment |= {"PYTHONOPTIMIZE": "2", "MALLOC_ARENA_MAX": "2"}  # as in Dockerfile.worker
        return ManagedProcess(Program(f"{self.name} {name}", argv, log, environment, PROJECT))

    def limit(self, sends_per_second: int) -> None:
        """Let it send so many messages a second, from its next start on; only Bellhop limits itself."""
        self.sends_per_second = sends_per_second
        self.front, self.pool = self._make()

    async def start(self, workers: int = 1) -> None:
        """Start the front end and workers, and have Telegram post to it. Raises ProcessStoppedError."""
        await self.start_front()
        await self.scale(workers)

    async def start_front(self) -> None:
        """Start the front end alone."""
        self.front.start()
        await self.front.wait_ready(lambda: answers(self.ready_url), seconds=READY_SECONDS)
        if self.name != "bellhop":  # Bellhop registers its webhook by itself
            emulator = self.bench.emulator
            emulator.use_webhook(emulator.by_token[self.token], Webhook(self.webhook_url, SECRET))

    @property
    def ready_url(self) -> str:
        """Answers once it can take updates."""
        return f"{self.addresses.bot_url}/ready"

    async def scale(self, workers: int) -> None:
        """Have so many workers run."""
        new = [number for number, process in enumerate(self.pool[:workers]) if not process.running]
        for process in self.pool[workers:]:
            if process.running:
                await process.stop()
        for number in new:
            self.pool[number].start()
        for number in new:
            await self.pool[number].wait_ready(self.worker_probe(number), seconds=READY_SECONDS)

    def worker_probe(self, number: int) -> Callable[[], "asyncio.Future[bool]"]:
        """Return what tells whether a worker takes jobs."""
        if self.name == "bellhop":
            url = f"http://{LOOPBACK}:{self.addresses.workers[number]}/health"
            return lambda: asyncio.ensure_future(answers(url))
        worker = self.pool[number]

        async def started() -> bool:
            return "ready\n" in worker.output() + "\n"

        return lambda: asyncio.ensure_future(started())

    def cpu_seconds(self) -> float:
        """Return what its processes have used so far, user and system."""
        return sum(self.cpu_by_process().values())

    def cpu_by_process(self) -> dict[str, float]:
        """Return the same by the processes' names."""
        used = {}
        for process in self.running:
            with suppress(psutil.Error):
                times = psutil.Process(process.pid).cpu_times()
                used[process.name] = times.user + times.system
        return used

    async def stop(self) -> None:
        """Stop it; what is on its way is forgotten."""
        emulator = self.bench.emulator
        bot = emulator.by_token[self.token]
        emulator.use_webhook(bot, None)
        emulator.queues[bot.id].clear()
        await asyncio.gather(*(process.stop(grace=3) for process in self.running))

    async def restart(self) -> None:
        """Begin anew, with nothing on the queue."""
        workers = sum(process.running for process in self.pool)
        await self.stop()
        await self.bench.flush(self.redis_url)
        await self.start(workers)


async def _made(bench: Bench, name: str) -> Contender:
    """Return a contender of this run, whether it runs or not."""
    key = f"contender {name}"
    if key not in bench.made:
        redis = bench.valkey.url(1 + NUMBERS[name])
        made = Contender(name, bench, await bench.database(), redis, SENDS_PER_SECOND)
        bench.stack.push_async_callback(made.stop)
        bench.made[key] = made
    found: Contender = bench.made[key]
    return found


async def contender(bench: Bench, name: str, workers: int = 1) -> Contender:
    """Return a contender of this run, running with so many workers.

    Raises ProcessStoppedError where it does not come up.
    """
    found = await _made(bench, name)
    if not found.front.running:
        await found.start_front()
    await found.scale(workers)
    return found


async def contenders(bench: Bench, workers: int = 1) -> list[Contender]:
    """Return all contenders of this run that can be had, running; the others are noted."""
    names = bench.scale.contenders
    for name in names:
        await _made(bench, name)
    found = []
    started = await asyncio.gather(
        *(contender(bench, name, workers) for name in names), return_exceptions=True
    )
    for name, each in zip(names, started, strict=True):
        if isinstance(each, Contender):
            found.append(each)
        elif isinstance(each, ProcessStoppedError):
            bench.notes.append(f"{name} did not start: {each}")
        else:
            raise each
    return found
