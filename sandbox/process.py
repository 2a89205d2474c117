"""A child process: its own session and log file, watched, signalled, stopped, never left behind.

On Linux the kernel ends a child when the process that started it is gone, however that went. Elsewhere
a killed launcher leaves its children running; stopping it with Ctrl-C or SIGTERM stops them everywhere.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess  # nosec B404
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from sandbox.errors import ProcessStoppedError

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.05
LINUX = sys.platform == "linux"
TAIL_BYTES = 20_000
# Loaded once here: between fork and exec nothing may be loaded any more.
LIBC = ctypes.CDLL(None) if LINUX else None


@dataclass(frozen=True)
class Account:
    """The system account a process runs under."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """What to run: the same entry point and environment variables as in a container."""

    name: str
    argv: Sequence[str]
    log: Path
    environment: Mapping[str, str] | None = None
    directory: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL


class ManagedProcess:
    """Runs one program; it can be started again after it ended."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._popen: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def name(self) -> str:
        """What people call it."""
        return self.program.name

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._popen.pid if self._popen is not None and self.running else None

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended; a paused process runs."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def started(self) -> bool:
        """Whether it has ever been started."""
        return self._popen is not None

    @property
    def exit_code(self) -> int | None:
        """How it ended: the exit code, or minus the number of the signal that ended it."""
        return None if self._popen is None else self._popen.poll()

    def start(self) -> Self:
        """Start it; its output is appended to the log file.

        Raises ProcessStoppedError when it cannot be executed at all.
        """
        program = self.program
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            self._log_start = log.tell()
            try:
                self._popen = self._spawn(log)
            except OSError as error:
                raise ProcessStoppedError(
                    f"{program.name} cannot be started: {program.argv[0]}: {error.strerror}."
                ) from error
        return self

    def _spawn(self, log: BinaryIO) -> subprocess.Popen[bytes]:
        program, account = self.program, self.program.account
        return subprocess.Popen(  # noqa: S603 # nosec B603
            program.argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=program.directory,
            env=None if program.environment is None else dict(program.environment),
            # A session of its own: Ctrl-C on the terminal reaches the launcher alone, which stops
            # the children in order.
            start_new_session=True,
            preexec_fn=_end_with_parent(program.orphan_signal),  # noqa: PLW1509 - allocates nothing
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )

    async def wait(self) -> int:
        """Wait until it has ended and return its exit code."""
        if self._popen is None:
            raise ProcessStoppedError(f"{self.name} has not been started.")
        while (code := self._popen.poll()) is None:
            await _until_exit(self._popen.pid)
        return code

    async def wait_ready(self, probe: Callable[[], Awaitable[bool]], *, seconds: float = 30) -> None:
        """Wait until the probe says yes.

        Raises ProcessStoppedError when the process ends before, or is not ready in time.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.running:
                    if await probe():
                        return
                    await asyncio.sleep(LOOK_SECONDS)
        if self.running:
            raise ProcessStoppedError(f"{self.name} was not ready after {seconds:g} s. {self.log_end()}")
        raise ProcessStoppedError(self.explain_exit())

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when the process has ended."""
        if self._popen is not None:
            self._popen.send_signal(number)

    def pause(self) -> None:
        """Freeze it, as a machine without a free core would."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on."""
        self.signal(signal.SIGCONT)

    async def stop(self, *, grace: float = 5) -> int | None:
        """Ask it to stop, and kill it when it still runs after `grace` seconds; return its exit code."""
        if self.running:
            self.signal(self.program.stop_signal)
            self.resume()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self.wait()
        return await self.kill()

    async def kill(self) -> int | None:
        """End it and whatever it started at once; return its exit code."""
        if self._popen is None:
            return None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        return await self.wait()

    def output(self) -> str:
        """Return what it wrote since its start; of much, the end."""
        try:
            with self.program.log.open("rb") as log:
                size = log.seek(0, os.SEEK_END)
                log.seek(max(self._log_start, size - TAIL_BYTES))
                return log.read().decode(errors="replace").strip()
        except OSError:
            return ""

    def log_end(self, lines: int = 12) -> str:
        """Return the last lines it wrote since its start, with the log file's path."""
        tail = self.output().splitlines()[-lines:]
        if not tail:
            return f"It wrote nothing to its log, {self.program.log}."
        return "\n  ".join([f"The end of its log, {self.program.log}:", *tail])

    def explain_exit(self) -> str:
        """Say how it ended, with the end of its log."""
        code = self.exit_code
        if code is None:
            return f"{self.name} is running."
        how = f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
        return f"{self.name} stopped with {how}. {self.log_end()}"


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that can only be looked at: it announces itself to nobody."""
    while not condition():  # noqa: ASYNC110 - there is no event to wait for
        await asyncio.sleep(LOOK_SECONDS)


def _end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Ask the kernel, in the child, for a signal as soon as the parent is gone."""
    if LIBC is None:
        return None
    libc, parent, value = LIBC, os.getpid(), int(number)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, value, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


async def _until_exit(pid: int) -> None:
    """Return when the child may have ended; it is not reaped here."""
    if not LINUX:
        await asyncio.sleep(LOOK_SECONDS)
        return
    descriptor = os.pidfd_open(pid)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(descriptor, ended.set)
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
