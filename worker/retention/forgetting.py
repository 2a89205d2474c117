"""What is past its use leaves the database, in batches that hold no lock for long.

Everything may run at any time, on any number of replicas, again and again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from worker.db.engine import Sessions
from worker.retention.purge import Purge
from worker.retention.repository import lock

BATCH: Final = 500
LONGEST_DAYS: Final = 36_500
"""A century: nothing here is older, and dates do not reach back for ever."""


async def forget(
    sessions: Sessions, purges: Sequence[Purge], now: datetime, retention_days: int, batch: int = BATCH
) -> Mapping[str, int]:
    """Run purges in their order; return how many rows of each went.

    A retention of 0 days keeps what no purge has a time of its own for. Raises ValueError for less than no
    days: then people would go whose visits are still to come.
    """
    if not 0 <= retention_days <= LONGEST_DAYS:
        raise ValueError(f"retention is from 0 to {LONGEST_DAYS} days, not {retention_days}")
    days = timedelta(days=retention_days)
    return {
        purge.name: await _run(sessions, purge, now - (days if purge.keep is None else purge.keep), batch)
        if retention_days or purge.keep is not None
        else 0
        for purge in purges
    }


async def _run(sessions: Sessions, purge: Purge, before: datetime, batch: int) -> int:
    """Take batches until nothing is left, each unless another replica is just taking one."""
    total = 0
    while True:
        async with sessions.begin() as session:
            gone = await purge.take(session, before, batch) if await lock(session) else 0
        total += gone
        if gone < batch:
            return total
