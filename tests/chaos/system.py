"""The system under test: a sandbox whose parts die, freeze and come back, each death accounted for."""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from sandbox.loopback import answers
from sandbox.options import Options
from sandbox.ports import LOOPBACK
from sandbox.process import ManagedProcess
from sandbox.system import Sandbox
from shared.failpoints import EXIT_CODE, VARIABLE
from shared.queue import keys
from tests.chaos import skewed

type Mode = Literal["polling", "webhook"]

LOOK_SECONDS = 0.05
UP_SECONDS = 40.0
GRACE_SECONDS = 12.0
# What a failpoint does to its own process.
OWN_DEATHS: Final = frozenset({-signal.SIGKILL, EXIT_CODE})
# One step: what is thrown away is exactly what is told.
EMPTY_SCRIPT: Final = """
local jobs, seen = redis.call('KEYS', ARGV[1] .. '*'), {}
for _, key in ipairs(redis.call('KEYS', '*' .. ARGV[2])) do
  for _, id in ipairs(redis.call('LRANGE', key, 0, -1)) do seen[#seen + 1] = 'u:' .. id end
end
redis.call('FLUSHALL')
return {jobs, seen}
"""
REFUSE: Final = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'as the chaos run has it' USING ERRCODE = TG_ARGV[0]; END $$;
CREATE TRIGGER refuses BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION refuse('{state}')
"""


@dataclass(frozen=True, slots=True)
class Emptying:
    """What Redis forgot, and when, in Unix seconds: updates by their ids."""

    at: float
    waiting: frozenset[int]
    """Those whose commands it held."""
    seen: frozenset[int]
    """Those that it would not have taken again."""


@dataclass(slots=True)
class Fault:
    """Something that was done to the system; instants are Unix seconds."""

    kind: str
    target: str
    at: float
    until: float = 0.0

    @property
    def over(self) -> float:
        """When it was over."""
        return self.until or self.at


@dataclass(frozen=True, slots=True)
class Loss:
    """A worker that was killed, or frozen for longer than a lease, with jobs in hand."""

    worker: str
    at: float
    killed: bool
    jobs: Sequence[str]
    noticed_later: bool = False
    """A failpoint ended it: `at` is when that was noticed, and its log says when it was."""


@dataclass
class Part:
    """The bot or one worker; `lock` is held by whoever is breaking it."""

    process: ManagedProcess
    health: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    armed: str = ""
    pid: int | None = None
    """Of the process that runs, or ran last."""

    def __post_init__(self) -> None:
        """Know the process that runs already."""
        self.pid = self.process.pid

    @property
    def name(self) -> str:
        """What the sandbox calls it."""
        return self.process.name

    def start(self, armed: str = "", skew: float = 0.0) -> None:
        """Start it anew, with or without failpoints, its clock `skew` seconds ahead."""
        program = self.process.program
        environment = dict(program.environment or {})
        for name, value in ((VARIABLE, armed), (skewed.SKEW, skew)):
            environment.pop(name, None)
            if value:
                environment[name] = str(value)
        argv = skewed.argv(program.argv, skew)
        self.process.program = replace(program, argv=argv, environment=environment)
        self.armed = armed
        self.process.start()
        self.pid = self.process.pid

    async def up(self) -> None:
        """Return once it serves; at once when it is killed before."""
        async with asyncio.timeout(UP_SECONDS):
            while self.process.running and not await answers(self.health):  # noqa: ASYNC110 - asked over HTTP
                await asyncio.sleep(LOOK_SECONDS)


class ChaosSystem:
    """Breaks a sandbox and mends it; `faults` and `problems` say what was done and what was found."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.faults: list[Fault] = []
        self.losses: list[Loss] = []
        self.problems: list[str] = []
        self.emptyings: list[Emptying] = []
        assert sandbox.bot is not None
        self.bot = Part(sandbox.bot, f"{sandbox.addresses.bot_url}/health")
        ports = sandbox.addresses.workers
        self.workers = [
            Part(worker, f"http://{LOOPBACK}:{port}/health")
            for worker, port in zip(sandbox.workers, ports, strict=True)
        ]

    @property
    def parts(self) -> Sequence[Part]:
        """Everything that is ours to break."""
        return [self.bot, *self.workers]

    def note(self, kind: str, target: str) -> Fault:
        """Write a fault down."""
        fault = Fault(kind, target, time.time())
        self.faults.append(fault)
        return fault

    async def watch(self) -> None:
        """Start again what a failpoint ended, and report what ended by itself; until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for part in self.parts:
                if not part.lock.locked() and not part.process.running:
                    async with part.lock:
                        await self._note_loss(part, time.time(), noticed_later=True)
                        self._came_to_an_end(part)
                        part.start()

    async def _note_loss(
        self, part: Part, at: float, *, killed: bool = True, noticed_later: bool = False
    ) -> None:
        """Write down what a worker had in hand; the queue names the owner of each claimed job."""
        if part not in self.workers:
            return
        with suppress(RedisError, OSError):
            async with Redis.from_url(self.sandbox.addresses.redis_url) as redis:
                own = f"{keys.INTERACTIVE}{keys.CLAIMED}{socket.gethostname()}-{part.pid}:*"
                lists = [name async for name in redis.scan_iter(own)]
                jobs = [job.decode() for name in lists for job in await redis.lrange(name, 0, -1)]
            if jobs:
                self.losses.append(Loss(part.name, at, killed, jobs, noticed_later))

    def _came_to_an_end(self, part: Part) -> None:
        if part.armed and part.process.exit_code in OWN_DEATHS:
            self.note("failpoint", f"{part.name} {part.armed}")
            return
        self.problems.append(f"ended by itself: {part.process.explain_exit()}")

    async def kill(self, part: Part, *, pause: float = 0.0, armed: str = "", skew: float = 0.0) -> None:
        """SIGKILL a part and start it again after a pause, with failpoints or a wrong clock or without."""
        async with part.lock:
            fault = self.note("kill", part.name)
            await part.process.kill()
            await self._note_loss(part, fault.at)
            await asyncio.sleep(pause)
            part.start(armed, skew)
            fault.until = time.time()
        if skew:
            self.note("skew", f"{part.name} {skew:+.0f} s").until = time.time()

    async def terminate(self, part: Part) -> None:
        """SIGTERM a part, as a rolling restart does, and start it again."""
        async with part.lock:
            fault = self.note("terminate", part.name)
            began, serving = time.time(), await answers(part.health)
            code = await part.process.stop(grace=GRACE_SECONDS)
            # One that is only starting has nothing in hand, and ends as any program does.
            if code != 0 and not (part.armed and code in OWN_DEATHS) and (serving or code != -signal.SIGTERM):
                took = time.time() - began
                self.problems.append(f"{part.name} ended with {code} {took:.1f} s after SIGTERM")
            part.start()
            fault.until = time.time()

    async def freeze(self, part: Part, seconds: float) -> None:
        """SIGSTOP a part for longer than its leases, and let it go on."""
        async with part.lock:
            fault = self.note("freeze", part.name)
            part.process.pause()
            await self._note_loss(part, fault.at, killed=False)
            await asyncio.sleep(seconds)
            part.process.resume()
            fault.until = time.time()

    async def kill_redis(self, pause: float = 0.0) -> None:
        """SIGKILL Valkey and start it on its append-only file."""
        fault = self.note("redis killed", "valkey")
        await self.sandbox.valkey.kill()
        await asyncio.sleep(pause)
        await self.sandbox.valkey.start()
        fault.until = time.time()

    async def empty_redis(self) -> None:
        """Throw everything in Valkey away, and remember which jobs that were."""
        fault = self.note("redis emptied", "valkey")
        async with Redis.from_url(self.sandbox.addresses.redis_url) as redis:
            jobs, seen = await redis.eval(EMPTY_SCRIPT, 0, keys.JOB, keys.SEEN)
        self.emptyings.append(Emptying(fault.at, _update_ids(jobs), _update_ids(seen)))
        fault.until = time.time()

    async def crash_postgres(self, pause: float = 0.0) -> None:
        """Stop PostgreSQL in immediate mode, which writes nothing any more, and start it again."""
        fault = self.note("postgres crashed", "postgres")
        await self.sandbox.postgres.stop("immediate")
        await asyncio.sleep(pause)
        await self.sandbox.postgres.start()
        fault.until = time.time()

    async def refuse_in_postgres(self, table: str, state: str, seconds: float) -> None:
        """Have PostgreSQL refuse whatever is written into a table, as if something were wrong with it."""
        fault = self.note("postgres refused", f"{state} {table}")
        await self._tell_postgres(REFUSE.format(state=state, table=table))
        await asyncio.sleep(seconds)
        await self._tell_postgres(f"DROP TRIGGER refuses ON {table}")
        fault.until = time.time()

    async def _tell_postgres(self, statement: str) -> None:
        url = self.sandbox.addresses.database_url.replace("+asyncpg", "")
        connection = await asyncpg.connect(url, ssl=False)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def mend(self) -> None:
        """Have everything run, with no failpoint armed."""
        for part in self.parts:
            async with part.lock:
                if part.armed or not part.process.running:
                    await part.process.stop(grace=GRACE_SECONDS)
                    part.start()
            await part.up()


def _update_ids(names: list[bytes]) -> frozenset[int]:
    return frozenset(int(name.rpartition(b":")[2]) for name in names)


@asynccontextmanager
async def chaos_system(
    data: Path,
    business: Path,
    *,
    workers: int,
    mode: Mode,
    environment: Mapping[str, str],
    worker_module: Sequence[str] = ("worker",),
) -> AsyncIterator[ChaosSystem]:
    """Run a system to break for the length of the block."""
    sandbox = Sandbox(
        Options(data=data, port=0, workers=workers, business=business, bot_mode=mode, environment=environment)
    )
    try:
        await sandbox.start()
        system = ChaosSystem(sandbox)
        if tuple(worker_module) != ("worker",):
            await _replace_workers(system, worker_module)
        yield system
        await sandbox.stop()
    finally:
        await sandbox.kill()


async def _replace_workers(system: ChaosSystem, module: Sequence[str]) -> None:
    for part in system.workers:
        await part.process.stop(grace=GRACE_SECONDS)
        program = part.process.program
        python, option, *_ = program.argv
        part.process.program = replace(program, argv=[python, option, *module])
        part.start()
        await part.up()
