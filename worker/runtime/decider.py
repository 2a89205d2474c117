"""Deciding a command: one transaction that takes effect once, or statements that change nothing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.contracts.base import Command
from shared.contracts.chat import CancelConversation, Say, SkipQuestion
from shared.contracts.people import SetReachable
from shared.envelope import Actor, Envelope
from shared.failpoints import Point, reach
from worker.db.engine import Database
from worker.db.errors import DATABASE_FAILURES, sqlstate_of
from worker.outbox.message import ClaimedMessage
from worker.people import repository as people
from worker.runtime import questions, repository, views
from worker.runtime.access import ANYONE, TimersOnly
from worker.runtime.capability import FollowUp, Handler
from worker.runtime.context import RequestContext
from worker.runtime.environment import OWNER, Environment
from worker.runtime.interview import Interview, ending_beside
from worker.runtime.jobs.leases import LeaseHandle
from worker.runtime.questions import Ending
from worker.runtime.repository import UNFOUNDED, BusinessProfile, RequestFacts, User
from worker.ui.reply import Reply

type Take = Callable[[AsyncSession], Awaitable[bool]]
"""Takes a timer in a transaction: deletes its row, and tells whether it was still there to be run."""

READ_ONLY: Final = "25006"
"""The SQLSTATE of a write in a transaction that only reads."""


class ReadingHandlerError(TypeError):
    """A handler that is declared as reading writes, or says that it changed something."""


class TimerAccessError(TypeError):
    """A timer asks for what only people may ask for."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command came to: the answer, and what has been promised to be sent."""

    reply: Reply = field(default_factory=Reply)
    promised: Sequence[ClaimedMessage] = ()
    is_new: bool = False
    """Whether the person was never here before."""


class Decider:
    """Runs handlers."""

    def __init__(
        self,
        handlers: Mapping[type[Command], Handler],
        database: Database,
        clock: Clock,
        environment: Environment,
        follow_ups: Sequence[FollowUp] = (),
    ) -> None:
        self._handlers = handlers
        self._interview = Interview(handlers)
        self._database = database
        self._clock = clock
        self._environment = environment
        self._follow_ups = follow_ups

    async def decide(self, envelope: Envelope, lease: LeaseHandle) -> Decision:
        """Run the command's handler; what another worker has by now is decided there and not here."""
        handler = self._handlers[type(envelope.command)]
        return await (self._read if handler.reads else self._write)(handler, envelope, lease)

    async def decide_timer(self, envelope: Envelope, take: Take) -> Decision:
        """Run a timer's command in the transaction that takes the timer: it takes effect once.

        Nothing is done where `take` says that the timer is somebody else's by now, or has run. Raises
        TimerAccessError for a command that is not declared to be the timers'.
        """
        handler = self._handlers[type(envelope.command)]
        if not isinstance(handler.access, TimersOnly):
            raise TimerAccessError(envelope.command.kind)
        async with self._database.writing.begin() as session:
            if not await take(session):
                return Decision()
            facts = await repository.load_facts(session, envelope.actor.id)
            business = facts.business or UNFOUNDED  # questions end in time before there is one, too
            context = self._context(session, envelope, facts, business, repository.NOBODYS_USER)
            reply = await handler.run(context, envelope.command)
            promised = await context.write_down()
        return Decision(reply, promised)

    async def _write(self, handler: Handler, envelope: Envelope, lease: LeaseHandle) -> Decision:
        async with self._database.writing() as session, session.begin() as transaction:
            claimed = await repository.claim_once(session, envelope)
            facts = await self._as_founder(handler, session, envelope, claimed)
            if facts.business is None:
                await transaction.rollback()
                return Decision(self._not_ready(envelope, facts))
            if facts.repeated and not handler.runs_again:
                unseen = await self._unseen_question(handler, session, envelope, facts)
                await transaction.rollback()
                return Decision(unseen)
            user = _as_described(facts.user, envelope) or await people.save_person(session, envelope.actor)
            context = self._context(session, envelope, facts, facts.business, user)
            turn = await self._interview.run(handler, context)
            reply = turn.reply
            if reply.changed:
                await self._follow_up(context)
            promised: Sequence[ClaimedMessage] = await context.write_down() if reply.changed else ()
            ours = not reply.changed or await lease.is_valid()
            if not reply.changed or not ours:
                await transaction.rollback()
            else:
                await reach(Point.BEFORE_COMMIT)
        if not ours:
            return Decision()
        if reply.changed:
            await reach(Point.AFTER_COMMIT)
        else:
            promised = await self._write_beside(context, turn.ending)
        return Decision(reply, promised, is_new=facts.user is None)

    async def _read(self, handler: Handler, envelope: Envelope, lease: LeaseHandle) -> Decision:
        async with self._database.reading() as session:
            loaded = await repository.load_facts(session, envelope.actor.id)
            facts = await self._as_founder(handler, session, envelope, loaded)
            if facts.business is None:
                return Decision(self._not_ready(envelope, facts))
            user = await self._reader(handler, envelope, facts)
            if not await lease.is_valid():
                return Decision()
            context = self._context(session, envelope, facts, facts.business, user)
            reply = await _unable_to_write(handler, context)
        if handler.passing:
            return Decision(reply)
        promised = await self._write_beside(context, ending_beside(handler, context))
        return Decision(reply, promised, is_new=facts.user is None)

    async def _write_beside(self, context: RequestContext, ending: Ending | None) -> Sequence[ClaimedMessage]:
        """Write what follows from a command that itself changed nothing; return what is to be sent at once.

        A question that is open beside one that leads elsewhere ends.
        """
        left = None if ending is None else context.conversation
        if left is None and not any(each.is_due(context) for each in self._follow_ups):
            return ()
        async with self._database.writing.begin() as session:
            alone = replace(context, session=session, messages=[], events=[], timers={})
            if left is not None and ending is not None:
                await questions.close(alone, left, ending)
            await self._follow_up(alone)
            return await alone.write_down()

    async def _follow_up(self, context: RequestContext) -> None:
        for each in self._follow_ups:
            if each.is_due(context):
                await each.run(context)

    async def _unseen_question(
        self, handler: Handler, session: AsyncSession, envelope: Envelope, facts: RequestFacts
    ) -> Reply:
        """Return the question that a repeated update opened, where its worker died before it was shown."""
        asked = facts.conversation
        if facts.business is None or facts.user is None or asked is None or asked.message_id is not None:
            return Reply()
        context = self._context(session, envelope, facts, facts.business, facts.user)
        reply = await handler.run(context, envelope.command)
        return reply if reply.asks is not None and asked.asks(reply.asks) else Reply()

    async def _reader(self, handler: Handler, envelope: Envelope, facts: RequestFacts) -> User:
        """Return who asks to be shown something; whoever only passes by is noted nowhere."""
        if handler.passing:
            return facts.user or _passer_by(envelope.actor)
        return _as_described(facts.user, envelope) or await self._save_person(envelope)

    async def _save_person(self, envelope: Envelope) -> User:
        async with self._database.writing.begin() as session:
            return await people.save_person(session, envelope.actor)

    def _context(
        self,
        session: AsyncSession,
        envelope: Envelope,
        facts: RequestFacts,
        business: BusinessProfile,
        user: User,
    ) -> RequestContext:
        environment, now = self._environment, self._clock.now()
        spoken = environment.translators.in_year(now.astimezone(business.zone).year)
        return RequestContext(
            session=session,
            now=now,
            envelope=envelope,
            business=business,
            user=user,
            texts=spoken.choose(user.language, envelope.actor.language_code, business.language),
            environment=environment,
            conversation=facts.conversation,
            specialist_id=facts.specialist_id,
            roles=facts.roles | environment.roles_by_settings(user.id),
        )

    async def _as_founder(
        self, handler: Handler, session: AsyncSession, envelope: Envelope, facts: RequestFacts
    ) -> RequestFacts:
        """Let its first owners set up a business that is not there yet, and answer what they are asked.

        They are those of ADMIN_IDS, and who accepted to be. What founds and is anyone's is open to everybody.
        """
        if facts.business is not None:
            return facts
        if await people.is_founder(session, envelope.actor.id):
            facts = replace(facts, roles=facts.roles | {OWNER})
        answers = facts.conversation is not None and _is_about_question(envelope.command)
        admits = handler.access is ANYONE or self._owns(envelope, facts)
        return replace(facts, business=UNFOUNDED) if (handler.founds or answers) and admits else facts

    def _owns(self, envelope: Envelope, facts: RequestFacts) -> bool:
        return bool(facts.roles | self._environment.roles_by_settings(envelope.actor.id))

    def _not_ready(self, envelope: Envelope, facts: RequestFacts) -> Reply:
        if isinstance(envelope.command, SetReachable):
            return Reply()
        texts = self._environment.translators.choose(envelope.actor.language_code)
        owns = self._owns(envelope, facts)
        return Reply(views.to_be_set_up(texts) if owns else views.not_ready(texts))


def _is_about_question(command: Command) -> bool:
    return isinstance(command, Say | SkipQuestion | CancelConversation)


def _as_described(user: User | None, envelope: Envelope) -> User | None:
    """Return the person if they are stored just as Telegram describes them now."""
    return user if people.is_known(user, envelope.actor) else None


def _passer_by(actor: Actor) -> User:
    """Describe somebody who is not known here, and is not to be."""
    names = actor.id, actor.first_name, actor.last_name, actor.username
    return User(*names, actor.language_code, None, reachable=False, menu=None)


async def _unable_to_write(handler: Handler, context: RequestContext) -> Reply:
    """Run a reading handler. Raises ReadingHandlerError where it writes: that is a defect, and no outage."""
    kind = context.envelope.command.kind
    try:
        reply = await handler.run(context, context.envelope.command)
    except DATABASE_FAILURES as error:
        if sqlstate_of(error) == READ_ONLY:
            raise ReadingHandlerError(kind) from error
        raise
    if reply.changed or reply.asks is not None:
        raise ReadingHandlerError(kind)
    return reply
