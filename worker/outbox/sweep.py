"""The sweep: delivers what is due, whoever promised it, each row in its moment.

It claims what becomes due within the next half second, so that its own pace does not make anything late, and
has a bounded number of rows in hand: ten thousand due messages take no more of a replica than fifty.
"""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from weakref import WeakValueDictionary

import structlog

from shared.clock import Clock
from shared.failpoints import Point, reach
from shared.retry import backoff_seconds
from worker.db.engine import Sessions, autocommit
from worker.db.outages import is_outage
from worker.outbox import repository as outbox
from worker.outbox.deliverer import Deliverer
from worker.outbox.priority import Priority
from worker.outbox.repository import Claimed

log = structlog.get_logger()

HAND = 50
"""Rows one replica has in hand at most."""
LEAST = 10
"""For less room than this it is not worth asking."""
SENDERS = 10
"""Rows one replica delivers at the same time."""
LOOK_AHEAD = timedelta(seconds=0.5)
"""Short beside a claim: one that is nearly over is looked ahead to as well."""
CEILING_SECONDS = 1.0
"""It looks at least this often: rows that others gave back, or a dead worker left."""


class Sweep:
    """Claims due rows and has them delivered, until it is stopped."""

    def __init__(self, sessions: Sessions, deliverer: Deliverer, clock: Clock) -> None:
        self._sessions = sessions
        self._deliverer = deliverer
        self._clock = clock
        self._in_hand = 0
        self._senders = asyncio.Semaphore(SENDERS)
        self._chats: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._stopping = asyncio.Event()
        self._room = asyncio.Event()

    def stop(self) -> None:
        """Claim nothing any more: `run_for_ever` returns once what is being sent is sent."""
        self._stopping.set()
        self._room.set()

    async def stopped(self) -> None:
        """Return once the sweep has been told to stop."""
        await self._stopping.wait()

    async def run_for_ever(self) -> None:
        """Sweep until stopped; outages are waited out."""
        failures = 0
        async with asyncio.TaskGroup() as group:
            while not self._stopping.is_set():
                try:
                    pause = await self._claim_into(group)
                    failures = 0
                except Exception as error:
                    if not is_outage(error):
                        log.exception("sweep failed")
                    failures += 1
                    pause = backoff_seconds(failures, longest=CEILING_SECONDS)
                await self._rest(pause)

    async def run_once(self) -> float:
        """Claim once and return when that is delivered, with the seconds until there is more to do."""
        async with asyncio.TaskGroup() as group:
            return await self._claim_into(group)

    async def _claim_into(self, group: asyncio.TaskGroup) -> float:
        room = HAND - self._in_hand
        if room < LEAST:
            self._room.clear()
            return CEILING_SECONDS
        async with self._sessions() as session:
            await autocommit(session)
            claimed = await outbox.claim_due(session, self._clock.now(), room, LOOK_AHEAD)
            following = None if len(claimed) == room else await outbox.next_due(session)
        if claimed:
            await reach(Point.AFTER_CLAIM_ROWS, outbox_ids=[each.row.id for each in claimed])
        self._in_hand += len(claimed)
        by_chat = sorted(claimed, key=lambda each: (each.row.chat_id, each.due, each.row.id))
        for _, letters in groupby(by_chat, key=lambda each: each.row.chat_id):
            group.create_task(self._deliver(list(letters)))
        if len(claimed) == room:
            return 0.0
        if following is None:
            return CEILING_SECONDS
        until = (following - LOOK_AHEAD - self._clock.now()).total_seconds()
        return min(CEILING_SECONDS, max(0.0, until))

    async def _rest(self, seconds: float) -> None:
        """Sleep, but not longer than until a full hand has room again."""
        if self._in_hand <= HAND - LEAST and not self._stopping.is_set():
            self._room.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._room.wait()
        except TimeoutError:
            return

    async def _deliver(self, letters: list[Claimed]) -> None:
        """Deliver rows to one chat, each in its moment, and none of it beside earlier ones to that chat."""
        rows = [each.row for each in letters]
        lock = self._chats.setdefault(rows[0].chat_id, asyncio.Lock())
        try:
            with self._deliverer.claims.hold(rows):
                async with lock:
                    for each in letters:
                        await self._deliver_in_its_moment(each)
        except Exception as error:
            if not is_outage(error):
                log.exception("delivery failed", outbox_id=rows[0].id)
        finally:
            self._in_hand -= len(rows)
            if self._in_hand <= HAND - LEAST:
                self._room.set()

    async def _deliver_in_its_moment(self, each: Claimed) -> None:
        early = (each.due - self._clock.now()).total_seconds()
        if early > 0:
            await self._until_stopped(early)
        async with self._senders:
            if self._stopping.is_set():
                await self._give_back([each])
                return
            await self._deliverer.deliver_in_order([each.row], priority_of(each.row.kind))

    async def _until_stopped(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _give_back(self, letters: Iterable[Claimed]) -> None:
        """Let other replicas have rows at once: this one is stopping."""
        async with self._sessions.begin() as session:
            for each in letters:
                await self._deliverer.claims.let_go(each.row)
                await outbox.postpone(session, each.row, each.due, each.row.last_error)


def priority_of(kind: str) -> Priority:
    """Return the priority of a row that the sweep delivers."""
    return Priority.BROADCAST if kind.startswith("broadcast.") else Priority.REMINDER
