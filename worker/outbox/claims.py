"""The rows a replica has in hand: their claims are renewed for as long as it lives."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import structlog

from shared.clock import Clock
from worker.db.engine import Sessions
from worker.db.outages import is_outage
from worker.outbox import repository as outbox
from worker.outbox.repository import Promise

log = structlog.get_logger()

RENEW = outbox.CLAIM / 6
SAFE = timedelta(seconds=1)
"""A claim with less than this left may be over before a message is sent."""


class Claims:
    """Keeps others from sending a row that is only slow here."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock
        self._held: dict[int, Promise] = {}
        self._renewing = asyncio.Lock()

    @contextmanager
    def hold(self, rows: Sequence[Promise]) -> Iterator[None]:
        """Have these rows' claims renewed for the length of the block."""
        self._held.update((row.id, row) for row in rows)
        try:
            yield
        finally:
            for row in rows:
                self._held.pop(row.id, None)

    async def let_go(self, row: Promise) -> None:
        """Renew a row's claim no more; after this, no renewal is under way either."""
        async with self._renewing:
            self._held.pop(row.id, None)

    async def still_ours(self, row: Promise) -> bool:
        """Tell whether a row may be sent by us now; one whose claim is nearly over is claimed on."""
        if row.due_at - self._clock.now() > SAFE:
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
        """Renew every claim but those of this moment: most of what is sent needs none."""
        async with self._renewing:
            old = self._clock.now() + outbox.CLAIM - RENEW
            rows = [row for row in self._held.values() if row.due_at < old]
            if rows:
                await self._renew(rows)

    async def _renew(self, rows: Sequence[Promise]) -> set[int]:
        now = self._clock.now()
        async with self._sessions.begin() as session:
            ours = await outbox.renew(session, rows, now)
        for row in rows:
            if row.id in ours:
                row.due_at = now + outbox.CLAIM
        return ours
