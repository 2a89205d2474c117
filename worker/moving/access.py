"""Who may move a visit."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.agenda.access import sees
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import repository
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED, booking_of
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class MovableVisit:
    """The customer whose visit a command names, by `booking_id` or by what is `moving`, and its calendar's.

    Hands on the visit, locked where the command changes it. A command that names none is let in with None.
    """

    lock: bool = False
    name: str = "own visit or one of the calendar"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[Visit | None]:
        """Let them in; a stranger learns nothing, not even that the visit is there."""
        booking_id = booking_of(command)
        if booking_id is not None and (context.is_admin or context.specialist_id is not None):
            visit = await repository.load(context.session, booking_id, lock=self.lock)
            if visit is not None and sees(context, visit):
                return (visit,)
        return await (OWN_VISIT_LOCKED if self.lock else OWN_VISIT).admit(context, command)


MOVABLE_VISIT, MOVABLE_VISIT_LOCKED = MovableVisit(), MovableVisit(lock=True)
