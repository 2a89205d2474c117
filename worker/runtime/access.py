"""Who may have a command run: declared with its handler, decided here from what the database says."""

from dataclasses import dataclass
from typing import Any, Protocol

from shared.contracts.base import Command
from shared.envelope import Origin
from worker.runtime import views
from worker.runtime.context import RequestContext
from worker.runtime.environment import OWNER
from worker.ui.reply import Reply


class Access(Protocol):
    """A rule about who may have a command run.

    What it has to load in order to decide, it hands to the handler: nothing is loaded twice.
    """

    @property
    def name(self) -> str:
        """The rule's name, for the walk over all commands."""
        ...

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[Any, ...]:
        """Return what the handler is given beside its command, or the refusal."""
        ...


def id_named(command: Command, field: str) -> int:
    """Return the id that a command names by a field; commands of several classes have it."""
    named: int = getattr(command, field)
    return named


@dataclass(frozen=True, slots=True)
class Anyone:
    """Everybody who uses the bot."""

    name: str = "anyone"

    async def admit(self, _context: RequestContext, _command: Command, /) -> tuple[()]:
        """Let everybody in."""
        return ()


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """Specialists, for their own calendar; admins and owners, for everyone's.

    Hands on whose calendar it is: a specialist's id, or None for everyone's.
    """

    name: str = "own calendar"

    async def admit(self, context: RequestContext, _command: Command, /) -> Reply | tuple[int | None]:
        """Let the staff in."""
        if context.is_admin:
            return (None,)
        return (
            Reply(views.staff_only(context.texts))
            if context.specialist_id is None
            else (context.specialist_id,)
        )


@dataclass(frozen=True, slots=True)
class Admins:
    """Admins and owners."""

    name: str = "admins"

    async def admit(self, context: RequestContext, _command: Command, /) -> Reply | tuple[()]:
        """Let admins and owners in."""
        return () if context.is_admin else Reply(views.admins_only(context.texts))


@dataclass(frozen=True, slots=True)
class Owners:
    """Owners."""

    name: str = "owners"

    async def admit(self, context: RequestContext, _command: Command, /) -> Reply | tuple[()]:
        """Let owners in."""
        return () if OWNER in context.roles else Reply(views.owners_only(context.texts))


@dataclass(frozen=True, slots=True)
class TimersOnly:
    """No person: a timer asks."""

    name: str = "timers"

    async def admit(self, context: RequestContext, _command: Command, /) -> Reply | tuple[()]:
        """Let timers in."""
        return () if context.envelope.origin is Origin.TIMER else Reply(views.nobodys(context.texts))


ANYONE, OWN_CALENDAR, ADMINS, TIMERS_ONLY = Anyone(), OwnCalendar(), Admins(), TimersOnly()
OWNERS = Owners()
