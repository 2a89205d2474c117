"""Answering a command in its chat: the tap is acknowledged, and the view takes the tapped message's place."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Final

import structlog

from shared.clock import Clock
from shared.envelope import Envelope
from shared.failpoints import Point, reach
from shared.telegram.errors import RefusedError, TelegramError
from worker.db.engine import Database
from worker.db.outages import is_outage
from worker.outbox.message import Chat
from worker.outbox.messenger import Messenger
from worker.outbox.permits import Waiter
from worker.outbox.priority import Priority
from worker.people import repository as people
from worker.runtime import repository, views
from worker.runtime.capability import Hook, HookContext
from worker.runtime.environment import Environment
from worker.runtime.jobs.leases import LeaseHandle
from worker.runtime.put_off import ShowLaterError, put_off, waiter_of
from worker.ui.reply import Reply
from worker.ui.view import Showable

log = structlog.get_logger()

STEP_SECONDS: Final = 60.0
"""No step of a command takes longer, whatever hangs."""


@dataclass(frozen=True, slots=True)
class ShowTurn:
    """What a view needs to be shown: that the job is still this worker's, and leave to send."""

    lease: LeaseHandle
    waiter: Waiter


class Answerer:
    """Shows replies in chats."""

    def __init__(
        self,
        messenger: Messenger,
        database: Database,
        hooks: Sequence[Hook],
        clock: Clock,
        environment: Environment,
    ) -> None:
        self._messenger = messenger
        self._database = database
        self._hooks = hooks
        self._clock = clock
        self._environment = environment

    async def answer(
        self, envelope: Envelope, reply: Reply, lease: LeaseHandle, *, is_new: bool = False
    ) -> ShowLaterError | None:
        """Acknowledge the tap and show the view, side by side; `is_new` says that the person was never here.

        Where nothing was tapped, the words of a refusal stand in the message. Returns why the view
        has to be shown later, where Telegram is not ready for it. Raises whatever else stood in the way.
        """
        if envelope.reply_to.checkout_id is not None:
            await self._answer_checkout(envelope.reply_to.checkout_id, reply)
            return None
        if envelope.is_elsewhere:
            await self._answer_elsewhere(envelope, reply)
            return None
        if envelope.reply_to.callback_id is None and not reply.changed:
            reply = replace(reply, view=views.in_a_message(reply))
        async with asyncio.timeout(STEP_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(self._acknowledge(envelope, reply))
            showing = group.create_task(self.show(envelope, reply, lease, is_new=is_new))
        return showing.result()

    async def show(
        self, envelope: Envelope, reply: Reply, lease: LeaseHandle, *, is_new: bool = False
    ) -> ShowLaterError | None:
        """Show the reply's view; return why it has to be shown later, where Telegram is not ready for it."""
        waiter = waiter_of(envelope, is_new=is_new)
        try:
            await self._show(envelope, reply, lease, waiter)
        except TelegramError as error:
            if not is_outage(error):
                raise
            return put_off(envelope, reply, error, waiter)
        return None

    async def note_place(self, envelope: Envelope, reply: Reply) -> None:
        """Tell the hooks that the tapped message is about to become the reply's view, where it is."""
        if reply.view is not None and not reply.view.stands_alone:
            await self.note_shown(envelope, reply, envelope.tapped_message_id)

    async def note_shown(self, envelope: Envelope, reply: Reply, message_id: int | None) -> None:
        """Tell the hooks which message shows the reply's view, or is about to."""
        if message_id is None:
            return
        sessions, now = self._database.writing, self._clock.now()
        context = HookContext(envelope, reply, message_id, sessions, now, self._environment)
        for hook in self._hooks:
            await hook.when_shown(context)

    async def apologise(self, envelope: Envelope) -> None:
        """Tell the person that their command failed for good. Raises TelegramError and outages."""
        async with self._database.reading() as session:
            facts = await repository.load_facts(session, envelope.actor.id)
        chosen = None if facts.user is None else facts.user.language
        house = None if facts.business is None else facts.business.language
        texts = self._environment.translators.choose(chosen, envelope.actor.language_code, house)
        to = envelope.reply_to
        await self._messenger.in_thread(to.thread_id).send(to.chat_id, views.apology(texts))

    async def _acknowledge(self, envelope: Envelope, reply: Reply) -> None:
        """Answer the tap. Where the toast is the whole answer it has to arrive, else it is a courtesy."""
        callback_id = envelope.reply_to.callback_id
        if callback_id is None:
            return
        try:
            await self._messenger.answer_tap(callback_id, reply.toast, alert=reply.alert)
        except TelegramError:
            if reply.toast and reply.view is None and not reply.changed:
                raise
            log.info("tap not acknowledged")

    async def _answer_checkout(self, checkout_id: str, reply: Reply) -> None:
        """Answer a payment that waits for it; what was not decided here is said by whoever decides it."""
        if reply.payable is not None:
            refusal = None if reply.payable else reply.toast
            await self._messenger.answer_checkout(checkout_id, refusal)

    async def _answer_elsewhere(self, envelope: Envelope, reply: Reply) -> None:
        """Answer what was asked in another chat: nothing is said in the person's own."""
        asked, found = envelope.reply_to, reply.found
        if asked.inline_query_id is not None:
            answer = found or views.refused_query(reply)
            await self._messenger.elsewhere.answer_inline(asked.inline_query_id, answer)
        if asked.guest_query_id is not None:
            card = found.cards[0] if found and found.cards else views.refused_guest(reply)
            if card is not None:
                await self._messenger.elsewhere.answer_guest(asked.guest_query_id, card)

    async def _show(self, envelope: Envelope, reply: Reply, lease: LeaseHandle, waiter: Waiter) -> None:
        if reply.view is None:
            return
        tapped, to = envelope.tapped_message_id, envelope.reply_to
        turn = ShowTurn(lease, waiter)
        try:
            shown = await self._show_in_turn(turn, Chat(to.chat_id, to.thread_id), tapped, reply.view)
        except RefusedError as error:
            if error.migrated_to is not None:
                await self._show_in_turn(turn, Chat(error.migrated_to), None, reply.view)
                return
            if not error.unreachable:
                raise
            async with self._database.writing.begin() as session:
                await people.set_reachable(session, envelope.actor.id, reachable=False)
            return
        if shown != tapped:
            await self.note_shown(envelope, reply, shown)

    async def _show_in_turn(
        self, turn: ShowTurn, to: Chat, message_id: int | None, view: Showable
    ) -> int | None:
        """Show a view once its chat's turn has come, unless another worker has the job by then.

        That worker may have shown the view already, and what was asked after it: this view would cover that.
        """
        async with AsyncExitStack() as stack:
            with turn.lease.release_slot():
                own = self._messenger.in_thread(to.thread_id)
                permit = own.permit(to.id, Priority.REPLY, turn.waiter)
                messenger = await stack.enter_async_context(permit)
            await reach(Point.BEFORE_SHOW)
            if await turn.lease.is_valid():
                return await messenger.show(to.id, message_id, view)
        log.info("not shown: another worker has the job")
        return message_id
