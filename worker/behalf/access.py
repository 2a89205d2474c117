"""Who may book for somebody else."""

from dataclasses import dataclass
from typing import Any

from shared.contracts.base import Audience, Command
from shared.contracts.booking import AddedServices
from worker.behalf.repository import services_of
from worker.moving.access import MOVABLE_VISIT
from worker.runtime import views
from worker.runtime.access import ANYONE, Access
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """Specialists, for their own calendar, and admins, for everyone's, where a `customer` is named.

    Where a command names none: whoever else may.
    """

    otherwise: Access
    always: bool = False
    """Whether commands always name one."""

    @property
    def name(self) -> str:
        """The rule's name: that of the rule for those who book for themselves, where anybody can."""
        return "on behalf" if self.always else self.otherwise.name

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[Any, ...]:
        """Let them in."""
        if getattr(command, "customer", None) is not None:
            if context.audience is Audience.EVERYONE:
                return Reply(views.staff_only(context.texts))
            if not context.is_admin and getattr(command, "specialist_id", None) != context.specialist_id:
                return _own_only(context)
            added: AddedServices | None = getattr(command, "added", None)
            if not context.is_admin and added is not None and not await _does(context, added):
                return _own_only(context)
        return await self.otherwise.admit(context, command)


async def _does(context: RequestContext, added: AddedServices) -> bool:
    """Tell whether a specialist does all that they add: nobody puts a part into somebody else's calendar."""
    done = await services_of(context.session, context.specialist_id)
    return done.issuperset(added.ids)


def _own_only(context: RequestContext) -> Reply:
    own = context.texts.text("You can add visits to your own calendar only.")
    return Reply(toast=own, alert=True)


FOR_ANYBODY, FOR_ANYBODY_OR_MOVED = OnBehalf(ANYONE), OnBehalf(MOVABLE_VISIT)
FOR_SOMEBODY = OnBehalf(ANYONE, always=True)
