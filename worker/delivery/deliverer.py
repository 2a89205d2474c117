"""Delivering what was promised: prepared and settled in short transactions, sent outside of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.models.delivery import Outbox, State
from shared.telegram.errors import AmbiguousError, FloodError, RefusedError, TelegramError
from worker.database import Sessions
from worker.delivery import outbox
from worker.delivery.messenger import Messenger
from worker.delivery.metrics import DeliveryMetrics
from worker.jobs.backoff import backoff_seconds
from worker.jobs.failures import is_outage
from worker.people import repository as people

log = structlog.get_logger()

LONGEST_PAUSE_SECONDS = 60.0


class Parcel(Protocol):
    """One promise made ready: everything it says was read before."""

    async def send(self, messenger: Messenger) -> int | None:
        """Send it; return the message's id where there is one. Raises TelegramError."""
        ...

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """Note what follows from its having been sent, beside the row's own state."""
        ...


type Kind = Callable[[AsyncSession, Outbox], Awaitable[Parcel | None]]
"""Makes one kind of promise ready, as things stand now; None where it must not be said any more."""


class Deliverer:
    """Delivers outbox rows that its caller has claimed."""

    def __init__(
        self,
        sessions: Sessions,
        messenger: Messenger,
        clock: Clock,
        kinds: Mapping[str, Kind],
        metrics: DeliveryMetrics,
    ) -> None:
        self._sessions = sessions
        self._messenger = messenger
        self._clock = clock
        self._kinds = kinds
        self._metrics = metrics

    async def deliver_all(self, rows: Sequence[Outbox]) -> None:
        """Deliver rows: each chat's in order, the chats side by side."""
        by_chat = sorted(rows, key=lambda row: (row.chat_id, row.id))
        async with asyncio.TaskGroup() as group:
            for _, letters in groupby(by_chat, key=lambda row: row.chat_id):
                group.create_task(self._deliver_in_order(list(letters)))

    async def _deliver_in_order(self, rows: Sequence[Outbox]) -> None:
        for row in rows:
            try:
                await self.deliver(row)
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception("delivery failed", kind=row.kind, outbox_id=row.id)
                await self._postpone(row, self._pause(row), f"{type(error).__name__}: {error}")

    async def deliver(self, row: Outbox) -> None:
        """Deliver one row and note how it went; only an outage of PostgreSQL is raised."""
        parcel = await self._prepare(row)
        if parcel is None:
            return
        try:
            message_id = await parcel.send(self._messenger)
        except TelegramError as error:
            await self._fail(row, error)
            return
        now = self._clock.now()
        async with self._sessions.begin() as session:
            await outbox.mark_sent(session, row.id, now, message_id)
            await parcel.settle(session, message_id)
        self._metrics.delivered(row.kind, State.SENT)
        log.info("delivered", kind=row.kind, outbox_id=row.id, booking_id=row.booking_id)

    async def _prepare(self, row: Outbox) -> Parcel | None:
        async with self._sessions.begin() as session:
            if row.expires_at is not None and row.expires_at <= self._clock.now():
                await self._close(session, row, State.EXPIRED)
                return None
            parcel = await self._kinds[row.kind](session, row)
            if parcel is None:
                await self._close(session, row, State.VOID)
            return parcel

    async def _close(
        self, session: AsyncSession, row: Outbox, state: State, reason: str | None = None
    ) -> None:
        await outbox.close(session, row.id, state, reason)
        self._metrics.delivered(row.kind, state)
        log.info("not delivered", kind=row.kind, outbox_id=row.id, booking_id=row.booking_id, state=state)

    async def _fail(self, row: Outbox, error: TelegramError) -> None:
        if isinstance(error, RefusedError):
            async with self._sessions.begin() as session:
                if error.unreachable:
                    await people.set_reachable(session, row.chat_id, reachable=False)
                await self._close(session, row, State.FAILED, error.description)
            return
        pause = error.retry_after if isinstance(error, FloodError) else self._pause(row)
        await self._postpone(row, pause, str(error))
        self._metrics.postponed(row.kind, ambiguous=isinstance(error, AmbiguousError))

    async def _postpone(self, row: Outbox, seconds: float, reason: str) -> None:
        until = self._clock.now() + timedelta(seconds=seconds)
        async with self._sessions.begin() as session:
            await outbox.postpone(session, row.id, until, reason)

    @staticmethod
    def _pause(row: Outbox) -> float:
        return backoff_seconds(row.attempts + 1, longest=LONGEST_PAUSE_SECONDS)
