"""Whose time off somebody may say."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.absence import repository, views
from worker.absence.repository import SpecialistCalendar
from worker.absence.rules import ONE_DAY
from worker.runtime.access import OWN_CALENDAR, id_named
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@dataclass(frozen=True, slots=True)
class OneCalendar:
    """Specialists, for their own calendar whatever a button says; admins and owners, for anybody's.

    Hands on the calendar of the command's `specialist_id`.
    """

    name: str = "one calendar"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[SpecialistCalendar]:
        """Let the staff in."""
        admitted = await OWN_CALENDAR.admit(context, command)
        if isinstance(admitted, Reply):
            return admitted
        asked = id_named(command, "specialist_id")
        [own] = admitted
        since = context.today - ONE_DAY
        number = asked if own is None else own
        calendar = await repository.load_calendar(context.session, number, since)
        return Reply(views.nobody(context.texts)) if calendar is None else (calendar,)


ONE_CALENDAR = OneCalendar()
