"""Running a command: decide, then answer, and deliver what the decision promised."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from shared.envelope import Envelope
from shared.tracing import span
from worker.db.errors import cause_of
from worker.db.outages import is_outage
from worker.outbox.deliverer import Deliverer
from worker.outbox.message import ClaimedMessage
from worker.runtime.answerer import STEP_SECONDS, Answerer
from worker.runtime.decider import Decider, Take
from worker.runtime.jobs.leases import LeaseHandle, NullLease
from worker.runtime.put_off import ShowLaterError, reply_of
from worker.ui.reply import Reply

log = structlog.get_logger()


class CommandRunner:
    """Runs commands to their end. What was promised is sent for as long as that takes: it is not bounded."""

    def __init__(self, decider: Decider, answerer: Answerer, deliverer: Deliverer) -> None:
        self._decider = decider
        self._answerer = answerer
        self._deliverer = deliverer

    async def run(
        self,
        envelope: Envelope,
        decided: Callable[[Reply], None] | None = None,
        lease: LeaseHandle | None = None,
    ) -> None:
        """Run one command to its end: its changes are committed and its answer is with Telegram.

        `decided` is told of the decision once it stands, before anybody is answered. A job that another
        worker has by now, because its lease ran out here, is left to that worker.

        Raises ShowLaterError where only the showing is left: the error's envelope is to be run then. Raises
        whatever else stood in the way; running the command again is always safe.
        """
        lease = lease or NullLease()
        later = await (
            self._show(envelope, lease) if envelope.decided else self._run(envelope, decided, lease)
        )
        if later is not None:
            raise later

    async def _run(
        self, envelope: Envelope, decided: Callable[[Reply], None] | None, lease: LeaseHandle
    ) -> ShowLaterError | None:
        with span("transaction"):
            async with asyncio.timeout(STEP_SECONDS):
                decision = await self._decider.decide(envelope, lease)
            await self._answerer.note_place(envelope, decision.reply)
        if decided is not None:
            decided(decision.reply)
        async with asyncio.TaskGroup() as group:
            answering = group.create_task(
                self._answerer.answer(envelope, decision.reply, lease, is_new=decision.is_new)
            )
            group.create_task(self._deliver(decision.promised, lease))
        return answering.result()

    async def _show(self, envelope: Envelope, lease: LeaseHandle) -> ShowLaterError | None:
        """Show what was decided when the command ran before."""
        if envelope.decided is None:
            return None
        async with asyncio.timeout(STEP_SECONDS):
            return await self._answerer.show(envelope, reply_of(envelope.decided), lease)

    async def run_timer(self, envelope: Envelope, take: Take) -> None:
        """Run a timer's command once and deliver what it promises. Raises what stood in the way."""
        async with asyncio.timeout(STEP_SECONDS):
            decision = await self._decider.decide_timer(envelope, take)
        await self._deliver(decision.promised, NullLease())

    async def apologise(self, envelope: Envelope) -> None:
        """Tell the person that their command failed for good. Raises TelegramError and outages."""
        await self._answerer.apologise(envelope)

    async def _deliver(self, promised: Sequence[ClaimedMessage], lease: LeaseHandle) -> None:
        """Deliver what was just promised; what an outage leaves, the poller delivers."""
        try:
            with lease.release_slot():
                await self._deliverer.deliver_all(promised)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("delivery left to the poller", error=cause_of(error))
