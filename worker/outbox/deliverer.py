"""Delivers messages: each is made and noted as sent in short transactions, and sent outside of them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.failpoints import Point, reach
from shared.retry import Backoff, backoff_seconds
from shared.telegram.errors import AmbiguousError, FloodError, RefusedError, TelegramError
from worker.db.engine import Sessions, autocommit
from worker.db.errors import cause_of
from worker.db.models.delivery import State
from worker.db.outages import is_outage
from worker.db.schema import minding_the_schema
from worker.due.claims import Claims
from worker.outbox import repository
from worker.outbox.handler import Later, MessageContext, MessageHandler, MessageType
from worker.outbox.message import OUTBOX, Chat, ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.metrics import DeliveryMetrics
from worker.outbox.permits import Waiter
from worker.outbox.priority import Priority
from worker.people import repository as people
from worker.runtime.environment import Environment

log = structlog.get_logger()

LONGEST_PAUSE_SECONDS = 60.0
NOTE_AGAIN_SECONDS = 0.5
MOST_FAULTS = 5
"""A message that failed by its own fault so often is closed: it would fail for ever."""
PATIENT_ATTEMPTS = 4
"""A message that has been tried more often holds up no other one of its chat."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message that is made ready: everything it says was read before."""

    claimed: ClaimedMessage
    handler: MessageHandler[Any]
    content: Any


class Deliverer:
    """Delivers messages that its caller has claimed."""

    def __init__(
        self,
        sessions: Sessions,
        renewing: Sessions,
        messenger: Messenger,
        types: Iterable[MessageType[Any]],
        clock: Clock,
        environment: Environment,
        metrics: DeliveryMetrics,
    ) -> None:
        self._sessions = sessions
        self._messenger = messenger
        self._types = {each.name: each for each in types}
        self._clock = clock
        self._environment = environment
        self._metrics = metrics
        self.claims = Claims(OUTBOX, renewing, clock)
        metrics.know(self._types)

    async def deliver_all(self, messages: Sequence[ClaimedMessage]) -> None:
        """Deliver messages: each chat's in order, the chats side by side."""
        by_chat = sorted(messages, key=lambda each: (order_of(each), each.id))
        with self.claims.keep(messages):
            async with asyncio.TaskGroup() as group:
                for _, batch in groupby(by_chat, key=order_of):
                    group.create_task(self._deliver_in_order(list(batch)))

    async def deliver(self, claimed: ClaimedMessage) -> datetime | None:
        """Deliver one message and note how it went.

        Returns until when the next ones of its chat have to wait, if they have to. Raises only what an outage
        of PostgreSQL raises.
        """
        try:
            async with minding_the_schema(self._sessions):
                return await self._deliver(claimed)
        except Exception as error:
            if is_outage(error):
                log.warning("delivery left until the claim is over", error=cause_of(error), **claimed.about)
                raise
            log.exception("delivery failed", **claimed.about)
            await self._count_fault(claimed, f"{type(error).__name__}: {error}")
            return None

    async def _deliver_in_order(self, messages: Sequence[ClaimedMessage]) -> None:
        """Deliver one chat's messages; those behind one that has to wait are put off with it."""
        for index, claimed in enumerate(messages, start=1):
            try:
                wait_until = await self.deliver(claimed)
                if wait_until is not None:
                    await self._put_off(messages[index:], wait_until)
                    return
            except Exception as error:
                if not is_outage(error):
                    raise
                return

    async def _deliver(self, claimed: ClaimedMessage) -> datetime | None:
        """Send it once its chat's turn has come: what it says is looked up then, however long that took."""
        message_type = self._types.get(claimed.message.kind)
        if message_type is None:  # a newer release promised it, and will send it
            await self._postpone(claimed, self._pause(claimed), "no such message type")
            return None
        prepared = None
        try:
            async with self._permit(claimed, message_type) as messenger:
                prepared = await self._prepare(claimed, message_type.handler)
                if prepared is None:
                    return None
                await reach(Point.BEFORE_SEND, outbox_id=claimed.id)
                message_id = await prepared.handler.send(messenger, claimed, prepared.content)
        except TelegramError as error:
            return await self._fail(claimed, prepared, error)
        await reach(Point.AFTER_SEND, outbox_id=claimed.id)
        await self._note_sent(prepared, message_id, self._clock.now())
        return None

    @asynccontextmanager
    async def _permit(
        self, claimed: ClaimedMessage, message_type: MessageType[Any]
    ) -> AsyncIterator[Messenger]:
        """Wait for a permit to send to a chat; other destinations need none."""
        to = claimed.message.destination
        if not isinstance(to, Chat):
            yield self._messenger
            return
        priority = message_type.priority
        if claimed.may_have_been_sent and not claimed.taken_over:  # nobody has just tapped for it
            priority = max(priority, Priority.REMINDER)
        waiter = Waiter(since=claimed.due_at.timestamp())
        own = self._messenger.in_thread(to.thread_id)
        async with own.permit(to.id, priority, waiter) as messenger:
            yield messenger

    async def _prepare(self, claimed: ClaimedMessage, handler: MessageHandler[Any]) -> Prepared | None:
        if not await self.claims.is_ours(claimed):
            log.info("another process has it by now", **claimed.about)
            return None
        expires_at = claimed.message.expires_at
        async with self._sessions.begin() as session:
            await autocommit(session)
            if expires_at is not None and expires_at <= self._clock.now():
                outcome: Any = State.EXPIRED
            else:
                outcome = await handler.prepare(self._context(session), claimed)
            if not isinstance(outcome, State | Later):
                return Prepared(claimed, handler, outcome)
            if isinstance(outcome, State):
                await repository.close(session, claimed, outcome)
        if isinstance(outcome, Later):
            until = outcome.until or self._clock.now() + timedelta(seconds=self._pause(claimed))
            await self._postpone(claimed, (until - self._clock.now()).total_seconds(), outcome.reason)
            log.info("put off", until=until.isoformat(), reason=outcome.reason, **claimed.about)
        else:
            self._closed(claimed, outcome)
        return None

    async def _note_sent(self, prepared: Prepared, message_id: int | None, sent_at: datetime) -> None:
        """Note that it was sent, as soon as PostgreSQL can be told: forgetting would send it again."""
        claimed, backoff = prepared.claimed, Backoff(longest=NOTE_AGAIN_SECONDS)
        while not await self._noted(prepared, message_id, sent_at):
            pause = backoff.seconds()
            await asyncio.sleep(pause)
        await reach(Point.AFTER_MARK_SENT, outbox_id=claimed.id)
        self._metrics.delivered(claimed.message.kind, State.SENT)
        if "due" in claimed.message.payload:
            self._metrics.late(sent_at.timestamp() - claimed.message.payload["due"])
        log.info("delivered", **claimed.about)

    async def _noted(self, prepared: Prepared, message_id: int | None, sent_at: datetime) -> bool:
        """Note it with what follows; where that fails by its own fault, it is sent all the same."""
        try:
            await self._note(prepared, message_id, sent_at, with_what_follows=True)
        except Exception as error:
            if is_outage(error):
                return False
            self._metrics.faulty(prepared.claimed.message.kind)
            log.exception("sent, but what follows was not written", **prepared.claimed.about)
        else:
            return True
        return await self._noted_alone(prepared, message_id, sent_at)

    async def _noted_alone(self, prepared: Prepared, message_id: int | None, sent_at: datetime) -> bool:
        try:
            await self._note(prepared, message_id, sent_at, with_what_follows=False)
        except Exception as error:
            if not is_outage(error):
                log.exception("not noted as sent", **prepared.claimed.about)
            return False
        return True

    async def _note(
        self, prepared: Prepared, message_id: int | None, sent_at: datetime, *, with_what_follows: bool
    ) -> None:
        claimed, handler = prepared.claimed, prepared.handler
        more = with_what_follows and handler.follows_up(prepared.content)
        await reach(Point.BEFORE_MARK_SENT, outbox_id=claimed.id)
        async with self._sessions.begin() as session:
            if not more:
                await autocommit(session)
            await repository.mark_sent(session, claimed.id, sent_at, message_id)
            if more:
                await handler.on_sent(self._context(session), claimed, prepared.content, message_id)

    def _closed(self, claimed: ClaimedMessage, state: State) -> None:
        self._metrics.delivered(claimed.message.kind, state)
        log.info("not delivered", state=state, **claimed.about)

    async def _fail(
        self, claimed: ClaimedMessage, prepared: Prepared | None, error: TelegramError
    ) -> datetime | None:
        """Close it or put it off, by what Telegram answered; return until when its chat waits, if so."""
        if isinstance(error, RefusedError) and not error.bad_token:
            await self._refused(claimed, prepared, error)
            return None
        self._metrics.postponed(claimed.message.kind)
        if isinstance(error, AmbiguousError):
            self._metrics.ambiguous(claimed.message.kind)
        pause = error.retry_after if isinstance(error, FloodError) else self._pause(claimed)
        until = await self._postpone(claimed, pause, str(error))
        return until if claimed.attempts <= PATIENT_ATTEMPTS or isinstance(error, FloodError) else None

    async def _refused(self, claimed: ClaimedMessage, prepared: Prepared | None, error: RefusedError) -> None:
        chat_id = claimed.message.chat_id
        if error.migrated_to is not None:
            async with self._sessions.begin() as session:
                await repository.follow_chat(session, chat_id, error.migrated_to)
            await self._postpone(claimed, 0.0, error.description)
            return
        async with self._sessions.begin() as session:
            if error.unreachable:
                await people.set_reachable(session, chat_id, reachable=False)
                if prepared is not None:
                    await prepared.handler.on_unreachable(self._context(session), claimed)
            await repository.close(session, claimed, State.FAILED, error.description)
        self._closed(claimed, State.FAILED)

    async def _postpone(self, claimed: ClaimedMessage, seconds: float, reason: str) -> datetime:
        await self.claims.release([claimed])
        until = self._clock.now() + timedelta(seconds=seconds)
        async with self._sessions.begin() as session:
            await repository.postpone(session, claimed, until, reason)
        return until

    async def _put_off(self, messages: Sequence[ClaimedMessage], until: datetime) -> None:
        if not messages:
            return
        await self.claims.release(messages)
        async with self._sessions.begin() as session:
            await OUTBOX.postpone(session, messages, until)

    async def _count_fault(self, claimed: ClaimedMessage, reason: str) -> None:
        """Try again later, or close it."""
        self._metrics.faulty(claimed.message.kind)
        await self.claims.release([claimed])
        async with self._sessions.begin() as session:
            if claimed.faults + 1 < MOST_FAULTS:
                until = self._clock.now() + timedelta(seconds=self._pause(claimed))
                await repository.count_fault(session, claimed, until, reason)
                return
            await repository.close(session, claimed, State.FAILED, reason)
        self._closed(claimed, State.FAILED)

    def _context(self, session: AsyncSession) -> MessageContext:
        return MessageContext(session, self._clock, self._environment)

    @staticmethod
    def _pause(claimed: ClaimedMessage) -> float:
        return backoff_seconds(claimed.attempts + 1, longest=LONGEST_PAUSE_SECONDS)


def order_of(claimed: ClaimedMessage) -> str:
    """Name what a message has to be in order with: its chat; elsewhere messages have no order."""
    to = claimed.message.destination
    return f"chat {to.id}" if isinstance(to, Chat) else f"message {claimed.id}"
