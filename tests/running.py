"""A sandbox as a process of its own, the way people run it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent
STOP_SECONDS = 20
MEMORY = Path("/dev/shm")  # noqa: S108 - the directory in it has a name of its own
ROOM_BYTES = 8 * 1024**3


@dataclass(frozen=True)
class SandboxRun:
    """A running sandbox: the JSON line it printed, by name."""

    process: "subprocess.Popen[str]"
    described: dict[str, Any]

    @property
    def client_api(self) -> str:
        """The emulator's client API."""
        return str(self.described["client_api"])

    @property
    def telegram_api(self) -> str:
        """The emulator's Bot API."""
        return str(self.described["telegram_api"])

    @property
    def webchat(self) -> str:
        """The web chat."""
        return str(self.described["webchat"])

    @property
    def bot(self) -> str:
        """The bot's HTTP."""
        return str(self.described["bot"])

    @property
    def workers(self) -> list[str]:
        """Each worker's metrics."""
        return list(self.described["workers"])

    @property
    def database_url(self) -> str:
        """PostgreSQL, as DATABASE_URL."""
        return str(self.described["database_url"])

    @property
    def redis_url(self) -> str:
        """Valkey, as REDIS_URL."""
        return str(self.described["redis_url"])

    @property
    def bot_token(self) -> str:
        """The bot's token."""
        return str(self.described["bot_token"])

    @property
    def pids(self) -> dict[str, int]:
        """Every process by name: sandbox, postgres, valkey, telegram, bot, worker-1 …"""
        return dict(self.described["pids"])

    def family(self) -> list[psutil.Process]:
        """Return every process that belongs to it, children of children too."""
        launcher = psutil.Process(self.process.pid)
        return [launcher, *launcher.children(recursive=True)]

    def wait(self, seconds: float = STOP_SECONDS) -> tuple[int, str]:
        """Wait until it has ended; return the exit code and what it wrote on stderr."""
        _, errors = self.process.communicate(timeout=seconds)
        return self.process.returncode, errors


def make_data_directory(*, in_memory: bool = False) -> Path:
    """Make an empty data directory that PostgreSQL can use as it is, even when the tests run as root.

    One that is made and emptied all the time is kept in memory where there is plenty: a disk's file system
    takes ever longer to find room for thousands of small files that were just deleted.
    """
    where = MEMORY if in_memory and _has_room(MEMORY) else None
    directory = Path(tempfile.mkdtemp(prefix="bellhop-sandbox-", dir=where))
    directory.chmod(0o711)
    return directory


def _has_room(directory: Path) -> bool:
    if not directory.is_dir() or not os.access(directory, os.W_OK):
        return False
    return min(shutil.disk_usage(directory).free, psutil.virtual_memory().available) >= ROOM_BYTES


def migrate(url: str) -> None:
    """Bring a database up to date the way the migrate container does."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def launch(data: Path, *arguments: str, port: int = 0) -> "subprocess.Popen[str]":
    """Start `python -m sandbox --headless`, in a session of its own."""
    command = [sys.executable, "-m", "sandbox", "--headless", "--data", str(data), "--port", str(port)]
    return subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def await_line(process: "subprocess.Popen[str]") -> SandboxRun:
    """Wait for the JSON line; an AssertionError with its sentence when the sandbox does not start."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _, errors = process.communicate(timeout=STOP_SECONDS)
        raise AssertionError(f"The sandbox did not start (exit code {process.returncode}): {errors}")
    return SandboxRun(process, json.loads(line))


@contextmanager
def running_sandbox(data: Path, *arguments: str, port: int = 0) -> Iterator[SandboxRun]:
    """Run a sandbox for the length of the block."""
    process = launch(data, *arguments, port=port)
    try:
        yield await_line(process)
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
