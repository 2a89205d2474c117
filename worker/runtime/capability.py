"""What a capability declares, the other half of its contract: everything else follows from it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any, Protocol

from shared.contracts.base import Audience, Command, Contract
from shared.envelope import Envelope
from shared.i18n.marking import Marked
from shared.i18n.translator import Translator
from shared.settings import WorkerSettings
from worker.db.engine import Sessions
from worker.outbox.handler import MessageType
from worker.retention.purge import Purge
from worker.runtime.access import ANYONE, Access
from worker.runtime.context import RequestContext
from worker.runtime.environment import Environment
from worker.ui.reply import Reply
from worker.ui.view import Button

type Handle = Callable[..., Awaitable[Reply]]
"""A handler: takes the context, its command, and whatever its access loaded to decide."""


class UndeclaredChangeError(TypeError):
    """A handler promised, noted or timed something, and its reply does not say that it changed anything."""


class UndeclaredOutcomeError(TypeError):
    """A handler's reply names an outcome that no capability declares."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What runs commands, and who may have them run. Made by decorating a function: see `writes`, `reads`."""

    handle: Handle
    commands: tuple[type[Command], ...]
    access: Access
    reads: bool
    keeps_question: bool
    """Whether a question that is open for the person stays open beside it."""
    founds: bool = False
    """Whether first owners, of what is anyone's everybody, may have it run before there is a business."""
    runs_again: bool = False
    """Whether it runs when its update comes again after it took effect: it has to answer, and changes nothing
    more by it."""
    passing: bool = False
    """Whether whoever asks is not noted: they may never have opened the bot. Nothing follows for them."""

    async def run(self, context: RequestContext, command: Command) -> Reply:
        """Check the access and run; what the access refuses is answered by its reason.

        Raises UndeclaredChangeError where what the handler leaves would be rolled back unseen, and
        UndeclaredOutcomeError where the metrics would not know what came of the command.
        """
        admitted = await self.access.admit(context, command)
        if isinstance(admitted, Reply):
            return admitted
        before = context.left()
        reply = await self.handle(context, command, *admitted)
        if not reply.changed and context.left() != before:
            raise UndeclaredChangeError(command.kind)
        if reply.outcome is not None and reply.outcome not in context.environment.outcomes:
            raise UndeclaredOutcomeError(f"{command.kind}: {reply.outcome}")
        return reply


def writes(
    *commands: type[Command],
    access: Access = ANYONE,
    keeps_question: bool = False,
    founds: bool = False,
    runs_again: bool = False,
) -> Callable[[Handle], Handler]:
    """Declare what runs commands that may change something: one transaction, which takes effect once."""
    return lambda handle: Handler(
        handle,
        commands,
        access,
        reads=False,
        keeps_question=keeps_question,
        founds=founds,
        runs_again=runs_again,
    )


def reads(
    *commands: type[Command],
    access: Access = ANYONE,
    keeps_question: bool = False,
    founds: bool = False,
    passing: bool = False,
) -> Callable[[Handle], Handler]:
    """Declare what runs commands that only show something: PostgreSQL refuses whatever it tries to write."""
    return lambda handle: Handler(
        handle,
        commands,
        access,
        reads=True,
        keeps_question=keeps_question,
        founds=founds,
        passing=passing,
    )


def handlers_of(module: ModuleType) -> Mapping[type[Command], Handler]:
    """Return what a module of handlers declares, by command."""
    declared = [each for each in vars(module).values() if isinstance(each, Handler)]
    return {command: handler for handler in declared for command in handler.commands}


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A row of buttons in the menu, for an audience; `place` orders the rows of all capabilities."""

    place: int
    buttons: Callable[[Translator], list[Button]]
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class AdminButton:
    """A button of /admin; `place` orders those of all capabilities, two in a row unless one is wide."""

    place: int
    make: Callable[[Translator], Button]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A line of /help, for an audience."""

    text: Marked
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class HookContext:
    """What a hook is given: which message shows what, after which command, and what to act with."""

    envelope: Envelope
    reply: Reply
    message_id: int
    """The message that shows the reply's view, or is about to."""
    sessions: Sessions
    now: datetime
    environment: Environment

    @property
    def settings(self) -> WorkerSettings:
        """The process's settings."""
        return self.environment.settings


class Hook(Protocol):
    """What a capability does around every command, without the runner knowing why."""

    async def when_shown(self, context: HookContext) -> None:
        """Act when a message shows the reply's view, or is about to."""
        ...


class FollowUp(Protocol):
    """What a capability does after whatever a person asked for, where something calls for it."""

    def is_due(self, context: RequestContext) -> bool:
        """Tell from what was loaded for the command: it is asked after each one."""
        ...

    async def run(self, context: RequestContext) -> None:
        """Do it: in the command's own transaction, or in one after a command that changed nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Capability:
    """What is done about everything that a contract lets people ask."""

    contract: Contract
    handlers: Mapping[type[Command], Handler]
    home: Sequence[HomeRow] = ()
    admin: Sequence[AdminButton] = ()
    help: Sequence[HelpLine] = ()
    hooks: Sequence[Hook] = ()
    follow_ups: Sequence[FollowUp] = ()
    messages: Sequence[MessageType[Any]] = ()
    """What it has the outbox send."""
    retention: Sequence[Purge] = ()
    """Its rows that are removed once they are past their use."""
    outcomes: Sequence[str] = ()
    """What may come of its commands, for the metrics."""
