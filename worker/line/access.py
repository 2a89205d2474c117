"""Who may see somebody in line, and choose: in whose calendar the time would be."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.base import Command
from worker.line.repository import may_fulfil
from worker.offers import repository as offers
from worker.offers.repository import StaffChoice
from worker.runtime.access import OWN_CALENDAR, id_named
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.wishes.repository import Wish, load_wish


@dataclass(frozen=True, slots=True)
class WaitingHere:
    """The specialists in whose calendars the wish may come true that a command names, and admins and owners.

    A time that the command names has to be in the calendar, too. Hands on the wish, and whose calendar it
    is: a specialist's id, or None for everyone's.
    """

    name: str = "waiting here"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[Wish, int | None]:
        """Let the staff in; who may not see the wish does not learn that it is there."""
        admitted = await OWN_CALENDAR.admit(context, command)
        if isinstance(admitted, Reply):
            return admitted
        [whose] = admitted
        entry_id = id_named(command, "entry_id")
        wish = await load_wish(context.session, entry_id, context.now)
        if wish is None or not await _is_of(context, wish, whose):
            return Reply(toast=context.texts.text("Nobody waits for that in your calendar."), alert=True)
        if whose is not None and getattr(command, "specialist_id", whose) != whose:
            return Reply(toast=context.texts.text("You can offer times of your own calendar."), alert=True)
        return wish, whose


async def _is_of(context: RequestContext, wish: Wish, whose: int | None) -> bool:
    if whose is None or wish.specialist_id == whose:
        return True
    return await may_fulfil(context.session, whose, wish)


@dataclass(frozen=True, slots=True)
class AskedToChoose:
    """The specialist whose freed time a command names by `choice_id`, and admins and owners.

    Hands on what they are asked.
    """

    name: str = "asked to choose"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[StaffChoice]:
        """Let the staff in while nobody has chosen."""
        admitted = await OWN_CALENDAR.admit(context, command)
        if isinstance(admitted, Reply):
            return admitted
        [whose] = admitted
        choice_id = id_named(command, "choice_id")
        choice = await offers.load_choice(context.session, choice_id)
        if choice is None or whose not in {None, choice.specialist_id}:
            return Reply(toast=context.texts.text("This is settled already."), alert=True)
        return (choice,)


WAITING_HERE: Final = WaitingHere()
ASKED_TO_CHOOSE: Final = AskedToChoose()
