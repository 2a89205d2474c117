"""Claims what is due in a table, whichever process wrote it, and has each row worked on in its moment.

A poller claims what becomes due within the next half second, so that its own pace makes nothing late, and has
a bounded number of rows in hand: ten thousand due rows take no more of a process than fifty.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from shared.clock import Clock
from shared.failpoints import Point, reach
from shared.retry import backoff_seconds
from worker.db.engine import Sessions, autocommit
from worker.db.outages import is_outage
from worker.due.claims import Claims
from worker.due.rows import ClaimedRow, DueRows

log = structlog.get_logger()

BATCH = 50
"""Rows one process has in hand at most."""
LEAST = 10
"""For less room than this it is not worth asking."""
AT_ONCE = 10
"""Rows one process works on at the same time."""
LOOK_AHEAD = timedelta(seconds=0.5)
"""Short beside a claim: one that is nearly over is looked ahead to as well."""
CEILING_SECONDS = 0.5
"""A poller looks at least this often: for rows that others gave back, or a dead process left."""
BLOCKED_SECONDS = 0.1
"""When to look again for rows that are due and wait for others in their order."""


@dataclass(frozen=True, slots=True)
class Work[Row: ClaimedRow]:
    """What is done with the rows of a table."""

    rows: DueRows[Row]
    claims: Claims[Row]
    order_of: Callable[[Row], Hashable]
    """Rows of one order are worked on one after another, all others side by side."""
    do: Callable[[Row], Awaitable[datetime | None]]
    """Works on one row; returns until when the rest of its order has to wait, if so. Raises outages only."""


class DuePoller[Row: ClaimedRow]:
    """Claims due rows and has them worked on, until it is stopped."""

    def __init__(self, work: Work[Row], sessions: Sessions, clock: Clock) -> None:
        self._work = work
        self._sessions = sessions
        self._clock = clock
        self._in_hand = 0
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._orders: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self._stopping = asyncio.Event()
        self._room = asyncio.Event()

    def stop(self) -> None:
        """Claim nothing any more: `run_for_ever` returns once what is under way is done."""
        self._stopping.set()
        self._room.set()

    async def stopped(self) -> None:
        """Return once the poller has been told to stop."""
        await self._stopping.wait()

    async def run_for_ever(self) -> None:
        """Poll until stopped; outages are waited out."""
        failures = 0
        async with asyncio.TaskGroup() as group:
            while not self._stopping.is_set():
                try:
                    pause = await self._claim_into(group)
                    failures = 0
                except Exception as error:
                    if not is_outage(error):
                        log.exception("polling failed")
                    failures += 1
                    pause = backoff_seconds(failures, longest=CEILING_SECONDS)
                await self._rest(pause)

    async def run_once(self) -> float:
        """Claim once and return when that is done, with the seconds until there is more to do."""
        async with asyncio.TaskGroup() as group:
            return await self._claim_into(group)

    async def _claim_into(self, group: asyncio.TaskGroup) -> float:
        room = BATCH - self._in_hand
        if room < LEAST:
            self._room.clear()
            return CEILING_SECONDS
        async with self._sessions() as session:
            await autocommit(session)
            now = self._clock.now()
            claimed = await self._work.rows.claim(session, now, room, LOOK_AHEAD)
            following = None if len(claimed) == room else await self._work.rows.next_due(session, now)
        if claimed:
            await reach(Point.AFTER_CLAIM_ROWS, rows=[row.id for row in claimed])
        self._in_hand += len(claimed)
        orders: dict[Hashable, list[Row]] = {}
        for row in claimed:
            orders.setdefault(self._work.order_of(row), []).append(row)
        for rows in orders.values():
            group.create_task(self._work_off(rows))
        return 0.0 if len(claimed) == room else self._pause_before(following)

    def _pause_before(self, following: datetime | None) -> float:
        if following is None:
            return CEILING_SECONDS
        seconds = (following - LOOK_AHEAD - self._clock.now()).total_seconds()
        return min(CEILING_SECONDS, max(BLOCKED_SECONDS, seconds))

    async def _rest(self, seconds: float) -> None:
        """Sleep, but not longer than until a full batch has room again."""
        if self._in_hand <= BATCH - LEAST and not self._stopping.is_set():
            self._room.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._room.wait()
        except TimeoutError:
            return

    async def _work_off(self, rows: Sequence[Row]) -> None:
        """Work on the rows of one order, each in its moment, and on none of them beside earlier ones."""
        lock = self._orders.setdefault(self._work.order_of(rows[0]), asyncio.Lock())
        try:
            with self._work.claims.keep(rows):
                async with lock:
                    await self._work_in_order(rows)
        except Exception as error:
            if not is_outage(error):
                log.exception("rows left until their claims are over")
        finally:
            self._in_hand -= len(rows)
            if self._in_hand <= BATCH - LEAST:
                self._room.set()

    async def _work_in_order(self, rows: Sequence[Row]) -> None:
        for index, row in enumerate(rows):
            await self._until_due(row)
            async with self._at_once:
                if self._stopping.is_set():
                    await self._give_back([(each, each.due_at) for each in rows[index:]])
                    return
                wait_until = await self._work.do(row)
            if wait_until is not None:
                await self._give_back([(each, wait_until) for each in rows[index + 1 :]])
                return

    async def _until_due(self, row: Row) -> None:
        seconds = (row.due_at - self._clock.now()).total_seconds()
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _give_back(self, rows: Sequence[tuple[Row, datetime]]) -> None:
        """Let other processes have rows from a moment on."""
        await self._work.claims.release([row for row, _ in rows])
        async with self._sessions.begin() as session:
            for row, moment in rows:
                await self._work.rows.postpone(session, [row], moment)
