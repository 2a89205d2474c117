"""One launcher at a time for a data directory."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from sandbox.errors import SandboxError


class DirectoryLock:
    """Held by one process; the system releases it when that process ends, however it ends."""

    NAME = "lock"

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._path = directory / self.NAME
        self._lock = FileLock(self._path, blocking=False, preserve_lock_file=True, on_acquired=_write_owner)

    def acquire(self) -> None:
        """Take the lock.

        Raises SandboxError, with the other process's id, when it is taken.
        """
        try:
            self._lock.acquire()
        except Timeout:
            raise SandboxError(
                f"Another sandbox (process {self._path.read_text() or 'unknown'}) is using {self.directory}. "
                "Stop it, or give this one a directory of its own with `--data DIR`."
            ) from None

    def release(self) -> None:
        """Release the lock; nothing happens when it is not held."""
        self._lock.release()


def _write_owner(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
