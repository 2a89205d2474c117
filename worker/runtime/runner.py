"""Running a command: decide in one transaction, then answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.contracts.base import Command
from shared.contracts.people import SetReachable
from shared.envelope import Envelope
from shared.failpoints import Point, reach
from shared.i18n.translator import Translators
from shared.telegram.errors import RefusedError, TelegramError
from shared.tracing import span
from worker.booking import copies, repository
from worker.db.engine import Sessions, autocommit
from worker.db.errors import cause_of
from worker.db.outages import is_outage
from worker.menu.views import apology, not_ready
from worker.outbox.deliverer import Deliverer
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.outbox.repository import Promise
from worker.people import repository as people
from worker.people.repository import Premises, Scene
from worker.runtime import idempotency as fence
from worker.runtime.context import Context
from worker.runtime.jobs.lease import Hold, Unleased
from worker.runtime.registry import Entry
from worker.ui.view import Reply, View

log = structlog.get_logger()

STEP_SECONDS = 60.0
"""No step of a command takes longer, whatever hangs; what was promised is not bounded as a whole:
the note that something was sent waits for PostgreSQL, or it would be sent again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command's transaction came to."""

    reply: Reply
    promised: Sequence[Promise] = ()


class CommandRunner:
    """Runs commands against the database and answers in the chat."""

    def __init__(
        self,
        registry: Mapping[type[Command], Entry],
        sessions: Sessions,
        messenger: Messenger,
        deliverer: Deliverer,
        clock: Clock,
        translators: Translators,
        admin_ids: frozenset[int],
    ) -> None:
        self._registry = registry
        self._sessions = sessions
        self._messenger = messenger
        self._deliverer = deliverer
        self._clock = clock
        self._translators = translators
        self._admin_ids = admin_ids

    async def run(
        self,
        envelope: Envelope,
        decided: Callable[[Reply], None] | None = None,
        lease: Hold | None = None,
    ) -> None:
        """Run one command to its end: its changes are committed and its answer is with Telegram.

        `decided` is told of the decision once it stands, before anybody is answered. What another worker
        has by now, because the lease ran out here, is left to that one. Raises what stood in the way;
        running it again is always safe.
        """
        lease = lease or Unleased()
        with span("transaction"):
            async with asyncio.timeout(STEP_SECONDS):
                decision = await self._decide(envelope, lease)
            await self._note_card(envelope, decision.reply, _tapped(envelope))
        if decided is not None:
            decided(decision.reply)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._answer(envelope, decision.reply, lease))
            group.create_task(self._deliver(decision.promised, lease))

    async def _answer(self, envelope: Envelope, reply: Reply, lease: Hold) -> None:
        async with asyncio.timeout(STEP_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(self._acknowledge(envelope, reply))
            group.create_task(self._show(envelope, reply, lease))

    async def apologise(self, envelope: Envelope) -> None:
        """Tell the person that their command failed for good. Raises TelegramError and outages."""
        async with self._sessions() as session:
            scene = await people.load_scene(session, envelope.actor.id)
        chosen = None if scene.person is None else scene.person.language
        house = None if scene.premises is None else scene.premises.language
        texts = self._translators.choose(chosen, envelope.actor.language_code, house)
        await self._messenger.send(envelope.reply_to.chat_id, apology(texts))

    async def _decide(self, envelope: Envelope, lease: Hold) -> Decision:
        entry = self._registry[type(envelope.command)]
        async with self._sessions() as session, session.begin() as transaction:
            scene = await _enter(session, entry, envelope)
            if scene is None:
                return Decision(Reply())
            if scene.premises is None:
                await transaction.rollback()
                return Decision(self._not_ready(envelope))
            context = await self._context(session, envelope, scene, scene.premises)
            if not (entry.once or await lease.ours()):
                return Decision(Reply())
            if entry.leaves and (tapped := _tapped(envelope)) is not None:
                await repository.leave_card(session, context.person.id, tapped)
            reply = await entry.use_case(context, envelope.command)
            promised = await context.write_down() if reply.changed else ()
            if entry.once and not (reply.changed and await lease.ours()):
                await transaction.rollback()
                return Decision(Reply() if reply.changed else reply)
            await reach(Point.BEFORE_COMMIT)
        await reach(Point.AFTER_COMMIT)
        return Decision(reply, promised)

    async def _note_card(self, envelope: Envelope, reply: Reply, message_id: int | None) -> None:
        """Note that a message is a card, if possible before it is: so no later change passes it by."""
        if reply.card is None or message_id is None:
            return
        async with self._sessions.begin() as session:
            await copies.note(
                session, envelope.actor.id, repository.Copy(reply.card, message_id), self._clock.now()
            )

    async def _context(
        self, session: AsyncSession, envelope: Envelope, scene: Scene, premises: Premises
    ) -> Context:
        actor, person = envelope.actor, scene.person
        if person is None or not people.is_known(person, actor):
            person = await people.save_person(session, actor)
        return Context(
            session=session,
            now=self._clock.now(),
            envelope=envelope,
            premises=premises,
            person=person,
            texts=self._translators.choose(person.language, actor.language_code, premises.language),
            translators=self._translators,
            specialist_id=scene.specialist_id,
            is_admin=scene.granted or actor.id in self._admin_ids,
        )

    def _not_ready(self, envelope: Envelope) -> Reply:
        if isinstance(envelope.command, SetReachable):
            return Reply()
        return Reply(not_ready(self._translators.choose(envelope.actor.language_code)))

    async def _deliver(self, promised: Sequence[Promise], lease: Hold) -> None:
        """Deliver what was just promised; what an outage leaves, the sweep delivers."""
        try:
            with lease.lent():
                await self._deliverer.deliver_all(promised)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("delivery left to the sweep", error=cause_of(error))

    async def _acknowledge(self, envelope: Envelope, reply: Reply) -> None:
        """Answer the tap. Where it carries the whole answer it has to arrive, else it is a courtesy."""
        callback_id = envelope.reply_to.callback_id
        if callback_id is None:
            return
        try:
            await self._messenger.answer_tap(callback_id, reply.toast, alert=reply.alert)
        except TelegramError:
            if reply.toast and reply.view is None and not reply.changed:
                raise
            log.info("tap not acknowledged")

    async def _show(self, envelope: Envelope, reply: Reply, lease: Hold) -> None:
        if reply.view is None:
            return
        to = envelope.reply_to
        try:
            shown = await self._show_in_turn(lease, to.chat_id, _tapped(envelope), reply.view)
        except RefusedError as error:
            if error.migrated_to is not None:
                await self._show_in_turn(lease, error.migrated_to, None, reply.view)
                return
            if not error.unreachable:
                raise
            async with self._sessions.begin() as session:
                await people.set_reachable(session, envelope.actor.id, reachable=False)
            return
        if shown != _tapped(envelope):
            await self._note_card(envelope, reply, shown)

    async def _show_in_turn(
        self, lease: Hold, chat_id: int, message_id: int | None, view: View
    ) -> int | None:
        """Show a view once its chat's turn has come, unless another worker has the job by then.

        That one may have shown it already, and what was asked after it: this view would cover that.
        """
        async with AsyncExitStack() as stack:
            with lease.lent():
                permit = self._messenger.permit(chat_id, Priority.REPLY)
                messenger = await stack.enter_async_context(permit)
            await reach(Point.BEFORE_SHOW)
            if await lease.ours():
                return await messenger.show(chat_id, message_id, view)
        log.info("not shown: another worker has the job")
        return message_id


async def _enter(session: AsyncSession, entry: Entry, envelope: Envelope) -> Scene | None:
    """Load who asks; None where a command that takes effect once has done so before."""
    if entry.once:
        return await fence.pass_once(session, envelope)
    await autocommit(session)  # it reads, and what little it notes may be noted again
    return await people.load_scene(session, envelope.actor.id)


def _tapped(envelope: Envelope) -> int | None:
    """Return the message whose button was tapped: it becomes the answer."""
    to = envelope.reply_to
    return to.message_id if to.callback_id is not None else None
