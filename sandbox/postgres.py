"""A real PostgreSQL on loopback, with nothing installed on the machine."""

import asyncio
import contextlib
import os
import shutil
import signal
from pathlib import Path
from typing import Literal, Self

import asyncpg
import psutil

from sandbox.errors import SandboxError
from sandbox.locking import DirectoryLock
from sandbox.ports import LOOPBACK, HeldPorts
from sandbox.postgres_install import binaries, reachable_directory, unprivileged_account
from sandbox.process import ManagedProcess, Program, until

OWNER = "bellhop"
STOP_SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
READY_SECONDS = 60.0
PREVIOUS_SECONDS = 10.0
NOT_ANSWERING = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

type StopMode = Literal["fast", "immediate"]


class PostgresCluster:
    """One PostgreSQL server with its data in `directory`; made there at the first start.

    It trusts whoever connects, and listens on loopback alone.
    """

    def __init__(
        self, directory: Path, *, port: int | None = None, fsync: bool = True, log: Path | None = None
    ) -> None:
        self.directory = directory.absolute()
        self._ports = HeldPorts(0 if port else 1)
        self.port = port or self._ports.numbers[0]
        self.fsync = fsync
        self.log = log or self.directory / "postgres.log"
        self.account = unprivileged_account()
        self._lock = DirectoryLock(self.directory)
        self.process: ManagedProcess | None = None

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self.process.pid if self.process else None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return reachable_directory(self.directory / "data", self.account)

    def url(self, database: str = OWNER) -> str:
        """Return a database's address, as DATABASE_URL takes it."""
        return f"postgresql+asyncpg://{OWNER}@{LOOPBACK}:{self.port}/{database}"

    async def start(self) -> Self:
        """Make the data directory if there is none, start the server and wait until it answers.

        Raises SandboxError when the directory is half made or in use, ProcessStoppedError when the
        server does not come up.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        try:
            await self._start()
        except BaseException:
            await self.kill()
            self._lock.release()
            raise
        return self

    async def _start(self) -> None:
        await self._initialise()
        await self._wait_for_previous()
        self.process = ManagedProcess(self._program()).start()
        await self.process.wait_ready(self.answers, seconds=READY_SECONDS)

    def _program(self) -> Program:
        options = {
            "listen_addresses": LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "on" if self.fsync else "off",
            "full_page_writes": "on" if self.fsync else "off",
            "synchronous_commit": "on" if self.fsync else "off",
            "max_connections": 200,
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=[str(binaries(self.account) / "postgres"), "-D", str(self.data), *settings],
            log=self.log,
            directory=self.data,
            account=self.account,
            stop_signal=STOP_SIGNALS["fast"],
            orphan_signal=STOP_SIGNALS["immediate"],
        )

    async def _initialise(self) -> None:
        begun, done = self.directory / "initialising", self.directory / "initialised"
        if done.exists() and (self.data / "PG_VERSION").exists():
            return
        if self._has_contents():
            raise SandboxError(
                f"{self.data} holds a half-made database: an earlier start was interrupted, or something "
                "was removed from it. `python -m sandbox --fresh` throws it away and makes a new one."
            )
        # Data kept in a public place outlive the directory they belong to.
        await asyncio.to_thread(shutil.rmtree, self.data, ignore_errors=True)
        begun.touch()
        try:
            await self._run_initdb()
        except BaseException:
            shutil.rmtree(self.data, ignore_errors=True)
            begun.unlink()
            raise
        begun.rename(done)

    def _has_contents(self) -> bool:
        known = {DirectoryLock.NAME, self.log.name, "initdb.log"}
        return bool({entry.name for entry in self.directory.iterdir()} - known)

    async def _run_initdb(self) -> None:
        self.data.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(self.data, self.account.uid, self.account.gid)
        arguments = ["--username", OWNER, "--auth-local=trust", "--auth-host=trust", "--encoding=UTF8"]
        arguments += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments += [] if self.fsync else ["--no-sync"]
        program = Program(
            name="initdb",
            argv=[str(binaries(self.account) / "initdb"), "--pgdata", str(self.data), *arguments],
            log=self.directory / "initdb.log",
            directory=self.data,
            account=self.account,
        )
        process = ManagedProcess(program).start()
        try:
            if await process.wait() != 0:
                raise SandboxError(process.explain_exit())
        finally:
            await process.kill()

    async def _wait_for_previous(self) -> None:
        """Wait for a server whose launcher was killed to let go of the data; drop its stale pid file."""
        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PREVIOUS_SECONDS):
                await until(lambda: _owner_of(pid_file) is None)
        if (owner := _owner_of(pid_file)) is not None:
            raise SandboxError(
                f"A PostgreSQL server (process {owner}) still uses {self.data}. "
                f"Stop it (`kill {owner}`) and start again."
            )
        pid_file.unlink(missing_ok=True)

    async def answers(self) -> bool:
        """Tell whether the server takes connections."""
        try:
            connection = await self._connect("template1")
        except NOT_ANSWERING:
            return False
        await connection.close()
        return True

    async def stop(self, mode: StopMode = "fast", *, grace: float = 5) -> None:
        """Stop the server: `fast` ends connections and writes a checkpoint, `immediate` writes nothing."""
        if self.process is not None and self.process.running:
            self.process.signal(STOP_SIGNALS[mode])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self.process.wait()
        await self.kill()
        self._lock.release()

    async def kill(self) -> None:
        """End the server and its backends at once, as a power cut would."""
        if self.process is None:
            return
        pid = self.process.pid
        # Backends are sessions of their own; without this they would hold the data for a moment longer.
        backends = psutil.Process(pid).children(recursive=True) if pid else []
        await self.process.kill()
        for backend in backends:
            with contextlib.suppress(psutil.NoSuchProcess):
                backend.kill()
        await _until_gone(backends)

    async def restart(self, mode: StopMode = "fast") -> None:
        """Stop and start again on the same port."""
        await self.stop(mode)
        await self.start()

    async def remove(self) -> None:
        """Stop the server and throw its data away."""
        await self.stop("immediate")
        await asyncio.to_thread(self.remove_data)

    def remove_data(self) -> None:
        """Throw the data of a stopped server away, wherever they are."""
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.directory, ignore_errors=True)

    async def has_database(self, name: str) -> bool:
        """Tell whether a database of that name exists."""
        return bool(await self._fetch("SELECT count(*) FROM pg_database WHERE datname = $1", name))

    async def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of another one if named, and return its address."""
        source = f' TEMPLATE "{template}"' if template else ""
        await self._execute(f'CREATE DATABASE "{name}"{source}')
        return self.url(name)

    async def drop_database(self, name: str) -> None:
        """Remove a database, even while something is connected to it."""
        await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def _connect(self, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(
            host=LOOPBACK, port=self.port, user=OWNER, database=database, ssl=False, timeout=5
        )

    async def _execute(self, sql: str) -> None:
        connection = await self._connect("postgres")
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def _fetch(self, sql: str, *arguments: object) -> object:
        connection = await self._connect("postgres")
        try:
            return await connection.fetchval(sql, *arguments)
        finally:
            await connection.close()


def _owner_of(pid_file: Path) -> int | None:
    """Return the process that a pid file names, if that is still a server with this data."""
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        command = psutil.Process(pid).cmdline()
    except (OSError, ValueError, psutil.Error):
        return None
    return pid if str(pid_file.parent) in command else None


async def _until_gone(processes: list[psutil.Process]) -> None:
    await until(lambda: not any(map(_alive, processes)))


def _alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
