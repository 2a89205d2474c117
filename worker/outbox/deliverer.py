"""Delivering what was promised: prepared and settled in short transactions, sent outside of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.failpoints import Point, reach
from shared.retry import backoff_seconds
from shared.telegram.errors import AmbiguousError, FloodError, RefusedError, TelegramError
from worker.db.engine import Sessions, autocommit
from worker.db.errors import cause_of
from worker.db.models.delivery import State
from worker.db.outages import is_outage
from worker.outbox import repository as outbox
from worker.outbox.claims import Claims
from worker.outbox.messenger import Messenger
from worker.outbox.metrics import DeliveryMetrics
from worker.outbox.priority import Priority
from worker.outbox.repository import Promise
from worker.people import repository as people

log = structlog.get_logger()

LONGEST_PAUSE_SECONDS = 60.0
SETTLE_AGAIN_SECONDS = 0.5
MOST_FAULTS = 5
"""A row that failed by its own fault so often is closed: it would fail for ever."""


class Parcel(Protocol):
    """One promise made ready: everything it says was read before."""

    async def send(self, messenger: Messenger) -> int | None:
        """Send it; return the message's id where there is one. Raises TelegramError."""
        ...

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """Note what follows from its having been sent, beside the row's own state."""
        ...

    async def give_up(self, session: AsyncSession) -> None:
        """Note what follows from its addressee being out of reach."""
        ...


type Kind = Callable[[AsyncSession, Promise], Awaitable[Parcel | State | None]]
"""Makes one kind of promise ready, as things stand now; else says how it ends (None: VOID)."""


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
        self.claims = Claims(sessions, clock)
        metrics.know(kinds)

    async def deliver_all(self, rows: Sequence[Promise], priority: Priority = Priority.REPLY) -> None:
        """Deliver rows: each chat's in order, the chats side by side."""
        by_chat = sorted(rows, key=lambda row: (row.chat_id, row.id))
        with self.claims.hold(rows):
            async with asyncio.TaskGroup() as group:
                for _, letters in groupby(by_chat, key=lambda row: row.chat_id):
                    group.create_task(self.deliver_in_order(list(letters), priority))

    async def deliver_in_order(self, rows: Sequence[Promise], priority: Priority) -> None:
        """Deliver rows one after another; what an outage stops is left to the sweep, and those behind it."""
        for row in rows:
            try:
                await self.deliver(row, priority)
            except Exception as error:
                if is_outage(error):
                    log.warning("delivery left to the sweep", error=cause_of(error), **_about(row))
                    return
                log.exception("delivery failed", **_about(row))
                await self._count_fault(row, f"{type(error).__name__}: {error}")

    async def deliver(self, row: Promise, priority: Priority = Priority.REPLY) -> None:
        """Deliver one row and note how it went; only an outage of PostgreSQL is raised.

        What it says is looked up when its turn has come, however long that took.
        """
        parcel = None
        try:
            async with self._messenger.permit(row.chat_id, priority) as messenger:
                parcel = await self._prepare(row)
                if parcel is None:
                    return
                await reach(Point.BEFORE_SEND, outbox_id=row.id)
                message_id = await parcel.send(messenger)
        except TelegramError as error:
            await self._fail(row, parcel, error)
            return
        await reach(Point.AFTER_SEND, outbox_id=row.id)
        await self._settle(row, parcel, message_id, self._clock.now())

    async def _prepare(self, row: Promise) -> Parcel | None:
        if not await self.claims.still_ours(row):
            log.info("somebody else's by now", **_about(row))
            return None
        async with self._sessions.begin() as session:
            await autocommit(session)
            if row.expires_at is not None and row.expires_at <= self._clock.now():
                await self._close(session, row, State.EXPIRED)
                return None
            outcome = await self._kinds[row.kind](session, row)
            if outcome is None or isinstance(outcome, State):
                await self._close(session, row, outcome or State.VOID)
                return None
            return outcome

    async def _settle(self, row: Promise, parcel: Parcel, message_id: int | None, sent_at: datetime) -> None:
        """Note that it was sent, as soon as PostgreSQL can be told: forgetting would send it again."""
        failures = 0
        while not await self._noted(row, parcel, message_id, sent_at):
            failures += 1
            await asyncio.sleep(backoff_seconds(failures, longest=SETTLE_AGAIN_SECONDS))
        await reach(Point.AFTER_MARK_SENT, outbox_id=row.id)
        self._metrics.delivered(row.kind, State.SENT)
        if "due" in row.payload:
            self._metrics.late(sent_at.timestamp() - row.payload["due"])
        log.info("delivered", **_about(row))

    async def _noted(self, row: Promise, parcel: Parcel, message_id: int | None, sent_at: datetime) -> bool:
        """Note it with what follows; where that fails by its own fault, the row is sent all the same."""
        try:
            await self._note(row, parcel, message_id, sent_at)
        except Exception as error:
            if is_outage(error):
                return False
            self._metrics.faulty(row.kind)
            log.exception("sent, but not settled", **_about(row))
        else:
            return True
        return await self._noted_alone(row, message_id, sent_at)

    async def _noted_alone(self, row: Promise, message_id: int | None, sent_at: datetime) -> bool:
        try:
            await self._note(row, None, message_id, sent_at)
        except Exception as error:
            if not is_outage(error):
                log.exception("not noted as sent", **_about(row))
            return False
        return True

    async def _note(
        self, row: Promise, parcel: Parcel | None, message_id: int | None, sent_at: datetime
    ) -> None:
        async with self._sessions.begin() as session:
            await outbox.mark_sent(session, row.id, sent_at, message_id)
            if parcel is not None:
                await parcel.settle(session, message_id)
            await reach(Point.BEFORE_MARK_SENT, outbox_id=row.id)

    async def _close(
        self, session: AsyncSession, row: Promise, state: State, reason: str | None = None
    ) -> None:
        await outbox.close(session, row, state, reason)
        self._metrics.delivered(row.kind, state)
        log.info("not delivered", state=state, **_about(row))

    async def _fail(self, row: Promise, parcel: Parcel | None, error: TelegramError) -> None:
        if isinstance(error, RefusedError) and not error.bad_token:
            await self._refused(row, parcel, error)
            return
        pause = error.retry_after if isinstance(error, FloodError) else self._pause(row)
        await self._postpone(row, pause, str(error))
        self._metrics.postponed(row.kind)
        if isinstance(error, AmbiguousError):
            self._metrics.ambiguous(row.kind)

    async def _refused(self, row: Promise, parcel: Parcel | None, error: RefusedError) -> None:
        if error.migrated_to is not None:
            async with self._sessions.begin() as session:
                await outbox.follow(session, row.chat_id, error.migrated_to)
            await self._postpone(row, 0.0, error.description)
            return
        async with self._sessions.begin() as session:
            if error.unreachable:
                await people.set_reachable(session, row.chat_id, reachable=False)
                if parcel is not None:
                    await parcel.give_up(session)
            await self._close(session, row, State.FAILED, error.description)

    async def _postpone(self, row: Promise, seconds: float, reason: str) -> None:
        await self.claims.let_go(row)
        until = self._clock.now() + timedelta(seconds=seconds)
        async with self._sessions.begin() as session:
            await outbox.postpone(session, row, until, reason)

    async def _count_fault(self, row: Promise, reason: str) -> None:
        """Try again later, or give up; a kind of a newer release is no fault and waits for that."""
        if row.kind not in self._kinds:
            await self._postpone(row, self._pause(row), reason)
            return
        self._metrics.faulty(row.kind)
        await self.claims.let_go(row)
        async with self._sessions.begin() as session:
            if row.faults + 1 >= MOST_FAULTS:
                await self._close(session, row, State.FAILED, reason)
                return
            until = self._clock.now() + timedelta(seconds=self._pause(row))
            await outbox.postpone_faulty(session, row, until, reason)

    @staticmethod
    def _pause(row: Promise) -> float:
        return backoff_seconds(row.attempts + 1, longest=LONGEST_PAUSE_SECONDS)


def _about(row: Promise) -> dict[str, str | int]:
    """Return what every log line about a row says: one search follows a tap to its last delivery."""
    about: dict[str, str | int] = {"kind": row.kind, "outbox_id": row.id}
    known = {"booking_id": row.booking_id, "update_id": row.payload.get("update_id")}
    return about | {name: value for name, value in known.items() if value is not None}
