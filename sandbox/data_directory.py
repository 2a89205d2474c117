"""Where a sandbox keeps its data between runs."""

import hashlib
import secrets
import shutil
import string
from collections.abc import Iterable
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.locking import DirectoryLock
from sandbox.postgres import PostgresCluster

TOKEN_BOT_ID = 1_000_000_001
TOKEN_CHARACTERS = string.ascii_letters + string.digits


class DataDirectory:
    """One directory, used by one sandbox at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.postgres = self.path / "postgres"
        self.valkey = self.path / "valkey"
        self.telegram = self.path / "telegram"
        self.logs = self.path / "logs"
        self._token = self.path / "bot-token"
        self._stamps = self.path / "done"
        self._lock = DirectoryLock(self.path)

    @property
    def shown(self) -> Path:
        """The path as people know it: relative where that is shorter."""
        here = Path.cwd()
        return self.path.relative_to(here) if self.path.is_relative_to(here) else self.path

    def open(self) -> None:
        """Make the directory if there is none, and keep other sandboxes out.

        Raises SandboxError when it cannot be made or another sandbox uses it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._forget_logs()
        except OSError as error:
            raise SandboxError(f"{self.path} cannot hold the sandbox's data: {error.strerror}.") from error

    def close(self) -> None:
        """Let other sandboxes in."""
        self._lock.release()

    def empty(self) -> None:
        """Throw away what earlier runs left, and nothing that a sandbox has not made."""
        PostgresCluster(self.postgres).remove_data()
        for folder in (self.valkey, self.telegram, self.logs, self._stamps):
            shutil.rmtree(folder, ignore_errors=True)
        self._token.unlink(missing_ok=True)

    def token(self) -> str:
        """Return the bot's token: made once, kept with the data."""
        if not self._token.exists():
            secret = "".join(secrets.choice(TOKEN_CHARACTERS) for _ in range(33))
            self._token.write_text(f"{TOKEN_BOT_ID}:AA{secret}")
            self._token.chmod(0o600)
        return self._token.read_text().strip()

    def is_done(self, step: str, *files: Path) -> bool:
        """Tell whether the database has been given exactly these files in this step."""
        stamp = self._stamps / step
        return stamp.exists() and stamp.read_text() == _digest(files)

    def mark_done(self, step: str, *files: Path) -> None:
        """Note which files the database was given in this step."""
        self._stamps.mkdir(exist_ok=True)
        (self._stamps / step).write_text(_digest(files))

    def forget_done(self) -> None:
        """Note that the database is new."""
        shutil.rmtree(self._stamps, ignore_errors=True)

    def _forget_logs(self) -> None:
        for log in self.logs.glob("*.log"):
            log.unlink()


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()
