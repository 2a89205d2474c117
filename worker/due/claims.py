"""The rows a process has in hand: their claims are renewed for as long as it lives."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import structlog

from shared.clock import Clock
from worker.db.engine import Sessions
from worker.db.outages import is_outage
from worker.due.rows import CLAIM, ClaimedRow, DueRows

log = structlog.get_logger()

RENEW = CLAIM / 6
SAFE = timedelta(seconds=1)
"""A claim with less than this left may be over before the row's work is done."""


class Claims[Row: ClaimedRow]:
    """Keeps other processes from taking a row on whose claimer is only slow."""

    def __init__(self, rows: DueRows[Row], sessions: Sessions, clock: Clock) -> None:
        self._rows = rows
        self._sessions = sessions
        self._clock = clock
        self._kept: dict[int, Row] = {}
        self._renewing = asyncio.Lock()

    @contextmanager
    def keep(self, rows: Sequence[Row]) -> Iterator[None]:
        """Have these rows' claims renewed for the length of the block."""
        self._kept.update((row.id, row) for row in rows)
        try:
            yield
        finally:
            for row in rows:
                self._kept.pop(row.id, None)

    async def release(self, rows: Sequence[Row]) -> None:
        """Renew these rows' claims no more; after this, no renewal is under way either."""
        async with self._renewing:
            for row in rows:
                self._kept.pop(row.id, None)

    async def is_ours(self, row: Row) -> bool:
        """Tell whether this process may work on a row now; a claim that is nearly over is renewed."""
        if row.until - self._clock.now() > SAFE:
            return True
        return row.id in await self._renew([row])

    async def renew_for_ever(self) -> None:
        """Renew until cancelled."""
        while True:
            await asyncio.sleep(RENEW.total_seconds())
            try:
                await self.renew_all()
            except Exception as error:
                if not is_outage(error):
                    log.exception("claims not renewed")

    async def renew_all(self) -> None:
        """Renew every claim but those of this moment: most rows are done before they need it."""
        async with self._renewing:
            old = self._clock.now() + CLAIM - RENEW
            rows = [row for row in self._kept.values() if row.until < old]
            if rows:
                await self._renew(rows)

    async def _renew(self, rows: Sequence[Row]) -> set[int]:
        async with self._sessions.begin() as session:
            return await self._rows.renew(session, rows, self._clock.now())
