"""One launcher at a time for a data directory."""

import fcntl
import os
from pathlib import Path

from sandbox.errors import SandboxError


class DirectoryLock:
    """Held by one process; the system lets go of it when that process ends, however it ends."""

    NAME = "lock"

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises SandboxError, with the other process's id, when it is taken.
        """
        path = self.directory / self.NAME
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 20).decode(errors="replace").strip()
            os.close(descriptor)
            raise SandboxError(
                f"Another sandbox (process {owner or 'unknown'}) is using {self.directory}. "
                "Stop it, or give this one a directory of its own with `--data DIR`."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of it; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
