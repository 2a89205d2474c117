"""The whole system on one machine: every part a process of its own, started as containers start them."""

import asyncio
import secrets
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from sandbox.addresses import (
    Addresses,
    bot_environment,
    database_environment,
    worker_environment,
)
from sandbox.data_directory import DataDirectory
from sandbox.errors import ProcessStoppedError, SandboxError
from sandbox.loopback import answers
from sandbox.options import PROJECT, Options
from sandbox.people import invite_people
from sandbox.ports import LOOPBACK, HeldPorts, is_free
from sandbox.postgres import OWNER, PostgresCluster
from sandbox.process import ManagedProcess, Program
from sandbox.valkey import ValkeyServer
from worker.db import migrations

READY_SECONDS = 60.0
MIGRATIONS = Path(migrations.__file__).parent / "versions"
# Together under ten seconds, even where two of them hang.
BOT_GRACE, WORKER_GRACE, TELEGRAM_GRACE, VALKEY_GRACE, POSTGRES_GRACE = 2.5, 4.0, 2.0, 2.0, 3.0


def _say_nothing(_line: str) -> None:
    pass


class Sandbox:
    """Starts, watches and stops the parts. `processes` holds each by name, for whoever breaks them."""

    def __init__(self, options: Options, say: Callable[[str], None] = _say_nothing) -> None:
        self.options = options
        self.say = say
        self.data = DataDirectory(options.data)
        self.token = ""  # nosec B105
        self.webhook_secret = secrets.token_urlsafe(32)
        self._ports = HeldPorts(4 + options.workers, besides=options.port)
        postgres, valkey, telegram, bot, *workers = self._ports.numbers
        logs = self.data.logs
        self.postgres = PostgresCluster(self.data.postgres, port=postgres, log=logs / "postgres.log")
        self.valkey = ValkeyServer(self.data.valkey, port=valkey, log=logs / "valkey.log")
        self.addresses = Addresses(
            telegram=options.port or telegram,
            bot=bot,
            workers=tuple(workers),
            database_url=self.postgres.url(OWNER),
            redis_url=self.valkey.url(),
        )
        self.telegram: ManagedProcess | None = None
        self.bot: ManagedProcess | None = None
        self.workers: list[ManagedProcess] = []
        self._tasks: list[ManagedProcess] = []

    @property
    def processes(self) -> dict[str, ManagedProcess]:
        """Every long-running process that has been started, by name."""
        parts = [self.postgres.process, self.valkey.process, self.telegram, self.bot, *self.workers]
        return {part.name: part for part in parts if part is not None and part.started}

    async def start(self) -> None:
        """Start everything and return when the chat can be used.

        Raises SandboxError with a sentence for people; then everything has been stopped again.
        """
        self.data.open()
        try:
            self._prepare()
            await self._start_parts()
        except BaseException:
            await self.kill()
            raise

    def _prepare(self) -> None:
        if self.options.business is not None and not self.options.business.is_file():
            raise SandboxError(f"There is no business file {self.options.business}.")
        if not is_free(self.addresses.telegram):
            port = self.addresses.telegram
            raise SandboxError(
                f"Port {port} is taken by another program. `python -m sandbox --port {port + 1}` uses "
                "another one, `--port 0` picks a free one."
            )
        if self.options.fresh:
            self.data.empty()
        self.token = self.data.token()

    async def _start_parts(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._start_telegram())
                valkey = group.create_task(self.valkey.start())
                database = group.create_task(self._start_database())
                # The bot waits for Telegram and Valkey by itself; its imports need not.
                group.create_task(self._start_bot())
                group.create_task(self._start_workers(valkey, database))
        except BaseExceptionGroup as failures:
            raise _first(failures) from None

    async def _start_telegram(self) -> None:
        arguments = ["--host", LOOPBACK, "--port", str(self.addresses.telegram), "--token", self.token]
        arguments += ["--state", str(self.data.telegram / "state")]
        self.telegram = self._run("telegram", ["sandbox.emulator", *arguments], None)
        await self._until_up(self.telegram, f"{self.addresses.client_api}/health")
        await invite_people(self.addresses.client_api)
        self.say("Telegram's emulator and the web chat are up.")

    async def _start_database(self) -> None:
        await self.postgres.start()
        if not await self.postgres.has_database(OWNER):
            self.data.forget_done()
            await self.postgres.create_database(OWNER)
        await self._once("migrate", ["alembic", "upgrade", "head"], *sorted(MIGRATIONS.glob("*.py")))
        if self.options.business is None:
            self.say("PostgreSQL is up, with the schema in it and no business yet.")
        else:
            await self._apply(self.options.business.absolute())
            self.say("PostgreSQL is up, with the schema and the business in it.")

    async def _apply(self, business: Path) -> None:
        arguments = ["apply", str(business), "--yes", "--keep", "--keep-instant"]
        await self._once("business", ["worker.business", *arguments], business)

    async def _start_bot(self) -> None:
        addresses, options = self.addresses, self.options
        environment = bot_environment(addresses, self.token, options.bot_mode, self.webhook_secret)
        self.bot = self._run("bot", ["bot"], {**environment, **options.environment})
        await self._until_up(self.bot, f"{addresses.bot_url}/ready")
        self.say(f"The bot is up ({options.bot_mode}).")

    async def _start_workers(self, *needed: "asyncio.Task[object]") -> None:
        await asyncio.gather(*needed)
        for number, port in enumerate(self.addresses.workers, start=1):
            environment = worker_environment(self.addresses, self.token, port)
            environment |= self.options.environment
            self.workers.append(self._run(f"worker-{number}", ["worker"], environment))
        ports = self.addresses.workers
        health = [f"http://{LOOPBACK}:{port}/health" for port in ports]
        await asyncio.gather(*map(self._until_up, self.workers, health))
        self.say(f"{len(ports)} worker{'' if len(ports) == 1 else 's'} up.")

    def _run(self, name: str, module: list[str], environment: dict[str, str] | None) -> ManagedProcess:
        return ManagedProcess(self._program(name, module, environment)).start()

    def _program(self, name: str, module: list[str], environment: dict[str, str] | None) -> Program:
        return Program(
            name=name,
            argv=[sys.executable, "-m", *module],
            log=self.data.logs / f"{name}.log",
            environment=environment or database_environment(self.addresses),
            directory=PROJECT,
        )

    async def _until_up(self, process: ManagedProcess, url: str) -> None:
        await process.wait_ready(lambda: answers(url), seconds=READY_SECONDS)

    async def _once(self, name: str, module: list[str], *files: Path) -> None:
        """Run something that ends by itself, as the migrate container does, unless nothing has changed."""
        if self.data.is_done(name, *files):
            return
        process = self._run(name, module, None)
        self._tasks.append(process)
        if await process.wait() != 0:
            raise ProcessStoppedError(_own_words(process) if name == "business" else process.explain_exit())
        self.data.mark_done(name, *files)

    async def crashed(self) -> None:
        """Wait until one of the processes ends by itself."""
        waiting = [asyncio.create_task(part.wait()) for part in self.processes.values()]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    def crash_report(self) -> str:
        """Say which processes have ended, and how."""
        ended = [part for part in self.processes.values() if not part.running]
        return "\n".join(part.explain_exit() for part in ended)

    async def stop(self) -> None:
        """Stop everything in order: first what takes work in, last what keeps it."""
        for task in self._tasks:
            await task.kill()
        if self.bot is not None:
            await self.bot.stop(grace=BOT_GRACE)
        await asyncio.gather(*(worker.stop(grace=WORKER_GRACE) for worker in self.workers))
        if self.telegram is not None:
            await self.telegram.stop(grace=TELEGRAM_GRACE)
        await self.valkey.stop(grace=VALKEY_GRACE)
        await self.postgres.stop(grace=POSTGRES_GRACE)
        self.data.close()

    async def kill(self) -> None:
        """End everything at once; what was acknowledged is on disk."""
        parts: Iterable[ManagedProcess | None] = [self.bot, *self.workers, self.telegram, *self._tasks]
        await asyncio.gather(*(part.kill() for part in parts if part is not None))
        await self.valkey.kill()
        await self.postgres.stop("immediate", grace=1)
        self.data.close()


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the failure that the others follow from."""
    plain = [failure for failure in failures.exceptions if isinstance(failure, SandboxError)]
    return plain[0] if plain else failures.exceptions[0]


def _own_words(process: ManagedProcess) -> str:
    """Return what the process itself said went wrong."""
    return process.output().strip() or process.explain_exit()
