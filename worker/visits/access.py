"""Who may change a visit: whose it is."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.gone.repository import was_lost
from worker.gone.views import gone_card
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import repository
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """The customer whose visit a command names, by `booking_id` or by what is `moving`.

    Hands on the visit, locked where the command changes it. A command that names none is let in with None.
    """

    lock: bool = False
    name: str = "own visit"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[Visit | None]:
        """Let the visit's customer in; a stranger learns nothing, not even that the visit is there."""
        booking_id = booking_of(command)
        if booking_id is None:
            return (None,)
        visit = await repository.load_own(context.session, booking_id, context.user.id, lock=self.lock)
        if visit is None:
            if await was_lost(context.session, booking_id):
                return Reply(gone_card(context.texts, booking_id))
            return Reply(toast=context.texts.text("You have no such visit."), alert=True)
        return (visit,)


def booking_of(command: Command) -> int | None:
    """Return which visit a command names; None where it names none."""
    named: int | None = getattr(command, "booking_id", None)
    moving = getattr(command, "moving", None)
    return named if moving is None else int(moving.booking_id)


OWN_VISIT, OWN_VISIT_LOCKED = OwnVisit(), OwnVisit(lock=True)
