"""Who has joined a booking together, and who began it."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.runtime.access import id_named
from worker.runtime.context import RequestContext
from worker.together import repository
from worker.together.repository import GatheringData
from worker.ui.reply import Reply


@dataclass(frozen=True, slots=True)
class OwnGathering:
    """Those who have joined the booking together that a command names by `gathering_id`.

    Or its organizer alone. Hands it on, locked.
    """

    organizer: bool = False
    name: str = "own gathering"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[GatheringData]:
        """Let them in; a stranger learns nothing, not even that it is there."""
        gathering_id = id_named(command, "gathering_id")
        found = await repository.load_gathering(context.session, gathering_id, lock=True)
        if found is None or found.of(context.user.id) is None:
            return _not_joined(context)
        if self.organizer and found.organizer_id != context.user.id:
            return _not_joined(context)
        return (found,)


def _not_joined(context: RequestContext) -> Reply:
    words = context.texts.text("This booking together is not yours, or you have left it.")
    return Reply(toast=words, alert=True)


JOINED, ORGANIZER = OwnGathering(), OwnGathering(organizer=True)
