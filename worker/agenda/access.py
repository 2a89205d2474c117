"""Who may see and change a visit as staff: whose calendar it is in."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.gone.repository import was_lost
from worker.runtime.access import id_named
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import repository
from worker.visits.repository import Visit


def sees(context: RequestContext, visit: Visit) -> bool:
    """Tell whether some of a visit is in the person's calendar: everyone's is, for admins and owners."""
    doers = {visit.specialist_id, *(each.specialist_id for each in visit.parts)}
    return context.is_admin or context.specialist_id in doers


@dataclass(frozen=True, slots=True)
class CalendarVisit:
    """The specialist in whose calendar a visit is, and admins and owners for everyone's.

    Hands on the visit, locked where the command changes it.
    """

    lock: bool = False
    name: str = "visit of the calendar"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[Visit]:
        """Let them in; everybody else learns nothing, not even that the visit is there."""
        booking_id = id_named(command, "booking_id")
        visit = None
        if context.is_admin or context.specialist_id is not None:
            visit = await repository.load(context.session, booking_id, lock=self.lock)
        if visit is None or not sees(context, visit):
            if await was_lost(context.session, booking_id):
                lost = context.texts.text("Data was restored, and this visit was lost. It is not booked.")
                return Reply(toast=lost, alert=True)
            return Reply(toast=context.texts.text("You have no such visit."), alert=True)
        return (visit,)


CALENDAR_VISIT, CALENDAR_VISIT_LOCKED = CalendarVisit(), CalendarVisit(lock=True)
