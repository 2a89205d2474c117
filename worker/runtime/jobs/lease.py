"""A running job's hold on its lease, as its command sees it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from time import monotonic
from typing import Protocol

from redis.exceptions import RedisError

from worker.runtime.jobs.store import JobStore

SAFE_SHARE = 1 / 3
"""With less of a lease left than this, Redis is asked before anything is done that only its holder may do."""


class Hold(Protocol):
    """What a command may ask of the job it runs as."""

    async def ours(self) -> bool:
        """Tell whether the job is still this worker's, for long enough to make one call."""
        ...

    def lent(self) -> AbstractContextManager[None]:
        """Let another job run in this one's place for the length of the block: it only waits there."""
        ...


class Unleased:
    """The hold on a command that no queue has handed out: nobody else has it."""

    async def ours(self) -> bool:
        """Say yes."""
        return True

    def lent(self) -> AbstractContextManager[None]:
        """Do nothing: there is no place to lend."""
        return nullcontext()


class Lease:
    """One claimed job's lease. It is timed by this process's clock from before Redis was asked.

    So a process that was stopped sees that its lease is over, whatever it has not heard meanwhile.
    """

    def __init__(
        self,
        job_id: str,
        store: JobStore,
        asked_at: float,
        lend: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._job_id = job_id
        self._store = store
        self._lend = lend
        self._until = asked_at + store.lease_seconds
        self.denied = False
        """Whether the command was ever told that the job is not ours: then it left something undone."""

    async def ours(self) -> bool:
        """Tell whether the job is still ours; while Redis cannot say, it is not."""
        ours = await self._still_ours()
        self.denied = self.denied or not ours
        return ours

    async def _still_ours(self) -> bool:
        if self._until - monotonic() > self._store.lease_seconds * SAFE_SHARE:
            return True
        asked_at = monotonic()
        try:
            kept = await self._store.renew([self._job_id])
        except (RedisError, OSError):
            return False
        self.renewed(asked_at, kept=self._job_id in kept)
        return self._job_id in kept

    def renewed(self, asked_at: float, *, kept: bool) -> None:
        """Note what Redis answered to a renewal, or to a claim of our own once the lease had run out."""
        self._until = asked_at + self._store.lease_seconds if kept else asked_at

    def lent(self) -> AbstractContextManager[None]:
        """Lend the job's place."""
        return self._lend()
