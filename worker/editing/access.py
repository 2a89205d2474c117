"""Who may change what of the business."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.base import Command
from worker.editing import views
from worker.runtime.access import ADMINS
from worker.runtime.context import RequestContext
from worker.runtime.environment import OWNER
from worker.ui.reply import Reply

OF_OWNERS: Final = frozenset({"roles"})
"""The parts of the business that only owners change: who else runs it."""


def may_change(context: RequestContext, section: str) -> bool:
    """Tell whether somebody who runs the business may change this part of it."""
    return section not in OF_OWNERS or OWNER in context.roles


@dataclass(frozen=True, slots=True)
class Editors:
    """Admins and owners; owners alone for who runs the business."""

    name: str = "editors"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[()]:
        """Let in who may change what the command names."""
        admitted = await ADMINS.admit(context, command)
        if isinstance(admitted, Reply) or may_change(context, getattr(command, "section", "")):
            return admitted
        return Reply(views.owners_only(context.texts))


EDITORS: Final = Editors()
